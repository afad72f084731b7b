"""What a record says of its change from a base: difference, rate of growth, direction."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from extractor.checking.book import Book, Entry, changes_of
from extractor.checking.equations import HUNDRED, ONE, Comparison, Equation, Rule, Term, holds
from extractor.checking.figures import Figure
from extractor.checking.intervals import ZERO
from extractor.checking.labels import subject_of
from schemas.checks import Family
from schemas.records import Change

DELTA = Rule("change.delta", Family.DELTA, "增减额等于本期数减基数", "the change is the amount less its base")
GROWTH = Rule("change.growth", Family.GROWTH, "增长率等于增减额除以基数", "the rate is the change over its base")
UNCHANGED = Rule("change.unchanged", Family.DIRECTION, "持平、相同的两数相等", "unchanged means equal")
COMPLETION = Rule("change.completion", Family.COMPLETION, "完成预算的比例与增减额一致", "completion and change agree")
DIRECTION = Rule("change.direction", Family.DIRECTION, "增减方向与数字一致", "the direction agrees with the figures")

_BASES = {
    "prior_year": "上年数",
    "prior_year_budget": "上年预算数",
    "initial_budget": "年初预算数",
    "adjusted_budget": "调整预算数",
}
MINUS = Decimal(-1)
_NAMES = {
    **{"general_public": "一般公共预算", "government_fund": "政府性基金", "state_capital": "国有资本经营"},
    **{"total": "三公", "reception": "接待", "abroad": "出国", "vehicle_operation": "运行", "vehicle": "购置及运行"},
}
"""Words that name a budget or an item of the three public expenses."""

_MONEY = re.compile(r"\d\s*(?:万|亿)?元")
_CHANGE_FIGURE = re.compile(r"(?:增加|减少|增长|下降)\s*[\d.,]+\s*(?:万|亿)?元[，,]\s*(?:增长|下降|降低)?$")


def changes(book: Book) -> Iterator[Equation]:
    """Every relation between an amount, its base, the change and the rate of growth."""
    for entry in book.changing:
        for change in changes_of(entry.fields):
            yield from _change(book, entry, change)


_FALLS_BY = re.compile(r"(?:下降|减少|降低|下滑|降幅|减幅)(?:了|为|约)?$")


def _change(book: Book, entry: Entry, change: Change) -> Iterator[Equation]:
    amount = book.term(entry, "amount") or _of_both_sides(book, entry) or _told_before(book, entry)
    told = change.direction is not None or (change.amount is None and change.percent is None)
    if amount is None or not told:  # without a direction a difference has no sign
        return
    sign = MINUS if change.direction == "decrease" else ONE
    delta = _part(book, change, "amount", sign, "减少" if sign < 0 else "增加")
    percent = _part(book, change, "percent", sign, "下降" if sign < 0 else "增长")
    if percent is not None and percent.figure.value < 0 and not _FALLS_BY.search(book.before(percent.id, 6)):
        percent = replace(percent, sign=ONE)  # 减少90万元（-37.50%）, 变动率-4.99%: the sign is the rate's own
    base = _base(book, entry, change)
    records = (entry.record.id,)
    if delta is not None and base is not None:
        yield _attached(book, entry, Equation(DELTA, delta, (amount, _negative(base)), records=records))
    if delta is not None and base is None:
        for equation in _completion(entry, book, change, amount, delta):
            yield _attached(book, entry, equation)
    if percent is not None:
        for equation in _growth(amount, base, delta, percent, records):
            yield _attached(book, entry, equation)
    if base is not None and delta is None and percent is None:
        yield from _direction(change, amount, base, records)


def _of_both_sides(book: Book, entry: Entry) -> Term | None:
    """收入总计X，支出总计X，收、支总计各增加Y: the amount that both sides state before, where they are equal."""
    if entry.record.type != "BudgetTotal" or entry.text("side") != "both":
        return None
    sides = [
        found[-1]
        for side in ("revenue", "expenditure")
        if (
            found := [
                each
                for each in book.entries("BudgetTotal", scope=entry.text("scope"), side=side)
                if each.paragraph == entry.paragraph and each.start < entry.start
            ]
        )
    ]
    terms = book.terms(sides, "amount")
    return terms[0] if len(terms) == 2 and terms[0].figure.value == terms[1].figure.value else None


_SUBJECT = {"CompositionItem": ("scope", "label"), "OfficialExpense": ("item", "source")}


def _told_before(book: Book, entry: Entry) -> Term | None:
    """基本支出X，项目支出Y。…，其中项目支出增加Z: the one amount that the section gave of the same."""
    subject = {name: entry.get(name) for name in _SUBJECT.get(entry.record.type, ())}
    if not subject or (hasattr(entry.fields, "initial_budget") and book.term(entry, "initial_budget") is not None):
        return None
    told = [
        each
        for each in book.entries(entry.record.type)
        if each.section == entry.section and all(each.get(name) == value for name, value in subject.items())
    ]
    terms = book.terms(told, "amount")
    return terms[0] if len(terms) == 1 and terms[0].figure.quantity.start < entry.start else None


def _completion(entry: Entry, book: Book, change: Change, amount: Term, delta: Term) -> Iterator[Equation]:
    """支出68.00万元，完成年初预算的85.0%，比年初预算减少12.00万元: the budget is told by the change from it."""
    if not hasattr(entry.fields, "completion") or change.base != "initial_budget":
        return
    completion = book.term(entry, "completion")
    if completion is None or getattr(entry.fields, "initial_budget", None) is not None:
        return
    if entry.record.type != "CompositionItem" and entry.text("completion_base") == "adjusted_budget":
        return
    terms = (amount, _negative(delta))
    yield Equation(COMPLETION, completion, (amount,), terms, HUNDRED, records=(entry.record.id,))


def _growth(
    amount: Term, base: Term | None, delta: Term | None, percent: Term, records: tuple[str, ...]
) -> Iterator[Equation]:
    if delta is not None and base is not None:
        yield Equation(GROWTH, percent, (delta,), (base,), HUNDRED, records=records)
    elif delta is not None:
        yield Equation(GROWTH, percent, (delta,), (amount, _negative(delta)), HUNDRED, records=records)
    elif base is not None:
        equation = Equation(GROWTH, percent, (amount, _negative(base)), (base,), HUNDRED, records=records)
        yield equation if holds(equation) else _as_change(equation, amount, base, percent)


def _as_change(equation: Equation, amount: Term, base: Term, percent: Term) -> Equation:
    """比上年增收15336万元，增长33.24%: what was taken for the base may be the change itself."""
    delta = Term(base.figure, base.label, percent.sign)
    other = Equation(GROWTH, percent, (delta,), (amount, _negative(delta)), HUNDRED, records=equation.records)
    return equation.softened("“基数”应是增减额") if holds(other) else equation


def _attached(book: Book, entry: Entry, equation: Equation) -> Equation:
    """The relation, soft where the change may speak of another amount than that of its record.

    It surely speaks of it where no other record's money stands between the two, and where the amount does not
    close an enumeration (…费1.58万元，…费28.91万元。较上年…增加…: the change is that of all).
    """
    if holds(equation) is not False:
        return equation
    if _is_named_again(book, entry, equation):
        return equation
    own = set(entry.ids)
    amount = book.figure(entry.fields, "amount")
    change = next((term for term in equation.terms if term.id in own and amount and term.id != amount.id), None)
    if amount is None or change is None:
        return equation
    if _foreign_between(book, own, amount, change.figure) or _closes_enumeration(book, own, amount, change.figure):
        return equation.softened("这一增减可能是另一数字的增减")
    if _change_of_two(book, equation, amount):
        return equation.softened("这一增减是前面两项合计的增减")
    if _change_of_another(book, own, equation, amount):
        return equation.softened("这一增减是句中另一数字的增减")
    return equation


def _is_named_again(book: Book, entry: Entry, equation: Equation) -> bool:
    """与2023年相比，一般公共预算收支预算增加…: the clause of the change names the subject of its record."""
    name = _name(entry)
    amount = book.figure(entry.fields, "amount")
    changes = [term for term in equation.terms if amount and term.id in entry.ids and term.id != amount.id]
    if not name or not changes:
        return False
    words = re.split(r"[；;。\n]", book.before(min(changes, key=lambda term: term.figure.quantity.start).id, 60))[-1]
    clause = _CHANGE_FIGURE.sub("", words)
    return name in clause and not _MONEY.search(clause)


def _name(entry: Entry) -> str | None:
    """What a clause calls the subject of a record."""
    if entry.record.type == "CompositionItem":
        return entry.text("label")
    field = {"BudgetTotal": "scope", "OfficialExpense": "item"}.get(entry.record.type)
    return _NAMES.get(entry.text(field)) if field else None


def _foreign_between(book: Book, own: set[str], amount: Figure, change: Figure) -> bool:
    """Another record's money between an amount and its change; the amount said again is no other money."""
    return any(
        figure.id not in own and figure.value not in (ZERO, amount.value)
        for figure in book.money_between(amount.quantity.start, change.quantity.start)
    )


def _closes_enumeration(book: Book, own: set[str], amount: Figure, change: Figure) -> bool:
    between = book.between(amount.id, change.id)
    if "。" not in between and "\n" not in between:
        return False
    sentence = book.sentence_start(amount.id)
    return any(figure.id not in own for figure in book.money_between(sentence, amount.quantity.start))


def _change_of_another(book: Book, own: set[str], equation: Equation, amount: Figure) -> bool:
    """Another amount of the sentence makes the relation hold in the place of the record's own."""
    start = book.sentence_start(amount.id)
    others = [figure for figure in book.money_between(start, amount.quantity.start) if figure.id not in own]
    return any(holds(equation, {amount.id: (each.value, each.step)}) is True for each in others)


def _change_of_two(book: Book, equation: Equation, amount: Figure) -> bool:
    """基本支出…元，项目支出…元，同比增加…: the change of both together makes the relation hold."""
    before = book.money_between(book.sentence_start(amount.id), amount.quantity.start)
    if not before:
        return False
    both = (amount.value + before[-1].value, max(amount.step, before[-1].step))
    return holds(equation, {amount.id: both}) is True


def _direction(change: Change, amount: Term, base: Term, records: tuple[str, ...]) -> Iterator[Equation]:
    if change.direction == "unchanged":
        yield Equation(UNCHANGED, amount, (base,), records=records)
    elif change.direction is not None:
        comparison = Comparison.AT_LEAST if change.direction == "increase" else Comparison.AT_MOST
        yield Equation(DIRECTION, amount, (base,), comparison=comparison, records=records)


def _base(book: Book, entry: Entry, change: Change) -> Term | None:
    """The base that the sentence prints, or the initial budget printed beside the amount."""
    figure = book.figure(change, "base_amount")
    if figure is None and change.base == "initial_budget" and hasattr(entry.fields, "initial_budget"):
        figure = book.figure(entry.fields, "initial_budget")
        amount = book.figure(entry.fields, "amount")
        if figure is not None and amount is not None and _two_budgets(book, figure, amount):
            return None
    return None if figure is None else Term(figure, subject_of(entry.record) + _BASES.get(change.base or "", "基数"))


def _two_budgets(book: Book, initial: Figure, amount: Figure) -> bool:
    """年初预算为…，全年预算为…，支出决算为…，决算数小于预算数: which budget is meant is not said."""
    between = book.between(initial.id, amount.id) or book.between(amount.id, initial.id)
    return bool(re.search(r"全年预算|调整(?:后)?预算", between))


def _part(book: Book, change: Change, name: str, sign: Decimal, label: str) -> Term | None:
    figure = book.figure(change, name)
    return None if figure is None else Term(figure, label, sign)


def _negative(term: Term) -> Term:
    return Term(term.figure, term.label, -term.sign)
