"""What is done with one file of a job: fetch, look whether it was read before, read, store. All may be repeated."""

import contextlib
import functools
import itertools
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from extractor.batch.asking import ModelReading, Question
from extractor.batch.children import ChildDied, Children, Closed
from extractor.batch.engine import Runtime
from extractor.batch.files import Fetched, FileStore, Unreachable, fetched, is_web, name_of
from extractor.batch.reading import Prepared, ReadingOptions, Result, Spent, Task
from extractor.batch.settings import BatchSettings
from extractor.batch.telemetry import Telemetry
from extractor.errors import LoadError
from extractor.storage import repository
from extractor.storage.database import Database
from extractor.storage.packing import Source
from extractor.storage.types import now
from extractor.storage.work import ItemRow, ItemState, JobRow

_T = TypeVar("_T")
_R = TypeVar("_R")
_log = logging.getLogger("gouji.batch")

CRASHES = 3
"""How often a file may crash the process that reads it before it counts as failed."""

MODEL_WAITS = (2, 5, 10, 20, 30)
"""Seconds between attempts to go on with a document while its model server is away; the last one again and again."""

WAITS = (1, 5, 15, 60, 120, 240)
"""Seconds between attempts to reach a server that holds a file."""


@dataclass(frozen=True)
class Item:
    """One file of a job, as this worker was given it."""

    id: int
    round: int
    job: str
    address: str
    revision: str
    region: str | None
    options: ReadingOptions


@dataclass
class Extracting:
    """Does the files that the engine hands to this worker, each in a thread of its own."""

    database: Database
    settings: BatchSettings
    children: Children[Task, Result | Prepared]
    model: ModelReading
    store: FileStore | None
    stopping: threading.Event = field(default_factory=threading.Event)
    active: set[int] = field(default_factory=set)
    troubles: dict[int, str] = field(default_factory=dict)
    runtime: Runtime | None = None
    telemetry: Telemetry = field(default_factory=Telemetry)

    def __call__(self, item_id: int) -> None:
        """The workflow. Raises Closed, which the engine does not note, when the worker is leaving."""
        self.active.add(item_id)
        try:
            item = self._insist(functools.partial(_load, item_id=item_id))
            if item is not None:
                with self.telemetry.span("file", job=item.job, item=item.id):
                    self._extract(item)
        finally:
            self.active.discard(item_id)
            self.troubles.pop(item_id, None)

    @property
    def trouble(self) -> str | None:
        """What keeps this worker from finishing a file, None when nothing does."""
        return next(iter(self.troubles.copy().values()), None)

    def _extract(self, item: Item) -> None:
        started = time.monotonic()
        try:
            with self._file(item) as file:
                done, document_id = self._done_or_read(item, file)
        except LoadError as error:
            done, document_id = Result(reason=str(error)), None
        self._wait_for_room(item)
        assert self.runtime is not None
        record = functools.partial(_record, item=item, done=done, document_id=document_id)
        with self.telemetry.span("store"):
            self.runtime.transaction("record", record)
        self._tell(item, done, document_id, time.monotonic() - started)

    def _tell(self, item: Item, done: int | Result, document_id: str | None, seconds: float) -> None:
        """Log and count what became of a file."""
        what = "failed" if isinstance(done, Result) and done.packed is None else "done"
        spent = done.spent if isinstance(done, Result) else Spent()
        self.telemetry.file(item.options.reader, "known" if isinstance(done, int) else what, seconds, spent)
        _log.info(
            what,
            extra={
                "job": item.job,
                "item": item.id,
                "document": document_id,
                "seconds": round(seconds, 3),
                "reason": done.reason if isinstance(done, Result) else None,
            },
        )

    def _done_or_read(self, item: Item, file: Fetched) -> tuple[int | Result, str]:
        """The extraction that is there already, or what reading the file gives."""
        document_id = file.sha256[:16]
        find = functools.partial(repository.find, document_id=document_id, fingerprint=item.options.fingerprint)
        found = self._insist(find)
        if found is not None:
            return found, document_id
        keep = self.store is not None and is_web(item.address)
        if keep and self.store is not None:
            self.store.put(file)
        stored = keep or item.revision.startswith("sha256:")
        self._wait_for_room(item)
        task = Task(file.path, Source(item.address, file.size, stored, item.region), item.options)
        with self.telemetry.span("read", document=document_id):
            read = self._in_child(self.children, task, task, self.settings.document_seconds)
        if isinstance(read, Prepared):
            with self.telemetry.span("ask", document=document_id):
                result = self._ask(item, Question(task, read))
        else:
            result = read
        if result.packed is not None and result.packed.document["id"] != document_id:
            result = Result(reason=f"{item.address}: 读取时文件被改动 (the file was changed while it was read)")
        return result, document_id

    def _ask(self, item: Item, question: Question) -> Result:
        """Read with the model; while its server is away, wait and go on with what it has not answered yet."""
        waits = itertools.chain(MODEL_WAITS, itertools.repeat(MODEL_WAITS[-1]))
        with self.model.in_use() as children:
            while True:
                result = self._in_child(children, question, question.task, None)
                if result.away is None:
                    return result
                _log.warning("model away, waiting", extra={"job": item.job, "item": item.id, "reason": result.away})
                self._wait(item, result.away, next(waits))

    def _in_child(self, children: Children[_T, _R], given: _T, task: Task, seconds: float | None) -> _R | Result:
        """Read in a child process; a file that crashes it is tried again in one of its own."""
        ending = ""
        for attempt in range(CRASHES):
            run = children.run_alone if attempt else children.run
            try:
                return run(given, seconds)
            except ChildDied as death:
                ending = str(death)
                _log.warning("child died", extra={"file": task.source.address, "attempt": attempt + 1, "how": ending})
        return Result(
            reason=f"{name_of(task.source.address)}: 读取这份文件的进程 {CRASHES} 次中断，文件可能已损坏"
            f" (the process that reads it {ending}, {CRASHES} times; the file is probably damaged)"
        )

    @contextmanager
    def _file(self, item: Item) -> Iterator[Fetched]:
        """The item's file on this machine; a server that does not answer is asked again for some minutes."""
        with contextlib.ExitStack() as stack:
            for wait in (*WAITS, None):
                try:
                    with self.telemetry.span("fetch"):
                        file = stack.enter_context(self._source(item))
                    break
                except Unreachable as error:
                    if wait is None:
                        raise
                    self._wait(item, str(error), wait)
            yield file

    def _source(self, item: Item) -> contextlib.AbstractContextManager[Fetched]:
        sha256 = item.revision.removeprefix("sha256:")
        if sha256 != item.revision and self.store is not None:
            return self.store.fetched(sha256, name_of(item.address), self.settings.fetch_seconds)
        return fetched(item.address, self.settings.fetch_seconds)

    def _wait_for_room(self, item: Item) -> None:
        """On SQLite, wait while the disk is nearly full: what is not written cannot fail."""
        file = self.database.file
        while file and shutil.disk_usage(file.parent).free < self.settings.disk_reserve_megabytes << 20:
            _log.error("disk nearly full, waiting", extra={"folder": str(file.parent)})
            self._wait(item, f"{file.parent}: 磁盘将满 (the disk is nearly full; GOUJI_DISK_RESERVE_MEGABYTES)", 10)

    def _insist(self, question: Callable[[Session], _T]) -> _T:
        """Ask the database, again and again while it is away."""
        while True:
            try:
                with self.database.transaction() as session:
                    return question(session)
            except DBAPIError as error:
                if not error.connection_invalidated and self.database.is_sqlite:
                    raise
                _log.warning("database away", extra={"error": type(error.orig).__name__})
                self._pause(1)

    def _wait(self, item: Item, trouble: str, seconds: float) -> None:
        """Pause with a reason that others can see."""
        self.troubles[item.id] = trouble
        self._pause(seconds)
        self.troubles.pop(item.id, None)

    def _pause(self, seconds: float) -> None:
        if self.stopping.wait(seconds):
            raise Closed


_ITEMS = cast(sa.Table, ItemRow.__table__)

# made once: they run for every file, and making one costs several times as long as running it
_LOADED = (
    sa.select(ItemRow.id, ItemRow.round, JobRow.name, ItemRow.address, ItemRow.revision, ItemRow.region, JobRow.options)
    .join(JobRow, JobRow.id == ItemRow.job_id)
    .where(ItemRow.id == sa.bindparam("item"), ItemRow.state == ItemState.WAITING)
)
_NOTED = (
    sa.update(_ITEMS)
    .where(
        _ITEMS.c.id == sa.bindparam("item"),
        _ITEMS.c.round == sa.bindparam("turn"),
        _ITEMS.c.state == ItemState.WAITING,
    )
    .returning(_ITEMS.c.id)
)
_STORED = sa.update(_ITEMS).where(_ITEMS.c.id == sa.bindparam("item"))


def _load(session: Session, item_id: int) -> Item | None:
    """The item, None when nothing is to be done for it any more."""
    row = session.connection().execute(_LOADED, {"item": item_id}).first()
    if row is None:
        return None
    return Item(*row[:-1], ReadingOptions.model_validate_json(row.options))


def _record(session: Session, item: Item, done: int | Result, document_id: str | None) -> None:
    """Note what became of a file and store its results, unless that was done or is no longer wanted."""
    spent, reason = (done.spent, done.reason) if isinstance(done, Result) else (Spent(), None)
    values = {
        "item": item.id,
        "turn": item.round,
        "state": ItemState.FAILED if reason is not None else ItemState.DONE,
        "document_id": document_id,
        "reason": reason,
        "finished_at": now(),
        "sections": spent.sections,
        "requests": spent.requests,
        "input_tokens": spent.input_tokens,
        "cached_tokens": spent.cached_tokens,
        "output_tokens": spent.output_tokens,
        "money": spent.money,
        "seconds": spent.seconds,
    }
    connection = session.connection()
    if connection.execute(_NOTED, values).first() is None:
        return
    extraction_id, complete = (done, True) if isinstance(done, int) else (None, None)
    if isinstance(done, Result) and done.packed is not None:
        extraction_id = repository.store(session, done.packed)
        complete = bool(done.packed.extraction["complete"])
    connection.execute(_STORED, {"item": item.id, "extraction_id": extraction_id, "complete": complete})
