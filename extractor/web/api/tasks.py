"""The review queue: what waits, who works on what, and everything that is known of one task."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from extractor.review import queue
from extractor.review.actors import Actor, Scope, note
from extractor.review.cards import Card, Live, evaluate, open_card, proposals
from extractor.review.edits import Edit, Edits
from extractor.review.queue import Filters, Held, Position
from extractor.review.reporting import LONGEST_REASON, report
from extractor.review.talk import Comment, comment
from extractor.review.together import settle_alike
from extractor.review.views import TaskView, task_view
from extractor.storage.models import TaskStatus
from extractor.storage.tasks import TaskKind
from extractor.web.access import TheDesk, TheSettings, may
from extractor.web.api.once import OnceOnly
from extractor.web.api.paging import After, Limit, Page, page, place
from extractor.web.api.values import Note, Number, Word, Year
from schemas.settlement import Decision

router = APIRouter(prefix="/tasks", tags=["review"])

Reader = Annotated[Actor, may(Scope.READ)]
Reviewer = Annotated[Actor, may(Scope.REVIEW)]


class Trial(BaseModel):
    """Edits to be tried out; nothing is saved."""

    model_config = ConfigDict(extra="forbid")

    edits: Edits


class Offer(BaseModel):
    """Edits that would help: `settles` of the failing relations would hold, `breaks` others would not."""

    edits: list[Edit]
    zh: str
    en: str
    settles: int
    breaks: int


class NewComment(BaseModel):
    """A remark on a task."""

    model_config = ConfigDict(extra="forbid")

    text: Note


class NewTask(BaseModel):
    """Something in a document that a person should look at; `quantity` is the figure in question."""

    model_config = ConfigDict(extra="forbid")

    document_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    reason: Annotated[Note, Field(max_length=LONGEST_REASON)]
    quantity: Annotated[str, Field(pattern=r"^[a-z]\d{1,9}$")] | None = None


class Alike(BaseModel):
    """The decision on a task and all open ones that say the same (the same `signature`)."""

    model_config = ConfigDict(extra="forbid")

    action: Literal[Decision.ACCEPT, Decision.DOCUMENT]
    note: Note | None = None


class AlikeOut(BaseModel):
    """What became of tasks that are alike; `passed` were held or changed by others, `left` are still to be done."""

    settled: list[int]
    passed: list[int]
    left: int


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
def tasks(desk: TheDesk, actor: Reader, wanted: Wanted, after: After = None, limit: Limit = 50) -> Page[TaskView]:
    """Tasks in the order of the queue: doubt × amount at stake × checks cleared, then by their number."""
    behind = place(after, float, int)
    position = Position(float(behind[0]), int(behind[1])) if behind else None
    with desk.database.transaction() as session:
        rows = queue.tasks(session, wanted, position, limit + 1)
    return page([task_view(row, actor) for row in rows], limit, [(row.priority, row.id) for row in rows])


@router.post("", status_code=201, response_model=TaskView)
def create(desk: TheDesk, actor: Reviewer, once: OnceOnly, wanted: NewTask) -> Response:
    """Report something in a document that no task covers; it joins the queue."""

    def work(session: Session) -> TaskView:
        return task_view(report(session, desk, actor, wanted.document_id, wanted.reason, wanted.quantity), actor)

    return once.run(desk.database, HTTPStatus.CREATED, work)


@router.post("/next", response_model=TaskView, responses={204: {"description": "Nothing waits for this person"}})
def claim(desk: TheDesk, settings: TheSettings, actor: Reviewer, wanted: Wanted) -> Response:
    """Take the next task that waits; what the person holds already comes first."""
    with desk.database.writing() as session:
        row = queue.claim(session, actor, settings, wanted)
        if row is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        found = task_view(row, actor)
    return Response(found.model_dump_json(), media_type="application/json")


@router.get("/next", include_in_schema=False)
def no_claim() -> None:
    """Taking a task changes something; without this, "next" would be taken for the number of a task."""
    raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})


@router.get("/{task_id}")
def task(desk: TheDesk, actor: Reader, task_id: Number) -> Card:
    """One task with everything it is about: the finding, records, relations, suspects, remarks and history."""
    card = open_card(desk, actor, task_id).card
    with desk.database.writing() as session:
        note(session, actor, "see", task_id, card.task.document_id)
    return card


@router.get("/{task_id}/proposals")
def proposals_of(desk: TheDesk, actor: Reader, task_id: Number) -> list[Offer]:
    """Corrections that would make its failing relations hold, best first; each was tried out."""
    return [Offer.model_validate(each, from_attributes=True) for each in proposals(desk, actor, task_id)]


@router.post("/{task_id}/check")
def check(desk: TheDesk, actor: Reviewer, task_id: Number, trial: Trial) -> Live:
    """Try edits out: what the records would be, which relations would hold or break. Nothing is saved."""
    return evaluate(desk, actor, task_id, trial.edits)


@router.post("/{task_id}/alike", response_model=AlikeOut)
def alike(desk: TheDesk, actor: Reviewer, task_id: Number, wanted: Alike) -> AlikeOut:
    """Settle a task and all open ones that say the same, up to 100 at once; what is left is told."""
    done = settle_alike(desk, actor, task_id, wanted.action, wanted.note)
    with desk.database.writing() as session:
        note(session, actor, "alike", task_id, settled=len(done.settled), passed=len(done.passed))
    return AlikeOut(settled=list(done.settled), passed=list(done.passed), left=done.left)


@router.post("/{task_id}/lease")
def take(desk: TheDesk, settings: TheSettings, actor: Reviewer, task_id: Number) -> TaskView:
    """Take a certain task, so that nobody else settles it meanwhile."""
    with desk.database.writing() as session:
        row = queue.take(session, actor, settings, task_id)
        note(session, actor, "open", row.id, row.document_id)
        return task_view(row, actor)


@router.put("/{task_id}/lease", status_code=204)
def beat(desk: TheDesk, settings: TheSettings, actor: Reviewer, task_id: Number) -> None:
    """Keep a task for longer; a lease that is not renewed lapses by itself."""
    with desk.database.writing() as session:
        queue.find(session, task_id)
        if not queue.beat(session, actor, settings, task_id):
            raise Held(f"任务 {task_id} 已由他人处理 (another person has the task by now)")


@router.delete("/{task_id}/lease", status_code=204)
def release(desk: TheDesk, actor: Reviewer, task_id: Number) -> None:
    """Give a task back."""
    with desk.database.writing() as session:
        queue.find(session, task_id)
        queue.release(session, actor, task_id)


@router.post("/{task_id}/comments", status_code=201, response_model=Comment)
def remark(desk: TheDesk, actor: Reviewer, once: OnceOnly, task_id: Number, wanted: NewComment) -> Response:
    """Remark on a task, for the others."""
    return once.run(desk.database, HTTPStatus.CREATED, lambda session: comment(session, actor, task_id, wanted.text))
