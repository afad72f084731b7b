"""Labels made on the spot."""

from collections.abc import Callable
from typing import Any

import pytest

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
