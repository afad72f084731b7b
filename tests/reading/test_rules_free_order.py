"""Amounts told in free order: before their names, behind the changes that led to them, behind counts."""

import pytest
from told import Plain, Records, account, budget, of_type


def _lines(found: list[tuple[str, Plain]]) -> list[tuple[str | None, str, str]]:
    return [
        (each.get("class_name"), each["item_name"], each["amount"]) for each in of_type(found, "FunctionalExpenditure")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "卫生健康支出中，120.50万元用于综合医院，80.00万元用于中医（民族）医院，其余用于基层。",
        "卫生健康支出中，用于综合医院120.50万元、用于中医（民族）医院80.00万元。",
    ],
)
def test_items_named_behind_their_amounts(records_of: Records, text: str) -> None:
    found = records_of(budget("支出预算情况说明", f"2024年支出预算500.00万元。{text}"))
    assert _lines(found) == [
        ("卫生健康支出", "综合医院", "120.50万元"),
        ("卫生健康支出", "中医（民族）医院", "80.00万元"),
    ]
    assert not of_type(found, "CompositionItem")
    assert not any("purpose" in each for each in of_type(found, "FunctionalExpenditure"))


def test_what_money_of_an_item_buys_is_no_item(records_of: Records) -> None:
    text = "教育支出420.00万元，其中120.50万元用于小学教育，80.00万元用于购置设备。"
    found = records_of(account("支出决算情况说明", text))
    assert _lines(found) == [("教育支出", "小学教育", "120.50万元")]


@pytest.mark.parametrize("basic", ["增加10.00万元，达到210.00万元", "减少10.00万元，降至210.00万元"])
@pytest.mark.parametrize(
    "projects", ["由260.00万元增至290.00万元，净增30.00万元", "由260.00万元提高到290.00万元，增加30.00万元"]
)
def test_amounts_behind_the_changes_that_led_to_them(records_of: Records, basic: str, projects: str) -> None:
    text = f"2024年支出预算500.00万元，较2023年预算增加40.00万元。其中：基本支出{basic}；项目支出{projects}。"
    parts = of_type(records_of(budget("支出预算情况说明", text)), "CompositionItem")
    assert [(each["label"], each["amount"]) for each in parts] == [
        ("基本支出", "210.00万元"),
        ("项目支出", "290.00万元"),
    ]
    assert parts[0]["changes"][0]["amount"] == "10.00万元"
    assert parts[1]["changes"] == [
        {
            "base": "prior_year_budget",
            "direction": "increase",
            "base_amount": "260.00万元",
            "amount": "30.00万元",
        }
    ]


@pytest.mark.parametrize("counted", ["涉及局机关1个行政单位", "包含本级及1个参公单位", "统计范围内1家单位"])
def test_operating_expense_is_compared_behind_its_bodies(records_of: Records, counted: str) -> None:
    text = f"2024年机关运行经费预算86.42万元，{counted}，比上年预算减少3.15万元，下降3.52%，原因是压减办公用品。"
    (told,) = of_type(records_of(budget("机关运行经费安排情况", text)), "OperatingExpense")
    assert told["amount"] == "86.42万元"
    assert told["units"][0] == "1"
    assert told["changes"] == [
        {
            "base": "prior_year_budget",
            "direction": "decrease",
            "amount": "3.15万元",
            "percent": "3.52%",
            "reason": "压减办公用品",
        }
    ]


def test_schools_among_the_bodies(records_of: Records) -> None:
    text = "所属预算单位31个，其中小学20个、初级中学6个、普通高中2个、公办幼儿园3个。"
    counts = of_type(records_of(budget("机构设置情况", text)), "UnitCount")
    assert [(each["category"], each["count"]) for each in counts][1:] == [
        ("小学", "20个"),
        ("初级中学", "6个"),
        ("普通高中", "2个"),
        ("公办幼儿园", "3个"),
    ]


@pytest.mark.parametrize("opens", ["收入：", "收入为：", "收入为当年", "收入包括"])
@pytest.mark.parametrize("joined", ["、", "和"])
def test_what_was_carried_over_is_the_last_of_the_revenues_listed(records_of: Records, opens: str, joined: str) -> None:
    text = f"2024年财政拨款收支总预算500.00万元。{opens}一般公共预算拨款460.00万元{joined}上年结转40.00万元。"
    found = records_of(budget("财政拨款收支预算情况说明", text))
    assert [(each["label"], each["amount"]) for each in of_type(found, "CompositionItem")] == [
        ("一般公共预算拨款", "460.00万元"),
        ("上年结转", "40.00万元"),
    ]
    assert not of_type(found, "Carryover")


@pytest.mark.parametrize("held", ["现有9辆车的燃油和保险", "保有9辆公务用车的维修"])
def test_vehicles_held_inside_a_purpose(records_of: Records, held: str) -> None:
    text = f"公务用车运行维护费18.00万元，用于{held}，比上年预算减少2.80万元。"
    told = of_type(records_of(budget("“三公”经费预算情况", text)), "OfficialExpense")
    assert [each["vehicles_held"] for each in told if "vehicles_held" in each] == ["9辆"]
    assert told[0]["changes"][0]["amount"] == "2.80万元"
