"""Everything that is asked of the durable-execution engine (DBOS): the only module that knows it.

A file of a job is one workflow, whose id names the job, the file and the round; a job is a queue. The engine
keeps its own tables: on PostgreSQL in the schema `dbos` of the same database, on SQLite in a file of their own
(measured in one file with the results: 7 of 10 runs stalled for minutes; apart none).
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions, SQLAlchemyDatasource
from dbos._datasource import DatasourceOptions  # a type that the library does not export
from sqlalchemy import event
from sqlalchemy.orm import Session

from extractor.storage.database import Database, migration_lock, prepare_sqlite

_T = TypeVar("_T")

APPLICATION = "gouji"

PROTOCOL = "gouji-1"
"""The version that workflows carry; a worker runs those of its own. Counted up only when `extract_file` changes
what it does with the engine, so that a newer gouji goes on with an older one's jobs."""

WORKFLOW = "extract_file"

POLLING = 0.5
"""Seconds between two looks for work; one look costs 10 ms of a core."""

MOST_CONNECTIONS = 16
"""Connections to PostgreSQL that the engine of one process keeps; twice as many for a moment."""

MOST_DEATHS = 10
"""How many workers may die while they hold a file before it is given up. A file that crashes its reader is found
out sooner, in the child process that reads it; this is the bound for what kills whole workers."""

_ABANDONED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

logging.getLogger("dbos").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Enqueued:
    """One workflow to be run: its id, and the item it works on."""

    workflow: str
    item: int


class Engine:
    """The engine as seen by whoever submits and controls jobs. Opening it makes the engine's tables."""

    def __init__(self, database: Database, pool: int = 4) -> None:
        self.url = _engine_url(database)
        with migration_lock(database):
            DBOS.migrate(self.url.render_as_string(hide_password=False))
        self._engine = _engine(self.url, pool)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.destroy()
        self._engine.dispose()

    def enqueue(self, queue: str, workflows: Iterable[Enqueued]) -> None:
        """Hand workflows over, all or none; one whose id is known already is left as it is."""
        with self._engine.begin() as connection:
            for each in workflows:
                options: EnqueueOptions = {
                    "queue_name": queue,
                    "workflow_name": WORKFLOW,
                    "workflow_id": each.workflow,
                    "app_version": PROTOCOL,
                }
                self._client.enqueue_in_transaction(connection, options, each.item)

    def open_queue(self, queue: str, at_once: int) -> None:
        """Make a queue, or change how many of its workflows one worker may hold at once; 0 pauses it."""
        self._client.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=POLLING)

    def close_queue(self, queue: str) -> None:
        """Remove a queue on which nothing waits any more."""
        self._client.delete_queue(queue)

    def queues(self) -> set[str]:
        """The names of all queues."""
        return {queue.name for queue in self._client.list_queues()}

    def cancel(self, workflows: Sequence[str]) -> None:
        """Cancel workflows, whether they wait or run."""
        self._client.cancel_workflows(list(workflows))

    def forget(self, workflows: Sequence[str]) -> None:
        """Delete what the engine knows of workflows."""
        self._client.delete_workflows(list(workflows))

    def abandoned(self, limit: int = 200) -> dict[str, str]:
        """Workflows that the engine gave up, with the reason in its words."""
        found = self._client.list_workflows(
            status=list(_ABANDONED), name=WORKFLOW, limit=limit, load_input=False, application_name=APPLICATION
        )
        return {each.workflow_id: f"{each.status}: {each.error}" if each.error else each.status for each in found}

    def held_by(self, executor: str) -> set[str]:
        """Workflows that are with an executor."""
        found = self._client.list_workflows(
            status="PENDING", executor_id=executor, name=WORKFLOW, load_input=False, application_name=APPLICATION
        )
        return {each.workflow_id for each in found}

    def put_back(self, workflows: Sequence[str], queue: str) -> None:
        """Return workflows to their queue from wherever they are, unless they have ended."""
        self._client.resume_workflows(list(workflows), queue_name=queue)

    def finished(self, before: str, limit: int = 1000) -> list[str]:
        """Workflows that ended before a moment (ISO 8601), for the retention job."""
        found = self._client.list_workflows(
            completed_before=before,
            name=WORKFLOW,
            limit=limit,
            load_input=False,
            load_output=False,
            application_name=APPLICATION,
        )
        return [each.workflow_id for each in found]


class Runtime:
    """The engine as a worker runs it: takes workflows from all queues, each in a thread of its own.

    `extract_file` is called with an item's id; it may be called again for the same item after a crash. One
    Runtime a process.
    """

    def __init__(self, database: Database, executor: str, threads: int, extract_file: Callable[[int], None]) -> None:
        self._database = database
        url = _engine_url(database)
        self._engine = _engine(url, threads)
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": url.render_as_string(hide_password=False),
            "system_database_engine": self._engine,
            "executor_id": executor,
            "application_version": PROTOCOL,
            "max_executor_threads": threads,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "enable_otlp": False,
        }
        DBOS(config=config)
        self._results = SQLAlchemyDatasource.create(
            database.url.render_as_string(hide_password=False),
            engine=database.engine,
            serializer=DBOSPortableJSONSerializer(),
        )

        def workflow(item: int) -> None:
            extract_file(item)

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_DEATHS)(workflow)

    def start(self) -> None:
        """Begin to take work."""
        DBOS.launch()

    def transaction(self, name: str, work: Callable[[Session], _T]) -> _T:
        """Run `work` once, whatever crashes: its changes are committed together with the engine's note of it.

        To be called inside `extract_file`. `work` must begin with a change, so that on SQLite it takes the
        write lock before it reads.
        """
        options: DatasourceOptions = {
            "name": name,
            "isolation_level": "SERIALIZABLE" if self._database.is_sqlite else "READ COMMITTED",
        }
        return self._results.run_tx_step(options, partial(_with_session, self._results, work))

    def recover(self, executors: Sequence[str]) -> int:
        """Hand back everything that executors held which are no more; returns how many workflows.

        The engine's own call (private, pinned and covered by a contract test): unlike the public
        `resume_workflows` it lets exactly one living worker take each workflow, and keeps the count of attempts.
        """
        return len(DBOS._recover_pending_workflows(list(executors)))

    def close(self, patience: int) -> None:
        """Take no more work, wait up to `patience` seconds for what is under way, and leave."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)
        self._engine.dispose()


def _with_session(results: SQLAlchemyDatasource, work: Callable[[Session], _T]) -> _T:
    return work(results.sql_session())


def _engine_url(database: Database) -> sa.URL:
    if database.file is None:
        return database.url
    return sa.URL.create("sqlite", database=str(engine_file(database.file)))


def engine_file(file: Path) -> Path:
    """The engine's SQLite file beside the one with the results."""
    return file.with_name(f"{file.stem}.engine{file.suffix}")


def _engine(url: sa.URL, pool: int) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, pool_size=2 * pool, max_overflow=2 * pool)
        # a power cut may take the engine's last notes: files are then read once more, and found to be there
        event.listen(engine, "connect", partial(prepare_sqlite, synchronous="normal"))
        return engine
    pool = min(pool, MOST_CONNECTIONS)  # threads wait for files and models, hardly ever for the database
    return sa.create_engine(url, pool_size=pool, max_overflow=pool, pool_pre_ping=True)
