"""Official tables as the relations see them: which table it is, what its rows and columns are about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from extractor.checking.equations import Term
from extractor.checking.figures import Figures
from extractor.checking.frozen import frozen
from extractor.documents.disclosure import Disclosure
from extractor.documents.tables import PrintedCell, PrintedRow, PrintedTable
from schemas.quantities import Quantity


class SheetKind(StrEnum):
    """The official tables, whatever each region calls them."""

    OVERVIEW = "overview"  # 收支总表
    REVENUE = "revenue"
    EXPENDITURE = "expenditure"
    FISCAL_OVERVIEW = "fiscal_overview"  # 财政拨款收支总表
    GENERAL_PUBLIC = "general_public"  # 一般公共预算支出表, by function
    BASIC = "basic"  # 一般公共预算基本支出表, by economic class
    FUND = "fund"  # 政府性基金
    CAPITAL = "capital"  # 国有资本经营
    OFFICIAL = "official"  # “三公”
    PROCUREMENT = "procurement"
    PURCHASED = "purchased"  # 政府购买服务
    PROJECTS = "projects"  # 项目支出
    PERFORMANCE = "performance"  # 绩效目标
    OTHER = "other"


_TITLES: tuple[tuple[SheetKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (SheetKind.PERFORMANCE, r"绩效"),
        (SheetKind.PURCHASED, r"购买服务"),
        (SheetKind.PROCUREMENT, r"政府采购"),
        (SheetKind.OFFICIAL, r"三公"),
        (SheetKind.FUND, r"政府性?基金"),
        (SheetKind.CAPITAL, r"国有资本"),
        (SheetKind.BASIC, r"(?:一般公共预算|财政拨款).*基本支出"),
        (SheetKind.FISCAL_OVERVIEW, r"财政拨款(?:收入?、?(?:和)?支出?|收支)[^表]*总表|财政拨款收支"),
        (SheetKind.GENERAL_PUBLIC, r"(?:一般公共预算|公共财政)[^表]*支出"),
        (SheetKind.OTHER, r"财政拨款[^表]*(?:支出|收入)[^表]*表"),  # of all budgets together, not of the body
        (SheetKind.PROJECTS, r"项目支出"),
        (SheetKind.OVERVIEW, r"收入?、?(?:和)?支出?[^表]*总表|收支[^表]*总表|收支(?:预算|决算)表"),
        (SheetKind.REVENUE, r"收入(?:预算|决算)?(?:总|情况)?表"),
        (SheetKind.EXPENDITURE, r"支出(?:预算|决算)?(?:总|情况|功能分类)?表|支出(?:预算|决算)总表"),
    )
)
_TITLE_NOISE = re.compile(r"[\s“”\"（）()]|(?:部门|单位)(?!预算|决算)")
_CODE = re.compile(r"\d{3}(?:\d\d){0,2}")
_TOTAL_NAME = re.compile(r"^(?:合计|总计|本年(?:收入|支出)合计|(?:收入|支出)(?:总计|合计)|预算合计|总合计)$")
_NUMBERING = re.compile(
    r"^(?:[（(][一二三四五六七八九十]+[)）][、.．]?|[一二三四五六七八九十]+[)）、.．]|[（(]?\d{1,2}[)）]?[、.．]|其中[：:])"
)


class Cell(NamedTuple):
    """One filled cell: its column's headings from the top down, and its figure as a term."""

    column: tuple[str, ...]
    term: Term


@frozen
class SheetRow:
    """One row: its name without numbering, its classification code, its cells that hold figures."""

    name: str
    code: str | None
    path: str | None
    cells: tuple[Cell, ...]
    record: str
    printed: PrintedRow = field(repr=False)

    @property
    def is_total(self) -> bool:
        """True for 合计, 本年支出合计 …"""
        return bool(_TOTAL_NAME.match(self.name))

    @property
    def level(self) -> int:
        """Digits of a functional or economic code; 0 without one."""
        return len(self.code) if self.code else 0


@dataclass(frozen=True)
class Sheet:
    """One official table."""

    kind: SheetKind
    title: str
    number: int
    rows: tuple[SheetRow, ...]
    printed: PrintedTable = field(repr=False)

    @cached_property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The columns that hold figures, in printed order."""
        seen = dict.fromkeys(cell.column for row in self.rows for cell in row.cells)
        order = {tuple(column.split("/")): place for place, column in enumerate(self.printed.columns)}
        return tuple(sorted(seen, key=lambda column: order.get(column, len(order))))

    @cached_property
    def amounts(self) -> frozenset[Decimal]:
        """Every figure that the table prints, without its sign."""
        return frozenset(abs(cell.term.figure.value) for row in self.rows for cell in row.cells)

    @property
    def place(self) -> str:
        """What the table is called among the places of facts."""
        return f"table{self.number}"


def kind_of_sheet(title: str) -> SheetKind:
    """Which official table a title names."""
    bare = _TITLE_NOISE.sub("", title)
    return next((kind for kind, pattern in _TITLES if pattern.search(bare)), SheetKind.OTHER)


def sheets_of(disclosure: Disclosure, figures: Figures, records: Mapping[str, str]) -> tuple[Sheet, ...]:
    """Every table of a document with its figures; `records` leads from a cell's quantity to its row's record."""
    maker = _Maker(disclosure.by_place, figures, records)
    return tuple([maker.sheet(number, table) for number, table in enumerate(disclosure.tables)])


@dataclass(frozen=True)
class _Maker:
    """Makes sheets from printed tables."""

    by_place: Mapping[tuple[int, int], Quantity]
    figures: Figures
    records: Mapping[str, str]

    def sheet(self, number: int, table: PrintedTable) -> Sheet:
        """One table; rows without figures are left out."""
        rows = tuple([row for printed in table.rows if (row := self._row(printed)).cells])
        return Sheet(kind_of_sheet(table.title), table.title, number, rows, table)

    def _row(self, printed: PrintedRow) -> SheetRow:
        name = bare_name(printed.name)
        cells = tuple([cell for each in printed.cells if (cell := self._cell(each, name)) is not None])
        record = next((self.records[cell.term.id] for cell in cells if cell.term.id in self.records), "")
        code = printed.code if printed.code and _CODE.fullmatch(printed.code) else None
        return SheetRow(name, code, printed.path, cells, record, printed)

    def _cell(self, printed: PrintedCell, row: str) -> Cell | None:
        if printed.value is None or (quantity := self.by_place.get((printed.start, printed.end))) is None:
            return None
        figure = self.figures.get(quantity.id)
        if figure is None:
            return None
        column = _headings(printed.column)
        return Cell(column, Term(figure, _label(row, column)))


@lru_cache(maxsize=1024)  # a column is asked for with each of its cells
def _headings(column: str) -> tuple[str, ...]:
    """A column's headings from the top down."""
    return tuple(column.split("/")) if column else ()


def bare_name(name: str) -> str:
    """A row's name without its numbering: 八、社会保障和就业支出 → 社会保障和就业支出."""
    squeezed = "".join(name.split())
    return _NUMBERING.sub("", squeezed) or squeezed


def _label(name: str, column: tuple[str, ...]) -> str:
    last = column[-1] if column else ""
    if not name:
        return last
    if not last or last in name or last in ("合计", "小计", "金额", "决算数", "预算数", "统计数"):
        return name
    return f"{name}·{last}"


def texts_of(row: PrintedRow, column: str) -> str:
    """The words of a row's cell whose column is called so; empty where there is none."""
    return next((cell.text for cell in row.cells if cell.column == column and cell.value is None), "")
