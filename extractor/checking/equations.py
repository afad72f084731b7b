"""Relations between figures: what is compared with what, and how it comes out.

Every arithmetic relation has one shape, `target (=, ≤, ≥) scale × Σ numerator / Σ denominator`: a sum has no
denominator, a share is 100 × part / whole, a growth rate 100 × change / (amount - change).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import product

from extractor.checking.figures import Figure, plain
from extractor.checking.frozen import frozen
from extractor.checking.intervals import ZERO, Interval, add_all
from schemas.checks import Family, Outcome
from schemas.quantities import QuantityKind

ONE = Decimal(1)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of relation: its stable code, its family, and what it says, in Chinese and English."""

    code: str
    family: Family
    zh: str
    en: str


class Comparison(StrEnum):
    """How the two sides of a relation compare."""

    EQUAL = "="
    AT_MOST = "≤"
    AT_LEAST = "≥"


_EQUAL, _EXACT = Comparison.EQUAL, Outcome.EXACT  # naming a member is slow


@frozen
class Term:
    """A figure in a relation: what it is called there, its sign (-1 for a decrease), and its signed value."""

    figure: Figure
    label: str
    sign: Decimal = ONE
    id: str = field(init=False)
    value: Decimal = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        figure = self.figure
        object.__setattr__(self, "id", figure.id)
        object.__setattr__(self, "value", figure.value if self.sign is ONE else figure.value * self.sign)


Overrides = Mapping[str, tuple[Decimal, Decimal]]
"""Other values for some figures, by id: (value, step) in base units."""

_NONE: Overrides = {}
_ADDED_EXACTLY = (QuantityKind.SCORE, QuantityKind.COUNT)


@frozen
class Equation:
    """One relation between printed figures.

    `soft` relations hold in most documents but need not (another fund may carry money over): where they
    fail they are not applicable, with `unless` as the reason. A soft relation that `tells_slips` fails all
    the same where a slip of the pen explains it: restatements one digit apart, a list with 元 for 万元.
    `terms` are the target, then the other figures, one that stands on both sides of a fraction once. A sum that is
    right to the last printed digit `adds_up`: no interval need be looked at.
    """

    rule: Rule
    target: Term
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()
    scale: Decimal = ONE
    comparison: Comparison = Comparison.EQUAL
    records: tuple[str, ...] = ()
    soft: bool = False
    unless: str = ""
    tells_slips: bool = False
    terms: tuple[Term, ...] = field(init=False, repr=False, compare=False)
    ids: tuple[str, ...] = field(init=False, repr=False, compare=False)
    adds_up: bool = field(init=False, repr=False, compare=False)
    _possible: Interval | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numerator, denominator = self.numerator, self.denominator
        terms = (self.target, *numerator, *denominator)
        ids = tuple([term.id for term in terms])
        if len(set(ids)) < len(ids):
            first: dict[str, Term] = {}
            for term in terms:
                first.setdefault(term.id, term)
            terms, ids = tuple(first.values()), tuple(first)
        settle = object.__setattr__
        settle(self, "terms", terms)
        settle(self, "ids", ids)
        is_sum = not denominator and self.comparison is _EQUAL and (self.scale is ONE or self.scale == 1)
        settle(self, "adds_up", is_sum and sum([each.value for each in numerator], ZERO) == self.target.value)

    @property
    def tells(self) -> bool:
        """True unless all its figures are zero: nothing equals the sum of nothing in any table."""
        return bool(self.target.value) or any(term.value for term in self.numerator + self.denominator)

    def softened(self, unless: str) -> "Equation":
        """The same relation as one that need not hold."""
        terms = self.target, self.numerator, self.denominator
        made = Equation(self.rule, *terms, self.scale, self.comparison, self.records, True, unless, self.tells_slips)
        object.__setattr__(made, "_possible", self._possible)
        return made

    @property
    def possible(self) -> Interval | None:
        """Everything the computed side can be, worked out where it is asked for; None where it cannot be told."""
        if self._possible is None:
            object.__setattr__(self, "_possible", computed_interval(self))
        return self._possible


@frozen
class Evaluation:
    """How a relation came out; `computed`, `residual` (printed - computed) and `tolerance` in base units."""

    equation: Equation
    outcome: Outcome
    computed: Decimal | None = None
    residual: Decimal | None = None
    tolerance: Decimal | None = None
    reason: str | None = None

    @property
    def printed_unit(self) -> str:
        """The unit of the printed side."""
        return self.equation.target.figure.quantity.unit or ""

    def computed_text(self) -> str:
        """The computed side as the printed one: in its unit, with its decimals, and without the sign of 减少, 下降."""
        if self.computed is None:
            return ""
        target = self.equation.target
        return plain(self.computed * target.sign / target.figure.factor, self.finest(target.figure.decimals))

    def finest(self, decimals: int) -> int:
        """The decimals to show of the printed side, which has so many: where points or counts are added up, those of
        the finest part."""
        equation = self.equation
        if equation.target.figure.quantity.kind not in _ADDED_EXACTLY or equation.denominator:
            return decimals
        return max(decimals, *[term.figure.decimals for term in equation.numerator])


def value_of(term: Term, overrides: Overrides = _NONE) -> Decimal:
    """The signed value of a term."""
    found = overrides.get(term.id) if overrides else None
    return term.value if found is None else found[0] * term.sign


def interval_of(term: Term, overrides: Overrides = _NONE) -> Interval:
    """Everything a term can stand for, signed."""
    found = overrides.get(term.id) if overrides else None
    interval = term.figure.interval if found is None else Interval.rounded(*found)
    return interval if term.sign is ONE or term.sign == 1 else interval.scaled(term.sign)


def point_sum(terms: Iterable[Term], overrides: Overrides = _NONE) -> Decimal:
    """The sum of the terms as printed."""
    return sum([value_of(term, overrides) for term in terms] if overrides else [term.value for term in terms], ZERO)


def computed_interval(equation: Equation, overrides: Overrides = _NONE) -> Interval | None:
    """Everything the computed side can be; None where the denominator can be zero.

    A figure on both sides of the fraction moves both together: the ends of its interval are tried one by one.
    """
    below = {term.id for term in equation.denominator}
    shared = [term for term in equation.numerator if term.id in below] if below else []
    if not shared:
        return _quotient(equation, overrides)
    found: list[Interval] = []
    for ends in product((0, 1), repeat=len(shared)):
        pinned = dict(overrides)
        for term, end in zip(shared, ends, strict=True):
            interval = interval_of(Term(term.figure, term.label), overrides)
            pinned[term.id] = (interval.high if end else interval.low, ZERO)
        quotient = _quotient(equation, pinned)
        if quotient is None:
            return None
        found.append(quotient)
    low = min(found, key=lambda each: each.low)
    high = max(found, key=lambda each: each.high)
    return Interval(low.low, high.high, low.low_closed, high.high_closed)


def _quotient(equation: Equation, overrides: Overrides) -> Interval | None:
    above = add_all([interval_of(term, overrides) for term in equation.numerator])
    if equation.denominator:
        quotient = above.over(add_all([interval_of(term, overrides) for term in equation.denominator]))
        return None if quotient is None else quotient.scaled(equation.scale)
    return above if equation.scale == 1 else above.scaled(equation.scale)


def holds(equation: Equation, overrides: Overrides = _NONE) -> bool | None:
    """Whether a relation holds within rounding; None where it cannot be computed."""
    if not overrides and equation.adds_up:
        return True
    computed = computed_interval(equation, overrides) if overrides else equation.possible
    if computed is None:
        return None
    target = interval_of(equation.target, overrides)
    if equation.comparison is Comparison.EQUAL:
        return target.meets(computed)
    if equation.comparison is Comparison.AT_MOST:
        return target.low <= computed.high
    return target.high >= computed.low


def evaluate(equation: Equation) -> Evaluation:
    """How a relation between printed figures comes out."""
    bounded = equation.comparison is not _EQUAL
    vague = [term for term in equation.terms if term.figure.vague and (term.figure.about or not bounded)]
    if vague and not _restates_in_round_figures(equation):
        return _not_applicable(equation, f"{vague[0].label}{vague[0].figure.quantity.raw}不是确数")
    if equation.adds_up:
        steps = sum([term.figure.step for term in equation.terms], ZERO)
        return Evaluation(equation, _EXACT, equation.target.value, ZERO, steps / 2 if steps else ZERO)
    below = point_sum(equation.denominator)
    if equation.denominator and below == 0:
        return _over_zero(equation)
    above = point_sum(equation.numerator) * equation.scale
    computed = above / below if equation.denominator else above
    possible = equation.possible
    if possible is None:
        return _not_applicable(equation, "作为分母的数在四舍五入前可能为零")
    outcome = _outcome(equation, computed, possible)
    residual = value_of(equation.target) - computed
    tolerance = (interval_of(equation.target).width + possible.width) / 2
    if outcome.fails and equation.soft:
        return Evaluation(equation, Outcome.NOT_APPLICABLE, computed, residual, tolerance, equation.unless)
    return Evaluation(equation, outcome, computed, residual, tolerance, _unlikely(equation, residual, outcome))


def _restates_in_round_figures(equation: Equation) -> bool:
    """约1.02亿元 beside 10,253.55万元: hedged, but with decimals that are right or wrong."""
    figure = equation.target.figure
    others = equation.numerator
    return (
        equation.rule.family is Family.EQUAL
        and figure.about
        and figure.quantity.decimals >= 2
        and len(others) == 1
        and not others[0].figure.vague
    )


def _not_applicable(equation: Equation, reason: str) -> Evaluation:
    return Evaluation(equation, Outcome.NOT_APPLICABLE, reason=reason)


def _over_zero(equation: Equation) -> Evaluation:
    """Nothing of nothing is printed as 0 %; any other figure over zero says nothing."""
    if point_sum(equation.numerator) == 0 and equation.target.figure.value == 0:
        return Evaluation(equation, Outcome.EXACT, ZERO, ZERO, ZERO)
    return _not_applicable(equation, "作为分母的数为零")


def _outcome(equation: Equation, computed: Decimal, possible: Interval) -> Outcome:
    target, step = equation.target, equation.target.figure.step
    printed = value_of(target)
    if equation.comparison is not Comparison.EQUAL:
        ordered = printed <= computed if equation.comparison is Comparison.AT_MOST else printed >= computed
        return Outcome.EXACT if ordered else Outcome.ROUNDING if holds(equation) else Outcome.VIOLATED
    if abs(computed - printed) * 2 <= step:
        return Outcome.EXACT
    if interval_of(target).meets(possible):
        return Outcome.ROUNDING
    return Outcome.MISROUNDED if _is_misrounded(equation, computed, printed) else Outcome.VIOLATED


_RESTATING = (Family.EQUAL, Family.SUM, Family.TABLE, Family.DELTA)


def _is_misrounded(equation: Equation, computed: Decimal, printed: Decimal) -> bool:
    """A restatement one unit of its last digit off: cut off instead of rounded, or bent to make a sum add up."""
    step = equation.target.figure.step
    if not step or equation.rule.family not in _RESTATING:
        return False
    finer = all(term.figure.step < step for term in equation.numerator) or len(equation.numerator) == 1
    rounded = (computed / step).quantize(ONE, rounding="ROUND_HALF_UP") * step
    return finer and abs(rounded - printed) == step


LONG_SUM = 6
"""From so many parts on the width of a sum says little: the likely error grows with the root of their number."""


def _unlikely(equation: Equation, residual: Decimal, outcome: Outcome) -> str | None:
    """A remark on a long sum that holds, but only if nearly all its parts were rounded the same way."""
    count, step = len(equation.numerator), equation.target.figure.step
    if outcome is not Outcome.ROUNDING or count < LONG_SUM or equation.denominator or not step:
        return None
    deviation = abs(residual) / (step * (Decimal(count + 1) / 12).sqrt())
    if deviation <= 3:
        return None
    return f"在舍入误差之内，但偏差为标准差的{plain(deviation, 1)}倍，可能性很小"
