"""Units and decimals: a unit that is missing, a figure with more decimals than its neighbours."""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal

from extractor.checking.book import Book, Entry
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.figures import YUAN_PER_UNIT
from extractor.checking.wording.places import figure_place
from schemas.checks import Family, Outcome
from schemas.fields import FieldKind, QuantityRef, leaves
from schemas.quantities import Quantity, QuantityKind, Role

MISSING = Rule("unit.missing", Family.UNIT, "金额带有单位", "amounts carry their unit")
OTHER = Rule("unit.other", Family.UNIT, "同一数字单位一致", "one figure has one unit wherever it is printed")
DECIMALS = Rule("unit.decimals", Family.UNIT, "同一列表小数位数一致", "one number of decimals in a list")

_LISTS = ("FunctionalExpenditure", "CompositionItem", "EconomicItem")
_WITHOUT_UNITS = ("TableRow", "PerformanceIndicator")
_UNITS = ("元", "万元")
FEWEST_DECIMALS = 2
MANY_DIGITS = 5
SHORTEST_LIST = 6
SELDOM = 10
"""A number of decimals that fewer than one amount in so many prints is unusual in its document."""


def units(book: Book) -> Iterator[Claim]:
    """Every judgement on units."""
    yield from _missing(book)
    yield from _other_units(book)
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


def _other_units(book: Book) -> Iterator[Claim]:
    """公务接待费1.65元 where the same is 1.65万元 elsewhere; 6,466.50元 where a table in 万元 has 6,466.50.

    Two amounts with so many digits alike are one amount; of few digits, one of the same thing. Several figures that
    differ from a table in their unit speak of our reading of the table's unit, not of them.
    """
    printed: dict[tuple[Decimal, int], list[Quantity]] = defaultdict(list)
    for quantity in book.disclosure.quantities:
        if quantity.value and quantity.yuan is not None and quantity.decimals >= FEWEST_DECIMALS:
            printed[quantity.value, quantity.decimals].append(quantity)
    alike = [each for each in printed.values() if len({_factor(one) for one in each}) == 2]
    found = [pair for each in alike if (pair := _odd_one(book, each)) is not None]
    from_tables = sum(other.role is Role.TABLE for _, other in found)
    for odd, other in found:
        if other.role is not Role.TABLE or from_tables == 1:
            yield _other_unit(book, odd, other)


def _odd_one(book: Book, alike: Sequence[Quantity]) -> tuple[Quantity, Quantity] | None:
    """The one figure of the narrative whose unit is another than that of the others, and one of these."""
    cells = [each for each in alike if each.role is Role.TABLE]
    for odd in alike:
        others = [each for each in alike if each is not odd]
        if odd.role is Role.TABLE or odd.unit not in _UNITS or {_factor(each) for each in others} == {_factor(odd)}:
            continue
        if len({_factor(each) for each in others}) > 1 or (not cells and odd.unit == book.figures.usual_money_unit):
            continue
        digits = len(str(odd.value).replace(".", "").strip("-0"))
        same = [other for other in others if digits >= MANY_DIGITS or _of_one_thing(book, odd, other)]
        if same:
            return odd, same[-1]
    return None


def _of_one_thing(book: Book, one: Quantity, other: Quantity) -> bool:
    """True for the same field of two records that tell of the same."""
    told = [_told(book, each.id) for each in (one, other)]
    return bool(told[0]) and told[0] == told[1]


def _told(book: Book, quantity_id: str) -> Hashable:
    for record in book.records:
        if quantity_id in book.held[record.id]:
            found = list(leaves(record.fields))
            paths = [each.path for each in found if each.value == QuantityRef(quantity=quantity_id)]
            words = [each.value for each in found if each.spec.kind is FieldKind.ENUM and each.path.count(".") == 0]
            return (record.type, *paths, *words) if words else None
    return None


def _factor(quantity: Quantity) -> Decimal:
    assert quantity.yuan is not None
    assert quantity.value
    return quantity.yuan / quantity.value


def _other_unit(book: Book, odd: Quantity, other: Quantity) -> Claim:
    unit = next(name for name, yuan in YUAN_PER_UNIT.items() if yuan == _factor(other))
    number = odd.raw.removesuffix(odd.unit or "")
    return Claim(
        OTHER,
        Outcome.VIOLATED,
        f"{odd.raw}在另一处为{number}{unit}：数字相同，单位不同。",
        f"{odd.raw} is {number}{unit} elsewhere: the same number in another unit.",
        (figure_place(book.disclosure, odd.id, 18, 4), figure_place(book.disclosure, other.id, 18, 4)),
        quantities=(odd.id, other.id),
        suspect=odd.id,
        suggested=f"{(odd.value or Decimal(0)) * _factor(other) / _factor(odd):f}",
    )


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
