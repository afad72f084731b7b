"""Layouts of tables in text exports, one by one: what stands where is written beside each."""

from collections.abc import Callable
from pathlib import Path

import pytest
from planted_tables import as_cells, read, read_lines
from reportlab.pdfgen.canvas import Canvas

from evals.fixtures.markup import Table
from extractor.documents.lines import display_width
from extractor.documents.loading import load
from extractor.documents.tables import PrintedRow, PrintedTable

Row = tuple[str | None, str, str | None, dict[str, str]]


def rows(text: str) -> list[Row]:
    """Code, name, group and figures by heading of every row of all tables."""
    return [facts(row) for table in read_lines(text) for row in table.rows]


def facts(row: PrintedRow) -> Row:
    figures = {cell.column: cell.text for cell in row.cells if cell.value is not None}
    return row.code, row.name, row.path, figures


def only(text: str) -> PrintedTable:
    (table,) = read_lines(text)
    return table


def test_row_numbers_and_column_numbers_are_no_figures() -> None:
    text = """收入支出决算总表
公开01表
部门：某市水务局 金额单位：万元
收入 支出
项目 行次 金额 项目 行次 金额
栏次 1 栏次 2
一、一般公共预算财政拨款收入 1 1,200.50 一、一般公共服务支出 32
二、政府性基金预算财政拨款收入 2 100.00 二、外交支出 33
四、上级补助收入 4 四、公共安全支出 35 12.00
9 九、卫生健康支出 40 38.00
本年收入合计 27 1,300.50 本年支出合计 58 1,250.00
注：本表反映部门本年度的总收支和年末结转结余情况。
"""
    table = only(text)
    assert (table.title, table.unit) == ("收入支出决算总表", "万元")
    assert table.note == "注：本表反映部门本年度的总收支和年末结转结余情况。"
    assert [facts(row)[1:] for row in table.rows] == [
        ("一、一般公共预算财政拨款收入", None, {"收入/金额": "1,200.50"}),
        ("二、政府性基金预算财政拨款收入", None, {"收入/金额": "100.00"}),
        ("四、公共安全支出", None, {"支出/金额": "12.00"}),
        ("九、卫生健康支出", None, {"支出/金额": "38.00"}),
        ("本年收入合计", None, {"收入/金额": "1,300.50"}),
        ("本年支出合计", None, {"支出/金额": "1,250.00"}),
    ]


def test_codes_in_three_columns() -> None:
    text = """支出决算表
单位：元
项目 本年支出合计 基本支出 项目支出
功能分类科目编码 科目名称
类 款 项 栏次 1 2 3
类 款 项 合计 300.00 200.00 100.00
208 社会保障和就业支出 300.00 200.00 100.00
208 05 行政事业单位养老支出 300.00 200.00 100.00
208 05 05 机关事业单位基本养老保险缴费支出 300.00 200.00 100.00
"""
    assert [(code, name) for code, name, _, _ in rows(text)] == [
        (None, "合计"),
        ("208", "社会保障和就业支出"),
        ("20805", "行政事业单位养老支出"),
        ("2080505", "机关事业单位基本养老保险缴费支出"),
    ]


def test_a_name_around_its_figures() -> None:
    text = """一般公共预算财政拨款支出决算表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
2080505 机关事业单位基
86.42 86.42 0.00
本养老保险缴费
支出
2080506
机关事业单位职
业年金缴费支出
33.95 33.95 0.00
210 卫生健康支出 10.00 10.00 0.00
"""
    assert [(code, name) for code, name, _, _ in rows(text)] == [
        ("2080505", "机关事业单位基本养老保险缴费支出"),
        ("2080506", "机关事业单位职业年金缴费支出"),
        ("210", "卫生健康支出"),
    ]


def test_a_header_in_pieces_and_three_codes_a_row() -> None:
    text = """预算03表 部门支出预算总表
金额单位：万元
支出功能分类科目 政府支出经济分类科目 部门支出经济分类科目 合计 基本支出 项目支出
其中
事业单位经营
支出
上缴上级支出
对附属单位补
助支出
2060101-行政运行 50101-工资奖金津补贴 30101-基本工资 102.59 102.59
2080505-机关事业单位基本养老保险缴费
支出
50102-社会保障缴费 30108-机关事业单位基本养老保险缴费 55.54 55.54
2069999-其他科学技术支出 50299-其他商品和服务支出 30299-其他商品和服务支出 200.00 200.00
合 计 358.13 158.13 200.00
"""
    table = only(text)
    assert table.columns[3:] == ("其中/事业单位经营支出", "其中/上缴上级支出", "其中/对附属单位补助支出")
    assert [facts(row) for row in table.rows] == [
        ("30101", "基本工资", "2060101-行政运行/50101-工资奖金津补贴", {"合计": "102.59", "基本支出": "102.59"}),
        (
            "30108",
            "机关事业单位基本养老保险缴费",
            "2080505-机关事业单位基本养老保险缴费支出/50102-社会保障缴费",
            {"合计": "55.54", "基本支出": "55.54"},
        ),
        (
            "30299",
            "其他商品和服务支出",
            "2069999-其他科学技术支出/50299-其他商品和服务支出",
            {"合计": "200.00", "项目支出": "200.00"},
        ),
        (None, "合计", None, {"合计": "358.13", "基本支出": "158.13", "项目支出": "200.00"}),
    ]


def test_a_figure_that_may_stand_in_two_columns_stands_in_none() -> None:
    text = """部门支出总表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
208 社会保障和就业支出 20.00 20.00
210 卫生健康支出 20.00 20.00
合计 40.00 20.00 20.00
"""
    table = only(text)
    columns = [[cell.column for cell in row.cells if cell.value is not None] for row in table.rows]
    assert columns == [["合计", ""], ["合计", ""], ["合计", "基本支出", "项目支出"]]


def test_a_text_laid_out_in_columns_says_where_a_figure_stands() -> None:
    printed = [
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
        ("208", "社会保障和就业支出", "20.00", "20.00", ""),
        ("210", "卫生健康支出", "20.00", "", "20.00"),
        ("合计", "", "40.00", "20.00", "20.00"),
    ]
    rows = ["".join(cell + " " * (24 - display_width(cell)) for cell in row).rstrip() for row in printed]
    table = only("部门支出总表\n单位：万元\n" + "\n".join(rows) + "\n")
    columns = [[cell.column for cell in row.cells if cell.value is not None] for row in table.rows]
    assert columns == [["合计", "基本支出"], ["合计", "项目支出"], ["合计", "基本支出", "项目支出"]]


def test_a_pdf_without_ruling_lines_says_where_a_figure_stands(pdf: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        lines: list[tuple[tuple[float, str], ...]] = [
            ((60, "本部门预算由部门预算收入和部门支出组成，收支总预算为40万元。"),),
            ((250, "部门支出总表"),),
            ((450, "单位：万元"),),
            ((60, "科目编码"), (130, "科目名称"), (330, "合计"), (400, "基本支出"), (480, "项目支出")),
            ((60, "208"), (130, "社会保障和就业支出"), (330, "20.00"), (410, "20.00")),
            ((60, "210"), (130, "卫生健康支出"), (330, "20.00"), (490, "20.00")),
            ((60, "合计"), (330, "40.00"), (410, "20.00"), (490, "20.00")),
        ]
        for number, words in enumerate(lines):
            for x, word in words:
                canvas.drawString(x, 780 - 24 * number, word)

    (table,) = [each for each in read(load(pdf(draw))) if each.rows]
    columns = [[cell.column for cell in row.cells if cell.value is not None] for row in table.rows]
    assert columns == [["合计", "基本支出"], ["合计", "项目支出"], ["合计", "基本支出", "项目支出"]]


def test_sources_without_money_stay_blank() -> None:
    text = """收支总表
单位：万元
收入 支出
项目 预算数 项目 预算数
一、一般公共预算拨款收入 500.00 一、教育支出 500.00
二、事业收入 二、科学技术支出
本年收入合计 500.00 本年支出合计 500.00
上年结转结余 年终结转结余
部门收入总表
单位：万元
单位名称 合计 本年收入 上年结转结余
小计 一般公共预算资金 事业收入 小计 一般公共预算资金
某中学 500.00 500.00 500.00
"""
    assert rows(text)[-1][3] == {"合计": "500.00", "本年收入/小计": "500.00", "本年收入/一般公共预算资金": "500.00"}


def test_economic_items_side_by_side_stand_under_their_groups() -> None:
    text = """一般公共预算财政拨款基本支出决算表
单位：万元
科目名称 决算数 科目名称 决算数 科目名称 决算数
工资福利支出 30.00 商品和服务支出 15.00 资本性支出 9.00
      基本工资 20.00       办公费 5.00       办公设备购置 9.00
      奖金 10.00       印刷费 6.00
      差旅费 4.00
人员经费合计 30.00 公用经费合计 24.00
"""
    groups = {name: path for _, name, path, _ in rows(text)}
    assert groups["基本工资"] == groups["奖金"] == "工资福利支出"
    assert groups["印刷费"] == groups["差旅费"] == "商品和服务支出"
    assert groups["办公设备购置"] == "资本性支出"
    assert groups["工资福利支出"] is None


def test_counts_beside_money() -> None:
    text = """机构运行信息表
金额单位：万元
项目 统计数
（一）车辆数合计（辆） 3
1．机要通信用车 1
（二）公务接待费 2.50
"""
    (table,) = read_lines(text)
    assert [cell.unit for row in table.rows for cell in row.cells if cell.value is not None] == ["辆", "辆", "万元"]
    assert [row.path for row in table.rows] == [None, "（一）车辆数合计（辆）", None]


def test_a_table_continued_on_the_next_page_is_one_table() -> None:
    text = """预算03表 支出总表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
201 一般公共服务支出 300.00 200.00 100.00
7
\f预算03表 支出总表（续）
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
205 教育支出 100.00 0.00 100.00
"""
    table = only(text)
    assert [row.name for row in table.rows] == ["一般公共服务支出", "教育支出"]


def test_an_empty_table_has_its_note_and_no_rows() -> None:
    text = """政府性基金预算财政拨款支出表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
合 计
注：本部门没有政府性基金预算拨款收入，故本表无数据。
"""
    table = only(text)
    assert table.rows == ()
    assert table.note == "注：本部门没有政府性基金预算拨款收入，故本表无数据。"


@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_delimited_cells_keep_their_columns(delimiter: str) -> None:
    lines = [
        ["收入", "", "支出", ""],
        ["项目", "预算数", "项目", "预算数"],
        ["一、财政拨款收入", "", "一、教育支出", "480.00"],
        ["", "", "二、科学技术支出", "20.00"],
    ]
    text = (
        "收支总表\n单位：万元\n"
        + "\n".join(delimiter.join(["", *line, ""][delimiter == "\t" :]) for line in lines)
        + "\n"
    )
    assert [facts(row)[1:] for table in read_lines(text) for row in table.rows] == [
        ("一、教育支出", None, {"支出/预算数": "480.00"}),
        ("二、科学技术支出", None, {"支出/预算数": "20.00"}),
    ]


@pytest.mark.parametrize("codes", [["201"], ["201", "03", "01"]])
def test_a_total_in_one_cell_over_the_columns_of_labels(codes: list[str]) -> None:
    """A text export has one cell for the merged ones, and its amounts stand one column or more to the left."""
    lines = [
        ["类", "款", "项"][: len(codes)] if len(codes) > 1 else ["科目编码"],
        codes,
        ["合计"],
    ]
    rest = [
        ["科目名称", "合计", "基本支出", "项目支出"],
        ["行政运行", "300.00", "200.00", "100.00"],
        ["1,300.00", "1,200.00", "100.00"],
    ]
    text = (
        "部门支出总表\n单位：万元\n" + "\n".join("\t".join([*a, *b]) for a, b in zip(lines, rest, strict=True)) + "\n"
    )
    (_, total) = rows(text)
    assert total[1:] == ("合计", None, {"合计": "1,300.00", "基本支出": "1,200.00", "项目支出": "100.00"})


def test_one_cell_a_line() -> None:
    cells = (
        "科目编码 科目名称 合计 基本支出 项目支出 201 一般公共服务支出 300.00 200.00 100.00 合计 300.00 200.00 100.00"
    )
    text = "部门支出总表\n单位：万元\n" + "\n".join(cells.split()) + "\n"
    assert rows(text) == [
        ("201", "一般公共服务支出", None, {"合计": "300.00", "基本支出": "200.00", "项目支出": "100.00"}),
        (None, "合计", None, {"合计": "300.00", "基本支出": "200.00", "项目支出": "100.00"}),
    ]


def test_three_rows_of_headings() -> None:
    text = """“三公”经费支出决算表
单位：万元
2023年预算数 2023年决算数
合计 因公出国（境）费 公务用车购置及运行费 公务接待费 合计 因公出国（境）费 公务用车购置及运行费 公务接待费
小计 公务用车购置费 公务用车运行费 小计 公务用车购置费 公务用车运行费
20.00 0.00 15.00 0.00 15.00 5.00 18.00 0.00 14.00 0.00 14.00 4.00
"""
    (figures,) = [facts(row)[3] for row in only(text).rows]
    assert figures["2023年预算数/公务用车购置及运行费/公务用车运行费"] == "15.00"
    assert figures["2023年决算数/公务接待费"] == "4.00"


def test_places_lead_to_the_printed_words() -> None:
    text = """政府购买服务预算表
单位：万元
项目名称 一级 二级 预算金额
11010122T000000399568-区级国家机
关软件正版化服务
05-履职辅助性服务
0505-监督检查 35.00
"""
    (row,) = only(text).rows
    assert (row.code, row.name) == ("11010122T000000399568", "区级国家机关软件正版化服务")
    assert {field: "".join(text[slice(*span)].split()) for field, span in row.places.items()} == {
        "code": "11010122T000000399568",
        "name": "区级国家机关软件正版化服务",
    }


def test_narrative_tables_of_points_stay_narrative() -> None:
    text = "二、评价结论\n某项目绩效评价得分表\n评价内容 分值 评价得分\n项目决策 10 9.15\n项目过程 20 18.40\n综合评价得分为85分。\n"
    assert read_lines(text) == []


def test_a_table_of_points_in_a_report_stays_narrative_where_its_cells_are_known() -> None:
    points = Table("", (("评价内容", "分值", "得分"), ("项目决策", "10", "9.15"), ("项目过程", "20", "18.40")), 1)
    official = Table("支出总表", (("项目", "预算数"), ("某项目", "10.00")), 1, unit="单位：万元")
    document, _ = as_cells([points, official])
    assert [table.title for table in read(document)] == ["支出总表"]


def test_label_columns_that_are_numbered_too() -> None:
    text = """部门支出预算表
单位：元
科目编码 科目名称 合计 基本支出 项目支出
1 2 3 4 5
208 社会保障和就业支出 380,000.00 300,000.00 80,000.00
20805 行政事业单位养老支出 380,000.00 300,000.00 80,000.00
合计 380,000.00 300,000.00 80,000.00
"""
    assert [facts(row)[3] for row in only(text).rows] == [
        {"合计": "380,000.00", "基本支出": "300,000.00", "项目支出": "80,000.00"}
    ] * 3


def test_the_same_list_under_each_heading() -> None:
    text = """一般公共预算财政拨款“三公”经费支出决算表
公开07表
单位：万元
预算数 决算数
合计 因公出国(境)费 小计 公务用车购置费 公务用车运行费 公务接待费 合计 因公出国(境)费 小计 公务用车购置费 公务用车运行费 公务接待费
5.60 0.00 3.60 0.00 3.60 2.00 4.00 0.00 3.14 0.00 3.14 0.86
"""
    ((_, _, _, figures),) = rows(text)
    assert figures["预算数/公务用车运行费"] == "3.60"
    assert figures["决算数/公务用车运行费"] == "3.14"
    assert figures["决算数/合计"] == "4.00"
