"""Who is dead is decided by looks, not by clocks."""

import pytest

from extractor.batch.presence import LOOKS, DeclaredDead, Presence, declare_all_dead, delete_long_gone
from extractor.storage.database import Database


@pytest.fixture
def two(database: Database) -> tuple[Presence, Presence]:
    workers = Presence("one", "here", 1, 2), Presence("two", "there", 2, 2)
    with database.transaction() as session:
        for worker in workers:
            worker.enter(session)
    return workers


def beat(database: Database, worker: Presence) -> None:
    with database.transaction() as session:
        worker.beat(session)


def look(database: Database, worker: Presence) -> list[str]:
    with database.transaction() as session:
        worker.beat(session)
        return worker.look(session)


def test_a_worker_that_beats_is_alive(database: Database, two: tuple[Presence, Presence]) -> None:
    one, other = two
    for _ in range(3 * LOOKS):
        beat(database, other)
        assert look(database, one) == []


def test_a_worker_that_stopped_is_dead_after_so_many_looks_and_learns_it(
    database: Database, two: tuple[Presence, Presence]
) -> None:
    one, other = two
    looks = [look(database, one) for _ in range(LOOKS + 3)]
    assert looks == [[]] * LOOKS + [["two"], [], []], "it is told once"
    with database.transaction() as session:
        assert one.gone(session) == ["two"]
    with pytest.raises(DeclaredDead):
        beat(database, other)


def test_a_slow_worker_is_not_dead(database: Database, two: tuple[Presence, Presence]) -> None:
    one, other = two
    for turn in range(5 * LOOKS):
        if turn % (LOOKS - 1) == 0:
            beat(database, other)
        assert look(database, one) == []


def test_looks_count_anew_after_an_outage(database: Database, two: tuple[Presence, Presence]) -> None:
    one, _ = two
    for _ in range(LOOKS):
        look(database, one)
    one.forget()
    assert [look(database, one) for _ in range(LOOKS)] == [[]] * LOOKS


def test_only_one_of_two_judges_declares_a_worker_dead(database: Database, two: tuple[Presence, Presence]) -> None:
    one, _ = two
    third = Presence("three", "there", 3, 2)
    with database.transaction() as session:
        third.enter(session)
    told = [each for _ in range(LOOKS + 2) for judge in (one, third) for each in look(database, judge)]
    assert told == ["two"]


def test_those_gone_are_forgotten_in_time(database: Database, two: tuple[Presence, Presence]) -> None:
    one, other = two
    with database.transaction() as session:
        other.leave(session)
        delete_long_gone(session, 3600)
        assert one.gone(session) == ["two"]
        delete_long_gone(session, -1)
        assert one.gone(session) == []
        declare_all_dead(session)
        assert one.gone(session) == ["one"]
