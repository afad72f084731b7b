"""How the limits of a model server and the budget are kept over processes that read at the same time.

Everything is in memory that they have in common; every cell has one writer. Nothing is asked of another process
for a single request.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import Any

from extractor.reading.llm.limits import Gate
from extractor.settings import ModelSettings

TICK = 0.05
"""Seconds between two looks of a process at its share."""

_GIVEN, _OBEYED, _USED, _WANTED, _TICKS, _SILENT, _CELLS = range(7)


class Seats:
    """Slots (requests at once) divided over child processes, by what they have to send.

    Every child has a seat; the last one is that of a document which is read in a child of its own. A child says
    which number of slots it obeys: what is taken from one goes to another only when the first has given it up, so
    that never more than all slots are in use.
    """

    def __init__(self, context: BaseContext, children: int) -> None:
        self.cells: Any = context.RawArray("q", _CELLS * (children + 1))
        self.children = children
        self._seen: list[tuple[int, float]] = [(0, time.monotonic())] * (children + 1)

    def divide(self, slots: int, alone: bool = False) -> None:
        """Give every child its part; `alone` when one works on a document of its own, which comes first.

        Nothing is changed while nobody has to wait for another one's slots.
        """
        own = min(1, slots) if alone else 0
        given, wanted = self._all(_GIVEN), self._all(_WANTED)
        short = any(want > has for want, has in zip(wanted[:-1], given[:-1], strict=True))
        if sum(given) == slots and given[-1] == own and not short:
            return
        due = [*divided(slots - own, wanted[:-1]), own]
        for seat, count in enumerate(due):
            self._set(seat, _GIVEN, min(count, given[seat]))
        free = slots - sum(map(self._held, range(len(due))))
        for seat, count in enumerate(due):
            more = max(0, min(count - self._get(seat, _GIVEN), free))
            self._set(seat, _GIVEN, self._get(seat, _GIVEN) + more)
            free -= more

    @property
    def given(self) -> int:
        """All slots that were given out."""
        return sum(self._all(_GIVEN))

    def forget(self, seats: Sequence[int]) -> None:
        """The children of these seats are no more: nothing of theirs is on its way."""
        for seat in seats:
            for cell in (_OBEYED, _USED, _WANTED, _TICKS):
                self._set(seat, cell, 0)

    @property
    def used(self) -> int:
        """Requests that are on their way."""
        return sum(self._all(_USED))

    def stuck(self, seconds: float) -> list[int]:
        """The seats whose child was there and has done nothing at all for so long."""
        now = time.monotonic()
        for seat, (ticks, _) in enumerate(self._seen):
            current = self._get(seat, _TICKS)
            if current != ticks or current == 0:
                self._seen[seat] = (current, now)
        return [seat for seat, (_, since) in enumerate(self._seen) if now - since > seconds]

    def _held(self, seat: int) -> int:
        """The most requests that a child may have on their way: what it obeys is read before what it uses."""
        return max(self._get(seat, cell) for cell in (_OBEYED, _USED, _GIVEN))

    def _all(self, cell: int) -> list[int]:
        return list(self.cells[cell::_CELLS])

    def _get(self, seat: int, cell: int) -> int:
        return int(self.cells[_CELLS * seat + cell])

    def _set(self, seat: int, cell: int, value: int) -> None:
        self.cells[_CELLS * seat + cell] = value


def divided(slots: int, wanted: Sequence[int]) -> list[int]:
    """Slots divided over some who want so many: evenly, what one does not want going to the others.

    Everyone gets a little more than wanted where there is enough, and what is left over is spread evenly: so a
    document that is taken up need not wait for the next division.
    """
    due = [0] * len(wanted)
    for position, seat in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        fair = (slots - sum(due)) // (len(wanted) - position)
        due[seat] = min(fair, wanted[seat] + wanted[seat] // 4 + 1)
    least, rest = divmod(slots - sum(due), len(wanted))
    return [count + least + (seat < rest) for seat, count in enumerate(due)]


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
    """In a child process: let requests through as its share allows; tell how many are on their way, and wait.

    What a server asks of one child with Retry-After holds for all, two ticks later: the times are of one clock.
    """
    obeyed, base = -1, _CELLS * seat
    while True:
        if cells[base + _GIVEN] != obeyed:
            obeyed = cells[base + _GIVEN]
            limits.apply(gate, obeyed)
        cells[base + _USED] = gate.taken
        cells[base + _OBEYED] = obeyed  # after what it uses, see `Seats._held`
        cells[base + _WANTED] = gate.taken + gate.waiting
        cells[base + _TICKS] += 1
        cells[base + _SILENT] = int(gate.silent_until * 1000)
        gate.silent_until = max(gate.silent_until, max(cells[_SILENT::_CELLS]) / 1000)
        await asyncio.sleep(TICK)
