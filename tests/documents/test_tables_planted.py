"""Tables with known cells, printed as disclosures print them: exactly the planted cells come back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_tables import as_cells, as_lines, balance_table, compare, expenditure_table, read, read_lines

from evals.fixtures.markup import parse

SEEDS = st.integers(0, 10**6)
FIXTURES = sorted((Path(__file__).parents[2] / "evals/fixtures").glob("*/source.md"))


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, page_rows=st.sampled_from([0, 3, 7]))
def test_full_rows_come_back_in_their_columns(seed: int, page_rows: int) -> None:
    page = as_lines([expenditure_table(seed, blanks=False), balance_table(seed, blanks=False)], page_rows)
    result = compare(read_lines(page.text), page.cells)
    assert not result.wrong
    assert result.open == 0


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, page_rows=st.sampled_from([0, 5]))
def test_blank_cells_never_shift_a_figure(seed: int, page_rows: int) -> None:
    page = as_lines([expenditure_table(seed, blanks=True), balance_table(seed, blanks=True, columns=2)], page_rows)
    result = compare(read_lines(page.text), page.cells)
    assert not result.wrong


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_totals_settle_most_columns_of_rows_with_blanks(seed: int) -> None:
    page = as_lines([expenditure_table(seed, blanks=True)])
    result = compare(read_lines(page.text), page.cells)
    assert not result.wrong
    assert result.right >= result.open


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, wrap=st.integers(6, 12))
def test_names_broken_over_lines_are_put_together(seed: int, wrap: int) -> None:
    page = as_lines([expenditure_table(seed, blanks=False)], wrap=wrap)
    result = compare(read_lines(page.text), page.cells)
    assert not result.wrong
    assert result.open == 0


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, blanks=st.booleans(), page_rows=st.sampled_from([0, 6]))
def test_known_cells_come_back_exactly(seed: int, blanks: bool, page_rows: int) -> None:
    tables = [expenditure_table(seed, blanks), balance_table(seed, blanks, columns=2)]
    document, cells = as_cells(tables, page_rows)
    result = compare(read(document), cells)
    assert not result.wrong
    assert result.open == 0


@pytest.mark.parametrize("source", FIXTURES, ids=lambda path: path.parent.name)
def test_the_bundled_disclosures_tables_as_lines(source: Path) -> None:
    tables = [block.table for block in parse(source.read_text(encoding="utf-8")).blocks if block.table]
    page = as_lines([table for table in tables if table.unit.endswith("元")])
    result = compare(read_lines(page.text), page.cells)
    assert not result.wrong
    assert result.open <= 0.1 * result.right


@pytest.mark.parametrize("source", FIXTURES, ids=lambda path: path.parent.name)
def test_the_bundled_disclosures_tables_as_cells(source: Path) -> None:
    tables = [block.table for block in parse(source.read_text(encoding="utf-8")).blocks if block.table]
    document, cells = as_cells([table for table in tables if table.unit.endswith("元")])
    result = compare(read(document), cells)
    assert not result.wrong
    assert result.open == 0
