"""The clients that are measured, against one server: ours, the bare SDK, naive instructor calls."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import instructor
import openai
import psutil
from pydantic import BaseModel

from evals.benchmarks.prepared import bare_session, read_prepared, rules_readings
from evals.benchmarks.serving import NAIVE, stats_of
from extractor.documents.disclosure import Disclosure
from extractor.pipeline import checked
from extractor.reading.llm import Mode, model_session, read_disclosures
from extractor.reading.llm.asks import LISTS, asks_of, worth_asking
from extractor.reading.reader import Passage
from extractor.reading.routing import passages_of
from extractor.running_model import ModelRun
from extractor.settings import ModelSettings


class Item(BaseModel):
    """A figure as naive extractions ask for it."""

    label: str
    value: str
    unit: str


class Extraction(BaseModel):
    """A naive response model: the figures themselves."""

    items: list[Item]


@dataclass(frozen=True)
class Measured:
    """One run: what the server counted, wall and CPU seconds, the latter also of the server.

    `machine` are the CPU seconds of all programs.
    """

    requests: int
    sent: int
    answered: int
    wall: float
    cpu: float
    server_cpu: float
    machine: float

    @property
    def others(self) -> float:
        """The share of the machine's CPU time that neither the reader nor the server used, and was not idle."""
        cores = psutil.cpu_count() or 1
        return max(0.0, self.machine - self.cpu - self.server_cpu) / (self.wall * cores)


class Bench:
    """Runs of several clients against one server."""

    def __init__(self, base_url: str, disclosures: Sequence[Disclosure]) -> None:
        self.disclosures = disclosures
        self._base_url = base_url
        self._read = {id(disclosure): rules_readings(disclosure) for disclosure in disclosures}

    def ours(
        self,
        disclosures: Sequence[Disclosure],
        at_once: int,
        reader: Mode = Mode.LLM,
        check: bool = False,
        only: Callable[[Disclosure], list[Passage]] | None = None,
        **options: Any,
    ) -> Measured:
        """Our path; `only` leaves all other passages to the rules."""

        async def run() -> None:
            with tempfile.TemporaryDirectory() as folder:
                settings = self._settings(folder, at_once, **options)
                async with model_session(settings, checked) as session:
                    reading = session if check else bare_session(session, self._read)
                    chosen = disclosures if only is None else [_restricted(d, only(d)) for d in disclosures]
                    async for _ in read_disclosures(chosen, reading, reader):
                        pass

        return self._measured(run)

    def processes(self, documents: int, at_once: int, jobs: int) -> Measured:
        """Our path with so many reading processes, as `gouji extract` shares documents out to them."""
        with tempfile.TemporaryDirectory() as folder:
            run = ModelRun(self._settings(folder, at_once))
            cpu: dict[str, float] = {}

            async def read() -> None:
                paths = [Path(str(number)) for number in range(documents)]
                for outcome in run.read_files(paths, jobs, read_prepared):
                    process, seconds = (outcome.reason or "").split()
                    cpu[process] = float(seconds)

            measured = self._measured(read)
        return replace(measured, cpu=measured.cpu + sum(cpu.values()))

    def _settings(self, folder: str, at_once: int, **options: Any) -> ModelSettings:
        """Without a cache: the same documents come again and again here."""
        file = Path(folder) / "answers.sqlite"
        address = self._base_url
        return ModelSettings(
            base_url=address, model="simulated", concurrency=at_once, cache_file=file, cache=False, **options
        )

    def messages(self, disclosure: Disclosure) -> Iterator[list[dict[str, str]]]:
        """The messages of our requests for a document."""
        read = self._read[id(disclosure)]
        passages = [
            p for p in passages_of(disclosure) if worth_asking(p) and not (p.kind in LISTS and read[p.id].records)
        ]
        for ask in asks_of(passages, ModelSettings().bundle_characters):
            yield [{"role": "system", "content": ask.system}, {"role": "user", "content": ask.user}]

    def bare(self, messages: Sequence[list[dict[str, str]]], at_once: int) -> Measured:
        """The SDK alone over aiohttp, its faster transport, sending the same messages."""

        async def run() -> None:
            http = openai.DefaultAioHttpClient()
            async with openai.AsyncOpenAI(
                base_url=self._base_url, api_key="none", max_retries=0, http_client=http
            ) as sdk:

                async def one(message: Any) -> Any:
                    return await sdk.chat.completions.create(model="m", messages=message)

                await _at_once(at_once, [partial(one, message) for message in messages])

        return self._measured(run)

    def naive(self, texts: Sequence[str], at_once: int) -> Measured:
        """Instructor asked once a document for the figures themselves."""

        async def run() -> None:
            async with openai.AsyncOpenAI(base_url=self._base_url, api_key="none", max_retries=0) as sdk:
                client = instructor.from_openai(sdk)

                async def one(text: str) -> Any:
                    return await client.chat.completions.create(
                        model="m", messages=naive_messages(text), response_model=Extraction
                    )

                await _at_once(at_once, [partial(one, text) for text in texts])

        return self._measured(run)

    def _measured(self, run: Callable[[], Awaitable[None]]) -> Measured:
        before = stats_of(self._base_url)
        wall, cpu, machine = time.perf_counter(), time.process_time(), _busy()
        asyncio.run(run())  # type: ignore[arg-type]
        wall, cpu, machine = time.perf_counter() - wall, time.process_time() - cpu, _busy() - machine
        after = stats_of(self._base_url)
        requests, sent, answered = (
            round(after[name] - before[name]) for name in ("requests", "sent_characters", "answered_characters")
        )
        return Measured(requests, sent, answered, wall, cpu, after["cpu_seconds"] - before["cpu_seconds"], machine)


def _busy() -> float:
    """CPU seconds that the machine has been at work since it was started."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


async def _at_once(limit: int, calls: Sequence[Callable[[], Awaitable[Any]]]) -> None:
    slots = asyncio.Semaphore(limit)

    async def one(call: Callable[[], Awaitable[Any]]) -> None:
        async with slots:
            await call()

    await asyncio.gather(*(one(call) for call in calls))


def _restricted(disclosure: Disclosure, passages: Sequence[Passage]) -> Disclosure:
    """A document of which only some sections are left."""
    return replace(disclosure, sections=tuple(passage.section for passage in passages))


def naive_messages(text: str) -> list[Any]:
    return [{"role": "user", "content": f"{NAIVE}\n\n{text}"}]
