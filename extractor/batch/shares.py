"""How the limits of a model server are kept over all workers: who reads with it has a share of them.

A share is a number of slots (requests at once); of requests and tokens a minute a worker has the same part. A
worker takes only what no living one has, and gives back only what it no longer uses: the sum never exceeds the
limits, whoever joins, leaves or dies. Nothing is asked of the database for a single request.
"""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.reading.llm.limits import Gate
from extractor.settings import ModelSettings
from extractor.storage.work import ShareRow, WorkerRow, WorkerState

TICK = 0.05
"""Seconds between two looks of a child at its share."""


def server_of(settings: ModelSettings) -> str:
    """What stands for a model server in the database."""
    return hashlib.sha256((settings.base_url or "").rstrip("/").encode()).hexdigest()


def take_share(session: Session, worker: str, server: str, slots: int, used: int) -> int:
    """The slots that this worker has from now on, of the `slots` of a server; `used` are those it is using.

    The living workers that ask divide them evenly. As long as another one has not given back what is too much, this
    one gets what is left.
    """
    _in_turn(session, server)
    others = session.execute(
        sa.select(ShareRow.worker_id, ShareRow.slots)
        .join(WorkerRow, WorkerRow.id == ShareRow.worker_id)
        .where(ShareRow.server == server, ShareRow.worker_id != worker, WorkerRow.state == WorkerState.ALIVE)
    ).all()
    sharers = sorted([worker, *(row.worker_id for row in others)])
    least, rest = divmod(slots, len(sharers))
    fair = least + (sharers.index(worker) < rest)
    left = slots - sum(row.slots for row in others)
    mine = max(0, min(max(fair, used), left))
    session.merge(ShareRow(worker_id=worker, server=server, slots=mine))
    return int(min(fair, mine))


def give_back(session: Session, worker: str) -> None:
    """Have no share any more."""
    session.execute(sa.delete(ShareRow).where(ShareRow.worker_id == worker))


def _in_turn(session: Session, server: str) -> None:
    """One worker at a time; on SQLite there is only one."""
    if session.get_bind().dialect.name == "postgresql":
        key = int(server[:15], 16)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


_CELLS = 3  # slots given, slots used, ticks


class Seats:
    """A worker's share divided over its child processes, in memory that they have in common.

    Every child has a seat; the last one is that of a document which is read in a child of its own.
    """

    def __init__(self, context: BaseContext, children: int) -> None:
        self.cells: Any = context.RawArray("q", _CELLS * (children + 1))
        self._children = children
        self._seen: list[tuple[int, float]] = [(0, time.monotonic())] * (children + 1)

    def divide(self, slots: int, alone: bool) -> None:
        """Give every child its part; `alone` when one works on a document of its own, which comes first."""
        given = [min(1, slots)] if alone else [0]
        least, rest = divmod(slots - given[0], self._children)
        for seat, count in enumerate([*(least + (seat < rest) for seat in range(self._children)), *given]):
            self.cells[_CELLS * seat] = count

    @property
    def given(self) -> int:
        """All slots that were given out."""
        return sum(self.cells[_CELLS * seat] for seat in range(self._children + 1))

    def forget(self, seats: Sequence[int]) -> None:
        """The children of these seats are no more: nothing of theirs is on its way."""
        for seat in seats:
            self.cells[_CELLS * seat + 1] = self.cells[_CELLS * seat + 2] = 0

    @property
    def used(self) -> int:
        """Requests that are on their way."""
        return sum(self.cells[_CELLS * seat + 1] for seat in range(self._children + 1))

    def stuck(self, seconds: float) -> list[int]:
        """The seats whose child was there and has done nothing at all for so long."""
        now = time.monotonic()
        for seat, (ticks, _) in enumerate(self._seen):
            current = self.cells[_CELLS * seat + 2]
            if current != ticks or current == 0:
                self._seen[seat] = (current, now)
        return [seat for seat, (_, since) in enumerate(self._seen) if now - since > seconds]


@dataclass(frozen=True)
class Limits:
    """What a whole server allows."""

    concurrency: int
    requests_per_minute: int | None
    tokens_per_minute: int | None

    @classmethod
    def of(cls, settings: ModelSettings) -> "Limits":
        """As configured."""
        return cls(settings.concurrency, settings.requests_per_minute, settings.tokens_per_minute)

    def apply(self, gate: Gate, slots: int) -> None:
        """Let through what goes with so many of the slots."""
        part = slots / self.concurrency
        rates = [rate * part if rate else None for rate in (self.requests_per_minute, self.tokens_per_minute)]
        gate.change(slots, *rates)


async def keep_to_share(cells: Any, limits: Limits, gate: Gate, seat: int) -> None:
    """In a child process: let requests through as its share allows, tell how many are on their way."""
    given, base = -1, _CELLS * seat
    while True:
        if cells[base] != given:
            given = cells[base]
            limits.apply(gate, given)
        cells[base + 1] = gate.taken
        cells[base + 2] += 1
        await asyncio.sleep(TICK)
