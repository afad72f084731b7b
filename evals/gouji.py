"""The whole command line of `gouji`: the service's commands, and those that measure it."""

from evals.cli import app as evals_app
from evals.simulation.command import simulate
from extractor.cli import app, main

app.add_typer(evals_app, name="eval")
app.command()(simulate)

__all__ = ["app", "main"]
