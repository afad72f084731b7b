"""The slips of the pen that can lie between what is printed and what was meant, each with its cost."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from extractor.checking.figures import Figure, plain
from extractor.checking.intervals import Interval
from schemas.quantities import Quantity, QuantityKind


class Slip(StrEnum):
    """What kind of slip explains a figure."""

    ROUNDING = "rounding"  # one unit of the last digit off
    SIGN = "sign"  # the direction word, or a minus
    UNIT = "unit"  # 元 for 万元, or the point moved
    SWAP = "swap"  # two figures in each other's place
    PRINTED = "printed"  # another figure of the document stands here
    DIGIT = "digit"  # one digit changed, dropped, added, or two neighbours swapped
    OTHER = "other"  # any other value


COSTS = {
    Slip.ROUNDING: Decimal("1.0"),
    Slip.SIGN: Decimal("1.0"),
    Slip.UNIT: Decimal("1.2"),
    Slip.SWAP: Decimal("1.3"),
    Slip.PRINTED: Decimal("1.4"),
    Slip.DIGIT: Decimal("1.6"),
    Slip.OTHER: Decimal("3.0"),
}
POINT_COST = Decimal("1.5")
FAR_ROUNDING_COST = Decimal("1.7")
"""A last digit that leaves the two sides a step or more apart would be two roundings that went wrong."""

WIDE_STEPS = 20
WIDE_SHARE = Decimal("0.001")
"""Where more than so many steps, or more than this share of the figure, would do, no single value is meant:
nearly every such interval holds some one-digit variant and some printed figure by chance."""

WIDEST_STEPS = 100
WIDEST_SHARE = Decimal("0.02")
WIDE_DIGIT_COST = Decimal("2.3")
"""In an interval up to so wide, a digit slip that is the only one to hit it is likelier than any other value."""

MISSING_SIGN_COST = Decimal("1.5")

UNIT_SHARE = Decimal("0.05")
"""A change of unit moves a figure so far that hitting an interval of this share of it is no chance."""

NARROW_STEPS = 4
"""Only in an interval of so few steps does another printed figure mean something."""

_IDLE_ZERO = re.compile(r"0\d")

_UNIT_POWERS = (4, -4)
_POINT_POWERS = (1, -1, 2, -2, 3, -3, 8, -8)


@dataclass(frozen=True, slots=True)
class Edit:
    """One slip on one figure: what was probably meant (in base units), at which cost."""

    figure: Figure
    slip: Slip
    value: Decimal
    cost: Decimal

    @property
    def step(self) -> Decimal:
        """The unit of the last digit of what was meant: a change of unit moves it with the value."""
        if self.slip is not Slip.UNIT or not self.figure.value:
            return self.figure.step
        return self.figure.step * abs(self.value / self.figure.value)

    @property
    def suggested(self) -> str | None:
        """The figure as it should be printed, in the printed unit; None where no value is surely meant."""
        if self.slip is Slip.OTHER:
            return None
        more = 4 if self.slip is Slip.UNIT and self.step < self.figure.step else 0
        return plain(self.value / self.figure.factor, self.figure.decimals + more)


class PrintedFigures:
    """All figures of a document by kind and value, to find those that lie in an interval."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = figures

    @cached_property
    def _by_kind(self) -> dict[tuple[QuantityKind, str], list[Decimal]]:
        found: dict[tuple[QuantityKind, str], set[Decimal]] = {}
        for figure in self._figures:
            if figure.value:
                found.setdefault(_sort_of(figure.quantity), set()).add(figure.value)
        return {sort: sorted(values) for sort, values in found.items()}

    def inside(self, like: Quantity, interval: Interval, slack: Decimal, limit: int = 3) -> list[Decimal]:
        """Distinct printed values of the same sort that lie in an interval widened by `slack` on both sides."""
        values = self._by_kind.get(_sort_of(like), [])
        first, behind = bisect_left(values, interval.low - slack), bisect_right(values, interval.high + slack)
        return values[first : min(behind, first + limit)]


def _sure_in_wide(figure: Figure, wanted: Interval) -> list[Edit]:
    """The slips that mean something in a wide interval: a sign, a unit, or the only digit variant in it."""
    if wanted.touches_zero:
        return []
    moved = (_sign_slip(figure), *_unit_slips(figure))
    found = [edit for edit in moved if wanted.holds(edit.value) and wanted.width <= abs(edit.value) * UNIT_SHARE]
    if not found and wanted.width <= max(figure.step * WIDEST_STEPS, abs(figure.value) * WIDEST_SHARE):
        digits = {value for value in digit_slips(figure) if wanted.holds(value)}
        edits = [edit for value in digits if _is_printable(edit := Edit(figure, Slip.DIGIT, value, WIDE_DIGIT_COST))]
        found = edits if len(edits) == 1 else []
    return found


def _sign_slip(figure: Figure) -> Edit:
    """A minus too many, or one that is missing; a printed minus is the likelier slip."""
    return Edit(figure, Slip.SIGN, -figure.value, COSTS[Slip.SIGN] if figure.value < 0 else MISSING_SIGN_COST)


def _sort_of(quantity: Quantity) -> tuple[QuantityKind, str]:
    """Figures of one sort can stand in each other's place: money with money, 家 with 家."""
    return quantity.kind, (quantity.unit or "") if quantity.kind is QuantityKind.COUNT else ""


def edits_of(figure: Figure, wanted: Interval, printed: PrintedFigures) -> list[Edit]:
    """Every slip that turns a value of `wanted` into the printed one, cheapest first.

    Where nothing but an unknown value would do, one edit of kind OTHER is returned. Whoever rounds wrongly
    is one off in a digit that he prints: 412 is hardly a wrong rounding to 411.99.
    """
    centre = (wanted.low + wanted.high) / 2
    if wanted.width > max(figure.step * WIDE_STEPS, abs(figure.value) * WIDE_SHARE):
        return [*_sure_in_wide(figure, wanted), Edit(figure, Slip.OTHER, centre, COSTS[Slip.OTHER])]
    found = [
        edit
        for edit in _candidates(figure, wanted, printed)
        if edit.value != figure.value and _is_printable(edit) and Interval.rounded(edit.value, edit.step).meets(wanted)
    ]
    found.sort(key=lambda edit: (edit.cost, abs(edit.value - centre)))
    return found or [Edit(figure, Slip.OTHER, centre, COSTS[Slip.OTHER])]


def _is_printable(edit: Edit) -> bool:
    """True when a value is a multiple of the figure's last digit: no slip adds precision."""
    unit = edit.step or edit.figure.factor
    return edit.value % unit == 0


def _candidates(figure: Figure, wanted: Interval, printed: PrintedFigures) -> Iterator[Edit]:
    value, step = figure.value, figure.step
    if step:
        cost = COSTS[Slip.ROUNDING if figure.quantity.decimals >= figure.decimals else Slip.DIGIT]
        centre = (wanted.low + wanted.high) / 2
        for near in (value + step, value - step):
            far = abs(near - centre) >= step
            yield Edit(figure, Slip.ROUNDING, near, max(cost, FAR_ROUNDING_COST) if far else cost)
    yield _sign_slip(figure)
    if not wanted.touches_zero:  # else a figure that does not belong there would do in any smaller unit
        yield from _unit_slips(figure)
        for power in _POINT_POWERS:
            yield Edit(figure, Slip.UNIT, value.scaleb(power), POINT_COST)
    if wanted.width <= step * NARROW_STEPS:
        for other in printed.inside(figure.quantity, wanted, step / 2):
            yield Edit(figure, Slip.PRINTED, other, COSTS[Slip.PRINTED])
    low, high = wanted.low - step, wanted.high + step
    for other in digit_slips(figure):
        if low <= other <= high:  # of some hundred variants hardly one
            yield Edit(figure, Slip.DIGIT, other, COSTS[Slip.DIGIT])


def _unit_slips(figure: Figure) -> Iterator[Edit]:
    """元 for 万元 and the other way round."""
    if figure.quantity.kind in (QuantityKind.MONEY, QuantityKind.NUMBER):
        for power in _UNIT_POWERS:
            yield Edit(figure, Slip.UNIT, figure.value.scaleb(power), COSTS[Slip.UNIT])


def digit_slips(figure: Figure) -> Iterator[Decimal]:
    """Every value one digit away from what is printed: changed, dropped, added, or neighbours swapped.

    Nobody prints 0 or 0.05 for 1000.00 and 1000.05: a variant that begins with a zero too many is none.
    """
    decimals = max(figure.quantity.decimals, 0)
    text = plain(abs(figure.value / figure.factor), decimals)
    sign = -1 if figure.value < 0 else 1
    for variant in set(_variants(text)):
        if value := Decimal("0" if _IDLE_ZERO.match(variant) else variant):
            yield value * figure.factor * sign


def _variants(text: str) -> Iterator[str]:
    places = [place for place, character in enumerate(text) if character != "."]
    for place in places:
        for digit in "0123456789":
            if digit != text[place]:
                yield text[:place] + digit + text[place + 1 :]
            yield text[:place] + digit + text[place:]
        dropped = text[:place] + text[place + 1 :]
        if dropped.strip("."):
            yield dropped
    for digit in "0123456789":
        yield text + digit
    for first, second in pairwise(places):
        letters = list(text)
        letters[first], letters[second] = letters[second], letters[first]
        yield "".join(letters)
