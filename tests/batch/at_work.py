"""Worker processes as users start them, and what to look at while they work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from extractor.storage.database import Database
from extractor.storage.work import ItemRow

ROOT = Path(__file__).resolve().parents[2]

PATIENCE = 180
"""Seconds to wait for what takes two or three on a machine with nothing else to do."""


class Workers:
    """Real worker processes at one database."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start `gouji worker`, its log in the test's folder."""
        command = [sys.executable, "-m", "extractor", "worker", "--database", self._address, *options]
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "GOUJI_LOG_FORMAT": "json", **environment}
        with (self._folder / f"worker-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=self._folder, env=settings, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def logs(self) -> str:
        """What all workers logged, for failing tests."""
        return "\n".join(path.read_text()[-3000:] for path in sorted(self._folder.glob("worker-*.log")))

    def close(self) -> None:
        """Kill what is left."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(10)


def states(database: Database) -> dict[str, int]:
    """How many files there are in each state."""
    with database.transaction() as session:
        rows = session.execute(sa.select(ItemRow.state, sa.func.count().label("files")).group_by(ItemRow.state))
        return {row.state: row.files for row in rows}


def wait_for(what: Callable[[], bool], seconds: float, workers: Workers | None = None) -> None:
    """Wait until something is so; fail with the workers' logs when it does not come about in time."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s\n{workers.logs() if workers else ''}")
        time.sleep(0.1)
