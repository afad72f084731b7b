"""The printed lines of a document, without page furniture.

A line keeps its place in the loaded text. Page numbers and running heads are furniture: they are no part of
what the document says, and would otherwise cut sentences that run over a page.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractor.documents.loaded import LoadedDocument, LoadedTable

_LINE = re.compile(r"[^\r\n\f\v\u2028\u2029]+")
_PAGE_NUMBER = re.compile(r"[-—–―－\s·.]*(?:第\s*)?\d{1,3}\s*页?(?:\s*[/，,]?\s*共?\s*\d{1,3}\s*页)?[-—–―－\s·.]*")
_MARKED_PAGE_NUMBER = re.compile(
    r"[-—–―－]+\s*\d{1,3}\s*[-—–―－]+|第\s*\d{1,3}\s*页(?:\s*[/，,]?\s*共\s*\d{1,3}\s*页)?"
)
"""A page number that cannot be anything else; a bare number may be a figure of a table."""
_TABLE_HEAD = re.compile(r"单位\s*[:：]|^(?:注|说明|备注)\s*[:：]")
_DIGITS = re.compile(r"\d+")

RUNNING_HEAD_SHARE = 0.4
"""A first or last line that stands on this share of the pages (and on LEAST_HEADS at least) is a running head."""


LEAST_HEADS = 3
"""So many lines that differ in nothing but their page number are running heads."""


class Line(NamedTuple):
    """One printed line without its surrounding white space; `indent` is the width of the leading space,
    in half-width columns; `gap` the number of line ends before it."""

    start: int
    end: int
    text: str
    indent: int = 0
    gap: int = 0
    page: int | None = None

    @property
    def width(self) -> int:
        """Printed width in half-width columns: a Chinese character counts two."""
        return display_width(self.text)


def display_width(text: str) -> int:
    """Width in half-width columns."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def lines_of(document: LoadedDocument) -> list[Line]:
    """The lines that say something, in order, without running heads and page numbers."""
    lines = list(_raw_lines(document))
    if document.boxes is not None:
        furniture = _furniture(lines, document.tables)
    else:
        furniture = set() if document.all_tables_known else _lone_page_numbers(lines)
    kept: list[Line] = []
    gap: int | None = None  # what is left blank at a page's end says nothing of paragraphs
    for index, line in enumerate(lines):
        if index in furniture:
            gap = line.gap if gap is None else min(gap, line.gap)
        else:
            kept.append(line if gap is None or gap >= line.gap else line._replace(gap=gap))
            gap = None
    return kept


def _raw_lines(document: LoadedDocument) -> Iterator[Line]:
    previous_end = 0
    for match in _LINE.finditer(document.text):
        printed = match.group()
        text = printed.strip()
        if not text:
            continue
        start = match.start() + len(printed) - len(printed.lstrip())
        yield Line(
            start=start,
            end=start + len(text),
            text=text,
            indent=display_width(printed[: start - match.start()]) if start > match.start() else 0,
            gap=document.text.count("\n", previous_end, start),
            page=document.page_at(start),
        )
        previous_end = start + len(text)


def _furniture(lines: Sequence[Line], tables: Sequence[LoadedTable]) -> set[int]:
    """Indices of page numbers and running heads, looked for in the first and last two lines of each page. Rows of
    tables and the notes above and below them repeat too, but are none."""
    by_page: dict[int | None, list[int]] = {}
    for index, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(index)
    starts = [table.start for table in tables]

    def may_be_furniture(index: int) -> bool:
        line = lines[index]
        table = bisect_right(starts, line.start) - 1
        in_table = table >= 0 and line.start < tables[table].end
        return not in_table and not _TABLE_HEAD.search(line.text)

    edges = [i for page in by_page.values() for i in {*page[:2], *page[-2:]} if may_be_furniture(i)]
    found = {index for index in edges if _PAGE_NUMBER.fullmatch(lines[index].text)}
    masked = Counter(_DIGITS.sub("#", lines[index].text) for index in edges if index not in found)
    enough = max(LEAST_HEADS, RUNNING_HEAD_SHARE * len(by_page))
    repeated = {text for text, times in masked.items() if times >= enough}
    return found | {index for index in edges if _DIGITS.sub("#", lines[index].text) in repeated}


def _lone_page_numbers(lines: Sequence[Line]) -> set[int]:
    """In a text without pages: numbers that stand alone, set off from what follows or what goes before or marked as page
    numbers, and running heads that hold one."""
    found = set()
    heads = Counter(_DIGITS.sub("#", line.text) for line in lines if "页" in line.text)
    for index, line in enumerate(lines):
        gap_after = lines[index + 1].gap if index + 1 < len(lines) else 9
        apart = max(line.gap, gap_after) >= 3 and _PAGE_NUMBER.fullmatch(line.text)
        running = _MARKED_PAGE_NUMBER.search(line.text) and heads[_DIGITS.sub("#", line.text)] >= LEAST_HEADS
        if apart or running or _MARKED_PAGE_NUMBER.fullmatch(line.text):
            found.add(index)
    return found
