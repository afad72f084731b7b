"""Which things of an extraction a person should settle, and in which order."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from extractor.checking.acceptance import ACCEPTED
from schemas.checks import Cause, Check, Finding, FindingKind, RecordStatus
from schemas.extraction import Extraction, Record, Section, SectionOutcome
from schemas.fields import pointers
from schemas.quantities import Quantity, Role


class TaskKind(StrEnum):
    """What a task is about."""

    FINDING = "finding"
    RECORD = "record"  # contradicted, with no finding that says so
    SECTION = "section"  # its reading failed, or readers disagree
    COVERAGE = "coverage"  # figures of a section that nothing accounts for, with no finding that says so
    AUDIT = "audit"  # a record that went through without a person, drawn by lot: is it read right?
    MANUAL = "manual"  # a person asks for another look


_DOUBT_OF_CAUSE = {Cause.READING: 0.9, Cause.UNKNOWN: 0.7, Cause.DOCUMENT: 0.5}
_DOUBT_OF_RECORD = 0.8
_DOUBT_OF_SECTION = 1.0
_DOUBT_OF_COVERAGE = 0.6

AUDIT_RESERVE = 0.03
"""The share of the accepted records that are drawn for the audit. Less is shown where less is asked for: the lot of
each is kept as its priority, below every other task's."""

_FIGURE = re.compile(r"[-－+]?\d[\d,，.]*")


@dataclass(frozen=True)
class Task:
    """One thing to settle. `subject` is the id of a finding, record or section; `amount` is in yuan.

    `lot` is set on tasks of the audit: a number from 0 to `AUDIT_RESERVE`, the same whenever it is drawn.
    """

    kind: TaskKind
    subject: str
    reason: str
    reason_en: str
    doubt: float
    amount: Decimal = Decimal(0)
    checks: int = 0
    record_type: str | None = None
    family: str | None = None
    cause: str | None = None
    lot: float | None = None

    @property
    def priority(self) -> float:
        """Doubt × amount at stake × checks that settling it clears; no amount counts as one yuan.

        The audit comes last, in the order of the lots: who reviews gets it mixed in.
        """
        if self.lot is not None:
            return -self.lot
        return self.doubt * max(1.0, float(self.amount)) * max(1, self.checks)

    @property
    def signature(self) -> str:
        """The same for tasks that say the same of different figures, so that they can be settled together."""
        words = _FIGURE.sub("#", self.reason)
        parts = (self.kind, self.record_type, self.family, self.cause, words)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def tasks_of(extraction: Extraction) -> Iterator[Task]:
    """Every finding, and what is wrong without a finding: contradicted records, sections not read, figures missed."""
    quantities = {quantity.id: quantity for quantity in extraction.quantities}
    holders = {quantity: record for record in extraction.records for _, quantity in pointers(record.fields)}
    told: set[str] = set()
    for finding in extraction.findings:
        told.update(finding.quantities)
        yield _of_finding(finding, holders)
    for record in extraction.records:
        if record.status is RecordStatus.CONTRADICTED and told.isdisjoint(q for _, q in pointers(record.fields)):
            failing = _failing(record, extraction)
            yield _of_record(record, failing, quantities)
            told.update(quantity for check in failing for quantity in check.operands)  # one task a contradiction
    covered = any(finding.kind is FindingKind.COVERAGE for finding in extraction.findings)
    unclaimed: dict[str | None, list[Quantity]] = {}
    for quantity in extraction.quantities:
        if quantity.role is Role.UNCLAIMED:
            unclaimed.setdefault(quantity.section, []).append(quantity)
    for section in extraction.sections:
        missed = unclaimed.get(section.id, [])
        if section.outcome in (SectionOutcome.FAILED, SectionOutcome.NEEDS_REVIEW):
            yield _of_section(section, missed)
        elif not covered and any(quantity.id not in told for quantity in missed):
            yield _of_coverage(section, missed)
    yield from _audits(extraction, quantities)


def _audits(extraction: Extraction, quantities: Mapping[str, Quantity]) -> Iterator[Task]:
    """A share of the records that no person will see otherwise, drawn by a number made of their place."""
    for record in extraction.records:
        held = [quantities[each] for _, each in pointers(record.fields) if each in quantities]
        if not held or any((each.acceptance or Decimal(0)) < ACCEPTED for each in held):
            continue
        lot = _lot(extraction.document.id, record.type, min(each.start for each in held))
        if lot < AUDIT_RESERVE:
            yield Task(
                TaskKind.AUDIT,
                record.id,
                "抽查：这条记录由算术证实、自动通过，请核对读得是否正确",
                "audit: arithmetic proved this record and it went through unseen; is it read right?",
                0.0,
                _largest(held),
                record_type=record.type,
                lot=lot,
            )


def _lot(*place: object) -> float:
    """A number from 0 to 1 that is as good as drawn by lot, and the same for the same place."""
    return int.from_bytes(hashlib.sha256(repr(place).encode()).digest()[:6]) / 2**48


def _of_finding(finding: Finding, holders: Mapping[str, Record]) -> Task:
    named = [finding.suspect] if finding.suspect else [*finding.quantities]
    types = [holders[quantity].type for quantity in named if quantity in holders]
    return Task(
        TaskKind.FINDING,
        finding.id,
        finding.message,
        finding.message_en,
        _DOUBT_OF_CAUSE[finding.cause],
        abs(finding.amount_at_stake or Decimal(0)),
        len(finding.checks),
        types[0] if types else None,
        finding.family,
        finding.cause,
    )


def _failing(record: Record, extraction: Extraction) -> list[Check]:
    """The relations of a record that fail, else those that its figures stand in."""
    failing = [check for check in extraction.checks if check.outcome.fails]
    held = {quantity for _, quantity in pointers(record.fields)}
    own = [check for check in failing if record.id in check.records]
    return own or [check for check in failing if not held.isdisjoint(check.operands)]


def _of_record(record: Record, failing: Sequence[Check], quantities: Mapping[str, Quantity]) -> Task:
    held = {quantity for _, quantity in pointers(record.fields)}
    return Task(
        TaskKind.RECORD,
        record.id,
        failing[0].statement if failing else "记录与其他数字矛盾",
        "a record's figures contradict others",
        _DOUBT_OF_RECORD,
        _largest(quantities[each] for each in held if each in quantities),
        len(failing),
        record.type,
        failing[0].family if failing else None,
    )


def _of_section(section: Section, missed: list[Quantity]) -> Task:
    failed = section.outcome is SectionOutcome.FAILED
    return Task(
        TaskKind.SECTION,
        section.id,
        section.reason or ("这一节没有读成" if failed else "这一节需要人工判定"),
        "a section could not be read" if failed else "readers disagree about a section",
        _DOUBT_OF_SECTION,
        _largest(missed),
    )


def _of_coverage(section: Section, missed: list[Quantity]) -> Task:
    shown = "、".join(quantity.raw for quantity in missed[:5]) + ("…" if len(missed) > 5 else "")
    return Task(
        TaskKind.COVERAGE,
        section.id,
        f"有{len(missed)}个数字没有归入任何记录：{shown}",
        f"{len(missed)} figures belong to no record",
        _DOUBT_OF_COVERAGE,
        _largest(missed),
    )


def _largest(quantities: Iterator[Quantity] | list[Quantity]) -> Decimal:
    return max((abs(quantity.yuan) for quantity in quantities if quantity.yuan is not None), default=Decimal(0))
