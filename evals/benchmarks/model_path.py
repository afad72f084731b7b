"""What a model's reading costs: `python -m evals.benchmarks.model_path [PATH…] [--gold DIR]`.

A simulated server with 200 ms latency runs in a process of its own. First the fiscal sections of the first
document are read: characters sent and answered beside a naive one-shot instructor call and the bare SDK on the
same text. Then many documents, at 8 and at 64 requests at once: wall time over the ideal (requests × latency /
at once) and CPU a request, beside the bare SDK sending the very same requests and the naive calls.

What is measured is the model path: marking, requests, taking answers apart, resolving, keeping. Documents are
prepared and read by the rules beforehand, and relations are not checked: `evals.benchmarks.documents` measures those.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import instructor
import openai
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.truth import library_of
from extractor.checking import Verdict
from extractor.collecting import collect_seldom
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import SUFFIXES, load
from extractor.pipeline import checked
from extractor.reading.llm import Mode, Session, model_session, read_disclosures
from extractor.reading.llm.asks import LISTS, asks_of, worth_asking
from extractor.reading.reader import Passage, Reading
from extractor.reading.routing import SectionKind, passages_of
from extractor.reading.rules import RulesReader
from extractor.settings import ModelSettings
from prompts.loader import MARK

FIXTURES = Path(__file__).parent.parent / "fixtures"
LATENCY = 0.2
DOCUMENTS = 200
NOT_FISCAL = {
    SectionKind.DUTIES,
    SectionKind.ORGANISATION,
    SectionKind.PERFORMANCE,
    SectionKind.REPORT,
    SectionKind.GLOSSARY,
    SectionKind.OTHER,
}


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
    """One run: what the server counted, wall and CPU seconds."""

    requests: int
    sent: int
    answered: int
    wall: float
    cpu: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure with the given documents, by default the bundled text files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--gold", type=Path, help="labels of the documents")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    chosen = parser.parse_args(arguments)
    paths = chosen.paths or sorted(path for path in FIXTURES.glob("*/disclosure.*") if path.suffix in SUFFIXES)
    console = Console(width=120)
    with _server(paths, chosen.gold) as base_url:
        bench = _Bench(base_url, [prepare(load(path)) for path in paths])
        bench.ours(bench.disclosures[:1], 8)  # imports and first connections are no part of the figures
        collect_seldom()  # as every process of ours that reads; the others gain by it as well
        console.print(_one_document(bench))
        console.print(_modes(bench))
        for at_once in (8, 64):
            console.print(_many(bench, chosen.documents, at_once))


# ---- tables ------------------------------------------------------------------------------------------------


def _one_document(bench: "_Bench") -> Table:
    """The fiscal sections of the first document."""
    disclosure = bench.disclosures[0]
    text = "\n".join(passage.text for passage in _fiscal(disclosure))
    title = f"fiscal sections of {disclosure.loaded.name}: {len(text):,} characters of text"
    table = _table(title, "requests", "sent", "answered", "wall s", "CPU ms")
    for mode in ("tools", "json_schema", "json_object"):
        measured = bench.ours([disclosure], 8, mode=mode, only=_fiscal)
        _row(table, f"gouji, {mode}", measured)
    _row(table, "instructor, one shot", bench.naive([text], 8))
    _row(table, "bare SDK, one shot", bench.bare([_naive_messages(text)], 8))
    return table


def _modes(bench: "_Bench") -> Table:
    """All documents once, with the model everywhere and only where the rules leave something."""
    table = _table(
        f"{len(bench.disclosures)} documents, checked and repaired", "requests", "sent", "answered", "of llm"
    )
    whole = bench.ours(bench.disclosures, 8, check=True)
    for name, mode in (("llm", Mode.LLM), ("cascade", Mode.CASCADE)):
        measured = whole if mode is Mode.LLM else bench.ours(bench.disclosures, 8, reader=mode, check=True)
        share = f"{measured.sent / whole.sent:.1%}"
        table.add_row(name, f"{measured.requests}", f"{measured.sent:,}", f"{measured.answered:,}", share)
    return table


def _many(bench: "_Bench", documents: int, at_once: int) -> Table:
    disclosures = list(islice(cycle(bench.disclosures), documents))
    messages = [each for disclosure in disclosures for each in bench.messages(disclosure)]
    title = f"{documents} documents, {at_once} requests at once, {LATENCY * 1000:.0f} ms latency"
    table = _table(title, "requests", "wall s", "over ideal", "CPU ms a request", "of the SDK's")
    bare = bench.bare(messages, at_once)
    for name, measured in (
        ("gouji", bench.ours(disclosures, at_once)),
        ("bare SDK, the same requests", bare),
        ("instructor, one shot a document", bench.naive([_narrative(d) for d in disclosures], at_once)),
    ):
        ideal = measured.requests * LATENCY / at_once
        cpu = measured.cpu / measured.requests
        table.add_row(
            name,
            f"{measured.requests:,}",
            f"{measured.wall:.2f}",
            f"{measured.wall / ideal:.2f}×",
            f"{cpu * 1000:.1f}",
            f"{cpu / (bare.cpu / bare.requests):.2f}×",
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _row(table: Table, name: str, measured: Measured) -> None:
    figures = f"{measured.requests}", f"{measured.sent:,}", f"{measured.answered:,}"
    table.add_row(name, *figures, f"{measured.wall:.2f}", f"{measured.cpu * 1000:.0f}")


# ---- runs --------------------------------------------------------------------------------------------------


class _Bench:
    """Runs of several clients against one server."""

    def __init__(self, base_url: str, disclosures: Sequence[Disclosure]) -> None:
        self.disclosures = disclosures
        self._base_url = base_url
        self._read = {id(disclosure): _rules_readings(disclosure) for disclosure in disclosures}

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
                settings = ModelSettings(
                    base_url=self._base_url,
                    model="simulated",
                    concurrency=at_once,
                    cache_file=Path(folder) / "answers.sqlite",
                    cache=False,  # the same documents come again and again here
                    **options,
                )
                async with model_session(settings, checked if check else lambda *_: Verdict()) as session:
                    reading = self._session(session, check)
                    chosen = disclosures if only is None else [_restricted(d, only(d)) for d in disclosures]
                    async for _ in read_disclosures(chosen, reading, reader):
                        pass

        return self._measured(run)

    def _session(self, session: Session, check: bool) -> Session:
        return session if check else replace(session, rules=lambda: _Known(self._read))

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
                        model="m", messages=_naive_messages(text), response_model=Extraction
                    )

                await _at_once(at_once, [partial(one, text) for text in texts])

        return self._measured(run)

    def _measured(self, run: Callable[[], Awaitable[None]]) -> Measured:
        before = _stats(self._base_url)
        wall, cpu = time.perf_counter(), time.process_time()
        asyncio.run(run())  # type: ignore[arg-type]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        after = _stats(self._base_url)
        requests, sent, answered = (
            after[name] - before[name] for name in ("requests", "sent_characters", "answered_characters")
        )
        return Measured(requests, sent, answered, wall, cpu)


async def _at_once(limit: int, calls: Sequence[Callable[[], Awaitable[Any]]]) -> None:
    slots = asyncio.Semaphore(limit)

    async def one(call: Callable[[], Awaitable[Any]]) -> None:
        async with slots:
            await call()

    await asyncio.gather(*(one(call) for call in calls))


class _Known:
    """The rules' readings, made beforehand."""

    name = "rules"

    def __init__(self, readings: Mapping[int, Mapping[str, Reading]]) -> None:
        self._readings = readings

    def read(self, disclosure: Disclosure, passage: Passage) -> Reading:
        """What the rules made of a passage."""
        return self._readings.get(id(disclosure), {}).get(passage.id, Reading())


def _rules_readings(disclosure: Disclosure) -> dict[str, Reading]:
    rules = RulesReader()
    return {passage.id: rules.read(disclosure, passage) for passage in passages_of(disclosure)}


def _fiscal(disclosure: Disclosure) -> list[Passage]:
    return [passage for passage in passages_of(disclosure) if passage.kind not in NOT_FISCAL]


def _restricted(disclosure: Disclosure, passages: Sequence[Passage]) -> Disclosure:
    """A document of which only some sections are left."""
    return replace(disclosure, sections=tuple(passage.section for passage in passages))


def _narrative(disclosure: Disclosure) -> str:
    return disclosure.unwrapped.text


def _naive_messages(text: str) -> list[Any]:
    return [{"role": "user", "content": f"Extract every figure of this budget disclosure.\n\n{text}"}]


# ---- the server --------------------------------------------------------------------------------------------


@contextmanager
def _server(paths: Sequence[Path], gold: Path | None) -> Iterator[str]:
    """The simulated server in a process of its own; yields its base URL."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, list(paths), gold), daemon=True)
    process.start()
    try:
        yield str(ours.recv())
    finally:
        process.terminate()
        process.join()


def _serve(told: Connection, paths: Sequence[Path], gold: Path | None) -> None:
    async def run() -> None:
        server = SimulatedServer(SimulatedModel(library_of(paths, gold)), latency=LATENCY, responder=_naive_answer)
        await server.serve("127.0.0.1", 0)
        told.send(server.base_url)
        await asyncio.Event().wait()

    asyncio.run(run())


_FIGURE = re.compile(r"([\u4e00-\u9fff]{2,12})(-?\d[\d,]*(?:\.\d+)?)(亿元|万元|元|%)")


def _naive_answer(body: Mapping[str, Any]) -> str | None:
    """What a model answers that is asked for the figures themselves; None for our requests."""
    asked = body["messages"][-1]["content"]
    if MARK.search(asked) or not asked.startswith("Extract every figure"):
        return None
    items = [{"label": label, "value": value, "unit": unit} for label, value, unit in _FIGURE.findall(asked)]
    return json.dumps({"items": items}, ensure_ascii=False)


def _stats(base_url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{base_url.removesuffix('/v1')}/stats", timeout=10) as response:
        counts: dict[str, int] = json.load(response)
        return counts


if __name__ == "__main__":
    main()
