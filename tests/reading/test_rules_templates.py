"""Stock phrases of regions' templates, which thousands of bodies print word for word."""

from typing import Any

import pytest
from told import Records


def _told(records_of: Records, title: str, body: str, kind: str, budget: bool = False) -> list[dict[str, Any]]:
    head = "2024年某县某局部门预算" if budget else "2023年度某县某局部门决算"
    return [fields for name, fields in records_of(f"{head}\n一、{title}\n{body}\n") if name == kind]


OFFICIAL = "“三公”经费财政拨款支出决算情况说明"


def test_meetings_and_training_are_counted_apart_from_receptions(records_of: Records) -> None:
    body = (
        "3.公务接待费支出决算1.20万元。其中：国内公务接待支出1.20万元，接待8批次，96人次。\n"
        "4.会议费支出决算3.40万元，比上年决算增加0.40万元。2023年度全年召开会议7个，参加会议310人次。\n"
        "5.培训费支出决算2.10万元。2023年度全年组织培训3个，组织培训150人次。"
    )
    counted = _told(records_of, OFFICIAL, body, "ActivityFigure")
    assert [(each["subject"], each["quantity"]) for each in counted] == [
        ("召开会议", "7个"),
        ("参加会议", "310人次"),
        ("组织培训", "3个"),
        ("组织培训", "150人次"),
    ]
    assert _told(records_of, OFFICIAL, body, "OfficialExpense")[-1]["persons"] == "96人次"


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        (
            "比上年决算减少0.20万元，主要原因是维修减少；决算数小于预算数的主要原因是加强车辆管理。",
            [
                {"base": "prior_year", "direction": "decrease", "amount": "0.20万元", "reason": "维修减少"},
                {"base": "initial_budget", "direction": "decrease", "reason": "加强车辆管理"},
            ],
        ),
        (
            "费用支出较年初预算数无增减，主要原因是按计划安排；较上年支出数无增减，主要原因是车辆数未变。",
            [
                {"base": "initial_budget", "direction": "unchanged", "reason": "按计划安排"},
                {"base": "prior_year", "direction": "unchanged", "reason": "车辆数未变"},
            ],
        ),
    ],
)
def test_a_second_comparison_ends_a_reason(records_of: Records, words: str, changes: list[dict[str, str]]) -> None:
    [record] = _told(records_of, OFFICIAL, f"公务用车运行维护费支出决算3.00万元。{words}", "OfficialExpense")
    assert record["changes"] == changes


def test_what_is_told_in_brackets_ends_with_them(records_of: Records) -> None:
    body = (
        "国内公务接待支出1.30万元（含外宾接待支出0.00万元）。主要用于接待上级检查，公务接待9批次、88人次，"
        "其中：接待外宾0批次、0人次。"
    )
    domestic, within, foreign = _told(records_of, OFFICIAL, body, "OfficialExpense")
    assert domestic == {
        "item": "reception_domestic",
        "amount": "1.30万元",
        "purpose": "接待上级检查",
        "batches": "9批次",
        "persons": "88人次",
    }
    assert within == {"item": "reception_foreign", "amount": "0.00万元"}
    assert foreign == {"item": "reception_foreign", "batches": "0批次", "persons": "0人次"}


def test_the_one_budget_told_is_the_initial_one(records_of: Records) -> None:
    body = (
        "因公出国（境）费全年预算2.00万元，支出决算2.00万元，全年预算数与决算数无差异。\n"
        "公务接待费全年预算为5.00万元，支出决算为2.00万元，完成全年预算的40.00%，决算数小于全年预算数的主要原因是厉行节约。"
    )
    abroad, reception = _told(records_of, OFFICIAL, body, "OfficialExpense")
    assert abroad["changes"] == [{"base": "initial_budget", "direction": "unchanged"}]
    assert reception["changes"] == [{"base": "initial_budget", "direction": "decrease", "reason": "厉行节约"}]


def test_each_side_of_the_account_moves_by_itself(records_of: Records) -> None:
    body = (
        "2023年度收入总计120万元，其中：本年收入合计100万元。\n2023年度支出总计120万元，其中：本年支出合计110万元。\n"
        "本年收入与上年相比，增加10万元，增长11.11%，变化原因：人员增加；本年支出与上年相比，减少5万元，下降4.35%，变化原因：压减支出。"
    )
    totals = _told(records_of, "收入支出决算总体情况说明", body, "BudgetTotal")
    assert [(t["side"], t["amount"], [c["amount"] for c in t.get("changes", [])]) for t in totals] == [
        ("revenue", "120万元", []),
        ("revenue", "100万元", ["10万元"]),
        ("expenditure", "120万元", []),
        ("expenditure", "110万元", ["5万元"]),
    ]


def test_a_reason_of_its_own_sentence_explains_the_whole(records_of: Records) -> None:
    body = (
        "2023年度收入合计90万元。其中：财政拨款收入80万元，占88.89%；其他收入10万元，占11.11%。"
        "与上年相比，收入合计减少10万元，下降10%。其中：财政拨款收入减少10万元，下降11.11%；其他收入与上年持平。主要原因是人员减少。"
    )
    [total] = _told(records_of, "收入决算情况说明", body, "BudgetTotal")
    assert total["changes"][0]["reason"] == "人员减少"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (
            "1.彩票公益金安排的支出（款）用于社会福利的彩票公益金支出（项）。支出决算30万元。",
            ("彩票公益金安排的支出", "用于社会福利的彩票公益金支出"),
        ),
        (
            "具体支出情况为：城乡社区支出（类）国有土地使用权出让收入安排的支出（款）农村基础设施建设支出（项）。支出决算为30万元。",
            ("国有土地使用权出让收入安排的支出", "农村基础设施建设支出"),
        ),
    ],
)
def test_words_of_official_names_are_no_lead(records_of: Records, line: str, names: tuple[str, str]) -> None:
    [record] = _told(
        records_of, "政府性基金预算财政拨款支出决算情况说明", f"（一）其他支出（类）\n{line}", "FunctionalExpenditure"
    )
    assert (record["section_name"], record["item_name"]) == names
    assert record["class_name"] in ("其他支出", "城乡社区支出")


def test_equipment_bought_by_two_thresholds(records_of: Records) -> None:
    body = "2024年部门预算安排购置车辆1辆；购置单位价值50万元以上的通用设备2台（套），单位价值100万元以上的专用设备0台（套）。"
    assert _told(records_of, "国有资产占用情况", body, "StateAssets", budget=True) == [
        {"vehicles_purchased": "1辆", "equipment_purchased": "2台（套）"},
        {"equipment_purchased": "0台（套）"},
    ]


def test_indicators_told_one_after_the_other_have_their_own_categories(records_of: Records) -> None:
    body = (
        "1.道路养护项目。2024年预算安排60万元。绩效目标：保障道路畅通。数量指标：养护里程≥12公里；质量指标：验收合格率≥95%；"
        "成本指标：项目总成本≤60万元。"
    )
    told = _told(records_of, "重点项目绩效目标", body, "IndicatorResult", budget=True)
    assert [each["category"] for each in told] == ["数量指标", "质量指标", "成本指标"]


def test_the_body_as_a_whole_is_what_is_scored(records_of: Records) -> None:
    body = (
        "部门整体支出绩效自评得分95.8分，其中预算编制9.5分，预算执行36.7分。\n"
        "“公园养护”项目绩效评价综合得分为94.5分，评价结果为“优”。"
    )
    told = _told(records_of, "预算绩效情况说明", body, "ScoreItem")
    assert sorted((each["score"], each["subject"]) for each in told) == [
        ("36.7分", "部门整体支出"),
        ("9.5分", "部门整体支出"),
        ("94.5分", "公园养护"),
        ("95.8分", "部门整体支出"),
    ]


def test_a_sentence_opens_with_the_stage_of_all_its_counts(records_of: Records) -> None:
    body = (
        "我部门组织对2023年度一般公共预算项目支出全面开展绩效自评，其中，一级项目2个，二级项目15个，共涉及资金456.00万元。"
        "组织对2023年度公园维护等3个政府性基金预算项目支出开展绩效自评，共涉及资金120.00万元。\n"
        "本部门共开展1项部门整体支出绩效自评价，涉及财政性资金600.00万元。"
    )
    told = _told(records_of, "预算绩效情况说明", body, "PerformanceOverview")
    assert [(each["stage"], each.get("category"), each["projects"], each.get("amount")) for each in told] == [
        ("self_evaluation", "一级项目", "2个", None),
        ("self_evaluation", "二级项目", "15个", "456.00万元"),
        ("self_evaluation", None, "3个", "120.00万元"),
        ("self_evaluation", "部门整体支出", "1项", "600.00万元"),
    ]


def test_posts_that_are_said_to_exist_are_posts(records_of: Records) -> None:
    body = "2023年末实有人员编制120人，其中：行政编制35人，事业编制85人。"
    told = _told(records_of, "人员和车辆编制情况", body, "UnitCount")
    assert [(each["measure"], each["category"]) for each in told] == [
        ("posts", "总计"),
        ("posts", "行政"),
        ("posts", "事业"),
    ]


def test_a_code_behind_its_line(records_of: Records) -> None:
    line = "1.卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）（2101101）。支出决算12.00万元。"
    [record] = _told(records_of, "一般公共预算财政拨款支出决算具体情况", line, "FunctionalExpenditure")
    assert (record["item_name"], record["code"]) == ("行政单位医疗", "2101101")


def test_counts_with_what_brackets_tell_of_each(records_of: Records) -> None:
    body = "2023年度国内公务接待共24批次（其中外事接待1批次），212人次（其中外事接待6人次），主要用于业务交流。"
    assert _told(records_of, OFFICIAL, body, "OfficialExpense") == [
        {"item": "reception_domestic", "batches": "24批次", "persons": "212人次", "purpose": "业务交流"},
        {"item": "reception_foreign", "batches": "1批次", "persons": "6人次"},
    ]


@pytest.mark.parametrize(
    "words",
    [
        "其中，粮油生产专项2024年预算安排180.00万元，年度绩效目标为：播种面积不低于38.6万亩，农户满意度不低于90%。",
        "以粮油生产专项项目为例，主要绩效指标为：播种面积不低于38.6万亩，农户满意度不低于90%。",
    ],
)
def test_targets_of_a_project_that_a_sentence_names(records_of: Records, words: str) -> None:
    body = f"2024年，本部门10个项目实行绩效目标管理，涉及资金800.00万元。{words}"
    told = _told(records_of, "预算绩效情况", body, "IndicatorResult", budget=True)
    assert [(each["project"], each["target"]) for each in told] == [
        ("粮油生产专项", "38.6万亩"),
        ("粮油生产专项", "90%"),
    ]


def test_official_expenses_told_among_basic_expenditure(records_of: Records) -> None:
    body = (
        "2023年基本支出345.67万元，其中：工资福利支出200.00万元，对个人和家庭的补助145.67万元。\n"
        "2023年“三公”经费预算45万元，实际支出38万元，其中公务接待费8万元，公务用车运行维护费30万元，"
        "“三公”经费较上年减少3万元，下降7.32%。"
    )
    told = _told(records_of, "基本支出情况", body, "OfficialExpense")
    assert [(each["item"], each["amount"]) for each in told] == [
        ("total", "38万元"),
        ("reception", "8万元"),
        ("vehicle_operation", "30万元"),
    ]
    assert told[0]["initial_budget"] == "45万元"
    assert told[0]["changes"] == [
        {"base": "prior_year", "direction": "decrease", "amount": "3万元", "percent": "7.32%"}
    ]


def test_each_rating_is_of_what_was_scored_before_it(records_of: Records) -> None:
    body = "其中公立医院改革项目自评得分98分，评价等级为优；重点专科建设项目自评得分83分，评价等级为良。"
    told = _told(records_of, "预算绩效情况说明", body, "ScoreItem")
    assert [(each["subject"], each["score"], each["rating"]) for each in told] == [
        ("公立医院改革", "98分", "优"),
        ("重点专科建设", "83分", "良"),
    ]


def test_the_title_says_what_a_document_is(records_of: Records) -> None:
    """Though the text speaks of budgets alone: 年初预算 beside the amount is the budget of an account."""
    body = "年初编制部门预算，加强预算管理，推进预算绩效管理。2023年“三公”经费预算45万元，实际支出38万元。"
    [record] = _told(records_of, "预算管理", body, "OfficialExpense")
    assert record == {"item": "total", "amount": "38万元", "initial_budget": "45万元"}


@pytest.mark.parametrize(
    ("body", "staff"),
    [
        ("行政编制42人，实际41人；事业编制18人，实有15人。", [("行政", "41人"), ("事业", "15人")]),
        ("行政编制20人，事业编制30人，实有45人。", [("总计", "45人")]),
    ],
)
def test_who_is_held_against_posts(records_of: Records, body: str, staff: list[tuple[str, str]]) -> None:
    told = _told(records_of, "人员构成情况", f"本部门{body}", "UnitCount")
    assert [(each["category"], each["count"]) for each in told if each["measure"] == "staff"] == staff


def test_a_total_with_what_it_includes_in_brackets(records_of: Records) -> None:
    body = "某局2024年一般公共预算拨款（含上年结转）845.79万元，比2023年执行数增加14.80万元，增长1.78%。"
    [total] = _told(records_of, "一般公共预算拨款规模变化情况", body, "BudgetTotal", budget=True)
    assert (total["scope"], total["amount"]) == ("general_public", "845.79万元")


@pytest.mark.parametrize(
    ("words", "reason"), [("年中追加专项", "年中追加专项"), ("用于设备更新", None), ("保障机关运转", None)]
)
def test_what_stands_behind_a_completion(records_of: Records, words: str, reason: str | None) -> None:
    line = f"1.文化和旅游（款）群众文化（项）支出138.46万元，完成年初预算的145.75%，主要是{words}。"
    [record] = _told(records_of, "一般公共预算财政拨款支出决算具体情况", line, "FunctionalExpenditure")
    assert record.get("reason") == reason


def test_what_a_body_has_is_counted_by_its_name(records_of: Records) -> None:
    body = "（一）学校现有全日制在校生2,345人，其中本科生1,987人；占地面积860亩。"
    told = _told(records_of, "其他情况说明", body, "ActivityFigure")
    assert [each["subject"] for each in told] == ["全日制在校生", "本科生", "占地面积"]


def test_assets_are_named_without_their_owner(records_of: Records) -> None:
    body = "2023年末，某镇人民政府资产总额3,456.78万元，其中固定资产净值2,800.00万元。"
    told = _told(records_of, "国有资产占用情况", body, "ActivityFigure")
    assert [each["subject"] for each in told] == ["资产总额", "固定资产净值"]
