"""Tables that go into detail (by economic class, by unit, by project) against tables that sum up.

Rows are keyed by what they print: functional code, government and department economic code. What two tables
print under one key must be the same in sum; a pair of tables is believed if most of its keys agree.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from extractor.checking.book import Book
from extractor.checking.equations import Equation, Rule, Term, holds
from extractor.checking.relations.cells import cell_facts
from extractor.checking.relations.inside import BORNE_OUT, leaves
from extractor.checking.sheets import Sheet, SheetKind, SheetRow
from extractor.classification import class_codes
from schemas.checks import Family

DETAILS = Rule("details.sum", Family.TABLE, "明细表与汇总表一致", "details add up to the other table")
CLASSES = Rule(
    "details.class", Family.TABLE, "类级支出等于明细表各项之和", "a class is the sum of its rows in the other table"
)

_PART = re.compile(r"^(\d{5,7})-")
_TOTAL = re.compile(r"合计|总计|小计|金额|预算数|决算数|支出数|总数")
_NOT_SPENT = re.compile(r"本年收入|结转|结余")
FEWEST_KEYS = 2

Key = tuple[str, ...]


@dataclass
class Detail:
    """What one table prints under each key, by measure (total, basic, project)."""

    sheet: Sheet
    by_key: dict[tuple[str, Key], list[tuple[SheetRow, Term]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_detailed(self) -> bool:
        """True when some key has several rows."""
        return any(len(found) > 1 for found in self.by_key.values())


_MEASURES: Mapping[SheetKind, tuple[str, ...]] = {
    SheetKind.EXPENDITURE: ("total", "basic", "project"),
    SheetKind.GENERAL_PUBLIC: ("total", "basic", "project"),
    SheetKind.PROJECTS: ("project",),
    SheetKind.BASIC: ("basic",),
}
"""The measures a table's rows state; the only column of a project table states project expenditure."""


def details(book: Book) -> Iterator[Equation]:
    """Every relation between a detailed table and another."""
    found = [_detail(sheet) for sheet in book.sheets if sheet.kind in _MEASURES]
    for one, other in combinations(found, 2):
        if one.is_detailed or other.is_detailed:
            yield from _pair(one, other)
    yield from _classes(book, found)


def _detail(sheet: Sheet) -> Detail:
    detail = Detail(sheet)
    rows = [row for row in sheet.rows if not row.is_total]
    coded = [row for row in rows if row.code]
    lowest = {id(row) for row in leaves(coded)} if len(coded) == len(rows) else {id(row) for row in rows}
    for row in rows:
        if id(row) not in lowest:
            continue
        measured = [(measure, cell.term) for cell in row.cells if (measure := _measure_of(sheet.kind, cell.column))]
        for key in _keys(row):
            for measure, term in measured:
                detail.by_key[measure, key].append((row, term))
    return detail


def _keys(row: SheetRow) -> Iterator[Key]:
    """The keys of a row: its functional code, its pair of economic codes, and all together."""
    codes = [match[1] for each in (row.path or "").split("/") if (match := _PART.match(each))]
    if row.code:
        codes.append(row.code)
    functional = next((code for code in codes if len(code) == 7 and code.startswith("2")), None)
    government = next((code for code in codes if len(code) == 5 and code.startswith("5")), None)
    economic = next((code for code in codes if len(code) == 5 and code.startswith("3")), None)
    if functional:
        yield ("functional", functional)
    if government and economic:
        yield ("economic", government, economic)
    if functional and government and economic:
        yield ("both", functional, government, economic)


@lru_cache(maxsize=1024)  # a column is asked for with each of its cells
def _measure_of(kind: SheetKind, column: tuple[str, ...]) -> str | None:
    """What a column measures: total, basic or project; None for what no other table states."""
    headings = "/".join(column)
    last = column[-1] if column else ""
    if _NOT_SPENT.search(headings):  # 本年收入/项目支出, 年末结转和结余/项目支出结转
        return None
    if kind in (SheetKind.PROJECTS, SheetKind.BASIC):
        return _MEASURES[kind][0] if _TOTAL.search(last) and len(column) <= 2 else None
    if re.search(r"(?:^|/)基本支出(?:/(?:小计|合计))?$", headings):
        return "basic"
    if re.search(r"(?:^|/)项目支出(?:/(?:小计|合计|项目支出总数))?$", headings):
        return "project"
    return "total" if _TOTAL.search(last) and not re.search(r"基本|项目", headings) else None


def _pair(one: Detail, other: Detail) -> Iterator[Equation]:
    by_kind: dict[tuple[str, str], list[Equation]] = defaultdict(list)
    for (measure, key), rows in one.by_key.items():
        others = other.by_key.get((measure, key))
        if others and (len(rows) > 1 or len(others) > 1):
            by_kind[measure, key[0]].append(_equation(rows, others))
    for equations in by_kind.values():
        held = sum(holds(each) is True for each in equations)
        believed = held >= FEWEST_KEYS and held >= BORNE_OUT * len(equations)
        for each in equations:
            yield each if believed else each.softened("两表口径不同")


def _equation(rows: Sequence[tuple[SheetRow, Term]], others: Sequence[tuple[SheetRow, Term]]) -> Equation:
    """The side with fewer rows on the left; what else stands there is taken off the right."""
    left, right = (rows, others) if len(rows) <= len(others) else (others, rows)
    target = left[0][1]
    taken_off = tuple(Term(term.figure, term.label, -term.sign) for _, term in left[1:])
    records = tuple(dict.fromkeys(row.record for row, _ in (*left, *right)))
    return Equation(DETAILS, target, (*(term for _, term in right), *taken_off), records=records)


def _classes(book: Book, found: Sequence[Detail]) -> Iterator[Equation]:
    """A class of an overview against the rows of a table that prints items only."""
    for detail in found:
        if detail.sheet.kind is not SheetKind.GENERAL_PUBLIC or any(row.level == 3 for row in detail.sheet.rows):
            continue
        for sheet in book.sheets:
            if sheet.kind in (SheetKind.OVERVIEW, SheetKind.FISCAL_OVERVIEW):
                yield from _class_sums(book, sheet, detail)


def _class_sums(book: Book, sheet: Sheet, detail: Detail) -> Iterator[Equation]:
    equations = []
    for fact in cell_facts(sheet, book.year):
        codes = class_codes(fact.concept[-1])
        if fact.concept[0] != "class" or len(codes) != 1:
            continue
        code = codes.pop()
        rows = [
            pair
            for (measure, key), pairs in detail.by_key.items()
            if measure == "total" and key[0] == "functional" and key[1].startswith(code)
            for pair in pairs
        ]
        if rows:
            records = tuple(dict.fromkeys((fact.record, *(row.record for row, _ in rows))))
            equations.append(Equation(CLASSES, fact.term, tuple(term for _, term in rows), records=records))
    held = sum(holds(each) is True for each in equations)
    for each in equations:
        believed = held >= FEWEST_KEYS and held >= BORNE_OUT * len(equations)
        more = each.target.figure.value > sum(term.figure.value for term in each.numerator)
        believed = believed and not (more and sheet.kind is SheetKind.OVERVIEW)  # other money was spent as well
        yield each if believed else each.softened("两表口径不同")
