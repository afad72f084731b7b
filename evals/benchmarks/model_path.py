"""What a model's reading costs: `python -m evals.benchmarks.model_path [PATH…] [--gold DIR]`.

A simulated server with 200 ms latency runs in a process of its own. First the fiscal sections of the first
document are read: characters sent and answered beside a naive one-shot instructor call and the bare SDK on the
same text. Then many documents, at 8 and at 64 requests at once: wall time over the ideal (requests × latency /
at once) and CPU a request, with one and with two reading processes as `gouji extract` has them (without imports, with
all else of their start), beside the bare SDK sending the very same requests and the naive calls, in one process each.

What is measured there is the model path: marking, requests, taking answers apart, resolving, keeping. Documents are
prepared and read by the rules beforehand, and relations are not checked: `evals.benchmarks.documents` measures those.
Last comes `gouji extract --reader llm` as it is called, with loading, checking and writing, which take more CPU than
the requests: there, ideal is what the latency or the CPU allows, whichever is longer.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import instructor
import openai
import psutil
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from evals.benchmarks.files import copy_varied
from evals.benchmarks.prepared import FILES, bare_session, read_prepared, rules_readings
from evals.benchmarks.serving import LATENCY, NAIVE, serving, stats_of
from extractor.collecting import collect_seldom
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import SUFFIXES, load
from extractor.pipeline import checked
from extractor.processes import import_ahead
from extractor.reading.llm import Mode, model_session, read_disclosures
from extractor.reading.llm.asks import LISTS, asks_of, worth_asking
from extractor.reading.reader import Passage
from extractor.reading.routing import SectionKind, passages_of
from extractor.running import READING_WITH_MODEL
from extractor.running_model import ModelRun
from extractor.settings import ModelSettings

FIXTURES = Path(__file__).parent.parent / "fixtures"
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
    """One run: what the server counted, wall and CPU seconds, the latter also of the server."""

    requests: int
    sent: int
    answered: int
    wall: float
    cpu: float
    server_cpu: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure with the given documents, by default the bundled text files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--gold", type=Path, help="labels of the documents")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    chosen = parser.parse_args(arguments)
    paths = chosen.paths or sorted(path for path in FIXTURES.glob("*/disclosure.*") if path.suffix in SUFFIXES)
    console = Console(width=120)
    os.environ[FILES] = os.pathsep.join(map(str, paths))
    import_ahead((*READING_WITH_MODEL, "evals.benchmarks.prepared", "evals.benchmarks.model_path"))
    with serving(paths, chosen.gold) as base_url:
        bench = _Bench(base_url, [prepare(load(path)) for path in paths])
        bench.ours(bench.disclosures[:1], 8)  # imports and first connections are no part of the figures
        collect_seldom()  # as every process of ours that reads; the others gain by it as well
        console.print(_one_document(bench))
        console.print(_modes(bench))
        for at_once in (8, 64):
            console.print(_many(bench, chosen.documents, at_once))
        console.print(_called(base_url, paths, chosen.documents))


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
    table = _table(title, "requests", "wall s", "over ideal", "CPU ms a request", "of the SDK's", "server's CPU ms")
    bare = bench.bare(messages, at_once)
    for name, measured in (
        ("gouji, 1 process", bench.processes(documents, at_once, 1)),
        ("gouji, 2 processes", bench.processes(documents, at_once, 2)),
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
            f"{measured.server_cpu / measured.requests * 1000:.1f}",
        )
    return table


def _called(base_url: str, paths: Sequence[Path], documents: int) -> Table:
    """The command line over a folder. Ideal is what the server's latency or the CPU at hand allows."""
    table = _table(
        f"gouji extract --reader llm, {documents} documents, as it is called",
        "requests",
        "wall s",
        "CPU s",
        "over ideal",
    )
    with tempfile.TemporaryDirectory() as name:
        copy_varied(paths, Path(name) / "in", documents)
        for at_once in (8, 64):
            for jobs in (1, 2):
                before = stats_of(base_url)["requests"]
                wall, cpu = _command(Path(name), base_url, at_once, jobs)
                requests = stats_of(base_url)["requests"] - before
                ideal = max(requests * LATENCY / at_once, cpu / jobs)
                figures = f"{requests:.0f}", f"{wall:.1f}", f"{cpu:.1f}", f"{wall / ideal:.2f}×"
                table.add_row(f"{at_once} at once, --jobs {jobs}", *figures)
    return table


def _command(folder: Path, base_url: str, at_once: int, jobs: int) -> tuple[float, float]:
    """Wall seconds of a run, and the CPU seconds of its processes but for their last tenth of a second."""
    settings = {"BASE_URL": base_url, "MODEL": "simulated", "CONCURRENCY": at_once, "CACHE": "false"}
    environment = {f"GOUJI_{key}": str(value) for key, value in settings.items()}
    environment |= {"GOUJI_CACHE_FILE": str(folder / "answers.sqlite"), "PYTHONPATH": str(Path.cwd())}
    arguments = ["extract", str(folder / "in"), f"--out={folder / 'out'}", "--reader=llm", f"--jobs={jobs}"]
    started, cpu = time.perf_counter(), dict[int, float]()
    with (folder / "said").open("wb") as said:
        command = [sys.executable, "-m", "extractor", *arguments]
        process = psutil.Popen(command, env={**os.environ, **environment}, stdout=said, stderr=said)
        while process.poll() is None:
            with suppress(psutil.Error):
                for each in (process, *process.children(recursive=True)):
                    cpu[each.pid] = sum(each.cpu_times()[:2])
            time.sleep(0.1)
    if process.returncode:
        raise SystemExit((folder / "said").read_text(encoding="utf-8")[-2000:])
    return time.perf_counter() - started, sum(cpu.values())


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
                        model="m", messages=_naive_messages(text), response_model=Extraction
                    )

                await _at_once(at_once, [partial(one, text) for text in texts])

        return self._measured(run)

    def _measured(self, run: Callable[[], Awaitable[None]]) -> Measured:
        before = stats_of(self._base_url)
        wall, cpu = time.perf_counter(), time.process_time()
        asyncio.run(run())  # type: ignore[arg-type]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        after = stats_of(self._base_url)
        requests, sent, answered = (
            round(after[name] - before[name]) for name in ("requests", "sent_characters", "answered_characters")
        )
        return Measured(requests, sent, answered, wall, cpu, after["cpu_seconds"] - before["cpu_seconds"])


async def _at_once(limit: int, calls: Sequence[Callable[[], Awaitable[Any]]]) -> None:
    slots = asyncio.Semaphore(limit)

    async def one(call: Callable[[], Awaitable[Any]]) -> None:
        async with slots:
            await call()

    await asyncio.gather(*(one(call) for call in calls))


def _fiscal(disclosure: Disclosure) -> list[Passage]:
    return [passage for passage in passages_of(disclosure) if passage.kind not in NOT_FISCAL]


def _restricted(disclosure: Disclosure, passages: Sequence[Passage]) -> Disclosure:
    """A document of which only some sections are left."""
    return replace(disclosure, sections=tuple(passage.section for passage in passages))


def _narrative(disclosure: Disclosure) -> str:
    return disclosure.unwrapped.text


def _naive_messages(text: str) -> list[Any]:
    return [{"role": "user", "content": f"{NAIVE}\n\n{text}"}]


if __name__ == "__main__":
    main()
