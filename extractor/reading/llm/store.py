"""Good answers, kept by what was asked; and how every section ended.

One SQLite file in WAL mode, safe for several processes. An answer goes in when its records were accepted, and
only then: a failure is asked again the next time. A run that was killed therefore asks only what is unfinished.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.sqlite import PATIENCE, log_ahead
from schemas.extraction import SectionOutcome

_TABLES = """
create table if not exists answers (
    key text primary key, lines text not null, model text not null, prompt text not null,
    at text not null default current_timestamp
) without rowid;
create table if not exists outcomes (
    document text not null, section text not null, mode text not null, model text not null,
    outcome text not null, reason text, input integer not null, cached integer not null, output integer not null,
    seconds real not null, at text not null default current_timestamp,
    primary key (document, section, mode, model)
) without rowid;
"""


@dataclass(frozen=True)
class Ended:
    """How the reading of a section ended, with its share of the cost."""

    section: str
    outcome: SectionOutcome
    reason: str | None
    input: int
    cached: int
    output: int
    seconds: float


def key_of(model: str, system: str, user: str, temperature: float | None) -> str:
    """The content address of an answer: what was asked, of which model."""
    digest = _begun(model, system, temperature).copy()
    digest.update(f"{json.dumps(user, ensure_ascii=False)}]".encode())
    return digest.hexdigest()


@lru_cache(maxsize=64)
def _begun(model: str, system: str, temperature: float | None) -> "hashlib._Hash":
    """The hash of `[model, temperature, system, user]` as JSON, up to the user's text: prompts are few."""
    asked = json.dumps([model, temperature, system], ensure_ascii=False)
    return hashlib.sha256(f"{asked[:-1]}, ".encode())


class Store:
    """The file of answers and outcomes. Raises ConfigurationError when it cannot be opened."""

    def __init__(self, path: Path, answers: bool = True) -> None:
        self._answers = answers
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            log_ahead(self._connection)
            # a power cut may lose the last answers, which are then asked again; a kill loses nothing
            self._connection.execute("pragma synchronous=normal")
            self._connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(
                f"打不开答案缓存 {path} (GOUJI_CACHE_FILE: the file of answers cannot be opened): {error}"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def answer(self, key: str) -> list[str] | None:
        """The lines that were answered before, None if none were or the cache is off."""
        if not self._answers:
            return None
        row = self._connection.execute("select lines from answers where key = ?", (key,)).fetchone()
        return [str(line) for line in json.loads(row[0])] if row else None

    def keep(self, key: str, lines: Sequence[str], model: str, prompt: str) -> None:
        """Keep a good answer."""
        if self._answers:
            self._connection.execute(
                "insert or replace into answers (key, lines, model, prompt) values (?, ?, ?, ?)",
                (key, json.dumps(list(lines), ensure_ascii=False), model, prompt),
            )

    def record(self, document: str, mode: str, model: str, ended: Iterable[Ended]) -> None:
        """Write down how the sections of a document ended, in one transaction."""
        rows = [
            (document, e.section, mode, model, e.outcome.value, e.reason, e.input, e.cached, e.output, e.seconds)
            for e in ended
        ]
        self._connection.execute("begin immediate")
        self._connection.executemany(
            "insert or replace into outcomes (document, section, mode, model, outcome, reason, input, cached, output,"
            " seconds) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        self._connection.execute("commit")

    def outcomes(self, document: str) -> dict[str, tuple[SectionOutcome, str | None]]:
        """How the sections of a document ended last, by section id."""
        rows = self._connection.execute(
            "select section, outcome, reason from outcomes where document = ? order by at", (document,)
        )
        return {section: (SectionOutcome(outcome), reason) for section, outcome, reason in rows}
