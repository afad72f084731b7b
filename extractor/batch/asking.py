"""Reading prepared documents with a model, many at once in a child process that keeps one connection and one gate."""

import functools
import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import orm

from extractor.batch.children import Children
from extractor.batch.reading import Prepared, ReadingOptions, Result, Task, failure, result_of, settings_for
from extractor.batch.shares import give_back, server_of, take_share
from extractor.errors import ConfigurationError
from extractor.pipeline import checked
from extractor.pipeline_model import extract_in_session
from extractor.reading.llm import Mode, Session, model_session
from extractor.reading.llm.accounting import NOTHING
from extractor.reading.llm.client import Client, Failed, Reply
from extractor.reading.llm.limits import Gate
from extractor.reading.llm.shares import Limits, Seats, keep_to_share
from extractor.settings import ModelSettings

HELD = 32
"""Documents that a worker reads with a model at once: enough to keep 64 requests on their way."""


IDLE = 5.0
"""Seconds after its last document for which a worker keeps its share."""


@dataclass(frozen=True)
class Question:
    """One prepared document to be read with a model."""

    task: Task
    prepared: Prepared


@dataclass
class _Here:
    """What this child process keeps: its gate, and a session for every way of reading."""

    settings: ModelSettings
    gate: Gate
    open: AsyncExitStack = field(default_factory=AsyncExitStack)
    sessions: dict[str, Session] = field(default_factory=dict)

    async def session(self, options: ReadingOptions) -> Session:
        key = options.fingerprint
        if key not in self.sessions:
            settings = settings_for(options, self.settings)
            self.sessions[key] = await self.open.enter_async_context(model_session(settings, checked, gate=self.gate))
        return self.sessions[key]


_here: _Here | None = None


def asking_children(settings: ModelSettings, seats: Seats, count: int, megabytes: int) -> Children[Question, Result]:
    """The children that ask; `seats` divides the worker's share among them."""
    begin = functools.partial(_begin, seats.cells, settings)
    return Children(ask, count, megabytes, "extractor.batch.reading", -(-HELD // count), begin)


async def _begin(cells: object, settings: ModelSettings, seat: int) -> None:
    global _here
    gate = Gate(0, None, None)
    _here = _Here(settings, gate)
    await keep_to_share(cells, Limits.of(settings), gate, seat)


async def ask(question: Question) -> Result:
    """Read one prepared document. A server that takes no requests, or a setting that keeps from asking, comes out as
    `away`; whatever else goes wrong as the reason."""
    started = time.monotonic()
    task, prepared = question.task, question.prepared
    assert _here is not None
    try:
        session = await _here.session(task.options)
        client = _Noticing(session.client)
        noticing = replace(session, client=client)
        extraction = await extract_in_session(noticing, prepared.disclosure, Mode(task.options.reader))
        if client.away is not None and not extraction.complete:
            return Result(away=client.away)
        seconds = prepared.seconds + time.monotonic() - started
        return result_of(extraction, prepared.disclosure, task, seconds)
    except ConfigurationError as error:
        return Result(away=str(error))
    except Exception as error:
        return failure(task, error)


class _Noticing:
    """A client that remembers, for one document, that the server was away; it then asks for nothing more."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.away: str | None = None

    @property
    def model(self) -> str:
        return self._client.model

    async def ask(self, system: str, user: str, answer_tokens: int) -> Reply:
        if self.away is not None:
            raise Failed(self.away, NOTHING, answered=False, away=True)
        try:
            return await self._client.ask(system, user, answer_tokens)
        except Failed as error:
            if error.away:
                self.away = str(error)
            raise


class ModelReading:
    """How a worker reads with a model: child processes that are there once they are needed, and its share of the
    server's limits."""

    def __init__(self, settings: ModelSettings, processes: int, megabytes: int) -> None:
        self._settings = settings
        self._processes = max(1, processes // 2)  # loading takes the other half of the cores
        self._megabytes = megabytes
        self._lock = threading.Lock()
        self._users = 0
        self._unused_since = 0.0
        self._children: Children[Question, Result] | None = None
        self._seats = Seats(multiprocessing.get_context("forkserver"), self._processes)

    @contextmanager
    def in_use(self) -> Iterator[Children[Question, Result]]:
        """The children, for one document."""
        with self._lock:
            if self._children is None:
                self._children = asking_children(self._settings, self._seats, self._processes, self._megabytes)
            self._users += 1
            children = self._children
        try:
            yield children
        finally:
            with self._lock:
                self._users -= 1
                self._unused_since = time.monotonic()

    @property
    def wanted(self) -> bool:
        """True while documents are read, and for a moment after."""
        return self._users > 0 or (self._children is not None and time.monotonic() < self._unused_since + IDLE)

    def share(self, session: orm.Session, worker: str) -> None:
        """Take what this worker is due of the server's limits, or give it back."""
        if self.wanted:
            used = self._seats.used
            slots = take_share(session, worker, server_of(self._settings), self._settings.concurrency, used)
            self._divide(slots)
        elif self._seats.given:
            self._divide(0)
            give_back(session, worker)

    def _divide(self, slots: int) -> None:
        self._seats.divide(slots, self._children is not None and self._children.one_is_alone)

    def end_stuck(self, seconds: float) -> None:
        """End children that have done nothing for so long: their loop hangs."""
        if self._children is not None and (stuck := self._seats.stuck(seconds)):
            self._children.kill(stuck)
            self._seats.forget(stuck)

    def refuse(self) -> None:
        """Begin no further document."""
        if self._children is not None:
            self._children.refuse()

    def close(self) -> None:
        """End all children."""
        if self._children is not None:
            self._children.close()
