"""Fixtures for the review server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from servers import Lines, Process, Running, fill, serving

from extractor.storage.people import Role
from extractor.web import accounts


@pytest.fixture(autouse=True, scope="session")
def _quick_hashes() -> None:
    """Passwords of tests are no secrets: hashing them properly takes most of a second on a busy machine."""
    accounts._HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with three documents and an account of each role, for tests that leave them as they are."""
    folder = tmp_path_factory.mktemp("server")
    with serving(str(folder / "gouji.sqlite"), folder) as running:
        fill(running.database, folder, 3)
        for role in Role:
            running.add(f"the {role.value}", role)
        yield running


@pytest.fixture
def team(database_address: str, tmp_path: Path) -> Iterator[Running]:
    """A server of a test's own on each kind of database, with an account of each role."""
    with serving(database_address, tmp_path) as running:
        for role in Role:
            running.add(f"the {role.value}", role)
        yield running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts servers as users do; they end with the test."""
    started: list[Process] = []

    def one(*arguments: str, **environment: str) -> Process:
        started.append(Process(tmp_path, *arguments, **environment))
        return started[-1].ready()

    yield one
    for process in started:
        process.kill()


@pytest.fixture
def logged() -> Iterator[Lines]:
    """What is logged meanwhile."""
    import logging

    root, lines = logging.getLogger(), Lines()
    levels = {name: logging.getLogger(name).level for name in ("", "gouji", "uvicorn", "sqlalchemy.engine")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.INFO if name != "sqlalchemy.engine" else logging.WARNING)
    root.addHandler(lines)
    yield lines
    root.removeHandler(lines)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
