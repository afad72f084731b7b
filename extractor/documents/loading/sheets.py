"""Workbooks, whatever program wrote them: every visible sheet a page, its titles and notes lines, its grid a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.documents.loading.limits import TABLE_CELLS
from extractor.documents.loading.writing import CellText, TextWriter
from extractor.errors import LoadError

_HEAD_NOTE = re.compile(
    r"(?:单位|部门|名称|公开|日期|时间)[^。]{0,12}[:：]|^(?:附|预算|决算|公开)?\s*[表件]?\s*\d{0,2}(?:-\d)?\s*表?$"
)
_CAPTION = re.compile(r"[^。，；]{3,60}表(?:\s*[（(][^（）()]{1,20}[)）])?$")


@dataclass
class Sheet:
    """One sheet: the printed text of its filled cells by row and column, its merged ranges (first row, first
    column, last row, last column), and what of it is hidden."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Row:
    """The filled cells of one row, and the columns that each takes."""

    cells: tuple[CellText, ...]

    @property
    def filled(self) -> list[str]:
        return [cell.text for cell in self.cells if cell.text]


def write_sheet(writer: TextWriter, name: str, sheet: Sheet) -> None:
    """Append a sheet as a page. `name` is the file's, for the error of a sheet that is too large."""
    writer.start_page()
    rows = _rows(name, sheet)
    for start, end in _parts(rows):
        part = rows[start:end]
        head, tail = _head(part), _tail(part)
        for row in part[:head]:
            writer.line("  ".join(row.filled))
        body = [cell for row in part[head:tail] for cell in row.cells]
        if body:
            writer.table(_squeezed(body))
        for row in part[tail:]:
            writer.line("  ".join(row.filled))


def _rows(name: str, sheet: Sheet) -> list[_Row]:
    """The rows of a sheet between its first and last filled cell, with every cell that no merged one covers."""
    filled = [
        place
        for place, text in sheet.cells.items()
        if text and place[0] not in sheet.hidden_rows and place[1] not in sheet.hidden_columns
    ]
    if not filled:
        return []
    rows = [r for r in range(min(r for r, _ in filled), max(r for r, _ in filled) + 1) if r not in sheet.hidden_rows]
    columns = [
        c for c in range(min(c for _, c in filled), max(c for _, c in filled) + 1) if c not in sheet.hidden_columns
    ]
    if len(rows) * len(columns) > TABLE_CELLS:
        raise LoadError(
            f"{name}: the sheet {sheet.name} has {len(rows):,} rows and {len(columns):,} columns; "
            "remove what lies far outside its table"
        )
    row_at, column_at = {r: n for n, r in enumerate(rows)}, {c: n for n, c in enumerate(columns)}
    spans, covered = _spans(sheet, row_at, column_at)
    found: list[_Row] = []
    for row, r in enumerate(rows):
        cells = []
        for column, c in enumerate(columns):
            if (row, column) not in covered:
                down, across = spans.get((row, column), (1, 1))
                cells.append(CellText(row, column, sheet.cells.get((r, c), ""), down, across))
        found.append(_Row(tuple(cells)))
    return found


def _spans(
    sheet: Sheet, row_at: dict[int, int], column_at: dict[int, int]
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """How far merged cells reach, by their place in the printed grid, and the places that they cover."""
    spans, covered = {}, set()
    for top, left, bottom, right in sheet.merged:
        rows = [row_at[r] for r in range(top, min(bottom, max(row_at)) + 1) if r in row_at]
        columns = [column_at[c] for c in range(left, min(right, max(column_at)) + 1) if c in column_at]
        if rows and columns:
            spans[rows[0], columns[0]] = len(rows), len(columns)
            covered |= {(r, c) for r in rows for c in columns} - {(rows[0], columns[0])}
    return spans, covered


def _parts(rows: Sequence[_Row]) -> list[tuple[int, int]]:
    """A sheet may hold several tables below each other: a new one begins at a caption behind an empty row."""
    if not rows:
        return []
    starts = [0]
    for number in range(1, len(rows) - 1):
        filled = rows[number].filled
        if not rows[number - 1].filled and len(filled) == 1 and _CAPTION.match(filled[0]):
            starts.append(number)
    return list(zip(starts, [*starts[1:], len(rows)], strict=True))


def _head(rows: Sequence[_Row]) -> int:
    """How many rows stand above the table: titles, and what says whose it is and in which unit."""
    for number, row in enumerate(rows):
        filled = row.filled
        if len(filled) > 1 and not all(_HEAD_NOTE.search(text) or _CAPTION.match(text) for text in filled):
            return number
    return len(rows)


def _tail(rows: Sequence[_Row]) -> int:
    """Where the notes below the table begin: the last rows with a single filled cell that takes up the row."""
    end = len(rows)
    while end > 0 and (not rows[end - 1].filled or _is_note(rows[end - 1])):
        end -= 1
    return max(end, _head(rows))


def _is_note(row: _Row) -> bool:
    filled = [cell for cell in row.cells if cell.text]
    if len(filled) != 1 or filled[0].column > 0:
        return False
    return filled[0].text.startswith(("注", "备注", "说明")) or len(filled[0].text) >= 20


def _squeezed(cells: Sequence[CellText]) -> list[CellText]:
    """The cells of a table with its rows counted from 0, and without the empty rows at its end."""
    first = cells[0].row
    return [CellText(c.row - first, c.column, c.text, c.row_span, c.column_span) for c in cells]
