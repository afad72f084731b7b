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


@pytest.mark.parametrize("form", FORMS)
def test_as_lines_with_broken_names(form: str) -> None:
    for seed in SEEDS:
        page = as_lines([regional_table(form, seed, True)], wrap=8)
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


def columns_of(*lines: str) -> set[str]:
    """Under which headings the figures of a table printed as lines stand."""
    text = "\n".join(("支出预算表", "单位：万元", *lines)) + "\n"
    return {cell.column for table in read_lines(text) for row in table.rows for cell in row.cells if cell.value}


def test_a_header_that_reads_two_ways_gives_no_heading() -> None:
    head = ("单位名称 上级补助收入 其他收入 事业收入", "小计 其中：项目支出")
    assert columns_of(*head, "县第一中学 30.00 40.00 50.00", "县第二中学 31.00 42.00 53.00") == {""}


def test_headings_whose_sums_the_rows_contradict_are_not_theirs() -> None:
    rows = [f"2080{number:03d} 某某支出 {number}00.00 90.00 7{number}.00" for number in range(101, 106)]
    assert columns_of("科目编码 科目名称 合计 基本支出 项目支出", *rows) == {""}
    rows = [f"2080{number:03d} 某某支出 {number + 2}.00 {number}.00 2.00" for number in range(101, 106)]
    assert columns_of("科目编码 科目名称 合计 基本支出 项目支出", *rows) == {"合计", "基本支出", "项目支出"}
