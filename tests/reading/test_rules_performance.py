"""The rules reader on performance sections and on reports that evaluate one project."""

from typing import Any

import pytest
from told import Records, of_type


def _section(title: str, body: str) -> str:
    return f"2023年度某县水利局部门决算\n第三部分 2023年度部门决算情况说明\n十、{title}\n{body}\n"


def _report(name: str, body: str) -> str:
    return f"2023年度某市某局部门决算\n第四部分 其他\n一、{name}项目绩效评价报告\n{body}\n"


def test_overall_figures_of_performance_management(records_of: Records) -> None:
    found = records_of(
        _section(
            "预算绩效情况说明",
            "我局组织对2023年度项目支出全面开展绩效自评，涉及项目12个，资金3456.78万元，占一般公共预算项目支出总额的100%。"
            "对其中2个项目开展部门评价，涉及金额860万元。",
        )
    )
    assert of_type(found, "PerformanceOverview") == [
        {"stage": "self_evaluation", "projects": "12个", "projects_share": "100%", "amount": "3456.78万元"},
        {"stage": "evaluation", "projects": "2个", "amount": "860万元"},
    ]


def test_one_projects_budget_inside_a_performance_section(records_of: Records) -> None:
    """全年预算数 and 执行数 are one project's, named where the paragraph opens, not the body's."""
    found = records_of(
        _section(
            "预算绩效情况说明",
            "1.山洪灾害防治项目绩效自评综述：根据年初设定的绩效目标，项目自评得分为96.5分。项目全年预算数为560万元，"
            "执行数为531.2万元，完成预算的94.86%。一是完成预警设施维护86处。\n"
            "2.水库除险加固项目绩效自评综述：水库除险加固项目绩效自评得分为92分。全年预算数300万元，执行数为300万元，执行率为100%。",
        )
    )
    assert of_type(found, "ProjectFunding") == [
        {
            "project": "山洪灾害防治",
            "approved_budget": "560万元",
            "spent": "531.2万元",
            "execution_rate": "94.86%",
        },
        {
            "project": "水库除险加固",
            "approved_budget": "300万元",
            "spent": "300万元",
            "execution_rate": "100%",
        },
    ]
    assert [(item["subject"], item["score"]) for item in of_type(found, "ScoreItem")] == [
        ("山洪灾害防治", "96.5分"),
        ("水库除险加固", "92分"),
    ]
    assert of_type(found, "ActivityFigure") == [{"subject": "完成预警设施维护", "quantity": "86处"}]
    assert not of_type(found, "PerformanceOverview")


def test_a_body_as_a_whole_is_no_project(records_of: Records) -> None:
    found = records_of(_section("预算绩效情况说明", "我局开展部门整体支出绩效自评，涉及资金2000万元，自评结果为“优”。"))
    assert not of_type(found, "ProjectFunding")
    assert of_type(found, "PerformanceOverview") == [
        {"stage": "self_evaluation", "category": "部门整体支出", "amount": "2000万元", "rating": "优"}
    ]


def test_money_of_a_project_and_its_uses(records_of: Records) -> None:
    found = records_of(
        _report(
            "湖区生态补水",
            "（一）资金情况\n年初预算批复资金420万元，实际到位420万元，到位率100%。截至2023年12月31日，实际支出401.6万元，"
            "其中：引水泵站电费210万元，巡查管护劳务费191.6万元。结余18.4万元。",
        )
    )
    first, *_ = of_type(found, "ProjectFunding")
    assert first["project"] == "湖区生态补水"
    assert (first["approved_budget"], first["received"], first["received_rate"]) == ("420万元", "420万元", "100%")
    assert [(use["label"], use["amount"], use["basis"]) for use in of_type(found, "FundUse")] == [
        ("引水泵站电费", "210万元", "actual"),
        ("巡查管护劳务费", "191.6万元", "actual"),
    ]


STEPS = [
    (
        "2023年3月15日，与宁水工程咨询有限公司签订服务合同。",
        {"date": "2023年3月15日", "party": "宁水工程咨询有限公司", "state": "actual"},
    ),
    ("2023年4月至2023年11月，开展河道清淤。", {"date": "2023年4月", "end_date": "2023年11月", "state": "actual"}),
    ("2023年8月，经局办公会审议，提出采购需求。", {"date": "2023年8月", "state": "actual"}),
    ("项目计划于2024年6月底完工验收。", {"date": "2024年6月", "state": "planned"}),
    ("全年组织召开协调会11次。", {"count": "11次", "state": "actual"}),
]


@pytest.mark.parametrize(("sentence", "wanted"), STEPS)
def test_steps_of_a_project(records_of: Records, sentence: str, wanted: dict[str, Any]) -> None:
    found = records_of(_report("湖区生态补水", f"（一）组织实施情况\n{sentence}"))
    (step,) = of_type(found, "ProjectEvent")
    assert {name: step.get(name) for name in wanted} == wanted
    assert step["event"]


def test_the_day_of_a_cut_off_is_no_step(records_of: Records) -> None:
    found = records_of(_report("湖区生态补水", "（一）资金情况\n截至2023年12月31日，项目支出401.6万元。"))
    assert not of_type(found, "ProjectEvent")
    (funding,) = of_type(found, "ProjectFunding")
    assert (funding["as_of"], funding["spent"]) == ("2023年12月31日", "401.6万元")


def test_targets_and_what_was_done(records_of: Records) -> None:
    found = records_of(
        _report(
            "湖区生态补水",
            "（一）产出指标完成情况\n（1）数量指标。年度指标：补水量不少于800万立方米，实际完成812万立方米。",
        )
    )
    (result,) = of_type(found, "IndicatorResult")
    assert (result["target"], result["actual"]) == ("800万立方米", "812万立方米")
    assert result["target_operator"] == "ge"


def test_a_projects_statement_in_a_budget(records_of: Records) -> None:
    found = records_of(
        "2025年某区河道管理所单位预算\n一、收入预算情况\n收入预算300万元。\n滨河步道修缮项目经费情况说明\n一、项目概述\n步道全长3公里。\n二、年度预算安排\n2025年预算安排128.5万元。\n"
    )
    assert of_type(found, "ProjectFunding") == [{"project": "滨河步道修缮", "approved_budget": "128.5万元"}]
    assert [total["amount"] for total in of_type(found, "BudgetTotal")] == ["300万元"]


def test_rating_bands_and_points(records_of: Records) -> None:
    found = records_of(
        _report(
            "湖区生态补水",
            "（一）评价结论\n项目综合得分91.5分，评价等级为“优”。评价等级分为四档：90分（含）以上为优，80分（含）至90分为良，60分以下为差。"
            "其中决策指标分值20分，得分19分。",
        )
    )
    scores = of_type(found, "ScoreItem")
    assert scores[0]["score"] == "91.5分"
    assert scores[0]["rating"] == "优"
    assert {"full_score": "20分", "score": "19分"}.items() <= scores[1].items()
    bands = {band["rating"]: (band.get("lower"), band.get("upper")) for band in of_type(found, "RatingBand")}
    assert bands == {"优": ("90分", None), "良": ("80分", "90分"), "差": (None, "60分")}


def test_points_with_their_full_marks_in_brackets(records_of: Records) -> None:
    found = records_of(
        _report(
            "养老服务",
            "项目综合得分94.5分，其中决策（20分）得19分，过程（20分）得18.5分，产出（35分）得34分，评价等级为“优”。",
        )
    )
    assert [{k: v for k, v in item.items() if k != "subject"} for item in of_type(found, "ScoreItem")] == [
        {"dimension": "综合得分", "score": "94.5分", "rating": "优"},
        {"dimension": "决策", "full_score": "20分", "score": "19分"},
        {"dimension": "过程", "full_score": "20分", "score": "18.5分"},
        {"dimension": "产出", "full_score": "35分", "score": "34分"},
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("计划改造敬老院6所，实际改造7所。", {"indicator": "改造敬老院", "target": "6所", "actual": "7所"}),
        (
            "项目总成本控制在490万元以内，实际支出486.32万元。",
            {"indicator": "项目总成本", "target": "490万元", "target_operator": "le", "actual": "486.32万元"},
        ),
        (
            "城镇新增就业4.86万人，超额完成4.5万人的年度目标。",
            {"indicator": "城镇新增就业", "target": "4.5万人", "actual": "4.86万人"},
        ),
        (
            "服务对象满意度达到98.9%，高于目标值90%。",
            {"indicator": "服务对象满意度", "target": "90%", "actual": "98.9%"},
        ),
    ],
)
def test_targets_beside_what_was_reached(records_of: Records, words: str, expected: dict[str, str]) -> None:
    [indicator] = of_type(records_of(_report("某项", words)), "IndicatorResult")
    assert {k: v for k, v in indicator.items() if k not in ("project", "category")} == expected


def test_a_plan_alone_is_no_result(records_of: Records) -> None:
    assert not of_type(records_of(_report("某项", "计划改造敬老院6所。购置设备12台，价格合理。")), "IndicatorResult")


def test_shares_belong_to_the_uses_they_follow(records_of: Records) -> None:
    found = records_of(
        _report("养老服务", "实际支出533.6万元，其中：运营补贴213.44万元，占40%；改造工程320.16万元，占60%。")
    )
    assert [(use["label"], use["amount"], use["share"]) for use in of_type(found, "FundUse")] == [
        ("运营补贴", "213.44万元", "40%"),
        ("改造工程", "320.16万元", "60%"),
    ]


def test_planned_and_actual_dates_and_periods(records_of: Records) -> None:
    found = records_of(
        _report("养老服务", "项目应于2022年11月底前完工，实际2022年10月25日完工。工期自2022年5月1日至2022年10月31日。")
    )
    assert [(e["state"], e["date"], e.get("end_date")) for e in of_type(found, "ProjectEvent")] == [
        ("planned", "2022年11月", None),
        ("actual", "2022年10月25日", None),
        ("actual", "2022年5月1日", "2022年10月31日"),
    ]
