"""Between tables, and between the narrative and the tables: one fact, one figure.

Facts with one concept are compared with the finest of them that a table prints. Two tables are compared
only if most of what they share agrees; a figure of the narrative that the tables print for something else
was probably read for the wrong thing, and accuses nobody.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache, cached_property

from extractor.checking.book import Book
from extractor.checking.equations import Equation, Rule, Term, holds
from extractor.checking.relations.cells import cell_facts
from extractor.checking.relations.facts import Concept, Fact, class_key, narrative_facts
from extractor.checking.relations.inside import BORNE_OUT
from extractor.checking.sheets import Sheet, SheetKind
from extractor.classification import name_key, path_of
from schemas.checks import Family

NARRATIVE = Rule("between.narrative", Family.EQUAL, "文字与表格一致", "narrative and table agree")
TABLES = Rule("between.tables", Family.TABLE, "两张表的同一数字一致", "two tables agree")
ITEM = Rule("between.item", Family.EQUAL, "科目决算（预算）数与表格一致", "an item's amount and its table rows")
USUAL = Rule("between.usual", Family.TABLE, "两表的数字通常相等", "usually equal in two tables")

FEWEST_AGREEING = 2
"""One agreement may be chance; a single shared figure that differs accuses nobody."""

_USUAL = {"code_revenue": "department", "code_fiscal": "general_public", "code_income": ""}
"""What comes in by code, and the fund whose expenditure by code it usually is; with none, its own."""


def between(book: Book) -> Iterator[Equation]:
    """Every relation between tables, and between narrative and tables."""
    stated = {sheet.number: list(cell_facts(sheet, book.year)) for sheet in book.sheets}
    facts: dict[Concept, list[Fact]] = defaultdict(list)
    for sheet in book.sheets:
        if not _repeats_codes(sheet):
            for fact in stated[sheet.number]:
                facts[fact.concept].append(fact)
    printed = _Printed(book.sheets)
    yield from _tables(facts)
    yield from _usual(facts)
    yield from _narrative(book, printed, facts)
    yield from _operating(book, facts)
    for sheet in book.sheets:
        if sheet.kind is SheetKind.GENERAL_PUBLIC:
            yield from _items(book, sheet, printed, stated[sheet.number])


def _repeats_codes(sheet: Sheet) -> bool:
    """True for tables that list the codes once for each unit: no row alone states the item's amount."""
    codes = [row.code for row in sheet.rows if row.code]
    return sheet.kind in (SheetKind.GENERAL_PUBLIC, SheetKind.EXPENDITURE) and len(set(codes)) != len(codes)


def _tables(facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    """Pairs of tables, each against the first that prints the concept."""
    pairs: dict[tuple[str, str], list[Equation]] = defaultdict(list)
    for group in facts.values():
        first = group[0]
        for fact in group[1:]:
            if fact.place != first.place and _of_one_kind(fact.term, first.term):
                pairs[first.place, fact.place].append(_equation(TABLES, fact, first))
    for equations in pairs.values():
        telling = [each for each in equations if each.tells]
        held = sum(holds(each) is True for each in telling)
        believed = held >= BORNE_OUT * len(telling) and held >= FEWEST_AGREEING
        for each in equations:
            yield each if believed or holds(each) else each.softened("两表口径不同")


def _of_one_kind(one: Term, other: Term) -> bool:
    """False for an amount beside a figure of a table that prints no unit."""
    return one.figure.quantity.kind is other.figure.quantity.kind


def _usual(facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    """Revenue and expenditure by code, fiscal revenue and its expenditure by code: equal without carry-over."""
    for concept, group in facts.items():
        fund = _USUAL.get(concept[0])
        twins = facts.get(("code", fund or concept[1], concept[-1])) if fund is not None else None
        if twins:
            yield _equation(USUAL, group[0], twins[0], "收支之差形成结转结余")


def _equation(rule: Rule, fact: Fact, source: Fact, unless: str = "") -> Equation:
    """The coarser of two figures restates the finer; `unless` says why it need not."""
    if fact.term.figure.step < source.term.figure.step:
        fact, source = source, fact
    records = (fact.record, source.record) if fact.record != source.record else (fact.record,)
    return Equation(rule, fact.term, (source.term,), records=records, soft=bool(unless), unless=unless)


def _narrative(book: Book, printed: "_Printed", facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    for fact in narrative_facts(book):
        cells = [cell for cell in facts.get(fact.concept, []) if _of_one_kind(fact.term, cell.term)]
        if not cells:
            continue
        finest = min(cells, key=lambda cell: cell.term.figure.step)
        equation = Equation(NARRATIVE, fact.term, (finest.term,), records=(fact.record, finest.record))
        agreeing = any(holds(Equation(NARRATIVE, fact.term, (cell.term,))) for cell in cells)
        if agreeing or printed.elsewhere(fact.term.figure.value, fact.term.figure.step):
            yield equation.softened("表中另有这一数字")
        else:
            yield equation


def _operating(book: Book, facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    """机关运行经费 and the public funds of the table of basic expenditure."""
    cells = facts.get(("economic", "general_public", "公用经费"), [])
    for entry in book.entries("OperatingExpense") if cells else ():
        target = book.term(entry, "amount")
        if target is not None:
            equation = Equation(NARRATIVE, target, (cells[0].term,), records=(entry.record.id, cells[0].record))
            yield equation.softened("事业单位的公用经费不属于机关运行经费")


class _Printed:
    """The figures of all tables, by value; asked for only where something does not agree."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets

    @cached_property
    def _values(self) -> list[Decimal]:
        figures = (cell.term.figure for sheet in self._sheets for row in sheet.rows for cell in row.cells)
        return sorted(figure.value for figure in figures if figure.value)

    def elsewhere(self, value: Decimal, step: Decimal) -> bool:
        """True when some table prints a figure that rounds to this one."""
        at = bisect_left(self._values, value - step / 2)
        return at < len(self._values) and self._values[at] <= value + step / 2


def _items(book: Book, sheet: Sheet, printed: _Printed, stated: Sequence[Fact]) -> Iterator[Equation]:
    """An item of the narrative against the rows of its code: one row, or one a unit."""
    by_code: dict[str, list[Fact]] = defaultdict(list)
    for fact in stated:
        if fact.concept[:2] == ("code", "general_public") and len(fact.concept) == 3:
            by_code[fact.concept[2]].append(fact)
    codes_of: dict[str, set[str]] = defaultdict(set)
    for row in sheet.rows:
        if row.level == 7 and row.code:
            codes_of[name_key(row.name)].add(row.code)
    for entry in book.entries("FunctionalExpenditure"):
        target = book.term(entry, "amount")
        codes = codes_of.get(name_key(entry.text("item_name")), set())
        if len(codes) > 1:  # two sections have an item of this name
            path = class_key(entry.text("class_name")), name_key(entry.text("section_name"))
            codes = {code for code in codes if _path_keys(code) == path}
        rows = by_code[next(iter(codes))] if len(codes) == 1 else []
        rows = [row for row in rows if target and _of_one_kind(row.term, target)]
        if target is None or not rows:
            continue
        records = (entry.record.id, *(fact.record for fact in rows))
        equation = Equation(ITEM, target, tuple(fact.term for fact in rows), records=records)
        doubtful = holds(equation) is False and printed.elsewhere(target.figure.value, target.figure.step)
        yield equation.softened("表中另有这一数字") if doubtful else equation


@cache
def _path_keys(code: str) -> tuple[str, str] | None:
    """The class and the section of an official item, as they are compared."""
    path = path_of(code)
    return (class_key(path[0].name), name_key(path[1].name)) if len(path) == 3 else None
