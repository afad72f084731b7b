"""Who works on what: tasks in their order, leases, so that no two people settle one task.

A lease lapses by itself unless it is renewed; nothing has to be cleaned up after a crash.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.actors import Actor, note
from extractor.review.settings import ReviewSettings
from extractor.storage.models import TaskRow, TaskStatus
from extractor.storage.people import Role, UserRow
from extractor.storage.repository import NotStored
from extractor.storage.reviewing import DraftRow
from extractor.storage.tasks import TaskKind
from extractor.storage.types import now
from schemas.base import GoujiError

PENDING = (TaskStatus.OPEN, TaskStatus.SECOND, TaskStatus.DISPUTE)
"""Tasks that still need a decision."""

MOST_COUNTED = 1_000
"""A million rows are not counted for a headline."""

_TRIES = 5


class Held(GoujiError):
    """Another person has the task at the moment."""


@dataclass(frozen=True)
class Filters:
    """Which tasks are meant; None leaves a condition out. `mine` is the name of a person: held or settled by them."""

    status: str | None = None
    kind: str | None = None
    record_type: str | None = None
    family: str | None = None
    cause: str | None = None
    document_id: str | None = None
    department: str | None = None
    region: str | None = None
    fiscal_year: int | None = None
    signature: str | None = None
    mine: str | None = None

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """The filter as SQL."""
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None and each.name != "mine":
                yield getattr(TaskRow, each.name) == value
        if self.mine is not None:  # not OR: that reads the whole table
            held = sa.select(TaskRow.id).where(TaskRow.leased_by == self.mine)
            yield TaskRow.id.in_(held.union(sa.select(TaskRow.id).where(TaskRow.settled_by == self.mine)))

    @property
    def chosen(self) -> dict[str, str]:
        """The conditions that are set, as text, for links."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Position:
    """Where a page of the list ends: the next one goes on behind it."""

    priority: float
    id: int


def tasks(session: Session, filters: Filters, after: Position | None = None, limit: int = 50) -> list[TaskRow]:
    """Tasks in the order of the queue: doubt × amount at stake × checks cleared, then by their number."""
    # status by status: the indexes are in the order of the queue within one, so that nothing has to be sorted;
    # a person's own are few, and sorted
    wanted = [filters.status] if filters.status is not None or filters.mine is not None else list(TaskStatus)
    found = [row for status in wanted for row in _tasks(session, replace(filters, status=status), after, limit)]
    return sorted(found, key=lambda row: (-row.priority, row.id))[:limit]


def _tasks(session: Session, filters: Filters, after: Position | None, limit: int) -> list[TaskRow]:
    query = sa.select(TaskRow).where(*filters.conditions())
    if after is not None:
        behind = sa.or_(TaskRow.priority < after.priority, TaskRow.id > after.id)
        query = query.where(TaskRow.priority <= after.priority, behind)
    # `+ 0` keeps the database from walking a million tasks in order until it meets the person's few
    order = (TaskRow.priority + 0 if filters.mine is not None else TaskRow.priority).desc()
    return list(session.scalars(query.order_by(order, TaskRow.id).limit(limit)))


def count(session: Session, filters: Filters, most: int = MOST_COUNTED) -> int:
    """How many tasks there are, counted up to `most`."""
    some = sa.select(TaskRow.id).where(*filters.conditions()).limit(most).subquery()
    return session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


@dataclass(frozen=True)
class Why:
    """A reason for which tasks are in the queue: an example of it, how many say the same, and the gravest of them."""

    signature: str
    reason: str
    reason_en: str
    kind: str
    count: int
    first: int
    priority: float


def whys(session: Session, filters: Filters, limit: int = 100) -> list[Why]:
    """Why open tasks are in the queue, the most frequent reasons first; the example is the one with the lowest number."""
    alike = (
        sa.select(
            TaskRow.signature,
            sa.func.count().label("alike"),
            sa.func.min(TaskRow.id).label("first"),
            sa.func.max(TaskRow.priority).label("priority"),
        )
        .where(TaskRow.status == TaskStatus.OPEN, *filters.conditions())
        .group_by(TaskRow.signature)
        .order_by(sa.desc("alike"), sa.desc("priority"))
        .limit(limit)
        .subquery()
    )
    query = (
        sa.select(alike, TaskRow.reason, TaskRow.reason_en, TaskRow.kind)
        .join(TaskRow, TaskRow.id == alike.c.first)
        .order_by(alike.c.alike.desc(), alike.c.priority.desc())
    )
    return [
        Why(row.signature, row.reason, row.reason_en, row.kind, row.alike, row.first, row.priority)
        for row in session.execute(query)
    ]


def claim(session: Session, actor: Actor, settings: ReviewSettings, filters: Filters | None = None) -> TaskRow | None:
    """The next task for a person, leased; None when there is none for them.

    First comes what the person holds already. After every `audit_every` tasks one of the audit comes, as long as
    there are any; a lead gets what two reviewers disagree about before anything else.
    """
    filters = filters or Filters()
    # the first statement writes: on SQLite it waits here for its turn, on PostgreSQL for the same person's claims
    session.execute(sa.update(UserRow).where(UserRow.name == actor.name).values(claims=UserRow.claims + 1))
    claims = session.execute(sa.select(UserRow.claims).where(UserRow.name == actor.name)).scalar()
    if claims is None:  # who works alone has no account until then; nobody can log in with it
        claims = 1
        session.add(UserRow(name=actor.name, role=actor.role, claims=claims))
    found = _held_by(session, actor, filters)
    if found is None and filters.kind is None and claims % settings.audit_every == 0:
        drawn = sa.and_(TaskRow.kind == TaskKind.AUDIT, TaskRow.priority > -settings.audit_share)
        found = _first(session, actor, settings, filters, (TaskStatus.OPEN,), drawn)
    if found is None and actor.role.includes(Role.LEAD):
        found = _first(session, actor, settings, filters, (TaskStatus.DISPUTE,))
    if found is None:
        shown = sa.or_(TaskRow.kind != TaskKind.AUDIT, TaskRow.priority > -settings.audit_share)
        found = _first(session, actor, settings, filters, (TaskStatus.OPEN, TaskStatus.SECOND), shown)
    if found is not None:
        note(session, actor, "open", found.id, found.document_id)
    return found


def _held_by(session: Session, actor: Actor, filters: Filters) -> TaskRow | None:
    query = sa.select(TaskRow.id).where(
        TaskRow.leased_by == actor.name,
        TaskRow.leased_until > now(),
        TaskRow.status.in_(PENDING),
        *filters.conditions(),
    )
    for task_id in session.scalars(query.order_by(TaskRow.priority.desc(), TaskRow.id)):
        return session.get(TaskRow, task_id)
    return None


def _first(
    session: Session,
    actor: Actor,
    settings: ReviewSettings,
    filters: Filters,
    statuses: tuple[TaskStatus, ...],
    *conditions: sa.ColumnElement[bool],
) -> TaskRow | None:
    """The first free task, leased to the person.

    What another transaction takes in the same moment is passed over; a try may come back empty for it.
    """
    for _ in range(_TRIES):
        candidates = [
            row
            for status in statuses
            if filters.status in (None, status)
            and (row := session.execute(_candidate(actor, filters, status, conditions)).first()) is not None
        ]
        if not candidates:
            return None
        best = min(candidates, key=lambda row: (-row.priority, row.id))
        if _lease(session, actor, settings, best.id):
            return session.get(TaskRow, best.id, populate_existing=True)
    return None


def _candidate(
    actor: Actor, filters: Filters, status: TaskStatus, conditions: tuple[sa.ColumnElement[bool], ...]
) -> sa.Select[int, float]:
    query = (
        sa.select(TaskRow.id, TaskRow.priority)
        .where(TaskRow.status == status, *filters.conditions(), *conditions, _free(actor))
        .order_by(TaskRow.priority.desc(), TaskRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if status is not TaskStatus.OPEN:  # nobody confirms their own decision
        query = query.where(TaskRow.settled_by != actor.name)
    return query


def _free(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(TaskRow.leased_until.is_(None), TaskRow.leased_until <= now(), TaskRow.leased_by == actor.name)


def _lease(session: Session, actor: Actor, settings: ReviewSettings, task_id: int) -> bool:
    """Lease a task that is free, and note when the person began with it."""
    until = now() + timedelta(seconds=settings.lease_seconds)
    mine = session.execute(
        sa.select(TaskRow.leased_by).where(TaskRow.id == task_id, TaskRow.leased_until > now())
    ).scalar()
    taken = session.execute(
        sa.update(TaskRow)
        .where(TaskRow.id == task_id, _free(actor))
        .values(leased_by=actor.name, leased_until=until)
        .returning(TaskRow.id)
    ).scalar()
    if taken is None:
        return False
    draft = session.get(DraftRow, (task_id, actor.name))
    if draft is None:
        session.add(DraftRow(task_id=task_id, actor=actor.name))
    elif mine != actor.name:
        draft.opened_at = now()
    session.flush()
    return True


def find(session: Session, task_id: int) -> TaskRow:
    """A task. Raises NotStored."""
    row = session.get(TaskRow, task_id)
    if row is None:
        raise NotStored(f"{task_id}: 没有这个任务 (there is no such task)")
    return row


def take(session: Session, actor: Actor, settings: ReviewSettings, task_id: int) -> TaskRow:
    """Lease a certain task. Raises NotStored, and Held while another person has it."""
    row = find(session, task_id)
    if not _lease(session, actor, settings, task_id):
        holder = session.execute(sa.select(TaskRow.leased_by).where(TaskRow.id == task_id)).scalar()
        raise Held(f"任务 {task_id} 正由 {holder} 处理 (another person is working on it: {holder})")
    session.refresh(row)
    return row


def beat(session: Session, actor: Actor, settings: ReviewSettings, task_id: int) -> bool:
    """Renew a lease; False when another person has the task by now."""
    until = now() + timedelta(seconds=settings.lease_seconds)
    return (
        session.execute(
            sa.update(TaskRow)
            .where(TaskRow.id == task_id, _free(actor))
            .values(leased_by=actor.name, leased_until=until)
            .returning(TaskRow.id)
        ).scalar()
        is not None
    )


def release(session: Session, actor: Actor, task_id: int) -> None:
    """Give a task back; what was done to it and not saved is kept for the person."""
    session.execute(
        sa.update(TaskRow)
        .where(TaskRow.id == task_id, TaskRow.leased_by == actor.name)
        .values(leased_by=None, leased_until=None)
    )


def is_doubled(settings: ReviewSettings, task: TaskRow) -> bool:
    """Whether two people settle a task blindly; the same whenever it is asked. In single-user mode nobody could."""
    if settings.single_user is not None:
        return False
    drawn = hashlib.sha256(f"{settings.seed}/{task.document_id}/{task.kind}/{task.subject}".encode()).digest()
    return int.from_bytes(drawn[:6]) / 2**48 < settings.second_share
