"""Slips in sentences of several regions, read by the rules and checked: found, and nothing where there is none."""

from pathlib import Path

import pytest

from extractor.pipeline import extract

CLEAN = {
    "a share of the total told before": (
        "“三公”经费支出决算情况说明\n2022年度“三公”经费支出决算为28.5万元。\n（二）具体情况\n"
        "2022年度“三公”经费支出决算中，公务接待费支出决算10.5万元，占36.84%，因公出国（境）费支出决算0万元，占0%，"
        "公务用车购置费及运行维护费支出决算18万元，占63.16%。",
        ("36.84%", "46.84%"),
    ),
    "a budget told by the change from it": (
        "“三公”经费支出决算情况说明\n公务用车运行维护费支出决算为68.00万元，完成年初预算的85.0%，"
        "比年初预算减少12.00万元，主要原因是压减费用。",
        ("85.0%", "86.0%"),
    ),
    "a change of both sides": (
        "收入支出决算总体情况说明\n2022年收入总计9,856.3万元，支出总计9,856.3万元，与2021年度相比，收、支总计各增加"
        "556.3万元，增长5.98%。",
        ("5.98%", "5.28%"),
    ),
    "a class by another name": (
        "一般公共预算财政拨款支出决算结构情况\n2022年度一般公共预算财政拨款支出1,000.00万元，主要用于以下方面："
        "社会保障与就业支出150.00万元，占15.00%；农林水支出700.00万元，占70.00%；住房保障支出150.00万元，占15.00%。",
        ("农林水支出700.00", "农林水支出760.00"),
    ),
    "shares of appropriations, which are one budget's": (
        "一般公共预算财政拨款支出决算结构情况\n2022年度一般公共预算财政拨款支出1,000.00万元，主要用于以下方面："
        "教育支出161.50万元，占本年财政拨款支出的16.15%；农林水支出700.00万元，占本年财政拨款支出的70.00%；"
        "住房保障支出138.50万元，占本年财政拨款支出的13.85%。",
        ("16.15%", "16.16%"),
    ),
    "the share of basic expenditure": (
        "一般公共预算财政拨款基本支出决算情况说明\n2022年度基本支出1,966.52万元，其中：人员经费1,666.52万元，"
        "占基本支出的84.74%；公用经费300.00万元，占基本支出的15.26%。",
        ("84.74%", "84.14%"),
    ),
    "one of two budgets": (
        "支出决算情况说明\n2022年年初预算数为3560.42万元，调整预算数4128.75万元，支出决算数4096.31万元，预算完成率99.21%。",
        ("99.21%", "92.21%"),
    ),
    "the adjusted budget": (
        "支出决算情况说明\n2022年调整预算数为4128.75万元，支出决算数4096.31万元，完成调整预算的99.21%。",
        ("99.21%", "92.21%"),
    ),
    "a rate with its own sign": (
        "收入决算情况说明\n2022年事业收入1,500.00万元，较上年减少900.00万元（-37.50%）。",
        ("-37.50%", "-27.50%"),
    ),
    "a rate that a change of direction does not mend": (
        "“三公”经费支出决算情况说明\n公务接待费支出7.50万元，较上年支出数减少7.50万元，下降50.0%。",
        ("50.0%", "56.0%"),
    ),
}


WORDED = {
    "names that hold joining words": (
        "机构设置情况\n本局共设置6个内设科室，包括：办公室、规划与财务科、政策法规与体制改革科、交通和水利科、农村经济科、人事教育科。",
        ("6个", "5个", "6个名称"),
    ),
    "a number behind what is counted": (
        "机构设置情况\n学校设教学院（系）4个，即机电学院、护理学院、建筑学院、基础部，均不独立核算。",
        ("4个", "5个", "4个名称"),
    ),
    "an amount told again in another unit": (
        "“三公”经费支出决算情况说明\n2022年度公务接待费支出2.38万元，比上年减少0.62万元，下降20.67%。\n（二）公务接待情况\n"
        "公务接待费2.38万元，主要用于上级检查。国内公务接待31批次，201人次。\n（三）其他\n“三公”经费公务接待费2.38万元。",
        ("接待费2.38万元，主要", "接待费2.38元，主要", "2.38万元：数字相同，单位不同"),
    ),
    "the year that a paragraph opens with": (
        "收入支出决算总体情况说明\n2022年度收入总计905.00万元，支出总计905.00万元。\n二、收入决算情况说明\n2022年度收入合计905.00万元。\n"
        "三、支出决算情况说明\n2022年度支出合计905.00万元。\n四、一般公共预算支出决算情况说明\n2022年度一般公共预算财政拨款支出300.00万元。\n"
        "五、政府性基金预算支出决算情况说明\n2022年度政府性基金预算财政拨款支出605.00万元。",
        ("2022年度政府性基金", "2021年度政府性基金", "的年份为2021年"),
    ),
    "what is left of what was received": (
        "项目绩效自评情况\n河道清淤项目。到位资金260.00万元，支出231.70万元，结余28.30万元，执行率89.12%。",
        ("28.30", "38.30", "差额应为28.30万元"),
    ),
    "by how much something fell": (
        "政府性基金预算支出决算情况说明\n2022年度政府性基金预算财政拨款支出386.50万元，较上年减少65.50万元，下降14.49%。",
        ("14.49%", "14.94%", "应为14.49%"),
    ),
    "the change of a part named again": (
        "支出决算情况说明\n2022年度支出合计900.00万元。其中：基本支出600.00万元，占66.67%；项目支出300.00万元，占33.33%。"
        "与上年对比，支出合计增加120.00万元，增长15.38%，主要原因是新增任务；其中项目支出增加100.00万元，增长50.00%，主要是新增专项。",
        ("50.00%", "33.43%", "应为50.00%"),
    ),
    "no surplus distributed, some carried over": (
        "年末结转和结余情况说明\n年末结转和结余85.27万元。结余分配0.00万元，本年度无结余分配事项。",
        ("本年度无结余分配事项", "年末无结余", "与年末结转结余85.27万元矛盾"),
    ),
}
"""A text, what is changed in it into what, and what the one finding then says."""

ALSO_CLEAN = {
    "what a bracket behind a part tells": "财政拨款收支预算情况说明\n2022年财政拨款收入1,700.00万元，其中：一般公共预算拨款1,500.00万元"
    "（含上年结转200.00万元）、政府性基金预算拨款200.00万元。",
    "a kind of vehicles within a kind": "国有资产占用情况说明\n截至2022年12月31日，本院共有车辆43辆，包括执法执勤用车31辆（其中囚车5辆）、"
    "特种专业技术用车7辆、其他用车5辆。",
    "an amount that was added to": "项目绩效自评情况\n1.学生资助项目。项目年初预算300.00万元，年中追加18.60万元，实际到位318.60万元，到位率100%。",
    "what a body gave itself and what others gave it": "预算绩效情况\n“居家养老服务”项目自评得分86.4分。\n“居家养老服务”项目开展重点评价，"
    "综合得分84.15分。",
}


def _findings(path: Path, text: str) -> list[tuple[str, str | None]]:
    path.write_text(f"某县某局2022年度部门决算\n一、{text}\n", encoding="utf-8")
    extraction = extract(path)
    raws = {quantity.id: quantity.raw for quantity in extraction.quantities}
    return [
        (finding.message, raws.get(finding.suspect or ""))
        for finding in extraction.findings
        if finding.kind in ("error", "misrounded", "wording")
    ]


@pytest.mark.parametrize(
    "text",
    [*(text for text, _ in (*CLEAN.values(), *WORDED.values())), *ALSO_CLEAN.values()],
    ids=[*CLEAN, *WORDED, *ALSO_CLEAN],
)
def test_what_is_right_raises_nothing(text: str, tmp_path: Path) -> None:
    assert _findings(tmp_path / "clean.txt", text) == []


@pytest.mark.parametrize(("text", "slip"), list(CLEAN.values()), ids=list(CLEAN))
def test_what_is_wrong_is_found(text: str, slip: tuple[str, str], tmp_path: Path) -> None:
    right, wrong = slip
    assert text.count(right) == 1
    ((_, suspect),) = _findings(tmp_path / "slip.txt", text.replace(right, wrong))
    assert suspect in (wrong, wrong.removeprefix("农林水支出") + "万元")


@pytest.mark.parametrize(("text", "slip"), list(WORDED.values()), ids=list(WORDED))
def test_what_is_wrong_is_told(text: str, slip: tuple[str, str, str], tmp_path: Path) -> None:
    right, wrong, told = slip
    assert text.count(right) == 1
    ((message, _),) = _findings(tmp_path / "slip.txt", text.replace(right, wrong))
    assert told in message


def test_basic_expenditure_and_projects_are_all_of_a_fiscal_budget(tmp_path: Path) -> None:
    text = (
        "一般公共预算财政拨款支出决算情况说明\n2022年度一般公共预算财政拨款支出决算为12,350.61万元。其中：基本支出8,350.61万元，"
        "项目支出4,000.00万元。"
    )
    assert _findings(tmp_path / "clean.txt", text) == []
    ((message, _),) = _findings(tmp_path / "slip.txt", text.replace("8,350.61", "8,050.61"))
    assert "合计应为12050.61万元" in message  # which of the three is wrong, nothing tells


def test_what_is_carried_over_is_no_part_of_this_years_revenue(tmp_path: Path) -> None:
    text = (
        "收支预算总体情况说明\n收入预算总计4095.86万元。包括：\n1.本年收入合计4077.14万元。\n（1）一般公共预算拨款收入3826.54万元。\n"
        "（2）财政专户管理资金收入214.60万元。\n（3）其他收入36.00万元。\n2.上年结转结余为18.72万元。"
    )
    path = tmp_path / "budget.txt"
    path.write_text(f"某小学2025年度单位预算\n一、{text}\n", encoding="utf-8")
    assert not [each for each in extract(path).findings if each.kind == "error"]


def test_points_of_indicators_are_no_parts_beside_their_dimension(tmp_path: Path) -> None:
    text = (
        "某县某局2021年度部门整体支出绩效自评报告\n一、自评得分情况\n我局自评总得分93.2分，自评等级为“优”。其中：\n"
        "（一）投入（满分10分，得分10分）。\n在职人员控制率为93.81%，该指标分值5分，得5分。\n"
        "（二）过程（满分40分，得分37分）。\n1.预算执行率为97.80%，该指标分值8分，得7分。\n"
        "（三）产出（满分30分，得分28.2分）。\n（四）效果（满分20分，得分18分）。\n"
    )
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    assert not [each for each in extract(path).findings if each.kind == "error"]
    path.write_text(text.replace("得分37分", "得分31分"), encoding="utf-8")
    assert [each for each in extract(path).findings if each.kind == "error"]
