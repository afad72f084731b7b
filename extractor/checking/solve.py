"""What some figures of a relation would have to be for the relation to hold, all others as printed."""

from collections.abc import Set as AbstractSet
from decimal import Decimal

from extractor.checking.equations import Comparison, Equation, Overrides, Term, interval_of
from extractor.checking.intervals import ZERO, Interval, add_all

FAR = Decimal("1e18")
"""Beyond any amount: the far end of what an inequality allows."""

_ONE = Interval.point(Decimal(1))
_NONE: Overrides = {}


def solve(equation: Equation, unknown: AbstractSet[str], overrides: Overrides = _NONE) -> Interval | None:
    """The values of the unknown figures (all the same, in base units, unsigned) that make a relation hold.

    A relation t = s·N/D is linear in its figures once multiplied out: (T₀ + t·x)·(D₀ + d·x) = s·(N₀ + n·x).
    None where that is not linear (t·d ≠ 0) or where the coefficient of x can be zero.
    """
    target, target_factor = _split((equation.target,), unknown, overrides)
    above, above_factor = _split(equation.numerator, unknown, overrides)
    above, above_factor = above.scaled(equation.scale), above_factor * equation.scale
    below, below_factor = (_ONE, ZERO)
    if equation.denominator:
        below, below_factor = _split(equation.denominator, unknown, overrides)
    if target_factor and below_factor:
        return None
    coefficient = target.scaled(below_factor) + below.scaled(target_factor) - Interval.point(above_factor)
    solution = (above - target * below).over(coefficient)
    if solution is None or equation.comparison is Comparison.EQUAL:
        return solution
    return _half_line(equation, solution, coefficient.low > 0)


def _half_line(equation: Equation, solution: Interval, grows: bool) -> Interval:
    """For t ≤ c and t ≥ c: everything on the side of the solution where the inequality holds.

    `grows` says that t - c grows with the unknown, as it does where the unknown is the target.
    """
    if (equation.comparison is Comparison.AT_MOST) == grows:
        return Interval(-FAR, solution.high)
    return Interval(solution.low, FAR)


def _split(terms: tuple[Term, ...], unknown: AbstractSet[str], overrides: Overrides) -> tuple[Interval, Decimal]:
    """The sum of the known terms, and the coefficient of the unknown ones."""
    known = add_all(interval_of(term, overrides) for term in terms if term.id not in unknown)
    factor = sum((term.sign for term in terms if term.id in unknown), ZERO)
    return known, factor
