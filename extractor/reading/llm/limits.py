"""How hard a server may be asked: requests at once, requests and tokens a minute, and silence when it says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Pace:
    """Spreads amounts evenly so that no minute holds more than the limit."""

    def __init__(self, per_minute: int | None) -> None:
        self._seconds = 60.0 / per_minute if per_minute else 0.0
        self._free_at = 0.0

    def reserve(self, amount: float, now: float) -> float:
        """Reserve an amount; returns how many seconds to wait before using it."""
        start = max(now, self._free_at)
        self._free_at = start + amount * self._seconds
        return start - now

    def correct(self, amount: float) -> None:
        """Add (or give back) what an estimate was off by."""
        self._free_at += amount * self._seconds


class Gate:
    """Lets requests through within the limits."""

    def __init__(self, concurrency: int, requests_per_minute: int | None, tokens_per_minute: int | None) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._requests = Pace(requests_per_minute)
        self._tokens = Pace(tokens_per_minute)
        self._silent_until = 0.0

    def hush(self, seconds: float) -> None:
        """Let nothing through for a while: the server answered that it is asked too much."""
        self._silent_until = max(self._silent_until, asyncio.get_running_loop().time() + seconds)

    def correct(self, tokens: float) -> None:
        """Enter by how many tokens the estimate given to `slot` was off."""
        self._tokens.correct(tokens)

    @asynccontextmanager
    async def slot(self, tokens: float) -> AsyncIterator[None]:
        """Wait for a free slot, then for the rates; `tokens` is an estimate of what the request will use."""
        async with self._slots:
            now = asyncio.get_running_loop().time()
            wait = max(self._requests.reserve(1, now), self._tokens.reserve(tokens, now))
            if wait > 0:
                await asyncio.sleep(wait)
            while (silence := self._silent_until - asyncio.get_running_loop().time()) > 0:
                await asyncio.sleep(silence)
            yield
