"""The whole command line: what `gouji` runs. The service's commands, and those that measure it."""

from evals.cli import app as evals_app
from extractor.cli import app, main

app.add_typer(evals_app, name="eval")

__all__ = ["main"]
