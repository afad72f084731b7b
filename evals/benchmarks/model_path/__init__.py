"""What a model's reading costs: `python -m evals.benchmarks.model_path [PATH…] [--gold DIR]`.

A simulated server with 200 ms latency runs in a process of its own. First the fiscal sections of the first
document are read: characters sent and answered beside a naive one-shot instructor call and the bare SDK on the
same text. Then many documents, at 8 and at 64 requests at once: wall time over the ideal (requests × latency /
at once), over whole rounds of requests, which nothing can be faster than (1,090 at 64 at once are 18, the last of two
requests: 1.06 times the ideal), and CPU a request, with one and with two reading processes as `gouji extract` has them (without imports, with
all else of their start), beside the bare SDK sending the very same requests and the naive calls, in one process each.

The server runs on the same machine, on two cores as a third process: what it takes of them is printed as CPU ms a
request beside the reader's, and so is the share of the machine's time that went to programs that are neither of the
two. Where that is more than a few per cent, the wall times say nothing of the reader.

What is measured there is the model path: marking, requests, taking answers apart, resolving, keeping. Documents are
prepared and read by the rules beforehand, and relations are not checked: `evals.benchmarks.documents` measures those.
Last comes `gouji extract --reader llm` as it is called, with loading, checking and writing, which take more CPU than
the requests: there, ideal is what the latency or the CPU allows, whichever is longer.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle, islice
from math import ceil
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from evals.benchmarks.files import copy_varied
from evals.benchmarks.model_path.clients import Bench, Measured, naive_messages
from evals.benchmarks.prepared import FILES
from evals.benchmarks.serving import LATENCY, serving, stats_of
from extractor.collecting import collect_seldom
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import SUFFIXES, load
from extractor.processes import import_ahead
from extractor.reading.llm import Mode
from extractor.reading.reader import Passage
from extractor.reading.routing import SectionKind, passages_of
from extractor.running import READING_WITH_MODEL

FIXTURES = Path(__file__).parents[2] / "fixtures"
DOCUMENTS = 200
NOT_FISCAL = {
    SectionKind.DUTIES,
    SectionKind.ORGANISATION,
    SectionKind.PERFORMANCE,
    SectionKind.REPORT,
    SectionKind.GLOSSARY,
    SectionKind.OTHER,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure with the given documents, by default the bundled text files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--gold", type=Path, help="labels of the documents")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--at-once", type=int, nargs="+", default=[8, 64], help="requests at once")
    parser.add_argument("--no-command", action="store_true", help="without `gouji extract` (six minutes)")
    chosen = parser.parse_args(arguments)
    paths = chosen.paths or sorted(path for path in FIXTURES.glob("*/disclosure.*") if path.suffix in SUFFIXES)
    console = Console(width=132)
    os.environ[FILES] = os.pathsep.join(map(str, paths))
    import_ahead((*READING_WITH_MODEL, "evals.benchmarks.prepared"))
    with serving(paths, chosen.gold) as base_url:
        bench = Bench(base_url, [prepare(load(path)) for path in paths])
        bench.ours(bench.disclosures[:1], 8)  # imports and first connections are no part of the figures
        bench.processes(1, 8, 1)
        collect_seldom()  # as every process of ours that reads; the others gain by it as well
        console.print(_one_document(bench))
        console.print(_modes(bench))
        for at_once in chosen.at_once:
            console.print(_many(bench, chosen.documents, at_once))
        if not chosen.no_command:
            console.print(_called(base_url, paths, chosen.documents, chosen.at_once))


def _one_document(bench: "Bench") -> Table:
    """The fiscal sections of the first document."""
    disclosure = bench.disclosures[0]
    text = "\n".join(passage.text for passage in _fiscal(disclosure))
    title = f"fiscal sections of {disclosure.loaded.name}: {len(text):,} characters of text"
    table = _table(title, "requests", "sent", "answered", "wall s", "CPU ms")
    for mode in ("tools", "json_schema", "json_object"):
        measured = bench.ours([disclosure], 8, mode=mode, only=_fiscal)
        _row(table, f"gouji, {mode}", measured)
    _row(table, "instructor, one shot", bench.naive([text], 8))
    _row(table, "bare SDK, one shot", bench.bare([naive_messages(text)], 8))
    return table


def _modes(bench: "Bench") -> Table:
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


def _many(bench: "Bench", documents: int, at_once: int) -> Table:
    disclosures = list(islice(cycle(bench.disclosures), documents))
    messages = [each for disclosure in disclosures for each in bench.messages(disclosure)]
    title = f"{documents} documents, {at_once} requests at once, {LATENCY * 1000:.0f} ms latency"
    columns = "requests", "ideal s", "wall s", "over ideal", "of rounds", "CPU ms", "of SDK's", "server's", "others'"
    table = _table(title, *columns)
    bare = bench.bare(messages, at_once)
    for name, measured in (
        ("gouji, 1 process", bench.processes(documents, at_once, 1)),
        ("gouji, 2 processes", bench.processes(documents, at_once, 2)),
        ("bare SDK, the same requests", bare),
        ("instructor, one a document", bench.naive([d.unwrapped.text for d in disclosures], at_once)),
    ):
        ideal = measured.requests * LATENCY / at_once
        cpu = measured.cpu / measured.requests
        table.add_row(
            name,
            f"{measured.requests:,}",
            f"{ideal:.2f}",
            f"{measured.wall:.2f}",
            f"{measured.wall / ideal:.2f}×",
            f"{measured.wall / (ceil(measured.requests / at_once) * LATENCY):.2f}×",
            f"{cpu * 1000:.1f}",
            f"{cpu / (bare.cpu / bare.requests):.2f}×",
            f"{measured.server_cpu / measured.requests * 1000:.1f}",
            f"{measured.others:.0%}",
        )
    return table


def _called(base_url: str, paths: Sequence[Path], documents: int, sizes: Sequence[int]) -> Table:
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
        for at_once in sizes:
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


def _fiscal(disclosure: Disclosure) -> list[Passage]:
    return [passage for passage in passages_of(disclosure) if passage.kind not in NOT_FISCAL]
