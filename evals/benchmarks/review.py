"""Answers of the review server with a large queue: `python -m evals.benchmarks.review [--tasks 1000000]`.

The bundled disclosures are extracted and copied until there are so many documents and tasks, in SQLite and in a
PostgreSQL server of its own. One person then works through HTTP (next task, card, decision, lists with filters),
each request timed by the client, with the CPU seconds of server and client together; afterwards twenty reviewers at once take and settle tasks.
"""

import argparse
import http.client
import json
import random
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
import uvicorn
from rich.console import Console
from rich.table import Table

from evals.benchmarks.files import bundled_files
from evals.postgres import NoPostgres, PostgresServer
from extractor.documents.loading import load
from extractor.pipeline import extract
from extractor.review.actors import Actor, Channel
from extractor.review.desk import Desk
from extractor.review.queue import claim
from extractor.review.settling import Act, Conflict, act
from extractor.storage.database import Database, open_database
from extractor.storage.models import BodyRow, DocumentRow, ExtractionRow, TaskRow, TaskStatus, TextRow, VerdictRow
from extractor.storage.packing import Source, pack
from extractor.storage.people import Role, UserRow
from extractor.storage.repository import store
from extractor.storage.tasks import Task, TaskKind
from extractor.web.app import create_app
from extractor.web.settings import WebSettings

DOCUMENTS, TASKS = 20_000, 1_000_000
REVIEWERS = 20
REQUESTS = 200
SEED = 7


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill both databases, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    chosen = parser.parse_args(arguments)
    console = Console(width=120)
    for name, address, close in _addresses(console):
        database = open_database(address, pool=32)
        began = time.monotonic()
        fill(database, chosen.documents, chosen.tasks)
        console.print(f"{name}: filled in {time.monotonic() - began:.0f} s")
        with tempfile.TemporaryDirectory(prefix="gouji-") as cache:
            settings = WebSettings(single_user="bench", cache=Path(cache), second_share=0.05)
            _measure(console, name, Desk(database, settings), settings, chosen.requests)
        close()


def _addresses(console: Console) -> Iterator[tuple[str, str, Callable[[], None]]]:
    folder = tempfile.mkdtemp(prefix="gouji-")
    yield "SQLite", f"{folder}/bench.sqlite", lambda: shutil.rmtree(folder)
    try:
        server = PostgresServer()
    except NoPostgres as error:
        console.print(f"[yellow]{error}[/]")
        return
    yield "PostgreSQL", server.create_database("bench"), server.close


def fill(database: Database, documents: int, tasks: int) -> None:
    """The bundled disclosures, copied until there are so many; every copy has the same number of tasks."""
    each = max(1, tasks // documents)
    templates = [_template(database, path, each) for path in bundled_files() if path.suffix != ".pdf"]
    with database.transaction() as session:
        known = [session.get_one(DocumentRow, name) for name in templates]
        names = [column.name for column in DocumentRow.__table__.columns]
        copies, extractions = [], []
        for number in range(documents - len(known)):
            template = known[number % len(known)]
            row = {name: getattr(template, name) for name in names}
            row.update(id=f"{number:016x}", department=f"第{number % 4000}局", region=f"第{number % 31}省")
            row.update(fiscal_year=2016 + number % 10)
            copies.append(row)
        session.execute(sa.insert(DocumentRow), copies)
        read = session.scalars(sa.select(ExtractionRow).where(ExtractionRow.document_id.in_(templates))).all()
        by_sha = {row.sha256: next(each for each in read if each.document_id == row.id) for row in known}
        columns = [column.name for column in ExtractionRow.__table__.columns if column.name != "id"]
        for copy in copies:
            source = by_sha[str(copy["sha256"])]
            extractions.append({name: getattr(source, name) for name in columns} | {"document_id": copy["id"]})
        session.execute(sa.insert(ExtractionRow), extractions)
    _copy_contents(database, templates)


def _template(database: Database, path: Path, tasks: int) -> str:
    """One disclosure with its own tasks, and records as further ones."""
    extraction, text = extract(path), load(path).text
    packed = pack(extraction, text, Source(str(path), path.stat().st_size), "bench")
    chance = random.Random(SEED)
    rows = list(packed.tasks)[:tasks]
    told = {row["subject"] for row in rows if row["kind"] == TaskKind.RECORD}
    left = [record for record in extraction.records if record.id not in told]
    document = extraction.document
    for number, record in enumerate(left[: tasks - len(rows)]):
        amount = round(Decimal(chance.lognormvariate(11, 2)), 2)
        words = "记录与其他数字矛盾", "a record's figures contradict others"
        task = Task(TaskKind.RECORD, record.id, *words, 0.8, amount, 1 + number % 3, record.type)
        rows.append(
            {
                **{name: getattr(task, name) for name in ("kind", "subject", "reason", "reason_en", "doubt", "amount")},
                **{name: getattr(task, name) for name in ("checks", "record_type", "family", "cause", "priority")},
                "signature": f"{number:016x}",
                "document_id": document.id,
                "department": document.department,
                "region": None,
                "document_kind": document.kind,
                "fiscal_year": document.fiscal_year,
            }
        )
    packed.document.update(region="第0省")
    with database.transaction() as session:
        store(session, type(packed)(**{**packed.__dict__, "tasks": tuple(rows)}))
    return str(packed.document["id"])


def _copy_contents(database: Database, templates: Sequence[str]) -> None:
    """Texts, bodies and tasks of the templates, for every copy, by the database itself."""
    original, copy = sa.orm.aliased(DocumentRow), sa.orm.aliased(DocumentRow)
    source, target = sa.orm.aliased(ExtractionRow), sa.orm.aliased(ExtractionRow)
    pairs = (
        sa.select()
        .select_from(original)
        .join(copy, sa.and_(copy.sha256 == original.sha256, copy.id != original.id))
        .join(source, source.document_id == original.id)
        .join(target, target.document_id == copy.id)
        .where(original.id.in_(templates))
    )
    columns = [column.name for column in TaskRow.__table__.columns if column.name != "id"]
    # another order in every copy: a number from 0.1 to 1.1 that differs from document to document
    factor = (target.id * 7919 % 10007) / 10007.0 + 0.1
    changed = {
        "document_id": copy.id,
        "extraction_id": target.id,
        "department": copy.department,
        "region": copy.region,
        "fiscal_year": copy.fiscal_year,
        "priority": TaskRow.priority * factor,
    }
    values = [changed.get(name, getattr(TaskRow, name)) for name in columns]
    with database.transaction() as session:
        texts = pairs.join(TextRow, TextRow.document_id == original.id).add_columns(copy.id, TextRow.text)
        session.execute(sa.insert(TextRow).from_select(["document_id", "text"], texts))
        bodies = pairs.join(BodyRow, BodyRow.extraction_id == source.id).add_columns(target.id, BodyRow.body)
        session.execute(sa.insert(BodyRow).from_select(["extraction_id", "body"], bodies))
        tasks = pairs.join(TaskRow, TaskRow.extraction_id == source.id).add_columns(*values)
        session.execute(sa.insert(TaskRow).from_select(columns, tasks))
    if not database.is_sqlite:  # what the server's own housekeeping does within minutes
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("vacuum analyze")


def _measure(console: Console, name: str, desk: Desk, settings: WebSettings, requests: int) -> None:
    with desk.database.transaction() as session:
        tasks = session.execute(sa.select(sa.func.count()).select_from(TaskRow)).scalar_one()
        documents = session.execute(sa.select(sa.func.count()).select_from(DocumentRow)).scalar_one()
        largest = session.execute(sa.select(sa.func.max(TaskRow.id))).scalar_one()
    table = Table(title=f"{name}: {tasks:,} tasks of {documents:,} documents, milliseconds")
    for title in ("request", "number", "median", "p95", "largest", "CPU median", "CPU p95"):
        table.add_column(title, justify="left" if title == "request" else "right")
    with _served(desk, settings) as client:
        for request, times in _requests(client, requests, largest).items():
            walls, cores = sorted(wall for wall, _ in times), sorted(core for _, core in times)
            middle, high = len(times) // 2, int(len(times) * 0.95)
            shown = (walls[middle], walls[high], walls[-1], cores[middle], cores[high])
            table.add_row(request, str(len(times)), *(f"{each * 1000:.0f}" for each in shown))
        console.print(table)
        console.print(_together(desk))


class _Client:
    """One connection; every request is timed."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(
        self, method: str, path: str, body: object = None
    ) -> tuple[tuple[float, float], int, http.client.HTTPResponse, bytes]:
        """Seconds (by the clock, of this process's CPU), status, response and its body."""
        data = None if body is None else json.dumps(body)
        headers = {} if data is None else {"Content-Type": "application/json"}
        began, core = time.perf_counter(), time.process_time()
        self._connection.request(method, path, data, headers)
        response = self._connection.getresponse()
        content = response.read()
        return (time.perf_counter() - began, time.process_time() - core), response.status, response, content


@contextmanager
def _served(desk: Desk, settings: WebSettings) -> Iterator[_Client]:
    server = uvicorn.Server(uvicorn.Config(create_app(desk, settings, ["127.0.0.1"]), port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield _Client(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join()


def _requests(client: _Client, number: int, largest: int) -> dict[str, list[tuple[float, float]]]:
    """A person's way through the queue, and lists of every kind."""
    times: dict[str, list[tuple[float, float]]] = {}
    chance = random.Random(SEED)

    def timed(name: str, method: str, path: str, body: object = None) -> tuple[http.client.HTTPResponse, bytes]:
        seconds, status, response, content = client.ask(method, path, body)
        if status >= 400:
            raise RuntimeError(f"{path}: {status} {content[:200]!r}")
        times.setdefault(name, []).append(seconds)
        return response, content

    timed("warm up", "GET", "/")
    for _ in range(number):
        response, _ = timed("next task", "POST", "/next")
        address = response.headers["Location"]
        _, page = timed("card of the next task", "GET", address)
        version = re.search(rb'data-version="(\d+)"', page)
        assert version
        timed("decision", "POST", f"{address}/verdict", {"action": "accept", "version": int(version.group(1))})
    for _ in range(number):
        timed("card of any task", "GET", f"/tasks/{chance.randrange(1, largest)}")
    filters: dict[str, Callable[[], str]] = {
        "list": lambda: "/",
        "list of open tasks": lambda: "/?status=open",
        "list, a department": lambda: f"/?status=open&department=%E7%AC%AC{chance.randrange(4000)}%E5%B1%80",
        "list, a region and year": lambda: f"/?region=%E7%AC%AC{chance.randrange(31)}%E7%9C%81&fiscal_year=2020",
        "list, a kind": lambda: "/?status=open&kind=record",
        "list, settled": lambda: "/?status=settled",
        "list, mine": lambda: "/?mine=bench",
        "list, deep inside": lambda: f"/?status=open&after={chance.uniform(1e3, 1e6)!r},{chance.randrange(largest)}",
    }
    for name, path in filters.items():
        for _ in range(max(1, number // 4)):
            timed(name, "GET", path())
    timed("progress", "GET", "/progress")
    del times["warm up"]
    return times


def _together(desk: Desk, seconds: float = 20.0) -> str:
    """Twenty reviewers for some seconds: how many tasks each settled, and whether any was settled twice."""
    actors = [Actor(f"reviewer {number}", Role.REVIEWER, Channel.API) for number in range(REVIEWERS)]
    with desk.database.transaction() as session:
        session.add_all(UserRow(name=each.name, role=each.role) for each in actors)
    done: Counter[str] = Counter()
    waits: list[float] = []
    conflicts = 0
    until = time.monotonic() + seconds

    def work(actor: Actor) -> None:
        nonlocal conflicts
        while time.monotonic() < until:
            began = time.perf_counter()
            with desk.database.writing() as session:
                task = claim(session, actor, desk.settings)
            waits.append(time.perf_counter() - began)
            assert task is not None
            try:
                act(desk, actor, Act(task.id, task.version, "accept"))
                done[actor.name] += 1
            except Conflict:
                conflicts += 1

    threads = [threading.Thread(target=work, args=(each,)) for each in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with desk.database.transaction() as session:
        decided = sa.select(VerdictRow.task_id).where(VerdictRow.actor.like("reviewer%"), VerdictRow.action == "accept")
        twice = Counter(session.scalars(decided))
        settled = sa.select(sa.func.count()).select_from(TaskRow).where(TaskRow.status == TaskStatus.SETTLED)
        count = session.execute(settled).scalar_one()
    ordered = sorted(waits)
    return (
        f"{REVIEWERS} reviewers at once, no pause: {sum(done.values())} decisions in {seconds:.0f} s"
        f" ({min(done.values(), default=0)} to {max(done.values())} each), decided twice:"
        f" {sum(number > 1 for number in twice.values())}, refused: {conflicts}; next task median"
        f" {ordered[len(ordered) // 2] * 1000:.0f} ms, p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms;"
        f" settled in all: {count}"
    )


if __name__ == "__main__":
    main()
