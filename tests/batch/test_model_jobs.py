"""Jobs that a model reads, with real workers and a real HTTP server."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from at_work import PATIENCE, Workers, states, wait_for
from simulated import TEXT, disclosure_of, model_of, read_one, server_of, settings_of

from evals.simulation.server import SimulatedServer
from extractor.batch.inputs import entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.progress import Progress, progress_of
from extractor.batch.reading import ReadingOptions, options_for
from extractor.reading.llm import Mode
from extractor.settings import ModelSettings
from extractor.storage import repository
from extractor.storage.database import Database
from extractor.storage.work import ItemRow, JobRow, ShareRow

COUNT = 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Disclosures of which no two ask the same."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number}.txt").write_text(text_of(number), encoding="utf-8")
    return folder


def text_of(number: int) -> str:
    """Every section has its own figures."""
    return TEXT.replace("2031", str(2031 + number)).replace("临湖", f"临湖{number}")


@pytest.fixture
def server(folder: Path) -> Iterator[SimulatedServer]:
    """A server that knows them, and answers after a while."""
    with server_of(*(disclosure_of(text_of(number)) for number in range(COUNT)), latency=0.2) as started:
        yield started


def options(reader: str = "llm") -> ReadingOptions:
    return options_for(reader, ModelSettings(model="simulated"))


def environment(base_url: str, folder: Path, **more: object) -> dict[str, str]:
    given = {"base_url": base_url, "model": "simulated", "cache_file": folder / "answers.sqlite", **more}
    return {f"GOUJI_{name.upper()}": str(value) for name, value in given.items()}


def finished(database: Database) -> bool:
    return "waiting" not in states(database)


def progress(database: Database) -> Progress:
    with database.transaction() as session:
        return progress_of(session, session.scalars(sa.select(JobRow.id)).first() or 0)


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_a_job_reads_as_one_reading_does_and_keeps_account(
    database: Database, jobs: Jobs, workers: Workers, folder: Path, server: SimulatedServer, tmp_path: Path
) -> None:
    jobs.submit("a", entries_of([str(folder)]), options())
    workers.start("--concurrency", "2", **environment(server.base_url, tmp_path))
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": COUNT}
    asked, made = server.counts.requests, progress(database)
    assert (made.requests, made.incomplete, made.trouble) == (asked, 0, None)
    assert made.input_tokens > 0
    with database.transaction() as session:
        row = session.scalars(sa.select(ItemRow).where(ItemRow.address.endswith("0.txt"))).one()
        assert row.extraction_id is not None
        stored = repository.load_extraction(session, row.extraction_id)
    direct = read_one(disclosure_of(text_of(0)), settings_of(server, tmp_path / "other"), Mode.LLM)
    assert (stored.provenance.reader, stored.provenance.model) == ("llm", "simulated")
    expected = {record.fields.model_dump_json() for reading in direct.readings for record in reading.records}
    assert expected <= {record.fields.model_dump_json() for record in stored.records}
    assert len(expected) > 10

    before = server.counts.requests
    jobs.submit("b", entries_of([str(folder)]), options())
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert server.counts.requests == before, "the same reading was there already"


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_limits_hold_over_workers(
    database: Database, jobs: Jobs, workers: Workers, folder: Path, server: SimulatedServer, tmp_path: Path
) -> None:
    limits = {"concurrency": 3, "requests_per_minute": 300}
    settings = ModelSettings(model="simulated", bundle_characters=200)
    jobs.submit("a", entries_of([str(folder)]), options_for("llm", settings))
    for _ in range(2):
        workers.start("--concurrency", "1", **environment(server.base_url, tmp_path, **limits))
    wait_for(lambda: server.counts.requests > 0, PATIENCE, workers)
    started = time.monotonic()
    wait_for(lambda: finished(database), PATIENCE, workers)
    seconds = time.monotonic() - started
    assert server.counts.busiest <= 3
    assert server.counts.requests > 20
    assert server.counts.requests / seconds <= 5 * 1.1, "300 a minute over both"
    wait_for(lambda: _shares(database) == 0, PATIENCE, workers)


def _shares(database: Database) -> int:
    with database.transaction() as session:
        return session.execute(sa.select(sa.func.count()).select_from(ShareRow)).scalar_one()


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_server_that_is_down_is_waited_for(
    database: Database, jobs: Jobs, workers: Workers, folder: Path, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    jobs.submit("a", entries_of([str(folder)]), options())
    quick = {"attempts": 2, "back_off": 0.05}
    workers.start("--concurrency", "1", **environment(f"http://127.0.0.1:{port}/v1", tmp_path, **quick))
    wait_for(lambda: progress(database).trouble is not None, PATIENCE, workers)
    assert "cannot be reached" in str(progress(database).trouble)
    assert states(database) == {"waiting": COUNT}
    with _serving(port):
        wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": COUNT}
    assert progress(database).incomplete == 0


@contextmanager
def _serving(port: int) -> Iterator[None]:
    """A server at a given port, for as long as the context lasts."""
    server = SimulatedServer(model_of(*(disclosure_of(text_of(number)) for number in range(COUNT))))
    loop = asyncio.new_event_loop()
    runner = loop.run_until_complete(server.serve("127.0.0.1", port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(runner.cleanup())
        loop.close()


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_budget_pauses_the_job(
    database: Database, jobs: Jobs, workers: Workers, folder: Path, tmp_path: Path
) -> None:
    jobs.submit("a", entries_of([str(folder)]), options())
    with server_of(*(disclosure_of(text_of(number)) for number in range(COUNT)), latency=1.5) as slow:
        workers.start("--concurrency", "1", **environment(slow.base_url, tmp_path, budget_tokens=1, concurrency=1))
        wait_for(lambda: progress(database).state == "paused", PATIENCE, workers)
    assert progress(database).waiting
    assert "budget used up" in workers.logs()


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_job_keeps_what_shapes_its_answers(jobs: Jobs) -> None:
    made = options("cascade")
    assert json.loads(made.model_dump_json())["shaping"]["temperature"] == 0.0
    others: list[Callable[[], ReadingOptions]] = [
        lambda: options_for("llm", ModelSettings(model="simulated")),
        lambda: options_for("cascade", ModelSettings(model="other")),
        lambda: options_for("cascade", ModelSettings(model="simulated", temperature=0.5)),
        lambda: ReadingOptions(),
    ]
    assert len({made.fingerprint, *(other().fingerprint for other in others)}) == 5
    same = ModelSettings(model="simulated", base_url="http://elsewhere/v1", concurrency=3, timeout=7)
    assert options_for("cascade", same).fingerprint == made.fingerprint
