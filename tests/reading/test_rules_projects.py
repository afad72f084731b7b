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


def test_a_works_evaluated_and_what_the_next_paragraph_tells_of_it(records_of: Records) -> None:
    text = (
        "委托第三方对凌河水质改善工程进行绩效评价，全年预算420万元，其中中央水污染防治资金300万元、市级配套120万元，"
        "实际支出400万元，预算执行率95.24%。评价得分90分，等级为优，为全面反映资金使用效益，评价组查阅了全部资料并走访了沿线村庄。\n"
        "该项目产出情况：①数量上，河道清淤目标12公里，实际完成12.6公里。②质量上，工程验收合格率100%。"
    )
    found = records_of(account("预算绩效情况", text))
    assert uses(found) == [("中央水污染防治资金", "300万元", None), ("市级配套", "120万元", None)]
    assert funding(found) == [{"approved_budget": "420万元", "spent": "400万元", "execution_rate": "95.24%"}]
    results = of_type(found, "IndicatorResult")
    assert [(each.get("target"), each["actual"]) for each in results] == [("12公里", "12.6公里"), (None, "100%")]
    assert {each["project"] for each in results} == {"凌河水质改善工程"}


def test_points_told_respectively(records_of: Records) -> None:
    text = (
        "粮库改造项目由某会计师事务所开展部门评价，综合得分87分，其中决策、过程、产出和效益四个维度得分分别为18分、17分、27分和25分，"
        "上述四个方面权重分别为20%、20%、30%、30%。"
    )
    scores = of_type(records_of(account("部门评价项目绩效评价结果", text)), "ScoreItem")
    assert [(each["dimension"], each["score"], each.get("weight")) for each in scores[1:]] == [
        ("决策", "18分", "20%"),
        ("过程", "17分", "20%"),
        ("产出", "27分", "30%"),
        ("效益", "25分", "30%"),
    ]


def test_transfers_are_counted_under_their_own_title(records_of: Records) -> None:
    text = "2024年提前下达各县就业补助资金3项，合计960万元，分配至6个县。"
    found = records_of(budget("对县转移支付情况", text))
    (counted,) = of_type(found, "ProjectCount")
    assert (counted["count"], counted["amount"]) == ("3项", "960万元")


def test_a_plan_for_what_was_carried_over(records_of: Records) -> None:
    text = (
        "（一）绩效目标情况。2024年绩效目标管理的项目6个，涉及资金820万元。\n"
        "（二）上年结转资金使用计划。上年结转180万元中，120万元用于兑现就业奖励，60万元用于支付设备尾款，"
        "后者合同总价200万元、截至2023年底已付140万元，约占70%。"
    )
    found = records_of(budget("预算绩效情况", text))
    assert uses(found) == [("兑现就业奖励", "120万元", None), ("设备尾款", "60万元", None)]
    assert funding(found) == [
        {"as_of": "2023年", "contract_amount": "200万元", "spent": "140万元", "execution_rate": "70%"}
    ]


def test_all_projects_counted_beside_some(records_of: Records) -> None:
    text = "2024年，填报绩效目标的预算项目47个，占全部预算项目50个的94%。填报绩效目标的项目支出预算1,132万元。"
    found = of_type(records_of(budget("预算绩效情况", text)), "PerformanceOverview")
    assert [(each["projects"], each["projects_share"], each.get("budget_amount")) for each in found] == [
        ("47个", "94%", "1,132万元")
    ]


def test_targets_that_are_days_and_categories_between_semicolons(records_of: Records) -> None:
    text = (
        "1.基本公共卫生服务项目\n"
        "（1）绩效目标：①数量指标：管理人数≥4.1万人；②质量指标：规范管理率≥64%；③时效指标：补助资金拨付时间不迟于12月25日。"
    )
    found = of_type(records_of(budget("项目情况说明", text)), "IndicatorResult")
    assert {(each["category"], each["indicator"], each["target"]) for each in found} == {
        ("数量指标", "管理人数", "4.1万人"),
        ("质量指标", "规范管理率", "64%"),
        ("时效指标", "补助资金拨付时间", "12月25日"),
    }


def test_results_told_as_shares_of_their_targets(records_of: Records) -> None:
    text = "食品抽检项目全年预算320万元，执行数310万元，完成预算的96.88%。产出方面，完成抽检1826批次，为年度目标1800批次的101.44%。"
    (result,) = of_type(records_of(account("项目绩效自评情况", text)), "IndicatorResult")
    assert (result["target"], result["actual"]) == ("1800批次", "1826批次")


def test_a_plan_in_a_projects_name_announces_nothing(records_of: Records) -> None:
    text = (
        "2024年编制绩效目标的项目9个，涉及资金500.00万元。重点项目绩效目标如下：\n"
        "1.职业教育质量提升计划项目预算安排420.00万元。绩效目标：新建实训室不少于6个。\n"
    )
    found = records_of(budget("绩效目标情况", text))
    (funding,) = of_type(found, "ProjectFunding")
    assert (funding["project"], funding["approved_budget"]) == ("职业教育质量提升计划", "420.00万元")
    (target,) = of_type(found, "IndicatorResult")
    assert (target["indicator"], target["target"], target.get("category")) == ("新建实训室", "6个", None)
