"""The pages around the card: the queue, progress, confirmed findings, the log."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from extractor.review import queue
from extractor.review.actors import Actor, Scope, note
from extractor.review.confirmed import HEADINGS, PAGE, all_confirmed, as_csv, confirmed, write_xlsx
from extractor.review.desk import Desk
from extractor.review.names import TYPES
from extractor.review.progress import progress
from extractor.review.queue import Filters, Position
from extractor.review.reporting import LONGEST_REASON, report
from extractor.review.talk import all_events, events
from extractor.review.together import settle_alike
from extractor.review.views import task_view
from extractor.storage.models import TaskStatus
from extractor.storage.people import Role
from extractor.storage.tasks import TaskKind
from extractor.web.access import AVisitor, TheDesk, TheSettings, may
from extractor.web.look import LANGUAGES, THEMES, Look, keep, shown
from schemas.settlement import Decision

router = APIRouter(include_in_schema=False)

ROWS = 50
LINES = 100

Reader = Annotated[Actor, may(Scope.READ)]
Reviewer = Annotated[Actor, may(Scope.REVIEW)]
Lead = Annotated[Actor, may(Scope.EXPORT, Role.LEAD)]

Word = Annotated[str | None, Query(max_length=200)]


def filters_of(
    status: Word = None,
    kind: Word = None,
    record_type: Word = None,
    family: Word = None,
    cause: Word = None,
    document_id: Word = None,
    department: Word = None,
    region: Word = None,
    fiscal_year: Word = None,
    signature: Word = None,
    mine: Word = None,
) -> Filters:
    """The filters of a list's address; what is empty does not count."""
    year = int(fiscal_year) if fiscal_year and fiscal_year.isdecimal() and len(fiscal_year) == 4 else None
    return Filters(
        status=status or None,
        kind=kind or None,
        record_type=record_type or None,
        family=family or None,
        cause=cause or None,
        document_id=document_id or None,
        department=department or None,
        region=region or None,
        fiscal_year=year,
        signature=signature or None,
        mine=mine or None,
    )


TheFilters = Annotated[Filters, Depends(filters_of)]


@router.get("/")
def tasks(
    request: Request, desk: TheDesk, found: AVisitor, _: Reader, filters: TheFilters, after: Word = None
) -> Response:
    """The queue."""
    with desk.database.transaction() as session:
        rows = queue.tasks(session, filters, _position(after), ROWS + 1)
        total = queue.count(session, filters)
    more = len(rows) > ROWS
    rows = rows[:ROWS]
    return shown(
        request,
        "queue.html",
        found,
        tasks=[task_view(row, found.actor) for row in rows],
        filters=filters,
        total=total,
        most=queue.MOST_COUNTED,
        after=f"{rows[-1].priority!r},{rows[-1].id}" if more else None,
        statuses=[each.value for each in TaskStatus],
        kinds=[each.value for each in TaskKind],
        types=TYPES,
        longest=LONGEST_REASON,
    )


def _position(after: str | None) -> Position | None:
    """Where the page before ended; an address that means nothing is the beginning."""
    try:
        priority, _, number = (after or "").partition(",")
        return Position(float(priority), int(number))
    except ValueError:
        return None


@router.post("/report")
def new_task(
    desk: TheDesk, actor: Reviewer, document: Annotated[str, Form(max_length=400)], reason: Annotated[str, Form()]
) -> Response:
    """Something in a document that no task covers: a task of its own, which is opened."""
    with desk.database.writing() as session:
        number = report(session, desk, actor, document, reason).id
    return RedirectResponse(f"/tasks/{number}", 303)


@router.post("/next")
def next_task(desk: TheDesk, actor: Reviewer, filters: TheFilters) -> Response:
    """The next task of the person, leased to them."""
    return RedirectResponse(next_address(desk, actor, filters), 303)


def next_address(desk: Desk, actor: Actor, filters: Filters) -> str:
    """Where the next task of a person is; the queue where there is none."""
    with desk.database.writing() as session:
        row = queue.claim(session, actor, desk.settings, filters)
    chosen = query_of(filters)
    return f"/tasks/{row.id}{chosen}" if row is not None else f"/{chosen or '?'}&none=1".replace("?&", "?")


def query_of(filters: Filters) -> str:
    """The filters as the end of an address."""
    from urllib.parse import urlencode

    return f"?{urlencode(filters.chosen)}" if filters.chosen else ""


@router.post("/alike")
def alike(
    desk: TheDesk,
    actor: Reviewer,
    filters: TheFilters,
    task: Annotated[int, Form()],
    decision: Annotated[Decision, Form()],
) -> Response:
    """Settle all open tasks that say the same."""
    done = settle_alike(desk, actor, task, decision)
    with desk.database.writing() as session:
        note(session, actor, "alike", task, settled=len(done.settled), passed=len(done.passed))
    left = f"{query_of(filters)}&" if filters.chosen else "?"
    return RedirectResponse(f"/{left}settled={len(done.settled)}&left={done.left}", 303)


@router.get("/why")
def show_why(request: Request, desk: TheDesk, found: AVisitor, _: Reader, filters: TheFilters) -> Response:
    """Why tasks are in the queue, and what is alike settled together."""
    with desk.database.transaction() as session:
        return shown(request, "why.html", found, whys=queue.whys(session, filters), filters=filters)


@router.get("/progress")
def show_progress(request: Request, desk: TheDesk, found: AVisitor, _: Reader) -> Response:
    """How the review gets on."""
    with desk.database.transaction() as session:
        return shown(request, "progress.html", found, progress=progress(session))


@router.get("/confirmed")
def show_confirmed(
    request: Request, desk: TheDesk, found: AVisitor, _: Reader, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """The findings that people confirmed."""
    with desk.database.transaction() as session:
        rows = confirmed(session, after)
    more = rows[-1].task if len(rows) == PAGE else None
    return shown(request, "confirmed.html", found, rows=rows, after=more, headings=HEADINGS)


@router.get("/confirmed.csv")
def confirmed_csv(desk: TheDesk, _: Annotated[Actor, may(Scope.EXPORT)]) -> Response:
    """The list for spreadsheets."""

    def lines() -> Iterator[str]:
        with desk.database.transaction() as session:
            yield from as_csv(all_confirmed(session))

    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=_named("confirmed.csv"))


@router.get("/confirmed.xlsx")
def confirmed_xlsx(desk: TheDesk, _: Annotated[Actor, may(Scope.EXPORT)]) -> Response:
    """The list as a workbook."""
    folder = tempfile.TemporaryDirectory(prefix="gouji-")
    path = Path(folder.name, "confirmed.xlsx")
    with desk.database.transaction() as session:
        write_xlsx(all_confirmed(session), path)
    return FileResponse(path, filename="confirmed.xlsx", background=BackgroundTask(folder.cleanup))


@router.get("/confirmed.html")
def confirmed_html(
    request: Request, desk: TheDesk, found: AVisitor, _: Annotated[Actor, may(Scope.EXPORT)]
) -> Response:
    """The whole list as one page that can be passed on."""
    with desk.database.transaction() as session:
        rows = list(all_confirmed(session))
    response = shown(request, "confirmed_share.html", found, rows=rows, headings=HEADINGS)
    response.headers.update(_named("confirmed.html"))
    return response


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@router.get("/log")
def show_log(
    request: Request,
    desk: TheDesk,
    found: AVisitor,
    _: Lead,
    actor: Word = None,
    task: Word = None,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Who saw and did what."""
    with desk.database.transaction() as session:
        lines = events(session, actor or None, int(task) if task and task.isdecimal() else None, before, LINES)
    more = lines[-1].id if len(lines) == LINES else None
    chosen = {"before": more, "actor": actor, "task": task}
    older = {name: value for name, value in chosen.items() if value is not None} if more else None
    return shown(request, "log.html", found, lines=lines, older=older, person=actor, task=task)


@router.get("/log.jsonl")
def log_export(desk: TheDesk, _: Lead) -> Response:
    """The whole log, one JSON object a line."""

    def lines() -> Iterator[str]:
        with desk.database.transaction() as session:
            for event in all_events(session):
                yield json.dumps(event.model_dump(mode="json"), ensure_ascii=False) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=_named("log.jsonl"))


@router.post("/look")
def choose_look(
    request: Request,
    settings: TheSettings,
    _: AVisitor,
    language: Annotated[str, Form(max_length=10)] = "",
    theme: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Another language, light or dark."""
    now = Look.of(request)
    wanted = Look(language if language in LANGUAGES else now.language, theme if theme in THEMES else now.theme)
    own = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    response = RedirectResponse(back if own else "/", 303)
    keep(response, wanted, settings)
    return response
