"""Ruled tables filled with their words: which glyphs stand in which cell of a grid."""

import itertools
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.documents.loading.pdf.frame import Frame
from extractor.documents.loading.pdf.glyphs import Glyph
from extractor.documents.loading.pdf.grid import Grid, GridCell
from extractor.documents.loading.pdf.lines import TextLine, rows_of, text_line, tokens_of
from extractor.documents.loading.writing import CellText

_FIGURE = re.compile(r"[-－]?(?:\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+)%?")
_LATIN = re.compile(r"[A-Za-z]")

FRAME_CHARACTERS = 600
FRAME_SHARE = 0.7
"""A cell with so many characters and this share of its table's holds running text: a frame, no table."""


@dataclass(frozen=True)
class RuledTable:
    """A ruled table in reading order of its page: where it begins, and its cells."""

    y0: float
    cells: tuple[CellText, ...]


def ruled_table(grid: Grid, glyphs: Sequence[Glyph], frame: Frame) -> RuledTable | None:
    """The table that a grid makes of the glyphs inside it; None where it holds no table but running text."""
    lines = _lines_by_cell(grid, glyphs, frame)
    divided = _with_rows_of_figures(grid, lines)
    if divided is not grid:
        grid, lines = divided, _lines_by_cell(divided, glyphs, frame)
    sizes = [sum(len(line.text) for line in of_cell) for of_cell in lines.values()]
    largest = max(sizes, default=0)
    if len([size for size in sizes if size]) < 2 or (
        largest >= FRAME_CHARACTERS and largest >= FRAME_SHARE * sum(sizes)
    ):
        return None
    return RuledTable(grid.ys[0], tuple(_cell_text(cell, lines.get(cell, [])) for cell in grid.cells))


def _lines_by_cell(grid: Grid, glyphs: Sequence[Glyph], frame: Frame) -> dict[GridCell, list[TextLine]]:
    owners = {
        (row, column): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    found: dict[GridCell, list[Glyph]] = {}
    for row in rows_of(glyphs):
        for token in tokens_of(row, grid.xs[1:-1]):
            found.setdefault(_cell_of(grid, owners, token), []).extend(token)
    return {cell: [text_line(row, frame) for row in rows_of(inside)] for cell, inside in found.items()}


def _cell_of(grid: Grid, owners: dict[tuple[int, int], GridCell], token: Sequence[Glyph]) -> GridCell:
    """The cell that holds most of a token's width."""
    left, right = token[0].x0, token[-1].x1
    middle = sum(glyph.middle for glyph in token) / len(token)
    row, first = grid.square_at(left, middle)
    _, last = grid.square_at(right, middle)
    candidates = {owners[row, column] for column in range(first, last + 1)}

    def overlap(cell: GridCell) -> float:
        x0, _, x1, _ = grid.box_of(cell)
        return min(right, x1) - max(left, x0)

    return max(candidates, key=lambda cell: (overlap(cell), -cell.column))


def _cell_text(cell: GridCell, lines: Sequence[TextLine]) -> CellText:
    """The lines of a cell as one. Words and figures that a narrow column broke go together again; two whole
    figures, and two Latin words, stay apart."""
    text = ""
    boxes: array[float] = array("f")
    before = ""
    for line in lines:
        apart = _FIGURE.fullmatch(before) and _FIGURE.fullmatch(line.text)
        if apart or (before and _LATIN.match(before[-1]) and _LATIN.match(line.text)):
            text += " "
            boxes.extend((0.0,) * 4)
        text += line.text
        boxes.extend(line.boxes)
        before = line.text
    return CellText(cell.row, cell.column, text, cell.row_span, cell.column_span, boxes)


def _with_rows_of_figures(grid: Grid, lines: dict[GridCell, list[TextLine]]) -> Grid:
    """The grid with rows that the page parts by white space only: a row is divided at its lines where one of
    its cells prints several whole figures below each other."""
    edges: list[float] = [grid.ys[0]]
    pieces: list[int] = []  # how many rows each row of the grid becomes
    for row in range(len(grid.ys) - 1):
        cells = [cell for cell in lines if cell.row == row and cell.row_span == 1]
        cuts: list[float] = []
        if any(sum(1 for line in lines[cell] if _FIGURE.fullmatch(line.text)) > 1 for cell in cells):
            cuts = _gaps_between([line for cell in cells for line in lines[cell]])
        edges += [*cuts, grid.ys[row + 1]]
        pieces.append(len(cuts) + 1)
    if len(edges) == len(grid.ys):
        return grid
    starts = [sum(pieces[:row]) for row in range(len(pieces) + 1)]
    cells = []
    for cell in grid.cells:
        first, last = starts[cell.row], starts[cell.row + cell.row_span]
        if cell.row_span == 1:
            cells += [cell._replace(row=row) for row in range(first, last)]
        else:
            cells.append(cell._replace(row=first, row_span=last - first))
    return Grid(grid.xs, tuple(edges), tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def _gaps_between(lines: Sequence[TextLine]) -> list[float]:
    """Heights halfway between the lines of a row, lines of neighbouring cells taken together."""
    middles = sorted((line.y0 + line.y1) / 2 for line in lines)
    least = min(line.em for line in lines) / 2
    cuts = []
    for above, below in itertools.pairwise(middles):
        if below - above > least:
            cuts.append((above + below) / 2)
    return cuts
