"""Exact intervals: what a rounded figure can stand for, and how such figures add, multiply and divide.

A figure rounded half up to a step of u stands for [v - u/2, v + u/2); a negative one, rounded half away from
zero, for (v - u/2, v + u/2]. Ends stay open or closed through every operation, so that 176.74 and 176.75
never meet although they share the end 176.745.
"""

from collections.abc import Iterable
from decimal import Decimal

from extractor.checking.frozen import frozen

ZERO = Decimal(0)


@frozen
class Interval:
    """All numbers from `low` to `high`; an end belongs to it only where it is closed."""

    low: Decimal
    high: Decimal
    low_closed: bool = True
    high_closed: bool = True

    @classmethod
    def point(cls, value: Decimal) -> "Interval":
        """The interval of one number."""
        return cls(value, value)

    @classmethod
    def rounded(cls, value: Decimal, step: Decimal) -> "Interval":
        """Everything that is printed as `value` when rounded to multiples of `step` (0: an exact number)."""
        if not step:
            return cls(value, value)
        half = step / 2
        return cls(value - half, value + half, value >= 0, value < 0)

    @property
    def width(self) -> Decimal:
        """The distance of the ends."""
        return self.high - self.low

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_closed and other.low_closed,
            self.high_closed and other.high_closed,
        )

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low, self.high_closed, self.low_closed)

    def __sub__(self, other: "Interval") -> "Interval":
        return self + -other

    def scaled(self, factor: Decimal) -> "Interval":
        """Every number of the interval times an exact factor."""
        if factor >= 0:
            return Interval(self.low * factor, self.high * factor, self.low_closed, self.high_closed)
        return Interval(self.high * factor, self.low * factor, self.high_closed, self.low_closed)

    def __mul__(self, other: "Interval") -> "Interval":
        return _hull(
            (a * b, _product_closed(a, a_closed, b, b_closed))
            for a, a_closed in self._ends
            for b, b_closed in other._ends
        )

    def over(self, other: "Interval") -> "Interval | None":
        """The quotient; None where the divisor can be zero."""
        if other.touches_zero:
            return None
        return _hull((a / b, a_closed and b_closed) for a, a_closed in self._ends for b, b_closed in other._ends)

    @property
    def _ends(self) -> tuple[tuple[Decimal, bool], tuple[Decimal, bool]]:
        return (self.low, self.low_closed), (self.high, self.high_closed)

    @property
    def touches_zero(self) -> bool:
        """True when zero lies in the interval or at one of its ends."""
        return self.low <= 0 <= self.high

    def meet(self, other: "Interval") -> "Interval | None":
        """What both have in common; None where that is nothing."""
        low, low_closed = _later(self.low, self.low_closed, other.low, other.low_closed)
        high, high_closed = _earlier(self.high, self.high_closed, other.high, other.high_closed)
        if low > high or (low == high and not (low_closed and high_closed)):
            return None
        return Interval(low, high, low_closed, high_closed)

    def meets(self, other: "Interval") -> bool:
        """True when the two have a number in common."""
        return self.meet(other) is not None

    def holds(self, value: Decimal) -> bool:
        """True when a number lies in the interval."""
        above = self.low < value or (self.low_closed and self.low == value)
        return above and (value < self.high or (self.high_closed and self.high == value))


def _product_closed(a: Decimal, a_closed: bool, b: Decimal, b_closed: bool) -> bool:
    """An end of a product is reached where both factors are, or where one of them is a reached zero."""
    return (a_closed and b_closed) or (a == 0 and a_closed) or (b == 0 and b_closed)


def _hull(ends: Iterable[tuple[Decimal, bool]]) -> Interval:
    found = sorted(ends)
    (low, _), (high, _) = found[0], found[-1]
    return Interval(
        low,
        high,
        any(closed for value, closed in found if value == low),
        any(closed for value, closed in found if value == high),
    )


def _later(a: Decimal, a_closed: bool, b: Decimal, b_closed: bool) -> tuple[Decimal, bool]:
    if a == b:
        return a, a_closed and b_closed
    return (a, a_closed) if a > b else (b, b_closed)


def _earlier(a: Decimal, a_closed: bool, b: Decimal, b_closed: bool) -> tuple[Decimal, bool]:
    if a == b:
        return a, a_closed and b_closed
    return (a, a_closed) if a < b else (b, b_closed)


def add_all(intervals: Iterable[Interval]) -> Interval:
    """The sum of intervals; zero for none. An end of a sum is reached only where all its parts' ends are."""
    low = high = ZERO
    low_closed = high_closed = True
    for interval in intervals:
        low += interval.low
        high += interval.high
        low_closed = low_closed and interval.low_closed
        high_closed = high_closed and interval.high_closed
    return Interval(low, high, low_closed, high_closed)
