"""The projects of a budget, or of an evaluation: named by number, title or sentence; their money, its parts and its years."""

from told import Plain, Records, account, budget, of_type


def uses(records: list[tuple[str, Plain]]) -> list[tuple[str, str, str | None]]:
    """Label, amount and share of every use of money."""
    return [(each["label"], each["amount"], each.get("share")) for each in of_type(records, "FundUse")]


def funding(records: list[tuple[str, Plain]]) -> list[Plain]:
    """The money of projects, without the projects' names."""
    return [
        {name: value for name, value in each.items() if name != "project"}
        for each in of_type(records, "ProjectFunding")
    ]


def test_numbered_projects_with_uses_named_behind_their_amounts(records_of: Records) -> None:
    text = (
        "项目一：公益岗位补贴资金，2024年安排850万元。其中520万元用于岗位补贴，330万元用于社会保险补贴（110人、每人3万元）。\n"
        "项目二：零工市场建设，总投资400万元，2023年已下达250万元，2024年安排150万元，计划2024年4月开工。"
    )
    found = records_of(budget("项目支出安排及绩效目标", text))
    assert uses(found) == [("岗位补贴", "520万元", None), ("社会保险补贴", "330万元", None)]
    assert [each.get("count") for each in of_type(found, "FundUse")] == [None, "110人"]
    assert funding(found) == [
        {"approved_budget": "850万元"},
        {"period": "2023年", "allocated": "250万元"},
        {"planned": "400万元", "approved_budget": "150万元"},
    ]
    assert {each["project"] for each in of_type(found, "ProjectFunding")} == {"公益岗位补贴资金", "零工市场建设"}


def test_projects_under_titles_of_their_own(records_of: Records) -> None:
    text = (
        "1.河道日常养护项目\n"
        "该项目2024年预算安排600万元，其中：保洁360万元、绿化240万元，占比分别为60%和40%。绩效目标：养护河道长度82公里。\n"
        "2.水质监测能力建设项目\n"
        "该项目概算总投资900万元，2023年已下达500万元，当年支出450万元，执行率90%；2024年安排400万元。"
    )
    found = records_of(budget("重点项目情况说明", text))
    assert uses(found) == [("保洁", "360万元", "60%"), ("绿化", "240万元", "40%")]
    assert [(each["project"], each["target"]) for each in of_type(found, "IndicatorResult")] == [
        ("河道日常养护", "82公里")
    ]
    assert funding(found) == [
        {"approved_budget": "600万元"},
        {"period": "2023年", "allocated": "500万元", "spent": "450万元", "execution_rate": "90%"},
        {"estimated": "900万元", "approved_budget": "400万元"},
    ]


def test_money_that_several_bear(records_of: Records) -> None:
    text = (
        "1.基本公共卫生服务项目\n"
        "（1）项目概述：免费提供健康管理服务。\n"
        "（2）年度预算安排：按常住人口20万人、人均90元测算，共1800万元，中央、省、县三级财政分别负担1440万元、270万元、90万元，"
        "所占比例为80%、15%、5%。"
    )
    found = records_of(budget("项目情况说明", text))
    assert uses(found) == [("中央", "1440万元", "80%"), ("省", "270万元", "15%"), ("县", "90万元", "5%")]
    assert funding(found) == [{"approved_budget": "1800万元"}]


def test_progress_in_parts_of_the_year(records_of: Records) -> None:
    text = (
        "部门整体支出年初预算520万元，实际支出500万元，预算执行率96.15%。上半年、前三季度支出进度分别为41.2%、68.5%。"
    )
    report = f"预算绩效见附件。\n第二部分 附件\n附件1\n某市某局部门整体支出绩效自评报告\n一、部门资金收支情况\n{text}"
    found = funding(records_of(account("预算绩效情况", report)))
    assert {"period": "上半年", "execution_rate": "41.2%"} in found
    assert {"period": "前三季度", "execution_rate": "68.5%"} in found


def test_a_project_evaluated_by_a_third_party(records_of: Records) -> None:
    text = "粮库改造项目由某会计师事务所开展部门评价，综合得分87.6分。项目预算420万元，实际支出390万元，预算执行率92.86%，结余30万元。"
    found = records_of(account("部门评价项目绩效评价结果", text))
    assert funding(found) == [
        {"approved_budget": "420万元", "spent": "390万元", "execution_rate": "92.86%", "surplus": "30万元"}
    ]
    assert [each["subject"] for each in of_type(found, "ScoreItem")] == ["粮库改造"]
