"""A whole job in one process: submit, work, show how far it is."""

import os
import signal
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from extractor.batch import logs
from extractor.batch.engine import Engine
from extractor.batch.files import FileStore
from extractor.batch.inputs import entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.progress import Progress, job_named, progress_of
from extractor.batch.reading import ReadingOptions
from extractor.batch.settings import BatchSettings
from extractor.batch.worker import Worker, only_worker
from extractor.storage.database import Database, open_database

LOOK = 1.0
"""Seconds between two looks at how far the job is."""


def run_job(
    settings: BatchSettings,
    job: str,
    inputs: Sequence[str],
    options: ReadingOptions,
    concurrency: int,
    console: Console,
) -> Progress:
    """Submit files to a job and work until nothing of it waits, or a signal asks to stop; returns how far it came."""
    logs.set_up(settings.log_format, quiet=console.is_terminal)
    database = open_database(settings.database)
    with only_worker(database):
        engine = Engine(database)
        jobs = Jobs(database, engine, FileStore(settings.files) if settings.files else None)
        jobs.submit(job, entries_of(inputs), options)
        engine.close()
        watched = _Watched(database, job, console)
        worker = Worker(database, settings, concurrency or os.cpu_count() or 1)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        with watched.bar:
            worker.run(watched.finished)
    return watched.look()


class _Watched:
    """A job, and the bar that shows how far it is."""

    def __init__(self, database: Database, job: str, console: Console) -> None:
        self._database = database
        with database.transaction() as session:
            self._job_id = job_named(session, job)
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
        self.bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self.bar.add_task("", total=None, rate="")
        self._looked = 0.0

    def look(self) -> Progress:
        with self._database.transaction() as session:
            progress = progress_of(session, self._job_id)
        rate = f"{progress.rate:.1f}/s" if progress.rate else ""
        past = progress.documents - progress.waiting
        self.bar.update(self._task, total=progress.documents, completed=past, rate=rate)
        return progress

    def finished(self) -> bool:
        if time.monotonic() < self._looked + LOOK:
            return False
        self._looked = time.monotonic()
        return self.look().finished
