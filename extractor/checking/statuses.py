"""What the checks say of each record."""

from collections.abc import Iterable, Sequence

from extractor.documents.disclosure import Disclosure
from schemas.checks import Check, RecordStatus
from schemas.extraction import Record
from schemas.fields import pointers


def statuses_of(disclosure: Disclosure, records: Sequence[Record], checks: Iterable[Check]) -> dict[str, RecordStatus]:
    """The status of every record by its id. Dates are no figures: no arithmetic could prove them."""
    proven: set[str] = set()
    contradicted: set[str] = set()
    for check in checks:
        if check.outcome.holds:
            proven.update(check.operands)
        elif check.outcome.fails:
            contradicted.update(check.operands)
    return {record.id: _status(disclosure, record, proven, contradicted) for record in records}


def _status(disclosure: Disclosure, record: Record, proven: set[str], contradicted: set[str]) -> RecordStatus:
    figures = [
        each
        for _, each in pointers(record.fields)
        if (quantity := disclosure.by_id.get(each)) is not None and quantity.value is not None
    ]
    if any(each in contradicted for each in figures):
        return RecordStatus.CONTRADICTED
    held = sum(each in proven for each in figures)
    if not held:
        return RecordStatus.UNCHECKED
    return RecordStatus.PROVEN if held == len(figures) else RecordStatus.CONSISTENT
