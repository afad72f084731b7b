"""Faults at random moments of a job, and whether its results are those of a run without: `make chaos`.

    python -m evals.benchmarks.chaos [--documents 300] [--kills 20] [--restarts 2] [--database postgresql]

On PostgreSQL three workers take the job; each fault is a kill -9 of a worker or of one of the processes that read
for it, and some are crashes of the database. On SQLite `batch run` is killed and started again. Afterwards every
document must be done exactly once, its extraction equal to that of `gouji extract`, and 30 s after the last fault
nothing may be with a process that is gone.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

from evals.benchmarks.files import bundled_files, copy_varied
from evals.postgres import PostgresServer
from extractor.batch.engine import Engine
from extractor.batch.inputs import entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.reading import ReadingOptions
from extractor.storage.database import Database, open_database
from extractor.storage.models import BodyRow, ExtractionRow, FindingRow, TallyRow, TaskRow
from extractor.storage.packing import expand
from extractor.storage.work import ItemRow, WorkerRow, WorkerState

GOUJI = [sys.executable, "-m", "extractor"]
ROOT = Path(__file__).resolve().parents[2]
WORKERS = 3
STUCK_AFTER = 30.0
LEAVING = 60.0
"""Seconds that a worker may take to leave; its work is done by then."""

LONGEST = 900.0
"""Seconds after which a job that is not finished counts as hanging."""


@dataclass
class Outcome:
    """What became of a job under faults; empty lists are what should be."""

    documents: int
    faults: list[str] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    after_last: float = 0.0
    stuck: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """True when all is as it should be."""
        return self.states == {"done": self.documents} and not (self.stuck or self.different or self.doubled)

    def __str__(self) -> str:
        counted = {kind: self.faults.count(kind) for kind in dict.fromkeys(self.faults)}
        return (
            f"{self.documents} documents, {self.seconds:.0f} s, faults {counted}; files {self.states};"
            f" finished {self.after_last:.0f} s after the last fault; stuck after {STUCK_AFTER:.0f} s: {len(self.stuck)};"
            f" other than without faults: {len(self.different)}; doubled: {len(self.doubled)}"
        )


def main() -> None:
    """Run one of the two, with full figures unless told otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gouji-chaos-") as name:
        folder = Path(name)
        copy_varied(bundled_files(), folder / "in", chosen.documents)
        if chosen.database == "sqlite":
            outcome = on_sqlite(folder, chosen.kills or 10, chosen.seed)
        else:
            outcome = on_postgres(folder, chosen.kills or 20, chosen.restarts, chosen.seed)
    print(outcome)
    sys.exit(0 if outcome.sound else 1)


def on_postgres(folder: Path, kills: int, restarts: int, seed: int) -> Outcome:
    """Three workers at the files of `folder/in`; workers are killed, the database crashes."""
    files = sorted((folder / "in").iterdir())
    faults = ["kill"] * kills + ["database"] * restarts
    chance = random.Random(seed)
    chance.shuffle(faults)
    server = PostgresServer(["max_connections=300"])
    try:
        address = server.create_database("chaos")
        database = open_database(address)
        engine = Engine(database)
        Jobs(database, engine).submit("chaos", entries_of([str(folder / "in")]), ReadingOptions())
        outcome = Outcome(len(files))
        with _workers(address, folder) as workers:
            started = time.monotonic()
            for number, fault in enumerate(faults, 1):
                _wait_until_done(database, len(files) * number // (len(faults) + 1))
                time.sleep(chance.random())
                if fault == "database":
                    server.restart("immediate")
                else:
                    fault = _kill_one(workers, chance)
                outcome.faults.append(fault)
            last = time.monotonic()
            outcome.stuck = _stuck(database, engine, last)
            _wait_until_done(database, len(files))
            outcome.seconds, outcome.after_last = time.monotonic() - started, time.monotonic() - last
        _compare(database, folder, outcome)
        engine.close()
        database.close()
    finally:
        server.close()
    return outcome


def on_sqlite(folder: Path, kills: int, seed: int) -> Outcome:
    """`batch run` over the files of `folder/in`, killed and started again."""
    files = sorted((folder / "in").iterdir())
    chance = random.Random(seed)
    outcome = Outcome(len(files))
    command = [*GOUJI, "batch", "run", "in", "--job", "chaos", "--concurrency", "2"]
    started = time.monotonic()
    with (folder / "log").open("ab") as log:

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(command, cwd=folder, env=_environment(), stdout=log, stderr=log)

        process = start()
        for number in range(1, kills + 1):
            _wait_until_done(folder / "gouji.sqlite", len(files) * number // (kills + 1))
            time.sleep(chance.random())
            process.kill()
            process.wait()
            outcome.faults.append("kill")
            process = start()
        last = time.monotonic()
        process.wait(LONGEST)
        outcome.seconds, outcome.after_last = time.monotonic() - started, time.monotonic() - last
    database = open_database(folder / "gouji.sqlite")
    _compare(database, folder, outcome)
    database.close()
    return outcome


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "GOUJI_LOG_FORMAT": "json"}


@dataclass
class _Workers:
    """Three worker processes; a killed one is replaced."""

    address: str
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        command = [*GOUJI, "worker", "--database", self.address, "--concurrency", "1"]
        with (self.folder / "workers.log").open("ab") as log:
            self.running.append(subprocess.Popen(command, cwd=self.folder, env=_environment(), stdout=log, stderr=log))

    def replace_the_dead(self) -> None:
        for process in [each for each in self.running if each.poll() is not None]:
            self.running.remove(process)
            self.start()


@contextmanager
def _workers(address: str, folder: Path) -> Iterator[_Workers]:
    workers = _Workers(address, folder)
    try:
        for _ in range(WORKERS):
            workers.start()
        yield workers
    finally:
        for process in workers.running:
            process.send_signal(signal.SIGTERM)
        for process in workers.running:
            try:
                process.wait(LEAVING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _kill_one(workers: _Workers, chance: random.Random) -> str:
    """Kill a worker, or in one of four cases a process that reads for it."""
    process = chance.choice(workers.running)
    children: Sequence[psutil.Process] = ()
    if process.poll() is None:
        children = psutil.Process(process.pid).children(recursive=True)
    if children and chance.random() < 0.25:
        chance.choice(children).kill()
        return "kill of a reading process"
    process.kill()
    process.wait()
    workers.replace_the_dead()
    return "kill of a worker"


def _wait_until_done(where: Database | Path, count: int) -> None:
    deadline = time.monotonic() + LONGEST
    while _done(where) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{_done(where)} of {count} documents after {LONGEST:.0f} s")
        time.sleep(0.1)


def _done(where: Database | Path) -> int:
    """Files that are done; 0 while the database is away or not made yet."""
    if isinstance(where, Path) and not where.exists():
        return 0
    try:
        database = where if isinstance(where, Database) else open_database(where, migrate=False)
        with database.transaction() as session:
            ended = sa.select(sa.func.count()).select_from(ItemRow).where(ItemRow.state != "waiting")
            count = session.execute(ended).scalar_one()
        if isinstance(where, Path):
            database.close()
        return count
    except sa.exc.DBAPIError:
        return 0


def _stuck(database: Database, engine: Engine, last: float) -> list[str]:
    """Files that are with workers which are gone, 30 s after the last fault."""
    while time.monotonic() < last + STUCK_AFTER:
        with database.transaction() as session:
            if session.scalars(sa.select(ItemRow.id).where(ItemRow.state == "waiting").limit(1)).first() is None:
                return []
        time.sleep(0.2)
    with database.transaction() as session:
        gone = session.scalars(sa.select(WorkerRow.id).where(WorkerRow.state != WorkerState.ALIVE)).all()
    return [workflow for worker in gone for workflow in engine.held_by(worker)]


def _compare(database: Database, folder: Path, outcome: Outcome) -> None:
    """Hold the results against those of the plain command on the same files."""
    command = [*GOUJI, "extract", "in", "--out", "plain", "--jobs", "2"]
    subprocess.run(command, cwd=folder, env=_environment(), check=False, capture_output=True)
    plain = {path.stem: json.loads(path.read_bytes()) for path in (folder / "plain" / "documents").iterdir()}
    with database.transaction() as session:
        rows = session.execute(sa.select(ItemRow.state, sa.func.count().label("files")).group_by(ItemRow.state))
        outcome.states = {row.state: row.files for row in rows}
        stored = sa.select(ExtractionRow, BodyRow.body).join(BodyRow, BodyRow.extraction_id == ExtractionRow.id)
        seen: set[str] = set()
        for extraction, body in session.execute(stored.execution_options(yield_per=20)):
            document = extraction.document_id
            if document in seen:
                outcome.doubled.append(document)
            seen.add(document)
            if _content(json.loads(expand(body))) != _content(plain.get(document, {})):
                outcome.different.append(document)
        outcome.different += sorted(plain.keys() - seen)
        for table in (TallyRow, FindingRow, TaskRow):
            outcome.doubled += _rows_too_many(session, table, plain)


def _content(extraction: dict[str, Any]) -> dict[str, Any]:
    """An extraction without when and how fast it was made."""
    return {name: value for name, value in extraction.items() if name != "provenance"}


def _rows_too_many(session: sa.orm.Session, table: Any, plain: dict[str, dict[str, Any]]) -> list[str]:
    """Rows that belong to no extraction; findings that are not as many as they should be."""
    orphans = sa.select(sa.func.count()).where(table.extraction_id.not_in(sa.select(ExtractionRow.id)))
    wrong = ["orphans"] * session.execute(orphans).scalar_one()
    if table is FindingRow:
        counts = session.execute(sa.select(table.document_id, sa.func.count()).group_by(table.document_id))
        expected = {id: len(each.get("findings", ())) for id, each in plain.items() if each.get("findings")}
        wrong += [document for document, count in counts if expected.get(document) != count]
    return wrong


if __name__ == "__main__":
    main()
