"""The figures of a run, with their intervals, computed from the scores of its documents."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from pydantic import Field

from evals.confidence import FEWEST_DOCUMENTS, NOTHING, Interval, clopper_pearson, cluster_bootstrap, f1, wilson
from evals.findings import FindingScores
from evals.risk import RiskReport, risk_report
from evals.scores import Cost, Counts, DocumentScore, Grouping, Share, Tally, summed, tallied
from schemas.base import Model


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
    return Summary(
        documents=len(documents),
        failed=len(documents) - len(read),
        roles=_scored([each.role_counts for each in documents]),
        fields=_scored([each.tally.counts for each in documents]),
        by_type=_by(documents, lambda each: {t: summed(f.values()) for t, f in each.roles.items()}),
        by_section=_by(documents, lambda each: each.sections),
        by_region=_by(documents, lambda each: {each.region: each.role_counts}),
        by_kind=_by(documents, lambda each: {each.kind: each.role_counts}),
        by_document={each.name: _scored([each.role_counts]) for each in documents},
        field_rows=_field_rows(documents),
        listed=_scored([_listed(each).counts for each in documents]),
        grouping=Grouping.total(each.grouping for each in documents).f1,
        enums=_pooled(each.enums for each in documents),
        texts=_pooled(each.texts for each in documents),
        exact=_exact(documents),
        edits_per_document=sum(each.tally.edits for each in documents) / max(1, len(documents)),
        unclaimed=_pooled(each.unclaimed for each in documents),
        errors=_errors(documents),
        confusion=_confusion(documents),
        findings=_findings([each.findings for each in read if each.findings is not None]),
        risk=risk if risk is not None and risk.figures else None,
        cost=Cost.total([each.cost for each in documents]),
        warnings=tuple(_warnings(documents, risk)),
    )


def _scored(documents: Sequence[Counts]) -> Scored:
    return _rates(summed(documents), cluster_bootstrap(documents, f1))


def _rates(counts: Counts, interval: Interval = NOTHING) -> Scored:
    return Scored(counts=counts, precision=counts.precision, recall=counts.recall, f1=counts.f1, interval=interval)


def _by(
    documents: Sequence[DocumentScore], group: Callable[[DocumentScore], Mapping[str, Counts]]
) -> dict[str, Scored]:
    grouped: dict[str, list[Counts]] = defaultdict(list)
    for document in documents:
        for name, counts in group(document).items():
            grouped[name].append(counts)
    return {name: _scored(counts) for name, counts in sorted(grouped.items())}


def _field_rows(documents: Sequence[DocumentScore]) -> tuple[FieldRow, ...]:
    grouped: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    for document in documents:
        for record_type, fields in document.fields.items():
            for name, tally in fields.items():
                grouped[record_type, name].append(tally)
    totals = {key: _tallied_alike(tallies) for key, tallies in sorted(grouped.items())}
    return tuple(
        FieldRow(type=record_type, field=name, tally=whole, scored=_rates(whole.counts))
        for (record_type, name), whole in totals.items()
    )


def _tallied_alike(tallies: Iterable[Tally]) -> Tally:
    """The sum of the tallies of one field, most of which are alike: each is multiplied by its number."""
    return tallied(Tally(*(count * times for count in tally)) for tally, times in Counter(tallies).items())


def _listed(document: DocumentScore) -> Tally:
    return tallied(tally for fields in document.listed.values() for tally in fields.values())


def _pooled(shares: Iterable[Share]) -> Rated:
    whole = Share.total(shares)
    return Rated(share=whole, rate=whole.rate, interval=wilson(whole.count, whole.of))


def _exact(documents: Sequence[DocumentScore]) -> Rated:
    whole = Share(count=sum(each.exact for each in documents), of=len(documents))
    return Rated(share=whole, rate=whole.rate, interval=clopper_pearson(whole.count, whole.of))


def _errors(documents: Sequence[DocumentScore]) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for miss in (miss for document in documents for miss in document.misses):
        counted[miss.outcome.value if miss.error is None else f"{miss.outcome.value}:{miss.error.value}"] += 1
    return dict(sorted(counted.items(), key=lambda item: -item[1]))


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
