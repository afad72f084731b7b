"""A relation written out for people: every figure with what it can stand for."""

from dataclasses import dataclass
from decimal import Decimal

from extractor.checking.equations import Equation, Evaluation, Term, computed_interval, interval_of
from extractor.checking.figures import plain
from schemas.checks import Outcome
from schemas.quantities import QuantityKind


@dataclass(frozen=True)
class WrittenTerm:
    """A figure of a relation. `low` and `high` are the ends of what it can stand for, in its printed unit."""

    quantity: str
    label: str
    raw: str
    minus: bool
    low: str
    high: str
    unit: str


@dataclass(frozen=True)
class Written:
    """A relation with both sides, in the unit of the printed side.

    `scale` is `100 × ` for rates, else empty. `target` is what is printed, `low`/`high` the ends of what the
    other side can be; `gap` is how far the two intervals are apart (0 where they meet).
    """

    check: str
    rule: str
    rule_en: str
    outcome: Outcome
    comparison: str
    target: WrittenTerm
    numerator: tuple[WrittenTerm, ...]
    denominator: tuple[WrittenTerm, ...]
    scale: str
    unit: str
    printed: str
    computed: str
    low: str
    high: str
    gap: str
    reason: str | None

    @property
    def terms(self) -> tuple[WrittenTerm, ...]:
        """All figures but constants, the printed side first."""
        return tuple(term for term in (self.target, *self.numerator, *self.denominator) if term.quantity)


def written(check_id: str, evaluation: Evaluation) -> Written:
    """An evaluated relation, written out."""
    equation = evaluation.equation
    target = equation.target.figure
    computed = computed_interval(equation)
    printed = interval_of(equation.target)
    more = 2 if equation.denominator else 1

    def in_unit(value: Decimal | None, decimals: int) -> str:
        return "" if value is None else plain(value / target.factor, decimals)

    gap = Decimal(0)
    if computed is not None:
        gap = max(computed.low - printed.high, printed.low - computed.high, Decimal(0))
    return Written(
        check=check_id,
        rule=equation.rule.zh,
        rule_en=equation.rule.en,
        outcome=evaluation.outcome,
        comparison=equation.comparison.value,
        target=_term(equation.target),
        numerator=tuple(map(_term, equation.numerator)),
        denominator=tuple(map(_term, equation.denominator)),
        scale="" if equation.scale == 1 else f"{equation.scale:f} × ",
        unit=target.quantity.unit or _percent(equation),
        printed=in_unit(target.value * equation.target.sign, target.decimals),
        computed=in_unit(evaluation.computed, target.decimals + more),
        low=in_unit(computed.low if computed else None, target.decimals + more),
        high=in_unit(computed.high if computed else None, target.decimals + more),
        gap=in_unit(gap, target.decimals + more),
        reason=evaluation.reason,
    )


def _term(term: Term) -> WrittenTerm:
    figure = term.figure
    interval = figure.interval
    decimals = figure.decimals + (1 if figure.step else 0)
    return WrittenTerm(
        quantity=term.id,
        label=term.label,
        raw=figure.quantity.raw,
        minus=term.sign < 0,
        low=plain(interval.low / figure.factor, decimals),
        high=plain(interval.high / figure.factor, decimals),
        unit=figure.quantity.unit or "",
    )


def _percent(equation: Equation) -> str:
    return "%" if equation.target.figure.quantity.kind is QuantityKind.PERCENT else ""
