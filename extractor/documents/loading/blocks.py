"""Documents made of paragraphs and tables (DOCX, HTML), and how they are written out.

A table that only lays the page out is no table: what its cells hold is written one after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from extractor.documents.loading.limits import TABLE_CELLS
from extractor.documents.loading.writing import CellText, TextWriter

FRAME_CHARACTERS = 600
FRAME_SHARE = 0.7
"""A cell with so many characters and this share of its table's holds running text: a frame, no table."""

WIDEST_SPAN = 1_000
"""Cells claim no more rows or columns than this."""


@dataclass(frozen=True)
class TableCell:
    """A cell of a table: its place, the rows and columns it takes, and what it holds."""

    row: int
    column: int
    content: "tuple[Block, ...]"
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True)
class TableBlock:
    """A table."""

    cells: tuple[TableCell, ...]

    @property
    def lays_out(self) -> bool:
        """Does the table only arrange the page? It has a single filled cell or column, or one that holds running
        text."""
        sizes = [sum(len(line) for block in cell.content for line in _lines(block)) for cell in self.cells]
        filled = [size for size in sizes if size]
        if len(filled) < 2 or len({cell.column for cell in self.cells}) < 2:
            return True
        nested = any(isinstance(block, TableBlock) for cell in self.cells for block in cell.content)
        largest = max(filled)
        return largest >= FRAME_SHARE * sum(filled) and (nested or largest >= FRAME_CHARACTERS)


Block: TypeAlias = str | TableBlock
"""A paragraph (perhaps of several lines) or a table."""


def write_blocks(writer: TextWriter, blocks: Iterable[Block]) -> None:
    """Write paragraphs and tables in order; paragraphs without words are left out."""
    for block in blocks:
        if isinstance(block, str):
            for line in block.split("\n"):
                if line.strip():
                    writer.line(line.rstrip())
        elif block.lays_out:
            for cell in block.cells:
                write_blocks(writer, cell.content)
        else:
            writer.table([CellText(c.row, c.column, _flat(c.content), c.row_span, c.column_span) for c in block.cells])


def _flat(content: Sequence[Block]) -> str:
    """The words of a cell on one line."""
    return " ".join(" ".join(line.split()) for block in content for line in _lines(block) if line.strip())


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, str):
        yield from block.split("\n")
    else:
        for cell in block.cells:
            for inner in cell.content:
                yield from _lines(inner)


class GridPlaces:
    """Gives cells their places, row by row, around the cells that span down from rows above."""

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}  # column -> first row below the cell that spans down
        self._row = -1
        self._column = 0
        self._count = 0

    def next_row(self) -> int:
        """Begin the next row and return its number."""
        self._row += 1
        self._column = 0
        return self._row

    def skip(self, columns: int) -> None:
        """Leave columns without a cell."""
        self._column += columns

    def place(self, row_span: int, column_span: int) -> tuple[int, int]:
        """Row and column of the next cell."""
        while self._taken.get(self._column, 0) > self._row:
            self._column += 1
        place = self._row, self._column
        for column in range(self._column, self._column + column_span):
            if row_span > 1:
                self._taken[column] = self._row + row_span
        self._column += column_span
        self._count += row_span * column_span
        return place

    @property
    def full(self) -> bool:
        """More squares than a table may have?"""
        return self._count > TABLE_CELLS
