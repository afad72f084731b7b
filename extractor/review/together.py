"""Tasks that say the same of different figures, settled by one word."""

from dataclasses import dataclass

import sqlalchemy as sa

from extractor.errors import LoadError
from extractor.review.actors import Actor, NotAllowed
from extractor.review.desk import Desk
from extractor.review.queue import Filters, Held, find, release, take, tasks
from extractor.review.settling import Act, Conflict, WrongStep, act
from extractor.storage.models import TaskStatus
from extractor.storage.repository import NotStored
from schemas.settlement import Decision

MOST = 100
"""Tasks settled by one request: some 50 ms each."""


@dataclass(frozen=True)
class Together:
    """What became of tasks that are alike; `passed` were held or changed by others, `left` are still to be done."""

    settled: tuple[int, ...]
    passed: tuple[int, ...]
    left: int


def settle_alike(desk: Desk, actor: Actor, task_id: int, decision: Decision, note: str | None = None) -> Together:
    """Settle a task and all open ones with the same signature, at most `MOST` of them.

    Raises WrongStep for a correction, which always is about one task, and NotStored.
    """
    if decision is Decision.CORRECT:
        raise WrongStep("更正只能逐条作出 (corrections are made one by one)")
    with desk.database.transaction() as session:
        signature = find(session, task_id).signature
        alike = tasks(session, Filters(status=TaskStatus.OPEN, signature=signature), limit=MOST)
    settled, passed = [], []
    for row in alike:
        if _settle(desk, actor, row.id, decision, note):
            settled.append(row.id)
        else:
            passed.append(row.id)
    with desk.database.transaction() as session:
        left = len(tasks(session, Filters(status=TaskStatus.OPEN, signature=signature), limit=1000))
    return Together(tuple(settled), tuple(passed), left)


def _settle(desk: Desk, actor: Actor, task_id: int, decision: Decision, note: str | None) -> bool:
    try:
        with desk.database.writing() as session:
            version = take(session, actor, desk.settings, task_id).version
    except (Held, NotStored):
        return False
    try:
        act(desk, actor, Act(task_id, version, decision, note=note))
        return True
    except (Conflict, WrongStep, NotAllowed, NotStored, LoadError):
        with desk.database.writing() as session:
            release(session, actor, task_id)
        return False


def count_alike(desk: Desk, signature: str) -> int:
    """How many open tasks have a signature, counted up to 1000."""
    with desk.database.transaction() as session:
        alike = Filters(status=TaskStatus.OPEN, signature=signature)
        some = sa.select(sa.literal(1)).where(*alike.conditions()).limit(1000).subquery()
        return session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
