"""Tables with known cells, printed as disclosures print them: exactly the planted cells come back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_tables import (
    Comparison,
    as_cells,
    as_lines,
    as_tabs,
    balance_table,
    compare,
    expenditure_table,
    read,
    read_lines,
)

from evals.fixtures.markup import Table, parse

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
    assert not _as_lines(source).wrong


def test_most_figures_of_lines_have_their_headings() -> None:
    """Where rows have blanks and no codes, nothing may tell whose a figure is; then it has no heading."""
    results = [_as_lines(source) for source in FIXTURES]
    assert sum(each.open for each in results) <= 0.1 * sum(each.right for each in results)


def _as_lines(source: Path) -> Comparison:
    tables = [block.table for block in parse(source.read_text(encoding="utf-8")).blocks if block.table]
    page = as_lines([table for table in tables if table.unit.endswith("元")])
    return compare(read_lines(page.text), page.cells)


@pytest.mark.parametrize("source", FIXTURES, ids=lambda path: path.parent.name)
def test_the_bundled_disclosures_tables_as_cells(source: Path) -> None:
    tables = [block.table for block in parse(source.read_text(encoding="utf-8")).blocks if block.table]
    document, cells = as_cells([table for table in tables if table.unit.endswith("元")])
    result = compare(read(document), cells)
    assert not result.wrong
    assert result.open == 0


@pytest.mark.parametrize("source", FIXTURES, ids=lambda path: path.parent.name)
def test_the_bundled_disclosures_tables_parted_by_tabs(source: Path) -> None:
    tables = [block.table for block in parse(source.read_text(encoding="utf-8")).blocks if block.table]
    page = as_tabs([table for table in tables if table.unit.endswith("元")])
    result = compare(read_lines(page.text), page.cells)
    assert not result.wrong
    assert result.open == 0


@pytest.mark.parametrize("source", FIXTURES, ids=lambda path: path.parent.name)
def test_the_bundled_disclosures_tables_over_pages_and_with_broken_names(source: Path) -> None:
    for table in (block.table for block in parse(source.read_text(encoding="utf-8")).blocks):
        if table and table.unit.endswith("元"):
            for page in (as_lines([table], page_rows=4), as_lines([table], wrap=8)):
                assert not compare(read_lines(page.text), page.cells).wrong
            document, cells = as_cells([table], page_rows=4)
            assert not compare(read(document), cells).wrong


_SOUP = [
    *(
        "收入",
        "支出",
        "项目",
        "合计",
        "小计",
        "预算数",
        "科目编码",
        "科目名称",
        "208",
        "2080505",
        "一、教育支出",
        "（一）其他",
    ),
    *(
        "1.00",
        "2,000.50",
        "-3",
        "0",
        "--",
        "12",
        "2024",
        "2060101-行政运行",
        "30101-基本工资",
        "≥",
        "定性",
        "优良中低差",
    ),
    *(
        "正向指标",
        "产出指标",
        "数量指标",
        "31-部门项目",
        "29.000000",
        "一级指标",
        "三级指标",
        "指标值",
        "项目名称",
        "栏次",
    ),
    *(
        "11010122T00000039",
        "9544-区科信",
        "行次",
        "类",
        "款",
        "项",
        "其中：",
        "注：本表",
        "单位：万元",
        "支出总表",
        "财政拨款",
    ),
    *(
        "资金",
        "一般公共预算",
        "基本支出",
        "项目支出",
        "某某项目",
        "公开01表",
        "续表",
        "100%",
        "5辆",
        "|",
        "某单位，情况。",
    ),
]


@settings(deadline=None, max_examples=200)
@given(lines=st.lists(st.lists(st.sampled_from(_SOUP), max_size=8), max_size=30))
def test_whatever_is_printed_is_read_without_error_and_no_figure_twice(lines: list[list[str]]) -> None:
    text = "支出总表\n单位：万元\n" + "\n".join(" ".join(words) for words in lines) + "\n"
    figures = [cell for table in read_lines(text) for row in table.rows for cell in row.cells if cell.value is not None]
    assert len({(cell.start, cell.end) for cell in figures}) == len(figures)
    assert all("".join(text[cell.start : cell.end].split()) == cell.text for cell in figures)


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_whatever_stands_in_known_cells_is_read_without_error_and_no_figure_twice(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 6))
    words = st.sampled_from([*_SOUP, *([""] * 20), *(["<", "^"] * 4)])
    rows = data.draw(st.lists(st.tuples(*[words] * width), min_size=1, max_size=8))
    rows = [
        tuple("" if (word == "<" and not c) or (word == "^" and not r) else word for c, word in enumerate(row))
        for r, row in enumerate(rows)
    ]
    document, _ = as_cells([Table("支出总表", tuple(rows), 0, unit="单位：万元")])
    figures = [cell for table in read(document) for row in table.rows for cell in row.cells if cell.value is not None]
    assert len({(cell.start, cell.end) for cell in figures}) == len(figures)
