"""Real servers, real clients: what the tests of the review server share."""

import asyncio
import contextlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from disclosures import disclosure

from extractor.batch.reading import ReadingOptions, Task, read_file
from extractor.review.actors import Scope
from extractor.storage.database import Database
from extractor.storage.packing import Source
from extractor.storage.people import Role
from extractor.storage.repository import store
from extractor.web import accounts, keys
from extractor.web.app import create_app, open_desk
from extractor.web.server import _bound, _config
from extractor.web.settings import WebSettings

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
ALL = tuple(Scope)


@dataclass
class Running:
    """A server that runs in this process, and how to get into it."""

    address: str
    database: Database
    settings: WebSettings
    clients: list[httpx2.Client] = field(default_factory=list)

    def client(self, **headers: str) -> httpx2.Client:
        """A client that nobody knows yet."""
        made = plain_client(base_url=self.address, headers=headers)
        self.clients.append(made)
        return made

    def add(self, name: str, role: Role, password: str | None = None) -> None:
        """An account; hashing takes time, so most have no password."""
        with self.database.transaction() as session:
            accounts.add(session, name, role, password)

    def program(self, name: str, scopes: tuple[Scope, ...] = ALL, days: float | None = None) -> httpx2.Client:
        """A client with a token of an account."""
        return self.client(Authorization=f"Bearer {self.token(name, scopes, days)}")

    def token(self, name: str, scopes: tuple[Scope, ...] = ALL, days: float | None = None) -> str:
        """A token of an account."""
        with self.database.transaction() as session:
            return keys.issue_token(session, accounts.named(session, name), "test", scopes, days)[0]

    def browser(self, name: str, password: str = PASSWORD) -> httpx2.Client:
        """A client that is logged in and sends its form key."""
        made = self.client()
        assert log_in(made, name, password).status_code == 303
        cookie = made.cookies["gouji"]
        made.headers["X-Form-Key"] = keys.form_key(cookie)
        return made


def plain_client(**options: Any) -> httpx2.Client:
    """A client for http on loopback; to make one ready for https takes ten times as long."""
    return httpx2.Client(timeout=60, trust_env=False, verify=False, **options)


def log_in(client: httpx2.Client, name: str, password: str, **more: str) -> httpx2.Response:
    """Fill the login form in and send it, as a browser does."""
    form = client.get("/login")
    key = re.search(r'name="form_key" value="([0-9a-f]+)"', form.text)
    assert key
    return client.post("/login", data={"name": name, "password": password, "form_key": key[1], **more})


@contextmanager
def serving(address: str, folder: Path, **more: Any) -> Iterator[Running]:
    """A server in a thread of this process, on loopback."""
    given = {"files": str(folder / "files"), "cache": folder / "cache", "review_children": 1, "second_share": 0.0}
    settings = WebSettings(database=address, **{**given, **more})
    bound = _bound("127.0.0.1", 0)
    desk = open_desk(settings)
    server = uvicorn.Server(_config(create_app(desk, settings, settings.hosts_for("127.0.0.1")), settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    running = Running(f"http://127.0.0.1:{bound.getsockname()[1]}", desk.database, settings)
    try:
        yield running
    finally:
        for client in running.clients:
            client.close()
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()


CITIES = "东城西城朝阳丰台海淀房山通州顺义昌平大兴怀柔平谷"
OFFICES = "统计档案气象水利林业教育文化体育"


def office(number: int) -> str:
    """The name of one of 96 offices."""
    city, office = number % 12, number // 12 % 8
    return f"{CITIES[2 * city : 2 * city + 2]}区{OFFICES[2 * office : 2 * office + 2]}局"


def fill(database: Database, folder: Path, count: int, first: int = 0) -> list[str]:
    """Documents that do not add up, read and stored; returns their ids."""
    ids = []
    for number in range(first, first + count):
        path = disclosure(folder, office(number), total=f"{1061 + number}.00")
        wrong = path.read_text(encoding="utf-8").replace("占100.00%", "占90.00%")
        path.write_text(wrong, encoding="utf-8")
        result = asyncio.run(read_file(Task(path, Source(str(path), path.stat().st_size), ReadingOptions())))
        assert result.packed is not None, result.reason
        with database.transaction() as session:
            store(session, result.packed)
        ids.append(str(result.packed.document["id"]))
    return ids


class Lines(logging.Handler):
    """Everything that is logged while a test runs, with all fields."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, unless the client of the test says it."""
        if not record.name.startswith(("httpx2", "httpcore2")):
            self.records.append(record)

    @property
    def text(self) -> str:
        """All of it, as text."""
        return "\n".join(f"{vars(each)} {each.getMessage()}" for each in self.records)


class Process:
    """`gouji serve` or `gouji review` as users start it."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.log = folder / f"server-{time.monotonic_ns()}.log"
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "GOUJI_LOG_FORMAT": "json", **environment}
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "extractor", *arguments]
            self.process = subprocess.Popen(command, cwd=folder, env=settings, stdout=log, stderr=log)
        self.address = ""

    def ready(self) -> "Process":
        """The same, once it answers."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            found = re.search(r"(https?://[^\s\x1b]+?)/(\s|\x1b)", self.log.read_text())
            if found:
                self.address = found[1]
                with plain_client(base_url=self.address) as client, contextlib.suppress(httpx2.TransportError):
                    client.get("/login")
                    return self
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        """As a power cut would."""
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """As its owner would; returns the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def is_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem that a response tells of; it must be one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.text)
    assert body["status"] == status
    assert body["type"].startswith("urn:gouji:problem:")
    assert body["detail"]
    return body
