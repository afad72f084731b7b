"""The folder that one run writes: everything appears at once at the end, or not at all."""

import codecs
import os
import pickle
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from extractor.outputs import lines
from extractor.outputs.render import Rendered, Wanted
from extractor.outputs.tables import Row, table_named

if TYPE_CHECKING:
    from extractor.outputs.report.page import ReportWriter
    from extractor.outputs.writers import TableWriter

FORMATS = ("csv", "xlsx", "parquet")

ALWAYS = ("documents", "jsonl", "csv")
"""What a run of `gouji extract` writes, whatever else is asked for."""


class RunWriter:
    """Collects the extractions of a run and puts the finished files into `folder`.

    Files grow in a hidden folder beside the target while the run goes on, so a killed run leaves the last
    run's files as they were. Memory does not grow with the number of documents. `formats` are any of documents
    (one JSON file each, and where their files are), jsonl (facts, checks, findings), csv, xlsx, parquet.
    """

    def __init__(self, folder: Path, formats: Sequence[str] = ALWAYS) -> None:
        self._folder = folder
        self._formats = frozenset(formats)
        folder.mkdir(parents=True, exist_ok=True)
        self._work = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        self._failures: list[dict[str, str]] = []
        self._findings = _SortedFindings(self._work / ".findings.db")
        names: list[str] = []
        if "documents" in formats:
            (self._work / "documents").mkdir()
            names += ["sources"]
        if "jsonl" in formats:
            names += ["facts", "checks"]
        self._lines: dict[str, BinaryIO] = {name: (self._work / f"{name}.jsonl").open("wb") for name in names}
        self._csv = _CsvFiles(self._work / "records") if "csv" in formats else None
        self._report = _report(self._work) if "report" in formats else None
        self._tables: list[TableWriter] = []
        if self._formats & {"xlsx", "parquet"}:  # their libraries take a third of a second to import
            from extractor.outputs.writers import ParquetTables, Workbook
        if "parquet" in formats:
            self._tables.append(ParquetTables(self._work / "records.parquet"))
        if "xlsx" in formats:
            self._tables.append(Workbook(self._work / "records.xlsx"))

    @property
    def tabular(self) -> bool:
        """True when documents must be rendered with their rows."""
        return bool(self._tables)

    @property
    def wanted(self) -> Wanted:
        """What documents must be rendered with."""
        return Wanted(self.tabular, self._report is not None)

    def add(self, rendered: Rendered) -> None:
        """Write one document."""
        if "documents" in self._formats:
            path = self._work / "documents" / f"{rendered.document_id}.json"
            path.write_bytes(rendered.document)
            if rendered.source is not None:
                line = {"document_id": rendered.document_id, "address": rendered.source}
                self._lines["sources"].write(lines.as_line(line).encode())
        if "jsonl" in self._formats:
            self._lines["facts"].write(rendered.facts)
            self._lines["checks"].write(rendered.checks)
        self._findings.add(rendered)
        if self._csv:
            self._csv.add(rendered)
        for table, row in rendered.rows:
            for writer in self._tables:
                writer.write(table, row, rendered.source)
        if self._report:
            self._report.add(rendered.summary, rendered.report)

    def fail(self, document: str, reason: str) -> None:
        """Note a file that could not be extracted."""
        self._failures.append({"document": document, "reason": reason})
        if self._report:
            self._report.fail(document, reason)

    def finish(self) -> None:
        """Close everything and put it in place of the last run's files."""
        for row, source in self._findings.rows() if self._tables else ():
            for writer in self._tables:
                writer.write("findings", row, source)
        self._close()
        if "jsonl" in self._formats:
            self._findings.write(self._work / "findings.jsonl")
        self._findings.close()
        if self._report:
            self._report.write(self._work / "report.html")
            self._report.close()
        if self._failures:
            text = "".join(map(lines.as_line, self._failures))
            (self._work / "failures.jsonl").write_text(text, encoding="utf-8")
        for name in ("failures.jsonl", "records.xlsx", "records.parquet", "report.html"):
            if not (self._work / name).exists():
                _remove(self._folder / name)
        for entry in sorted(self._work.iterdir()):
            if not entry.name.startswith("."):
                _replace(entry, self._folder / entry.name)
        shutil.rmtree(self._work)

    def _close(self) -> None:
        for stream in self._lines.values():
            stream.close()
        if self._csv:
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
            if self._report:
                self._report.close()
            shutil.rmtree(self._work, ignore_errors=True)


def _report(folder: Path) -> "ReportWriter":
    from extractor.outputs.report.page import ReportWriter  # its libraries are for those who want a report

    return ReportWriter(folder)


class _CsvFiles:
    """One CSV file a table, UTF-8 with a byte order mark, so that Excel opens it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._streams: dict[str, BinaryIO] = {}
        folder.mkdir()

    def add(self, rendered: Rendered) -> None:
        for table, text in rendered.csv.items():
            if table not in self._streams:
                stream = (self._folder / f"{table}.csv").open("wb")
                stream.write(codecs.BOM_UTF8 + ",".join(table_named(table).columns).encode() + b"\r\n")
                self._streams[table] = stream
            self._streams[table].write(text)

    def close(self) -> None:
        for stream in self._streams.values():
            stream.close()


class _SortedFindings:
    """Findings of all documents, sorted on disk by gravity; their rows only where tables are written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path)
        self._db.execute("create table findings (kind int, stake real, line text, entry blob, source text)")

    def add(self, rendered: Rendered) -> None:
        entries = [pickle.dumps(row) for row in rendered.finding_rows] or [b""] * len(rendered.findings)
        rows = [
            (kind, float(stake), line, entry, rendered.source)
            for (kind, stake, line), entry in zip(rendered.findings, entries, strict=True)
        ]
        self._db.executemany("insert into findings values (?, ?, ?, ?, ?)", rows)

    def rows(self) -> Iterator[tuple[Row, str | None]]:
        """Every finding as a row, with its document's address; most serious first."""
        for entry, source in self._db.execute("select entry, source from findings order by kind, stake, rowid"):
            yield pickle.loads(entry), source

    def write(self, path: Path) -> None:
        with path.open("w", encoding="utf-8") as stream:
            for (line,) in self._db.execute("select line from findings order by kind, stake, rowid"):
                stream.write(line)

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
