"""`gouji simulate`: run the simulated server until interrupted."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from evals.simulation.failures import Failure, Failures
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.slips import Slip, Slips
from evals.simulation.truth import library_of
from extractor.errors import ConfigurationError

_Kind = TypeVar("_Kind", bound=StrEnum)

ALL = "all"


def simulate(
    paths: Sequence[Path],
    gold: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8099,
    latency: float = 0.2,
    slips: Sequence[str] = (),
    failures: Sequence[str] = (),
    seed: int = 0,
) -> None:
    """Serve answers about the documents at `paths` on loopback, and say where.

    `slips` and `failures` are rates by kind: `swap=0.05`, `429=0.1`, or `all=0.01`. Raises ConfigurationError
    for an unknown kind or a rate outside [0, 1], LoadError for a document that cannot be read.
    """
    made = Slips(rates_of(slips, Slip), seed) if slips else None
    model = SimulatedModel(library_of(paths, gold), made)
    server = SimulatedServer(model, Failures(rates_of(failures, Failure), seed), latency)
    asyncio.run(_serve(server, host, port))


def rates_of(given: Sequence[str], kinds: type[_Kind]) -> Mapping[_Kind, float]:
    """Rates by kind from `kind=rate`; `all=rate` sets every kind."""
    rates: dict[_Kind, float] = {}
    for each in given:
        name, _, rate = each.partition("=")
        try:
            value = float(rate)
            chosen = list(kinds) if name == ALL else [kinds(name)]
        except ValueError:
            known = ", ".join([*kinds, ALL])
            raise ConfigurationError(
                f"{each!r}: give KIND=RATE with a kind of {known} and a rate from 0 to 1"
            ) from None
        if not 0 <= value <= 1:
            raise ConfigurationError(f"{each!r}: a rate is between 0 and 1")
        rates.update(dict.fromkeys(chosen, value))
    return rates


async def _serve(server: SimulatedServer, host: str, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stopped.set)
    runner = await server.serve(host, port)
    print(f"listening on {server.base_url}  (GOUJI_BASE_URL={server.base_url} GOUJI_MODEL=simulated)", flush=True)
    try:
        await stopped.wait()
    finally:
        await runner.cleanup()
        counts = server.counts.as_json()
        print("; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in counts.items()), flush=True)


def main() -> None:
    """`python -m evals.simulation.command PATH… [--gold DIR] [--port N] [--latency S] [--slip K=R]… [--fail K=R]…`"""
    import argparse

    parser = argparse.ArgumentParser(description=simulate.__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--slip", action="append", default=[])
    parser.add_argument("--fail", action="append", default=[])
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    simulate(given.paths, given.gold, "127.0.0.1", given.port, given.latency, given.slip, given.fail, given.seed)


if __name__ == "__main__":
    main()
