"""Real worker processes do real jobs, and survive what can happen to them."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from at_work import PATIENCE, Workers, states, wait_for
from disclosures import disclosure

from extractor.batch.inputs import Entry, entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.reading import ReadingOptions
from extractor.storage.database import Database
from extractor.storage.models import DocumentRow, ExtractionRow
from extractor.storage.work import ItemRow, WorkerRow

RULES = ReadingOptions()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve disclosures; the last two have the same bytes."""
    for number in range(11):
        disclosure(tmp_path / "files", total=f"{1000 + number}.00")
    path = disclosure(tmp_path / "files", total="2000.00")
    path.rename(path.with_name("other.txt"))
    disclosure(tmp_path / "files", total="2000.00")
    return tmp_path / "files"


def count(database: Database, table: type) -> int:
    with database.transaction() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def finished(database: Database) -> bool:
    return "waiting" not in states(database)


def test_a_job_is_done_and_a_second_job_finds_it_done(
    database: Database, jobs: Jobs, workers: Workers, folder: Path
) -> None:
    jobs.submit("a", entries_of([str(folder)]), RULES)
    workers.start("--concurrency", "2")
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": 13}
    assert count(database, DocumentRow) == count(database, ExtractionRow) == 12, "the same bytes are one document"
    jobs.submit("b", entries_of([str(folder)]), RULES)
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": 26}
    assert count(database, ExtractionRow) == 12
    with database.transaction() as session:
        spent = session.scalars(sa.select(ItemRow.seconds).where(ItemRow.id > 13)).all()
    assert set(spent) == {0.0}, "nothing was read again"


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_bad_files_fail_alone_with_their_reason(database: Database, jobs: Jobs, workers: Workers, folder: Path) -> None:
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7\nnot much of one")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "novel.txt").write_text("从前有座山，山里有座庙。" * 50, encoding="utf-8")
    entries = [*entries_of([str(folder)]), Entry(str(folder / "gone.txt"), "1")]
    jobs.submit("a", entries, RULES)
    workers.start("--concurrency", "2")
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": 13, "failed": 4}
    with database.transaction() as session:
        rows = session.scalars(sa.select(ItemRow).where(ItemRow.state == "failed"))
        reasons = {Path(row.address).name: row.reason for row in rows}
    assert set(reasons) == {"damaged.pdf", "empty.txt", "novel.txt", "gone.txt"}
    assert all(reason and "Traceback" not in reason for reason in reasons.values())


def test_a_worker_that_is_asked_to_stop_leaves_nothing_half_done(
    database: Database, jobs: Jobs, workers: Workers, tmp_path: Path
) -> None:
    for number in range(60):  # several times as many as a worker holds, all of which it still does; no two alike
        disclosure(tmp_path / "many", total=f"{3000 + number}.00")
    jobs.submit("a", entries_of([str(tmp_path / "many")]), RULES)
    first = workers.start("--concurrency", "1")
    wait_for(lambda: states(database).get("done", 0) >= 2, PATIENCE, workers)
    first.send_signal(signal.SIGTERM)
    assert first.wait(PATIENCE) == 0
    left = states(database)
    assert left.get("waiting"), "it did not stop before the end"
    assert count(database, ExtractionRow) == left["done"]
    with database.transaction() as session:
        assert session.scalars(sa.select(WorkerRow.state)).all() == ["left"]
    workers.start("--concurrency", "2")
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": 60}


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_a_paused_job_waits_and_others_go_on(database: Database, jobs: Jobs, workers: Workers, folder: Path) -> None:
    jobs.submit("a", entries_of([str(folder)]), RULES)
    jobs.pause("a")
    jobs.submit("b", entries_of([str(folder / "other.txt")]), RULES)
    workers.start("--concurrency", "2")
    wait_for(lambda: states(database).get("done", 0) == 1, PATIENCE, workers)
    time.sleep(6)  # longer than a worker needs to look at all jobs
    assert states(database) == {"waiting": 13, "done": 1}
    jobs.resume("a")
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": 14}


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_cancelled_job_keeps_what_is_done_and_no_more(
    database: Database, jobs: Jobs, workers: Workers, folder: Path
) -> None:
    jobs.submit("a", entries_of([str(folder)]), RULES)
    workers.start("--concurrency", "1")
    wait_for(lambda: states(database).get("done", 0) >= 1, PATIENCE, workers)
    jobs.cancel("a")
    time.sleep(2)
    after = states(database)
    assert after.keys() == {"done", "cancelled"}
    assert sum(after.values()) == 13
    time.sleep(1)
    assert states(database) == after


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_second_worker_at_one_sqlite_file_is_refused_in_words(
    database: Database, workers: Workers, tmp_path: Path
) -> None:
    first = workers.start("--concurrency", "1")
    wait_for(lambda: count(database, WorkerRow) == 1, PATIENCE, workers)
    second = workers.start("--concurrency", "1")
    assert second.wait(PATIENCE) == 1
    assert "PostgreSQL" in (tmp_path / "worker-1.log").read_text()
    assert first.poll() is None


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_document_that_crashes_its_reader_is_tried_three_times_and_costs_nothing_else(
    database: Database, jobs: Jobs, workers: Workers, folder: Path, tmp_path: Path
) -> None:
    poison = disclosure(tmp_path / "files", department="毒文件局")
    jobs.submit("a", entries_of([str(folder)]), RULES)
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(POISON)
    root = Path(__file__).resolve().parents[2]
    workers.start("--concurrency", "2", PYTHONPATH=f"{hook}:{root}", POISON=str(tmp_path / "attempts"))
    wait_for(lambda: finished(database), PATIENCE, workers)
    assert states(database) == {"done": 13, "failed": 1}
    with database.transaction() as session:
        row = session.scalars(sa.select(ItemRow).where(ItemRow.state == "failed")).one()
    assert row.address == str(poison)
    assert "3 次" in str(row.reason)
    assert "SIGSEGV" in str(row.reason)
    assert len((tmp_path / "attempts").read_text().splitlines()) == 3
    assert all(process.poll() is None for process in workers.processes), "no worker went down"


POISON = """
import ctypes, os
from pathlib import Path

def poison():
    import extractor.documents.loading as loading
    load = loading.load

    def poisoned(path):
        if "毒文件局" in str(path):
            with open(os.environ["POISON"], "a") as attempts:
                print(os.getpid(), file=attempts, flush=True)
            ctypes.string_at(0)
        return load(path)

    loading.load = poisoned

poison()
"""


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_logs_are_one_json_object_a_line_and_hold_no_text(
    database: Database, jobs: Jobs, workers: Workers, folder: Path, tmp_path: Path
) -> None:
    jobs.submit("a", entries_of([str(folder)]), RULES)
    worker: subprocess.Popen[bytes] = workers.start("--concurrency", "2")
    wait_for(lambda: finished(database), PATIENCE, workers)
    worker.send_signal(signal.SIGTERM)
    worker.wait(PATIENCE)
    lines = [json.loads(line) for line in (tmp_path / "worker-0.log").read_text().splitlines()]
    events = [line["event"] for line in lines]
    assert events.count("done") == 13
    assert (events[0], events[-1]) == ("worker started", "worker left")
    assert all({"at", "level", "event"} <= line.keys() for line in lines)
    assert "收入合计" not in (tmp_path / "worker-0.log").read_text()
