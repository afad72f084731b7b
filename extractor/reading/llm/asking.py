"""The requests of one document: asked together, kept when good, counted, split when too much for the model."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from extractor.documents.disclosure import Disclosure
from extractor.reading.llm.accounting import NOTHING, BudgetReached, Ledger
from extractor.reading.llm.answers import Answered, ModelReading, Response, answered, readings_of
from extractor.reading.llm.asks import Ask, ask_for
from extractor.reading.llm.client import Client, Failed
from extractor.reading.llm.limits import Turns
from extractor.reading.llm.repair import RepairAsk, repaired
from extractor.reading.llm.store import Store, key_of
from extractor.reading.reader import Reader
from extractor.reading.resolve import SectionReading
from extractor.settings import ModelSettings
from prompts.loader import SHIPPED
from schemas.checks import Check, Finding

_T = TypeVar("_T")


class Checked(Protocol):
    """What the checks say of a document: relations evaluated, and findings that say who is wrong."""

    @property
    def checks(self) -> Sequence[Check]:
        """Every evaluated relation."""
        ...

    @property
    def findings(self) -> Sequence[Finding]:
        """What contradicts what, and why."""
        ...

    @property
    def uncertain(self) -> Collection[str]:
        """The figures of which it is not sure what they are of."""
        ...


Checker = Callable[[Disclosure, Sequence[SectionReading]], Checked]
"""Checks a document as read so far."""


@dataclass(frozen=True)
class Session:
    """What the reading of documents needs besides the documents."""

    settings: ModelSettings
    client: Client
    store: Store
    ledger: Ledger
    rules: Callable[[], Reader]
    check: Checker
    turns: Turns

    @property
    def prompts(self) -> Path:
        """The folder of prompts in use."""
        return self.settings.prompts or SHIPPED


class Asker:
    """Asks for one document, and adds up what that costs."""

    def __init__(self, session: Session, disclosure: Disclosure) -> None:
        self._session = session
        self._disclosure = disclosure
        self._doubtful: list[Answered] = []
        self._characters: dict[str, int] = {}
        self.cost = NOTHING
        self.prompts: dict[str, str] = {}

    def first_characters(self, section: str) -> int:
        """What the request that first asked for a section sent."""
        return self._characters.get(section, 0)

    async def ask(self, asks: Iterable[Ask]) -> list[ModelReading]:
        """The readings of all sections of some requests, which are sent at once."""
        answers = [each for group in await together(self._answer(ask) for ask in asks) for each in group]
        for answer in answers:
            self._characters.update(dict.fromkeys(answer.sections, answer.ask.characters))
            self.prompts[answer.ask.prompt.id] = answer.ask.prompt.sha256
            if not answer.clean:
                self._doubtful.append(answer)
        return readings_of(self._disclosure, answers)

    async def repair(self, reading: ModelReading, ask: RepairAsk) -> ModelReading:
        """The reading with what a repair answered, or as it was when no answer could be had."""
        async with self._session.turns.unread:
            response = await self._request(ask.system, ask.user, _longest(len(ask.user), len(ask.ids)))
            cost = reading.cost + response.cost
            if response.failure is not None:
                return replace(reading, cost=cost)
            async with self._session.turns.one():
                new = repaired(self._disclosure, reading, ask, response.lines)
                if new.clean:
                    self._keep(response, "repair")
        return replace(new, cost=cost)

    def keep_settled(self, readings: Mapping[str, ModelReading]) -> None:
        """Keep the answers that had faults, where a repair has since mended all of them."""
        for answer in self._doubtful:
            if all(readings[section].clean for section in answer.sections):
                self._keep(answer.response, answer.ask.prompt.id)

    def _keep(self, response: Response, prompt: str) -> None:
        if response.failure is None:
            self._session.store.keep(response.key, response.lines, self._session.client.model, prompt)

    async def _answer(self, ask: Ask) -> list[Answered]:
        """Ask; sections that got no usable answer together are asked one by one."""
        length = sum(part.length for part in ask.parts)
        async with self._session.turns.unread:
            response = await self._request(ask.system, ask.user, _longest(length, len(ask.ids)))
            if response.failure is None or len(ask.parts) == 1 or not response.speaks:
                async with self._session.turns.one():
                    answer = answered(self._disclosure, ask, response)
                    if answer.clean:  # at once: a run may be killed before the document's other answers are there
                        self._keep(response, ask.prompt.id)
                return [answer]
        alone = await together(self._answer(ask_for([part], ask.prompt)) for part in ask.parts)
        first, *others = [each for group in alone for each in group]
        first_piece, *rest = first.pieces
        spent = replace(first_piece.reading, cost=first_piece.reading.cost + response.cost)
        return [replace(first, pieces=(replace(first_piece, reading=spent), *rest)), *others]

    async def _request(self, system: str, user: str, longest: int) -> Response:
        session = self._session
        key = key_of(session.client.model, system, user, session.settings.temperature)
        lines = session.store.answer(key)
        if lines is not None:
            return Response(key, tuple(lines))
        try:
            reply = await session.client.ask(system, user, longest)
        except Failed as error:
            self.cost += error.cost
            return Response(key, failure=str(error), cost=error.cost, speaks=error.answered)
        except BudgetReached as error:
            return Response(
                key, failure=f"预算已用完，再次运行将从这里继续 (out of budget: {error}; run again to go on)"
            )
        self.cost += reply.cost
        return Response(key, tuple(reply.lines), cost=reply.cost)


async def together(coroutines: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """The results of coroutines that run at once, in order; the first error ends them all and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in coroutines]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def _longest(characters: int, figures: int) -> int:
    """The most tokens that a sound answer can take: a line a figure, and every word of the text copied once."""
    return 200 + characters + 24 * figures
