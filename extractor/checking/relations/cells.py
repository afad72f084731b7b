"""What the cells of official tables are about, in the vocabulary of `facts`."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

from extractor.checking.relations.facts import Concept, Fact, class_key, economic_key, fund_of
from extractor.checking.sheets import Cell, Sheet, SheetKind, SheetRow
from extractor.classification import Level, lookup, name_key

_CURRENT = re.compile(r"决算|本年|预算数|预算$|金额|合计|统计数|支出数|小计|总额|资金|拨款")
_NOT_CURRENT = re.compile(r"年初预算|上年|调整预算|全年预算|增减|%|占|比|年初结转|年末结转")
_TOTAL_COLUMN = re.compile(r"合计|总计|小计|总额|金额|统计数|决算数|预算数|总数|^本年(?:收入|支出)$|支出数")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NATURES = (("基本", re.compile(r"^基本支出")), ("项目", re.compile(r"^项目支出")))
_OFFICIAL_COLUMNS = (
    ("total", re.compile(r"“?三公”?经费|^合计")),
    ("abroad", re.compile(r"出国")),
    ("reception", re.compile(r"接待")),
    ("vehicle_purchase", re.compile(r"购置费?$")),
    ("vehicle_operation", re.compile(r"运行(?:维护)?费?$")),
)
_PROCUREMENT_ROWS = (
    ("micro_contracts", re.compile(r"小微企业")),
    ("sme_contracts", re.compile(r"中小企业合同")),
    ("goods", re.compile(r"货物")),
    ("works", re.compile(r"工程")),
    ("services", re.compile(r"服务")),
    ("amount", re.compile(r"合计|总额|总计")),
)


def cell_facts(sheet: Sheet, year: int | None) -> Iterator[Fact]:
    """The cells of a table that state a known fact of the document's year."""
    concepts = _CONCEPTS.get(sheet.kind)
    if concepts is None:
        return
    place = sheet.place
    above = {column: _years_in(*column) for column in sheet.columns}
    for row in sheet.rows:
        beside = _years_in(row.name)
        for cell in row.cells:
            years = beside | above[cell.column]
            if not years or year is None or year in years:
                for concept in concepts(row, cell):
                    yield Fact(concept, cell.term, row.record, place, table=True)


def _years_in(*words: str) -> frozenset[int]:
    return frozenset([int(each) for word in words if "20" in word for each in _YEAR.findall(word)])


def _is_current(cell: Cell) -> bool:
    """True for the figure of the document's own year and kind."""
    heading = cell.column[-1] if cell.column else ""
    return bool(_CURRENT.search(heading)) and not any(_NOT_CURRENT.search(each) for each in cell.column)


def _official(row: SheetRow, cell: Cell) -> Iterator[Concept]:
    """三公 tables print the items in columns, budget and final account in rows or in upper headings."""
    words = row.name + "".join(cell.column[:-1])
    budget, final = "预算" in words, "决算" in words
    headings = [heading for heading in cell.column if heading not in ("小计", "合计")]
    kind = "official_budget" if budget and not final else "official"
    last = headings[-1] if headings else ""
    if len(cell.column) > 1 and cell.column[-1] in ("小计", "合计") and "购置及运行" in last:
        yield kind, "vehicle"
        return
    for item, pattern in _OFFICIAL_COLUMNS:
        if pattern.search(last):
            if item == "total" and "购置" in last:
                continue
            yield kind, item
            return


def _overview(row: SheetRow, cell: Cell, fund: str) -> Iterator[Concept]:
    """两栏总表: revenue on the left, expenditure by class on the right."""
    if not _is_current(cell):
        return
    columns = "".join(cell.column)
    column_fund = fund_of("".join(cell.column[:-1]) or "") or fund
    if re.match(r"^(?:收入|支出)?总计$", row.name):
        if column_fund == fund:
            yield "total", fund, "both"
    elif re.match(r"^本年收入(?:合计|小计)?$", row.name):
        yield "total", fund, "revenue"
    elif re.match(r"^本年支出(?:合计|小计)?$", row.name):
        if column_fund == fund or "合计" in columns:
            yield "total", fund, "expenditure"
        else:
            yield "total", column_fund, "expenditure"
    elif lookup(row.name, Level.CLASS) and not columns.startswith("收入"):
        yield "class", column_fund, class_key(row.name)
    elif not columns.startswith("支出") and fund == "department":
        source = fund_of(row.name)
        if source or "收入" in row.name:
            yield "source", source or name_key(row.name).removesuffix("收入")


def _revenue(row: SheetRow, cell: Cell) -> Iterator[Concept]:
    heading = next(
        (each for each in reversed(cell.column) if each not in ("小计", "合计")), cell.column[-1] if cell.column else ""
    )
    is_total = (
        cell.column
        and (len(cell.column) == 1 or cell.column[-1] in ("小计", "合计"))
        and _TOTAL_COLUMN.search(cell.column[-1])
    )
    if row.code:
        if is_total:
            yield "code_revenue", row.code
        elif heading == "财政拨款收入":
            yield "code_fiscal", row.code
        return
    if not row.is_total:
        return
    if is_total and len(cell.column) == 1:
        yield "total", "department", "revenue"
    else:
        source = fund_of(heading)
        if source or "收入" in heading:
            yield "source", source or name_key(heading).removesuffix("收入")


def _expenditure(row: SheetRow, cell: Cell, fund: str) -> Iterator[Concept]:
    measure = _measure_of(cell.column)
    if measure is None:
        return
    if row.code and row.level in (3, 5, 7) and row.code[0] == "2":
        if measure == _INCOME:
            yield "code_income", fund, row.code
        elif measure != _TOTAL:
            yield "code", fund, row.code, measure
        else:
            yield "code", fund, row.code
            if row.level == 3:
                yield "class", fund, class_key(row.name)
    elif row.is_total and measure != _INCOME:
        yield ("total", fund, "expenditure") if measure == _TOTAL else ("nature", fund, measure)


_TOTAL, _INCOME = "合计", "本年收入"


@lru_cache(maxsize=1024)  # a column is asked for with each of its cells
def _measure_of(column: tuple[str, ...]) -> str | None:
    """What a column of expenditure states: 基本 or 项目, by its own heading or by the one above its 小计; 合计; 本年收入."""
    if not column or column[0].startswith(_INCOME):  # 本年收入/项目支出 is what came in for projects
        return _INCOME if len(column) == 1 else None
    if any(_NOT_CURRENT.search(each) for each in column):
        return None
    heading = column[-1]
    total_of = len(column) > 1 and re.search(r"^(?:小计|合计)$|总数$", heading)
    named = column[-2] if total_of else heading
    nature = next((nature for nature, pattern in _NATURES if pattern.search(named)), None)
    return nature or (_TOTAL if _TOTAL_COLUMN.search(heading) and _CURRENT.search(heading) else None)


def _basic(row: SheetRow, cell: Cell) -> Iterator[Concept]:
    heading = cell.column[-1] if cell.column else ""
    if row.is_total:
        if heading in ("人员经费", "公用经费", "日常公用经费"):
            yield "economic", "general_public", economic_key(heading)
        elif _TOTAL_COLUMN.search(heading):
            yield "nature", "general_public", "基本"
    elif re.match(r"^(?:人员经费|公用经费|日常公用经费)合计$", row.name):
        yield "economic", "general_public", economic_key(row.name.removesuffix("合计"))
    elif (not row.code and _TOTAL_COLUMN.search(heading)) or (
        row.code and row.level in (3, 5) and row.code[0] == "3" and _TOTAL_COLUMN.search(heading)
    ):
        yield "economic", "general_public", economic_key(row.name)


def _procurement(row: SheetRow, _: Cell) -> Iterator[Concept]:
    if len(row.cells) != 1:
        return
    for name, pattern in _PROCUREMENT_ROWS:
        if pattern.search(row.name):
            yield "procurement", name
            return


def _purchased(row: SheetRow, _: Cell) -> Iterator[Concept]:
    if len(row.cells) == 1:
        yield ("purchased",) if row.is_total else ("project", _project_key(row.name))


def _performance(row: SheetRow, cell: Cell) -> Iterator[Concept]:
    if cell.column and re.search(r"总额|合计", cell.column[0]):
        yield "project", _project_key(row.name)


def _projects(row: SheetRow, cell: Cell) -> Iterator[Concept]:
    heading = cell.column[-1] if cell.column else ""
    if row.is_total and _TOTAL_COLUMN.search(heading):
        yield "nature", "department", "项目"
    elif row.name and _TOTAL_COLUMN.search(heading) and not row.is_total:
        yield "project", _project_key(row.name)


def _project_key(name: str) -> str:
    """A project by its name, without quotes, brackets and white space."""
    return re.sub(r"[\s“”\"（）()]", "", name)


_CONCEPTS: Mapping[SheetKind, Callable[[SheetRow, Cell], Iterator[Concept]]] = {
    SheetKind.OFFICIAL: _official,
    SheetKind.OVERVIEW: partial(_overview, fund="department"),
    SheetKind.FISCAL_OVERVIEW: partial(_overview, fund="fiscal_appropriation"),
    SheetKind.REVENUE: _revenue,
    SheetKind.EXPENDITURE: partial(_expenditure, fund="department"),
    SheetKind.GENERAL_PUBLIC: partial(_expenditure, fund="general_public"),
    SheetKind.BASIC: _basic,
    SheetKind.PROCUREMENT: _procurement,
    SheetKind.PURCHASED: _purchased,
    SheetKind.PERFORMANCE: _performance,
    SheetKind.PROJECTS: _projects,
}
"""What the cells of each kind of table are about; the other kinds state nothing that stands in a second place."""
