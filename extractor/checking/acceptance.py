"""How sure the reading of each figure is: what decides whether a person has to look at it.

A grade says which evidence speaks for a figure being what its record says it is. Arithmetic that would fail for
another reading counts most; a relation that many readings satisfy (an order, an equality, a rate of 100 %, sums
of zeros) counts little. Arithmetic inside one record (a change against its base) proves its figures but not
whose they are: for that, one of them must stand in a relation with another record or a table, and none in a
contradiction; the record's subject must have a name that is known, and no other record may tell of the same otherwise
(the totals of several bodies in one document).

`ACCEPTED` and above goes through without a person; the evals measure how often that is wrong (`gouji eval run`:
risk–coverage, silent errors).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.checking.engine import Verdict
from schemas.checks import Cause, Check, Family, Finding, FindingKind
from schemas.extraction import Record, Section, SectionOutcome
from schemas.fields import pointers
from schemas.quantities import Quantity, QuantityKind, Role

DISPUTED = Decimal("0.0")  # in a contradiction that may be the reading's, or in a section that needs a person
UNCHECKED = Decimal("0.3")  # no relation reaches it
WEAK = Decimal("0.5")  # only relations hold that other readings would satisfy too
MISPRINTED = Decimal("0.6")  # the document contradicts itself, and the reading seems sure
AGREED = Decimal("0.7")  # two readers independently gave it the same role
PROVEN_WITHIN = Decimal("0.8")  # proven, but for whose it is
PROVEN = Decimal("0.9")  # one relation holds that another reading would break
PROVEN_TWICE = Decimal("0.95")  # two or more

ACCEPTED = PROVEN
"""The lowest grade that goes through without a person."""

_PROVING = frozenset(
    {Family.EQUAL, Family.SUM, Family.SHARE, Family.DELTA, Family.GROWTH, Family.COMPLETION, Family.AVERAGE}
)
_TABLE = Role.TABLE  # naming a member is slow


@dataclass
class _Evidence:
    """What the checks say: how many proofs each figure has, the records that a proof joins with another record or a
    table, and the figures that some relation holds or fails for."""

    proofs: Counter[str] = field(default_factory=Counter)
    anchored: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


def grades_of(
    quantities: Sequence[Quantity],
    records: Sequence[Record],
    verdict: Verdict,
    sections: Iterable[Section] = (),
    other: Sequence[Record] = (),
) -> dict[str, Decimal]:
    """The grade of every figure that a record holds, by its id.

    `verdict` is what the checks say of these records; `sections` carry how their reading ended; `other` are a second
    reader's records over the same quantities.
    """
    by_id = {quantity.id: quantity for quantity in quantities}
    evidence = _evidence(by_id, verdict.checks)
    disputed = evidence.failed - _laid_on_document(verdict.findings)
    doubtful = {
        section.id for section in sections if section.outcome in (SectionOutcome.FAILED, SectionOutcome.NEEDS_REVIEW)
    }
    agreed = _agreed(records, other) if other else set()
    grades: dict[str, Decimal] = {}
    for record in records:
        figures = [each for each in verdict.held[record.id] if each in by_id and by_id[each].role is not _TABLE]
        anchored = record.id in evidence.anchored and evidence.failed.isdisjoint(figures)
        sure = anchored and verdict.uncertain.isdisjoint(figures)
        for each in figures:
            if each in disputed or by_id[each].section in doubtful:
                grades[each] = DISPUTED
            elif each in evidence.failed:
                grades[each] = MISPRINTED
            elif evidence.proofs[each]:
                grades[each] = PROVEN_WITHIN if not sure else PROVEN if evidence.proofs[each] == 1 else PROVEN_TWICE
            else:
                grades[each] = AGREED if each in agreed else WEAK if each in evidence.held else UNCHECKED
    return grades


def _evidence(quantities: Mapping[str, Quantity], checks: Iterable[Check]) -> _Evidence:
    evidence = _Evidence()
    for check in checks:
        if check.outcome.fails:
            evidence.failed.update(check.operands)
        elif check.outcome.holds:
            evidence.held.update(check.operands)
            if _proves(check, quantities):
                for each in set(check.operands):
                    evidence.proofs[each] = evidence.proofs.get(each, 0) + 1  # Counter.update is slow for a few
                if len(set(check.records)) > 1:
                    evidence.anchored.update(check.records)
    return evidence


def _proves(check: Check, quantities: Mapping[str, Quantity]) -> bool:
    """Whether the relation would fail had a figure been read as another one."""
    if check.family not in _PROVING:  # inside a table: most checks of a large document
        return False
    operands = [quantities[each] for each in check.operands if each in quantities]
    if check.family is Family.EQUAL:
        return any(each.role is _TABLE for each in operands) and any(each.value for each in operands)
    sizes = {
        abs(each.value if each.yuan is None else each.yuan)
        for each in operands
        if each.value and each.kind is not QuantityKind.PERCENT
    }
    return len(sizes) > 1


def _laid_on_document(findings: Iterable[Finding]) -> set[str]:
    """The figures of contradictions that are the document's own."""
    return {
        each
        for finding in findings
        if finding.cause is Cause.DOCUMENT and finding.kind is not FindingKind.COVERAGE
        for each in finding.quantities
    }


def _agreed(records: Iterable[Record], other: Iterable[Record]) -> set[str]:
    roles = {held: (record.type, path) for record in other for path, held in pointers(record.fields)}
    return {
        held for record in records for path, held in pointers(record.fields) if roles.get(held) == (record.type, path)
    }
