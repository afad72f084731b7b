"""Tables whose cells a text export parts by tabs or bars: blank cells are kept, so every figure's column is known."""

import re
from collections.abc import Sequence

from extractor.documents.lines import Line
from extractor.documents.loaded import LoadedCell, LoadedTable
from extractor.documents.tables.headwords import is_headword
from extractor.documents.tables.tokens import figure_of

_RULE = re.compile(r"[\s|:+=-]*")
_AMOUNT = re.compile(r"-?\d[\d,，]*[.．]\d+|-?\d{1,3}(?:[,，]\d{3})+")
_WORD = re.compile(r"\S(?:.*\S)?")

DELIMITED = 0.6
"""A table is delimited when this share of its lines holds the delimiter."""

_Span = tuple[int, int]


def delimited_table(text: str, lines: Sequence[Line]) -> LoadedTable | None:
    """The cells of a table whose lines are parted by tabs or bars; None for other tables."""
    if not lines:
        return None
    whole = text[_whole_line(text, lines[0])[0] : _whole_line(text, lines[-1])[1]]
    for delimiter, least in (("\t", 1), ("|", 2)):
        if delimiter not in whole:  # as in most tables
            continue
        spans = [_whole_line(text, line) for line in lines]
        if sum(text.count(delimiter, *span) >= least for span in spans) > DELIMITED * len(spans):
            rows = [_cells(text, span, delimiter) for span in spans if not _RULE.fullmatch(text, *span)]
            return _table([row for row in rows if row], text)
    return None


def _whole_line(text: str, line: Line) -> _Span:
    """A line with the white space around it, which holds blank cells."""
    end = text.find("\n", line.end)
    return text.rfind("\n", 0, line.start) + 1, len(text) if end < 0 else end


def _cells(text: str, span: _Span, delimiter: str) -> list[_Span]:
    cells, at = [], span[0]
    for part in text[slice(*span)].split(delimiter):
        word = _WORD.search(text, at, at + len(part))
        cells.append(word.span() if word else (at, at))
        at += len(part) + 1
    if delimiter == "|":
        cells = cells[1:] if cells and cells[0][0] == cells[0][1] else cells
        cells = cells[:-1] if cells and cells[-1][0] == cells[-1][1] else cells
    return cells


def _table(rows: Sequence[Sequence[_Span]], text: str) -> LoadedTable | None:
    if not rows:
        return None
    width = max(len(row) for row in rows)
    labels = _label_columns(rows, text, width)
    cells: list[LoadedCell] = []
    heads = _head_rows(rows, text)
    above: dict[int, int] = {}  # for every column the first column of the heading above it
    for number, row in enumerate(rows):
        spread = number + 1 < heads
        parted = {column for below in rows[number + 1 : heads] for column, (at, end) in enumerate(below) if end > at}
        heading = dict(above)
        merged = labels - 1 if _is_merged(text, row, width, labels) else 0
        for place, (start, end) in enumerate(row):
            if start == end and spread:
                continue
            column = place + merged if place else 0
            reach = column + 1 if place else merged + 1
            blank = {each for each in range(reach, width) if each >= len(row) or row[each][0] == row[each][1]}
            while spread and reach in parted & blank and above.get(reach) == above.get(column):
                reach += 1
            heading.update(dict.fromkeys(range(column, reach), column))
            cells.append(LoadedCell(number, column, start, end, 1, reach - column))
        above = heading
    return LoadedTable(rows[0][0][0], rows[-1][-1][1], tuple(cells))


def _label_columns(rows: Sequence[Sequence[_Span]], text: str, width: int) -> int:
    """How many columns stand before the first one of amounts, if the last of them holds names; else 1."""
    whole = [[text[start:end] for start, end in row] for row in rows if len(row) == width]
    first = next((column for column in range(width) if any(_AMOUNT.fullmatch(row[column]) for row in whole)), 0)
    named = [row for row in whole if first and row[first - 1] and not row[first - 1][0].isdigit()]
    return first if len(named) * 2 > len(whole) else 1


def _is_merged(text: str, row: Sequence[_Span], width: int, labels: int) -> bool:
    """合计, in one cell over the columns of codes and names, with its amounts right behind."""
    words = [text[start:end] for start, end in row[:2]]
    fits = labels > 1 and len(row) + labels - 1 <= width
    return fits and len(words) > 1 and not words[0][:1].isdigit() and bool(_AMOUNT.fullmatch(words[1]))


def _head_rows(rows: Sequence[Sequence[_Span]], text: str) -> int:
    """How many rows stand above the first figure, where headings are among them."""
    words = [[text[start:end] for start, end in row if end > start] for row in rows]
    heads = next((number for number, row in enumerate(words) if any(figure_of(word) for word in row)), len(rows))
    return heads if any(is_headword(word) for row in words[:heads] for word in row) else 0
