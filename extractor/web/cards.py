"""The card of a task in the browser: its page, and the small requests that its script makes."""

import functools
from collections.abc import Callable
from typing import Annotated, Any, ParamSpec

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from extractor.errors import LoadError
from extractor.review import queue
from extractor.review.actors import Actor, Scope, note
from extractor.review.cards import Opened, change, open_card, proposals
from extractor.review.desk import Desk, State
from extractor.review.drafts import Step, draft_of
from extractor.review.edits import Edit, Edits, edits_to_json
from extractor.review.indexed import index_of
from extractor.review.names import TYPES
from extractor.review.pictures import WIDTHS, Draw, Measure
from extractor.review.reporting import report
from extractor.review.settling import Act, act
from extractor.review.source import MOST_SHOWN, boxes_on, pieces, stretches
from extractor.review.standing import REOPEN, SKIP, UNDO
from extractor.review.talk import comment
from extractor.review.together import count_alike
from extractor.storage.models import DocumentRow, TaskStatus
from extractor.storage.people import Role
from extractor.web.access import AVisitor, TheDesk, may
from extractor.web.look import shown
from extractor.web.pages import TheFilters, next_address, query_of
from extractor.web.problems import status_of
from schemas.base import GoujiError, Model
from schemas.quantities import ContextKind
from schemas.settlement import Decision

router = APIRouter(prefix="/tasks", include_in_schema=False)

Reader = Annotated[Actor, may(Scope.READ)]
Reviewer = Annotated[Actor, may(Scope.REVIEW)]

PDF = "application/pdf"
ACTIONS = (*(each.value for each in Decision), SKIP, UNDO, REOPEN)

P = ParamSpec("P")


def in_words(function: Callable[P, Response]) -> Callable[P, Response]:
    """Answer the card's script with a sentence where a request fails."""

    @functools.wraps(function)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return function(*args, **kwargs)
        except GoujiError as error:
            return JSONResponse({"detail": str(error)}, status_of(error))

    return answered


class DraftStep(Model):
    """A step of the draft: new edits, or undo, redo, clear."""

    step: Step = Step.STAY
    edits: Edits = ()


class Verdict(Model):
    """What a person decides. The edits of a correction are those of their draft."""

    action: Annotated[str, Field(pattern=f"^({'|'.join(ACTIONS)})$")]
    version: int
    basis: int | None = None
    note: Annotated[str | None, Field(max_length=4000)] = None
    suggested: Annotated[str | None, Field(max_length=60)] = None


class Report(Model):
    """What a person saw that no task covers, and the figure in question."""

    reason: Annotated[str, Field(max_length=4000)]
    quantity: Annotated[str | None, Field(max_length=40)] = None


@router.get("/{task_id}")
def show(request: Request, desk: TheDesk, found: AVisitor, _: Reader, filters: TheFilters, task_id: int) -> Response:
    """The card."""
    opened = open_card(desk, found.actor, task_id)
    with desk.database.writing() as session:
        note(session, found.actor, "view", task_id, opened.card.document.id)
    card = opened.card
    return shown(
        request,
        "card.html",
        found,
        card=card,
        stretches=stretches(opened.text, opened.extraction, card.spans),
        pages=_pages(opened),
        narrowest=WIDTHS[0],
        is_pdf=card.document.media_type == PDF,
        filters=filters,
        tail=query_of(filters),
        alike=count_alike(desk, card.task.signature) if card.task.status == TaskStatus.OPEN else 0,
        pending=_is_for(found.actor, card.task.status),
        beat=max(1, desk.settings.lease_seconds // 3),
        **_choices(),
    )


def _is_for(actor: Actor, status: str) -> bool:
    """Whether a task waits for a decision that this person may make."""
    if status == TaskStatus.DISPUTE:
        return actor.role.includes(Role.LEAD)
    return status in (*queue.PENDING, TaskStatus.SKIPPED)


def _choices() -> dict[str, Any]:
    return {"types": TYPES, "contexts": [each.value for each in ContextKind]}


def _pages(opened: Opened) -> list[int]:
    """The pages that the task's figures stand on, in the order of the figures."""
    by_id = {each.id: each for each in opened.extraction.quantities}
    pages = [by_id[name].page for name in opened.card.figures if name in by_id]
    if not any(pages):
        pages = [field.page for record in opened.card.records for field in record.fields]
    return list(dict.fromkeys(each for each in pages if each is not None))[:12]


@router.post("/{task_id}/lease")
@in_words
def lease(desk: TheDesk, actor: Reviewer, task_id: int) -> Response:
    """Take the task, or go on holding it."""
    with desk.database.writing() as session:
        if not queue.beat(session, actor, desk.settings, task_id):
            queue.take(session, actor, desk.settings, task_id)  # says who has it
    return Response(status_code=204)


@router.post("/{task_id}/release")
@in_words
def release(desk: TheDesk, actor: Reviewer, task_id: int) -> Response:
    """Give the task back."""
    with desk.database.writing() as session:
        queue.release(session, actor, task_id)
    return Response(status_code=204)


@router.post("/{task_id}/draft")
@in_words
def draft(
    request: Request,
    desk: TheDesk,
    found: AVisitor,
    actor: Reviewer,
    task_id: int,
    wanted: Annotated[DraftStep, Body()],
) -> Response:
    """Change the draft; what it makes of the document."""
    live = change(desk, actor, task_id, wanted.step, wanted.edits)
    return shown(request, "parts/panel.html", found, live=live, **_choices())


@router.get("/{task_id}/proposals")
@in_words
def proposed(request: Request, desk: TheDesk, found: AVisitor, actor: Reviewer, task_id: int) -> Response:
    """Corrections that would help, one key each."""
    offered = [(each, edits_to_json(each.edits)) for each in proposals(desk, actor, task_id)]
    return shown(request, "parts/proposals.html", found, proposals=offered)


@router.post("/{task_id}/verdict")
@in_words
def verdict(
    desk: TheDesk, actor: Reviewer, filters: TheFilters, task_id: int, wanted: Annotated[Verdict, Body()]
) -> Response:
    """Decide, and say where to go on."""
    edits: tuple[Edit, ...] = ()
    basis = wanted.basis
    if wanted.action == Decision.CORRECT:
        with desk.database.transaction() as session:
            made = draft_of(session, actor, task_id)
        edits, basis = made.edits, wanted.basis if made.basis is None else made.basis
    saved = act(
        desk,
        actor,
        Act(
            task_id=task_id,
            version=wanted.version,
            action=wanted.action,
            edits=edits,
            note=wanted.note or None,
            suggested=wanted.suggested or None,
            basis=basis,
        ),
    )
    stays = wanted.action in (UNDO, REOPEN)
    address = f"/tasks/{task_id}{query_of(filters)}" if stays else next_address(desk, actor, filters)
    return JSONResponse({"next": address, "status": saved.status, "version": saved.version, "cleared": saved.cleared})


@router.post("/{task_id}/comments")
@in_words
def add_comment(
    request: Request,
    desk: TheDesk,
    found: AVisitor,
    actor: Reviewer,
    task_id: int,
    text: Annotated[str, Body(embed=True)],
) -> Response:
    """A remark for the others."""
    with desk.database.writing() as session:
        said = comment(session, actor, task_id, text)
    return shown(request, "parts/comment.html", found, each=said)


@router.post("/{task_id}/report")
@in_words
def add_report(
    request: Request,
    desk: TheDesk,
    found: AVisitor,
    actor: Reviewer,
    task_id: int,
    wanted: Annotated[Report, Body()],
) -> Response:
    """Something else in the document of this task: a task of its own."""
    with desk.database.writing() as session:
        document_id = queue.find(session, task_id).document_id
        made = report(session, desk, actor, document_id, wanted.reason, wanted.quantity or None)
        number = made.id
    return shown(request, "parts/reported.html", found, number=number)


@router.get("/{task_id}/text")
@in_words
def text(
    request: Request,
    desk: TheDesk,
    found: AVisitor,
    actor: Reader,
    task_id: int,
    start: Annotated[int, Query(ge=0)],
    end: Annotated[int, Query(ge=0)],
) -> Response:
    """A folded stretch of the text."""
    opened = open_card(desk, actor, task_id)
    end = min(end, start + MOST_SHOWN, len(opened.text))
    cut = list(pieces(opened.text, opened.extraction, index_of(opened.extraction).colours, start, end))
    return shown(request, "parts/text.html", found, pieces=cut, figures=set(opened.card.figures))


def _state(desk: Desk, task_id: int) -> State:
    with desk.database.transaction() as session:
        return desk.state(session, task_id)


def _file(desk: Desk, document: DocumentRow) -> str:
    path = desk.originals.path(document)
    if path is None or document.media_type != PDF:
        raise LoadError("没有页面图像，请看文本 (there is no picture of the page; see the text)")
    return str(path)


@router.get("/{task_id}/pages/{number}")
@in_words
def page(desk: TheDesk, _: Reader, task_id: int, number: int) -> Response:
    """The size of a page, and the boxes of its figures."""
    state = _state(desk, task_id)
    size = desk.workbench.page_size(Measure(_file(desk, state.document), state.document.sha256, number))
    boxes = [
        {"quantity": each.quantity, "raw": each.raw, "colour": each.colour, "box": each.box}
        for each in boxes_on(state.now, number)
    ]
    return JSONResponse({"width": size.width, "height": size.height, "boxes": boxes})


@router.get("/{task_id}/pages/{number}/picture")
@in_words
def picture(
    desk: TheDesk, _: Reader, task_id: int, number: int, width: Annotated[int, Query()] = WIDTHS[0]
) -> Response:
    """The picture of a page, at the next width that there is."""
    with desk.database.transaction() as session:  # no more than is needed: the picture is what people wait for
        document = session.get_one(DocumentRow, queue.find(session, task_id).document_id)
    drawn = next((each for each in WIDTHS if each >= width), WIDTHS[-1])
    png = desk.workbench.picture(Draw(_file(desk, document), document.sha256, number, drawn))
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})
