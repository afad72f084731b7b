"""Putting results in, and getting them out. Every function works inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from extractor.storage.models import (
    Base,
    BodyRow,
    DocumentRow,
    ExtractionRow,
    FindingRow,
    SectionRow,
    TallyRow,
    TaskRow,
    TaskStatus,
    TextRow,
)
from extractor.storage.packing import Packed, Values, expand
from schemas.base import GoujiError
from schemas.extraction import Extraction


class NotStored(GoujiError):
    """What was asked for is not in the database."""


_VERSIONS = sa.select(ExtractionRow.id, ExtractionRow.complete, ExtractionRow.fingerprint).where(
    ExtractionRow.document_id == sa.bindparam("document")
)

_FOUND = sa.select(ExtractionRow.id).where(
    ExtractionRow.document_id == sa.bindparam("document"),
    ExtractionRow.fingerprint == sa.bindparam("reading"),
    ExtractionRow.complete,
)


def store(session: Session, packed: Packed) -> int:
    """Put a document's results in as a whole, as its current version; returns the extraction's id.

    When a complete extraction with the same fingerprint is there already, nothing is changed and its id is
    returned; an incomplete one is replaced. Older versions are kept, their open tasks become superseded.
    """
    document_id = packed.document["id"]
    _put_document(session, packed)
    fingerprint = packed.extraction["fingerprint"]
    known = session.connection().execute(_VERSIONS, {"document": document_id}).all()
    for found in known:
        if found.fingerprint == fingerprint:
            if found.complete:
                return int(found.id)
            session.execute(sa.delete(ExtractionRow).where(ExtractionRow.id == found.id))
    if known:
        _retire(session, document_id)
    extraction_id = _put_results(session, packed, None, is_current=True)
    _put_rows(session, TaskRow, extraction_id, packed.tasks)
    return extraction_id


def put_settled(session: Session, packed: Packed, base_id: int) -> int:
    """Put what people made of a reading in the place of what they made of it before; returns the extraction's id.

    The reading stays the document's current version, and the tasks are the reading's.
    """
    drop_settled(session, base_id)
    return _put_results(session, packed, base_id, is_current=False)


def drop_settled(session: Session, base_id: int) -> None:
    """Delete what people made of a reading."""
    session.execute(sa.delete(ExtractionRow).where(ExtractionRow.base_id == base_id))


def _put_results(session: Session, packed: Packed, base_id: int | None, is_current: bool) -> int:
    """An extraction's rows, without tasks."""
    row = {**packed.extraction, "document_id": packed.document["id"], "base_id": base_id, "is_current": is_current}
    inserted = session.connection().execute(_insertion(ExtractionRow), row).inserted_primary_key
    assert inserted is not None
    extraction_id = int(inserted[0])
    rows = (
        (BodyRow, ({"body": packed.body},)),
        (TallyRow, packed.tallies),
        (SectionRow, packed.sections),
        (FindingRow, packed.findings),
    )
    for table, values in rows:
        _put_rows(session, table, extraction_id, values)
    return extraction_id


def _put_document(session: Session, packed: Packed) -> None:
    """The document's row, which also locks it: two workers with the same document take turns here."""
    dialect, connection = _dialect(session), session.connection()
    connection.execute(_document_statement(dialect, tuple(packed.document)), packed.document)
    connection.execute(_text_statement(dialect), {"document_id": packed.document["id"], "text": packed.text})


@cache
def _document_statement(dialect: str, columns: tuple[str, ...]) -> Any:
    insert = _insert(dialect, DocumentRow)
    kept = {"id", "sha256", "region", "stored"}
    changes: dict[str, Any] = {name: insert.excluded[name] for name in columns if name not in kept}
    changes["region"] = sa.func.coalesce(insert.excluded.region, DocumentRow.region)
    changes["stored"] = sa.or_(insert.excluded.stored, DocumentRow.stored)
    return insert.on_conflict_do_update(index_elements=["id"], set_=changes)


@cache
def _text_statement(dialect: str) -> Any:
    insert = _insert(dialect, TextRow)
    return insert.on_conflict_do_update(index_elements=["document_id"], set_={"text": insert.excluded.text})


def _table(rows: type[Base]) -> sa.Table:
    """The table itself: rows put in by it pass by the ORM (12 ms of a core a document with it, 8 without)."""
    return cast(sa.Table, rows.__table__)


@cache
def _insertion(rows: type[Base]) -> sa.Insert:
    """The statement that inserts rows. Like all that runs for every document it is made once: making one anew and
    finding it in the library's cache costs several times as long as running it."""
    return sa.insert(_table(rows))


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _insert(dialect: str, rows: type[Base]) -> Any:
    """An INSERT that can say ON CONFLICT, which both databases do alike, each in its own module."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(_table(rows))


def insert_new(session: Session, table: type[Base], rows: Sequence[Values]) -> Any:
    """The statement that inserts rows and passes over those whose keys are there already."""
    return _insert(_dialect(session), table).values(list(rows)).on_conflict_do_nothing()


def _put_rows(session: Session, table: type[Base], extraction_id: int, rows: Iterable[Values]) -> None:
    values = [{**row, "extraction_id": extraction_id} for row in rows]
    if values:
        session.connection().execute(_insertion(table), values)


def _retire(session: Session, document_id: str) -> None:
    """No version of the document is current, and no task of it open any more."""
    session.execute(
        sa.update(ExtractionRow)
        .where(ExtractionRow.document_id == document_id, ExtractionRow.is_current)
        .values(is_current=False)
    )
    session.execute(
        sa.update(TaskRow)
        .where(TaskRow.document_id == document_id, TaskRow.status.not_in([TaskStatus.SETTLED, TaskStatus.SUPERSEDED]))
        .values(status=TaskStatus.SUPERSEDED, version=TaskRow.version + 1)
    )


def find(session: Session, document_id: str, fingerprint: str) -> int | None:
    """The id of the complete extraction of a document with a fingerprint, None where there is none."""
    found = session.connection().execute(_FOUND, {"document": document_id, "reading": fingerprint}).scalar()
    return None if found is None else int(found)


def current(session: Session, document_id: str) -> int:
    """The id of a document's current extraction. Raises NotStored."""
    found = session.execute(
        sa.select(ExtractionRow.id).where(ExtractionRow.document_id == document_id, ExtractionRow.is_current)
    ).scalar()
    if found is None:
        raise NotStored(f"{document_id}: 库中没有这份文件的结果 (the database holds no results of this document)")
    return found


def settled(session: Session, extraction_id: int) -> int:
    """The newest version that people made of a reading; the reading itself where they made none."""
    newest = sa.select(sa.func.max(ExtractionRow.id)).where(ExtractionRow.base_id == extraction_id)
    return session.execute(newest).scalar() or extraction_id


def load_extraction(session: Session, extraction_id: int) -> Extraction:
    """A whole extraction. Raises NotStored."""
    body = session.execute(sa.select(BodyRow.body).where(BodyRow.extraction_id == extraction_id)).scalar()
    if body is None:
        raise NotStored(f"{extraction_id}: 库中没有这个版本 (the database holds no such extraction)")
    return Extraction.model_validate_json(expand(body))


def load_text(session: Session, document_id: str) -> str:
    """The text of a document as loaded. Raises NotStored."""
    text = session.execute(sa.select(TextRow.text).where(TextRow.document_id == document_id)).scalar()
    if text is None:
        raise NotStored(f"{document_id}: 库中没有这份文件 (the database holds no such document)")
    return expand(text)


def delete_extraction(session: Session, extraction_id: int) -> None:
    """Delete one version. If it was the current one, the newest that is left is current again, its tasks open."""
    row = session.get(ExtractionRow, extraction_id)
    if row is None:
        return
    document_id, was_current = row.document_id, row.is_current
    session.execute(sa.delete(ExtractionRow).where(ExtractionRow.id == extraction_id))
    session.expire_all()
    readings = (ExtractionRow.document_id == document_id, ExtractionRow.base_id.is_(None))
    newest = sa.select(sa.func.max(ExtractionRow.id)).where(*readings)
    left = session.execute(newest).scalar()
    if was_current and left is not None:
        session.execute(sa.update(ExtractionRow).where(ExtractionRow.id == left).values(is_current=True))
        session.execute(
            sa.update(TaskRow)
            .where(TaskRow.extraction_id == left, TaskRow.status == TaskStatus.SUPERSEDED)
            .values(status=TaskStatus.OPEN, version=TaskRow.version + 1)
        )


def delete_document(session: Session, document_id: str) -> None:
    """Delete a document with all its versions and tasks; the log of verdicts stays."""
    session.execute(sa.delete(DocumentRow).where(DocumentRow.id == document_id))
