"""Batch jobs as the server reaches them: the engine is opened when the first request needs it."""

import threading
from typing import TYPE_CHECKING

from extractor.review.desk import Desk

if TYPE_CHECKING:  # the engine takes most of a second to import
    from extractor.batch.engine import Engine
    from extractor.batch.jobs import Jobs


class JobLink:
    """One per server process. Opening the engine makes its tables, which takes seconds the first time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    @property
    def jobs(self) -> "Jobs":
        """The jobs of the desk's database."""
        from extractor.batch.engine import Engine
        from extractor.batch.jobs import Jobs

        with self._lock:
            if self._engine is None:
                self._engine = Engine(self._desk.database)
            return Jobs(self._desk.database, self._engine)

    def close(self) -> None:
        """Close the engine's connections."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
                self._engine = None
