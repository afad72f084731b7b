"""What only whole documents show: page numbers inside sentences, tables whose unit is printed once."""

from pathlib import Path

from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.pipeline import extract


def _prepared(path: Path, text: str) -> Disclosure:
    path.write_text(text, encoding="utf-8")
    return prepare(load(path))


def test_page_numbers_and_running_heads_of_a_text_without_pages_cut_no_sentence(tmp_path: Path) -> None:
    heads = "".join(
        f"某县某局2022年度部门决算公开报告 第{page}页\n（{'一二三'[page - 1]}）情况。\n" for page in (1, 2, 3)
    )
    text = f"某县某局2022年度部门决算\n一、绩效自评情况\n部门管理权重20%，得分18.6分；产出指标权重\n\n— 7 —\n50%，得分46.86分。\n二、其他情况\n{heads}"
    words = _prepared(tmp_path / "a.txt", text).unwrapped.text
    assert "产出指标权重50%，得分46.86分。" in words
    assert "公开报告" not in words


TABLES = """某县某局2022年度部门决算
一、支出决算情况说明
2022年度支出合计8,611.42万元，其中：基本支出5,167.58万元，项目支出3,443.84万元。
收入支出决算总表
单位：万元
收入 支出
项目 金额 项目 金额
一、财政拨款收入 8,611.42 一、农林水支出 8,611.42
本年收入合计 8,611.42 本年支出合计 8,611.42
一般公共预算财政拨款支出决算表
公开05表
科目编码 科目名称 合计 基本支出 项目支出
合计 8,611.42 5,167.58 3,443.84
213 农林水支出 8,611.42 5,167.58 3,443.84
"""


def test_a_table_without_a_unit_takes_the_one_that_the_narrative_tells(tmp_path: Path) -> None:
    first, second = _prepared(tmp_path / "a.txt", TABLES).tables
    assert (first.unit, second.unit) == ("万元", "万元")
    assert {cell.unit for row in second.rows for cell in row.cells if cell.value is not None} == {"万元"}


def test_a_table_of_unknown_unit_is_compared_with_no_amount(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TABLES.replace("8,611.42 5,167.58 3,443.84", "9,611.42 6,167.58 3,443.84"), encoding="utf-8")
    extraction = extract(path)
    assert not [finding.message for finding in extraction.findings if finding.kind == "error"]
