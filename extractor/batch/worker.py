"""A worker: takes files of all jobs, says that it is there, and hands back what dead workers held."""

import fcntl
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from extractor.batch import presence
from extractor.batch.asking import ModelReading
from extractor.batch.children import Children
from extractor.batch.engine import Engine, Runtime
from extractor.batch.extracting import Extracting
from extractor.batch.files import FileStore
from extractor.batch.jobs import Jobs, hold_of, item_of, job_of, largest_worker, queue_of
from extractor.batch.logs import adopt_engine
from extractor.batch.presence import BEAT, Presence
from extractor.batch.progress import budget_reached
from extractor.batch.reading import Prepared, Result, Task, read_or_prepare
from extractor.batch.settings import BatchSettings
from extractor.batch.shares import give_back
from extractor.batch.telemetry import telemetry_of
from extractor.errors import ConfigurationError
from extractor.settings import ModelSettings, load_settings
from extractor.storage.database import Database
from extractor.storage.work import ItemRow, ItemState, JobRow, JobState

_log = logging.getLogger("gouji.batch")

THREADS = 64
"""Files that a worker can hold at once, over all jobs; most wait for a child process or a model."""

TEND = 5.0
"""Seconds between two rounds of what keeps jobs going: queues, files not handed over, workflows given up."""

LONG_GONE = 3600.0


@contextmanager
def only_worker(database: Database) -> Iterator[None]:
    """On SQLite, keep out a second worker: limits and takeovers would not hold. Raises ConfigurationError."""
    if database.file is None:
        yield
        return
    with Path(f"{database.file}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(
                f"{database.file}: 已有一个进程在处理这个库；多个进程请用 PostgreSQL (a worker is at this database already;"
                " several workers need PostgreSQL, see GOUJI_DATABASE)"
            ) from error
        yield


class Worker:
    """One worker process. `concurrency` is its number of reading processes, `model` the server that may be asked."""

    def __init__(
        self, database: Database, settings: BatchSettings, concurrency: int, model: ModelSettings | None = None
    ) -> None:
        self._database = database
        self._settings = settings
        self._concurrency = concurrency
        self._store = FileStore(settings.files) if settings.files else None
        self._engine = Engine(database)
        self._jobs = Jobs(database, self._engine, self._store)
        self._presence = Presence(uuid.uuid4().hex, socket.gethostname(), os.getpid(), concurrency)
        self._stop = threading.Event()
        self._model_settings = model or load_settings()
        self._model = ModelReading(self._model_settings, concurrency, settings.document_megabytes)
        self._children: Children[Task, Result | Prepared] = Children(
            read_or_prepare, concurrency, settings.document_megabytes, "extractor.batch.reading"
        )
        self._extracting = Extracting(database, settings, self._children, self._model, self._store)
        active = self._extracting.active
        self._extracting.telemetry = telemetry_of(settings, self._presence.id, lambda: len(active))
        self._runtime = Runtime(database, self._presence.id, THREADS, self._extracting)
        self._extracting.runtime = self._runtime
        self._tended = 0.0
        self._retired = 0.0
        self._lost: set[str] = set()

    def stop(self) -> None:
        """Begin to leave: no further file is taken."""
        self._stop.set()

    def run(self, finished: Callable[[], bool] = lambda: False, patience: int = 30) -> None:
        """Work until `stop` is called or `finished` says so; then wait `patience` seconds for what is under way.

        Raises DeclaredDead when another worker took this one's work over.
        """
        self._enter()
        _log.info("worker started", extra={"worker": self._presence.id, "concurrency": self._concurrency})
        self._runtime.start()
        adopt_engine()
        try:
            while not self._stop.is_set() and not finished():
                self._turn()
                self._stop.wait(BEAT)
        finally:
            self._leave(patience)

    def _enter(self) -> None:
        with self._database.transaction() as session:
            if self._database.is_sqlite:
                presence.declare_all_dead(session)
            self._presence.enter(session)

    def _turn(self) -> None:
        try:
            with self._database.transaction() as session:
                self._presence.beat(session, self._extracting.trouble)
                self._model.share(session, self._presence.id)
                dead = self._presence.look(session)
                gone = self._presence.gone(session)
            for worker in dead:
                _log.warning("worker dead, its files are handed back", extra={"worker": worker})
            if gone:
                self._runtime.recover(gone)
            self._model.end_stuck(self._settings.document_seconds)
            if time.monotonic() > self._tended + TEND:
                self._tend()
                self._tended = time.monotonic()
        except DBAPIError as error:
            self._presence.forget()
            _log.warning("database away", extra={"error": type(error.orig).__name__})

    def _tend(self) -> None:
        with self._database.transaction() as session:
            presence.delete_long_gone(session, LONG_GONE)
            waiting = sa.select(ItemRow.id).where(ItemRow.job_id == JobRow.id, ItemRow.state == ItemState.WAITING)
            largest = largest_worker(session)
            jobs = session.execute(
                sa.select(JobRow.id, JobRow.state, JobRow.reader, waiting.exists().label("waits"))
            ).all()
        queues = self._engine.queues()
        for job in jobs:
            queue = queue_of(job.id)
            if job.waits:
                self._engine.open_queue(queue, 0 if job.state == JobState.PAUSED else hold_of(job.reader, largest))
                self._jobs.hand_over(job.id)
                self._keep_to_budget(job.id)
            elif queue in queues:
                self._engine.close_queue(queue)
        self._take_note_of_abandoned()
        self._put_back_lost()
        if time.monotonic() > self._retired + 60:
            self._retire()
            self._retired = time.monotonic()

    def _keep_to_budget(self, job_id: int) -> None:
        """Pause a job that has used up the configured budget."""
        with self._database.transaction() as session:
            if (reached := budget_reached(session, job_id, self._model_settings)) is None:
                return
            name = session.get_one(JobRow, job_id).name
        _log.warning("budget used up, job paused", extra={"job": name, "reason": reached})
        self._jobs.pause(name)

    def _take_note_of_abandoned(self) -> None:
        """Files whose workflow the engine gave up: failed, with its reason."""
        for workflow, reason in self._engine.abandoned().items():
            words = f"多次中断，已放弃 (given up by the engine: {reason})"
            with self._database.transaction() as session:
                session.execute(
                    sa.update(ItemRow)
                    .where(ItemRow.id == item_of(workflow), ItemRow.state == ItemState.WAITING)
                    .values(state=ItemState.FAILED, reason=words)
                )
            self._engine.forget([workflow])

    def _put_back_lost(self) -> None:
        """Workflows that are ours by the engine's books, but that no thread works on: an error kept it from
        noting how they ended (a full disk)."""
        held = self._engine.held_by(self._presence.id)
        lost = {workflow for workflow in held if item_of(workflow) not in self._extracting.active}
        for workflow in lost & self._lost:
            self._engine.put_back([workflow], queue_of(job_of(workflow)))
        self._lost = lost

    def _retire(self) -> None:
        """Keep the engine's books short: what ended some time ago is known from the items."""
        before = datetime.now(UTC) - timedelta(days=self._settings.keep_engine_days)
        while ended := self._engine.finished(before.isoformat()):
            self._engine.forget(ended)

    def _leave(self, patience: int) -> None:
        self._extracting.stopping.set()
        closing = threading.Thread(target=self._runtime.close, args=(patience,), daemon=True)
        closing.start()
        time.sleep(0.2)  # the engine has stopped taking work before the children refuse it
        self._children.refuse()
        self._model.refuse()
        closing.join(patience + 15)
        self._children.close()
        self._model.close()
        with self._database.transaction() as session:
            give_back(session, self._presence.id)
            self._presence.leave(session)
        self._engine.close()
        self._extracting.telemetry.close()
        _log.info("worker left", extra={"worker": self._presence.id})
