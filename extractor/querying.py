"""SQL over exported Parquet tables. A query sees the export's folder and nothing else: no other file, no network."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from extractor.errors import ConfigurationError

FOLDER = "records.parquet"

_ROWS = 1000


@dataclass(frozen=True)
class Answer:
    """The columns of a query's result, and its rows as they are read."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


class Export:
    """The tables of an export, each as a view of its name (`BudgetTotal`, `"BudgetTotal.changes"`, `facts`)."""

    def __init__(self, folder: Path) -> None:
        tables = folder if folder.name == FOLDER else folder / FOLDER
        self.tables = sorted(path.name for path in tables.iterdir() if path.is_dir()) if tables.is_dir() else []
        if not self.tables:
            raise ConfigurationError(
                f"{folder}: 没有 Parquet 导出，请先用 --format parquet 导出 (no Parquet export there; make one with"
                " `gouji batch results JOB --format parquet --out DIR` or `gouji extract … --format parquet`)"
            )
        self._connection = duckdb.connect(":memory:")
        for name, value in (
            ("allowed_directories", [str(tables.resolve())]),
            ("autoinstall_known_extensions", False),
            ("autoload_known_extensions", False),
            ("enable_external_access", False),
        ):
            self._connection.execute(f"set {name} = {value!r}".replace("False", "false"))
        for table in self.tables:
            files = str(tables.resolve() / table / "*" / "*.parquet").replace("'", "''")
            self._connection.execute(
                f"""create view "{table}" as select * from read_parquet('{files}', hive_partitioning = true)"""
            )
        self._connection.execute("set lock_configuration = true")

    def ask(self, sql: str) -> Answer:
        """The answer to a query. Raises ConfigurationError with what is wrong with it."""
        try:
            result = self._connection.execute(sql)
            columns = tuple(column[0] for column in result.description or ())
            first = result.fetchmany(_ROWS)
        except duckdb.Error as error:
            said = str(error).strip()
            raise ConfigurationError(
                f"查询有误 (the query is wrong): {said}\n现有的表 tables: {', '.join(self.tables)}"
            ) from None
        return Answer(columns, _rows(result, first))


def _rows(result: Any, rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    while rows:
        yield from rows
        rows = result.fetchmany(_ROWS)
