"""Twenty people at once: no task is settled twice, nobody waits in vain."""

import threading
from collections import Counter
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from servers import Running, fill, serving

from extractor.storage.models import TaskRow, TaskStatus, VerdictRow
from extractor.storage.people import Role

PEOPLE = 20


class Person(threading.Thread):
    """Takes what comes, looks at it now and then, settles it; until nothing waits any more."""

    def __init__(self, client: httpx2.Client, start: threading.Barrier, order: list[int]) -> None:
        """`order` is shared: the tasks that anybody settled, one after the other."""
        super().__init__(daemon=True)
        self.client, self.start_line, self.order = client, start, order
        self.settled: list[int] = []
        self.passed: list[int] = []
        self.trouble: list[str] = []

    def run(self) -> None:
        """Work."""
        try:
            self.start_line.wait()
            while self._one():
                pass
        except Exception as error:
            self.trouble.append(repr(error))

    def _one(self) -> bool:
        before = len(self.order)
        answer = self.client.post("/api/v1/tasks/next")
        self.passed.append(len(self.order) - before)
        if answer.status_code == 204:
            return False
        assert answer.status_code == 200, answer.text
        task = answer.json()
        if len(self.settled) % 3 == 0:
            assert self.client.put(f"/api/v1/tasks/{task['id']}/lease").status_code == 204
        body = {"version": task["version"], "action": "document" if task["id"] % 2 else "accept"}
        saved = self.client.post(f"/api/v1/tasks/{task['id']}/verdicts", json=body)
        if saved.status_code == 409:  # nothing but a neighbour's decision about the same document may come between
            return True
        assert saved.status_code == 201, saved.text
        self.settled.append(task["id"])
        self.order.append(task["id"])
        return True


@pytest.fixture
def crowd(database_address: str, tmp_path: Path) -> object:
    """A server with twenty accounts and work for all."""
    with serving(database_address, tmp_path) as running:
        fill(running.database, tmp_path, 40)
        for number in range(PEOPLE):
            running.add(f"person {number}", Role.REVIEWER)
        yield running


def test_twenty_at_once(crowd: Running) -> None:
    start = threading.Barrier(PEOPLE)
    order: list[int] = []
    people = [Person(crowd.program(f"person {number}"), start, order) for number in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join(240)
        assert not person.is_alive()
    assert [person.trouble for person in people if person.trouble] == []
    settled = [task for person in people for task in person.settled]
    assert len(settled) == len(set(settled)), "a task settled twice"
    with crowd.database.transaction() as session:
        decided = session.scalars(sa.select(VerdictRow.task_id)).all()
        left = session.scalars(sa.select(TaskRow.id).where(TaskRow.status == TaskStatus.OPEN)).all()
        held = session.scalars(sa.select(TaskRow.id).where(TaskRow.leased_by.is_not(None))).all()
    assert Counter(decided).most_common(1)[0][1] == 1
    assert sorted(decided) == sorted(settled)
    assert left == []
    assert held == []
    shares = [len(person.settled) for person in people]
    assert min(shares) > 0, "somebody got nothing"
    assert max(shares) <= 5 * len(settled) / PEOPLE, shares
    # counted, not timed: while one waits for a task, each of the others settles a few at most
    passed = max(each for person in people for each in person.passed)
    assert passed <= 3 * PEOPLE < len(settled), "somebody waited while others worked"
