"""Documents whose review is done: what people left of the reading is what the document says."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.queue import PENDING
from extractor.storage.models import DocumentRow, ExtractionRow, TaskRow, TaskStatus
from extractor.storage.repository import load_extraction, settled
from extractor.storage.tasks import TaskKind
from schemas.base import Model
from schemas.extraction import Extraction


class Finished(Model):
    """A document's settled version, and where the document comes from."""

    extraction: Extraction
    region: str | None
    address: str


def finished(session: Session) -> Iterator[Finished]:
    """Every document about which something was decided and nothing waits or was skipped; the audit may go on."""
    reading, by_people = sa.orm.aliased(ExtractionRow), sa.orm.aliased(ExtractionRow)
    waits = (
        sa.exists()
        .where(
            TaskRow.extraction_id == reading.id,
            TaskRow.status.in_((*PENDING, TaskStatus.SKIPPED)),
            TaskRow.kind != TaskKind.AUDIT,
        )
        .correlate(reading)
    )
    query = (
        sa.select(reading.id, DocumentRow.region, DocumentRow.address)
        .join(DocumentRow, DocumentRow.id == reading.document_id)
        .where(reading.is_current, sa.exists().where(by_people.base_id == reading.id), ~waits)
        .order_by(reading.id)
    )
    for number, region, address in session.execute(query).all():
        extraction = load_extraction(session, settled(session, number))
        yield Finished(extraction=extraction, region=region, address=address)
