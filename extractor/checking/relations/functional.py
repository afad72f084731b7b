"""类, 款, 项: items add up to their classes and to the whole; repeated names of the economic classification."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractor.checking.book import Book, Entry
from extractor.checking.equations import ONE, Equation, Rule, Term, holds
from extractor.checking.labels import subject_of
from extractor.checking.relations.facts import class_key
from extractor.checking.relations.wholes import Composition, compositions, kind_of_part
from extractor.classification import name_key
from extractor.reading.routing import SectionKind, kind_of
from schemas.checks import Family
from schemas.records import Change

CLASS_SUM = Rule("functional.class", Family.SUM, "类级支出等于其各项之和", "a class is the sum of its items")
ITEM_SUM = Rule("functional.items", Family.SUM, "一般公共预算支出等于各项之和", "the total is the sum of all items")
LEVELS = Rule("functional.levels", Family.SUM, "类、款等于其下各款、项之和", "a line is the sum of the lines below it")
CHANGES = Rule("functional.changes", Family.DELTA, "总增减额等于各项增减额之和", "changes of the items add up")
LISTED = Rule("functional.listed", Family.SUM, "总额等于所列各类之和", "the total is the sum of the classes listed")
SAME_NAME = Rule("functional.economic", Family.EQUAL, "功能分类的项与同名经济分类款相等", "item and economic item")
INSURANCE = Rule("functional.insurance", Family.SUM, "职工基本医疗保险等于行政、事业单位医疗之和", "medical insurance")

_SCOPES = {SectionKind.GOVERNMENT_FUND: "government_fund", SectionKind.STATE_CAPITAL: "state_capital"}
INCOMPLETE = "列出的项可能不全"

_TWINS = (
    ("机关事业单位基本养老保险缴费支出", "机关事业单位基本养老保险缴费"),
    ("机关事业单位职业年金缴费支出", "职业年金缴费"),
    ("公务员医疗补助", "公务员医疗补助缴费"),
    ("住房公积金", "住房公积金"),
    ("提租补贴", "提租补贴"),
    ("购房补贴", "购房补贴"),
)
"""Functional items that are spent on one economic item alone."""


def functional(book: Book) -> Iterator[Equation]:
    """Every relation of functional items with classes, totals and economic items."""
    for lines in _lists(book):
        amounts = book.terms(lines, "amount")
        if len(amounts) < len(lines) or len(lines) < 2:
            continue
        yield from _levels(book, lines)
        top = _top(lines)
        scope = _scope(book, lines)
        whole = _whole(book, lines, scope)
        complete = False
        if whole is not None:
            equation = _item_sum(book, whole, top, book.terms(top, "amount"))
            complete = holds(equation) is True
            yield equation
            yield from _change_sum(book, whole, top)
        if scope == "general_public":
            yield from _class_sums(book, top, whole if complete else None)
    yield from _economic_twins(book)


def _change_sum(book: Book, whole: Entry, lines: Sequence[Entry]) -> Iterator[Equation]:
    """The change of the total is the sum of the changes of its items, if no item of the base is gone."""
    changes = [getattr(entry.fields, "changes", ()) for entry in (whole, *lines)]
    firsts = [each[0] if each else None for each in changes]
    bases = {each.base for each in firsts if each is not None}
    if firsts[0] is None or len(bases) != 1 or None in firsts:
        return
    terms = [_signed(book, entry, each) for entry, each in zip((whole, *lines), firsts, strict=True) if each]
    found = [term for term in terms if term is not None]
    if len(found) == len(firsts):
        records = (whole.record.id, *(line.record.id for line in lines))
        unless = "上年另有本年没有的科目"
        yield Equation(CHANGES, found[0], tuple(found[1:]), records=records, soft=True, unless=unless)


def _signed(book: Book, entry: Entry, change: Change) -> Term | None:
    figure = book.figure(change, "amount")
    falls = change.direction == "decrease"
    label = subject_of(entry.record) + ("减少" if falls else "增加")
    return None if figure is None else Term(figure, label, Decimal(-1) if falls else ONE)


def _depth(entry: Entry) -> int:
    """1 for a line of a class, 2 of a section, 3 of an item."""
    return 3 if entry.text("item_name") else 2 if entry.text("section_name") else 1


def _above(line: Entry) -> list[tuple[str, ...]]:
    """The keys of the class and the section that a line stands under."""
    class_name, section_name = class_key(line.text("class_name")), name_key(line.text("section_name"))
    depth = _depth(line)
    return [(class_name,)] * (depth > 1) + [(class_name, section_name)] * (depth > 2)


def _own_key(line: Entry) -> tuple[str, ...]:
    """The key of a line of a class or section itself."""
    if _depth(line) == 1:
        return (class_key(line.text("class_name")),)
    return class_key(line.text("class_name")), name_key(line.text("section_name"))


def _top(lines: Sequence[Entry]) -> list[Entry]:
    """The lines that no other line of the list sums up."""
    heads = {_own_key(line) for line in lines if _depth(line) < 3}
    return [line for line in lines if not heads.intersection(_above(line))]


def _levels(book: Book, lines: Sequence[Entry]) -> Iterator[Equation]:
    """A line of a class or section against the next lines below it."""
    below: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for line in lines:
        for key in _above(line):
            below[key].append(line)
    for upper in lines:
        lower = below.get(_own_key(upper), []) if _depth(upper) < 3 else []
        next_depth = min((_depth(line) for line in lower), default=0)
        parts = book.terms([line for line in lower if _depth(line) == next_depth], "amount")
        whole = book.term(upper, "amount")
        if whole is not None and parts:
            total = sum(term.figure.value for term in parts)
            near = abs(total - whole.figure.value) * 20 <= whole.figure.value
            yield Equation(
                LEVELS,
                whole,
                tuple(parts),
                records=(upper.record.id, *(line.record.id for line in lower)),
                soft=total < whole.figure.value and not near,
                unless=INCOMPLETE,
            )


def _lists(book: Book) -> list[list[Entry]]:
    """Functional items with amounts, list by list: the items of neighbouring sections under one parent."""
    lists: list[list[Entry]] = []
    parents = {
        node.id: node.path[:-1] if node.heading and node.level >= 4 else node.path for node in book.disclosure.sections
    }
    for entry in book.entries("FunctionalExpenditure"):
        if book.figure(entry.fields, "amount") is None:
            continue
        last = lists[-1][-1] if lists else None
        if last is not None and parents.get(last.section or "") == parents.get(entry.section or ""):
            lists[-1].append(entry)
        else:
            lists.append([entry])
    return lists


def _scope(book: Book, items: Sequence[Entry]) -> str:
    """The budget whose items they are, by the section that lists them."""
    path = next((node.path for node in book.disclosure.sections if node.id == items[0].section), ())
    return _SCOPES.get(kind_of(path), "general_public")


def _whole(book: Book, items: Sequence[Entry], scope: str) -> Entry | None:
    """The expenditure of the budget that the items part: the last one printed before them."""
    totals = [
        entry
        for entry in book.entries("BudgetTotal", scope=scope)
        if entry.text("side") in ("expenditure", "both")
        and entry.start < items[0].start
        and book.figure(entry.fields, "amount") is not None
    ]
    return totals[-1] if totals else None


def _item_sum(book: Book, whole: Entry, items: Sequence[Entry], amounts: list[Term]) -> Equation:
    total = book.term(whole, "amount")
    assert total is not None
    exceeds = sum(term.figure.value for term in amounts) > total.figure.value
    records = (whole.record.id, *(entry.record.id for entry in items))
    near = abs(sum(term.figure.value for term in amounts) - total.figure.value) * 100 <= total.figure.value
    return Equation(ITEM_SUM, total, tuple(amounts), records=records, soft=not (exceeds or near), unless=INCOMPLETE)


def _class_sums(book: Book, items: Sequence[Entry], complete: Entry | None) -> Iterator[Equation]:
    """Every class of every composition against its items; `complete` is the total that the items come to.

    A composition of another total (财政拨款 with what is carried over) has other amounts.
    """
    total = book.figure(complete.fields, "amount") if complete is not None else None
    by_class: dict[str, list[Entry]] = defaultdict(list)
    for entry in items:
        by_class[class_key(entry.text("class_name"))].append(entry)
    for composition in compositions(book):
        if composition.items[0].get("scope") not in ("general_public_expenditure", "fiscal_expenditure"):
            continue
        whole = book.figure(composition.whole.fields, "amount") if composition.whole is not None else None
        if composition.items[0].get("scope") == "fiscal_expenditure" and (
            total is None or whole is None or whole.value != total.value
        ):
            continue
        classes = {class_key(item.text("label")): item for item in composition.items if _is_class(item)}
        before = composition.items[-1].start < items[0].start  # no classes told amidst their items
        if complete is not None and set(by_class) - set(classes) and classes and before:
            yield from _listed(book, composition)
        equations = [
            equation
            for key, item in classes.items()
            if key in by_class and (equation := _class_sum(book, item, by_class[key])) is not None
        ]
        sure = complete is not None or sum(holds(each) is True for each in equations) * 2 > len(equations)
        short = [each for each in equations if _total(each) < each.target.figure.value and holds(each) is False]
        partial = complete is None and len(short) > 1  # only the main items of several classes are told
        for equation in equations:
            exceeds = _total(equation) > equation.target.figure.value
            yield equation if (sure and not partial) or exceeds else _softened(equation)


def _total(equation: Equation) -> Decimal:
    return sum((term.figure.value for term in equation.numerator), Decimal(0))


def _class_sum(book: Book, item: Entry, entries: Sequence[Entry]) -> Equation | None:
    whole = book.term(item, "amount")
    parts = book.terms(entries, "amount")
    if whole is None or not parts:
        return None
    records = (item.record.id, *(entry.record.id for entry in entries))
    return Equation(CLASS_SUM, whole, tuple(parts), records=records)


def _softened(equation: Equation) -> Equation:
    return Equation(
        equation.rule, equation.target, equation.numerator, records=equation.records, soft=True, unless=INCOMPLETE
    )


def _listed(book: Book, composition: Composition) -> Iterator[Equation]:
    """Items of a class that the list of classes leaves out: then the list does not come to the total."""
    whole = book.term(composition.whole, "amount") if composition.whole is not None else None
    parts = book.terms([item for item in composition.items if _is_class(item)], "amount")
    if composition.whole is not None and whole is not None and parts:
        records = (composition.whole.record.id, *(item.record.id for item in composition.items))
        yield Equation(LISTED, whole, tuple(parts), records=records)


def _is_class(item: Entry) -> bool:
    return kind_of_part(item.text("label")) == "class"


def _economic_twins(book: Book) -> Iterator[Equation]:
    economic = {name_key(entry.text("label")): entry for entry in reversed(book.entries("EconomicItem"))}
    items: dict[str, list[Entry]] = defaultdict(list)
    for entry in book.entries("FunctionalExpenditure"):
        items[name_key(entry.text("item_name"))].append(entry)
    for item_name, label in _TWINS:
        if len(items[item_name]) == 1 and label in economic:
            yield from _twin(book, items[item_name], economic[label], SAME_NAME)
    medical = items["行政单位医疗"] + items["事业单位医疗"]
    if medical and "职工基本医疗保险缴费" in economic:
        yield from _twin(book, medical, economic["职工基本医疗保险缴费"], INSURANCE)


def _twin(book: Book, items: Sequence[Entry], economic: Entry, rule: Rule) -> Iterator[Equation]:
    target, parts = book.term(economic, "amount"), book.terms(items, "amount")
    if target is not None and len(parts) == len(items):
        records = (economic.record.id, *(entry.record.id for entry in items))
        yield Equation(
            rule, target, tuple(parts), records=records, soft=True, unless="该项支出可能还有别的经济分类或资金来源"
        )
