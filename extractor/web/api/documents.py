"""Documents and what was read out of them; of every document the newest version that people settled."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from extractor.outputs import lines
from extractor.review.actors import Actor, Scope, note
from extractor.storage.models import BodyRow, DocumentRow, ExtractionRow
from extractor.storage.packing import expand
from extractor.storage.people import Role
from extractor.storage.repository import NotStored, current, delete_document, load_extraction, load_text, settled
from extractor.web.access import TheDesk, may
from extractor.web.api.paging import After, Limit, Page, page, place
from extractor.web.api.values import DocumentId, Word, Year
from schemas.extraction import Extraction

router = APIRouter(prefix="/documents", tags=["documents"])

Reader = Annotated[Actor, may(Scope.READ)]


class DocumentOut(BaseModel):
    """A document. `size` is in bytes."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    department: str | None
    region: str | None
    kind: str | None
    fiscal_year: int | None
    created_at: datetime


class ReadingOut(BaseModel):
    """A document with the counts of its newest version; `settled` is true where people decided something."""

    document: DocumentOut
    extraction: int
    settled: bool
    complete: bool
    reader: str
    model: str | None
    records: int
    checks: int
    violated: int
    findings: int
    quantities: int
    unclaimed: int


def conditions(
    department: str | None, region: str | None, kind: str | None, fiscal_year: int | None
) -> list[sa.ColumnElement[bool]]:
    """Which documents are meant; None leaves a condition out."""
    wanted = {"department": department, "region": region, "kind": kind, "fiscal_year": fiscal_year}
    return [getattr(DocumentRow, name) == value for name, value in wanted.items() if value is not None]


@router.get("")
def documents(
    desk: TheDesk,
    _: Reader,
    department: Word | None = None,
    region: Word | None = None,
    kind: Word | None = None,
    fiscal_year: Year | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DocumentOut]:
    """All documents, by their ids."""
    query = sa.select(DocumentRow).where(*conditions(department, region, kind, fiscal_year))
    behind = place(after, str)
    if behind is not None:
        query = query.where(DocumentRow.id > behind[0])
    with desk.database.transaction() as session:
        rows = session.scalars(query.order_by(DocumentRow.id).limit(limit + 1)).all()
    return page([DocumentOut.model_validate(row) for row in rows], limit, [(row.id,) for row in rows])


def document_row(session: Session, document_id: str) -> DocumentRow:
    """A document. Raises NotStored."""
    row = session.get(DocumentRow, document_id)
    if row is None:
        raise NotStored(f"{document_id}: 库中没有这份文件 (the database holds no such document)")
    return row


def reading(session: Session, document_id: str) -> ReadingOut:
    """A document and the counts of its newest version. Raises NotStored."""
    row = document_row(session, document_id)
    by_machine = current(session, document_id)
    version = session.get_one(ExtractionRow, settled(session, by_machine))
    counts = ("complete", "reader", "model", "records", "checks", "violated", "findings", "quantities", "unclaimed")
    return ReadingOut(
        document=DocumentOut.model_validate(row),
        extraction=version.id,
        settled=version.id != by_machine,
        **{name: getattr(version, name) for name in counts},
    )


@router.get("/{document_id}")
def document(desk: TheDesk, actor: Reader, document_id: DocumentId) -> ReadingOut:
    """One document, and how its reading came out."""
    with desk.database.writing() as session:
        found = reading(session, document_id)
        note(session, actor, "see", document_id=document_id)
    return found


@router.delete("/{document_id}", status_code=204)
def delete(desk: TheDesk, actor: Annotated[Actor, may(Scope.SUBMIT, Role.ADMIN)], document_id: DocumentId) -> None:
    """Delete a document with all versions and tasks; the log stays."""
    with desk.database.writing() as session:
        document_row(session, document_id)
        note(session, actor, "delete", document_id=document_id)
        delete_document(session, document_id)


@router.get("/{document_id}/text", response_class=PlainTextResponse)
def text(desk: TheDesk, _: Reader, document_id: DocumentId) -> Response:
    """The text as loaded, which all offsets refer to."""
    with desk.database.transaction() as session:
        return PlainTextResponse(load_text(session, document_id))


@router.get("/{document_id}/extraction")
def extraction(
    desk: TheDesk,
    _: Reader,
    document_id: DocumentId,
    as_read: Annotated[bool, Query(description="The reading, without what people decided.")] = False,
) -> dict[str, Any]:
    """The whole extraction, as `gouji extract` writes it."""
    with desk.database.transaction() as session:
        version = current(session, document_id)
        wanted = version if as_read else settled(session, version)
        body = session.execute(sa.select(BodyRow.body).where(BodyRow.extraction_id == wanted)).scalar_one()
    return Response(expand(body), media_type="application/json")  # type: ignore[return-value]


Lines = Callable[[Extraction], Iterable[dict[str, Any]]]


def _listed(desk: TheDesk, document_id: str, made: Lines, after: str | None, limit: int) -> Page[dict[str, Any]]:
    """A page of an extraction's lines. The cursor names the version: within a newer one it leads nowhere."""
    behind = place(after, int, int)
    with desk.database.transaction() as session:
        version = int(behind[0]) if behind else settled(session, current(session, document_id))
        loaded = load_extraction(session, version)
    if loaded.document.id != document_id:
        raise NotStored(f"{document_id}: 游标属于另一份文件 (the cursor is another document's)")
    start = int(behind[1]) if behind else 0
    some = list(made(loaded))[max(0, start) :][: limit + 1]
    return page(some, limit, [(version, start + number) for number in range(1, len(some) + 1)])


def records_of(loaded: Extraction) -> Iterable[dict[str, Any]]:
    """Every record, with its document."""
    for record in loaded.records:
        yield {"document_id": loaded.document.id, **record.model_dump(mode="json", exclude_none=True)}


@router.get("/{document_id}/records")
def records(
    desk: TheDesk,
    _: Reader,
    document_id: DocumentId,
    type: Word | None = None,
    status: Word | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[dict[str, Any]]:
    """The records of a document."""

    def made(loaded: Extraction) -> Iterable[dict[str, Any]]:
        for line in records_of(loaded):
            if type in (None, line["type"]) and status in (None, line["status"]):
                yield line

    return _listed(desk, document_id, made, after, limit)


@router.get("/{document_id}/facts")
def facts(
    desk: TheDesk, _: Reader, document_id: DocumentId, role: Word | None = None, after: After = None, limit: Limit = 50
) -> Page[dict[str, Any]]:
    """Every printed figure of a document, with all that is known of it."""

    def made(loaded: Extraction) -> Iterable[dict[str, Any]]:
        return (line for line in lines.facts(loaded) if role in (None, line["role"]))

    return _listed(desk, document_id, made, after, limit)


@router.get("/{document_id}/checks")
def checks(
    desk: TheDesk,
    _: Reader,
    document_id: DocumentId,
    outcome: Word | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[dict[str, Any]]:
    """Every relation that was evaluated in a document."""

    def made(loaded: Extraction) -> Iterable[dict[str, Any]]:
        return (line for line in lines.checks(loaded) if outcome in (None, line["outcome"]))

    return _listed(desk, document_id, made, after, limit)


@router.get("/{document_id}/findings")
def findings(
    desk: TheDesk, _: Reader, document_id: DocumentId, after: After = None, limit: Limit = 50
) -> Page[dict[str, Any]]:
    """The findings of a document with their evidence."""
    return _listed(desk, document_id, lines.findings, after, limit)
