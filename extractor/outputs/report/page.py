"""The page of a run: parts of documents gathered on disk, put together at the end, never larger than its budgets."""

import base64
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup

from extractor.outputs.report.part import FindingPart, ReportPart
from extractor.outputs.report.rendering import environment, source_of
from extractor.outputs.summary import Summary
from extractor.version import VERSION
from schemas.checks import FindingKind

OPENED_BYTES = 6_000_000
PICTURE_BYTES = 5_000_000
FINDINGS_LISTED = 3_000
DOCUMENTS_LISTED = 1_000
DOCUMENT_BYTES = 4_000_000
FAILURES_LISTED = 500
"""The budgets of a page: 200 documents fit whole into most of them; 20 MB is what a browser opens at once."""


FIRST = 'document.documentElement.classList.add("js")'
"""Runs before the body is there: findings are closed from the start, or the browser would lay out all of them first."""


@dataclass
class Totals:
    """What a run comes to."""

    documents: int = 0
    records: int = 0
    quantities: int = 0
    proven: int = 0
    checked: int = 0
    unclaimed: int = 0
    kinds: Counter[FindingKind] = field(default_factory=Counter)
    hidden: list[str] = field(default_factory=list)

    @property
    def findings(self) -> int:
        """All findings."""
        return self.kinds.total()

    @property
    def proven_share(self) -> str:
        """Records proven among those that a check reaches, in percent; a dash where there are none."""
        return f"{100 * self.proven / self.checked:.1f}%" if self.checked else "–"


@dataclass(frozen=True)
class Cut:
    """How much of the findings and documents a page has room for, in their order."""

    listed: int
    opened: int
    pictured: int
    documents_listed: int
    documents_opened: int


@dataclass(frozen=True)
class _Line:
    """One finding of the page; `source` is None where it is cut."""

    document_id: str
    anchor: str
    kind: str
    cause: str
    stake: float
    line: Markup
    source: Markup | None
    pictures: Markup
    relations: Markup


class ReportWriter:
    """Gathers the parts of documents in a file of `folder` and writes the page; memory does not grow with them."""

    def __init__(self, folder: Path) -> None:
        self._spool = folder / ".report.db"
        self._db = sqlite3.connect(self._spool)
        self._db.execute(
            "create table findings (rank int, stake real, kind text, cause text, document text, anchor text, "
            "opened_size int, pictures_size int, line text, source text, pictures text, relations text)"
        )
        self._db.execute(
            "create table documents (id text, title text, department text, size int, line text, opened text)"
        )
        self._failures: list[tuple[str, str]] = []
        self._failed = 0
        self.totals = Totals()

    def add(self, summary: Summary, part: ReportPart | None) -> None:
        """Note one document and its findings; without a part it is counted and named as one that is not shown."""
        totals = self.totals
        totals.documents += 1
        totals.records += summary.records
        totals.quantities += summary.quantities
        totals.proven += summary.proven
        totals.checked += summary.checked
        totals.unclaimed += summary.unclaimed
        if part is None:
            totals.hidden.append(summary.name)
            return
        totals.kinds.update(each.kind for each in part.findings)
        self._db.execute(
            "insert into documents values (?, ?, ?, ?, ?, ?)",
            (part.document_id, part.title, part.department, _bytes(part.opened), str(part.line), str(part.opened)),
        )
        self._db.executemany(
            "insert into findings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, part.findings)
        )

    def fail(self, document: str, reason: str) -> None:
        """Note a file that could not be read."""
        self._failed += 1
        if len(self._failures) < FAILURES_LISTED:
            self._failures.append((document, reason))

    def write(self, path: Path) -> None:
        """Write the page."""
        cut = self._cut()
        style, script = source_of("report.css"), source_of("report.js")
        context = {
            "totals": self.totals,
            "failed": self._failed,
            "failures": self._failures,
            "cut": cut,
            "kinds": [kind for kind in FindingKind if self.totals.kinds[kind]],
            "names": self._names(cut),
            "departments": self._departments(),
            "findings": self._findings(cut),
            "documents": self._documents(cut),
            "style": Markup(style),
            "first": Markup(FIRST),
            "script": Markup(script),
            "style_hash": _hash(style),
            "first_hash": _hash(FIRST),
            "script_hash": _hash(script),
            "version": VERSION,
            "now": datetime.now(UTC),
        }
        with path.open("w", encoding="utf-8") as stream:
            for chunk in environment().get_template("report.html").generate(**context):
                stream.write(chunk)

    def close(self) -> None:
        """Remove what was gathered."""
        self._db.close()
        self._spool.unlink(missing_ok=True)

    def _cut(self) -> Cut:
        """What fits, the gravest findings first."""
        opened = pictured = listed = 0
        opened_bytes = picture_bytes = 0
        for opened_size, pictures_size in self._db.execute(
            "select opened_size, pictures_size from findings order by rank, stake desc, rowid"
        ):
            listed += 1
            opened_bytes, picture_bytes = opened_bytes + opened_size, picture_bytes + pictures_size
            opened += opened_bytes <= OPENED_BYTES
            pictured += picture_bytes <= PICTURE_BYTES
        documents_opened = document_bytes = 0
        for (size,) in self._db.execute("select size from documents order by rowid"):
            document_bytes += size
            documents_opened += document_bytes <= DOCUMENT_BYTES
        return Cut(
            min(listed, FINDINGS_LISTED),
            opened,
            pictured,
            min(self.totals.documents, DOCUMENTS_LISTED),
            documents_opened,
        )

    def _findings(self, cut: Cut) -> Iterator[_Line]:
        rows = self._db.execute(
            "select document, anchor, kind, cause, stake, line, source, pictures, relations from findings "
            "order by rank, stake desc, rowid limit ?",
            (cut.listed,),
        )
        for number, (document, anchor, kind, cause, stake, line, source, pictures, relations) in enumerate(rows):
            yield _Line(
                document,
                anchor,
                kind,
                cause,
                stake,
                Markup(line),
                Markup(source) if number < cut.opened else None,
                Markup(pictures) if number < cut.pictured else Markup(""),
                Markup(relations),
            )

    def _documents(self, cut: Cut) -> Iterator[tuple[str, Markup, Markup | None]]:
        rows = self._db.execute(
            "select id, line, opened from documents order by rowid limit ?", (cut.documents_listed,)
        )
        for number, (identity, line, opened) in enumerate(rows):
            yield identity, Markup(line), Markup(opened) if number < cut.documents_opened else None

    def _names(self, cut: Cut) -> list[tuple[str, str]]:
        """Documents by their id and name, in the order of their names."""
        return self._db.execute(
            "select id, title from documents order by title limit ?", (cut.documents_listed,)
        ).fetchall()

    def _departments(self) -> list[str]:
        rows = self._db.execute(
            "select distinct department from documents where department != '' order by 1 limit ?", (DOCUMENTS_LISTED,)
        )
        return [department for (department,) in rows]


def _row(part: FindingPart) -> tuple[int | float | str, ...]:
    keys = part.rank, float(part.stake), part.kind.value, part.cause.value, part.document_id, part.anchor
    sizes = _bytes(part.source) + _bytes(part.relations), _bytes(part.pictures)
    return *keys, *sizes, str(part.line), str(part.source), str(part.pictures), str(part.relations)


def _bytes(text: str) -> int:
    return len(text.encode())


def _hash(text: str) -> str:
    """What a content security policy calls a style sheet or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
