"""Fixtures for jobs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from at_work import Workers

from extractor.batch.engine import Engine
from extractor.batch.jobs import Jobs
from extractor.storage.database import Database


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """The engine at an empty database."""
    opened = Engine(database)
    yield opened
    opened.close()


@pytest.fixture
def jobs(database: Database, engine: Engine) -> Jobs:
    """The jobs of an empty database."""
    return Jobs(database, engine)


@pytest.fixture
def workers(database_address: str, tmp_path: Path) -> Iterator[Workers]:
    """Worker processes that end with the test."""
    started = Workers(database_address, tmp_path)
    yield started
    started.close()
