"""Targets and what was reached, in budgets and accounts: whose they are, their category, their operators."""

import pytest
from told import Plain, Records, account, budget, of_type


def results(records: list[tuple[str, Plain]], *names: str) -> list[tuple[str | None, ...]]:
    """The named fields of every indicator."""
    return [tuple(each.get(name) for name in names) for each in of_type(records, "IndicatorResult")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("培训合格率目标95%，实际97.2%；学员满意度目标90%以上，实际93.5%。", [None, None]),
        ("工程质量合格率计划98%以上，实际99%。", [None]),
        (
            "质量指标：工程验收合格率目标100%，实际100%；满意度指标：学员满意度目标90%以上，实际93.5%。",
            ["质量指标", "满意度指标"],
        ),
        ("社会效益方面，就业率目标90%，实际92%。", ["社会效益"]),
    ],
)
def test_a_category_is_only_what_is_printed_as_one(text: str, told: list[str | None], records_of: Records) -> None:
    found = records_of(account("预算绩效情况说明", f"目标完成情况：{text}"))
    assert [each[0] for each in results(found, "category")] == told


@pytest.mark.parametrize(
    ("text", "indicator", "target", "operator", "actual"),
    [
        ("新建管网18.2公里，较计划的20公里有差距。", "新建管网", "20公里", None, "18.2公里"),
        ("培训基层干部420人次，比目标450人次少30人次。", "培训基层干部", "450人次", None, "420人次"),
        ("培训基层干部480人次，超过450人次的目标。", "培训基层干部", "450人次", None, "480人次"),
        ("户均增收2100元，超过不低于2000元的指标值。", "户均增收", "2000元", "ge", "2100元"),
        ("案件按期办结率仅92.1%，未达到95%的年度指标。", "案件按期办结率", "95%", None, "92.1%"),
        ("毕业生就业率达到96.3%，好于年初确定的94%的目标。", "毕业生就业率", "94%", None, "96.3%"),
        ("居民收入21000元，比上年增长8.4%，高于8%左右的预期目标。", "居民收入", "8%", None, "8.4%"),
        ("网上办理事项由60项的建设目标增加到72项。", "网上办理事项", "60项", None, "72项"),
        ("堤防加固计划新建12公里，实际12.6公里。", "堤防加固", "12公里", None, "12.6公里"),
    ],
)
def test_what_was_reached_is_compared_with_its_target(
    text: str, indicator: str, target: str, operator: str | None, actual: str, records_of: Records
) -> None:
    found = records_of(account("预算绩效情况说明", f"从年度任务看，{text}"))
    told = ("indicator", "target", "target_operator", "actual")
    assert results(found, *told) == [(indicator, target, operator, actual)]


@pytest.mark.parametrize("words", ["实际分别完成", "实际完成分别为"])
def test_targets_are_answered_in_order(words: str, records_of: Records) -> None:
    text = f"年初计划新建教室8间、购置课桌不少于600套，{words}9间和620套。"
    found = records_of(account("预算绩效情况说明", text))
    assert results(found, "indicator", "target", "target_operator", "actual") == [
        ("新建教室", "8间", None, "9间"),
        ("购置课桌", "600套", "ge", "620套"),
    ]


@pytest.mark.parametrize("opening", ["整体绩效目标：", "部门整体支出绩效目标为："])
def test_targets_of_the_body_as_a_whole(opening: str, records_of: Records) -> None:
    text = (
        "我局编报部门整体支出绩效目标。\n"
        f"{opening}全年完成固定资产投资3.5亿元以上，居民人均可支配收入达到2.4万元；新建公厕20座，投诉办结率不低于98%。"
    )
    found = records_of(budget("预算绩效目标情况说明", text))
    assert results(found, "project", "indicator", "target", "target_operator") == [
        ("部门整体支出", "固定资产投资", "3.5亿元", "ge"),
        ("部门整体支出", "居民人均可支配收入", "2.4万元", None),
        ("部门整体支出", "新建公厕", "20座", None),
        ("部门整体支出", "投诉办结率", "98%", "ge"),
    ]


def test_what_there_is_and_whom_money_is_for_are_no_targets(records_of: Records) -> None:
    text = (
        "我局编报绩效目标的项目3个。\n"
        "1.养老院改造。该院现有床位60张，入住老人45名。预算安排80万元，用于24名护理员的补贴，改造房间30间，验收合格率应为100%。\n"
        "2.巡查员补助项目。预算30万元，覆盖全部12个社区，巡查完成率、隐患整改率分别达到95%和98%以上，支出控制在30万元以内。"
    )
    found = records_of(budget("预算绩效目标情况说明", text))
    assert results(found, "project", "indicator", "target", "target_operator") == [
        ("养老院改造", "改造房间", "30间", None),
        ("养老院改造", "验收合格率", "100%", "eq"),
        ("巡查员补助", "巡查完成率", "95%", "ge"),
        ("巡查员补助", "隐患整改率", "98%", "ge"),
        ("巡查员补助", "支出", "30万元", "le"),
    ]
    assert {each["quantity"] for each in of_type(found, "ActivityFigure")} == {"60张", "45名", "24名", "12个"}


@pytest.mark.parametrize(
    "words",
    [
        "普惠园覆盖率由2023年的88.4%提高到90%以上",
        "普惠园覆盖率从上年的88.4%提升至90%以上",
        "2023年普惠园覆盖率88.4%；本年普惠园覆盖率90%以上",
    ],
)
def test_what_was_before_is_no_target_of_a_plan(words: str, records_of: Records) -> None:
    found = records_of(budget("分项绩效目标", f"绩效指标：{words}；创建示范园2所。"))
    assert {(each["indicator"], each["target"]) for each in of_type(found, "IndicatorResult")} == {
        ("普惠园覆盖率", "90%"),
        ("创建示范园", "2所"),
    }


def test_indicators_that_share_a_figure_and_figures_that_share_an_indicator(records_of: Records) -> None:
    text = "绩效指标：保安配备率、封闭管理率、联网率均达到100%；森林草原火灾受害率分别控制在0.9‰和2‰以下；造价不高于每平方米1000元。"
    found = of_type(records_of(budget("分项绩效目标", text)), "IndicatorResult")
    assert {(each["indicator"], each["target"], each.get("target_operator")) for each in found} == {
        ("保安配备率、封闭管理率、联网率", "100%", None),
        ("森林草原火灾受害率", "0.9‰", "le"),
        ("森林草原火灾受害率", "2‰", "le"),
        ("造价", "1000元", "le"),
    }


@pytest.mark.parametrize(
    "words",
    [
        "登记合同1836项，成交额68亿元，同比增长21.6%，完成年度目标60亿元的113.3%。",
        "成交额68亿元，高于60亿元的预期值。",
    ],
)
def test_what_was_reached_stands_before_its_target(words: str, records_of: Records) -> None:
    found = of_type(records_of(account("绩效自评情况", f"1、平台建设项目，自评得分96分。{words}")), "IndicatorResult")
    assert [(each["indicator"], each["target"], each["actual"]) for each in found] == [("成交额", "60亿元", "68亿元")]
