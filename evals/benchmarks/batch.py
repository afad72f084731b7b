"""Rates of batch jobs beside the plain ones in the same run: `python -m evals.benchmarks.batch WHAT [--documents N]`.

rules   `batch run` on SQLite beside `extract --jobs 2`: rate, memory, size of the database    (85 % is the goal)
model   1, 2 and 4 workers on PostgreSQL beside `extract --reader llm`, simulated server of 200 ms, 64 at once
limit   requests a second over 2 workers on PostgreSQL beside the set limit                    (5 % is the goal)
status  seconds of `batch status` and `batch list` with a job of 200,000 files                 (0.3 s is the goal)
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import sqlalchemy as sa

from evals.benchmarks.files import bundled_files, copy_varied
from evals.postgres import PostgresServer
from extractor.batch.engine import Engine
from extractor.batch.inputs import Entry, entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.progress import list_jobs, progress_of
from extractor.batch.reading import ReadingOptions, options_for
from extractor.settings import ModelSettings
from extractor.storage.database import Database, open_database
from extractor.storage.work import ItemRow, ItemState

GOUJI = [sys.executable, "-m", "extractor"]
ROOT = Path(__file__).resolve().parents[2]
LATENCY, AT_ONCE = 0.2, 64
SUBMITTED = 5000


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measures: Mapping[str, tuple[Callable[[int, Path], None], int]] = {
        "rules": (rules, 2000),
        "model": (model, 300),
        "limit": (limit, 24),
        "status": (status, 200_000),
    }
    parser.add_argument("what", choices=measures)
    parser.add_argument("--documents", type=int)
    chosen = parser.parse_args()
    measure, documents = measures[chosen.what]
    with tempfile.TemporaryDirectory(prefix="gouji-bench-") as folder:
        measure(chosen.documents or documents, Path(folder))


def rules(documents: int, folder: Path) -> None:
    """The rules reader over a folder, plain and as a durable job."""
    copy_varied(bundled_files(), folder / "in", documents)
    plain, _ = _timed(["extract", "in", "--out", "out", "--jobs", "2"], folder)
    print(f"extract --jobs 2: {plain:.1f} s, {documents / plain:.1f} documents/s", flush=True)
    durable, memory = _timed(["batch", "run", "in", "--job", "bench", "--concurrency", "2"], folder)
    print(f"batch run: {durable:.1f} s, {documents / durable:.1f} documents/s: {plain / durable:.0%} of the plain rate")
    quarter, last = memory[len(memory) // 4], memory[-3 if len(memory) > 3 else -1]
    print(
        f"memory of all its processes: {quarter:.0f} MB after a quarter, {last:.0f} MB at the end, most {max(memory):.0f} MB"
    )
    sizes = {path.name: path.stat().st_size for path in folder.glob("gouji*sqlite")}
    for name, size in sizes.items():
        print(f"{name}: {size / 2**20:.1f} MB, {size / documents / 1024:.1f} KB a document")


def _timed(arguments: list[str], folder: Path) -> tuple[float, list[float]]:
    """Wall seconds of a command, and the memory of its processes in MB, once a second."""
    memory: list[float] = []
    started = time.perf_counter()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*GOUJI, *arguments], cwd=folder, env=_environment(), stdout=log, stderr=log)
    while process.poll() is None:
        memory.append(_memory(process.pid))
        time.sleep(1 if time.perf_counter() - started > 10 else 0.1)
    if process.returncode:
        raise SystemExit((folder / "log").read_text()[-2000:])
    return time.perf_counter() - started, memory


def _memory(pid: int) -> float:
    """Memory of a process and its children that they do not share, in MB."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return float(sum(each.memory_full_info().uss for each in family)) / 2**20
    except psutil.Error:
        return 0.0


def _environment(**more: object) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **{name: str(value) for name, value in more.items()}}


def model(documents: int, folder: Path) -> None:
    """A model of 200 ms, 64 requests at once in all: plain, and with 1, 2 and 4 workers on PostgreSQL."""
    texts = [path for path in bundled_files() if path.suffix == ".txt"]
    copy_varied(texts, folder / "in", documents)
    with _simulated(texts, folder) as url, _postgres() as server:
        asking = {
            "GOUJI_BASE_URL": url,
            "GOUJI_MODEL": "simulated",
            "GOUJI_CACHE": "false",
            "GOUJI_CONCURRENCY": AT_ONCE,
        }
        started, before = time.perf_counter(), _requests(url)
        command = [*GOUJI, "extract", "in", "--out", "out", "--reader", "llm", "--jobs", "2"]
        subprocess.run(command, cwd=folder, env=_environment(**asking), check=True, capture_output=True)
        plain = time.perf_counter() - started
        print(
            f"extract --reader llm: {documents / plain:.2f} documents/s, {(_requests(url) - before) / plain:.0f} requests/s",
            flush=True,
        )
        for workers in (1, 2, 4):
            seconds = _job(server, f"with{workers}", workers, folder, asking)
            print(
                f"{workers} workers: {documents / seconds:.2f} documents/s: {plain / seconds:.0%} of the plain rate",
                flush=True,
            )


def limit(documents: int, folder: Path) -> None:
    """A limit of requests a minute over two workers."""
    texts = [path for path in bundled_files() if path.suffix == ".txt"]
    copy_varied(texts, folder / "in", documents)
    per_minute = 120
    with _simulated(texts, folder) as url, _postgres() as server:
        asking = {"GOUJI_BASE_URL": url, "GOUJI_MODEL": "simulated", "GOUJI_CACHE": "false", "GOUJI_CONCURRENCY": 16}
        asking["GOUJI_REQUESTS_PER_MINUTE"] = per_minute
        counts: list[tuple[float, int]] = []
        stop = threading.Event()

        def watch() -> None:
            while not stop.wait(0.5):
                counts.append((time.perf_counter(), _requests(url)))

        watching = threading.Thread(target=watch)
        watching.start()
        _job(server, "limited", 2, folder, asking)
        stop.set()
        watching.join()
    total = counts[-1][1]
    first = next(at for at, count in counts if count)
    busy = [(at, count) for at, count in counts if first + 2 < at and count < total * 0.9]
    rate = (busy[-1][1] - busy[0][1]) / (busy[-1][0] - busy[0][0])
    print(
        f"set {per_minute / 60:.1f} requests/s, held {rate:.2f} over {busy[-1][0] - busy[0][0]:.0f} s: {rate * 60 / per_minute:.1%}"
    )


@contextmanager
def _simulated(paths: list[Path], folder: Path) -> Iterator[str]:
    """The address of a simulated model server in a process of its own."""
    script = "from evals.main import main; main()"
    command = [sys.executable, "-c", script, "simulate", *map(str, paths), "--port", "0", "--latency", str(LATENCY)]
    with subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield line.split()[2]
        finally:
            process.terminate()


def _requests(url: str) -> int:
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats", timeout=10) as answer:
        return int(json.load(answer)["requests"])


@contextmanager
def _postgres() -> Iterator[PostgresServer]:
    server = PostgresServer(["max_connections=500"])
    try:
        yield server
    finally:
        server.close()


def _job(server: PostgresServer, name: str, workers: int, folder: Path, asking: Mapping[str, object]) -> float:
    """Seconds from the start of the workers to the end of a job in a database of its own."""
    address = server.create_database(name)
    database = open_database(address)
    engine = Engine(database)
    jobs = Jobs(database, engine)
    settings = ModelSettings(model="simulated")
    jobs.submit("bench", entries_of([str(folder / "in")]), options_for("llm", settings))
    command = [*GOUJI, "worker", "--database", address, "--concurrency", "2" if workers == 1 else "1"]
    started = time.perf_counter()
    processes = []
    for number in range(workers):
        with (folder / f"{name}-{number}.log").open("wb") as log:
            processes.append(subprocess.Popen(command, cwd=folder, env=_environment(**asking), stdout=log, stderr=log))
    try:
        while _waiting(database):
            time.sleep(0.2)
        return time.perf_counter() - started
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)
        engine.close()
        database.close()


def _waiting(database: Database) -> bool:
    with database.transaction() as session:
        waiting = sa.select(ItemRow.id).where(ItemRow.state == ItemState.WAITING).limit(1)
        return session.execute(waiting).first() is not None


def status(documents: int, folder: Path) -> None:
    """Questions about a large job, on both databases; half of its files are done."""
    with _postgres() as server:
        for address in (str(folder / "gouji.sqlite"), server.create_database("status")):
            database = open_database(address)
            engine = Engine(database)
            started, some = time.perf_counter(), min(documents, SUBMITTED)
            files = (Entry(f"/somewhere/{number}.pdf", "1") for number in range(some))
            Jobs(database, engine).submit("large", files, ReadingOptions())
            submitting = time.perf_counter() - started
            with database.transaction() as session:
                for first in range(some, documents, 10_000):
                    numbers = range(first, min(first + 10_000, documents))
                    session.execute(sa.insert(ItemRow), [_row(number) for number in numbers])
                session.execute(sa.update(ItemRow).where(ItemRow.id % 2 == 0).values(state=ItemState.DONE))
            asking = [_seconds(database, lambda s: progress_of(s, 1)), _seconds(database, lambda s: list(list_jobs(s)))]
            print(
                f"{database.url.get_backend_name()}: submitted at {some / submitting:.0f} files/s; of {documents} files:"
                f" status {asking[0]:.3f} s, list {asking[1]:.3f} s",
                flush=True,
            )
            engine.close()
            database.close()


def _row(number: int) -> dict[str, object]:
    """A file of the large job as it is entered; the engine need not know of all of them."""
    return {"job_id": 1, "key": str(number), "address": f"/somewhere/{number}.pdf", "revision": "1", "queued": True}


def _seconds(database: Database, question: Callable[[sa.orm.Session], object]) -> float:
    best = 60.0
    for _ in range(3):
        started = time.perf_counter()
        with database.transaction() as session:
            question(session)
        best = min(best, time.perf_counter() - started)
    return best


if __name__ == "__main__":
    main()
