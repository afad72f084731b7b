"""The review queue: what waits, who works on what, and everything that is known of one task."""

import dataclasses
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from extractor.errors import LoadError
from extractor.review import queue
from extractor.review.actors import Actor, Scope, note
from extractor.review.desk import Desk, State
from extractor.review.edits import Edits
from extractor.review.evaluating import Correction, Evaluated
from extractor.review.projection import finding_now
from extractor.review.queue import Filters, Held, Position
from extractor.review.standing import prefix_of
from extractor.storage.models import TaskRow, TaskStatus
from extractor.storage.reviewing import CommentRow
from extractor.storage.tasks import TaskKind
from extractor.storage.types import now
from extractor.web.access import TheDesk, TheSettings, may
from extractor.web.api.once import OnceOnly
from extractor.web.api.paging import After, Limit, Page, page, place
from extractor.web.api.values import Note, Number, Word, Year
from schemas.fields import pointers

router = APIRouter(prefix="/tasks", tags=["review"])

Reader = Annotated[Actor, may(Scope.READ)]
Reviewer = Annotated[Actor, may(Scope.REVIEW)]


class TaskOut(BaseModel):
    """A task. Amounts are in yuan; every save must name the `version` that the person saw."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    document_id: str
    extraction_id: int
    kind: str
    subject: str
    record_type: str | None
    family: str | None
    cause: str | None
    signature: str
    reason: str
    reason_en: str
    doubt: float
    amount: Decimal
    checks: int
    priority: float
    department: str | None
    region: str | None
    document_kind: str | None
    fiscal_year: int | None
    status: str
    leased_by: str | None
    leased_until: datetime | None
    settled_by: str | None
    settled_at: datetime | None
    verdict: str | None
    version: int


class TaskDetail(BaseModel):
    """A task with what it is about, as of now. `basis` stands for the state of the document: a verdict names it.

    `relations` are the failing equations and those that the task's figures stand in; None with `unchecked` saying
    why where the document cannot be checked again.
    """

    task: TaskOut
    basis: int
    finding: dict[str, Any] | None
    section: dict[str, Any] | None
    records: list[dict[str, Any]]
    quantities: list[dict[str, Any]]
    relations: list[dict[str, Any]] | None
    unchecked: str | None


class Trial(BaseModel):
    """Edits to be tried out; nothing is saved."""

    model_config = ConfigDict(extra="forbid")

    edits: Edits


class Tried(BaseModel):
    """What edits would make: records as they would be (None for deleted ones), and how many checks would fail."""

    records: dict[str, dict[str, Any] | None]
    relations: list[dict[str, Any]]
    failing: int
    findings: int


class NewComment(BaseModel):
    """A remark on a task."""

    model_config = ConfigDict(extra="forbid")

    text: Note


class CommentOut(BaseModel):
    """A remark on a task."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    actor: str
    made_at: datetime
    text: str


def _filters(
    actor: Reader,
    status: TaskStatus | None = None,
    kind: TaskKind | None = None,
    record_type: Word | None = None,
    family: Word | None = None,
    cause: Word | None = None,
    document_id: Word | None = None,
    department: Word | None = None,
    region: Word | None = None,
    fiscal_year: Year | None = None,
    signature: Word | None = None,
    mine: Annotated[bool, Query(description="Held or settled by whoever asks.")] = False,
) -> Filters:
    return Filters(
        status=status.value if status else None,
        kind=kind.value if kind else None,
        record_type=record_type,
        family=family,
        cause=cause,
        document_id=document_id,
        department=department,
        region=region,
        fiscal_year=fiscal_year,
        signature=signature,
        mine=actor.name if mine else None,
    )


Wanted = Annotated[Filters, Depends(_filters)]


@router.get("")
def tasks(desk: TheDesk, wanted: Wanted, after: After = None, limit: Limit = 50) -> Page[TaskOut]:
    """Tasks in the order of the queue: doubt × amount at stake × checks cleared, then by their number."""
    behind = place(after, float, int)
    position = Position(float(behind[0]), int(behind[1])) if behind else None
    with desk.database.transaction() as session:
        rows = queue.tasks(session, wanted, position, limit + 1)
    found = [TaskOut.model_validate(row) for row in rows]
    return page(found, limit, [(each.priority, each.id) for each in found])


@router.post("/next", response_model=TaskOut, responses={204: {"description": "Nothing waits for this person"}})
def claim(desk: TheDesk, settings: TheSettings, actor: Reviewer, wanted: Wanted) -> Response:
    """Take the next task that waits; what the person holds already comes first."""
    with desk.database.transaction() as session:
        row = queue.claim(session, actor, settings, wanted)
        if row is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        found = TaskOut.model_validate(row)
    return Response(found.model_dump_json(), media_type="application/json")


@router.get("/{task_id}")
def task(desk: TheDesk, actor: Reader, task_id: Number) -> TaskDetail:
    """One task with what it is about: the finding, section and records, and the equations written out."""
    with desk.database.transaction() as session:
        state = desk.state(session, task_id)
        note(session, actor, "see", task_id, state.document.id)
    return _detail(desk, state, state.rows[task_id])


def _detail(desk: Desk, state: State, row: TaskRow) -> TaskDetail:
    now_ = state.now
    finding = finding_now(row, state.reading, now_)
    figures = set(finding.quantities) if finding else set()
    subject = row.subject if row.kind in (TaskKind.RECORD, TaskKind.AUDIT, TaskKind.MANUAL) else None
    records = [
        each
        for each in now_.records
        if each.id == subject or not figures.isdisjoint(quantity for _, quantity in pointers(each.fields))
    ]
    figures |= {quantity for each in records for _, quantity in pointers(each.fields)}
    section = next((each for each in now_.sections if each.id == row.subject), None)
    if section is not None:
        figures |= {each.id for each in now_.quantities if each.section == section.id}
    relations, unchecked = None, None
    try:
        evaluated = desk.workbench.evaluate(desk.question(state, focus=frozenset(figures)))
        relations = [dataclasses.asdict(each) for each in evaluated.relations]
    except LoadError as error:
        unchecked = str(error)
    return TaskDetail(
        task=TaskOut.model_validate(row),
        basis=state.basis,
        finding=finding.model_dump(mode="json", exclude_none=True) if finding else None,
        section=section.model_dump(mode="json", exclude_none=True) if section else None,
        records=[each.model_dump(mode="json", exclude_none=True) for each in records],
        quantities=[each.model_dump(mode="json", exclude_none=True) for each in now_.quantities if each.id in figures],
        relations=relations,
        unchecked=unchecked,
    )


@router.post("/{task_id}/check")
def check(desk: TheDesk, actor: Reviewer, task_id: Number, trial: Trial) -> Tried:
    """Try edits out: what the records would be and which checks would fail. Nothing is saved."""
    with desk.database.transaction() as session:
        state = desk.state(session, task_id)
    draft = Correction(prefix_of(task_id), trial.edits, task_id, actor.name, now())
    return _tried(desk.workbench.evaluate(desk.question(state, draft)))


def _tried(evaluated: Evaluated) -> Tried:
    made = {each.id: each for each in evaluated.extraction.records}
    return Tried(
        records={
            name: made[name].model_dump(mode="json", exclude_none=True) if name in made else None
            for name in evaluated.touched
        },
        relations=[dataclasses.asdict(each) for each in evaluated.relations],
        failing=sum(each.outcome.fails for each in evaluated.extraction.checks),
        findings=len(evaluated.extraction.findings),
    )


@router.post("/{task_id}/lease")
def take(desk: TheDesk, settings: TheSettings, actor: Reviewer, task_id: Number) -> TaskOut:
    """Take a certain task, so that nobody else settles it meanwhile."""
    with desk.database.transaction() as session:
        row = queue.take(session, actor, settings, task_id)
        note(session, actor, "open", row.id, row.document_id)
        return TaskOut.model_validate(row)


@router.put("/{task_id}/lease", status_code=204)
def beat(desk: TheDesk, settings: TheSettings, actor: Reviewer, task_id: Number) -> None:
    """Keep a task for longer; a lease that is not renewed lapses by itself."""
    with desk.database.transaction() as session:
        queue.find(session, task_id)
        if not queue.beat(session, actor, settings, task_id):
            raise Held(f"任务 {task_id} 已由他人处理 (another person has the task by now)")


@router.delete("/{task_id}/lease", status_code=204)
def release(desk: TheDesk, actor: Reviewer, task_id: Number) -> None:
    """Give a task back."""
    with desk.database.transaction() as session:
        queue.find(session, task_id)
        queue.release(session, actor, task_id)


@router.get("/{task_id}/comments")
def comments(desk: TheDesk, _: Reader, task_id: Number, after: After = None, limit: Limit = 50) -> Page[CommentOut]:
    """What people remarked on a task."""
    behind = place(after, int)
    query = sa.select(CommentRow).where(CommentRow.task_id == task_id, CommentRow.id > (behind[0] if behind else 0))
    with desk.database.transaction() as session:
        queue.find(session, task_id)
        rows = session.scalars(query.order_by(CommentRow.id).limit(limit + 1)).all()
    return page([CommentOut.model_validate(row) for row in rows], limit, [(row.id,) for row in rows])


@router.post("/{task_id}/comments", status_code=201, response_model=CommentOut)
def comment(desk: TheDesk, actor: Reviewer, once: OnceOnly, task_id: Number, wanted: NewComment) -> Response:
    """Remark on a task, for the others."""

    def work(session: sa.orm.Session) -> CommentOut:
        row = queue.find(session, task_id)
        remark = CommentRow(task_id=task_id, actor=actor.name, text=wanted.text)
        session.add(remark)
        session.flush()
        note(session, actor, "comment", task_id, row.document_id)
        return CommentOut.model_validate(remark)

    return once.run(desk.database, HTTPStatus.CREATED, work)
