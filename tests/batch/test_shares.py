"""The limits of a model server hold over all workers, whoever joins, leaves, dies or is slow to give back."""

import random

import sqlalchemy as sa

from extractor.batch.shares import give_back, take_share
from extractor.storage.database import Database
from extractor.storage.work import ShareRow, WorkerRow, WorkerState

SERVER = "f" * 64


def enter(database: Database, *workers: str) -> None:
    with database.transaction() as session:
        session.add_all(WorkerRow(id=worker, host="h", pid=1, concurrency=1) for worker in workers)


def take(database: Database, worker: str, slots: int = 8, used: int = 0) -> int:
    with database.transaction() as session:
        return take_share(session, worker, SERVER, slots, used)


def test_workers_divide_a_server_evenly(database: Database) -> None:
    enter(database, "a", "b", "c")
    assert take(database, "a") == 8
    assert take(database, "b") == 0, "the first one has not given back yet"
    assert (take(database, "a"), take(database, "b")) == (4, 4)
    take(database, "c")
    shares = [take(database, worker) for _ in range(2) for worker in "abc"][3:]
    assert sorted(shares) == [2, 3, 3]


def test_what_is_in_use_is_given_back_later(database: Database) -> None:
    enter(database, "a", "b")
    take(database, "a")
    take(database, "b")
    assert take(database, "a", used=6) == 4, "no more than is fair is let through"
    assert take(database, "b") == 2, "but six are still on their way"
    take(database, "a", used=4)
    assert take(database, "b") == 4


def test_who_leaves_or_dies_frees_its_share(database: Database) -> None:
    enter(database, "a", "b", "c")
    for _ in range(2):
        shares = [take(database, worker) for worker in "abc"]
    assert sum(shares) == 8
    with database.transaction() as session:
        give_back(session, "c")
        session.execute(sa.update(WorkerRow).where(WorkerRow.id == "b").values(state=WorkerState.DEAD))
    assert take(database, "a") == 8


def test_more_workers_than_slots(database: Database) -> None:
    workers = [f"w{number}" for number in range(5)]
    enter(database, *workers)
    for _ in range(3):
        shares = [take(database, worker, slots=3) for worker in workers]
    assert shares == [1, 1, 1, 0, 0]


def test_the_sum_never_exceeds_the_limit(database: Database) -> None:
    chance = random.Random(7)
    workers = [f"w{number}" for number in range(6)]
    enter(database, *workers)
    used: dict[str, int] = {}
    for _ in range(150):
        worker = chance.choice(workers)
        if chance.random() < 0.2:
            used.pop(worker, None)
            with database.transaction() as session:
                give_back(session, worker)
            continue
        allowed = take(database, worker, slots=11, used=used.get(worker, 0))
        on_their_way = chance.randint(0, used.get(worker, 0))  # some have come back meanwhile
        used[worker] = max(on_their_way, chance.randint(0, allowed))
        assert sum(used.values()) <= 11
        with database.transaction() as session:
            assert session.execute(sa.select(sa.func.sum(ShareRow.slots))).scalar() <= 11
