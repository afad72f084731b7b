"""The counts of one document."""

from dataclasses import dataclass

from schemas.extraction import Extraction
from schemas.quantities import Role


@dataclass(frozen=True)
class Summary:
    """The closing table's line for one document."""

    name: str
    records: int
    quantities: int
    proven: int
    checked: int
    unclaimed: int
    findings: int
    complete: bool


def summary_of(extraction: Extraction) -> Summary:
    """Counts of one document: `proven` of the `checked` records, figures nothing accounts for, findings."""
    narrative = [record for record in extraction.records if record.type not in ("TableRow", "PerformanceIndicator")]
    counted = [record for record in narrative if record.status.value != "unchecked"]
    return Summary(
        name=extraction.document.name,
        records=len(extraction.records),
        quantities=len(extraction.quantities),
        proven=sum(1 for record in counted if record.status.value == "proven"),
        checked=len(counted),
        unclaimed=sum(1 for quantity in extraction.quantities if quantity.role is Role.UNCLAIMED),
        findings=len(extraction.findings),
        complete=extraction.complete,
    )
