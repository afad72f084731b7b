"""XLSX and XLS annexes: numbers as displayed, merged cells, titles and notes, what is hidden."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading import load
from extractor.documents.loading.number_formats import exact, shown, shown_date
from extractor.errors import LoadError


@pytest.mark.parametrize(
    ("number", "code", "printed"),
    [
        ("1234.5", "General", "1234.5"),
        ("1234.00", "General", "1234"),
        ("0.333333333333333", "General", "0.3333333333"),
        ("2.675", "0.00", "2.68"),
        ("-2.675", "0.00", "-2.68"),
        ("0", "0.00", "0.00"),
        ("0.004", "0.00", "0.00"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("999", "#,##0", "999"),
        ("1000", "#,##0", "1,000"),
        ("0.5", "#,###.##", ".5"),
        ("12", "0.##", "12"),
        ("12.5", "0.##", "12.5"),
        ("0.12345", "0.00%", "12.35%"),
        ("1", "0%", "100%"),
        ("-1234.5", "#,##0.00;(#,##0.00)", "(1,234.50)"),
        ("-1234.5", "#,##0.00_);[Red]\\(#,##0.00\\)", "(1,234.50)"),
        ("-1234.5", "#,##0.00_ ;[Red]-#,##0.00\\ ", "-1,234.50"),
        ("0", '#,##0.00;-#,##0.00;""', ""),
        ("0", "#,##0.00;-#,##0.00;", ""),
        ("0", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        ("1234.5", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "1,234.50"),
        ("1234567", '0.00,"千元"', "1234.57千元"),
        ("123456", '0!.0,"万"', "12.3万"),
        ("12", '0"个"', "12个"),
        ("7", "000", "007"),
        ("2080505", "0", "2080505"),
        ("5", "[$¥-804]#,##0.00", "¥5.00"),
        ("2080505", "@", "2080505"),
        ("1.5", "# ?/?", "1.5"),
    ],
)
def test_numbers_as_displayed(number: str, code: str, printed: str) -> None:
    assert shown(Decimal(number), code) == printed


@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_figure_with_two_decimals_is_printed_as_it_is(number: Decimal) -> None:
    assert shown(number, "#,##0.00").replace(",", "") == str(number).replace("-0.00", "0.00")
    assert shown(exact(float(number)), "0.00") == str(number).replace("-0.00", "0.00")


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("yyyy-mm-dd", "2024-05-01"),
        ('yyyy"年"m"月"d"日"', "2024年5月1日"),
        ('[$-804]yyyy"年"m"月"', "2024年5月"),
        ("yyyy/m/d h:mm", "2024/5/1 9:07"),
        ("General", "2024-05-01"),
    ],
)
def test_dates_as_displayed(code: str, printed: str) -> None:
    assert shown_date(datetime(2024, 5, 1, 9, 7), code) == printed


def table_of(loaded: LoadedDocument) -> list[tuple[str, int, int, int, int]]:
    (table,) = loaded.tables
    return [
        (loaded.text[cell.start : cell.end], cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in table.cells
    ]


EXPECTED_TEXT = (
    "收入支出决算总表\n部门：某局  单位：万元\n项目\t支出\n基本支出\t项目支出\n合计\t1,234.50\t-0.05\n其中\t\t12.35%\n"
    "注：本表反映部门本年度的总收支情况。\n"
)
EXPECTED_CELLS = [
    ("项目", 0, 0, 2, 1),
    ("支出", 0, 1, 1, 2),
    ("基本支出", 1, 1, 1, 1),
    ("项目支出", 1, 2, 1, 1),
    ("合计", 2, 0, 1, 1),
    ("1,234.50", 2, 1, 1, 1),
    ("-0.05", 2, 2, 1, 1),
    ("其中", 3, 0, 1, 1),
    ("", 3, 1, 1, 1),
    ("12.35%", 3, 2, 1, 1),
]
VALUES: list[list[str | float | None]] = [
    ["收入支出决算总表", None, None],
    ["部门：某局", None, "单位：万元"],
    ["项目", "支出", None],
    [None, "基本支出", "项目支出"],
    ["合计", 1234.5, -0.05],
    ["其中", None, 0.12345],
    ["注：本表反映部门本年度的总收支情况。", None, None],
]
FORMATS = {(4, 1): "#,##0.00", (4, 2): "0.00", (5, 2): "0.00%"}
MERGED = [(0, 0, 0, 2), (2, 0, 3, 0), (2, 1, 2, 2), (6, 0, 6, 2)]


def write_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row, values in enumerate(VALUES, 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column, value)
            cell.number_format = FORMATS.get((row - 1, column - 1), "General")
    for top, left, bottom, right in MERGED:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    other = book.create_sheet("隐藏")
    other.sheet_state = "hidden"
    other["A1"] = "不读9.99"
    book.save(path)
    return path


def write_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    merged = {(top, left): (bottom, right) for top, left, bottom, right in MERGED}
    for row, values in enumerate(VALUES):
        for column, value in enumerate(values):
            style = xlwt.easyxf(num_format_str=FORMATS.get((row, column), "General"))
            if (row, column) in merged:
                bottom, right = merged[row, column]
                sheet.write_merge(row, bottom, column, right, value, style)
            elif value is not None:
                sheet.write(row, column, value, style)
    book.add_sheet("隐藏").visibility = 1
    book.save(str(path))
    return path


@pytest.mark.parametrize(
    ("writer", "name", "media_type"),
    [
        (write_xlsx, "表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (write_xls, "表.xls", "application/vnd.ms-excel"),
    ],
)
def test_a_workbook(tmp_path: Path, writer: Callable[[Path], Path], name: str, media_type: str) -> None:
    loaded = load(writer(tmp_path / name))
    assert loaded.text == EXPECTED_TEXT
    assert table_of(loaded) == EXPECTED_CELLS
    assert loaded.media_type == media_type
    assert [page.number for page in loaded.pages] == [1]
    assert any("隐藏" in warning for warning in loaded.warnings)


def test_sheets_are_pages_and_hidden_rows_and_columns_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number, sheet in enumerate((book.active, book.create_sheet()), 1):
        for row in [[f"表{number}", "年初预算", "旧", "决算"], ["支出", 1, 9.99, 2], ["旧支出", 8.88, 8.88, 8.88]]:
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
    path = tmp_path / "表.xlsx"
    book.save(path)
    loaded = load(path)
    assert next(loaded.text[page.start : page.end] for page in loaded.pages) == "表1\t年初预算\t决算\n支出\t1\t2\n"
    assert [table.page for table in loaded.tables] == [1, 2]


def test_tables_below_each_other(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["收入预算表"], ["项目", "预算"], ["合计", 1], [None], [None, None], ["支出预算表"], ["项目", "决算"]]:
        sheet.append(row)
    path = tmp_path / "表.xlsx"
    book.save(path)
    loaded = load(path)
    assert len(loaded.tables) == 2
    assert [line for line in loaded.text.split("\n") if line.strip()] == [
        "收入预算表",
        "项目\t预算",
        "合计\t1",
        "支出预算表",
        "项目\t决算",
    ]


def test_far_away_cells_and_formulas_without_result(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["部门预算支出", "=1+1"])
    sheet["XFD1048576"].number_format = "0.00"  # formatted, but empty
    path = tmp_path / "表.xlsx"
    book.save(path)
    loaded = load(path)
    assert loaded.text.strip() == "部门预算支出"
    assert any("1 formulas" in warning for warning in loaded.warnings)
    sheet["XFD1048576"] = 1
    book.save(path)
    with pytest.raises(LoadError, match="far outside"):
        load(path)


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    for name, write in (("表.xlsx", write_xlsx), ("表.xls", write_xls)):
        whole = write(tmp_path / name).read_bytes()
        half = tmp_path / f"half-{name}"
        half.write_bytes(whole[: len(whole) // 3])
        with pytest.raises(LoadError, match="half-"):
            load(half)
