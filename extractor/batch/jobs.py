"""Jobs as their owners see them: submit, pause, resume, cancel, try again, delete."""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.batch.asking import HELD
from extractor.batch.engine import Engine, Enqueued
from extractor.batch.files import FileStore, fetched, is_remote
from extractor.batch.inputs import Entry
from extractor.batch.progress import job_named
from extractor.batch.reading import RULES, ReadingOptions
from extractor.errors import ConfigurationError
from extractor.storage.database import Database
from extractor.storage.models import ExtractionRow
from extractor.storage.repository import delete_extraction, insert_new
from extractor.storage.work import ItemRow, ItemState, JobRow, JobState, WorkerRow, WorkerState

CHUNK = 1000
"""Files that are entered, handed over or cancelled in one transaction."""

SMALLEST_HOLD = 12
"""Workflows that a worker may hold of one job, however few processes it has."""

HELD_AHEAD = 6
"""Workflows that a worker may hold for each of its processes, so that none waits for the next look for work."""


@dataclass(frozen=True)
class Submitted:
    """What a submission did: files named, files that are new to the job or were changed since."""

    job: str
    named: int
    new: int


def workflow_of(job_id: int, item_id: int, round_: int) -> str:
    """The engine's id of a file's turn."""
    return f"{job_id}/{item_id}/{round_}"


def item_of(workflow: str) -> int:
    """The item that a workflow's id names."""
    return int(workflow.split("/")[1])


def job_of(workflow: str) -> int:
    """The job that a workflow's id names."""
    return int(workflow.split("/")[0])


def queue_of(job_id: int) -> str:
    """The engine's queue of a job."""
    return f"job-{job_id}"


class Jobs:
    """The jobs of a database."""

    def __init__(self, database: Database, engine: Engine, store: FileStore | None = None) -> None:
        self._database = database
        self._engine = engine
        self._store = store

    def submit(
        self,
        name: str,
        entries: Iterable[Entry],
        options: ReadingOptions,
        advanced: Callable[[int], None] = lambda _: None,
    ) -> Submitted:
        """Add files to a job, which is made when there is none of this name.

        A file that is in the job already is left alone, unless its content was changed since. `advanced` is told
        how many files were named so far. Raises ConfigurationError when the job reads with other options.
        """
        job_id = self._open(name, options)
        named = new = 0
        for chunk in _chunks(entries, CHUNK):
            kept = [self._kept(entry) for entry in chunk]
            with self._database.transaction() as session:
                new += _enter(session, job_id, kept)
            named += len(chunk)
            self.hand_over(job_id)
            advanced(named)
        if not named:
            with self._database.transaction() as session:
                session.execute(sa.delete(JobRow).where(JobRow.id == job_id, ~_items_of(job_id).exists()))
        return Submitted(name, named, new)

    def _open(self, name: str, options: ReadingOptions) -> int:
        if not name or len(name) > 120 or not name.isprintable():
            raise ConfigurationError(f"{name!r}: 任务名应为 1 到 120 个可见字符 (a job's name has 1 to 120 characters)")
        with self._database.transaction() as session:
            job = session.scalars(sa.select(JobRow).where(JobRow.name == name)).first()
            if job is None:
                job = JobRow(name=name, reader=options.reader, options=options.model_dump_json())
                session.add(job)
                session.flush()
            elif ReadingOptions.model_validate_json(job.options) != options:
                raise ConfigurationError(
                    f"{name}: 该任务的读取方式不同，请另取任务名 (this job reads with other options; use another name):"
                    f" {job.options}"
                )
            return job.id

    def _kept(self, entry: Entry) -> Entry:
        """The entry, its file copied into the file store when workers elsewhere may not see it."""
        if self._store is None or is_remote(entry.address):
            return entry
        with fetched(entry.address, 0) as file:
            self._store.put(file)
            return Entry(entry.address, f"sha256:{file.sha256}", entry.region)

    def hand_over(self, job_id: int) -> int:
        """Give the engine what was entered and is not with it yet, also what a crash left so; returns how many."""
        handed = 0
        with self._database.transaction() as session:
            job = session.get_one(JobRow, job_id)
            at_once = 0 if job.state == JobState.PAUSED else hold_of(job.reader, largest_worker(session))
        if queue_of(job_id) not in self._engine.queues():
            self._engine.open_queue(queue_of(job_id), at_once)
        while True:
            with self._database.transaction() as session:
                rows = session.execute(
                    sa.select(ItemRow.id, ItemRow.round)
                    .where(ItemRow.job_id == job_id, ItemRow.state == ItemState.WAITING, ~ItemRow.queued)
                    .order_by(ItemRow.id)
                    .limit(CHUNK)
                ).all()
            if not rows:
                return handed
            workflows = [Enqueued(workflow_of(job_id, row.id, row.round), row.id) for row in rows]
            self._engine.enqueue(queue_of(job_id), workflows)
            with self._database.transaction() as session:
                session.execute(sa.update(ItemRow).where(ItemRow.id.in_([row.id for row in rows])).values(queued=True))
            handed += len(rows)

    def pause(self, name: str) -> None:
        """Begin no further file of a job; those under way are finished."""
        job = self._change(name, JobState.PAUSED)
        if queue_of(job) in self._engine.queues():
            self._engine.open_queue(queue_of(job), 0)

    def resume(self, name: str) -> None:
        """Go on with a job that was paused or cancelled, or whose engine has forgotten it.

        What waits is handed over once more, which does nothing for what the engine has.
        """
        job = self._change(name, JobState.OPEN)
        self._again(job, ItemRow.state == ItemState.CANCELLED)
        with self._database.transaction() as session:
            waiting = sa.and_(ItemRow.job_id == job, ItemRow.state == ItemState.WAITING)
            session.execute(sa.update(ItemRow).where(waiting).values(queued=False))
        with self._database.transaction() as session:
            hold = hold_of(session.get_one(JobRow, job).reader, largest_worker(session))
        self._engine.open_queue(queue_of(job), hold)
        self.hand_over(job)

    def cancel(self, name: str) -> int:
        """End a job: what waits is not done, what is under way is not kept. Returns how many files that were."""
        job = self._change(name, JobState.CANCELLED)
        cancelled = 0
        while True:
            with self._database.transaction() as session:
                rows = session.execute(
                    sa.update(ItemRow)
                    .where(ItemRow.id.in_(self._some(job, ItemState.WAITING)))
                    .values(state=ItemState.CANCELLED)
                    .returning(ItemRow.id, ItemRow.round)
                ).all()
            if not rows:
                return cancelled
            self._engine.cancel([workflow_of(job, row.id, row.round) for row in rows])
            cancelled += len(rows)

    def retry_failed(self, name: str) -> int:
        """Do again what failed, and what was read with sections missing; returns how many files that are."""
        job = self.id_of(name)
        lacking = sa.and_(ItemRow.state == ItemState.DONE, ItemRow.complete.is_(False))
        count = self._again(job, sa.or_(ItemRow.state == ItemState.FAILED, lacking))
        self.hand_over(job)
        return count

    def _again(self, job: int, which: sa.ColumnElement[bool]) -> int:
        with self._database.transaction() as session:
            rows = session.execute(
                sa.update(ItemRow)
                .where(ItemRow.job_id == job, which)
                .values(state=ItemState.WAITING, queued=False, round=ItemRow.round + 1, reason=None)
                .returning(ItemRow.id)
            ).all()
        return len(rows)

    def delete(self, name: str, results: bool = False) -> None:
        """Delete a job; with `results` also the extractions that it made and no other job has."""
        job = self.id_of(name)
        self.cancel(name)
        while True:
            with self._database.transaction() as session:
                rows = session.execute(
                    sa.select(ItemRow.id, ItemRow.round, ItemRow.extraction_id)
                    .where(ItemRow.job_id == job)
                    .limit(CHUNK)
                ).all()
            if not rows:
                break
            self._engine.forget([workflow_of(job, row.id, n) for row in rows for n in range(1, row.round + 1)])
            with self._database.transaction() as session:
                session.execute(sa.delete(ItemRow).where(ItemRow.id.in_([row.id for row in rows])))
                if results:
                    _delete_orphans(session, [row.extraction_id for row in rows if row.extraction_id])
        if queue_of(job) in self._engine.queues():
            self._engine.close_queue(queue_of(job))
        with self._database.transaction() as session:
            session.execute(sa.delete(JobRow).where(JobRow.id == job))

    def id_of(self, name: str) -> int:
        """The key of a job. Raises ConfigurationError when there is none of this name."""
        with self._database.transaction() as session:
            return job_named(session, name)

    def _change(self, name: str, state: JobState) -> int:
        job = self.id_of(name)
        with self._database.transaction() as session:
            session.execute(sa.update(JobRow).where(JobRow.id == job).values(state=state))
        return job

    @staticmethod
    def _some(job: int, state: ItemState) -> sa.Select[int]:
        return sa.select(ItemRow.id).where(ItemRow.job_id == job, ItemRow.state == state).limit(CHUNK)


def hold_of(reader: str, largest: int) -> int:
    """How many files of a job one worker may hold: some times what the largest worker does at once; with a model
    more, since most of them wait for it."""
    return max(SMALLEST_HOLD if reader == RULES else HELD, HELD_AHEAD * largest)


def largest_worker(session: Session) -> int:
    """The number of reading processes of the largest living worker."""
    alive = sa.select(sa.func.max(WorkerRow.concurrency)).where(WorkerRow.state == WorkerState.ALIVE)
    return session.execute(alive).scalar() or 0


def _enter(session: Session, job_id: int, entries: Sequence[Entry]) -> int:
    """Enter files into a job; returns how many are new or changed."""
    by_key = {hashlib.sha256(entry.address.encode()).hexdigest()[:32]: entry for entry in entries}
    rows = [
        {"job_id": job_id, "key": key, "address": each.address, "revision": each.revision, "region": each.region}
        for key, each in by_key.items()
    ]
    entered = set(session.scalars(insert_new(session, ItemRow, rows).returning(ItemRow.key)))
    changed = 0
    known = sa.select(ItemRow).where(ItemRow.job_id == job_id, ItemRow.key.in_(by_key.keys() - entered))
    for row in session.scalars(known):
        revision = by_key[row.key].revision
        if row.revision != revision and row.state != ItemState.WAITING:
            row.state, row.queued, row.reason, row.round = ItemState.WAITING, False, None, row.round + 1
            changed += 1
        row.revision = revision
    return len(entered) + changed


def _items_of(job_id: int) -> sa.Select[int]:
    return sa.select(ItemRow.id).where(ItemRow.job_id == job_id)


def _delete_orphans(session: Session, extractions: Sequence[int]) -> None:
    """Delete extractions that no item of any job has any more, with the versions that people made of them."""
    held = set(session.scalars(sa.select(ItemRow.extraction_id).where(ItemRow.extraction_id.in_(extractions))))
    for extraction_id in set(extractions) - held:
        for settled in session.scalars(sa.select(ExtractionRow.id).where(ExtractionRow.base_id == extraction_id)):
            delete_extraction(session, settled)
        delete_extraction(session, extraction_id)


def _chunks(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    source = iter(entries)
    while chunk := list(itertools.islice(source, size)):
        yield chunk
