"""What gouji relies on in the engine, the one private call above all. Fails when another version behaves otherwise."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import dbos
import pytest
import sqlalchemy as sa

from extractor.batch.engine import Engine, Enqueued, Runtime
from extractor.storage.database import Database, open_database
from extractor.storage.work import JobRow

QUEUE = "job-1"


def hold(address: str, started: Path) -> None:
    """A worker that takes workflows and never ends them."""
    database = open_database(address)

    def work(item: int) -> None:
        (started / str(item)).touch()
        time.sleep(600)

    Runtime(database, "first", 8, work).start()
    time.sleep(600)


def test_the_version_is_the_one_that_was_looked_at() -> None:
    version = (
        dbos.__version__ if hasattr(dbos, "__version__") else __import__("importlib.metadata").metadata.version("dbos")
    )
    assert version.startswith("3.4.")


def test_a_dead_executors_workflows_are_handed_to_exactly_one_other(
    database: Database, database_address: str, engine: Engine, tmp_path: Path
) -> None:
    engine.open_queue(QUEUE, 4)
    engine.enqueue(QUEUE, [Enqueued(f"1/{item}/1", item) for item in range(4)])
    started = tmp_path / "started"
    started.mkdir()
    first = multiprocessing.get_context("spawn").Process(target=hold, args=(database_address, started))
    first.start()
    deadline = time.monotonic() + 30
    while len(list(started.iterdir())) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    assert len(engine.held_by("first")) == 4

    done: list[int] = []

    def work(item: int) -> None:
        runtime.transaction("record", lambda session: _enter(session, item))
        done.append(item)

    runtime = Runtime(database, "second", 8, work)
    runtime.start()
    try:
        time.sleep(1.5)
        assert done == [], "nobody takes over by itself"
        recovering = [threading.Thread(target=runtime.recover, args=(["first"],)) for _ in range(3)]
        for thread in recovering:
            thread.start()
        for thread in recovering:
            thread.join()
        deadline = time.monotonic() + 20
        while len(done) < 4 and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.5)
        assert sorted(done) == [0, 1, 2, 3]
        assert runtime.recover(["first"]) == 0
    finally:
        runtime.close(1)
    with database.transaction() as session:
        assert sorted(session.scalars(sa.select(JobRow.name))) == ["0", "1", "2", "3"]


def _enter(session: sa.orm.Session, item: int) -> None:
    session.execute(sa.insert(JobRow).values(name=str(item), reader="rules"))


def test_the_same_workflow_id_is_one_run_and_errors_are_listed(database: Database, engine: Engine) -> None:
    engine.open_queue(QUEUE, 4)
    for _ in range(2):
        engine.enqueue(QUEUE, [Enqueued("1/7/1", 7), Enqueued("1/8/1", 8)])
    runs: list[int] = []

    def work(item: int) -> None:
        runs.append(item)
        if item == 8:
            raise ValueError("broken")

    runtime = Runtime(database, "only", 8, work)
    runtime.start()
    try:
        deadline = time.monotonic() + 20
        while not engine.abandoned() and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        runtime.close(1)
    assert sorted(runs) == [7, 8]
    (workflow, reason), *rest = engine.abandoned().items()
    assert (workflow, rest) == ("1/8/1", [])
    assert "broken" in reason
    engine.forget([workflow])
    assert engine.abandoned() == {}


def test_a_paused_queue_gives_nothing_out(database: Database, engine: Engine) -> None:
    engine.open_queue(QUEUE, 0)
    engine.enqueue(QUEUE, [Enqueued("1/1/1", 1)])
    runs: list[int] = []
    runtime = Runtime(database, "only", 8, runs.append)
    runtime.start()
    try:
        time.sleep(1.5)
        assert runs == []
        engine.open_queue(QUEUE, 1)
        deadline = time.monotonic() + 20
        while not runs and time.monotonic() < deadline:
            time.sleep(0.1)
        assert runs == [1]
    finally:
        runtime.close(1)


def test_an_ending_that_is_no_exception_is_not_noted(database: Database, engine: Engine) -> None:
    """A worker that leaves raises Closed in its workflows; they must stay with it, to be handed back."""
    engine.open_queue(QUEUE, 1)
    engine.enqueue(QUEUE, [Enqueued("1/1/1", 1)])
    called = threading.Event()

    class Leaving(BaseException):
        pass

    def work(item: int) -> None:
        called.set()
        raise Leaving

    runtime = Runtime(database, "only", 8, work)
    runtime.start()
    assert called.wait(20)
    time.sleep(0.5)
    runtime.close(0)
    assert engine.held_by("only") == {"1/1/1"}
    with pytest.raises(Leaving):
        raise Leaving
