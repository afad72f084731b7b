"""SQL over an export, and the dictionary of its tables."""

import json
from pathlib import Path

import pytest
from disclosures import disclosure
from typer.testing import CliRunner

from extractor.cli import app
from extractor.errors import ConfigurationError
from extractor.outputs.dictionary import columns, markdown
from extractor.outputs.render import render
from extractor.outputs.run import RunWriter
from extractor.outputs.tables import CHECKS, FACTS, FINDINGS, all_tables
from extractor.pipeline import extract
from extractor.querying import Export


@pytest.fixture
def export(tmp_path: Path) -> Path:
    with RunWriter(tmp_path / "out", ("parquet",)) as writer:
        for year in (2022, 2023):
            writer.add(render(extract(disclosure(tmp_path / "in", year=year)), tabular=True))
    return tmp_path / "out"


def test_tables_are_views_and_years_are_columns(export: Path) -> None:
    sql = """select fiscal_year, sum(amount_yuan) from "BudgetTotal" where side = 'both' group by 1 order by 1"""
    answer = Export(export).ask(sql)
    assert [(year, int(amount)) for year, amount in answer.rows] == [(2022, 10_500_000), (2023, 10_500_000)]
    assert answer.columns[0] == "fiscal_year"


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "select * from 'http://127.0.0.1:9/x.parquet'",
        "copy facts to '/tmp/gouji-not-there.csv'",
        "set enable_external_access = true",
        "install httpfs",
        "attach '/tmp/gouji-not-there.db' as other",
        "select nothing from facts",
    ],
)
def test_a_query_sees_the_export_and_nothing_else(export: Path, sql: str) -> None:
    with pytest.raises(ConfigurationError, match="查询有误"):
        list(Export(export).ask(sql).rows)
    assert not list(Path("/tmp").glob("gouji-not-there*"))


def test_a_folder_without_an_export_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--format parquet"):
        Export(tmp_path)


def test_the_command_writes_what_programs_read(export: Path) -> None:
    sql = "select raw, yuan from facts where yuan = 30000 limit 1"
    done = CliRunner().invoke(app, ["query", sql, "--from", str(export), "--format", "jsonl"])
    assert json.loads(done.stdout)["raw"] == "3.00万元"
    table = CliRunner().invoke(app, ["query", sql, "--from", str(export)])
    assert "3.00万元" in table.stdout
    wrong = CliRunner().invoke(app, ["query", "select", "--from", str(export)])
    assert (wrong.exit_code, wrong.stdout) == (1, "")


def test_every_column_of_every_table_has_a_meaning() -> None:
    described = {(column.table, column.name) for column in columns()}
    tables = (FINDINGS, *all_tables(), FACTS, CHECKS)
    assert described == {(table.name, name) for table in tables for name in table.columns}
    assert all(column.meaning and column.meaning_en and column.kind for column in columns())
    scope = next(column for column in columns() if (column.table, column.name) == ("BudgetTotal", "scope"))
    assert "department" in scope.values
    assert "## BudgetTotal.changes" in markdown()
