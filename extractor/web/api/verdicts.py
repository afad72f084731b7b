"""Decisions on tasks: saved once, on the version that the person saw; and what was decided before."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from extractor.review.actors import Actor, Scope
from extractor.review.edits import Edits
from extractor.review.queue import find
from extractor.review.settling import Act, Conflict, Saved, act
from extractor.review.standing import DECISIONS, REOPEN, SKIP, UNDO, log_of
from extractor.storage.models import TaskRow, TaskStatus, VerdictRow
from extractor.storage.people import Role
from extractor.web.access import TheDesk, may
from extractor.web.api.once import OnceOnly
from extractor.web.api.values import LARGEST, Note, Number

router = APIRouter(prefix="/tasks/{task_id}/verdicts", tags=["review"])


class NewVerdict(BaseModel):
    """What a person wants done to a task.

    `version` is that of the task as the person saw it, `basis` the state of its document. `edits` belong to
    `correct`, `suggested` replaces the suggested figure where the document is wrong, a skip needs a `note`.
    """

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    action: Literal["accept", "correct", "document", "skip", "undo", "reopen"]
    edits: Edits = ()
    note: Note | None = None
    suggested: Annotated[str, Field(max_length=60, pattern=r"^[-+]?[0-9][0-9.,]*$")] | None = None
    basis: Annotated[int, Field(ge=0, le=LARGEST)] | None = None


class SavedOut(BaseModel):
    """What became of a task, and how many others were settled or came up with it."""

    task_id: int
    status: str
    version: int
    cleared: int
    added: int


class VerdictOut(BaseModel):
    """One line of what was done to a task. `round` is 1 for the first decision, 2 for the blind second, 3 for the lead's."""

    id: int
    actor: str
    made_at: datetime
    action: str
    round: int
    note: str | None
    seconds: float | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


assert {*DECISIONS, SKIP, UNDO, REOPEN} == {"accept", "correct", "document", "skip", "undo", "reopen"}


@router.post("", status_code=201, response_model=SavedOut)
def decide(
    desk: TheDesk, actor: Annotated[Actor, may(Scope.REVIEW)], once: OnceOnly, task_id: Number, wanted: NewVerdict
) -> Response:
    """Save a decision, skip a task, take a decision back or reopen a task. Everything is checked again before."""
    with desk.database.transaction() as session:
        kept = once.kept(session)
    if kept is not None:
        return kept
    answers: list[Response] = []

    def also(session: Session, saved: Saved) -> None:
        answers.append(once.answer(session, HTTPStatus.CREATED, _out(saved)))

    asked = Act(task_id, wanted.version, wanted.action, wanted.edits, wanted.note, wanted.suggested, wanted.basis)
    try:
        act(desk, actor, asked, also)
    except (IntegrityError, Conflict) as error:  # the same request, sent twice, may have been the faster one
        return once.again(desk.database, error)
    return answers[-1]


def _out(saved: Saved) -> SavedOut:
    return SavedOut(
        task_id=saved.task_id,
        status=saved.status,
        version=saved.version,
        cleared=saved.cleared,
        added=saved.added,
    )


@router.get("")
def verdicts(desk: TheDesk, actor: Annotated[Actor, may(Scope.READ)], task_id: Number) -> list[VerdictOut]:
    """What was done to a task, oldest first. While a second person decides blindly, the first one's is not shown."""
    with desk.database.transaction() as session:
        row = find(session, task_id)
        log = [each for each in log_of(session, row.extraction_id) if each.task_id == task_id]
    return [_line(each) for each in log if _shown(row, each, actor)]


def _shown(task: TaskRow, line: VerdictRow, actor: Actor) -> bool:
    return task.status != TaskStatus.SECOND or line.actor == actor.name or actor.role.includes(Role.LEAD)


def _line(row: VerdictRow) -> VerdictOut:
    return VerdictOut(
        id=row.id,
        actor=row.actor,
        made_at=row.made_at,
        action=row.action,
        round=row.round,
        note=row.note,
        seconds=row.seconds,
        before=json.loads(row.before) if row.before else None,
        after=json.loads(row.after) if row.after else None,
    )
