"""Which workers are there. No clocks are compared: a worker that is alive counts up its beats.

A worker is dead for another one that has looked at it so many times in a row, with its own connection unbroken,
and found the same count. Jumps of clocks, outages of the database and pauses of whole machines therefore make
nobody dead who is not. A worker that was declared dead (it had been stopped, or cut off) finds that out at its
next beat, and leaves; what it had under way then belongs to others, and the engine lets only them finish it.
"""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.storage.types import now
from extractor.storage.work import WorkerRow, WorkerState

BEAT = 1.0
"""Seconds between beats."""

LOOKS = 10
"""Looks without a beat after which a worker is dead."""


class DeclaredDead(Exception):
    """This worker was given up by another one; it must end without touching anything more."""


@dataclass
class Presence:
    """One worker's view of all workers."""

    id: str
    host: str
    pid: int
    concurrency: int
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def enter(self, session: Session) -> None:
        """Be there."""
        session.add(WorkerRow(id=self.id, host=self.host, pid=self.pid, concurrency=self.concurrency))

    def beat(self, session: Session, trouble: str | None = None) -> None:
        """Say that this worker is alive, and what keeps it from working. Raises DeclaredDead."""
        mine = sa.update(WorkerRow).where(WorkerRow.id == self.id, WorkerRow.state == WorkerState.ALIVE)
        beaten = session.execute(
            mine.values(beats=WorkerRow.beats + 1, seen_at=now(), trouble=trouble).returning(WorkerRow.beats)
        )
        if beaten.first() is None:
            raise DeclaredDead(f"worker {self.id} was declared dead by another one")

    def look(self, session: Session) -> list[str]:
        """Look at the others once, and declare dead who has not moved for long; returns those newly dead."""
        alive = session.execute(
            sa.select(WorkerRow.id, WorkerRow.beats).where(
                WorkerRow.state == WorkerState.ALIVE, WorkerRow.id != self.id
            )
        ).all()
        looks: dict[str, tuple[int, int]] = {}
        for worker, beats in alive:
            before, count = self._seen.get(worker, (-1, 0))
            looks[worker] = (beats, count + 1 if beats == before else 0)
        self._seen = looks
        return [worker for worker, (beats, count) in looks.items() if count >= LOOKS and _bury(session, worker, beats)]

    def forget(self) -> None:
        """Begin to look anew: the connection was broken, so that others may have been cut off just as well."""
        self._seen = {}

    def gone(self, session: Session) -> list[str]:
        """All workers that left or died, whose work must be handed back."""
        states = (WorkerState.LEFT, WorkerState.DEAD)
        return list(session.scalars(sa.select(WorkerRow.id).where(WorkerRow.state.in_(states))))

    def leave(self, session: Session) -> None:
        """Be gone, having taken no more work."""
        session.execute(sa.update(WorkerRow).where(WorkerRow.id == self.id).values(state=WorkerState.LEFT))


def _bury(session: Session, worker: str, beats: int) -> bool:
    """Declare a worker dead, unless it has moved meanwhile; True for the one who did it."""
    still = sa.and_(WorkerRow.id == worker, WorkerRow.state == WorkerState.ALIVE, WorkerRow.beats == beats)
    dead = sa.update(WorkerRow).where(still).values(state=WorkerState.DEAD).returning(WorkerRow.id)
    return session.execute(dead).first() is not None


def declare_all_dead(session: Session) -> None:
    """On SQLite, where one worker runs at a time: whoever was there before is gone."""
    session.execute(sa.update(WorkerRow).where(WorkerRow.state == WorkerState.ALIVE).values(state=WorkerState.DEAD))


def delete_long_gone(session: Session, seconds: float) -> None:
    """Delete the rows of workers that were last seen long ago and are gone."""
    states = (WorkerState.LEFT, WorkerState.DEAD)
    before = now().timestamp() - seconds
    for worker in session.scalars(sa.select(WorkerRow).where(WorkerRow.state.in_(states))).all():
        if worker.seen_at.timestamp() < before:
            session.delete(worker)
