"""A reduced run of the chaos benchmark: every document done once, as without faults (`make chaos` is the full one)."""

from pathlib import Path

import pytest
from at_work import PATIENCE
from disclosures import disclosure

from evals.benchmarks import chaos
from evals.postgres import NoPostgres


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a worker takes long to start, and only living workers hand back what dead ones held."""
    monkeypatch.setattr(chaos, "STUCK_AFTER", float(PATIENCE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(60):
        disclosure(tmp_path / "in", total=f"{1000 + number}.00")
    return tmp_path


def test_workers_and_the_database_die(folder: Path) -> None:
    try:
        outcome = chaos.on_postgres(folder, kills=3, restarts=1, seed=3)
    except NoPostgres as error:
        pytest.skip(str(error))
    assert len(outcome.faults) == 4
    assert outcome.sound, str(outcome)


def test_a_single_process_dies(folder: Path) -> None:
    outcome = chaos.on_sqlite(folder, kills=2, seed=3)
    assert outcome.sound, str(outcome)
