"""How the review gets on: what is left, how fast, how often readings that went through unseen are wrong."""

import math
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.standing import DECISIONS, agree
from extractor.storage.models import TaskRow, TaskStatus, VerdictRow
from extractor.storage.tasks import TaskKind
from extractor.storage.types import now
from schemas.base import Model
from schemas.settlement import Decision

PAIRS = 2000
"""The newest blind second decisions that agreement is measured on."""

_Z = 1.96


class Pace(Model):
    """What a person decided within the last hours; times in seconds a task, as measured."""

    actor: str
    decisions: int
    per_hour: float
    median_seconds: float | None


class Share(Model):
    """A share with its 95 % interval (Wilson)."""

    of: int
    count: int
    share: float | None
    low: float | None
    high: float | None


class Progress(Model):
    """`silent_errors`: of the audited records, those that had to be corrected. `agreement`: of two blind decisions."""

    by_status: dict[str, int]
    by_verdict: dict[str, int]
    pace: tuple[Pace, ...]
    silent_errors: Share
    agreement: Share


@dataclass(frozen=True)
class _Decided:
    actor: str
    seconds: float | None


def progress(session: Session, hours: float = 8.0) -> Progress:
    """The state of the whole queue, and the pace of the last `hours`."""
    statuses = session.execute(sa.select(TaskRow.status, sa.func.count()).group_by(TaskRow.status))
    verdicts = session.execute(
        sa.select(TaskRow.verdict, sa.func.count())
        .where(TaskRow.status == TaskStatus.SETTLED, TaskRow.verdict.is_not(None))
        .group_by(TaskRow.verdict)
    )
    return Progress(
        by_status={str(status): count for status, count in statuses},
        by_verdict={str(verdict): count for verdict, count in verdicts},
        pace=_pace(session, hours),
        silent_errors=_silent_errors(session),
        agreement=_agreement(session),
    )


def _pace(session: Session, hours: float) -> tuple[Pace, ...]:
    since = now() - timedelta(hours=hours)
    query = sa.select(VerdictRow.actor, VerdictRow.seconds, VerdictRow.made_at).where(
        VerdictRow.made_at > since, VerdictRow.action.in_(DECISIONS)
    )
    found: dict[str, list[tuple[float | None, object]]] = {}
    first: dict[str, float] = {}
    for actor, seconds, made_at in session.execute(query):
        found.setdefault(actor, []).append((seconds, made_at))
        ago = (now() - made_at).total_seconds() + (seconds or 0)
        first[actor] = max(first.get(actor, 0.0), ago)
    paces = []
    for actor, rows in sorted(found.items()):
        known = [seconds for seconds, _ in rows if seconds is not None]
        worked = max(first[actor], 60.0) / 3600
        paces.append(
            Pace(
                actor=actor,
                decisions=len(rows),
                per_hour=round(len(rows) / worked, 1),
                median_seconds=round(median(known), 1) if known else None,
            )
        )
    return tuple(paces)


def _silent_errors(session: Session) -> Share:
    query = (
        sa.select(TaskRow.verdict, sa.func.count())
        .where(TaskRow.kind == TaskKind.AUDIT, TaskRow.status == TaskStatus.SETTLED)
        .group_by(TaskRow.verdict)
    )
    counts = {verdict: count for verdict, count in session.execute(query) if verdict in DECISIONS}
    return share(counts.get(Decision.CORRECT, 0), sum(counts.values()))


def _agreement(session: Session) -> Share:
    """Of the newest pairs of first and blind second decisions, those that say the same."""
    seconds = session.scalars(
        sa.select(VerdictRow)
        .where(VerdictRow.round == 2, VerdictRow.action.in_(DECISIONS))
        .order_by(VerdictRow.id.desc())
        .limit(PAIRS)
    ).all()
    firsts: dict[int, VerdictRow] = {}
    ids = [row.task_id for row in seconds]
    for start in range(0, len(ids), 500):
        query = sa.select(VerdictRow).where(
            VerdictRow.task_id.in_(ids[start : start + 500]), VerdictRow.round == 1, VerdictRow.action.in_(DECISIONS)
        )
        firsts.update({row.task_id: row for row in session.scalars(query.order_by(VerdictRow.id))})
    pairs = [(firsts[row.task_id], row) for row in seconds if row.task_id in firsts]
    return share(sum(agree(one, other) for one, other in pairs), len(pairs))


def share(count: int, of: int) -> Share:
    """A share with its Wilson interval (Wilson 1927); nothing known of nothing."""
    if of == 0:
        return Share(of=0, count=0, share=None, low=None, high=None)
    p, z2 = count / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(of=of, count=count, share=p, low=max(0.0, middle - half), high=min(1.0, middle + half))
