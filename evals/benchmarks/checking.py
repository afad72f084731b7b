"""Seconds of checking a sixty-page final account with 5,000 quantities: `python -m evals.benchmarks.checking`.

The document (see `evals.benchmarks.department`) is written as a web page, or with `--format` as PDF, text or a word
processor's file. Each stage is timed on one core (CPU seconds, best of some rounds), so that what checking costs
stands beside what reading costs in the same run. The goal is 0.3 s of checking.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from evals.benchmarks.department import large_account
from evals.fixtures.build import BUILDERS
from extractor.checking import check_records
from extractor.collecting import collect_seldom
from extractor.documents.contexts import with_contexts
from extractor.documents.disclosure import prepare
from extractor.documents.lines import lines_of
from extractor.documents.loading import load
from extractor.documents.quantities import find_mentions
from extractor.documents.regions import regions_of
from extractor.documents.tables.build import tables_of
from extractor.pipeline import conclude, read
from extractor.reading.rules import RulesReader
from extractor.version import VERSION
from schemas.extraction import Provenance
from schemas.quantities import Role

GOAL = 0.3
ROUNDS = 5

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> float:
    """Measure every stage; prints and returns the seconds of checking."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.checking", description=__doc__)
    parser.add_argument("--format", choices=sorted(BUILDERS), default="html", help="the file that is read")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"disclosure.{chosen.format}")
        path.write_bytes(BUILDERS[chosen.format](large_account()))
        collect_seldom()
        rounds = [_one(path) for _ in range(chosen.rounds)]
    size = rounds[0][1]
    best = {stage: min(times[stage] for times, _ in rounds) for stage in rounds[0][0]}
    table = Table(title=f"CPU seconds, one core: {size}")
    for stage in best:
        table.add_column(stage, justify="right")
    table.add_row(*(f"{seconds:.3f}" for seconds in best.values()))
    console = Console(width=120)
    console.print(table)
    reading = best["prepare"] + best["read"]
    console.print(
        f"checking {best['check']:.3f} s (goal {GOAL} s): {best['check'] / reading:.2f} of preparing and reading"
    )
    return best["check"]


def _one(path: Path) -> tuple[dict[str, float], str]:
    """The seconds of each stage, and how large the document is.

    `quantities` and `tables` are parts of `prepare`; `check` is the part of `conclude` that checks, the rest makes the
    records of tables and puts everything together.
    """
    seconds: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], T]) -> T:
        started = time.process_time()
        result = work()
        seconds[stage] = time.process_time() - started
        return result

    loaded = timed("load", lambda: load(path))
    disclosure = timed("prepare", lambda: prepare(loaded))
    text = disclosure.unwrapped.text
    timed("quantities", lambda: with_contexts(text, find_mentions(text)))
    lines = lines_of(loaded)
    regions = regions_of(loaded, lines)
    timed("tables", lambda: tables_of(loaded, lines, regions))
    readings = timed("read", lambda: read(disclosure, RulesReader()))
    provenance = Provenance(reader="rules", version=VERSION, created_at=datetime.now(UTC))
    extraction = timed("conclude", lambda: conclude(disclosure, readings, provenance))
    verdict = timed("check", lambda: check_records(disclosure, extraction.records))
    cells = sum(quantity.role is Role.TABLE for quantity in disclosure.quantities)
    return seconds, (
        f"{len(loaded.text):,} characters, {f'{len(loaded.pages)} pages, ' if loaded.pages else ''}"
        f"{len(disclosure.quantities):,} quantities ({cells:,} in tables),"
        f" {len(verdict.checks):,} checks, {len(verdict.findings)} findings"
    )


if __name__ == "__main__":
    main()
