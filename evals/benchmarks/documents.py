"""Seconds and memory of loading, quantities, reading and checking: `python -m evals.benchmarks.documents [PATH…]`.

Each stage of every document is timed on one core (CPU seconds, best of three), PDFs beside the bare text
extraction of pypdfium2 in the same run. Then a folder of 200 documents goes through `gouji extract` with one
process and with two, in turns, beside two independent runs of one process at once with half of the documents each:
what the machine itself makes of two. The peak memory is that of the gathering process, at 50 documents and at 200.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pypdfium2 as pdfium
from rich.console import Console
from rich.table import Table

from evals.benchmarks.files import bundled_files, copy_varied
from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.pipeline import conclude, read
from extractor.reading.rules import RulesReader
from extractor.version import VERSION
from schemas.extraction import Provenance

FOLDER = 200
ROUNDS = 3

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the given documents, by default the bundled ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--copies", type=int, default=FOLDER, help="documents of the folder")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each kind over the folder")
    chosen = parser.parse_args(arguments)
    paths = chosen.paths or bundled_files()
    console = Console(width=120)
    console.print(_stages(paths))
    _folder(console, paths, chosen.copies, chosen.rounds)


def _stages(paths: Sequence[Path]) -> Table:
    table = Table(title="CPU seconds of one document, one core")
    for title in ("document", "characters", "pages", "load", "prepare", "read", "check", "all", "pypdfium2", "ratio"):
        table.add_column(title, justify="left" if title == "document" else "right")
    for path in paths:
        rounds = [_one(path) for _ in range(ROUNDS)]
        characters, pages = rounds[0][1]
        best = [min(times) for times in zip(*(times for times, _ in rounds), strict=True)]
        bare = min(_timed(partial(_bare, path))[0] for _ in range(ROUNDS)) if path.suffix == ".pdf" else None
        table.add_row(
            f"{path.parent.name}/{path.name}",
            f"{characters:,}",
            str(pages or ""),
            *(f"{seconds:.3f}" for seconds in (*best, sum(best))),
            f"{bare:.3f}" if bare else "",
            f"{sum(best) / bare:.1f}×" if bare else "",
        )
    return table


def _one(path: Path) -> tuple[list[float], tuple[int, int]]:
    """The seconds of each stage; characters and pages."""
    provenance = Provenance(reader="rules", version=VERSION, created_at=datetime.now(UTC))
    loading, loaded = _timed(lambda: load(path))
    preparing, disclosure = _timed(lambda: prepare(loaded))
    reading, readings = _timed(lambda: read(disclosure, RulesReader()))
    checking, _ = _timed(lambda: conclude(disclosure, readings, provenance))
    return [loading, preparing, reading, checking], (len(loaded.text), len(loaded.pages))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def _bare(path: Path) -> int:
    """The text of a PDF and nothing else."""
    with pdfium.PdfDocument(path) as document:
        return sum(len(page.get_textpage().get_text_range()) for page in document)


def _folder(console: Console, paths: Sequence[Path], copies: int, rounds: int) -> None:
    """The same documents, made different in their bytes, with one process and with two."""
    few = max(len(paths), copies // 4)
    times: dict[str, list[float]] = {"1 process": [], "2 processes": [], "2 runs of half": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, count in (("many", copies), ("few", few), ("first", copies // 2), ("second", copies - copies // 2)):
            copy_varied(paths, folder / label, count)
        (small := _Run(folder, "few", 1)).end()
        for _ in range(rounds):
            times["1 process"].append((one := _Run(folder, "many", 1)).end())
            times["2 processes"].append(_Run(folder, "many", 2).end())
            halves = [_Run(folder, half, 1) for half in ("first", "second")]
            times["2 runs of half"].append(max([half.end() for half in halves]))
    once = min(times["1 process"])
    for label, seconds in times.items():
        each = ", ".join(f"{second:.1f}" for second in seconds)
        best = min(seconds)
        console.print(f"{copies} documents, {label}: {each} s; best {copies / best:.1f}/s, {once / best:.2f}×")
    console.print(
        f"peak memory of the process: {small.megabytes:.0f} MB at {few} documents, {one.megabytes:.0f} MB at {copies}"
    )


class _Run:
    """A run of `gouji extract` over a folder, which began when it was made."""

    def __init__(self, folder: Path, label: str, jobs: int) -> None:
        script = (
            "import resource, sys\nfrom extractor.cli import app\n"
            "try:\n    app()\nfinally:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        out = folder / f"out-{label}"
        command = [sys.executable, "-c", script, "extract", str(folder / label), "--out", str(out), f"--jobs={jobs}"]
        self.megabytes = 0.0
        self._started = time.perf_counter()
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def end(self) -> float:
        """Wall seconds until it is done; the peak memory of its process is known then."""
        _, said = self._process.communicate()
        if self._process.returncode:
            raise SystemExit(said[-2000:])
        self.megabytes = int(said.strip().splitlines()[-1]) / 1024
        return time.perf_counter() - self._started


if __name__ == "__main__":
    main()
