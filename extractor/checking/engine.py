"""Evaluate every relation that applies to a document's records and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractor.documents.disclosure import Disclosure
from schemas.checks import Check, Finding, RecordStatus
from schemas.extraction import Record


@dataclass(frozen=True)
class Verdict:
    """What the checks say: evaluated relations, findings most serious first, the status of every record."""

    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    statuses: Mapping[str, RecordStatus] = field(default_factory=dict)


def check_records(disclosure: Disclosure, records: Sequence[Record]) -> Verdict:
    """Check records (with ids) against each other, the document's tables and the official classification."""
    return Verdict()
