"""An extraction turned into the rows it becomes, where it is made, so that who writes them only writes."""

import zlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from extractor.outputs.summary import summary_of
from extractor.storage.models import Subject
from extractor.storage.tasks import tasks_of
from schemas.extraction import Extraction, SectionOutcome

Values = dict[str, Any]
"""Column values of one row, by column name."""

_LEVEL = 6


@dataclass(frozen=True)
class Source:
    """Where a document's bytes are: its address, its size in bytes, whether the file store has them."""

    address: str
    size: int
    stored: bool = False
    region: str | None = None


@dataclass(frozen=True)
class Packed:
    """All rows of one extraction, without the keys that the database gives."""

    document: Values
    text: bytes
    extraction: Values
    body: bytes
    tallies: tuple[Values, ...]
    sections: tuple[Values, ...]
    findings: tuple[Values, ...]
    tasks: tuple[Values, ...]


def pack(extraction: Extraction, text: str, source: Source, fingerprint: str) -> Packed:
    """The rows of an extraction; `text` is the document's text as loaded."""
    return replace(
        pack_settled(extraction, source, fingerprint), text=compress(text), tasks=tuple(_tasks(extraction, source))
    )


def pack_settled(extraction: Extraction, source: Source, fingerprint: str) -> Packed:
    """The rows of a version that people settled: its text and its tasks are those of the reading."""
    return Packed(
        document=_document(extraction, source),
        text=b"",
        extraction=_extraction(extraction, fingerprint),
        body=compress(extraction.to_json(indent=None)),
        tallies=tuple(_tallies(extraction)),
        sections=tuple(_sections(extraction)),
        findings=tuple(_findings(extraction)),
        tasks=(),
    )


def compress(text: str) -> bytes:
    """A text as kept in the database."""
    return zlib.compress(text.encode(), _LEVEL)


def expand(data: bytes) -> str:
    """The text that `compress` was given."""
    return zlib.decompress(data).decode()


def _document(extraction: Extraction, source: Source) -> Values:
    document = extraction.document
    return {
        "id": document.id,
        "sha256": document.sha256,
        "name": document.name,
        "media_type": document.media_type,
        "pages": document.pages,
        "department": document.department,
        "kind": document.kind,
        "fiscal_year": document.fiscal_year,
        "address": source.address,
        "size": source.size,
        "stored": source.stored,
        "region": source.region,
    }


def _extraction(extraction: Extraction, fingerprint: str) -> Values:
    summary, provenance = summary_of(extraction), extraction.provenance
    return {
        "fingerprint": fingerprint,
        "complete": extraction.complete,
        "reader": provenance.reader,
        "model": provenance.model,
        "version": provenance.version,
        "created_at": provenance.created_at,
        "sections": len(extraction.sections),
        "quantities": summary.quantities,
        "unclaimed": summary.unclaimed,
        "records": summary.records,
        "checked": summary.checked,
        "proven": summary.proven,
        "checks": len(extraction.checks),
        "violated": sum(check.outcome.fails for check in extraction.checks),
        "findings": summary.findings,
    }


def _tallies(extraction: Extraction) -> list[Values]:
    counts: Counter[tuple[Subject, str, str]] = Counter()
    counts.update((Subject.RECORD, record.type, record.status.value) for record in extraction.records)
    counts.update((Subject.CHECK, check.family.value, check.outcome.value) for check in extraction.checks)
    counts.update((Subject.QUANTITY, each.kind.value, each.role.value) for each in extraction.quantities)
    counts.update(
        (Subject.SECTION, section.kind or "", section.outcome.value)
        for section in extraction.sections
        if section.outcome is not None
    )
    return [
        {"subject": subject, "kind": kind, "outcome": outcome, "count": count}
        for (subject, kind, outcome), count in counts.items()
    ]


def _sections(extraction: Extraction) -> list[Values]:
    return [
        {
            "section": section.id,
            "path": " / ".join(section.path),
            "kind": section.kind,
            "page": section.page,
            "outcome": section.outcome.value,
            "reason": section.reason,
        }
        for section in extraction.sections
        if section.outcome in (SectionOutcome.FAILED, SectionOutcome.NEEDS_REVIEW)
    ]


def _findings(extraction: Extraction) -> list[Values]:
    pages = {quantity.id: quantity.page for quantity in extraction.quantities}
    rows = []
    for finding in extraction.findings:
        places = (finding.suspect, *finding.quantities)
        rows.append(
            {
                "finding": finding.id,
                "document_id": extraction.document.id,
                "kind": finding.kind.value,
                "family": finding.family,
                "cause": finding.cause.value,
                "message": finding.message,
                "message_en": finding.message_en,
                "page": next((pages[place] for place in places if place in pages), None),
                "suspect": finding.suspect,
                "suggested": finding.suggested,
                "amount_at_stake": finding.amount_at_stake,
            }
        )
    return rows


def _tasks(extraction: Extraction, source: Source) -> list[Values]:
    document = extraction.document
    common = {
        "document_id": document.id,
        "department": document.department,
        "region": source.region,
        "document_kind": document.kind,
        "fiscal_year": document.fiscal_year,
    }
    return [
        {
            **common,
            "kind": task.kind,
            "subject": task.subject,
            "record_type": task.record_type,
            "family": task.family,
            "cause": task.cause,
            "signature": task.signature,
            "reason": task.reason,
            "reason_en": task.reason_en,
            "doubt": task.doubt,
            "amount": task.amount,
            "checks": task.checks,
            "priority": task.priority,
        }
        for task in tasks_of(extraction)
    ]
