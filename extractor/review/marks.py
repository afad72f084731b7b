"""Decisions that change no record still say something: this finding is confirmed, that one is none, this record is
right. They are written into the settled version."""

from collections.abc import Mapping, Sequence

from extractor.review.projection import finding_now
from extractor.review.standing import said
from extractor.storage.models import TaskRow, VerdictRow
from extractor.storage.tasks import TaskKind
from schemas.checks import Cause, Finding, FindingKind
from schemas.extraction import Extraction, Record
from schemas.fields import pointers
from schemas.settlement import Decision, Settlement


def marked(
    extraction: Extraction, reading: Extraction, decided: Sequence[VerdictRow], rows: Mapping[int, TaskRow]
) -> Extraction:
    """The extraction with what was decided about its findings and records.

    A finding that a person called none is left out. Records that a correction made keep that as their provenance.
    """
    findings: dict[str, Finding | None] = {each.id: each for each in extraction.findings}
    records = {each.id: each for each in extraction.records}
    for verdict in decided:
        row = rows[verdict.task_id]
        settlement = Settlement(
            by=verdict.actor, at=verdict.made_at, decision=Decision(verdict.action), task=verdict.task_id
        )
        finding = finding_now(row, reading, extraction) or _reported(row, settlement, extraction)
        if finding is not None:
            findings[finding.id] = _settled(finding, settlement, said(verdict).get("suggested"))
        if settlement.decision is not Decision.CORRECT:
            for record in _concerned(row, finding, records):
                if record.settled is None:
                    records[record.id] = record.model_copy(update={"settled": settlement})
    return extraction.model_copy(
        update={
            "findings": tuple(each for each in findings.values() if each is not None),
            "records": tuple(records.values()),
        }
    )


def _reported(row: TaskRow, settlement: Settlement, extraction: Extraction) -> Finding | None:
    """The finding that a person's report becomes once it is confirmed that the document is wrong."""
    if row.kind != TaskKind.MANUAL or settlement.decision is not Decision.DOCUMENT:
        return None
    figure = next((each for each in extraction.quantities if each.id == row.subject), None)
    return Finding(
        id=f"m{row.id}",
        kind=FindingKind.ERROR if figure else FindingKind.WORDING,
        message=row.reason,
        message_en=row.reason_en,
        evidence=(figure.raw,) if figure else (),
        spans=((figure.start, figure.end),) if figure else (),
        quantities=(figure.id,) if figure else (),
        suspect=figure.id if figure else None,
    )


def _settled(finding: Finding, settlement: Settlement, suggested: str | None) -> Finding | None:
    match settlement.decision:
        case Decision.ACCEPT:
            return None
        case Decision.DOCUMENT:
            update = {"settled": settlement, "cause": Cause.DOCUMENT, "suggested": suggested or finding.suggested}
            return finding.model_copy(update=update)
        case Decision.CORRECT:
            return finding


def _concerned(row: TaskRow, finding: Finding | None, records: Mapping[str, Record]) -> list[Record]:
    """The records that a decision speaks of."""
    if finding is not None:
        figures = set(finding.quantities)
        return [each for each in records.values() if not figures.isdisjoint(q for _, q in pointers(each.fields))]
    if row.kind in (TaskKind.RECORD, TaskKind.AUDIT) and row.subject in records:
        return [records[row.subject]]
    return []
