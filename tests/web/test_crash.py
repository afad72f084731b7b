"""kill -9 in the middle of saves: what was acknowledged is there, what was not can be sent again, no lease stays."""

import random
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import psutil
import sqlalchemy as sa
from servers import Process, fill, plain_client

from extractor.review.actors import Scope
from extractor.storage.database import open_database
from extractor.storage.models import TaskRow, TaskStatus, VerdictRow
from extractor.storage.people import Role
from extractor.web import accounts, keys

Starting = Callable[..., Process]

ROUNDS = 2


class Saver(threading.Thread):
    """Claims and saves as fast as it can; sends a save again with its key when the server was not there to answer."""

    def __init__(self, token: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.client = plain_client(headers={"Authorization": f"Bearer {token}"})
        self.address = ""
        self.done = threading.Event()
        self.saved: dict[str, int] = {}
        self.late = 0
        self.trouble: list[str] = []
        self.random = random.Random(seed)

    def run(self) -> None:
        """Work until told to stop."""
        while not self.done.is_set():
            try:
                self._one()
            except AssertionError as error:
                self.trouble.append(str(error))
                return

    def _one(self) -> None:
        task = self._ask("POST", "/api/v1/tasks/next")
        if task is None:
            self.done.set()
            return
        key = uuid.uuid4().hex
        body = {"version": task["version"], "action": self.random.choice(["accept", "document"])}
        saved = self._ask("POST", f"/api/v1/tasks/{task['id']}/verdicts", json=body, key=key)
        if saved is not None:
            self.saved[key] = saved["task_id"]
        else:  # the lease lapsed while the server was gone, and another person was faster
            self.late += 1

    def _ask(self, method: str, path: str, json: object = None, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        while True:
            try:
                answer = self.client.request(method, self.address + path, json=json, headers=headers)
            except httpx2.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code in (204, 409):
                return None
            assert answer.status_code in (200, 201), f"{path} {answer.text}"
            return answer.json()


def test_kills_lose_nothing(tmp_path: Path, start: Starting) -> None:
    address = str(tmp_path / "gouji.sqlite")
    database = open_database(address)
    fill(database, tmp_path, 16)
    savers = []
    with database.transaction() as session:
        for number in range(3):
            user = accounts.add(session, f"person {number}", Role.REVIEWER, None)
            token, _ = keys.issue_token(session, user, "test", Scope, None)
            savers.append(Saver(token, number))
    settings = {"GOUJI_SECOND_SHARE": "0", "GOUJI_LEASE_SECONDS": "2", "GOUJI_REVIEW_CHILDREN": "1"}
    chance = random.Random(1)
    process = start("serve", "--port", "0", "--database", address, **settings)
    for saver in savers:
        saver.address = process.address
        saver.start()
    for _ in range(ROUNDS):
        before = sum(len(saver.saved) for saver in savers)
        _until(lambda before=before: sum(len(saver.saved) for saver in savers) > before + 5 or _over(savers))
        time.sleep(chance.random() / 5)
        process.kill()
        process = start("serve", "--port", "0", "--database", address, **settings)
        for saver in savers:
            saver.address = process.address
    for saver in savers:
        saver.join(240)
    assert [saver.trouble for saver in savers if saver.trouble] == []
    saved = [task for saver in savers for task in saver.saved.values()]
    with database.transaction() as session:
        decided = session.scalars(sa.select(VerdictRow.task_id)).all()
        rows = session.scalars(sa.select(TaskRow)).all()
    assert sorted(saved) == sorted(decided), "what was acknowledged is there, once"
    assert {row.status for row in rows} == {TaskStatus.SETTLED}
    assert all(row.leased_by is None for row in rows)
    process.kill()
    with sqlite3.connect(address) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    database.close()


def _over(savers: list[Saver]) -> bool:
    return all(not saver.is_alive() for saver in savers)


def _until(what: Any, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_lease_of_a_dead_server_lapses_and_a_stopped_one_leaves_no_process(tmp_path: Path, start: Starting) -> None:
    address = str(tmp_path / "gouji.sqlite")
    database = open_database(address)
    fill(database, tmp_path, 1)
    tokens = []
    with database.transaction() as session:
        for name in ("one", "other"):
            user = accounts.add(session, name, Role.REVIEWER, None)
            tokens.append(keys.issue_token(session, user, "test", Scope, None)[0])
    settings = {"GOUJI_LEASE_SECONDS": "3", "GOUJI_REVIEW_CHILDREN": "1"}
    process = start("serve", "--port", "0", "--database", address, **settings)
    one, other = (plain_client(headers={"Authorization": f"Bearer {token}"}) for token in tokens)
    began = time.monotonic()
    claimed = one.post(f"{process.address}/api/v1/tasks/next").json()
    process.kill()
    process = start("serve", "--port", "0", "--database", address, **settings)
    path = f"{process.address}/api/v1/tasks/{claimed['id']}/lease"
    _until(lambda: other.post(path).status_code == 200)
    assert time.monotonic() - began >= 3
    children = psutil.Process(process.process.pid).children(recursive=True)
    assert children
    assert process.stop() in (0, 130, -2)
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
    database.close()
