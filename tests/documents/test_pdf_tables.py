"""Ruled tables of PDFs: cells from ruling lines, however these are drawn."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from drawing import A4, BODY, put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from extractor.documents.loaded import LoadedDocument, LoadedTable
from extractor.documents.loading import load

Pdf = Callable[..., Path]
Ruler = Callable[[Canvas, Sequence[float], Sequence[float]], None]

XS = (90.0, 200.0, 300.0, 400.0)
YS = (100.0, 120.0, 140.0, 160.0)
ROWS = [["项目", "年初预算", "决算数"], ["基本支出", "1,234.50", "99.00"], ["项目支出", "", "-0.05"]]


def whole_lines(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    for x in xs:
        canvas.line(x, A4[1] - ys[0], x, A4[1] - ys[-1])
    for y in ys:
        canvas.line(xs[0], A4[1] - y, xs[-1], A4[1] - y)


def cell_boxes(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    for x0, x1 in itertools.pairwise(xs):
        for y0, y1 in itertools.pairwise(ys):
            canvas.rect(x0, A4[1] - y1, x1 - x0, y1 - y0, stroke=1, fill=0)


def thin_bars(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Borders as spreadsheet programs draw them: a filled bar for every side of every cell."""
    for x0, x1 in itertools.pairwise(xs):
        for y in ys:
            canvas.rect(x0, A4[1] - y, x1 - x0, 0.6, stroke=0, fill=1)
    for y0, y1 in itertools.pairwise(ys):
        for x in xs:
            canvas.rect(x, A4[1] - y1, 0.6, y1 - y0, stroke=0, fill=1)


def open_sides(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Rules without the outer left and right ones."""
    for x in xs[1:-1]:
        canvas.line(x, A4[1] - ys[0], x, A4[1] - ys[-1])
    for y in ys:
        canvas.line(xs[0], A4[1] - y, xs[-1], A4[1] - y)


def fill(canvas: Canvas, rows: Sequence[Sequence[str]], xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> None:
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            put(canvas, xs[column] + 4, ys[row] + 14, text, 10)


def cells_of(loaded: LoadedDocument, table: LoadedTable) -> list[list[str]]:
    """The words of a table's cells by row and column; a cell that spans stands at its upper left."""
    rows = max(cell.row + cell.row_span for cell in table.cells)
    columns = max(cell.column + cell.column_span for cell in table.cells)
    grid = [[""] * columns for _ in range(rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = loaded.text[cell.start : cell.end]
    return grid


@pytest.mark.parametrize("rule", [whole_lines, cell_boxes, thin_bars, open_sides])
def test_cells_by_ruling_lines(pdf: Pdf, rule: Ruler) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        rule(canvas, XS, YS)
        fill(canvas, ROWS)
        put(canvas, 90, 200, "注：本表反映收支情况。")

    loaded = load(pdf(draw))
    (table,) = loaded.tables
    assert cells_of(loaded, table) == ROWS
    assert table.page == 1
    assert loaded.text[table.start : table.end].split("\n") == ["\t".join(row) for row in ROWS]
    assert loaded.text.index(BODY) < table.start < table.end < loaded.text.index("注：")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.just(""),
                st.decimals(-99999, 99999, places=2).map(lambda value: f"{value:,}"),
                st.sampled_from(["合计", "基本支出", "一般公共服务支出", "2080505"]),
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=2,
        max_size=12,
    ).filter(lambda rows: sum(1 for row in rows for text in row if text) > 1)
)
def test_any_table_comes_back_as_it_was_drawn(pdf: Pdf, rows: list[list[str]]) -> None:
    ys = [100.0 + 20 * row for row in range(len(rows) + 1)]

    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        whole_lines(canvas, XS, ys)
        fill(canvas, rows, XS, ys)

    loaded = load(pdf(draw))
    assert [cells_of(loaded, table) for table in loaded.tables] == [rows]


def test_cells_without_a_rule_between_them_are_one(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        top, bottom = A4[1] - YS[0], A4[1] - YS[-1]
        for y in (YS[0], YS[2], YS[3]):
            canvas.line(XS[0], A4[1] - y, XS[-1], A4[1] - y)
        canvas.line(XS[1], A4[1] - YS[1], XS[-1], A4[1] - YS[1])  # not under the first column
        for x in (XS[0], XS[1], XS[3]):
            canvas.line(x, top, x, bottom)
        canvas.line(XS[2], A4[1] - YS[1], XS[2], bottom)  # not between the upper right cells
        put(canvas, XS[0] + 4, 125, "项目", 10)
        put(canvas, XS[1] + 60, 114, "支出", 10)
        put(canvas, XS[1] + 4, 134, "基本支出", 10)
        put(canvas, XS[2] + 4, 134, "项目支出", 10)
        for column, text in enumerate(["合计", "1.00", "2.00"]):
            put(canvas, XS[column] + 4, 154, text, 10)

    loaded = load(pdf(draw))
    spans = {
        loaded.text[cell.start : cell.end]: (cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in loaded.tables[0].cells
    }
    assert spans == {
        "项目": (0, 0, 2, 1),
        "支出": (0, 1, 1, 2),
        "基本支出": (1, 1, 1, 1),
        "项目支出": (1, 2, 1, 1),
        "合计": (2, 0, 1, 1),
        "1.00": (2, 1, 1, 1),
        "2.00": (2, 2, 1, 1),
    }


def test_lines_of_a_cell_go_together_and_figures_keep_their_digits(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        whole_lines(canvas, XS, (100, 140, 180))
        put(canvas, XS[0] + 4, 114, "机关事业单位基本养老", 10)
        put(canvas, XS[0] + 4, 130, "保险缴费支出", 10)
        put(canvas, XS[1] + 4, 114, "123,456,7", 10)
        put(canvas, XS[1] + 4, 130, "89.00", 10)
        put(canvas, XS[2] + 4, 122, "6.18", 10)
        fill(canvas, [["合计", "1.00", "2.00"]], XS, (140, 180))

    loaded = load(pdf(draw))
    assert cells_of(loaded, loaded.tables[0]) == [
        ["机关事业单位基本养老保险缴费支出", "123,456,789.00", "6.18"],
        ["合计", "1.00", "2.00"],
    ]


def test_a_figure_too_wide_for_its_cell_stays_whole(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        whole_lines(canvas, (90, 200, 240, 300), YS)
        fill(canvas, [["项目", "预算", "决算"], ["支出", "", ""], ["合计", "3.00", "4.00"]], (90, 200, 240, 300))
        put(canvas, 195, 134, "123,456.78", 10)  # 47 points in a cell of 40

    loaded = load(pdf(draw))
    assert cells_of(loaded, loaded.tables[0])[1] == ["支出", "123,456.78", ""]


def test_rows_that_only_white_space_parts(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        whole_lines(canvas, XS, (100, 120, 200))
        fill(canvas, [["项目", "预算", "决算"]])
        for number, (name, one, two) in enumerate([("甲", "1.00", "2.00"), ("乙", "3.00", "4.00"), ("丙", "5.00", "")]):
            for column, text in enumerate((name, one, two)):
                put(canvas, XS[column] + 4, 140 + 20 * number, text, 10)

    loaded = load(pdf(draw))
    assert cells_of(loaded, loaded.tables[0]) == [
        ["项目", "预算", "决算"],
        ["甲", "1.00", "2.00"],
        ["乙", "3.00", "4.00"],
        ["丙", "5.00", ""],
    ]


def test_frames_and_underlines_are_no_tables(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(70, 60, 450, 740)
        canvas.line(70, 760, 520, 760)
        for number in range(20):
            put(canvas, 90, 120 + 20 * number, BODY)

    loaded = load(pdf(draw))
    assert loaded.tables == ()
    assert loaded.text.count(BODY) == 20


def test_white_lines_are_not_seen(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        canvas.setStrokeColorRGB(1, 1, 1)
        whole_lines(canvas, XS, YS)
        fill(canvas, ROWS)

    assert load(pdf(draw)).tables == ()


def test_two_tables_on_a_page_and_lines_inside_forms(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 60, BODY)
        canvas.beginForm("rules")
        whole_lines(canvas, XS, YS)
        canvas.endForm()
        canvas.doForm("rules")
        fill(canvas, ROWS)
        put(canvas, 90, 180, "表二")
        canvas.translate(0, -100)
        canvas.doForm("rules")
        fill(canvas, ROWS)

    loaded = load(pdf(draw))
    assert [cells_of(loaded, table) for table in loaded.tables] == [ROWS, ROWS]
