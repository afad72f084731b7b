"""Files shared out over processes: each takes the next one when it has room, and a crash costs no file but its own."""

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.base import GoujiError

if TYPE_CHECKING:
    from extractor.outputs.render import Rendered

TICK = 0.05
"""Seconds between two calls of `Sharing.tend`."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its rendered extraction, or the reason why there is none."""

    path: Path
    rendered: "Rendered | None" = None
    reason: str | None = None


def failed(path: Path, error: Exception) -> Outcome:
    """A file that an error kept from being read."""
    if isinstance(error, GoujiError):
        return Outcome(path, reason=str(error))
    if isinstance(error, MemoryError):
        return Outcome(path, reason=f"{path.name}: not enough memory for this document")
    said = f"{type(error).__name__}: {error}"
    return Outcome(path, reason=f"{path.name}: an unforeseen error ({said}); please report it")


class Link:
    """A process's end of what connects it with the one that shares the files out."""

    def __init__(self, pipe: Connection, seat: int) -> None:
        self.seat = seat
        self._pipe = pipe

    def ask(self) -> None:
        """Ask for one more file."""
        self._pipe.send(None)

    def receive(self) -> Path:
        """Wait for a file that was asked for. Raises EOFError when there is nobody left to work for."""
        path: Path = self._pipe.recv()
        return path

    def tell(self, outcome: Outcome) -> None:
        """Say what became of a file."""
        self._pipe.send(outcome)

    def stop(self, error: GoujiError) -> None:
        """Say that no file can be read; the whole run ends with this error."""
        self._pipe.send(error)


Work = Callable[[Link], None]
"""What a process does: it asks for files and tells what became of them, until it is ended. Must be picklable."""


def context_for(preload: Sequence[str]) -> BaseContext:
    """Processes that share what one of them imported (`preload` names modules), where the system can fork one
    without threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return context


def import_ahead(preload: Sequence[str]) -> None:
    """Have the modules imported for the processes that will be needed, while this one goes on with something else."""
    if context_for(preload).get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        ensure_running()


@dataclass
class _Process:
    """One process, the files it works on, and how many more it asked for."""

    seat: int
    process: Any
    pipe: Connection
    underway: list[Path] = field(default_factory=list)
    room: int = 0
    asked: bool = False
    alone: bool = False


class Sharing:
    """The sharing out of some files; a subclass may look after things meanwhile.

    A file under way in a process that dies is read again, in a process that has nothing else under way: one that
    takes that down, too, is to blame.
    """

    def __init__(self, paths: Sequence[Path], work: Work, count: int, context: BaseContext) -> None:
        self._waiting = deque(paths)
        self._suspects: deque[Path] = deque()
        self._work = work
        self._count = count
        self._context = context
        self._processes: list[_Process] = []

    def tend(self) -> bool:
        """Called about every TICK; while it returns False, no further file is handed out."""
        return True

    def died(self, seat: int) -> None:
        """Called when the process of a seat has died, before another one takes its place."""

    @property
    def underway(self) -> int:
        """Files that are being read."""
        return sum(len(each.underway) for each in self._processes)

    def outcomes(self) -> Iterator[Outcome]:
        """What became of the files, as they come; those never handed out have no outcome.

        Raises the error that a process stops the run with, and GoujiError when processes cannot start.
        """
        self.tend()  # first: processes look at once what they are given
        try:
            for seat in range(self._count):
                self._start(seat)
            while True:
                if self.tend():
                    self._hand_out()
                if not self.underway and (not (self._waiting or self._suspects) or not self.tend()):
                    return
                for pipe in wait([each.pipe for each in self._processes], TICK):
                    outcome = self._heard(next(each for each in self._processes if each.pipe is pipe))
                    if outcome is not None:
                        yield outcome
        finally:
            self._end()

    def _start(self, seat: int) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, seat, self._work), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self._processes.append(_Process(seat, process, ours))

    def _hand_out(self) -> None:
        for each in sorted(self._processes, key=lambda each: len(each.underway)):
            while each.room and (path := self._next_for(each)) is not None:
                each.underway.append(path)
                each.room -= 1
                with contextlib.suppress(OSError):  # it has died: that is heard next
                    each.pipe.send(path)

    def _next_for(self, process: _Process) -> Path | None:
        process.alone = process.alone and bool(process.underway)
        if process.alone:
            return None
        if self._suspects and not process.underway:
            process.alone = True
            return self._suspects.popleft()
        return self._waiting.popleft() if self._waiting else None

    def _heard(self, process: _Process) -> Outcome | None:
        try:
            said = process.pipe.recv()
        except (EOFError, OSError):
            return self._buried(process)
        if isinstance(said, GoujiError):
            raise said
        if isinstance(said, Outcome):
            process.underway.remove(said.path)
            return said
        process.asked = True
        process.room += 1
        return None

    def _buried(self, process: _Process) -> Outcome | None:
        """Put another one in the place of a dead process; the outcome of the file that is to blame, if that is known."""
        self._processes.remove(process)
        process.pipe.close()
        process.process.join()
        if not process.asked:
            raise GoujiError(
                f"读取文件的进程无法启动 (a process that reads files ended with status {process.process.exitcode} before it"
                " asked for one; try --jobs 1)"
            )
        self.died(process.seat)
        self._start(process.seat)
        if len(process.underway) > 1:
            self._suspects.extend(process.underway)
            return None
        return next((_crashed(path) for path in process.underway), None)

    def _end(self) -> None:
        """Nothing is lost with them: what they found out was told, or is kept."""
        for each in self._processes:
            each.process.kill()
        for each in self._processes:
            each.process.join()
            each.pipe.close()


def _crashed(path: Path) -> Outcome:
    return Outcome(path, reason=f"{path.name}: reading it crashed the process; the file is probably damaged")


def _serve(pipe: Connection, seat: int, work: Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches the whole group; the one that shares out decides
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        work(Link(pipe, seat))
    os._exit(0)  # nobody is left to work for
