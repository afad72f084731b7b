"""Seconds and memory of loading, quantities, reading and checking: `python -m evals.benchmarks.documents [PATH…]`.

Each stage of every document is timed on one core (CPU seconds, best of three), PDFs beside the bare text
extraction of pypdfium2 in the same run. Then a folder of 200 documents goes through `gouji extract` with one
process and with two; the peak memory is that of the largest process, at 50 documents and at 200.
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
    chosen = parser.parse_args(arguments)
    paths = chosen.paths or bundled_files()
    console = Console(width=120)
    console.print(_stages(paths))
    _folder(console, paths, chosen.copies)


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


def _folder(console: Console, paths: Sequence[Path], copies: int) -> None:
    """The same documents, made different in their bytes, with one process and with two."""
    with tempfile.TemporaryDirectory() as name:
        many, few = Path(name, "many"), Path(name, "few")
        copy_varied(paths, many, copies)
        copy_varied(paths, few, max(len(paths), copies // 4))
        _, small = _run(few, Path(name, "out"), 1)
        one, large = _run(many, Path(name, "out"), 1)
        two, _ = _run(many, Path(name, "out"), 2)
    console.print(
        f"{copies} documents: 1 process {one:.1f} s ({copies / one:.1f}/s), 2 processes {two:.1f} s: {one / two:.2f}×"
    )
    console.print(
        f"peak memory of the process: {small:.0f} MB at {max(len(paths), copies // 4)} documents, {large:.0f} MB at {copies}"
    )


def _run(folder: Path, out: Path, jobs: int) -> tuple[float, float]:
    """Wall seconds of `gouji extract` over a folder, and the peak memory of its process in MB."""
    script = (
        "import resource, sys\nfrom extractor.cli import app\n"
        "try:\n    app()\nfinally:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, "extract", str(folder), "--out", str(out), "--jobs", str(jobs)]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    return seconds, int(done.stderr.strip().splitlines()[-1]) / 1024


if __name__ == "__main__":
    main()
