"""`gouji simulate`: run the simulated server until interrupted."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from extractor.cli import fail
from extractor.errors import ConfigurationError
from schemas.base import GoujiError

if TYPE_CHECKING:
    from evals.simulation.server import SimulatedServer

_Kind = TypeVar("_Kind", bound=StrEnum)

ALL = "all"
HOST = "127.0.0.1"


def simulate(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="The documents that the model knows.")],
    gold: Annotated[
        Path | None, typer.Option(help="A folder with labels of documents, by the number in their names.")
    ] = None,
    port: Annotated[int, typer.Option(help="0 for any free one.")] = 8099,
    latency: Annotated[float, typer.Option(help="Seconds that an answer takes.", min=0)] = 0.2,
    slips: Annotated[
        list[str] | None, typer.Option("--slip", metavar="KIND=RATE", help="Reading errors; all=… for every kind.")
    ] = None,
    failures: Annotated[
        list[str] | None, typer.Option("--fail", metavar="KIND=RATE", help="Failures of the server.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed, the same errors and failures.")] = 0,
) -> None:
    """Run a simulated OpenAI-compatible model server on this machine, for trying the model path without a model."""
    from evals.simulation.failures import Failure, Failures
    from evals.simulation.model import SimulatedModel
    from evals.simulation.server import SimulatedServer
    from evals.simulation.slips import Slip, Slips
    from evals.simulation.truth import library_of

    try:
        made = Slips(rates_of(slips or (), Slip), seed) if slips else None
        chosen = Failures(rates_of(failures or (), Failure), seed)
        model = SimulatedModel(library_of(paths, gold), made)
    except GoujiError as error:
        fail(str(error))
    asyncio.run(_serve(SimulatedServer(model, chosen, latency), port))


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


async def _serve(server: "SimulatedServer", port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stopped.set)
    runner = await server.serve(HOST, port)
    print(f"listening on {server.base_url}  (GOUJI_BASE_URL={server.base_url} GOUJI_MODEL=simulated)", flush=True)
    try:
        await stopped.wait()
    finally:
        await runner.cleanup()
        counts = server.counts.as_json()
        print("; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in counts.items()), flush=True)


if __name__ == "__main__":
    typer.run(simulate)
