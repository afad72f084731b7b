"""Tables in the manner of several provinces: no figure under a wrong heading or in a wrong row, however they are printed."""

import pytest
from planted_tables import as_cells, as_lines, as_tabs, compare, read, read_lines
from regional_tables import FORMS, regional_table

SEEDS = range(8)
UNKNOWN = {"parts under no known name"}
"""What only the shape of the cells tells."""


@pytest.mark.parametrize("blanks", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_as_lines(form: str, blanks: bool) -> None:
    for seed in SEEDS:
        page = as_lines([regional_table(form, seed, blanks)])
        result = compare(read_lines(page.text), page.cells)
        assert not result.wrong
        assert blanks or form in UNKNOWN or result.open <= 0.2 * result.right


@pytest.mark.parametrize("form", FORMS)
def test_as_lines_over_pages(form: str) -> None:
    for seed in SEEDS:
        page = as_lines([regional_table(form, seed, True)], page_rows=3)
        assert not compare(read_lines(page.text), page.cells).wrong


@pytest.mark.parametrize("blanks", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_as_cells_parted_by_tabs(form: str, blanks: bool) -> None:
    for seed in SEEDS:
        page = as_tabs([regional_table(form, seed, blanks)])
        result = compare(read_lines(page.text), page.cells)
        assert not result.wrong
        assert result.open == 0


@pytest.mark.parametrize("blanks", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_as_cells(form: str, blanks: bool) -> None:
    for seed in SEEDS:
        document, cells = as_cells([regional_table(form, seed, blanks)])
        result = compare(read(document), cells)
        assert not result.wrong
        assert result.open == 0
