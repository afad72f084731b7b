"""The simulated server of benchmarks, in a process of its own."""

import asyncio
import json
import multiprocessing
import re
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.truth import library_of
from prompts.loader import MARK

LATENCY = 0.2
"""Seconds that every answer takes."""

NAIVE = "Extract every figure of this budget disclosure."
"""What a request begins with that asks for the figures themselves."""


@contextmanager
def serving(paths: Sequence[Path], gold: Path | None) -> Iterator[str]:
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
    if MARK.search(asked) or not asked.startswith(NAIVE):
        return None
    items = [{"label": label, "value": value, "unit": unit} for label, value, unit in _FIGURE.findall(asked)]
    return json.dumps({"items": items}, ensure_ascii=False)


def stats_of(base_url: str) -> dict[str, float]:
    """What the server counted so far."""
    with urllib.request.urlopen(f"{base_url.removesuffix('/v1')}/stats", timeout=10) as response:
        counts: dict[str, float] = json.load(response)
        return counts
