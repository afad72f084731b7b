"""Fixtures for jobs."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_work import Workers

from evals.postgres import PostgresServer
from extractor.batch.engine import Engine
from extractor.batch.jobs import Jobs
from extractor.storage.database import Database, open_database


@pytest.fixture(scope="session")
def migrated(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL database with all tables; the engine's take seconds to make."""
    opened = open_database(postgres.create_database("migrated"))
    Engine(opened).close()
    opened.close()
    return "migrated"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without rows, of both kinds in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "gouji.sqlite")
    template: str = request.getfixturevalue("migrated")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create_database(f"test_{uuid.uuid4().hex}", template)


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
