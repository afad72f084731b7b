"""Printed figures as numbers to reckon with: in base units, each with the step of its last digit."""

import re
from collections.abc import Mapping
from dataclasses import field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property

from extractor.checking.frozen import frozen
from extractor.checking.intervals import ZERO, Interval
from extractor.checking.precision import Convention, unit_of_digit
from schemas.quantities import Bound, Quantity, QuantityKind, Role

YUAN_PER_UNIT = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
FINEST_NOTHING = Decimal(100)
"""Yuan: nobody spends less than half of this, so 0 printed as finely means nothing at all."""

_MONEY, _PERCENT = QuantityKind.MONEY, QuantityKind.PERCENT  # naming a member is slow
_SCALE = re.compile(r"^[十百千万亿]+")
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}


@frozen
class Figure:
    """One printed figure.

    `value` and `step` (the unit of the last digit it stands for; 0 for an exact count) are in the base unit:
    yuan, percentage points, single things, points. `factor` is the base units in one printed unit. A `vague` figure is
    hedged in print (约, 余, 以上, 不超过): no equation can hold it.
    """

    quantity: Quantity
    value: Decimal
    step: Decimal
    factor: Decimal
    id: str = field(init=False)
    vague: bool = field(init=False, repr=False, compare=False)
    _interval: Interval | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # asked for thousands of times a document: a cached property, with its lock, took a sixth of all time
        object.__setattr__(self, "id", self.quantity.id)
        object.__setattr__(self, "vague", self.quantity.bound is not None)

    @property
    def interval(self) -> Interval:
        """Everything the figure can stand for; most figures stand in sums that are right to the last digit, and
        never need theirs."""
        found = self._interval
        if found is None:
            found = Interval.rounded(self.value, self.step)
            object.__setattr__(self, "_interval", found)
        return found

    @property
    def decimals(self) -> int:
        """How many decimals the figure stands for, in its printed unit."""
        return max(0, -(self.step / self.factor).adjusted()) if self.step else 0

    @property
    def in_table(self) -> bool:
        """True for a cell of an official table."""
        return self.quantity.role is Role.TABLE

    @property
    def about(self) -> bool:
        """True for 约, 余, 左右."""
        return self.quantity.bound is Bound.ABOUT

    def printed(self, value: Decimal) -> str:
        """A value of the base unit as it would be printed in this figure's unit, without the unit's name."""
        return plain(value / self.factor, self.decimals)

    def with_unit(self, value: Decimal) -> str:
        """A value of the base unit with this figure's unit: `3.45万元`."""
        return self.printed(value) + (self.quantity.unit or "")


def plain(value: Decimal, decimals: int) -> str:
    """A number rounded half up to so many decimals, without an exponent."""
    rounded = value.quantize(unit_of_digit(decimals), ROUND_HALF_UP)
    return str(rounded) if decimals <= _PLAIN_DECIMALS else f"{rounded:f}"


@cache
def nothing(decimals: int) -> str:
    """Zero with so many decimals."""
    return plain(ZERO, decimals)


_PLAIN_DECIMALS = 6
"""Numbers with more decimals may print an exponent; the others need no format, which takes three times as long."""


class Figures:
    """The figures of a document by quantity id."""

    def __init__(self, quantities: Mapping[str, Quantity], convention: Convention) -> None:
        self._quantities = quantities
        self._convention = convention
        self._scales: dict[object, tuple[Decimal, Decimal]] = {}
        self._known = {each: self._figure(quantity) for each, quantity in quantities.items()}

    def get(self, quantity_id: str, kind: QuantityKind | None = None) -> Figure | None:
        """The figure of a quantity; None for dates and for numbers that say nothing.

        With `kind` money, a number printed without its unit is taken in the document's usual money unit.
        """
        figure = self._known[quantity_id]
        if figure is None or kind is None or figure.quantity.kind is kind:
            return figure
        if kind is _MONEY and figure.quantity.kind is QuantityKind.NUMBER:
            return self._unitless_money(figure)
        return figure

    @cached_property
    def usual_money_unit(self) -> str:
        """The unit that most money figures of the narrative print."""
        counts: dict[str, int] = {}
        for quantity in self._quantities.values():
            if quantity.kind is _MONEY and quantity.role is not Role.TABLE and quantity.unit:
                counts[quantity.unit] = counts.get(quantity.unit, 0) + 1
        return max(counts, key=counts.__getitem__, default="万元")

    def _figure(self, quantity: Quantity) -> Figure | None:
        value, kind = quantity.value, quantity.kind
        if value is None:
            return None
        form: object = self._convention.forms[quantity.id]
        if kind is _PERCENT and value in (0, 100):
            form = form, "whole"
        scale = self._scales.get(form)
        if scale is None:
            scale = self._scales[form] = self._scale(quantity)
        step, factor = scale
        if kind is _MONEY and not value and step <= FINEST_NOTHING:
            step = ZERO
        return Figure(quantity, value * factor, step, factor)

    def _scale(self, quantity: Quantity) -> tuple[Decimal, Decimal]:
        """The step and the factor of every figure that stands and is printed as this one."""
        factor = factor_of(quantity)
        counted = quantity.kind is QuantityKind.COUNT and not quantity.decimals and factor == 1
        return ZERO if counted else self._convention.step(quantity) * factor, factor

    def _unitless_money(self, figure: Figure) -> Figure:
        if figure.factor > 1:  # 1000.86万: the 元 alone is missing
            return figure
        factor = YUAN_PER_UNIT[self.usual_money_unit]
        if figure.in_table:
            return Figure(figure.quantity, figure.value * factor, figure.step * factor, factor)
        like_money = figure.quantity.model_copy(
            update={"kind": QuantityKind.MONEY, "unit": self.usual_money_unit, "role": Role.FIELD}
        )
        step = self._convention.step(like_money) * factor
        return Figure(figure.quantity, figure.value * factor, step, factor)


def factor_of(quantity: Quantity) -> Decimal:
    """Base units in one printed unit: 10000 for 万元 and for 万条."""
    return _factor(quantity.unit or "", quantity.kind is QuantityKind.MONEY)


@cache
def _factor(unit: str, money: bool) -> Decimal:
    if money:
        return YUAN_PER_UNIT.get(unit, Decimal(1))
    scale = _SCALE.match(unit)
    factor = Decimal(1)
    for character in scale.group() if scale else "":
        factor *= _SCALES[character]
    return factor


def constant(value: Decimal, kind: QuantityKind, step: Decimal) -> Figure:
    """A number that relations need and no document prints (the 100 % of shares); its id is empty."""
    return Figure(Quantity(id="", raw=f"{value:f}", kind=kind, value=value, start=0, end=0), value, step, Decimal(1))
