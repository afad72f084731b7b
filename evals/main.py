"""The whole command line: what `gouji` runs. The service's commands, and those that measure it."""

from evals.cli import app as evals_app
from evals.simulation.command import simulate
from extractor.cli import app, main

app.add_typer(evals_app, name="eval")
app.command()(simulate)

__all__ = ["main"]

if __name__ == "__main__":
    main()
