"""Evaluate every relation that applies to a document's records and tables.

records → book → relations, judgements → outcomes → who is wrong → findings, statuses
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.checking.book import Book, changes_of
from extractor.checking.causes import Causes
from extractor.checking.claims import Claim
from extractor.checking.coverage import coverage_findings
from extractor.checking.edits import PrintedFigures
from extractor.checking.equations import Evaluation, evaluate
from extractor.checking.figures import nothing, plain
from extractor.checking.findings import claim_findings, group_findings, ordered
from extractor.checking.intervals import ZERO
from extractor.checking.localise import localise
from extractor.checking.messages import statement
from extractor.checking.relations import equations_of
from extractor.checking.slips import raised
from extractor.checking.statuses import statuses_of
from extractor.checking.uncertain import uncertain
from extractor.checking.wording import claims_of
from extractor.documents.disclosure import Disclosure
from schemas.checks import Cause, Check, Finding, RecordStatus
from schemas.extraction import Record
from schemas.fields import Fields, QuantityRef
from schemas.quantities import ContextKind


@dataclass(frozen=True)
class Verdict:
    """What the checks say: evaluated relations, findings most serious first, the status of every record.

    A contradiction that our reading made is no finding: its check fails, and its records are contradicted.
    `evaluations` are the equations behind the checks, by the id of the check (judgements on words have none); `held`
    are the quantities that each record points at, by the id of the record; `uncertain` those of which it is not sure
    what they are of (see `extractor.checking.uncertain`).
    """

    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    statuses: Mapping[str, RecordStatus] = field(default_factory=dict)
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncertain: frozenset[str] = frozenset()


def check_records(
    disclosure: Disclosure,
    records: Sequence[Record],
    contexts: Mapping[str, ContextKind] | None = None,
    other: Sequence[Record] = (),
) -> Verdict:
    """Check records (with ids) against each other, the document's tables and the official classification.

    `contexts` are the figures that readers found to be no facts of their own; `other` are the records of a
    second reader over the same quantities, whose agreement speaks for the reading.
    """
    book = Book(disclosure, records)
    evaluations = [raised(evaluate(each)) for each in equations_of(book)]
    claims = list(claims_of(book))
    checks = _checks(evaluations, claims)
    check_ids = {id(each): check.id for each, check in zip((*evaluations, *claims), checks, strict=True)}
    groups = localise(evaluations, _printed(book), _twins(book))
    causes = Causes(book, evaluations, other, contexts)
    told = group_findings(disclosure, groups, check_ids, causes.of)
    findings = [
        *(each for each in told if each.cause is not Cause.READING),  # what is ours holds its records back, no more
        *claim_findings(claims, check_ids),
        *coverage_findings(book, contexts or {}),
    ]
    by_check = {check.id: each for check, each in zip(checks, evaluations, strict=False)}
    unsure = uncertain(records, checks, book.held)
    return Verdict(checks, ordered(findings), statuses_of(book, checks), by_check, book.held, unsure)


def _checks(evaluations: Sequence[Evaluation], claims: Sequence[Claim]) -> tuple[Check, ...]:
    found = [_check(f"c{number}", each) for number, each in enumerate(evaluations, 1)]
    found.extend(_claim_check(f"c{number}", each) for number, each in enumerate(claims, len(found) + 1))
    return tuple(found)


def _check(check_id: str, evaluation: Evaluation) -> Check:
    equation, target = evaluation.equation, evaluation.equation.target
    ids, records = equation.ids, equation.records
    factor, decimals = target.figure.factor, target.figure.decimals
    return Check(
        id=check_id,
        family=equation.rule.family,
        outcome=evaluation.outcome,
        statement=statement(evaluation),
        operands=tuple(filter(None, ids)) if "" in ids else ids,
        records=tuple(dict.fromkeys(records)) if len(records) > 1 else records,
        rule=equation.rule.code,
        printed=plain(target.value / factor, decimals),
        computed=_finely(evaluation.computed, factor, evaluation.finest(decimals)),
        residual=_finely(evaluation.residual, factor, decimals),
        tolerance=_finely(evaluation.tolerance, factor, decimals),
        reason=evaluation.reason,
    )


def _finely(value: Decimal | None, factor: Decimal, decimals: int) -> str | None:
    """A value in units of `factor`, with two decimals more than the printed figure has."""
    if value is ZERO:  # what most relations leave
        return nothing(decimals + 2)
    return None if value is None else plain(value / factor, decimals + 2)


def _claim_check(check_id: str, claim: Claim) -> Check:
    return Check(
        id=check_id,
        family=claim.rule.family,
        outcome=claim.outcome,
        statement=claim.zh,
        operands=claim.quantities,
        records=claim.records,
        rule=claim.rule.code,
        reason=claim.reason,
    )


def _printed(book: Book) -> PrintedFigures:
    return PrintedFigures(
        figure for each in book.disclosure.quantities if (figure := book.figures.get(each.id)) is not None
    )


def _twins(book: Book) -> dict[str, tuple[str, ...]]:
    """The amount and the rate of a change, by the id of either: one direction word governs both."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in book.changing:
        for change in changes_of(entry.fields):
            ids = _change_ids(change)
            found.update(dict.fromkeys(ids, ids))
    return found


def _change_ids(change: Fields) -> tuple[str, ...]:
    references = (getattr(change, "amount", None), getattr(change, "percent", None))
    return tuple(each.quantity for each in references if isinstance(each, QuantityRef))
