"""Labels made on the spot, and the command line in this process."""

from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from evals.labels import Labels, PlacedFigure, RecordLabel


@pytest.fixture
def labelled() -> Callable[..., Labels]:
    """`labelled(raws, records)`: labels over figures given as printed, ten characters apart, q1, q2, …"""

    def make(raws: list[str], *records: tuple[str, dict[str, Any]], **rest: Any) -> Labels:
        return Labels(
            figures={
                f"q{i}": PlacedFigure(start=i * 20, end=i * 20 + len(raw), raw=raw) for i, raw in enumerate(raws, 1)
            },
            records=tuple(RecordLabel(type=name, fields=fields) for name, fields in records),
            **rest,
        )

    return make


@pytest.fixture(scope="session")
def gouji_eval() -> Callable[..., Result]:
    """`gouji_eval("run", "--out", folder)`: what `gouji eval run --out …` prints, and its exit status."""
    from evals.gouji import app

    runner = CliRunner(env={"COLUMNS": "200"})
    return lambda *arguments, **environment: runner.invoke(app, ["eval", *map(str, arguments)], env=environment)
