"""A printed table as rows of cells, each with its place in the loaded text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

YUAN = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "亿元": Decimal(100_000_000),
}
"""The units of money that tables print, in yuan."""


class PrintedCell(NamedTuple):
    """One filled cell of a row: its column's full heading, its words without white space, its place.

    `value` and `decimals` are set where the cell prints one figure, `unit` is what that figure counts (元, 万元,
    %, 个 …; None where nothing printed says so). A figure whose column cannot be told has the column "".
    """

    column: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    decimals: int = 0
    unit: str | None = None


@dataclass(frozen=True)
class PrintedRow:
    """One row: classification code and name where it prints them, the group it stands under, its cells.

    `places` says where in the loaded text `name`, `code` and `path` stand, for those that stand in one piece.
    """

    name: str
    cells: tuple[PrintedCell, ...]
    code: str | None = None
    path: str | None = None
    start: int = 0
    end: int = 0
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class PrintedText(NamedTuple):
    """Words without white space, and the stretch of the loaded text that they take."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class PrintedIndicator:
    """One indicator of a performance table: its printed words by field (`project`, `level1` … `direction`)."""

    words: Mapping[str, PrintedText]
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
    indicators: tuple[PrintedIndicator, ...] = ()
