"""One document, top to bottom.

    load → unwrap → sections → quantities → route → read → resolve → check → localise → verdict

`prepare` (in `extractor.documents.disclosure`) does the first four and finds the tables; `read` routes the
sections to a reader and resolves its answers; `conclude` checks, and puts everything together.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from extractor.checking import Verdict, check_records
from extractor.checking.acceptance import grades_of
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.reading.profile import profile_of
from extractor.reading.reader import Reader
from extractor.reading.resolve import SectionReading, read_passage
from extractor.reading.routing import passages_of
from extractor.reading.rules import RulesReader
from extractor.reading.tables import table_records
from extractor.version import VERSION
from schemas.checks import RecordStatus
from schemas.extraction import DocumentInfo, Extraction, PromisedPart, Provenance, Record, Section, SectionOutcome
from schemas.quantities import ContextKind, Quantity, Role
from schemas.records import DisclosureProfile


def extract(path: str | Path, reader: Reader | None = None) -> Extraction:
    """Everything that one disclosure states, read and checked.

    Raises `extractor.errors.LoadError` when the file cannot be read as a disclosure.
    """
    return extract_prepared(prepare(load(path)), reader)


def extract_prepared(disclosure: Disclosure, reader: Reader | None = None) -> Extraction:
    """Everything that a prepared document states, read and checked."""
    chosen = reader or RulesReader()
    return conclude(
        disclosure,
        read(disclosure, chosen),
        Provenance(reader=chosen.name, version=VERSION, created_at=datetime.now(UTC)),
    )


def read(disclosure: Disclosure, reader: Reader) -> list[SectionReading]:
    """Route every section to the reader and resolve what it answers. A section that fails costs no other one."""
    return [read_passage(disclosure, passage, reader) for passage in passages_of(disclosure)]


def checked(disclosure: Disclosure, readings: Sequence[SectionReading]) -> Verdict:
    """What the checks say of a document as read so far."""
    records = _records(disclosure, profile_of(disclosure), readings)
    return check_records(disclosure, records, _contexts(readings))


def conclude(
    disclosure: Disclosure,
    readings: Sequence[SectionReading],
    provenance: Provenance,
    others: Sequence[SectionReading] = (),
) -> Extraction:
    """Check the records, and say of every quantity what accounts for it.

    `others` are a second reader's readings of some sections: what both say of a figure is surely printed so.
    """
    profile = profile_of(disclosure)
    records, contexts = _records(disclosure, profile, readings), _contexts(readings)
    other = [record for reading in others for record in reading.records]
    verdict = check_records(disclosure, records, contexts, other)
    sections = _sections(disclosure, readings)
    grades = grades_of(disclosure.quantities, records, verdict, sections, other)
    return Extraction(
        document=_document_info(disclosure, profile),
        sections=sections,
        contents=tuple(PromisedPart(title=p.title, start=p.start, end=p.end, page=p.page) for p in disclosure.promises),
        quantities=_accounted(disclosure, verdict, contexts, grades),
        records=_with_status(records, verdict),
        checks=verdict.checks,
        findings=verdict.findings,
        provenance=provenance,
        complete=not any(reading.outcome is SectionOutcome.FAILED for reading in readings),
    )


def recheck(
    disclosure: Disclosure, extraction: Extraction, records: Sequence[Record], contexts: Mapping[str, ContextKind]
) -> tuple[Extraction, Verdict]:
    """The extraction with other records (with ids) and contexts in the place of its own, checked anew.

    Sections and provenance stay. The verdict carries the relations as they were evaluated.
    """
    verdict = check_records(disclosure, records, contexts)
    grades = grades_of(disclosure.quantities, records, verdict, extraction.sections)
    results = {
        "quantities": _accounted(disclosure, verdict, contexts, grades),
        "records": _with_status(records, verdict),
        "checks": verdict.checks,
        "findings": verdict.findings,
    }
    return extraction.model_copy(update=results), verdict


def _records(disclosure: Disclosure, profile: Record, readings: Sequence[SectionReading]) -> list[Record]:
    return _numbered([profile, *(r for reading in readings for r in reading.records), *table_records(disclosure)])


def _contexts(readings: Sequence[SectionReading]) -> dict[str, ContextKind]:
    return {each: kind for reading in readings for each, kind in reading.contexts.items()}


def _numbered(records: Sequence[Record]) -> list[Record]:
    return [record.model_copy(update={"id": f"r{number}"}) for number, record in enumerate(records, 1)]


def _with_status(records: Sequence[Record], verdict: Verdict) -> tuple[Record, ...]:
    statuses = verdict.statuses
    return tuple(
        record if statuses.get(record.id, record.status) is record.status else _in_status(record, statuses[record.id])
        for record in records
    )


def _in_status(record: Record, status: RecordStatus) -> Record:
    return record.model_copy(update={"status": status})


def _accounted(
    disclosure: Disclosure, verdict: Verdict, contexts: Mapping[str, ContextKind], grades: Mapping[str, Decimal]
) -> tuple[Quantity, ...]:
    """Every quantity with its role (a record's field, a table's cell, context, or unclaimed) and how sure its
    reading is."""
    held = {quantity for ids in verdict.held.values() for quantity in ids}
    table, found = Role.TABLE, []
    for quantity in disclosure.quantities:
        role, kept = quantity.role, None
        if role is not table:
            context = contexts.get(quantity.id, quantity.context)
            claimed = quantity.id in held
            role = Role.FIELD if claimed else Role.UNCLAIMED if context is None else Role.CONTEXT
            kept = None if claimed else context
        grade = grades.get(quantity.id)
        if (role, kept, grade) != (quantity.role, quantity.context, quantity.acceptance):  # most cells stay as they are
            quantity = quantity.model_copy(update={"role": role, "context": kept, "acceptance": grade})
        found.append(quantity)
    return tuple(found)


def _document_info(disclosure: Disclosure, profile: Record) -> DocumentInfo:
    loaded, fields = disclosure.loaded, profile.fields
    assert isinstance(fields, DisclosureProfile)
    year = disclosure.by_id[fields.fiscal_year.quantity].date if fields.fiscal_year else None
    return DocumentInfo(
        id=loaded.id,
        name=loaded.name,
        media_type=loaded.media_type,
        pages=len(loaded.pages) or None,
        sha256=loaded.sha256,
        text_sha256=hashlib.sha256(loaded.text.encode()).hexdigest(),
        department=fields.department,
        kind=fields.kind,
        fiscal_year=int(year[:4]) if year else None,
    )


def _sections(disclosure: Disclosure, readings: Sequence[SectionReading]) -> tuple[Section, ...]:
    outcomes = {reading.section: reading for reading in readings}
    kinds = {passage.id: passage.kind for passage in passages_of(disclosure)}
    sections = []
    for node in disclosure.sections:
        start, end = disclosure.unwrapped.source_span(node.start, node.end) if node.end > node.start else (0, 0)
        reading = outcomes.get(node.id)
        sections.append(
            Section(
                id=node.id,
                path=node.path,
                start=start,
                end=end,
                page=disclosure.loaded.page_at(start),
                kind=kinds[node.id],
                outcome=reading.outcome if reading else None,
                reason=reading.reason if reading else None,
            )
        )
    return tuple(sections)
