"""The team's real disclosures: what is known of their tables, and every row that the labels quote."""

import json
import re
from pathlib import Path

import pytest

from extractor.pipeline import extract
from schemas.extraction import Extraction, Record
from schemas.quantities import Role
from schemas.tables import TableRow

_WHITE = re.compile(r"\s+")


@pytest.fixture(scope="module")
def budget(shared: Path) -> Extraction:
    return extract(next((shared / "documents").glob("001_*.txt")))


def _rows(extraction: Extraction, table: str) -> list[TableRow]:
    return [r.fields for r in extraction.records if isinstance(r.fields, TableRow) and table in (r.fields.table or "")]


def test_all_projects_with_their_totals_and_indicators(budget: Extraction) -> None:
    projects = _rows(budget, "预算13表")
    assert len(projects) == len({project.code for project in projects}) == 35
    assert all([cell.column for cell in project.cells] == ["项目总额", "其中/财政资金"] for project in projects)
    indicators = [r for r in budget.records if r.type == "PerformanceIndicator" and "project_code" in r.places]
    assert len(indicators) == 352
    assert all({"level1", "level2", "level3", "nature", "target", "direction"} <= set(r.places) for r in indicators)


def test_texts_stand_where_their_places_say(budget: Extraction, shared: Path) -> None:
    text = next((shared / "documents").glob("001_*.txt")).read_text(encoding="utf-8")

    def words(record: Record, field: str) -> str | None:
        return getattr(record.fields, field, None)

    tables = [r for r in budget.records if r.reader == "tables"]
    assert tables
    for record in tables:
        for field, (start, end) in record.places.items():
            assert _WHITE.sub("", text[start:end]) == words(record, field)


@pytest.mark.parametrize(("document", "share"), [("001", 0.98), ("003", 1.0)])
def test_every_quoted_figure_of_a_table_stands_in_a_row_and_column(document: str, share: float, shared: Path) -> None:
    path = next((shared / "documents").glob(f"{document}_*.txt"))
    extraction = extract(path)
    starts = [0]
    for line in path.read_text(encoding="utf-8").split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    by_id = {quantity.id: quantity for quantity in extraction.quantities}
    columns = {
        (by_id[cell.value.quantity].start, by_id[cell.value.quantity].raw): cell.column
        for record in extraction.records
        if isinstance(record.fields, TableRow)
        for cell in record.fields.cells
        if cell.value
    }
    relations = json.loads((shared / "gold" / "relations.json").read_text(encoding="utf-8"))
    quoted = [
        (operand["line"], operand["value"])
        for relation in relations
        if relation["doc"].startswith(document) and relation["family"] == "table"
        for operand in relation["operands"]
        if operand["line"] and "。" not in operand["quote"] and "万元" not in operand["quote"]
    ]
    lines = {
        (line, value): [c for (at, raw), c in columns.items() if raw == value and starts[line - 1] <= at < starts[line]]
        for line, value in set(quoted)
    }
    assert all(lines.values())
    assert sum(any(found) for found in lines.values()) >= share * len(lines)


def test_figures_of_tables_have_the_role_table(budget: Extraction) -> None:
    held = {c.value.quantity for row in _rows(budget, "") for c in row.cells if c.value}
    roles = {quantity.id: quantity.role for quantity in budget.quantities}
    assert {roles[each] for each in held} == {Role.TABLE}
