"""Tables written as an Excel workbook or as Parquet, row by row with constant memory."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from extractor.outputs.tables import Row, Table, Value, all_tables, table_named

ROWS_PER_SHEET = 1_048_575
"""An Excel sheet holds this many rows under its header; what is more goes to a sheet of its own."""

ROWS_PER_GROUP = 20_000
"""Rows held in memory for one Parquet table before they are written."""


class TableWriter(Protocol):
    """Takes rows of any table, in any order."""

    def write(self, table: str, row: Row) -> None:
        """Write one row."""
        ...

    def close(self) -> None:
        """Finish the files."""
        ...


class Workbook:
    """One Excel workbook: a sheet a table, header frozen, filters on, figures as numbers."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._header = self._book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1})
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        self._sheets: dict[str, tuple[Any, int]] = {}

    def write(self, table: str, row: Row) -> None:
        """Append a row to its table's sheet."""
        columns = table_named(table).columns
        sheet, filled = self._sheets.get(table) or (self.add_sheet(table, columns), 0)
        part, at = divmod(filled, ROWS_PER_SHEET)
        if at == 0 and part:
            sheet = self.add_sheet(f"{table} ({part + 1})", columns)
        for column, name in enumerate(columns):
            self._write_cell(sheet, at + 1, column, row.get(name), name)
        self._sheets[table] = sheet, filled + 1

    def add_sheet(self, title: str, columns: tuple[str, ...]) -> Any:
        """A new sheet with its header row."""
        sheet = self._book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(columns):
            sheet.set_column(column, column, 14 if name not in ("document", "section", "label", "message") else 32)
            sheet.write_string(0, column, name, self._header)
        sheet.autofilter(0, 0, ROWS_PER_SHEET, len(columns) - 1)
        return sheet

    def _write_cell(self, sheet: Any, row: int, column: int, value: Value, name: str) -> None:
        if value is None:
            return
        if isinstance(value, int | Decimal):
            sheet.write_number(row, column, value, self._money if name.endswith("_yuan") else None)
        else:
            sheet.write_string(row, column, value)

    def close(self) -> None:
        """Write the workbook."""
        if not self._sheets:
            self._book.add_worksheet("empty")
        self._book.close()


class ParquetTables:
    """One folder a table, partitioned by fiscal year; yuan as decimal(20, 2), printed values as text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schemas = {table.name: _arrow_schema(table) for table in all_tables()}
        self._rows: dict[tuple[str, Value], list[Row]] = {}
        self._writers: dict[tuple[str, Value], pq.ParquetWriter] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, table: str, row: Row) -> None:
        """Add a row to its table and year."""
        key = table, row.get("fiscal_year")
        rows = self._rows.setdefault(key, [])
        rows.append(row)
        if len(rows) >= ROWS_PER_GROUP:
            self._flush(key)

    def _flush(self, key: tuple[str, Value]) -> None:
        table, year = key
        schema = self._schemas[table]
        if key not in self._writers:
            part = self._folder / table / f"fiscal_year={year if year is not None else '__HIVE_DEFAULT_PARTITION__'}"
            part.mkdir(parents=True, exist_ok=True)
            self._writers[key] = pq.ParquetWriter(part / "part-0.parquet", schema)
        columns = [
            pa.array([_arrow_value(row.get(field.name), field.type) for row in self._rows[key]], field.type)
            for field in schema
        ]
        self._writers[key].write_table(pa.Table.from_arrays(columns, schema=schema))
        self._rows[key] = []

    def close(self) -> None:
        """Write what is left."""
        for key in list(self._rows):
            if self._rows[key]:
                self._flush(key)
        for writer in self._writers.values():
            writer.close()


def _arrow_schema(table: Table) -> Any:
    def kind(name: str) -> Any:
        if name.endswith("_yuan"):
            return pa.decimal128(24, 6)
        return pa.int64() if name == "number" else pa.string()

    return pa.schema([(name, kind(name)) for name in table.columns if name != "fiscal_year"])


def _arrow_value(value: Value, kind: Any) -> Any:
    if value is None:
        return None
    if pa.types.is_decimal(kind):
        return value if isinstance(value, Decimal) else Decimal(value)
    if pa.types.is_int64(kind):
        return int(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)
