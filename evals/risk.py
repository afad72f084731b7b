"""What may be accepted without a person: the error among accepted figures against the share that is accepted.

Every figure that a record holds has an acceptance score (`extractor.checking.acceptance`). Accepting from the
highest score down traces the risk–coverage curve (El-Yaniv & Wiener 2010); a wrong figure among the accepted
ones is a silent error.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from evals.confidence import Interval, cluster_bootstrap, ratio, trials_needed, upper_bound
from schemas.base import Model

TOLERATED = 0.005
"""The error among accepted figures up to which coverage is reported."""


class Bucket(Model):
    """The figures of one document that have one acceptance score, and how many of them were read wrongly."""

    score: Decimal
    figures: int
    wrong: int


class CurvePoint(Model):
    """Accepting every figure with at least this score: the share accepted, and the error among them."""

    score: Decimal
    coverage: float
    risk: float


class RiskReport(Model):
    """What acceptance is worth. `silent` are wrong figures among the `accepted`; `upper` is the exact one-sided
    95 % bound of their rate over figures, `interval` the bootstrap over documents."""

    figures: int
    wrong: int
    accepted: int
    silent: int
    threshold: Decimal
    silent_rate: float | None
    upper: float | None
    interval: Interval
    curve: tuple[CurvePoint, ...]
    area: float | None  # AURC: mean risk over all coverages, lower is better
    coverage_at_tolerated: float
    enough: bool  # whether there are enough accepted figures to claim the tolerated rate at all


def risk_report(documents: Sequence[Sequence[Bucket]], threshold: Decimal) -> RiskReport:
    """Pool the buckets of all documents."""
    figures, wrong = _totals(bucket for document in documents for bucket in document)
    per_document = [_totals(b for b in document if b.score >= threshold) for document in documents]
    accepted, silent = (sum(each[i] for each in per_document) for i in (0, 1))
    curve = _curve(documents)
    return RiskReport(
        figures=figures,
        wrong=wrong,
        accepted=accepted,
        silent=silent,
        threshold=threshold,
        silent_rate=silent / accepted if accepted else None,
        upper=upper_bound(silent, accepted),
        interval=cluster_bootstrap([(bad, all_) for all_, bad in per_document], ratio),
        curve=curve,
        area=_area(curve),
        coverage_at_tolerated=max((point.coverage for point in curve if point.risk <= TOLERATED), default=0.0),
        enough=accepted >= trials_needed(TOLERATED),
    )


def _totals(buckets: Iterable[Bucket]) -> tuple[int, int]:
    figures = wrong = 0
    for bucket in buckets:
        figures += bucket.figures
        wrong += bucket.wrong
    return figures, wrong


def _curve(documents: Sequence[Sequence[Bucket]]) -> tuple[CurvePoint, ...]:
    pooled: dict[Decimal, list[int]] = defaultdict(lambda: [0, 0])
    for document in documents:
        for bucket in document:
            pooled[bucket.score][0] += bucket.figures
            pooled[bucket.score][1] += bucket.wrong
    whole = sum(figures for figures, _ in pooled.values())
    points, taken, bad = [], 0, 0
    for score in sorted(pooled, reverse=True):
        taken += pooled[score][0]
        bad += pooled[score][1]
        points.append(CurvePoint(score=score, coverage=taken / whole, risk=bad / taken))
    return tuple(points)


def _area(curve: Sequence[CurvePoint]) -> float | None:
    """Figures of one score are accepted together, in no order, so risk runs straight between two points."""
    if not curve:
        return None
    area = curve[0].coverage * curve[0].risk
    for before, after in pairwise(curve):
        area += (after.coverage - before.coverage) * (before.risk + after.risk) / 2
    return area / curve[-1].coverage
