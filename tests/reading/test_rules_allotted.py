"""The money of a project allotted among several, and whose money it is when a sentence names the project in other ways."""

import pytest
from told import Plain, Records, account, budget, of_type


def uses(records: list[tuple[str, Plain]]) -> list[tuple[str | None, ...]]:
    """What money goes to: label, count and amount."""
    return [(each["label"], each.get("count"), each["amount"]) for each in of_type(records, "FundUse")]


@pytest.mark.parametrize(
    "words",
    [
        "资金计划300万元，按渠道分，中央补助180万元、市级配套120万元。",
        "年度预算300万元，由中央补助180万元和市级配套120万元组成。",
        "预算安排300万元，按资金来源看，中央补助180万元，市级配套120万元。",
        "预算安排300万元，中央补助、市级配套分别安排180万元、120万元。",
        "预算安排300万元，其中180万元、120万元分别用于中央补助、市级配套。",
    ],
)
def test_parts_of_a_projects_money(words: str, records_of: Records) -> None:
    text = f"1、乡镇卫生院设备更新。{words}\n2、村医培训。预算安排20万元，培训村医90名。"
    found = records_of(budget("预算项目绩效目标", text))
    assert uses(found) == [("中央补助", None, "180万元"), ("市级配套", None, "120万元")]
    assert [(each["project"], *list(each.values())[1:]) for each in of_type(found, "ProjectFunding")] == [
        ("乡镇卫生院设备更新", "300万元"),
        ("村医培训", "20万元"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "评出金奖2项、银奖5项，分别发放奖金20万元、25万元。",
        "评选出金奖2项、银奖5项，奖励标准依次为10万元、5万元，对应资金20万元和25万元。",
        "全年评审120项，其中金奖2项、银奖5项，分别按每项10万元、5万元奖励，支出20万元和25万元。",
        "金奖2项，奖励20万元；银奖5项，奖励25万元。",
    ],
)
def test_what_is_counted_with_what_it_takes_in_order(words: str, records_of: Records) -> None:
    text = f"1、技能竞赛奖励项目，自评得分90分。全年预算数50万元，执行数45万元。{words}"
    assert uses(records_of(account("项目绩效自评结果", text))) == [("金奖", "2项", "20万元"), ("银奖", "5项", "25万元")]


@pytest.mark.parametrize(
    "words",
    ["种植草坪12万亩，按每亩40元补助，需480万元。", "实施种植草坪12万亩，每亩40元，共需480万元。"],
)
def test_an_amount_worked_out_from_what_is_measured(words: str, records_of: Records) -> None:
    found = records_of(budget("项目绩效目标情况说明", f"1.草地修复项目。预算安排480万元。{words}"))
    assert uses(found) == [("种植草坪", None, "480万元")]


def test_the_sum_of_parts_behind_them(records_of: Records) -> None:
    text = "1.公益林管护项目。其中国有林5万亩、集体林8万亩，分别按每亩10元、16元补偿，年内计划支出50万元和128万元，共178万元。"
    found = records_of(budget("项目绩效目标情况说明", text))
    assert [each[2] for each in uses(found)] == ["50万元", "128万元"]
    assert [each["planned"] for each in of_type(found, "ProjectFunding")] == ["178万元"]


@pytest.mark.parametrize("title", ["水渠维修项目和泵站改造项目", "水渠维修、泵站改造两个项目分别安排60万元和80万元"])
def test_two_projects_told_as_the_former_and_the_latter(title: str, records_of: Records) -> None:
    text = f"1.{title}。前者维修渠道9公里；后者更新水泵14台。\n2.农田排灌项目。预算安排20万元。"
    found = records_of(budget("预算项目绩效目标", text))
    assert [(each["project"], each["target"]) for each in of_type(found, "IndicatorResult")] == [
        ("水渠维修", "9公里"),
        ("泵站改造", "14台"),
    ]
    if "分别" in title:
        assert [each["approved_budget"] for each in of_type(found, "ProjectFunding")] == ["60万元", "80万元", "20万元"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("对“高龄老人两项津贴”项目开展部门评价，得分92分。项目预算安排860万元，实际发放852万元。", "高龄老人两项津贴"),
        ("重点管理的专项资金为山洪灾害防治专项，2023年安排860万元，实际支出852万元。", "山洪灾害防治"),
        ("春节慰问项目共投入资金860万元，实际支出852万元。", "春节慰问"),
    ],
)
def test_the_money_is_of_the_project_named(words: str, told: str, records_of: Records) -> None:
    found = of_type(records_of(account("预算绩效情况说明", words)), "ProjectFunding")
    assert [(each["project"], each["approved_budget"], each["spent"]) for each in found] == [
        (told, "860万元", "852万元")
    ]


def test_what_is_none_of_a_projects_money(records_of: Records) -> None:
    text = (
        "1.创业补贴项目。预算安排90万元，比上年多安排12万元，每人最高不超过3万元，新增销售收入200万元。\n"
        "2.技能培训项目。预算安排70万元，上年支付率仅为73%。"
    )
    found = of_type(records_of(budget("项目绩效目标情况说明", text)), "ProjectFunding")
    assert found == [
        {"project": "创业补贴", "approved_budget": "90万元"},
        {"project": "技能培训", "approved_budget": "70万元"},
    ]


def test_measures_and_counts_that_are_no_projects(records_of: Records) -> None:
    text = (
        "1、完善制度建设。修订财务管理办法、专项资金管理办法等5项制度。\n"
        "2、加强绩效运行监控。2024年我部门15个预算项目全部编报绩效目标，涉及预算资金900万元。\n"
        "3、规范财务管理。对62个所属单位开展财务检查。"
    )
    found = records_of(budget("绩效工作保障措施", text))
    assert [(each["projects"], each["budget_amount"]) for each in of_type(found, "PerformanceOverview")] == [
        ("15个", "900万元")
    ]
    assert of_type(found, "ProjectFunding") == []


def test_one_step_on_two_days(records_of: Records) -> None:
    text = "1.学生补助项目。预算安排60万元，春、秋两季补助分别于5月底和11月底前发放到位。"
    found = of_type(records_of(budget("项目绩效目标情况说明", text)), "ProjectEvent")
    assert [(each["date"].rstrip("底"), each["state"], "发放到位" in each["event"]) for each in found] == [
        ("5月", "planned", True),
        ("11月", "planned", True),
    ]


def test_a_report_in_numbered_parts_goes_on_about_its_project(records_of: Records) -> None:
    text = (
        "1.项目基本情况。就业见习项目总投资68万元，其中上级补助48万元，本级配套20万元。\n"
        "2.资金使用情况。项目实际支出65万元，其中见习补贴60万元，管理经费5万元。\n"
        "3.评价结果。项目综合得分92.4分，评价等级为“优”。"
    )
    found = records_of(account("重点项目绩效评价情况", text))
    assert [(each["project"], each["label"]) for each in of_type(found, "FundUse")] == [
        ("就业见习", "上级补助"),
        ("就业见习", "本级配套"),
        ("就业见习", "见习补贴"),
        ("就业见习", "管理经费"),
    ]
    funding = of_type(found, "ProjectFunding")
    assert [(each["project"], each.get("planned"), each.get("spent")) for each in funding] == [
        ("就业见习", "68万元", None),
        ("就业见习", None, "65万元"),
    ]
    assert [each["subject"] for each in of_type(found, "ScoreItem")] == ["就业见习"]


@pytest.mark.parametrize(
    "words", ["共涉及项目12个，财政拨款预算1350万元。", "编制绩效目标的项目12个，预算安排1350万元。"]
)
def test_money_beside_counted_projects(words: str, records_of: Records) -> None:
    text = (
        f"2024年全面实施绩效目标管理，{words}\n（一）重点实验室运行项目\n1.实施周期：2022—2024年。\n"
        "2.年度预算安排：2024年安排财政拨款350万元，其中仪器维护120万元、材料费230万元。"
    )
    found = records_of(budget("预算绩效情况说明", text))
    assert [(each["projects"], each["budget_amount"]) for each in of_type(found, "PerformanceOverview")] == [
        ("12个", "1350万元")
    ]
    assert of_type(found, "ProjectFunding") == [{"project": "重点实验室运行", "approved_budget": "350万元"}]
    assert of_type(found, "IndicatorResult") == []
