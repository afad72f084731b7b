"""Child processes that read documents, so that no document can take the worker down.

A document that crashes its child (a fault in native PDF code, memory) or keeps it too long costs that child alone;
a new one takes its place.
"""

import asyncio
import contextlib
import functools
import itertools
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from extractor.collecting import collect_seldom

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
Beside = Callable[[int], Awaitable[None]]


class ChildDied(Exception):
    """The child process that worked on a task is no more; the message says how it ended."""


class Closed(BaseException):
    """No further task is taken. Not an Exception: the engine must not note it as the outcome of a workflow."""


class Children(Generic[TaskT, ResultT]):
    """`count` child processes that do up to `at_once` tasks each with `function`, a module's coroutine function.

    Each may use `megabytes` of memory. `preload` names the module to import before children are forked. Every
    child has a seat, from 0 to `count` - 1, which whoever takes a dead one's place inherits; a child of one task
    alone has the seat `count`. `beside` is a coroutine function that runs beside the tasks; it is told the seat.
    """

    def __init__(
        self,
        function: Callable[[TaskT], Awaitable[ResultT]],
        count: int,
        megabytes: int,
        preload: str,
        at_once: int = 1,
        beside: Beside | None = None,
    ) -> None:
        self._function = function
        self._beside = beside
        self._count = count
        self._megabytes = megabytes
        self._at_once = at_once
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([preload])
        self._closed = threading.Event()
        self._free: queue.Queue[_Child] = queue.Queue()
        self._all: set[_Child] = set()
        self._lock = threading.Lock()
        self._one_alone = threading.Lock()
        for seat in range(count):
            self._offer(self._start(seat))

    @property
    def one_is_alone(self) -> bool:
        """True while a child works on a task of its own."""
        return self._one_alone.locked()

    def run(self, task: TaskT, seconds: float | None) -> ResultT:
        """The result of a task, once a child is free. Raises ChildDied when the child crashed or took too long.

        With several tasks at once in a child, another one may be to blame for its death.
        """
        child = self._take()
        try:
            result: ResultT = child.run(task, seconds)
        except ChildDied:
            self._replace(child)
            if self._closed.is_set():
                raise Closed from None
            raise
        self._free.put(child)
        return result

    def run_alone(self, task: TaskT, seconds: float | None) -> ResultT:
        """The result of a task in a child of its own. Raises ChildDied, and then this task is to blame."""
        with self._one_alone:
            if self._closed.is_set():
                raise Closed
            child = self._start(self._count)
            try:
                result: ResultT = child.run(task, seconds)
            except ChildDied:
                if self._closed.is_set():
                    raise Closed from None
                raise
            finally:
                self._remove(child)
            return result

    def refuse(self) -> None:
        """Begin no further task; those under way go on."""
        self._closed.set()

    def close(self) -> None:
        """End all children at once."""
        self._closed.set()
        with self._lock:
            children = list(self._all)
        for child in children:
            self._remove(child)

    def _take(self) -> "_Child":
        while not self._closed.is_set():
            with contextlib.suppress(queue.Empty):
                child = self._free.get(timeout=0.2)
                if child.alive:
                    return child
                self._replace(child)
        raise Closed

    def kill(self, seats: Sequence[int]) -> None:
        """End the children of some seats, whatever they are doing."""
        with self._lock:
            children = [child for child in self._all if child.seat in seats]
        for child in children:
            child.kill()

    def _start(self, seat: int) -> "_Child":
        child = _Child(self._context, self._function, self._megabytes, seat, self._beside)
        with self._lock:
            self._all.add(child)
        return child

    def _offer(self, child: "_Child") -> None:
        for _ in range(self._at_once):
            self._free.put(child)

    def _replace(self, child: "_Child") -> None:
        """Put a new child in the place of a dead one, once, however many tasks died with it."""
        if self._remove(child) and not self._closed.is_set():
            self._offer(self._start(child.seat))

    def _remove(self, child: "_Child") -> bool:
        with self._lock:
            known = child in self._all
            self._all.discard(child)
        child.kill()
        return known


class _Child:
    """One child process and the pipe to it; a thread hands its answers to whoever waits for them."""

    def __init__(
        self, context: Any, function: Callable[[Any], Awaitable[Any]], megabytes: int, seat: int, beside: Beside | None
    ) -> None:
        self.seat = seat
        self._pipe, theirs = context.Pipe()
        started = functools.partial(beside, seat) if beside else None
        self._process = context.Process(target=_serve, args=(theirs, function, megabytes, started), daemon=True)
        self._process.start()
        theirs.close()
        self._tickets = itertools.count()
        self._waiting: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self.alive = True
        threading.Thread(target=self._listen, name="child-listener", daemon=True).start()

    def run(self, task: object, seconds: float | None) -> Any:
        future: Future[Any] = Future()
        with self._lock:
            if not self.alive:
                raise ChildDied("had ended before")
            ticket = next(self._tickets)
            self._waiting[ticket] = future
            with contextlib.suppress(OSError):  # a broken pipe is told by the listener
                self._pipe.send((ticket, task))
        try:
            return future.result(seconds)
        except TimeoutError:
            raise ChildDied(f"took longer than {seconds:g} s") from None

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                ticket, result = self._pipe.recv()
                with self._lock:
                    future = self._waiting.pop(ticket)
                future.set_result(result)
        self._process.join(5)
        with self._lock:
            self.alive = False
            for future in self._waiting.values():
                future.set_exception(ChildDied(_ending(self._process.exitcode)))
            self._waiting.clear()

    def kill(self) -> None:
        self._process.kill()


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"ended with status {code}"


def _serve(
    pipe: Connection,
    function: Callable[[Any], Awaitable[Any]],
    megabytes: int,
    beside: Callable[[], Awaitable[None]] | None,
) -> None:
    """The child: does what comes through the pipe until the worker is gone."""
    for ignored in (signal.SIGINT, signal.SIGTERM):  # they reach the whole group; the worker decides
        signal.signal(ignored, signal.SIG_IGN)
    _restrain(megabytes)
    collect_seldom()
    asyncio.run(_answer(pipe, function, beside))


async def _answer(
    pipe: Connection, function: Callable[[Any], Awaitable[Any]], beside: Callable[[], Awaitable[None]] | None
) -> None:
    loop = asyncio.get_running_loop()
    running: set[asyncio.Future[None]] = set()
    if beside:
        running.add(asyncio.ensure_future(beside()))

    async def do(ticket: int, task: object) -> None:
        result = await function(task)
        try:
            pipe.send((ticket, result))
        except OSError:
            os._exit(0)

    def begin(ticket: int, task: object) -> None:
        started = loop.create_task(do(ticket, task))
        running.add(started)
        started.add_done_callback(running.discard)

    def listen() -> None:
        while True:
            try:
                ticket, task = pipe.recv()
            except (EOFError, OSError):
                os._exit(0)  # the worker is gone: leave at once, also in the middle of a document
            loop.call_soon_threadsafe(begin, ticket, task)

    threading.Thread(target=listen, daemon=True).start()
    await asyncio.Event().wait()


def _restrain(megabytes: int) -> None:
    """Let this process, not the worker, be the one that runs out of memory."""
    if sys.platform == "linux":
        import resource

        limit = megabytes << 20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
            score.write("500")
