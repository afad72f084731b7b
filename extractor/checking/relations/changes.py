"""What a record says of its change from a base: difference, rate of growth, direction."""

from collections.abc import Iterator
from decimal import Decimal

from extractor.checking.book import Book, Entry
from extractor.checking.equations import HUNDRED, ONE, Comparison, Equation, Rule, Term
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
    for entries in list(book.by_type.values()):
        for entry in entries:
            for change in getattr(entry.fields, "changes", ()):
                yield from _change(book, entry, change)


def _change(book: Book, entry: Entry, change: Change) -> Iterator[Equation]:
    amount = book.term(entry, "amount")
    if amount is None:
        return
    sign = MINUS if change.direction == "decrease" else ONE
    delta = _part(book, change, "amount", sign, "减少" if sign < 0 else "增加")
    percent = _part(book, change, "percent", sign, "下降" if sign < 0 else "增长")
    base = _base(book, entry, change)
    records = (entry.record.id,)
    if delta is not None and base is not None:
        yield Equation(DELTA, delta, (amount, _negative(base)), records=records)
    if percent is not None:
        yield from _growth(amount, base, delta, percent, records)
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
        yield Equation(GROWTH, percent, (amount, _negative(base)), (base,), HUNDRED, records=records)


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
    return None if figure is None else Term(figure, subject_of(entry.record) + _BASES.get(change.base or "", "基数"))


def _part(book: Book, change: Change, name: str, sign: Decimal, label: str) -> Term | None:
    figure = book.figure(change, name)
    return None if figure is None else Term(figure, label, sign)


def _negative(term: Term) -> Term:
    return Term(term.figure, term.label, -term.sign)
