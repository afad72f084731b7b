"""A table of known cells as a matrix: which cell covers which square, and what it says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractor.documents.loaded import LoadedDocument, LoadedTable
from extractor.documents.tables.captions import is_head_note
from extractor.documents.tables.headwords import Role, is_headword, is_total, role_of
from extractor.documents.tables.labels import LabelCell, code_and_name, is_code
from extractor.documents.tables.tokens import Figure, figure_of

_WORD = re.compile(r"\S+")
_ROW_START = re.compile(r"[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十]+[)）]|\d{1,2}[、．]")


class Box(NamedTuple):
    """A cell: its grid place, its words without white space, their stretch of the loaded text, its figure."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    start: int
    end: int
    figure: Figure | None = None
    pieces: tuple[tuple[int, int], ...] = ()

    @property
    def label(self) -> LabelCell:
        """The cell as a label."""
        return LabelCell(self.text, self.pieces or ((self.start, self.end),))


@dataclass(frozen=True)
class Matrix:
    """The cells of a table by the squares that they cover."""

    rows: tuple[tuple[Box | None, ...], ...]
    width: int

    def boxes(self, row: int) -> list[Box]:
        """The filled cells that cover a row, from left to right, each once."""
        return list(dict.fromkeys(box for box in self.rows[row] if box is not None and box.text))

    def starting(self, row: int) -> list[Box]:
        """The filled cells that begin in a row."""
        return [box for box in self.boxes(row) if box.row == row]


def matrix_of(loaded: LoadedDocument, tables: Sequence[LoadedTable]) -> Matrix:
    """One matrix of a table, or of the parts of one that runs over pages, one below the other."""
    width = max(cell.column + cell.column_span for table in tables for cell in table.cells)
    rows: list[list[Box | None]] = []
    for table in tables:
        first = len(rows)
        height = max(cell.row + cell.row_span for cell in table.cells)
        rows.extend([None] * width for _ in range(height))
        for cell in table.cells:
            words = [
                (cell.start + match.start(), cell.start + match.end())
                for match in _WORD.finditer(loaded.text[cell.start : cell.end])
            ]
            text = "".join(loaded.text[start:end] for start, end in words)
            box = Box(
                cell.row + first,
                cell.column,
                cell.row_span,
                cell.column_span,
                text,
                words[0][0] if words else cell.start,
                words[-1][1] if words else cell.start,
                figure_of(text) if text else None,
                tuple(words),
            )
            for row in range(first + cell.row, first + cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    rows[row][column] = box
    return Matrix(tuple(tuple(row) for row in rows), width)


def title_rows(matrix: Matrix) -> Iterator[list[Box]]:
    """The rows at the top that print the table's caption, number, unit and body in cells of the table itself."""
    for row in range(len(matrix.rows)):
        boxes = matrix.starting(row)
        wide = len(boxes) == 1 and boxes[0].column_span > 0.6 * matrix.width and not is_headword(boxes[0].text)
        if boxes and not wide and not all(is_head_note(box.text) for box in boxes):
            return
        if not boxes and row > 0:
            return
        yield boxes


def is_column_numbers(boxes: Sequence[Box]) -> bool:
    """A row of column numbers: 栏次 1 2 3."""
    if boxes and re.match(r"栏次", boxes[0].text):
        return True
    numbers = [box.text for box in boxes]
    return len(numbers) >= 3 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def heads_columns(matrix: Matrix, row: int, opening: bool) -> bool:
    """True for a row of headings; `opening` says that no heading has been met yet."""
    boxes = matrix.starting(row)
    if not boxes or any(box.figure is not None for box in boxes) or is_column_numbers(boxes):
        return False
    first = boxes[0]
    if _ROW_START.match(first.text) or is_code(first.text) or code_and_name(first.text):
        return False
    if _is_key_with_value(boxes):
        return False
    known = sum(is_headword(box.text) for box in boxes)
    if is_total(first.text) and known == 1 and (first.column == 0 or len(boxes) == 1):
        return len(boxes) > 1 and opening
    if opening and len(boxes) > 1:
        return known > 0 or row + 1 < len(matrix.rows)
    return known >= 0.5 * len(boxes)


def parts_headings(matrix: Matrix, row: int, first: int) -> bool:
    """True for a row that parts merged headings of the header begun in row `first`, whatever its words: all its cells
    stand under wider ones, beside headings that reach down to it or blanks."""
    boxes = matrix.starting(row)
    if row <= first or not boxes or any(box.figure is not None for box in boxes):
        return False
    above = [matrix.rows[row - 1][box.column] for box in boxes]
    beside = [box for box in matrix.rows[row] if box is not None and box.text and box.row < row]
    return all(
        wide is not None and wide.text and wide.column_span > box.column_span and wide.row + wide.row_span == row
        for wide, box in zip(above, boxes, strict=True)
    ) and all(box.row >= first for box in beside)


def _is_key_with_value(boxes: Sequence[Box]) -> bool:
    """A line of a form: 项目名称 and the project's name, 主管部门 and its name."""
    keyed = role_of(boxes[0].text.rstrip("：:")) in (Role.PROJECT, Role.UNIT)
    keys = all(is_headword(box.text.rstrip("：:")) for box in boxes[2::2])
    return keyed and len(boxes) in (2, 4) and keys and not any(is_headword(box.text) for box in boxes[1::2])


def opens_section(matrix: Matrix, row: int) -> bool:
    """True for a row of headings inside a table: a new header for the rows below it."""
    boxes = matrix.starting(row)
    if len(boxes) < 3 or any(box.figure is not None for box in boxes) or _ROW_START.match(boxes[0].text):
        return False
    known = [box for box in boxes if is_headword(box.text)]
    labels = [box for box in known if role_of(box.text) is not None]
    return len(known) >= 3 and len(known) >= 0.6 * len(boxes) and (bool(labels) or len(known) == len(boxes))


def has_other_head(above: Matrix, below: Matrix) -> bool:
    """True when a table begins with headings that are not those of the table above it."""
    start = sum(1 for _ in title_rows(below))
    if start >= len(below.rows) or not heads_columns(below, start, True):
        return False
    known = {box.text for row in range(min(6, len(above.rows))) for box in above.starting(row)}
    boxes = below.starting(start)
    headings = [box.text for box in boxes]
    if sum(is_headword(text) for text in headings) < 0.5 * len(headings):
        return False
    if sum(box.column_span for box in boxes) <= 0.5 * below.width:  # names of two sides with no figures
        return False
    return not set(headings) <= known
