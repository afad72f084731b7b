"""Tables written as an Excel workbook or as Parquet, row by row with constant memory."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from extractor.outputs.tables import CHECKS, FACTS, FINDINGS, Row, Table, Value, all_tables, table_named
from schemas.fields import FieldKind

ROWS_PER_SHEET = 1_048_575
"""An Excel sheet holds this many rows under its header; what is more goes to a sheet of its own."""

LINKS_PER_SHEET = 65_530
"""An Excel sheet holds this many links; pages of later rows are figures only."""

LONGEST_CELL = 32_767
"""An Excel cell holds this many characters; longer texts are cut there."""

ROWS_HELD = 200_000
"""Rows held in memory, over all Parquet tables and years, before the largest group is written."""

_WIDTHS = {
    "document": 32,
    "section": 36,
    "message": 70,
    "message_en": 50,
    "evidence": 60,
    "department": 24,
    "label": 28,
}
_WIDTH = 14
_WHOLE = ("page", "number", "start", "end")


class TableWriter(Protocol):
    """Takes rows of any table, in any order."""

    def write(self, table: str, row: Row, source: str | None = None) -> None:
        """Write one row; `source` is the address of its document."""
        ...

    def close(self) -> None:
        """Finish the files."""
        ...


class Workbook:
    """One Excel workbook: findings first, a sheet a record type; header frozen, filters on, figures as numbers.

    Where the address of a document is known, its page is a link to that page of it.
    """

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._header = self._book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1})
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        self._sheets: dict[str, tuple[Any, int]] = {FINDINGS.name: (self._add_sheet(FINDINGS.name, FINDINGS), 0)}

    def write(self, table: str, row: Row, source: str | None = None) -> None:
        """Append a row to its table's sheet; facts and checks are too many for a workbook."""
        if table in (FACTS.name, CHECKS.name):
            return
        declared = table_named(table)
        sheet, filled = self._sheets.get(table) or (self._add_sheet(table, declared), 0)
        part, at = divmod(filled, ROWS_PER_SHEET)
        if at == 0 and part:
            sheet = self._add_sheet(f"{table} ({part + 1})", declared)
        for column, name in enumerate(declared.columns):
            value = row.get(name)
            if name == "page" and source and at < LINKS_PER_SHEET:
                sheet.write_url(at + 1, column, _link(source, value), string=str(value or "↗"))
            elif value is not None:
                self._write_cell(sheet, at + 1, column, value, name)
        self._sheets[table] = sheet, filled + 1

    def _add_sheet(self, title: str, table: Table) -> Any:
        """A new sheet with its header row."""
        sheet = self._book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(table.columns):
            text = table.kinds.get(name) is FieldKind.TEXT
            sheet.set_column(column, column, _WIDTHS.get(name, 2 * _WIDTH if text else _WIDTH))
            sheet.write_string(0, column, name, self._header)
        sheet.autofilter(0, 0, ROWS_PER_SHEET, len(table.columns) - 1)
        return sheet

    def _write_cell(self, sheet: Any, row: int, column: int, value: Value, name: str) -> None:
        if isinstance(value, int | Decimal):
            sheet.write_number(row, column, value, self._money if name.endswith("_yuan") else None)
        else:
            sheet.write_string(row, column, str(value)[:LONGEST_CELL])

    def close(self) -> None:
        """Write the workbook."""
        self._book.close()


def _link(source: str, page: Value) -> str:
    """Where a browser or reader shows a page of a document."""
    address = source if "://" in source else Path(source).absolute().as_uri()
    return f"{address}#page={page}" if page else address


class ParquetTables:
    """One folder a table, partitioned by fiscal year; yuan as decimal(24, 6), printed values as text.

    Memory does not grow with the number of tables and years: when ROWS_HELD rows wait, the largest group of
    rows is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        tables = (FINDINGS, *all_tables(), FACTS, CHECKS)
        self._schemas = {table.name: _arrow_schema(table) for table in tables}
        self._rows: dict[tuple[str, Value], list[Row]] = {}
        self._held = 0
        self._writers: dict[tuple[str, Value], pq.ParquetWriter] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, table: str, row: Row, source: str | None = None) -> None:
        """Add a row to its table and year."""
        self._rows.setdefault((table, row.get("fiscal_year")), []).append(row)
        self._held += 1
        if self._held >= ROWS_HELD:
            self._flush(max(self._rows, key=lambda key: len(self._rows[key])))

    def _flush(self, key: tuple[str, Value]) -> None:
        table, year = key
        schema, rows = self._schemas[table], self._rows.pop(key)
        self._held -= len(rows)
        if key not in self._writers:
            part = self._folder / table / f"fiscal_year={year if year is not None else '__HIVE_DEFAULT_PARTITION__'}"
            part.mkdir(parents=True, exist_ok=True)
            self._writers[key] = pq.ParquetWriter(part / "part-0.parquet", schema)
        columns = [
            pa.array([_arrow_value(row.get(field.name), field.type) for row in rows], field.type) for field in schema
        ]
        self._writers[key].write_table(pa.Table.from_arrays(columns, schema=schema))

    def close(self) -> None:
        """Write what is left."""
        for key in list(self._rows):
            self._flush(key)
        for writer in self._writers.values():
            writer.close()


def _arrow_schema(table: Table) -> Any:
    def kind(name: str) -> Any:
        if name == "yuan" or name.endswith("_yuan"):
            return pa.decimal128(24, 6)
        return pa.int64() if name in _WHOLE else pa.string()

    return pa.schema([(name, kind(name)) for name in table.columns if name != "fiscal_year"])


def _arrow_value(value: Value, kind: Any) -> Any:
    if value is None:
        return None
    if pa.types.is_decimal(kind):
        return value if isinstance(value, Decimal) else Decimal(value)
    if pa.types.is_int64(kind):
        return int(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)
