"""Units and decimals: a unit that is missing, a figure with more decimals than its neighbours."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from extractor.checking.book import Book, Entry
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.wording.places import figure_place
from schemas.checks import Family, Outcome
from schemas.fields import FieldKind, QuantityRef, leaves
from schemas.quantities import Quantity, QuantityKind, Role

MISSING = Rule("unit.missing", Family.UNIT, "金额带有单位", "amounts carry their unit")
DECIMALS = Rule("unit.decimals", Family.UNIT, "同一列表小数位数一致", "one number of decimals in a list")

_LISTS = ("FunctionalExpenditure", "CompositionItem", "EconomicItem")
_WITHOUT_UNITS = ("TableRow", "PerformanceIndicator")
SHORTEST_LIST = 6
SELDOM = 10
"""A number of decimals that fewer than one amount in so many prints is unusual in its document."""


def units(book: Book) -> Iterator[Claim]:
    """Every judgement on units."""
    yield from _missing(book)
    for record_type in _LISTS:
        yield from _decimals(book, book.entries(record_type))


def _missing(book: Book) -> Iterator[Claim]:
    for record in book.records:
        if record.type in _WITHOUT_UNITS:
            continue
        for leaf in leaves(record.fields):
            if leaf.spec.kind is not FieldKind.MONEY or not isinstance(leaf.value, QuantityRef):
                continue
            quantity = book.disclosure.by_id.get(leaf.value.quantity)
            if quantity is None or not _lacks_unit(book, quantity):
                continue
            unit = book.figures.usual_money_unit
            yield Claim(
                MISSING,
                Outcome.VIOLATED,
                f"金额{quantity.raw}没有单位，应为{quantity.raw}{unit}。",
                f"the amount {quantity.raw} lacks its unit ({unit}).",
                (figure_place(book.disclosure, quantity.id, 18, 8),),
                quantities=(quantity.id,),
                records=(record.id,),
                suspect=quantity.id,
            )


def _lacks_unit(book: Book, quantity: Quantity) -> bool:
    """True for an amount with decimals and no unit; one cut off by the end of the text, or a share, is none."""
    if quantity.role is Role.TABLE or quantity.kind is not QuantityKind.NUMBER:
        return False
    if not quantity.value or quantity.unit is not None or not quantity.decimals:
        return False
    if not book.after(quantity.id, 2) or re.search(r"占[^，。；]{0,16}$", book.before(quantity.id)):
        return False
    return book.after(quantity.id, 1) not in "萬億%％"


def _is_usual(book: Book, decimals: int) -> bool:
    """Does the narrative print amounts with so many decimals more than now and then?"""
    amounts = [q for q in book.disclosure.quantities if q.kind is QuantityKind.MONEY and q.role is not Role.TABLE]
    return sum(q.decimals >= decimals for q in amounts) * SELDOM > len(amounts)


def _decimals(book: Book, entries: Sequence[Entry]) -> Iterator[Claim]:
    """The only figure of a list with more decimals than the others print."""
    figures = [figure for entry in entries if (figure := book.figure(entry.fields, "amount")) is not None]
    printed = [f for f in figures if not f.in_table and f.value and f.quantity.unit != "亿元"]  # 1.120694亿元 is exact
    counts = Counter(figure.quantity.decimals for figure in printed)
    most = max(counts, default=0)
    rest = [decimals for decimals in counts if decimals < most]
    if len(printed) < SHORTEST_LIST or counts[most] != 1 or not rest or counts[max(rest)] * 2 < len(printed):
        return
    if _is_usual(book, most):  # 10万元 beside 106.52万元: the document drops closing noughts
        return
    odd = next(figure for figure in printed if figure.quantity.decimals == most)
    yield Claim(
        DECIMALS,
        Outcome.VIOLATED,
        f"{odd.quantity.raw}有{most}位小数，同一列表其余数字至多{max(rest)}位。",
        f"{odd.quantity.raw} prints {most} decimals, the others of the list {max(rest)} at most.",
        (figure_place(book.disclosure, odd.id, 24, 0),),
        quantities=(odd.id,),
        suspect=odd.id,
    )
