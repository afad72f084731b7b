"""Findings across all documents, to be searched."""

from decimal import Decimal
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from extractor.review.actors import Actor, Scope
from extractor.storage.models import DocumentRow, ExtractionRow, FindingRow
from extractor.web.access import TheDesk, may
from extractor.web.api.documents import conditions
from extractor.web.api.paging import After, Limit, Page, page, place
from extractor.web.api.values import Word, Year

router = APIRouter(tags=["findings"])


class FindingOut(BaseModel):
    """A finding; its evidence is in the document's own list. `amount_at_stake` is in yuan."""

    model_config = ConfigDict(from_attributes=True)

    extraction_id: int
    finding: str
    document_id: str
    kind: str
    family: str | None
    cause: str
    message: str
    message_en: str
    page: int | None
    suspect: str | None
    suggested: str | None
    amount_at_stake: Decimal | None


def newest() -> sa.ColumnElement[bool]:
    """True of the version of each document that counts: what people settled, the current reading where they have not."""
    other = sa.orm.aliased(ExtractionRow)
    settled = sa.select(other.id).where(other.base_id == ExtractionRow.id).exists()
    read = sa.select(other.id).where(other.id == ExtractionRow.base_id, other.is_current).exists()
    return sa.or_(sa.and_(ExtractionRow.is_current, ~settled), read)


@router.get("/findings")
def findings(
    desk: TheDesk,
    _: Annotated[Actor, may(Scope.READ)],
    kind: Word | None = None,
    family: Word | None = None,
    cause: Word | None = None,
    department: Word | None = None,
    region: Word | None = None,
    fiscal_year: Year | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[FindingOut]:
    """Findings of the newest versions, document by document."""
    query = sa.select(FindingRow).join(ExtractionRow, ExtractionRow.id == FindingRow.extraction_id).where(newest())
    for name, value in (("kind", kind), ("family", family), ("cause", cause)):
        if value is not None:
            query = query.where(getattr(FindingRow, name) == value)
    wanted = conditions(department, region, None, fiscal_year)
    if wanted:
        query = query.join(DocumentRow, DocumentRow.id == FindingRow.document_id).where(*wanted)
    behind = place(after, int, str)
    if behind is not None:
        query = query.where(sa.tuple_(FindingRow.extraction_id, FindingRow.finding) > sa.tuple_(*behind))
    with desk.database.transaction() as session:
        query = query.order_by(FindingRow.extraction_id, FindingRow.finding).limit(limit + 1)
        rows = session.scalars(query).all()
    keys = [(row.extraction_id, row.finding) for row in rows]
    return page([FindingOut.model_validate(row) for row in rows], limit, keys)
