"""Cut the lines of a table region into tables: caption, unit note, body lines, notes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from extractor.documents.lines import Line
from extractor.documents.regions import is_caption, is_row

_FORM_NUMBER = re.compile(
    r"(?:[（(]?(?:部门|单位|财政)?(?:公开|预算|决算|财决公开|财决批复|批复|附|报)?(?:[表附件]{0,2})\s*[\d一二三四五六七八九十]+(?:[-—－]\d+)*\s*[表件]?[)）]?)"
)
_UNIT_NOTE = re.compile(r"(?:金额)?单位\s*[:：]\s*(?:人民币)?\s*(?P<unit>百元|千元|万元|亿元|元)")
_UNIT_ALONE = re.compile(r"[（(]?\s*(?:金额)?(?:单位\s*[:：])?\s*(?:人民币)?\s*(?P<unit>千元|万元|亿元|元)\s*[)）]?")
_HEAD_NOTE = re.compile(
    r"(?:金额)?单位\s*[:：]|^(?:编制|填报|填制|公开|预算|汇总)?(?:部门|单位)(?:名称)?(?:[（(](?:公章|盖章|章)[)）])?\s*[:：]|^[（(]?\s*(?:19|20)\d\d\s*年度?\s*[)）]?$"
    r"|^日期[:：]|^第\s*\d+\s*页"
)
_TITLE = re.compile(r"[^\s。，；：:]{4,40}(?:预算|决算|情况|结果|明细|汇总)")
_HEAD_MARK = re.compile(r"[:：年页]")
"""One of these stands in whatever _UNIT_NOTE and _HEAD_NOTE find; hardly a row holds one."""

_NOTE = re.compile(r"^(?:注|备注|说明|附注|填表说明|编制说明)\s*\d?\s*[:：.、]|^[*＊※]\s*")
_EMPTY = re.compile(r"本表(?:无|为空)|无数据|空表|故(?:此|本)表|(?:此|该)表(?:无|为空)")
_CONTINUED = re.compile(r"[（(]\s*续\s*(?:表)?\s*\d*[)）]|^续表?\s*\d*[-：:]?|续表\s*\d*$")
_PAGE_NUMBER = re.compile(r"[-—–－]\s*\d{1,3}\s*[-—–－]|第\s*\d{1,3}\s*页")
_WHITE = re.compile(r"\s+")


@dataclass
class RawTable:
    """A table's printed lines, not read yet. `notes` are what is said below it, `end` lies behind them."""

    title: str = ""
    title_place: tuple[int, int] | None = None
    unit: str | None = None
    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    start: int = 0
    end: int = 0


def raw_tables(lines: Sequence[Line]) -> list[RawTable]:
    """The tables of a run of lines, those that a page break or 续表 cuts put together again."""
    tables: list[RawTable] = []
    current = RawTable()
    for line, after in zip_longest(lines, lines[1:]):
        caption = is_caption(line.text) and not _FORM_NUMBER.fullmatch(line.text)
        caption = caption or (after is not None and bool(current.lines) and _heads_next(line.text, after.text))
        if caption:
            title = _title(line.text)
            if current.lines or current.notes:
                tables.append(current)
                current = RawTable(start=line.start)
            current.title, current.title_place = title, (line.start, line.end)
            current.start = current.start or line.start
            continue
        current.start = current.start or line.start
        current.end = line.end
        _take(current, line)
    tables.append(current)
    return list(_joined(tables))


def _heads_next(text: str, after: str) -> bool:
    """True for a caption that does not say 表, above the unit of its table."""
    return bool(_TITLE.fullmatch(text)) and len(after) < 40 and bool(_UNIT_NOTE.search(after))


def _take(table: RawTable, line: Line) -> None:
    text = line.text
    marked = _HEAD_MARK.search(text) is not None
    unit = _UNIT_NOTE.search(text) if marked else None
    if unit or (marked and _HEAD_NOTE.search(text)) or (not table.lines and _UNIT_ALONE.fullmatch(text)):
        named = unit or _UNIT_ALONE.fullmatch(text)
        table.unit = table.unit or (named["unit"] if named else None)
    elif not table.lines and _FORM_NUMBER.fullmatch(text):
        return
    elif _NOTE.match(text) or _says_empty(text) or (table.notes and not is_row(text)):
        table.notes.append(line)
    elif not (("续" in text and _CONTINUED.fullmatch(text)) or _PAGE_NUMBER.fullmatch(text)):
        table.lines.append(line)


def _says_empty(text: str) -> bool:
    return ("表" in text or "无数据" in text) and bool(_EMPTY.search(text))


def _title(text: str) -> str:
    return _WHITE.sub("", text)


def _joined(tables: Sequence[RawTable]) -> Iterator[RawTable]:
    """Tables whose caption comes again, or with 续, go on with the table before."""
    before: RawTable | None = None
    for table in tables:
        if before is not None and _goes_on(before, table):
            before.lines.extend(table.lines)
            before.notes.extend(table.notes)
            before.end = table.end
            continue
        if before is not None:
            yield before
        before = table
    if before is not None:
        yield before


def _goes_on(before: RawTable, table: RawTable) -> bool:
    return bool(before.title) and same_table(before.title, table.title) and not before.notes


def same_table(title: str, other: str) -> bool:
    """True for captions that are the same but for 续."""
    return _CONTINUED.sub("", title) == _CONTINUED.sub("", other)


def has_rows(table: RawTable) -> bool:
    """True when figures are printed below the caption, or a header at least."""
    return any(is_row(line.text) for line in table.lines)


def is_head_note(text: str) -> bool:
    """True for what stands between a caption and its table: number, unit, body, year; or the caption itself."""
    return bool(
        _FORM_NUMBER.fullmatch(text)
        or _UNIT_NOTE.search(text)
        or _UNIT_ALONE.fullmatch(text)
        or _HEAD_NOTE.search(text)
        or is_caption(text)
    )


def note_of(lines: Sequence[Line]) -> str | None:
    """What is said below a table, as one text without white space."""
    return _WHITE.sub("", "".join(line.text for line in lines)) or None
