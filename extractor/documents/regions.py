"""Which lines are narrative, which belong to tables, and which to the table of contents.

Tables printed as text are found by their caption, unit note and rows, and end where the narrative resumes:
at a heading, or at running prose after the table's note. Tables known from the file's structure are taken
as they are.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby

from extractor.documents.lines import Line
from extractor.documents.loaded import LoadedDocument


class RegionKind(Enum):
    """What a run of lines is."""

    NARRATIVE = "narrative"
    TABLE = "table"
    CONTENTS = "contents"
    OUTLINE = "outline"  # a PDF's bookmarks as text exports append them


@dataclass(frozen=True)
class Region:
    """A run of lines of one kind: indices into the line list, end exclusive."""

    kind: RegionKind
    start: int
    end: int


_CONTENTS_TITLE = re.compile(r"目\s*录")
_PAGE_AT_END = re.compile(r"[-—]?\s*\d{1,3}\s*[-—]?$|\\h\s*\d+$")
_LEADERS = ".．。…·—_-"
_MARKER = re.compile(
    r"(?:[-·•]\s*)?(?:第[一二三四五六七八九十百零\d]+(?:部分|章|节)|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十]+[)）]|附\s*件|附\s*表|\d+[.、．])"
)
_SENTENCE = re.compile(r"[。；]")
_PUBLICATION = re.compile(r"(?:公开|发布|公布)(?:时间|日期)|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_PROSE_PUNCTUATION = re.compile(r"[。，；]")
_CAPTION = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*)?(?:(?:预算|决算|公开|附|表)\s*\d+\s*表?[-:：、.．]?\s*)?"
    r"[^。，；：,;]{2,60}表(?:\s*[（(][^（）()]{1,20}[)）]){0,3}$"
)
_UNIT_NOTE = re.compile(r"(?:金额)?单位\s*[:：]\s*(?:人民币)?\s*(?:万元|元|亿元|千元)|单位\s*[:：]\s*$")
_NOT_OFFICIAL = re.compile(r"评价结论|得分|评分|打分")
_POINTS = re.compile(r"^(?=.*(?:得分|分值))(?!.*(?:指标值|预算数|执行数|金额))")
_FIGURE_IN_PROSE = re.compile(r"\d\s*(?:万元|亿元|元|%|％)")
_NUMBER_CELL = re.compile(r"(?:^|\s)[-－]?\d[\d,]*(?:\.\d+)?%?(?=\s|$)")
_SIGNATURE = re.compile(r"(?:20\d\d|二[〇○零]\S\S)\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日")
_TABLE_NOTE = re.compile(r"^(?:注|备注|说明)\s*\d?\s*[:：.]")
_ENDS_NOTE = re.compile(r"[。；;：:]$")
_LABEL = re.compile(r"^(?:(?:预算|决算|公开|附)?\s*表?\s*\d{1,2}(?:-\d)?\s*表?|附\s*[表件]\s*\d*(?:-\d)?)\s*[:：]?$")
_UNDER_CAPTION = re.compile(
    r"^(?:[（(]?\s*20\d\d\s*年?度?\s*[)）]?|(?:编制|填报|公开|预算)?(?:部门|单位|项目|部门[（(]单位[)）])(?:名称)?\s*(?:[（(]公章[)）])?\s*[:：][^。；]{0,40}"
    r"|[（(]?续[表)）]?)$"
)
_NARRATIVE_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+\s*[、．.]|[（(][一二三四五六七八九十]+[)）]|附\s*件\s*\d*)\s*.{0,45}?"
    r"(?:情况|说明|概况|解释|绩效|附件|报告|职责|职能|机构|经费|采购|资产|关于|名词|总体|构成|任务|目标|设置|决算)"
)
EXPLANATION = re.compile(r"关于[^。；，：]{2,50}的?(?:情况)?说明")
"""A title without a number that heads what is said of a table (关于收支总表的说明)."""
_ROW_TAIL = re.compile(r"\s[-－]?\d[\d,]*(?:\.\d+)?%?$")
_INDICATOR_HEAD = re.compile(r"一级\s*指标\s.*三级\s*指标(?!.*(?:分值|得分))")
_INDICATOR_ROW = re.compile(r"\s(?:[≥≤＝=＞＜<>]|>=|<=|定性|定量)\s+\S+\s")
_CJK = re.compile(r"[\u4e00-\u9fff]")

PROSE_LENGTH = 20
"""A line of at least this many characters with sentence punctuation reads as prose."""

LARGEST_REPORT = 15
"""A table of points inside a report has at most this many rows; a whole scheme of indicators has more."""

NOTES_REACH = 12
"""The notes under a table take at most this many lines."""

CAPTION_REACH = 6
"""A caption counts when a unit note, a header row or number cells follow within this many lines."""


def regions_of(document: LoadedDocument, lines: Sequence[Line]) -> list[Region]:
    """The lines of a document cut into runs of narrative, tables and contents, in order, gap-free."""
    kinds = [RegionKind.NARRATIVE] * len(lines)
    _mark_contents(document, lines, kinds)
    _mark_structured_tables(document, lines, kinds)
    if not document.all_tables_known:
        _mark_printed_tables(lines, kinds)
    return _runs(kinds)


def _runs(kinds: Sequence[RegionKind]) -> list[Region]:
    regions: list[Region] = []
    start = 0
    for kind, run in groupby(kinds):
        end = start + len(list(run))
        regions.append(Region(kind, start, end))
        start = end
    return regions


def _mark_contents(document: LoadedDocument, lines: Sequence[Line], kinds: list[RegionKind]) -> None:
    """The table of contents: from its title on, lines that are titles; elsewhere, lines with dot leaders."""
    for index, line in enumerate(lines):
        if _MARKER.match(line.text) and without_leader(line.text) != line.text:
            kinds[index] = RegionKind.CONTENTS
    _mark_outline(document, lines, kinds)
    for index, line in enumerate(lines[:200]):
        if _CONTENTS_TITLE.fullmatch(line.text):
            kinds[index] = RegionKind.CONTENTS
            _follow_contents(lines, kinds, index + 1)
            return


def _follow_contents(lines: Sequence[Line], kinds: list[RegionKind], start: int) -> None:
    """Mark title-like lines after 目录 until the first promised title comes again (then the body starts)."""
    promised: set[str] = set()
    for index in range(start, min(len(lines), start + 150)):
        text = lines[index].text
        if _SENTENCE.search(text) or len(text) > 60:
            return
        title = _title_key(text)
        if title in promised and _starts_body(text):
            return
        if not _PUBLICATION.search(text):
            promised.add(title)
            kinds[index] = RegionKind.CONTENTS


def _mark_outline(document: LoadedDocument, lines: Sequence[Line], kinds: list[RegionKind]) -> None:
    """A PDF's bookmarks, which text exports put at the end, one a line behind a tab: titles once more."""
    for index in range(len(lines) - 1, -1, -1):
        start = lines[index].start
        indented = document.text.startswith("\t", document.text.rfind("\n", 0, start) + 1)
        if not indented or "\t" in lines[index].text:  # tabs inside a line part the cells of a table
            break
        kinds[index] = RegionKind.OUTLINE


def without_leader(text: str) -> str:
    """A line of a table of contents without its dot leader and page number; any other line as it is.

    Works from the end, so that a long line of dots takes no longer than it is."""
    if "\u4e00" <= text[-1:] <= "\u9fff":  # as most lines of a table do
        return text
    field = text.find("PAGEREF")
    if field >= 0:
        return text[:field].rstrip()
    page = _PAGE_AT_END.search(text, max(0, len(text) - 16))
    title = text[: page.start()] if page else text
    bare = title.rstrip(_LEADERS + " \t\u3000\xa0")
    dots = sum(1 for character in title[len(bare) :] if character in _LEADERS)
    return bare if dots >= 3 or (page is not None and page.group().startswith("\\h")) else text


def _title_key(text: str) -> str:
    return re.sub(r"[\s.．…·_-]+\d*$|\s", "", without_leader(text))


def _starts_body(text: str) -> bool:
    return bool(_MARKER.match(text)) and without_leader(text) == text


def _mark_structured_tables(document: LoadedDocument, lines: Sequence[Line], kinds: list[RegionKind]) -> None:
    """Lines inside tables that the file itself marks as such, with the title above and the notes below them.

    A small table of points inside a report is part of the narrative, as it is where a text export prints it.
    """
    starts = [line.start for line in lines]
    for table in document.tables:
        first, last = bisect_left(starts, table.start), bisect_left(starts, table.end)
        if last > first and not _reports_points(lines, first, last):
            above, below = _title_start(lines, kinds, first), _notes_end(lines, kinds, last)
            kinds[above:below] = [RegionKind.TABLE] * (below - above)


def _reports_points(lines: Sequence[Line], first: int, last: int) -> bool:
    """True for a table of points that no official caption heads: 评价内容 分值 得分."""
    if first and _NOT_OFFICIAL.search(lines[first - 1].text):
        return True
    captioned = any(is_caption(line.text) for line in lines[max(0, first - 3) : first])
    return not captioned and last - first <= LARGEST_REPORT and bool(_POINTS.search(lines[first].text))


def _title_start(lines: Sequence[Line], kinds: Sequence[RegionKind], first: int) -> int:
    """Where the title of a table begins: its caption with the table's number, and the notes of unit, body and year
    between the caption and the table."""
    start = first
    for index in range(first - 1, max(-1, first - 1 - CAPTION_REACH), -1):
        text = lines[index].text
        if kinds[index] is not RegionKind.NARRATIVE:
            break
        if is_caption(text):
            labelled = index > 0 and kinds[index - 1] is RegionKind.NARRATIVE and _LABEL.match(lines[index - 1].text)
            return index - 1 if labelled else index
        if _UNIT_NOTE.search(text) and len(text) < 60 and not _SENTENCE.search(text):
            start = index
        elif not _UNDER_CAPTION.match(text):
            break
    return start


def _notes_end(lines: Sequence[Line], kinds: Sequence[RegionKind], last: int) -> int:
    """The first line behind the notes under a table (注：…, and what says why the table is empty)."""
    end = last
    noted = False
    for index in range(last, min(len(lines), last + NOTES_REACH)):
        text = lines[index].text
        if kinds[index] is not RegionKind.NARRATIVE or _NARRATIVE_HEADING.match(text):
            break
        if _TABLE_NOTE.match(text) or (noted and _speaks_of_table(text)):
            end, noted = index + 1, True
        elif noted and end == index and not _ENDS_NOTE.search(lines[index - 1].text):
            end = index + 1  # the rest of a note that takes two lines
        elif not noted or is_caption(text) or _is_prose(text):
            break
    return end


def _mark_printed_tables(lines: Sequence[Line], kinds: list[RegionKind]) -> None:
    index = 0
    while index < len(lines):
        if kinds[index] is RegionKind.NARRATIVE and _opens_table(lines, index):
            end = _table_end(lines, kinds, index)
            for inside in range(index, end):
                kinds[inside] = RegionKind.TABLE
            index = end
        else:
            index += 1


def _opens_table(lines: Sequence[Line], index: int) -> bool:
    """A caption with a unit note, header or rows behind it, or a unit note with rows right behind it."""
    text = lines[index].text
    following = lines[index + 1 : index + 1 + CAPTION_REACH]
    if is_caption(text):
        for line in following:
            if _UNIT_NOTE.search(line.text) or is_row(line.text) or _INDICATOR_HEAD.search(line.text):
                return True
            named = is_caption(line.text) and not _LABEL.match(line.text)
            if _is_prose(line.text) or named or _NARRATIVE_HEADING.match(line.text):
                return False
        return False
    if _UNIT_NOTE.search(text) and not _SENTENCE.search(text) and len(text) < 60:
        return sum(1 for line in following if is_row(line.text)) >= 2
    return False


def is_caption(text: str) -> bool:
    """True for a line that reads as the title of a table."""
    if "表" not in text:  # as in most lines
        return False
    return bool(_CAPTION.match(text)) and not _NARRATIVE_HEADING.match(text) and not _NOT_OFFICIAL.search(text)


def _table_end(lines: Sequence[Line], kinds: Sequence[RegionKind], start: int) -> int:
    """The first line behind a printed table and the tables that follow it.

    The narrative resumes at a heading, at prose behind the table's note, or at prose that states figures
    with their units (cells print them without).
    """
    noted = False
    for index in range(start + 1, len(lines)):
        text = lines[index].text
        if kinds[index] is not RegionKind.NARRATIVE or _resumes_narrative(lines, index):
            return index
        if is_caption(text):
            noted = False
        elif _TABLE_NOTE.match(text):
            noted = True
        elif _is_prose(text) and not _speaks_of_table(text) and (noted or _FIGURE_IN_PROSE.search(text)):
            return index
    return len(lines)


def _resumes_narrative(lines: Sequence[Line], index: int) -> bool:
    text = lines[index].text
    if _SIGNATURE.fullmatch(text) or EXPLANATION.fullmatch(text):
        return True
    if not _NARRATIVE_HEADING.match(text) or _ROW_TAIL.search(text) or _CAPTION.match(text):
        return False
    following = lines[index + 1 : index + 4]
    return not any(is_row(line.text) for line in following[:2])


def _speaks_of_table(text: str) -> bool:
    return "本表" in text or "无数据" in text or "空表" in text


def _is_prose(text: str) -> bool:
    reads_so = len(text) >= PROSE_LENGTH and bool(_PROSE_PUNCTUATION.search(text))
    return reads_so and not is_row(text) and not _INDICATOR_ROW.search(text)


@lru_cache(maxsize=4096)  # regions and tables ask two to four times for each line
def is_row(text: str) -> bool:
    """True for a line that reads as a table row: figures without units set off by spaces, no sentence."""
    if "，" in text or _SENTENCE.search(text):
        return False
    cells = _NUMBER_CELL.findall(text)
    if len(cells) >= 2:
        return True
    return len(cells) == 1 and bool(re.search(r"\.\d|,\d{3}", cells[0])) and bool(_CJK.search(text))
