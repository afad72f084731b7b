"""How hard a server may be asked: requests at once, requests and tokens a minute, and silence when it says so."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Pace:
    """Spreads amounts evenly so that no minute holds more than the limit."""

    def __init__(self, per_minute: float | None) -> None:
        self._free_at = 0.0
        self.change(per_minute)

    def change(self, per_minute: float | None) -> None:
        """Set another limit, for what is reserved from now on."""
        self._seconds = 60.0 / per_minute if per_minute else 0.0

    def reserve(self, amount: float, now: float) -> float:
        """Reserve an amount; returns how many seconds to wait before using it."""
        start = max(now, self._free_at)
        self._free_at = start + amount * self._seconds
        return start - now

    def correct(self, amount: float) -> None:
        """Add (or give back) what an estimate was off by."""
        self._free_at += amount * self._seconds


class Slots:
    """So many may be inside at once; the number can be changed at any time. First come, first served."""

    def __init__(self, count: int) -> None:
        self.taken = 0
        self._count = count
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._room = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many wait for a slot."""
        return len(self._waiting)

    async def room(self) -> None:
        """Wait until fewer wait than there are slots: until more work would keep them busy."""
        while self.waiting >= self._count:
            self._room.clear()
            await self._room.wait()

    def change(self, count: int) -> None:
        """Let so many in from now on; who is inside stays."""
        self._count = count
        self._let_in()

    async def enter(self) -> None:
        """Wait for a slot and take it."""
        if self.taken < self._count and not self._waiting:
            self.taken += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # it was let in and cancelled in the same moment
            raise

    def leave(self) -> None:
        """Give a slot back."""
        self.taken -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self.taken < self._count:
            turn = self._waiting.popleft()
            if not turn.done():
                self.taken += 1
                turn.set_result(None)
        self._room.set()


class Gate:
    """Lets requests through within the limits."""

    def __init__(self, concurrency: int, requests_per_minute: float | None, tokens_per_minute: float | None) -> None:
        self._slots = Slots(concurrency)
        self._requests = Pace(requests_per_minute)
        self._tokens = Pace(tokens_per_minute)
        self.silent_until = 0.0
        """When something may be sent again, by `time.monotonic`."""

    def change(self, concurrency: int, requests_per_minute: float | None, tokens_per_minute: float | None) -> None:
        """Set other limits, for what is not on its way yet: several processes that share a server divide its limits."""
        self._requests.change(requests_per_minute)
        self._tokens.change(tokens_per_minute)
        self._slots.change(concurrency)

    @property
    def taken(self) -> int:
        """Requests that hold a slot now."""
        return self._slots.taken

    @property
    def waiting(self) -> int:
        """Requests that wait for a slot."""
        return self._slots.waiting

    async def room(self) -> None:
        """Wait until more requests are needed to keep the slots busy: until fewer wait than there are slots."""
        await self._slots.room()

    def hush(self, seconds: float) -> None:
        """Let nothing through for a while: the server answered that it is asked too much."""
        self.silent_until = max(self.silent_until, time.monotonic() + seconds)

    def correct(self, tokens: float) -> None:
        """Enter by how many tokens the estimate given to `slot` was off."""
        self._tokens.correct(tokens)

    @asynccontextmanager
    async def slot(self, tokens: float) -> AsyncIterator[None]:
        """Wait for a free slot, then for the rates; `tokens` is an estimate of what the request will use."""
        await self._slots.enter()
        try:
            now = asyncio.get_running_loop().time()
            wait = max(self._requests.reserve(1, now), self._tokens.reserve(tokens, now))
            if wait > 0:
                await asyncio.sleep(wait)
            while (silence := self.silent_until - time.monotonic()) > 0:
                await asyncio.sleep(silence)
            yield
        finally:
            self._slots.leave()


class Turns:
    """Turns for the work between requests: answers are taken apart one at a time.

    Whoever asks holds a place in `unread` until the answer is taken apart: there are twice as many places as slots, so
    that a program which is slower than its server leaves no more answers lying than it has requests on their way. What
    lies there is not kept yet, and has to be asked again after a kill.
    """

    def __init__(self, slots: int) -> None:
        self.unread = asyncio.Semaphore(2 * slots)
        self._working = asyncio.Lock()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """One piece of work, and none while another request can go out.

        A server that waits for requests costs more than answers that wait to be taken apart (1.3 ms each): many come
        in at the same moment.
        """
        async with self._working:
            await asyncio.sleep(0)
            yield
