"""What the checks say of each record."""

from collections.abc import Iterable, Sequence

from extractor.checking.book import Book
from schemas.checks import Check, RecordStatus


def statuses_of(book: Book, checks: Iterable[Check]) -> dict[str, RecordStatus]:
    """The status of every record by its id. Dates are no figures: no arithmetic could prove them."""
    proven: set[str] = set()
    contradicted: set[str] = set()
    for check in checks:
        if check.outcome.holds:
            proven.update(check.operands)
        elif check.outcome.fails:
            contradicted.update(check.operands)
    quantities = book.disclosure.by_id
    return {
        record: _status([each for each in ids if quantities[each].value is not None], proven, contradicted)
        for record, ids in book.held.items()
    }


def _status(figures: Sequence[str], proven: set[str], contradicted: set[str]) -> RecordStatus:
    if not contradicted.isdisjoint(figures):
        return RecordStatus.CONTRADICTED
    held = sum([each in proven for each in figures])
    if not held:
        return RecordStatus.UNCHECKED
    return RecordStatus.PROVEN if held == len(figures) else RecordStatus.CONSISTENT
