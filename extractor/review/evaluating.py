"""A document with corrections, checked again: what the children of the workbench do.

The disclosure is made ready from the file as for reading, and kept for the next question about it.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from extractor.checking import Verdict
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading import load
from extractor.errors import LoadError
from extractor.pipeline import recheck
from extractor.review.edits import Edit
from extractor.review.sheet import Sheet
from extractor.review.written import Written, written
from extractor.storage.packing import expand
from schemas.extraction import Extraction, Record
from schemas.quantities import Quantity
from schemas.settlement import Decision, Settlement

KEPT = 12
"""Documents that a child keeps ready; one takes 2 to 20 MB."""


@dataclass(frozen=True)
class Original:
    """A document's file: where it is on this machine (None where it is gone), and its text as loaded, compressed."""

    sha256: str
    name: str
    media_type: str
    path: str | None
    text: bytes


@dataclass(frozen=True)
class Correction:
    """The edits of one verdict that stands; records that they add are called by `prefix`."""

    prefix: str
    edits: tuple[Edit, ...]
    task: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Evaluate:
    """A reading (`body` as stored) with corrections, and behind them edits that nobody has saved yet."""

    original: Original
    extraction_id: int
    body: bytes
    corrections: tuple[Correction, ...] = ()
    draft: Correction | None = None
    focus: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Evaluated:
    """The extraction that results.

    `touched` are the records that the draft changed, deleted or added, `before` those of them that there were, as
    they were. `relations` are the failing equations, and all that the focused figures and touched records stand in.
    """

    extraction: Extraction
    touched: tuple[str, ...] = ()
    before: dict[str, Record] = field(default_factory=dict)
    relations: tuple[Written, ...] = ()


def evaluate(question: Evaluate) -> Evaluated:
    """Apply the corrections and the draft, check everything again.

    Raises EditRefused for an edit that cannot be done, LoadError where the file is needed and not there.
    """
    reading, disclosure = ready(question)
    sheet = Sheet.of(disclosure, reading)
    for correction in question.corrections:
        _correct(sheet, correction)
    before = dict(sheet.records)
    touched: tuple[str, ...] = ()
    if question.draft is not None:
        touched = _correct(sheet, question.draft)
    extraction, verdict = recheck(disclosure, reading, list(sheet.records.values()), sheet.contexts)
    return Evaluated(
        extraction,
        touched,
        {name: before[name] for name in touched if name in before},
        _relations(extraction, verdict, question.focus | set(touched)),
    )


def _correct(sheet: Sheet, correction: Correction) -> tuple[str, ...]:
    """Apply one verdict's edits, and note on every record that they changed who made it so, from what."""
    before = dict(sheet.records)
    sheet.touched.clear()
    sheet.apply(correction.edits, correction.prefix)
    sheet.finish()
    for name in sheet.touched:
        if name in sheet.records:
            settlement = Settlement(
                by=correction.by,
                at=correction.at,
                decision=Decision.CORRECT,
                task=correction.task,
                was=as_read(before.get(name)),
            )
            sheet.records[name] = sheet.records[name].model_copy(update={"settled": settlement})
    return tuple(sheet.touched)


def as_read(record: Record | None) -> dict[str, object] | None:
    """A record as it was before people changed it, for the provenance."""
    if record is None:
        return None
    if record.settled is not None and record.settled.was is not None:
        return record.settled.was
    fields = record.fields.model_dump(mode="json", exclude_defaults=True)
    return {"type": record.type, "reader": record.reader, "fields": fields}


def _relations(extraction: Extraction, verdict: Verdict, focus: frozenset[str] | set[str]) -> tuple[Written, ...]:
    """The equations to be shown: those that fail, and those about what is in focus (quantities or records)."""
    shown = [
        check
        for check in extraction.checks
        if check.outcome.fails or not focus.isdisjoint(check.operands) or not focus.isdisjoint(check.records)
    ]
    return tuple(written(check.id, verdict.evaluations[check.id]) for check in shown if check.id in verdict.evaluations)


_disclosures: OrderedDict[str, Disclosure] = OrderedDict()
_readings: OrderedDict[int, tuple[Extraction, Disclosure]] = OrderedDict()


def ready(question: Evaluate) -> tuple[Extraction, Disclosure]:
    """The reading and its disclosure, whose quantities have the reading's ids; both kept for the next question."""
    known = _readings.pop(question.extraction_id, None)
    if known is None:
        reading = Extraction.model_validate_json(expand(question.body))
        known = reading, with_ids_of(disclosure_of(question.original), reading.quantities)
    _readings[question.extraction_id] = known
    while len(_readings) > KEPT:
        _readings.popitem(last=False)
    return known


def disclosure_of(original: Original) -> Disclosure:
    """The document made ready for reading."""
    known = _disclosures.pop(original.sha256, None)
    if known is None:
        known = prepare(loaded_from(original))
    _disclosures[original.sha256] = known
    while len(_disclosures) > KEPT:
        _disclosures.popitem(last=False)
    return known


def loaded_from(original: Original) -> LoadedDocument:
    """The document as loaded: from its file, or a plain text from the database."""
    if original.path is not None:
        loaded = load(original.path)
        if loaded.sha256 == original.sha256:
            return loaded
    if original.media_type.startswith("text/plain"):
        return LoadedDocument(original.name, original.media_type, original.sha256, expand(original.text))
    raise LoadError(
        f"{original.name}: 原文件已不在原处，无法复核；请把它上传或放回 (the original file is gone or was changed, so"
        " nothing can be checked again; upload it or put it back)"
    )


def with_ids_of(disclosure: Disclosure, quantities: Sequence[Quantity]) -> Disclosure:
    """The disclosure with its quantities called as in a reading, which another version of the program may have made.

    Figures are matched by their place. Those that the reading did not know get ids that it has not.
    """
    known = {(each.start, each.end): each.id for each in quantities}
    names = {each.id: known.get((each.start, each.end), f"x-{each.id}") for each in disclosure.quantities}
    if all(old == new for old, new in names.items()):
        return disclosure
    return replace(
        disclosure,
        quantities=tuple(each.model_copy(update={"id": names[each.id]}) for each in disclosure.quantities),
        spans=_renamed(disclosure.spans, names),
    )


def _renamed(spans: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    return {names[old]: span for old, span in spans.items()}
