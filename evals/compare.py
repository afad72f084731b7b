"""Is one run better than another? Paired, document by document, over the documents that both scored."""

from collections.abc import Callable, Mapping, Sequence

from evals.confidence import FEWEST_DOCUMENTS, Interval, cluster_bootstrap, f1_difference, mcnemar, sign_flip
from evals.outcomes import FieldOutcome
from evals.runs import Run, RunError
from evals.scores import Counts, DocumentScore, Miss, summed
from schemas.base import Model

SIGNIFICANT = 0.05
Measure = Callable[[DocumentScore], Counts]

MEASURES: Mapping[str, Measure] = {
    "roles": lambda document: document.role_counts,
    "fields": lambda document: document.tally.counts,
}
"""What is compared: figures by role, and all fields of aligned records."""


class Paired(Model):
    """One measure of two runs. `difference` is after less before in F1, `interval` its cluster bootstrap, `p` the
    sign-flip test over documents."""

    before: float | None
    after: float | None
    difference: float
    interval: Interval
    p: float
    by_document: dict[str, float]

    @property
    def identical(self) -> bool:
        """True when no document scored differently."""
        return not any(self.by_document.values())


class FieldChange(Model):
    """One field that only one of the two runs read as labelled."""

    document: str
    key: str
    type: str
    field: str
    labelled: str | None
    answered: str | None
    outcome: FieldOutcome


class Comparison(Model):
    """Two runs over the same documents. `better` are fields that only the second run reads as labelled, `worse`
    those that only the first does; `left_out` are documents that not both scored."""

    before: str
    after: str
    documents: tuple[str, ...]
    left_out: tuple[str, ...]
    measures: dict[str, Paired]
    by_type: dict[str, float]
    better: tuple[FieldChange, ...]
    worse: tuple[FieldChange, ...]
    mcnemar_p: float
    verdict: str


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs. Raises RunError when no document is in both."""
    first = {document.name: document for document in before.documents}
    second = {document.name: document for document in after.documents}
    common = [name for name in first if name in second and first[name].document_id == second[name].document_id]
    if not common:
        raise RunError(
            f"{before.name} 与 {after.name} 没有共同的文档，无法比较 (the two runs have no document in common)"
        )
    pairs = [(first[name], second[name]) for name in common]
    measures = {name: _paired(pairs, measure) for name, measure in MEASURES.items()}
    better, worse = _changes(pairs)
    return Comparison(
        before=before.name,
        after=after.name,
        documents=tuple(common),
        left_out=tuple(sorted((first.keys() | second.keys()) - set(common))),
        measures=measures,
        by_type=_by_type(pairs),
        better=better,
        worse=worse,
        mcnemar_p=mcnemar(len(worse), len(better)),
        verdict=_verdict(measures["roles"], len(common)),
    )


_Pairs = Sequence[tuple[DocumentScore, DocumentScore]]


def _paired(pairs: _Pairs, measure: Measure) -> Paired:
    counts = [(measure(one), measure(other)) for one, other in pairs]
    differences = [(other.f1 or 0.0) - (one.f1 or 0.0) for one, other in counts]
    before, after = (summed(each[side] for each in counts).f1 for side in (0, 1))
    return Paired(
        before=before,
        after=after,
        difference=(after or 0.0) - (before or 0.0),
        interval=cluster_bootstrap([(*one, *other) for one, other in counts], f1_difference),
        p=sign_flip(differences),
        by_document={one.name: difference for (one, _), difference in zip(pairs, differences, strict=True)},
    )


def _by_type(pairs: _Pairs) -> dict[str, float]:
    """The difference in F1 of every record type that changed."""
    types = sorted({name for pair in pairs for document in pair for name in document.roles})
    found = {}
    for name in types:
        sides = [summed(c for pair in pairs for c in pair[side].roles.get(name, {}).values()) for side in (0, 1)]
        difference = (sides[1].f1 or 0.0) - (sides[0].f1 or 0.0)
        if difference:
            found[name] = difference
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _changes(pairs: _Pairs) -> tuple[tuple[FieldChange, ...], tuple[FieldChange, ...]]:
    better: list[FieldChange] = []
    worse: list[FieldChange] = []
    for before, after in pairs:
        old, new = ({miss.key: miss for miss in document.misses} for document in (before, after))
        better += [_change(before.name, miss) for key, miss in old.items() if key not in new]
        worse += [_change(after.name, miss) for key, miss in new.items() if key not in old]
    return tuple(better), tuple(worse)


def _change(document: str, miss: Miss) -> FieldChange:
    return FieldChange(
        document=document,
        key=miss.key,
        type=miss.type,
        field=miss.field,
        labelled=miss.labelled,
        answered=miss.answered,
        outcome=miss.outcome,
    )


def _verdict(roles: Paired, documents: int) -> str:
    """In plain words; a difference is claimed only where the paired test supports it."""
    if roles.identical:
        return "两次结果的角色得分完全相同。 Every document scored the same."
    if documents < FEWEST_DOCUMENTS:
        return (
            f"只有 {documents} 份文档，无论差多少都不能断言优劣。"
            f" With {documents} documents no difference can be called real."
        )
    if roles.p < SIGNIFICANT:
        which = "更好 (better)" if roles.difference > 0 else "更差 (worse)"
        return f"后者{which}：差 {roles.difference:+.4f}，p = {roles.p:.3f}。"
    return f"证据不足以说明有差别：差 {roles.difference:+.4f}，p = {roles.p:.3f}。 Not enough evidence of a difference."
