"""Limits that change while requests wait."""

import asyncio

from extractor.reading.llm.limits import Gate, Slots, Turns


def test_slots_can_become_more_and_fewer_while_some_wait() -> None:
    async def run() -> list[int]:
        slots, seen = Slots(0), []

        async def one() -> None:
            await slots.enter()
            seen.append(slots.taken)
            await asyncio.sleep(0.01)
            slots.leave()

        tasks = [asyncio.create_task(one()) for _ in range(12)]
        await asyncio.sleep(0.02)
        assert seen == []
        slots.change(4)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        slots.change(1)
        await asyncio.gather(*tasks)
        assert slots.taken == 0
        return seen

    seen = asyncio.run(run())
    assert len(seen) == 12
    assert max(seen) == 4
    assert set(seen[4:]) <= {1}, "no one was let in while more were inside than may be"


def test_who_stops_waiting_leaves_no_slot_taken() -> None:
    async def run() -> int:
        slots = Slots(1)
        await slots.enter()
        waiting = [asyncio.create_task(slots.enter()) for _ in range(3)]
        await asyncio.sleep(0)
        slots.leave()  # the first is let in, and cancelled before it can go on
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return slots.taken

    assert asyncio.run(run()) == 0


def test_a_gate_keeps_to_its_part_of_the_rate() -> None:
    async def run() -> float:
        gate = Gate(8, 60_000, None)
        gate.change(8, 1200, None)
        started = asyncio.get_running_loop().time()

        async def one() -> None:
            async with gate.slot(10):
                pass

        await asyncio.gather(*(one() for _ in range(11)))
        return asyncio.get_running_loop().time() - started

    assert 0.48 < asyncio.run(run()) < 0.8


def test_who_is_slower_than_the_server_leaves_few_answers_unread() -> None:
    async def run() -> list[int]:
        gate, turns = Gate(3, None, None), Turns(3)
        answers: list[int] = []
        seen = []

        async def one(number: int) -> None:
            async with turns.unread:
                async with gate.slot(10):
                    await asyncio.sleep(0)
                answers.append(number)
                seen.append(len(answers))
                async with turns.one():
                    await asyncio.sleep(0.005)
                    answers.remove(number)

        await asyncio.gather(*map(one, range(30)))
        return seen

    seen = asyncio.run(run())
    assert len(seen) == 30
    assert 3 <= max(seen) <= 6
