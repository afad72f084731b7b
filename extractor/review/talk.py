"""Remarks on tasks, and the log of who saw and did what."""

import json
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.actors import Actor, note
from extractor.review.queue import find
from extractor.review.settling import WrongStep
from extractor.storage.reviewing import CommentRow, EventRow
from schemas.base import Model

LONGEST_COMMENT = 4000


class Comment(Model):
    """A remark on a task."""

    id: int
    actor: str
    at: datetime
    text: str


class Event(Model):
    """A line of the log."""

    id: int
    at: datetime
    actor: str
    channel: str
    action: str
    task_id: int | None
    document_id: str | None
    detail: dict[str, object]


def comments_of(session: Session, task_id: int) -> tuple[Comment, ...]:
    """The remarks on a task, oldest first."""
    rows = session.scalars(sa.select(CommentRow).where(CommentRow.task_id == task_id).order_by(CommentRow.id))
    return tuple(Comment(id=row.id, actor=row.actor, at=row.made_at, text=row.text) for row in rows)


def comment(session: Session, actor: Actor, task_id: int, text: str) -> Comment:
    """Add a remark. Raises NotStored, and WrongStep for an empty or endless one."""
    task = find(session, task_id)
    words = text.strip()
    if not words or len(words) > LONGEST_COMMENT:
        raise WrongStep(f"评论应为 1 到 {LONGEST_COMMENT} 字 (a remark has 1 to {LONGEST_COMMENT} characters)")
    row = CommentRow(task_id=task_id, actor=actor.name, text=words)
    session.add(row)
    session.flush()
    note(session, actor, "comment", task_id, task.document_id, comment=row.id)
    return Comment(id=row.id, actor=row.actor, at=row.made_at, text=row.text)


def events(
    session: Session, actor: str | None = None, task_id: int | None = None, before: int | None = None, limit: int = 100
) -> list[Event]:
    """The newest lines of the log, newest first; `before` is the last number of the page before."""
    query = sa.select(EventRow).order_by(EventRow.id.desc()).limit(limit)
    if actor is not None:
        query = query.where(EventRow.actor == actor)
    if task_id is not None:
        query = query.where(EventRow.task_id == task_id)
    if before is not None:
        query = query.where(EventRow.id < before)
    return [_event(row) for row in session.scalars(query)]


def all_events(session: Session, page: int = 1000) -> Iterator[Event]:
    """The whole log, oldest first, read page by page."""
    last = 0
    while True:
        rows = session.scalars(sa.select(EventRow).where(EventRow.id > last).order_by(EventRow.id).limit(page)).all()
        if not rows:
            return
        for row in rows:
            yield _event(row)
        last = rows[-1].id


def _event(row: EventRow) -> Event:
    return Event(
        id=row.id,
        at=row.at,
        actor=row.actor,
        channel=row.channel,
        action=row.action,
        task_id=row.task_id,
        document_id=row.document_id,
        detail=json.loads(row.detail or "{}"),
    )
