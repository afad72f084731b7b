"""The narrative as its authors wrote it: paragraphs without the page's line breaks and letter spacing.

Every character of the unwrapped text is a character of the loaded text (none is made up but the "\n" between
paragraphs; white space between words is one space), and the offset map leads from either text to the other.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from extractor.documents.headings import NUMBERED_PROJECT, REPORT_TITLE, ends_as_title, reads_as_heading
from extractor.documents.lines import Line
from extractor.documents.numbering import Marker, marker_of
from extractor.documents.regions import Region, RegionKind

_SPACES = re.compile(r"\s+")
_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")
_LIST_NUMBER = re.compile(r"\d{1,3}\.")
_ENDS_SENTENCE = re.compile(r"[。！？；;][”’）)]?$")
_ENDS_OPEN = re.compile(r"[，、：,（(“《=＝≥≤]$")
_STARTS_CONTINUED = re.compile(r"^(?:万元|亿元|元|%|％|[，。；、：）)”》]|个|年|月|日)")
_STARTS_WORD = re.compile(r"年[初末度中底终均]|个[人体别]|月[均末底]|日常")
_DAY = re.compile(r"(?:20\d\d|二[〇○零Oo０0]\S\S)\s*年\s*\S{1,2}\s*月\s*\S{1,3}\s*日")
_LABELLED = re.compile(r"[^，。；：:]{2,14}[：:][^，。；：:]{0,30}$")
_FORM = re.compile(
    r"(?:项目名称|(?:项目)?(?:设立|立项)的?(?:政策)?依据|预算安排规模|项目承担单位|(?:项目)?实施主体|资金分配情况|资金执行时间|项目概述|(?:项目)?实施(?:方案|周期)|年度预算安排)\s*[：:]"
)
"""The fields of the form in which some regions publish each project, a line each, however long."""
_PUNCTUATED = re.compile(r"[，。；：]")
_TITLE_OF_REPORT = re.compile(rf"[^，。；：]+(?:{REPORT_TITLE})")
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("(", ")"))
_ENDS_INSIDE_PHRASE = re.compile(r"[，、,（(“《]$")

FULL_LINE = 0.86
"""A line at least this wide, measured by the widest lines around it, was broken by the layout.

Lines end early where the next character may not start a line or a word does not fit; more than a seventh of
a line is left blank only where a paragraph ends."""

STRIDE = 20
WINDOW = 30
"""The layout is judged for so many lines at a time, with so many lines on either side."""

LONGEST_PRINTED = 200
"""No page prints longer lines (in half-width columns; 156 fit on A4 landscape in small type): where there are
longer ones, a line is a whole paragraph."""

LONGEST_COVER_LINE = 30
"""Lines of a title page are shorter (in characters)."""

FIRST_LINE_INDENT = range(3, 7)
"""The indent of first lines, in half-width columns: two Chinese characters, or what scanning made of them."""

INDENTED_SHARE = 0.12
"""First lines are indented where this share of the lines is, and as many are not."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: its stretch of the unwrapped text, and the first printed line it comes from."""

    start: int
    end: int
    indent: int = 0
    page: int | None = None


@dataclass(frozen=True)
class Unwrapped:
    """The unwrapped narrative and its map to the loaded text."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    _offsets: "array[int]" = field(repr=False)

    def source(self, index: int) -> int:
        """Offset in the loaded text of the character at `index` of the unwrapped text."""
        return self._offsets[index]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the loaded text that a non-empty stretch of the unwrapped text comes from."""
        return self._offsets[start], self._offsets[end - 1] + 1

    def index(self, offset: int) -> int | None:
        """Where the character at `offset` of the loaded text stands here; None where it was dropped."""
        at = bisect_left(self._offsets, offset)
        if at < len(self._offsets) and self._offsets[at] == offset and self.text[at] != "\n":
            return at
        return None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of this text that comes from a stretch of the loaded text (empty if none does)."""
        return bisect_left(self._offsets, start), bisect_left(self._offsets, end)

    def paragraph_at(self, index: int) -> int:
        """The number of the paragraph that holds a character of the unwrapped text."""
        return bisect_right(self.paragraphs, index, key=lambda paragraph: paragraph.start) - 1


def unwrap(lines: Sequence[Line], regions: Sequence[Region]) -> Unwrapped:
    """Join the narrative's lines into paragraphs. No paragraph runs over a table or the table of contents."""
    builder = _Builder()
    runs = [lines[region.start : region.end] for region in regions if region.kind is RegionKind.NARRATIVE]
    layouts = _layouts([line for run in runs for line in run])
    number = 0
    for run in runs:
        cover = number == 0
        for line, after in zip_longest(run, run[1:]):
            builder.add(line)
            cover = cover and after is not None and _goes_on_as_cover(line, after)
            titled = number == 0 and _TITLE_OF_REPORT.fullmatch(line.text)
            if after is None or titled or not (cover or not _breaks(line, after, layouts[number // STRIDE])):
                builder.end_paragraph()
            number += 1
    return builder.finish()


_OPENS_PROJECT = re.compile(rf"{NUMBERED_PROJECT.pattern}$|项目[一二三四五六七八九十\d]{{1,2}}[：:]")
"""项目二  公交补贴 on a line of its own, 项目二：零工市场建设，总投资400万元，…"""


@dataclass(frozen=True)
class _Layout:
    """How a stretch of lines is set: the width of its column (0 where each paragraph takes one line, however
    long), and whether first lines of paragraphs are indented."""

    column: float
    indents: bool

    def fills(self, line: Line) -> bool:
        """Does a line reach the end of the column, so that the layout may have broken it?"""
        return self.column > 0 and line.width + line.indent >= FULL_LINE * self.column


def _layouts(lines: Sequence[Line]) -> list[_Layout]:
    """The layout of every stretch of `STRIDE` lines, judged with `WINDOW` lines on either side."""
    return [_layout(lines[max(0, start - WINDOW) : start + STRIDE + WINDOW]) for start in range(0, len(lines), STRIDE)]


def _layout(lines: Sequence[Line]) -> _Layout:
    widths = sorted(line.width + line.indent for line in lines)
    column = widths[int(0.9 * (len(widths) - 1))]
    indented = sum(1 for line in lines if line.indent in FIRST_LINE_INDENT)
    flush = sum(1 for line in lines if line.indent < FIRST_LINE_INDENT.start)
    share = INDENTED_SHARE * len(lines)
    return _Layout(0 if widths[-1] > LONGEST_PRINTED else column, indented >= share and flush >= share)


def _goes_on_as_cover(line: Line, after: Line) -> bool:
    """Is the second line of the document the rest of its title? (…局 / 2024年度 / 部门决算)"""
    texts = (line.text, after.text)
    return not any(
        len(text) > LONGEST_COVER_LINE or _PUNCTUATED.search(text) or marker_of(text) or _DAY.fullmatch(text)
        for text in texts
    ) and not re.search(r"[预决]\s*算", line.text)


def _breaks(line: Line, after: Line, layout: _Layout) -> bool:
    """Does a paragraph end between two consecutive lines?"""
    full = layout.fills(line)
    marker = marker_of(after.text)
    goes_on = _goes_on_as_title(line, after, marker, full) or _leaves_open(line.text, after.text)
    if _DAY.fullmatch(after.text):
        return not _ENDS_OPEN.search(line.text)
    if (_LABELLED.match(line.text) and _LABELLED.match(after.text)) or _FORM.match(after.text):
        return True
    if layout.indents and after.indent in FIRST_LINE_INDENT:
        return not goes_on
    word = _STARTS_WORD.match(after.text) and (not full or ends_as_title(line.text))  # 年初预算为…
    continued = _STARTS_CONTINUED.match(after.text) and not word
    if continued and not _ENDS_SENTENCE.search(line.text):
        return False
    if goes_on:
        return False
    if reads_as_heading(line.text):
        return not (full and layout.indents and line.indent in FIRST_LINE_INDENT and not after.indent)
    if marker is not None and _believable(marker, line, full):
        return True
    if _ENDS_SENTENCE.search(line.text):
        return not full or after.indent >= 4 > line.indent or bool(_OPENS_PROJECT.match(after.text))
    if full or _ENDS_OPEN.search(line.text):
        return after.indent >= 4 > line.indent and marker_of(line.text) is not None and not _ENDS_OPEN.search(line.text)
    # a short line without an end: a heading of its own, unless it reads as the rest of a sentence
    return not (_PUNCTUATED.search(line.text) and marker_of(line.text) is None)


def _leaves_open(text: str, after: str) -> bool:
    """Is a quotation or a bracket of the first line closed by the second? (“…（款）行政 / 运行（项）”)"""
    for opening, closing in _PAIRS:
        if text.rfind(opening) > text.rfind(closing):
            end = after.find(closing)
            if end >= 0 and opening not in after[:end]:
                return True
    return False


def _goes_on_as_title(line: Line, after: Line, marker: Marker | None, full: bool) -> bool:
    """Is the second line the rest of the heading on the first? (第三部分 …决算情况 / 说明, centred or not)"""
    if marker is not None or marker_of(line.text) is None or _PUNCTUATED.search(after.text):
        return False
    if len(after.text) > 2 and not (full and (len(after.text) <= 4 or after.indent > line.indent)):
        return False
    return reads_as_heading(line.text + after.text) and ends_as_title(line.text + after.text)


def _believable(marker: Marker, line: Line, full: bool) -> bool:
    """Is the numbering at the start of the next line really a new paragraph's?

    A figure that happens to stand at a line's start (`2.` of `2.3万元` is excluded by the marker itself)
    follows an open sentence on a full line.
    """
    if _ENDS_INSIDE_PHRASE.search(line.text):
        return False
    return not full or bool(re.search(r"[。；：;:]$", line.text)) or marker.level <= 3


class _Builder:
    """Collects kept text with the offset of every character."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._offsets: list[int] = []
        self._paragraphs: list[Paragraph] = []
        self._start = 0
        self._indent = 0
        self._page: int | None = None

    def add(self, line: Line) -> None:
        """Append a line's characters, without the white space that only lays out."""
        if len(self._offsets) == self._start:
            self._indent, self._page = line.indent, line.page
        text = line.text
        position = 0
        for space in _SPACES.finditer(text):  # a line neither begins nor ends with white space
            self._keep_all(text[position : space.start()], line.start + position)
            before, behind = text[space.start() - 1], text[space.end()]
            numbered = _LIST_NUMBER.fullmatch(text, 0, space.start()) and behind.isdecimal()  # 1. 5个科室 is not 1.5个
            if numbered or (_LATIN_OR_DIGIT.match(before) and _LATIN_OR_DIGIT.match(behind)):
                self._keep(" ", line.start + space.start())
            position = space.end()
        self._keep_all(text[position:], line.start + position)

    def _keep_all(self, text: str, offset: int) -> None:
        self._pieces.append(text)
        self._offsets.extend(range(offset, offset + len(text)))

    def _keep(self, character: str, offset: int) -> None:
        self._pieces.append(character)
        self._offsets.append(offset)

    def end_paragraph(self) -> None:
        """Close the paragraph under way, if it holds anything."""
        end = len(self._offsets)
        if end > self._start:
            self._paragraphs.append(Paragraph(self._start, end, self._indent, self._page))
            self._keep("\n", self._offsets[-1] + 1)
            self._start = end + 1

    def finish(self) -> Unwrapped:
        """The finished text."""
        self.end_paragraph()
        return Unwrapped("".join(self._pieces), tuple(self._paragraphs), array("l", self._offsets))
