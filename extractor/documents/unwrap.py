"""The narrative as its authors wrote it: paragraphs without the page's line breaks and letter spacing.

Every character of the unwrapped text is a character of the loaded text (no character is made up but the
"\n" between paragraphs), and the offset map leads from either text to the other.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.documents.headings import reads_as_heading
from extractor.documents.lines import Line
from extractor.documents.numbering import Marker, marker_of
from extractor.documents.regions import Region, RegionKind

_SPACES = re.compile(r"\s+")
_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")
_ENDS_SENTENCE = re.compile(r"[。！？；;][”’）)]?$")
_ENDS_OPEN = re.compile(r"[，、：,（(“《]$")
_STARTS_CONTINUED = re.compile(r"^(?:万元|亿元|元|%|％|[，。；、：）)”》]|个|年|月|日)")
_PUNCTUATED = re.compile(r"[，。；：]")
_ENDS_INSIDE_PHRASE = re.compile(r"[，、,（(“《]$")

FULL_LINE = 0.86
"""A line at least this wide, measured by the widest lines around it, was broken by the layout.

Lines end early where the next character may not start a line or a word does not fit; more than a seventh of
a line is left blank only where a paragraph ends."""

WINDOW = 40
"""How many narrative lines before and after tell how wide the column is."""


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
    """Join the narrative's lines into paragraphs."""
    builder = _Builder()
    for region in regions:
        if region.kind is RegionKind.NARRATIVE:
            narrative = lines[region.start : region.end]
            columns = _column_widths(narrative)
            for index, line in enumerate(narrative):
                after = narrative[index + 1] if index + 1 < len(narrative) else None
                builder.add(line)
                if after is None or _breaks(line, after, columns[index]):
                    builder.end_paragraph()
        else:
            builder.end_paragraph()
    return builder.finish()


def _column_widths(lines: Sequence[Line]) -> list[int]:
    """For every line the width of its column: a high quantile of the widths around it."""
    widths = [line.width + line.indent for line in lines]
    columns = []
    for index in range(len(lines)):
        around = sorted(widths[max(0, index - WINDOW) : index + WINDOW + 1])
        columns.append(around[int(0.9 * (len(around) - 1))])
    return columns


def _breaks(line: Line, after: Line, column: int) -> bool:
    """Does a paragraph end between two consecutive lines?"""
    full = line.width + line.indent >= FULL_LINE * column
    marker = marker_of(after.text)
    if _STARTS_CONTINUED.match(after.text) and not _ENDS_SENTENCE.search(line.text):
        return False
    if reads_as_heading(line.text):
        return True
    if marker is not None and _believable(marker, line, full):
        return True
    if _ENDS_SENTENCE.search(line.text):
        return not full or after.indent >= 4 > line.indent
    if full or _ENDS_OPEN.search(line.text):
        return after.indent >= 4 > line.indent and marker_of(line.text) is not None and not _ENDS_OPEN.search(line.text)
    # a short line without an end: a heading of its own, unless it reads as the rest of a sentence
    return not (_PUNCTUATED.search(line.text) and marker_of(line.text) is None)


def _believable(marker: Marker, line: Line, full: bool) -> bool:
    """Is the numbering at the start of the next line really a new paragraph's?

    A figure that happens to stand at a line's start (`2.` of `2.3万元` is excluded by the marker itself)
    follows an open sentence on a full line.
    """
    if _ENDS_INSIDE_PHRASE.search(line.text):
        return False
    return not full or bool(re.search(r"[。；：;:]$", line.text)) or marker.level <= 3


class _Builder:
    """Collects kept characters with their offsets."""

    def __init__(self) -> None:
        self._characters: list[str] = []
        self._offsets = array("l")
        self._paragraphs: list[Paragraph] = []
        self._start = 0
        self._indent = 0
        self._page: int | None = None

    def add(self, line: Line) -> None:
        """Append a line's characters, without the white space that only lays out."""
        if len(self._characters) == self._start:
            self._indent, self._page = line.indent, line.page
        text = line.text
        position = 0
        while position < len(text):
            space = _SPACES.match(text, position)
            if space is None:
                self._keep(text[position], line.start + position)
                position += 1
                continue
            if _LATIN_OR_DIGIT.match(text[position - 1]) and _LATIN_OR_DIGIT.match(text[space.end()]):
                self._keep(" ", line.start + position)
            position = space.end()

    def _keep(self, character: str, offset: int) -> None:
        self._characters.append(character)
        self._offsets.append(offset)

    def end_paragraph(self) -> None:
        """Close the paragraph under way, if it holds anything."""
        end = len(self._characters)
        if end > self._start:
            self._paragraphs.append(Paragraph(self._start, end, self._indent, self._page))
            self._keep("\n", self._offsets[-1] + 1)
            self._start = end + 1

    def finish(self) -> Unwrapped:
        """The finished text."""
        self.end_paragraph()
        return Unwrapped("".join(self._characters), tuple(self._paragraphs), self._offsets)
