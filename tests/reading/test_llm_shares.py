"""Slots and budgets hold over processes, whoever is slow to give up what another one needs."""

import asyncio
import multiprocessing
import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.reading.llm.accounting import Cost, Ledger
from extractor.reading.llm.limits import Gate
from extractor.reading.llm.shares import TICK, Limits, Seats, divided, keep_to_share
from extractor.settings import ModelSettings

CONTEXT = multiprocessing.get_context("spawn")


class Child:
    """A child process as the one that divides sees it: what it has on its way, and how many wait."""

    def __init__(self, seats: Seats, seat: int) -> None:
        self.gate = Gate(0, None, None)
        self.keeping = asyncio.ensure_future(keep_to_share(seats.cells, Limits(100, None, None), self.gate, seat))
        self.on_their_way: list[asyncio.Task[None]] = []
        self.over = asyncio.Event()

    def send(self, count: int) -> None:
        self.on_their_way += [asyncio.ensure_future(self._one()) for _ in range(count)]

    async def _one(self) -> None:
        async with self.gate.slot(0):
            await self.over.wait()

    async def looks(self) -> None:
        await asyncio.sleep(1.5 * TICK)

    def leave(self) -> None:
        self.keeping.cancel()
        for task in self.on_their_way:
            task.cancel()


def given_by(seats: Seats) -> list[int]:
    return [int(count) for count in seats.cells[:: len(seats.cells) // (seats.children + 1)]]


def test_a_share_is_divided_over_children() -> None:
    seats = Seats(CONTEXT, 3)
    seats.divide(8)
    assert given_by(seats) == [3, 3, 2, 0]
    seats.divide(8, alone=True)
    assert given_by(seats) == [3, 2, 2, 1]
    seats.divide(1, alone=True)
    assert given_by(seats) == [0, 0, 0, 1]
    assert seats.given == 1


@given(st.integers(0, 200), st.lists(st.integers(0, 300), min_size=1, max_size=8))
def test_all_slots_are_given_and_who_wants_no_more_than_its_part_gets_it(slots: int, wanted: Sequence[int]) -> None:
    due = divided(slots, wanted)
    assert sum(due) == slots
    fair = slots // len(wanted)
    assert all(has >= min(want, fair) for has, want in zip(due, wanted, strict=True))


def test_what_one_child_does_not_need_goes_to_the_other_once_it_is_given_up() -> None:
    async def run() -> None:
        seats = Seats(CONTEXT, 2)
        seats.divide(10)
        busy, idle = Child(seats, 0), Child(seats, 1)
        busy.send(20)
        await busy.looks()
        seats.divide(10)
        assert given_by(seats)[:2] == [5, 1], "five may still be on their way from the other one"
        await busy.looks()
        seats.divide(10)
        await busy.looks()
        assert (busy.gate.taken, idle.gate.taken) == (9, 0)
        idle.send(20)
        await idle.looks()
        seats.divide(10)
        await idle.looks()
        assert (busy.gate.taken, idle.gate.taken) == (9, 1), "what is on its way stays"
        busy.over.set()
        await busy.looks()
        for _ in range(3):
            seats.divide(10)
            await busy.looks()
        assert idle.gate.taken > 5, "the other one has nothing more to send"
        busy.leave()
        idle.leave()

    asyncio.run(run())


def test_never_more_than_all_slots_are_in_use() -> None:
    async def run() -> None:
        chance, seats = random.Random(5), Seats(CONTEXT, 3)
        children = [Child(seats, seat) for seat in range(3)]
        most = 0
        for _ in range(150):
            seats.divide(12)
            child = chance.choice(children)
            child.send(chance.randint(0, 10))
            if chance.random() < 0.4:
                child.over.set()
                child.over = asyncio.Event()
            await asyncio.sleep(chance.choice([0, TICK / 3]))
            most = max(most, sum(each.gate.taken for each in children))
        assert 6 < most <= 12
        for child in children:
            child.leave()

    asyncio.run(run())


def test_a_child_that_does_nothing_is_noticed_and_forgotten() -> None:
    async def run() -> None:
        seats = Seats(CONTEXT, 2)
        seats.divide(4)
        child = Child(seats, 0)
        child.send(3)
        await child.looks()
        assert seats.used == 2
        assert seats.stuck(0.05) == []
        child.leave()
        time.sleep(0.1)
        assert seats.stuck(0.05) == [0], "the other one was never there"
        seats.forget([0])
        assert seats.used == 0
        assert seats.stuck(0.05) == []

    asyncio.run(run())


@pytest.mark.parametrize("limit", [{"budget_tokens": 100}, {"budget_money": 1, "prices": {"m": {"input": 10_000}}}])
def test_processes_keep_one_account_and_one_budget(limit: dict[str, object]) -> None:
    settings = ModelSettings.model_validate({"model": "m", **limit})
    cells = Ledger.cells_for(CONTEXT, 2)
    whole, first, second = Ledger(settings, cells), Ledger(settings, cells, 0), Ledger(settings, cells, 1)
    first.add(Cost(input=60, requests=1, seconds=0.25))
    assert second.reached is None
    second.add(Cost(input=40, output=1, cached=3, requests=2, retries=1))
    assert first.reached == second.reached == whole.reached
    assert whole.reached
    assert whole.total == Cost(input=100, cached=3, output=1, requests=3, retries=1, seconds=0.25)
