"""A printed table as rows of cells, each with its place in the loaded text."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PrintedCell:
    """One filled cell of a row: its column's full heading, its words without white space, its place.

    `value` and `decimals` are set where the cell prints one number; the table's unit note gives its unit.
    """

    column: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    decimals: int = 0


@dataclass(frozen=True)
class PrintedRow:
    """One row: classification code and name where it prints them, the group it stands under, its cells."""

    name: str
    cells: tuple[PrintedCell, ...]
    code: str | None = None
    path: str | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class PrintedTable:
    """One table with its title, the unit of its figures (元, 万元 or None) and its note, in the loaded text."""

    title: str
    unit: str | None
    rows: tuple[PrintedRow, ...]
    start: int
    end: int
    page: int | None = None
    note: str | None = None
    columns: tuple[str, ...] = ()
