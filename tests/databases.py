"""Fixtures: empty databases, SQLite and a real PostgreSQL."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.postgres import NoPostgres, PostgresServer
from extractor.storage.database import Database, open_database


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole test run."""
    try:
        server = PostgresServer(["fsync=off", "max_connections=300"])
    except NoPostgres as error:
        pytest.skip(str(error))
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of both kinds in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "gouji.sqlite")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create_database(f"test_{uuid.uuid4().hex}")


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """A database with its tables."""
    opened = open_database(database_address)
    yield opened
    opened.close()
