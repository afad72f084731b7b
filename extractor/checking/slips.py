"""Relations that need not hold, but whose failure a slip of the pen explains, fail all the same."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from extractor.checking.edits import digit_slips
from extractor.checking.equations import ONE, Comparison, Equation, Evaluation, Term, holds, point_sum
from schemas.checks import Family, Outcome
from schemas.quantities import Quantity, QuantityKind

FEWEST_DIGITS = 4
"""Shorter figures are one digit, or a power of ten, apart by chance."""

FEWEST_ROUND_DIGITS = 3
"""A restatement in round figures prints three digits at least."""

SMALLEST_STEPS = 10
"""A part of fewer steps of its total's last digit could as well be left out."""

_UNIT_RATIOS = frozenset(Decimal(1).scaleb(power) for power in (4, -4, 8, -8))
_RESTATEMENTS = (Family.EQUAL, Family.DELTA)


def raised(evaluation: Evaluation) -> Evaluation:
    """The evaluation, violated or misrounded instead of not applicable where a slip explains it.

    A list whose items fall short of its total may be incomplete; if it comes right once one of its items is
    read in 万元 instead of 元, it is complete and the unit is wrong. Two restatements may speak of different
    money; if they are one digit, or one unit of the last digit, apart, they hardly do.
    """
    equation = evaluation.equation
    if evaluation.outcome is not Outcome.NOT_APPLICABLE or evaluation.computed is None or not equation.soft:
        return evaluation
    if _unit_slip(equation):
        return replace(evaluation, outcome=Outcome.VIOLATED, reason=None)
    if _one_in_another_unit(equation):
        return replace(evaluation, outcome=Outcome.VIOLATED, reason=None)
    if equation.tells_slips and equation.rule.family in _RESTATEMENTS:
        return _restated(evaluation, evaluation.computed)
    return evaluation


def _unit_slip(equation: Equation) -> bool:
    """True when one figure, read in 万元 for 元 or the other way round, makes a sum of several come right."""
    if equation.denominator or len(equation.numerator) < 2:
        return False
    return any(_holds_with(equation, *moved) for moved in _closing(equation))


_POWERS = (4, -4)


def _closing(equation: Equation) -> Iterator[tuple[Term, int]]:
    """The figures of a sum, and the powers of ten, that can close its gap: v·(10ⁿ - 1) is the gap, but for rounding.

    Adding up anew with each of them took 1 s of a plain text of sixty pages, whose columns cannot be told.
    """
    parts = [term for term in equation.numerator if term.value]
    each_once = len(equation.terms) == 1 + len(equation.numerator)
    if not each_once or equation.scale != 1 or equation.comparison is not Comparison.EQUAL:
        yield from ((term, power) for term in parts for power in _POWERS)
        return
    gap = equation.target.value - point_sum(parts)
    steps = [term.figure.step for term in equation.terms]
    for power in _POWERS:
        factor = ONE.scaleb(power)
        tolerance = (sum(steps, Decimal(0)) + max(steps) * factor) / 2
        low, high = sorted((gap + slack) / (factor - 1) for slack in (tolerance, -tolerance))
        yield from ((term, power) for term in parts if low <= term.value <= high)


def _one_in_another_unit(equation: Equation) -> bool:
    """True when two figures are the same but for their unit: 186,432.57亿元 beside 186,432.57万元."""
    if equation.rule.family is not Family.EQUAL or equation.denominator or len(equation.numerator) != 1:
        return False
    one, other = equation.target.figure, equation.numerator[0].figure
    ratio = one.value / other.value if other.value else Decimal(0)
    return bool(one.value) and abs(ratio) in _UNIT_RATIOS and _digits(one.quantity) >= FEWEST_DIGITS


def _digits(quantity: Quantity) -> int:
    return len((quantity.value or Decimal(0)).normalize().as_tuple().digits)


def _holds_with(equation: Equation, term: Term, power: int) -> bool:
    """Read in another unit, the figure must still count: one that vanishes beside the total does not belong there."""
    figure = term.figure
    if figure.quantity.kind is not QuantityKind.MONEY:
        return False
    if abs(figure.value.scaleb(power)) <= equation.target.figure.step * SMALLEST_STEPS:
        return False
    return holds(equation, {figure.id: (figure.value.scaleb(power), figure.step.scaleb(power))}) is True


def _restated(evaluation: Evaluation, stated: Decimal) -> Evaluation:
    """A restatement that is one digit, or one unit of its last printed digit, off what is stated elsewhere."""
    target, sources = evaluation.equation.target.figure, [term.figure for term in evaluation.equation.numerator]
    step = max(target.step, *(source.step for source in sources))
    if not step or max(_digits(source.quantity) for source in sources) < FEWEST_DIGITS:
        return evaluation
    for unit in dict.fromkeys((step, ONE.scaleb(-target.quantity.decimals) * target.factor)):
        rounded = (stated / unit).quantize(ONE, rounding="ROUND_HALF_UP") * unit
        if rounded == target.value:
            return replace(evaluation, outcome=Outcome.ROUNDING, reason=None)
        if abs(rounded - target.value) == unit and _digits(target.quantity) >= FEWEST_ROUND_DIGITS:
            return replace(evaluation, outcome=Outcome.MISROUNDED, reason=None)
    if _digits(target.quantity) >= FEWEST_DIGITS and any(_same(value, stated, step) for value in digit_slips(target)):
        return replace(evaluation, outcome=Outcome.VIOLATED, reason=None)
    return evaluation


def _same(one: Decimal, other: Decimal, step: Decimal) -> bool:
    return abs(one - other) * 2 < step
