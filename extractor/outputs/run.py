"""The folder that one run writes: everything appears at once at the end, or not at all."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from extractor.outputs import lines
from extractor.outputs.render import Rendered
from extractor.outputs.tables import table_named

if TYPE_CHECKING:
    from extractor.outputs.writers import TableWriter

FORMATS = ("csv", "xlsx", "parquet")


class RunWriter:
    """Collects the extractions of a run and puts the finished files into `folder`.

    Files grow in a hidden folder beside the target while the run goes on, so a killed run leaves the last
    run's files as they were. Memory does not grow with the number of documents.
    """

    def __init__(self, folder: Path, formats: Sequence[str] = ("csv",)) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._work = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        (self._work / "documents").mkdir()
        self._facts = (self._work / "facts.jsonl").open("w", encoding="utf-8")
        self._checks = (self._work / "checks.jsonl").open("w", encoding="utf-8")
        self._failures: list[dict[str, str]] = []
        self._findings = _SortedFindings(self._work / ".findings.db")
        self._csv = _CsvFiles(self._work / "records")
        self._tables: list[TableWriter] = []
        if set(formats) & {"xlsx", "parquet"}:  # their libraries take a third of a second to import
            from extractor.outputs.writers import ParquetTables, Workbook
        if "xlsx" in formats:
            self._tables.append(Workbook(self._work / "records.xlsx"))
        if "parquet" in formats:
            self._tables.append(ParquetTables(self._work / "records.parquet"))

    @property
    def work(self) -> Path:
        """The folder under way, for further files of the run (the report)."""
        return self._work

    @property
    def tabular(self) -> bool:
        """True when documents must be rendered with their rows."""
        return bool(self._tables)

    def add(self, rendered: Rendered) -> None:
        """Write one document."""
        path = self._work / "documents" / f"{rendered.document_id}.json"
        path.write_text(rendered.document, encoding="utf-8")
        self._facts.write(rendered.facts)
        self._checks.write(rendered.checks)
        self._findings.add(rendered)
        self._csv.add(rendered)
        for table, row in rendered.rows:
            for writer in self._tables:
                writer.write(table, row)

    def fail(self, document: str, reason: str) -> None:
        """Note a file that could not be extracted."""
        self._failures.append({"document": document, "reason": reason})

    def finish(self) -> None:
        """Close everything and put it in place of the last run's files."""
        self._close()
        self._findings.write(self._work / "findings.jsonl")
        if self._failures:
            text = "".join(map(lines.as_line, self._failures))
            (self._work / "failures.jsonl").write_text(text, encoding="utf-8")
        for name in ("failures.jsonl", "records.xlsx", "records.parquet"):
            if not (self._work / name).exists():
                _remove(self._folder / name)
        for entry in sorted(self._work.iterdir()):
            if not entry.name.startswith("."):
                _replace(entry, self._folder / entry.name)
        shutil.rmtree(self._work)

    def _close(self) -> None:
        self._facts.close()
        self._checks.close()
        self._csv.close()
        for writer in self._tables:
            writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.finish()
        else:
            self._close()
            self._findings.close()
            shutil.rmtree(self._work, ignore_errors=True)


class _CsvFiles:
    """One CSV file a table, UTF-8 with a byte order mark, so that Excel opens it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._streams: dict[str, TextIO] = {}
        folder.mkdir()

    def add(self, rendered: Rendered) -> None:
        for table, text in rendered.csv.items():
            if table not in self._streams:
                stream = (self._folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="")
                stream.write(",".join(table_named(table).columns) + "\r\n")
                self._streams[table] = stream
            self._streams[table].write(text)

    def close(self) -> None:
        for stream in self._streams.values():
            stream.close()


class _SortedFindings:
    """Findings of all documents, sorted on disk by gravity."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path)
        self._db.execute("create table findings (kind int, stake real, line text)")

    def add(self, rendered: Rendered) -> None:
        rows = [(kind, float(stake), line) for kind, stake, line in rendered.findings]
        self._db.executemany("insert into findings values (?, ?, ?)", rows)

    def write(self, path: Path) -> None:
        self._db.commit()
        with path.open("w", encoding="utf-8") as stream:
            for (line,) in self._db.execute("select line from findings order by kind, stake, rowid"):
                stream.write(line)
        self.close()

    def close(self) -> None:
        self._db.close()
        self._path.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _replace(new: Path, old: Path) -> None:
    """Put a file or folder where another may stand; for a folder the old one is moved away first."""
    if old.is_dir():
        trash = Path(tempfile.mkdtemp(prefix=".old-", dir=old.parent))
        os.replace(old, trash / old.name)
        os.replace(new, old)
        shutil.rmtree(trash)
    else:
        os.replace(new, old)
