"""Ruled tables: from the ruling lines of a page to grids of cells."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractor.documents.loaded import Box
from extractor.documents.loading.pdf.rulings import SAME_LINE, Ruling, Rulings

BORDER_SHARE = 0.5
"""Two squares of a grid are apart when a ruling covers at least this share of the side between them."""

TOUCH = SAME_LINE
"""Rulings that come this near (points) to each other meet."""


class GridCell(NamedTuple):
    """A cell, perhaps over several rows and columns."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True)
class Grid:
    """A ruled table in the reading frame: its row and column edges, its cells in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]

    @property
    def box(self) -> Box:
        """The outline of the table."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def columns(self) -> int:
        """How many columns the rulings make."""
        return len(self.xs) - 1

    def contains(self, x: float, y: float) -> bool:
        """Does a point lie inside the outline?"""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def square_at(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of the square that holds a point inside the outline."""
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        return row, column

    def box_of(self, cell: GridCell) -> Box:
        """The outline of a cell."""
        right, bottom = cell.column + cell.column_span, cell.row + cell.row_span
        return self.xs[cell.column], self.ys[cell.row], self.xs[right], self.ys[bottom]


def grids_of(rulings: Rulings) -> list[Grid]:
    """The ruled tables of a page, smallest first: every set of rulings that meet and make two columns or more.

    The outer sides may be open, as in tables that a page break cuts and in tables without side borders.
    """
    grids = []
    for horizontal, vertical in _connected(rulings):
        xs = _edges([r.at for r in vertical], [r.start for r in horizontal], [r.end for r in horizontal])
        ys = _edges([r.at for r in horizontal], [r.start for r in vertical], [r.end for r in vertical])
        if len(xs) > 2 and len(ys) > 1:
            grids.append(Grid(xs, ys, tuple(_cells(xs, ys, horizontal, vertical))))
    return sorted(grids, key=lambda grid: (grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0]))


def _connected(rulings: Rulings) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Rulings that meet each other, directly or through others."""
    parents = list(range(len(rulings.horizontal) + len(rulings.vertical)))

    def root(of: int) -> int:
        while parents[of] != of:
            parents[of] = parents[parents[of]]
            of = parents[of]
        return of

    shift = len(rulings.horizontal)
    for h, across in enumerate(rulings.horizontal):
        for v, down in enumerate(rulings.vertical):
            meets = across.start - TOUCH <= down.at <= across.end + TOUCH
            if meets and down.start - TOUCH <= across.at <= down.end + TOUCH:
                parents[root(h)] = root(v + shift)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for h, across in enumerate(rulings.horizontal):
        groups.setdefault(root(h), ([], []))[0].append(across)
    for v, down in enumerate(rulings.vertical):
        groups.setdefault(root(v + shift), ([], []))[1].append(down)
    return [group for group in groups.values() if group[0] and group[1]]


def _edges(inner: Iterable[float], starts: Iterable[float], ends: Iterable[float]) -> tuple[float, ...]:
    """The distinct places of rulings, and how far the crossing rulings reach beyond them."""
    places: list[float] = []
    for place in sorted(inner):
        if not places or place - places[-1] > SAME_LINE:
            places.append(place)
    first, last = min(starts), max(ends)
    if first < places[0] - SAME_LINE:
        places.insert(0, first)
    if last > places[-1] + SAME_LINE:
        places.append(last)
    return tuple(places)


def _cells(
    xs: Sequence[float], ys: Sequence[float], horizontal: Sequence[Ruling], vertical: Sequence[Ruling]
) -> list[GridCell]:
    """The squares of a grid, joined where no ruling parts them. What joins to no rectangle joins along its rows."""
    rows, columns = len(ys) - 1, len(xs) - 1
    below = _walls(ys, xs, horizontal)  # below[r]: squares of row r that have a ruling under them
    beside = _walls(xs, ys, vertical)
    owner = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(square: tuple[int, int]) -> tuple[int, int]:
        while owner[square] != square:
            owner[square] = owner[owner[square]]
            square = owner[square]
        return square

    def join(one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = sorted((root(one), root(other)))
        owner[second] = first

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and r not in beside[c + 1]:
                join((r, c), (r, c + 1))
            if r + 1 < rows and c not in below[r + 1]:
                join((r, c), (r + 1, c))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for square in owner:
        members.setdefault(root(square), []).append(square)
    cells = [cell for squares in members.values() for cell in _rectangles(squares)]
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _walls(places: Sequence[float], across: Sequence[float], rulings: Sequence[Ruling]) -> list[set[int]]:
    """For every edge the squares along it that a ruling parts."""
    walls: list[set[int]] = [set() for _ in places]
    for ruling in rulings:
        edge = min(range(len(places)), key=lambda n: abs(places[n] - ruling.at))
        for n in range(len(across) - 1):
            covered = min(ruling.end, across[n + 1]) - max(ruling.start, across[n])
            if covered >= BORDER_SHARE * (across[n + 1] - across[n]):
                walls[edge].add(n)
    return walls


def _rectangles(squares: Sequence[tuple[int, int]]) -> list[GridCell]:
    rows, columns = [r for r, _ in squares], [c for _, c in squares]
    height, width = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    if height * width == len(squares):
        return [GridCell(min(rows), min(columns), height, width)]
    cells: list[GridCell] = []
    for row, column in sorted(squares):
        last = cells[-1] if cells else None
        if last is not None and last.row == row and last.column + last.column_span == column:
            cells[-1] = GridCell(row, last.column, 1, last.column_span + 1)
        else:
            cells.append(GridCell(row, column))
    return cells
