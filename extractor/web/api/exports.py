"""Everything at once, streamed: memory does not grow with the number of documents."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from extractor.outputs import lines
from extractor.outputs.render import as_cell
from extractor.outputs.tables import (
    CHECKS,
    FACTS,
    FINDINGS,
    Row,
    check_rows,
    fact_rows,
    finding_rows,
    rows_of,
    table_named,
)
from extractor.review.actors import Actor, Scope, note
from extractor.review.confirmed import all_confirmed, as_csv
from extractor.storage.database import Database
from extractor.storage.models import BodyRow, DocumentRow, ExtractionRow, VerdictRow
from extractor.storage.packing import expand
from extractor.storage.people import Role
from extractor.storage.repository import NotStored
from extractor.storage.reviewing import EventRow
from extractor.web.access import TheDesk, may
from extractor.web.api.documents import conditions, records_of
from extractor.web.api.findings import newest
from extractor.web.api.values import Word, Year
from schemas.extraction import Extraction

router = APIRouter(prefix="/exports", tags=["exports"])

Exporter = Annotated[Actor, may(Scope.EXPORT)]
Lead = Annotated[Actor, may(Scope.EXPORT, Role.LEAD)]

_PAGE = 10
"""Documents that are read from the database in one go."""

_LOG_PAGE = 1000

_LINES: dict[str, Callable[[Extraction], Iterable[dict[str, Any]]]] = {
    "records": records_of,
    "facts": lines.facts,
    "checks": lines.checks,
    "findings": lines.findings,
}
_ROWS: dict[str, Callable[[Extraction], Iterator[Row]]] = {
    FINDINGS.name: finding_rows,
    FACTS.name: fact_rows,
    CHECKS.name: check_rows,
}

LINES_TYPE = "application/x-ndjson"
TABLE_TYPE = "text/csv"


def _streamed(media_type: str) -> dict[str, Any]:
    """How a stream is described."""
    return {
        "response_class": StreamingResponse,
        "responses": {200: {"description": "A stream of lines", "content": {media_type: {}}}},
    }


@router.get("/verdicts.jsonl", **_streamed(LINES_TYPE))
def verdict_lines(desk: TheDesk, actor: Lead) -> StreamingResponse:
    """Everything that was decided, oldest first."""
    noted(desk.database, actor, "verdicts")
    return _attachment(_log(desk.database, VerdictRow.__table__), "verdicts.jsonl", LINES_TYPE)


@router.get("/log.jsonl", **_streamed(LINES_TYPE))
def log_lines(desk: TheDesk, actor: Lead) -> StreamingResponse:
    """Who saw and did what and when, oldest first."""
    noted(desk.database, actor, "log")
    return _attachment(_log(desk.database, EventRow.__table__), "log.jsonl", LINES_TYPE)


@router.get("/confirmed.csv", **_streamed(TABLE_TYPE))
def confirmed_list(desk: TheDesk, actor: Exporter) -> StreamingResponse:
    """The findings that people confirmed: the documents themselves are wrong there."""
    noted(desk.database, actor, "confirmed")

    def stream() -> Iterator[str]:
        with desk.database.transaction() as session:
            yield from as_csv(all_confirmed(session))

    return _attachment(stream(), "confirmed.csv", f"{TABLE_TYPE}; charset=utf-8")


@router.get("/{name}.jsonl", **_streamed(LINES_TYPE))
def as_lines(
    desk: TheDesk,
    actor: Exporter,
    name: Annotated[Literal["extractions", "records", "facts", "checks", "findings"], Path()],
    department: Word | None = None,
    region: Word | None = None,
    kind: Word | None = None,
    fiscal_year: Year | None = None,
) -> StreamingResponse:
    """One JSON object a line, of the newest version of every document: what people settled stands in it."""
    wanted = conditions(department, region, kind, fiscal_year)
    noted(desk.database, actor, name)

    def stream() -> Iterator[str]:
        for body in bodies(desk.database, wanted):
            if name == "extractions":
                yield body + "\n"
            else:
                yield "".join(map(lines.as_line, _LINES[name](Extraction.model_validate_json(body))))

    return _attachment(stream(), f"{name}.jsonl", LINES_TYPE)


@router.get("/tables/{table}.csv", **_streamed(TABLE_TYPE))
def as_table(
    desk: TheDesk,
    actor: Exporter,
    table: Annotated[str, Path(max_length=80, pattern=r"^[A-Za-z.]+$")],
    department: Word | None = None,
    region: Word | None = None,
    kind: Word | None = None,
    fiscal_year: Year | None = None,
) -> StreamingResponse:
    """A table of the data dictionary as CSV, UTF-8 with a byte order mark: a record type, findings, facts or checks."""
    try:
        columns = table_named(table).columns
    except KeyError:
        raise NotStored(f"{table}: 没有这张表 (no such table; `gouji dictionary` lists them)") from None
    wanted = conditions(department, region, kind, fiscal_year)
    noted(desk.database, actor, table)

    def stream() -> Iterator[str]:
        yield "\ufeff" + _csv([columns])
        for body in bodies(desk.database, wanted):
            rows = _rows(table, Extraction.model_validate_json(body))
            yield _csv([[as_cell(row.get(column)) for column in columns] for row in rows])

    return _attachment(stream(), f"{table}.csv", f"{TABLE_TYPE}; charset=utf-8")


def _rows(table: str, extraction: Extraction) -> Iterable[Row]:
    made = _ROWS.get(table)
    return made(extraction) if made else (row for name, row in rows_of(extraction) if name == table)


def _csv(rows: Iterable[Iterable[object]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def bodies(database: Database, wanted: list[sa.ColumnElement[bool]]) -> Iterator[str]:
    """The newest version of every document, by their ids; none is read into memory before its turn."""
    query = (
        sa.select(DocumentRow.id, BodyRow.body)
        .join(ExtractionRow, ExtractionRow.document_id == DocumentRow.id)
        .join(BodyRow, BodyRow.extraction_id == ExtractionRow.id)
        .where(newest(), *wanted)
        .order_by(DocumentRow.id)
        .limit(_PAGE)
    )
    after = ""
    while True:
        with database.transaction() as session:
            rows = session.execute(query.where(DocumentRow.id > after)).all()
        if not rows:
            return
        yield from (expand(row.body) for row in rows)
        after = rows[-1].id


def _log(database: Database, table: sa.FromClause) -> Iterator[str]:
    query = sa.select(table).order_by(table.c.id).limit(_LOG_PAGE)
    after = 0
    while True:
        with database.transaction() as session:
            rows = session.execute(query.where(table.c.id > after)).mappings().all()
        if not rows:
            return
        yield "".join(_log_line(dict(row)) for row in rows)
        after = rows[-1]["id"]


def _log_line(values: dict[str, Any]) -> str:
    for name in ("before", "after", "detail"):
        if isinstance(values.get(name), str):
            values[name] = json.loads(values[name])
    return json.dumps(values, ensure_ascii=False, default=str) + "\n"


def noted(database: Database, actor: Actor, what: str) -> None:
    """Keep in the log that a person took something with them."""
    with database.writing() as session:
        note(session, actor, "export", what=what)


def _attachment(stream: Iterator[str], name: str, media_type: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(stream, media_type=media_type, headers=headers)
