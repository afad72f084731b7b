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
DIRECTION = Rule("change.direction", Family.DIRECTION, "增减方向与数字一致", "the direction agrees with the figures")

_BASES = {
    "prior_year": "上年数",
    "prior_year_budget": "上年预算数",
    "initial_budget": "年初预算数",
    "adjusted_budget": "调整预算数",
}
MINUS = Decimal(-1)


def changes(book: Book) -> Iterator[Equation]:
    """Every relation between an amount, its base, the change and the rate of growth."""
    for entry in book.changing:
        for change in changes_of(entry.fields):
            yield from _change(book, entry, change)


def _change(book: Book, entry: Entry, change: Change) -> Iterator[Equation]:
    amount = book.term(entry, "amount")
    told = change.direction is not None or (change.amount is None and change.percent is None)
    if amount is None or not told:  # without a direction a difference has no sign
        return
    sign = MINUS if change.direction == "decrease" else ONE
    delta = _part(book, change, "amount", sign, "减少" if sign < 0 else "增加")
    percent = _part(book, change, "percent", sign, "下降" if sign < 0 else "增长")
    base = _base(book, entry, change)
    records = (entry.record.id,)
    if delta is not None and base is not None:
        yield _attached(book, entry, Equation(DELTA, delta, (amount, _negative(base)), records=records))
    if percent is not None:
        for equation in _growth(amount, base, delta, percent, records):
            yield _attached(book, entry, equation)
    if base is not None and delta is None and percent is None:
        yield from _direction(change, amount, base, records)


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
    return replace(equation, soft=True, unless="“基数”应是增减额") if holds(other) else equation


def _attached(book: Book, entry: Entry, equation: Equation) -> Equation:
    """The relation, soft where the change may speak of another amount than that of its record.

    It surely speaks of it where no other record's money stands between the two, and where the amount does not
    close an enumeration (…费1.58万元，…费28.91万元。较上年…增加…: the change is that of all).
    """
    if holds(equation) is not False:
        return equation
    own = set(entry.ids)
    amount = book.figure(entry.fields, "amount")
    change = next((term for term in equation.terms if term.id in own and amount and term.id != amount.id), None)
    if amount is None or change is None:
        return equation
    if _foreign_between(book, own, amount, change.figure) or _closes_enumeration(book, own, amount, change.figure):
        return replace(equation, soft=True, unless="这一增减可能是另一数字的增减")
    if _change_of_two(book, equation, amount):
        return replace(equation, soft=True, unless="这一增减是前面两项合计的增减")
    if _change_of_another(book, own, equation, amount):
        return replace(equation, soft=True, unless="这一增减是句中另一数字的增减")
    return equation


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
