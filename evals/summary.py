"""The figures of a run, with their intervals, computed from the scores of its documents."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np
from pydantic import Field

from evals.confidence import (
    FEWEST_DOCUMENTS,
    NOTHING,
    Floats,
    Interval,
    clopper_pearson,
    cluster_bootstrap,
    cluster_bootstraps,
    f1,
    wilson,
)
from evals.findings import FindingScores
from evals.pooled import Integers, pooled
from evals.risk import RiskReport, risk_report
from evals.scores import Cost, Counts, DocumentScore, Grouping, Share, Tally
from schemas.base import Model

_COUNTS, _TALLY = len(Counts._fields), len(Tally._fields)


class Scored(Model):
    """Precision, recall and F1 of some figures or fields; `interval` is that of F1 over documents."""

    counts: Counts
    precision: float | None
    recall: float | None
    f1: float | None
    interval: Interval = NOTHING


class Rated(Model):
    """A share with its interval."""

    share: Share
    rate: float | None
    interval: Interval


class FieldRow(Model):
    """One field of one record type: how it was read, outcome by outcome."""

    type: str
    field: str
    tally: Tally
    scored: Scored


class FindingSummary(Model):
    """Raised findings against known slips. `recall` is by status of the slip, `first` and `top` localisation."""

    recall: dict[str, Rated]
    precision: Rated
    first: Rated
    top: Rated


class Summary(Model):
    """Everything that is said of a run as a whole. `warnings` say what may not be concluded from it."""

    documents: int
    failed: int
    roles: Scored
    fields: Scored
    by_type: dict[str, Scored]
    by_section: dict[str, Scored]
    by_region: dict[str, Scored]
    by_kind: dict[str, Scored]
    by_document: dict[str, Scored]
    field_rows: tuple[FieldRow, ...]
    listed: Scored
    grouping: float
    enums: Rated
    texts: Rated
    exact: Rated
    edits_per_document: float
    unclaimed: Rated
    errors: dict[str, int]
    confusion: dict[str, dict[str, int]]
    findings: FindingSummary | None
    risk: RiskReport | None
    cost: Cost
    warnings: tuple[str, ...] = Field(default=())


def summarise(documents: Sequence[DocumentScore], threshold: Decimal | None) -> Summary:
    """Sum up a run. Documents that could not be read count with all their labels missed where those are known."""
    read = [each for each in documents if each.failure is None]
    risk = risk_report([each.acceptance for each in read], threshold) if threshold is not None else None
    roles, fields = pooled([each.roles for each in documents], _COUNTS), pooled([d.fields for d in documents], _TALLY)
    listed = pooled([each.listed for each in documents], _TALLY)
    counts = [Counts(*row) for row in roles.by_document.tolist()]
    edits = [Tally(*row).edits for row in fields.by_document.tolist()]
    exact = sum(each.failure is None and not edit for each, edit in zip(documents, edits, strict=True))
    return Summary(
        documents=len(documents),
        failed=len(documents) - len(read),
        roles=_scored(roles.by_document),
        fields=_scored(_counts_of(fields.by_document)),
        by_type=_by(*roles.by_type()),
        by_section=_by_name([each.sections for each in documents]),
        by_region=_by_name([{each.region: own} for each, own in zip(documents, counts, strict=True)]),
        by_kind=_by_name([{each.kind: own} for each, own in zip(documents, counts, strict=True)]),
        by_document={each.name: _rates(own) for each, own in zip(documents, counts, strict=True)},
        field_rows=tuple(_field_row(*name, Tally(*row)) for name, row in fields.by_name.items()),
        listed=_scored(_counts_of(listed.by_document)),
        grouping=Grouping.total(each.grouping for each in documents).f1,
        enums=_pooled(each.enums for each in documents),
        texts=_pooled(each.texts for each in documents),
        exact=_exact(exact, len(documents)),
        edits_per_document=sum(edits) / max(1, len(documents)),
        unclaimed=_pooled(each.unclaimed for each in documents),
        errors=_errors(documents),
        confusion=_confusion(documents),
        findings=_findings([each.findings for each in read if each.findings is not None]),
        risk=risk if risk is not None and risk.figures else None,
        cost=Cost.total([each.cost for each in documents]),
        warnings=tuple(_warnings(documents, risk)),
    )


def _scored(documents: Integers) -> Scored:
    return _rates(Counts(*documents.sum(axis=0).tolist()), cluster_bootstrap(documents, f1))


def _rates(counts: Counts, interval: Interval = NOTHING) -> Scored:
    return Scored(counts=counts, precision=counts.precision, recall=counts.recall, f1=counts.f1, interval=interval)


def _by(names: Sequence[str], counts: Floats) -> dict[str, Scored]:
    """Every group by its name; `counts` are documents × groups × counts."""
    sums = counts.sum(axis=0).astype(np.int64).tolist()
    intervals = cluster_bootstraps(counts, f1)
    return {name: _rates(Counts(*own), each) for name, own, each in zip(names, sums, intervals, strict=True)}


def _by_name(documents: Sequence[Mapping[str, Counts]]) -> dict[str, Scored]:
    return _by(*pooled([{"": each} for each in documents], _COUNTS).by_field())


def _counts_of(tallies: Integers) -> Integers:
    """`Tally.counts` of every row."""
    correct, wrong, missed, invented, _ = tallies.T
    return np.stack([correct, wrong + invented, wrong + missed], axis=1)


def _field_row(record_type: str, field: str, whole: Tally) -> FieldRow:
    return FieldRow(type=record_type, field=field, tally=whole, scored=_rates(whole.counts))


def _pooled(shares: Iterable[Share]) -> Rated:
    whole = Share.total(shares)
    return Rated(share=whole, rate=whole.rate, interval=wilson(whole.count, whole.of))


def _exact(count: int, of: int) -> Rated:
    whole = Share(count=count, of=of)
    return Rated(share=whole, rate=whole.rate, interval=clopper_pearson(count, of))


def _errors(documents: Sequence[DocumentScore]) -> dict[str, int]:
    counted = Counter([(miss.outcome, miss.error) for document in documents for miss in document.misses])
    named = {f"{outcome}:{error}" if error else f"{outcome}": count for (outcome, error), count in counted.items()}
    return dict(sorted(named.items(), key=lambda item: -item[1]))


def _confusion(documents: Sequence[DocumentScore]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for document in documents:
        for labelled, row in document.confusion.items():
            for answered, count in row.items():
                counted[labelled][answered] += count
    return {labelled: dict(sorted(row.items())) for labelled, row in sorted(counted.items())}


def _findings(scores: Sequence[FindingScores]) -> FindingSummary | None:
    if not scores:
        return None
    statuses = sorted({status for each in scores for status in each.known})
    return FindingSummary(
        recall={
            status: _pooled(Share(count=each.found.get(status, 0), of=each.known.get(status, 0)) for each in scores)
            for status in statuses
        },
        precision=_pooled(Share(count=each.confirmed, of=each.raised) for each in scores),
        first=_pooled(Share(count=each.first, of=each.localised) for each in scores),
        top=_pooled(Share(count=each.top, of=each.localised) for each in scores),
    )


def _warnings(documents: Sequence[DocumentScore], risk: RiskReport | None) -> Iterable[str]:
    if len(documents) < FEWEST_DOCUMENTS:
        yield (
            f"只有 {len(documents)} 份文档，不足以对其他文档下结论（至少 {FEWEST_DOCUMENTS} 份）。"
            f" Only {len(documents)} documents: too few to say anything of others (at least {FEWEST_DOCUMENTS})."
        )
    splits = {each.split for each in documents}
    if "dev" in splits:
        yield (
            "包含 dev 文档：规则和提示词就是在这些文档上调的，分数偏高。"
            " Documents of the dev split are included, which rules and prompts were tuned on: scores are too high."
        )
    if risk is not None and risk.figures and not risk.enough:
        yield (
            f"自动接受的数字只有 {risk.accepted} 个，即使全部正确也不能断言静默错误率 ≤ 0.5%。"
            f" Only {risk.accepted} figures were accepted: even without an error among them a silent error rate"
            " of 0.5 % could not be claimed."
        )
