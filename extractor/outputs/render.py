"""One extraction turned into the text that goes into the run's files.

Rendering is the larger part of writing; it is done where the extraction is made, so that with several
processes the one that writes only appends.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.outputs import lines
from extractor.outputs.report.part import Original, ReportPart, part_or_none
from extractor.outputs.summary import Summary, summary_of
from extractor.outputs.tables import (
    CHECKS,
    FACTS,
    Row,
    Table,
    Value,
    check_rows,
    fact_rows,
    finding_rows,
    rows_of,
    table_named,
)
from schemas.extraction import Extraction


@dataclass(frozen=True)
class Rendered:
    """Everything that one document adds to a run's files.

    What goes into files is encoded already (UTF-8): the process that writes only appends it. `findings` come with
    what sorts them, `finding_rows` in the same order; `rows` and these are filled only where a workbook or Parquet is
    written. `source` is the file's address, where links should lead.
    """

    document_id: str
    document: bytes
    facts: bytes
    checks: bytes
    findings: tuple[tuple[int, Decimal, str], ...]
    messages: tuple[tuple[int, Decimal, str], ...]
    csv: dict[str, bytes]
    summary: Summary
    rows: tuple[tuple[str, Row], ...] = field(default=())
    finding_rows: tuple[Row, ...] = field(default=())
    source: str | None = None
    report: ReportPart | None = None


@dataclass(frozen=True)
class Wanted:
    """What else of a document must be rendered: `tabular` its rows, `report` its part of the report."""

    tabular: bool = False
    report: bool = False


def render_wanted(extraction: Extraction, wanted: Wanted, original: Original) -> Rendered:
    """The text of one document for the files that a run was asked for."""
    source = str(original.path.resolve())
    return render(extraction, wanted.tabular, source, original if wanted.report else None)


def render(
    extraction: Extraction, tabular: bool = False, source: str | None = None, original: Original | None = None
) -> Rendered:
    """The text of one document for every file of a run; `tabular` adds the rows for other formats, `original` the
    part of the report."""
    rows = tuple(rows_of(extraction))
    beside = (*_named(FACTS, fact_rows(extraction)), *_named(CHECKS, check_rows(extraction))) if tabular else ()
    gravities = [lines.gravity(finding) for finding in extraction.findings]
    finding_lines = map(lines.as_line, lines.findings(extraction))
    return Rendered(
        document_id=extraction.document.id,
        document=extraction.to_json().encode(),
        facts="".join(map(lines.as_line, lines.facts(extraction))).encode(),
        checks="".join(map(lines.as_line, lines.checks(extraction))).encode(),
        findings=tuple((*g, line) for g, line in zip(gravities, finding_lines, strict=True)),
        messages=tuple((*g, f.message) for g, f in zip(gravities, extraction.findings, strict=True)),
        csv=_csv(rows),
        summary=summary_of(extraction),
        rows=(*rows, *beside) if tabular else (),
        finding_rows=tuple(finding_rows(extraction)) if tabular else (),
        source=source,
        report=part_or_none(extraction, original) if original is not None else None,
    )


def _named(table: Table, rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    return ((table.name, row) for row in rows)


def _csv(rows: tuple[tuple[str, Row], ...]) -> dict[str, bytes]:
    by_table: dict[str, list[Row]] = {}
    for table, row in rows:
        by_table.setdefault(table, []).append(row)
    return {table: _csv_of(table_named(table).columns, of_table) for table, of_table in by_table.items()}


def _csv_of(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([as_cell(row.get(name)) for name in columns] for row in rows)
    return stream.getvalue().encode()


def as_cell(value: Value) -> str | int | None:
    """A value for a spreadsheet's text cell; what begins like a formula is kept as text."""
    if value is None:  # most cells of a record's row
        return None
    text = format(value, "f") if isinstance(value, Decimal) else value
    return "'" + text if isinstance(text, str) and text[:1] in ("=", "+", "@", "\t") else text
