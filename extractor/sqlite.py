"""SQLite's write-ahead log, switched on by whichever of several connections comes first."""

import sqlite3

from tenacity import retry, retry_if_exception, stop_after_delay, wait_random

PATIENCE = 30.0
"""Seconds to wait for others that work on the same file."""


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


@retry(retry=retry_if_exception(_is_busy), wait=wait_random(0.005, 0.05), stop=stop_after_delay(PATIENCE), reraise=True)
def log_ahead(connection: sqlite3.Connection) -> None:
    """Have readers beside one writer. Raises sqlite3.OperationalError when others keep the file to themselves.

    SQLite's own timeout does not help here: of two connections to a new file that both switch, one fails at once.
    """
    connection.execute("pragma journal_mode = wal")
