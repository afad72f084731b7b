"""Projects told of together, and how a passage names the project that it tells of."""

import pytest
from told import Plain, Records, account, budget, of_type


def funding(records: list[tuple[str, Plain]]) -> list[Plain]:
    """The money of projects."""
    return of_type(records, "ProjectFunding")


@pytest.mark.parametrize("title", ["农村供水项目和渠道维修项目", "农村供水、渠道维修", "农村供水与渠道维修项目"])
def test_projects_named_in_one_title(title: str, records_of: Records) -> None:
    text = (
        "项目绩效自评情况：\n"
        f"1.{title}。两个项目分别到位300万元、150万元，支出分别为290万元、141万元，执行率分别为96.67%和94%，自评得分95.5分和92.4分。"
        "铺设管道18公里，较计划的20公里有差距；维修渠道9公里，超过8公里的目标。"
    )
    found = records_of(account("项目支出绩效自评情况", text))
    assert funding(found) == [
        {"project": "农村供水", "received": "300万元", "spent": "290万元", "execution_rate": "96.67%"},
        {"project": "渠道维修", "received": "150万元", "spent": "141万元", "execution_rate": "94%"},
    ]
    assert [(each["subject"], each["dimension"], each["score"]) for each in of_type(found, "ScoreItem")] == [
        ("农村供水", "自评得分", "95.5分"),
        ("渠道维修", "自评得分", "92.4分"),
    ]
    assert [(each["project"], each["target"], each["actual"]) for each in of_type(found, "IndicatorResult")] == [
        ("农村供水", "20公里", "18公里"),
        ("渠道维修", "8公里", "9公里"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "对农村供水、渠道维修2个项目开展部门评价，涉及资金450万元，评价得分分别为91分、93.5分，评价等级均为“优”。",
        "对“农村供水”“渠道维修”等2个项目开展了绩效评价，涉及资金450万元。从评价看，2个项目分别得91分、93.5分，均为优。",
        "2个项目自评平均得分92.25分，农村供水和渠道维修得分分别为91分、93.5分，等级均为优。",
    ],
)
def test_points_of_projects_in_one_sentence(text: str, records_of: Records) -> None:
    scores = of_type(records_of(account("预算绩效情况说明", text)), "ScoreItem")
    assert [(each["subject"], each["score"], each["rating"]) for each in scores] == [
        ("农村供水", "91分", "优"),
        ("渠道维修", "93.5分", "优"),
    ]


def test_points_by_the_names_of_projects(records_of: Records) -> None:
    text = "对4个项目开展绩效自评，平均得分93.1分，其中办案业务经费95分，司法救助94.2分，法庭修缮和陪审补助分别为90分、93.2分。"
    scores = of_type(records_of(account("预算绩效情况说明", text)), "ScoreItem")
    assert {(each["subject"], each["score"]) for each in scores} == {
        ("办案业务经费", "95分"),
        ("司法救助", "94.2分"),
        ("法庭修缮", "90分"),
        ("陪审补助", "93.2分"),
    }


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("（二）实训基地建设专项自评结果。该项目批复资金200万元，实际支出188万元，执行率94%。", "实训基地建设专项"),
        ("（二）智慧图书馆二期财政重点评价情况。本项目获批资金200万元，实际支出188万元，执行率94%。", "智慧图书馆二期"),
    ],
)
def test_a_project_is_named_by_the_title_of_its_evaluation(line: str, name: str, records_of: Records) -> None:
    found = records_of(account("预算绩效情况说明", f"（一）总体情况。对2个项目开展自评。\n{line}"))
    assert funding(found) == [
        {"project": name, "approved_budget": "200万元", "spent": "188万元", "execution_rate": "94%"}
    ]


@pytest.mark.parametrize("opening", ["实行绩效目标管理的项目2个，涉及资金98万元。", "主要项目的绩效目标如下："])
def test_numbered_projects_of_a_budget_with_what_they_are_for(opening: str, records_of: Records) -> None:
    text = (
        f"{opening}\n"
        "1.村级组织运转保障。项目预算38万元，从用途看，村干部补贴24万元，办公经费14万元。全年保障9个行政村正常运转，补贴发放及时率100%。\n"
        "2.审判庭维修。为解决漏雨问题，安排资金60万元，维修屋面800平方米，3月底前完成招标，5月中旬进场施工。"
    )
    found = records_of(budget("预算绩效目标情况说明", text))
    assert [(each["project"], each["approved_budget"]) for each in funding(found)] == [
        ("村级组织运转保障", "38万元"),
        ("审判庭维修", "60万元"),
    ]
    assert [(each["project"], each["label"], each["basis"]) for each in of_type(found, "FundUse")] == [
        ("村级组织运转保障", "村干部补贴", "planned"),
        ("村级组织运转保障", "办公经费", "planned"),
    ]
    assert [(each["project"], each["indicator"], each["target"]) for each in of_type(found, "IndicatorResult")] == [
        ("村级组织运转保障", "行政村正常运转", "9个"),
        ("村级组织运转保障", "补贴发放及时率", "100%"),
        ("审判庭维修", "维修屋面", "800平方米"),
    ]
    assert [(each["project"], each["event"], each["state"]) for each in of_type(found, "ProjectEvent")] == [
        ("审判庭维修", "完成招标", "planned"),
        ("审判庭维修", "进场施工", "planned"),
    ]


def test_projects_in_sections_of_their_own(records_of: Records) -> None:
    text = (
        "我局纳入绩效目标管理的项目2个，涉及资金220万元。\n"
        "（一）环卫保洁经费。项目资金150万元，聘用环卫工人40人，每人每月3000元，全年共144万元，购置清扫工具6万元。\n"
        "（二）路灯维护。年初预算70万元，路灯亮灯率保持在98%以上。"
    )
    found = records_of(budget("预算绩效情况说明", text))
    assert [(each["project"], each["approved_budget"]) for each in funding(found)] == [
        ("环卫保洁经费", "150万元"),
        ("路灯维护", "70万元"),
    ]
    told = ("label", "count", "amount")
    assert [tuple(each.get(name) for name in told) for each in of_type(found, "FundUse")] == [
        ("聘用环卫工人", "40人", "144万元"),
        ("购置清扫工具", None, "6万元"),
    ]
    assert [(each["project"], each["target"]) for each in of_type(found, "IndicatorResult")] == [("路灯维护", "98%")]


def test_money_named_behind_its_figure(records_of: Records) -> None:
    text = (
        "1.食堂补助项目。126万元预算用于餐费补贴，已支出120万元。\n"
        "2.体育馆改造项目。资金300万元已全部到位，由某建工集团有限公司以280万元中标，2023年6月签订施工合同。"
    )
    found = records_of(account("项目支出绩效自评情况", text))
    assert funding(found) == [
        {"project": "食堂补助", "approved_budget": "126万元", "spent": "120万元"},
        {"project": "体育馆改造", "received": "300万元", "contract_amount": "280万元"},
    ]


def test_steps_with_their_money(records_of: Records) -> None:
    text = (
        "1.救护设备项目。年初预算200万元，6月追加中央资金50万元，支出245万元。2023年9月10日采购监护仪12台，金额96万元；"
        "质保金12万元（占合同款的5%）待验收后支付。"
    )
    events = of_type(records_of(account("项目支出绩效自评情况", text)), "ProjectEvent")
    assert [(each.get("date"), each["event"], each["state"], each["amount"]) for each in events] == [
        ("6月", "追加中央资金", "actual", "50万元"),
        ("2023年9月10日", "采购监护仪", "actual", "96万元"),
        (None, "待验收后支付", "planned", "12万元"),
    ]
    assert [each.get("count") or each.get("share") for each in events] == [None, "12台", "5%"]


def test_shares_told_before_amounts(records_of: Records) -> None:
    text = "1.征地补偿项目。资金计划500万元，其中房屋补偿占80%、金额400万元，青苗补偿占20%、金额100万元。"
    uses = of_type(records_of(account("项目支出绩效自评情况", text)), "FundUse")
    assert [(each["label"], each["share"], each["amount"]) for each in uses] == [
        ("房屋补偿", "80%", "400万元"),
        ("青苗补偿", "20%", "100万元"),
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2023年共安排项目12个，金额860万元，主要用于设备购置。", "项目"),
        ("全年实施专项12个，用于专项业务的经费支出860万元。", "专项"),
        ("2023年共安排12个项目，资金总额860万元。", "项目"),
    ],
)
def test_projects_counted_with_their_total(text: str, label: str, records_of: Records) -> None:
    found = of_type(records_of(account("项目支出情况", text)), "ProjectCount")
    assert found == [{"label": label, "count": "12个", "amount": "860万元"}]
