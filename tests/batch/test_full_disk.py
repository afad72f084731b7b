"""A full disk is waited out: nothing is lost, nothing fails for it."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_work import PATIENCE, Workers, states, wait_for
from disclosures import disclosure

from extractor.batch.engine import Engine
from extractor.batch.inputs import entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.progress import progress_of
from extractor.batch.reading import ReadingOptions
from extractor.storage.database import open_database

FILES = 40
"""More than a fast machine reads before it is seen that the first one is done."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk takes root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("reserve", [3, 0], ids=["nearly full", "full"])
def test_a_full_disk_is_waited_out(small_disk: Path, tmp_path: Path, reserve: int) -> None:
    for number in range(FILES):
        disclosure(tmp_path / "files", total=f"{1000 + number}.00")
    address = str(small_disk / "gouji.sqlite")
    database = open_database(address)
    engine = Engine(database)
    Jobs(database, engine).submit("a", entries_of([str(tmp_path / "files")]), ReadingOptions())
    engine.close()
    ballast = small_disk / "ballast"
    workers = Workers(address, tmp_path)
    try:
        if reserve:
            _fill(ballast, leaving=1 << 20)
        workers.start("--concurrency", "2", GOUJI_DISK_RESERVE_MEGABYTES=str(reserve))
        if reserve:
            wait_for(lambda: _trouble(address) is not None, PATIENCE, workers)
            assert "磁盘将满" in str(_trouble(address))
        else:
            wait_for(lambda: states(database).get("done", 0) >= 1, PATIENCE, workers)
            _fill(ballast, leaving=0)
            time.sleep(8)
            assert states(database).get("waiting", 0), "it was full before all was done"
        ballast.unlink()
        wait_for(lambda: states(database) == {"done": FILES}, PATIENCE, workers)
    finally:
        workers.close()
        database.close()


def _fill(ballast: Path, leaving: int) -> None:
    """Take all of the disk but so many bytes."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
    if leaving:
        with ballast.open("r+b") as file:
            file.truncate(ballast.stat().st_size - leaving)


def _trouble(address: str) -> str | None:
    database = open_database(address, migrate=False)
    try:
        with database.transaction() as session:
            return progress_of(session, 1).trouble
    finally:
        database.close()
