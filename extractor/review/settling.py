"""Decisions: saved once, by whoever holds the task, on the version they saw; and taken back.

Everything is checked again before anything is written. The check takes up to a second and no transaction is held
meanwhile; what another person decided about the document in that time is seen when it comes to writing, and then
the check is made again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.actors import Actor, NotAllowed, note
from extractor.review.desk import Desk, State, corrections_of, decided_by
from extractor.review.drafts import Draft, keep
from extractor.review.edits import Context, Edit, EditRefused
from extractor.review.evaluating import Correction, Evaluated, as_read
from extractor.review.marks import marked
from extractor.review.projection import Projection, finding_now, project
from extractor.review.standing import (
    ADJUDICATION,
    CLEAR,
    CLEARED,
    DECISIONS,
    REOPEN,
    RESTORE,
    SKIP,
    UNDO,
    Standing,
    edits_of,
    prefix_of,
    said,
    standings,
)
from extractor.storage.models import DocumentRow, TaskRow, TaskStatus, VerdictRow
from extractor.storage.packing import Packed, Source, pack_settled
from extractor.storage.people import Role
from extractor.storage.repository import drop_settled, put_settled
from extractor.storage.reviewing import DraftRow
from extractor.storage.tasks import Task, TaskKind
from extractor.storage.types import now
from schemas.base import GoujiError
from schemas.extraction import Extraction, Record
from schemas.settlement import Decision

T = TypeVar("T")

_TRIES = 5


class Conflict(GoujiError):
    """Another person was faster: the task or its document is not as it was when the person looked at it."""


class WrongStep(GoujiError):
    """What was asked for is not possible where the task stands."""


@dataclass(frozen=True)
class Act:
    """What a person wants done to a task.

    `version` is the version of the task that the person saw; `basis` the state of the document (None where nobody
    looked at it, as in a batch). `suggested` replaces the suggested figure of a finding that is confirmed.
    """

    task_id: int
    version: int
    action: str
    edits: tuple[Edit, ...] = ()
    note: str | None = None
    suggested: str | None = None
    basis: int | None = None


@dataclass(frozen=True)
class Saved:
    """What became of a task, and how many others were settled or came up with it."""

    task_id: int
    status: TaskStatus
    version: int
    cleared: int = 0
    added: int = 0


@dataclass(frozen=True)
class _Plan:
    """Everything that is to be written, worked out without holding a transaction."""

    row: VerdictRow
    standings: dict[int, Standing]
    status: TaskStatus
    deciding: VerdictRow | None
    settled: Extraction | None
    packed: Packed | None
    drop: bool
    projection: Projection


class _Moved(Exception):
    """The document's state moved on while it was checked."""


def act(desk: Desk, actor: Actor, wanted: Act, also: Callable[[Session, Saved], None] | None = None) -> Saved:
    """Save a decision, skip a task, take a decision back or reopen a task.

    `also` runs in the same transaction. Raises Conflict, EditRefused, NotAllowed, WrongStep, NotStored, LoadError.
    """
    for _ in range(_TRIES):
        with desk.database.transaction() as session:
            state = desk.state(session, wanted.task_id)
        _may(actor, wanted, state)
        plan = _plan(desk, actor, wanted, state)
        try:
            with desk.database.writing() as session:
                saved, settled_id = _write(session, actor, wanted, state, plan)
                if also is not None:
                    also(session, saved)
        except _Moved:
            continue
        if settled_id is not None and plan.settled is not None:  # not before it is committed
            desk.keep(settled_id, plan.settled)
        return saved
    raise Conflict("这份文件正被多人同时修改，请重试 (others keep changing this document; try again)")


def _may(actor: Actor, wanted: Act, state: State) -> None:
    """Whether the person may do this now. Raises Conflict, NotAllowed, WrongStep."""
    row, standing = state.rows[wanted.task_id], state.standing(wanted.task_id)
    if row.version != wanted.version:
        raise Conflict("任务已被他人更改，请重新查看 (the task was changed by another person; look at it again)")
    if row.status == TaskStatus.SUPERSEDED:
        raise WrongStep("这份文件已重新提取，此任务作废 (a newer reading took this task's place)")
    by_now = standing.decisions
    if wanted.action in (UNDO, REOPEN):
        if not standing.acts and not standing.cleared:
            raise WrongStep("没有可撤销的判定 (there is no decision to take back)")
        others = [each.actor for each in standing.acts if each.actor != actor.name]
        if wanted.action == UNDO and standing.acts and standing.acts[-1].actor != actor.name:
            raise NotAllowed("只能撤销自己的最后一步 (only your own last step can be undone)")
        if wanted.action == REOPEN and by_now and others:
            actor.require(Role.LEAD)
        return
    if row.status not in (TaskStatus.OPEN, TaskStatus.SECOND, TaskStatus.DISPUTE, TaskStatus.SKIPPED):
        raise WrongStep("任务已有判定，需先重开 (the task is settled; reopen it first)")
    if row.status == TaskStatus.DISPUTE:
        actor.require(Role.LEAD)
    if row.status == TaskStatus.SECOND and by_now and by_now[0].actor == actor.name:
        raise NotAllowed("第二次判定须由另一人作出 (the second decision is another person's)")


def _plan(desk: Desk, actor: Actor, wanted: Act, state: State) -> _Plan:
    task = state.rows[wanted.task_id]
    standing = state.standing(wanted.task_id)
    row = VerdictRow(
        id=state.basis + 1,
        task_id=task.id,
        document_id=task.document_id,
        extraction_id=state.extraction_id,
        actor=actor.name,
        made_at=now(),
        action=wanted.action,
        note=wanted.note,
        round=_round(task, standing),
    )
    evaluated: Evaluated | None = None
    if wanted.action in DECISIONS:
        evaluated = _said(desk, actor, wanted, state, row)
    elif wanted.action == SKIP and not (wanted.note or "").strip():
        raise WrongStep("跳过时请写明原因 (say why when you skip a task)")
    after = standings([*state.log, row])
    status = after[task.id].status(task.id in state.doubled)
    decided = decided_by(after, state.doubled)
    settled, drop, projection = _settled(desk, state, decided, row, evaluated)
    return _Plan(
        row=row,
        standings=after,
        status=status,
        deciding=after[task.id].deciding(task.id in state.doubled),
        settled=settled,
        packed=None if settled is None else _packed(state, settled),
        drop=drop,
        projection=projection,
    )


def _round(task: TaskRow, standing: Standing) -> int:
    return ADJUDICATION if task.status == TaskStatus.DISPUTE else len(standing.decisions) + 1


def _said(desk: Desk, actor: Actor, wanted: Act, state: State, row: VerdictRow) -> Evaluated | None:
    """Check a decision's edits, and put what they make into its line of the log."""
    if wanted.action == Decision.CORRECT and not wanted.edits:
        raise WrongStep("没有修改；读数正确请用“接受” (nothing was changed; accept what is right)")
    if wanted.action == Decision.ACCEPT and wanted.edits:
        raise WrongStep("已有修改，请保存为“更正” (there are changes; save them as a correction)")
    task = state.rows[wanted.task_id]
    finding = finding_now(task, state.reading, state.now)
    after: dict[str, Any] = {"edits": [edit.model_dump(mode="json") for edit in wanted.edits]}
    evaluated: Evaluated | None = None
    if wanted.edits:
        draft = Correction(prefix_of(task.id), wanted.edits, task.id, actor.name, row.made_at)
        evaluated = desk.workbench.evaluate(desk.question(state, draft))
        _refuse_overlap(wanted, state, evaluated)
        made = {record.id: record for record in evaluated.extraction.records}
        after["records"] = {name: _plain(made.get(name)) for name in evaluated.touched}
        row.before = _json({"records": {name: as_read(each) for name, each in evaluated.before.items()}})
    contexts = {q: edit.kind for edit in wanted.edits if isinstance(edit, Context) for q in edit.quantities}
    if contexts:
        after["contexts"] = contexts
    if wanted.suggested:
        after["suggested"] = wanted.suggested
    if finding is not None and wanted.action == Decision.DOCUMENT:
        after["finding"] = finding.model_dump(mode="json", exclude_none=True)
        after["place"] = _place((finding.suspect, *finding.quantities), finding.suspect is not None, state.now)
    elif task.kind == TaskKind.MANUAL and wanted.action == Decision.DOCUMENT:
        after["place"] = _place((task.subject,), True, state.now)
    row.after = _json(after)
    return evaluated


def _place(named: Sequence[str | None], suspected: bool, extraction: Extraction) -> dict[str, Any]:
    """What is printed where something is wrong, and where that is: it outlives the document."""
    figure = next((each for name in named for each in extraction.quantities if each.id == name), None)
    if figure is None:
        return {}
    return {"printed": figure.raw if suspected else None, "page": figure.page, "section": figure.section}


def _refuse_overlap(wanted: Act, state: State, evaluated: Evaluated) -> None:
    """Raises Conflict when another person changed the same records since this one looked at them."""
    if wanted.basis is None:
        return
    since = {name for row in state.log if row.id > wanted.basis for name in said(row).get("records", {})}
    both = since & set(evaluated.touched)
    if both:
        raise Conflict(
            f"他人刚改过同一记录 {', '.join(sorted(both))}，请重新查看 (another person changed the same record meanwhile)"
        )


def _settled(
    desk: Desk, state: State, decided: Sequence[VerdictRow], row: VerdictRow, evaluated: Evaluated | None
) -> tuple[Extraction | None, bool, Projection]:
    """The settled version after this act, whether there is none any more, and what it means for other tasks."""
    before = [each.id for each in state.decided]
    after = [each.id for each in decided]
    if before == after:
        return None, False, Projection()
    if not decided:
        corrected = bool(corrections_of(state.decided))
        projection = _projected(state, state.reading) if corrected else Projection()
        return None, True, projection
    corrections = corrections_of(decided)
    if after == [*before, row.id] and not said(row).get("edits"):
        return marked(state.now, state.reading, [row], state.rows), False, Projection()
    if not corrections:
        base, projection = state.reading, _projected(state, state.reading)
    else:
        if evaluated is None or after != [*before, row.id]:
            evaluated = _replayed(desk, state, decided)
        base = evaluated.extraction
        projection = _projected(state, base, row.task_id)
    return marked(base, state.reading, decided, state.rows), False, projection


def _replayed(desk: Desk, state: State, decided: Sequence[VerdictRow]) -> Evaluated:
    question = desk.question(state)
    corrections = corrections_of(decided)
    try:
        return desk.workbench.evaluate(type(question)(question.original, state.extraction_id, state.body, corrections))
    except EditRefused as error:
        raise WrongStep(
            f"后来的判定建立在它之上，请先撤销后来的判定 (a later decision builds upon it; take that one back first): {error}"
        ) from error


def _projected(state: State, base: Extraction, settling: int | None = None) -> Projection:
    cleared = [task_id for task_id, standing in state.standings.items() if standing.cleared]
    rows = [row for row in state.rows.values() if row.id != settling]
    own = [state.rows[settling]] if settling is not None else []
    projection = project([*rows, *own], state.reading, base, cleared)
    return Projection(
        tuple(each for each in projection.cleared if each != settling), projection.restored, projection.added
    )


def _packed(state: State, extraction: Extraction) -> Packed:
    document = state.document
    source = Source(document.address, document.size, document.stored, document.region)
    return pack_settled(extraction, source, f"settled-{state.extraction_id}")


def _write(session: Session, actor: Actor, wanted: Act, state: State, plan: _Plan) -> tuple[Saved, int | None]:
    """Write a plan, if nothing has moved; also the number of the new settled version. Raises Conflict, and _Moved when another verdict came between."""
    task = state.rows[wanted.task_id]
    verdict = plan.deciding.action if plan.deciding else None
    settled_by = plan.row.actor if wanted.action in DECISIONS else None
    opened = session.execute(
        sa.update(TaskRow)
        .where(
            TaskRow.id == task.id,
            TaskRow.version == wanted.version,
            sa.or_(TaskRow.leased_until.is_(None), TaskRow.leased_until <= now(), TaskRow.leased_by == actor.name),
        )
        .values(
            version=TaskRow.version + 1,
            status=plan.status,
            verdict=verdict,
            settled_by=settled_by,
            settled_at=plan.row.made_at if settled_by else None,
            leased_by=None,
            leased_until=None,
        )
        .returning(TaskRow.version)
    ).scalar()
    if opened is None:
        raise Conflict("任务已被他人更改或正由他人处理 (another person changed the task or is working on it)")
    # the document's row is what all who settle anything about it wait for
    session.execute(sa.update(DocumentRow).where(DocumentRow.id == task.document_id).values(name=DocumentRow.name))
    last = sa.select(sa.func.max(VerdictRow.id)).where(VerdictRow.extraction_id == state.extraction_id)
    if (session.execute(last).scalar() or 0) != state.basis:
        raise _Moved
    plan.row.seconds = _seconds(session, actor, task.id)
    _log(session, plan.row)
    settled_id = None
    if plan.drop:
        drop_settled(session, state.extraction_id)
    elif plan.packed is not None:
        settled_id = put_settled(session, plan.packed, state.extraction_id)
    _apply(session, actor, state, plan)
    if wanted.action in DECISIONS:
        session.execute(sa.delete(DraftRow).where(DraftRow.task_id == task.id, DraftRow.actor == actor.name))
    elif wanted.action == UNDO:
        _draft_again(session, actor, state, task.id)
    note(session, actor, wanted.action, task.id, task.document_id, round=plan.row.round)
    saved = Saved(task.id, plan.status, opened, len(plan.projection.cleared), len(plan.projection.added))
    return saved, settled_id


def _draft_again(session: Session, actor: Actor, state: State, task_id: int) -> None:
    """Make the edits of a decision that was taken back a draft: one key decides the same again."""
    acts = state.standing(task_id).acts
    edits = edits_of(acts[-1]) if acts else ()
    if edits:
        keep(session, actor, task_id, Draft(edits), state.basis + 1)


def _seconds(session: Session, actor: Actor, task_id: int) -> float | None:
    draft = session.get(DraftRow, (task_id, actor.name))
    return None if draft is None else max(0.0, (now() - draft.opened_at).total_seconds())


def _log(session: Session, row: VerdictRow) -> None:
    values = {column.name: getattr(row, column.name) for column in VerdictRow.__table__.columns if column.name != "id"}
    session.execute(sa.insert(VerdictRow).values(**values))


def _apply(session: Session, actor: Actor, state: State, plan: _Plan) -> None:
    """Clear, restore and add the tasks that the correction affects."""
    for task_ids, action, status, verdict in (
        (plan.projection.cleared, CLEAR, TaskStatus.SETTLED, CLEARED),
        (plan.projection.restored, RESTORE, TaskStatus.OPEN, None),
    ):
        for task_id in task_ids:
            session.execute(
                sa.update(TaskRow)
                .where(TaskRow.id == task_id)
                .values(status=status, verdict=verdict, version=TaskRow.version + 1, settled_by=None, settled_at=None)
            )
            row = VerdictRow(
                task_id=task_id,
                document_id=plan.row.document_id,
                extraction_id=state.extraction_id,
                actor=actor.name,
                made_at=plan.row.made_at,
                action=action,
                note=f"#{plan.row.task_id}",
                round=1,
            )
            _log(session, row)
    if plan.projection.added:
        added = [task_values(state.document, state.extraction_id, task) for task in plan.projection.added]
        session.execute(sa.insert(TaskRow), added)


def task_values(document: DocumentRow, extraction_id: int, task: Task) -> dict[str, Any]:
    """The row of a task that comes up during review."""
    own = ("kind", "subject", "record_type", "family", "cause", "signature", "reason", "reason_en", "doubt", "amount")
    return {
        "document_id": document.id,
        "extraction_id": extraction_id,
        "department": document.department,
        "region": document.region,
        "document_kind": document.kind,
        "fiscal_year": document.fiscal_year,
        **{name: getattr(task, name) for name in own},
        "checks": task.checks,
        "priority": task.priority,
    }


def _plain(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {"type": record.type, "fields": record.fields.model_dump(mode="json", exclude_defaults=True)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
