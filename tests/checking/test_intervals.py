"""Interval laws, as properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.checking.intervals import Interval, add_all

numbers = st.decimals(min_value=-10_000, max_value=10_000, places=2)
steps = st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("0.1"), Decimal(1)])


@st.composite
def rounded(draw: st.DrawFn) -> tuple[Interval, Decimal]:
    """An interval of a printed figure, and a number it can stand for."""
    step = draw(steps)
    exact = draw(numbers)
    if not step:
        return Interval.point(exact), exact
    printed = (exact / step).quantize(Decimal(1), rounding="ROUND_HALF_UP") * step
    return Interval.rounded(printed, step), exact


@given(rounded(), rounded())
def test_operations_hold_what_goes_in(one: tuple[Interval, Decimal], other: tuple[Interval, Decimal]) -> None:
    (a, x), (b, y) = one, other
    assert a.holds(x)
    assert (a + b).holds(x + y)
    assert (a - b).holds(x - y)
    assert (a * b).holds(x * y)
    quotient = a.over(b)
    if quotient is not None:
        assert quotient.low <= x / y <= quotient.high


@given(rounded())
def test_negation_is_its_own_inverse(one: tuple[Interval, Decimal]) -> None:
    interval, value = one
    negated = -interval
    assert -negated == interval
    assert negated.holds(-value)


@given(rounded(), rounded())
def test_meeting_is_symmetric_and_means_a_common_number(
    one: tuple[Interval, Decimal], other: tuple[Interval, Decimal]
) -> None:
    (a, _), (b, _) = one, other
    assert a.meets(b) == b.meets(a)
    common = a.meet(b)
    if common is not None:
        middle = (common.low + common.high) / 2
        assert a.holds(middle)
        assert b.holds(middle)


def test_neighbours_of_the_same_precision_do_not_meet() -> None:
    step = Decimal("0.01")
    assert not Interval.rounded(Decimal("176.74"), step).meets(Interval.rounded(Decimal("176.75"), step))
    assert Interval.rounded(Decimal("176.74"), step).meets(Interval.rounded(Decimal("176.742"), Decimal("0.001")))


def test_negative_figures_are_rounded_away_from_zero() -> None:
    interval = Interval.rounded(Decimal("-0.5"), Decimal(1))
    assert interval.holds(Decimal(0))
    assert not interval.holds(Decimal(-1))


def test_a_divisor_that_can_be_zero_gives_nothing() -> None:
    assert Interval.point(Decimal(1)).over(Interval.rounded(Decimal(0), Decimal("0.01"))) is None


@pytest.mark.parametrize("count", [0, 1, 5])
def test_sums_add_their_widths(count: int) -> None:
    figure = Interval.rounded(Decimal("1.5"), Decimal("0.1"))
    total = add_all([figure] * count)
    assert total.width == Decimal("0.1") * count
    assert total.low == Decimal("1.45") * count
