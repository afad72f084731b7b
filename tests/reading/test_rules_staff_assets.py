"""Who and what a body has: posts against those in post, vehicles among them, state assets, projects counted with their total."""

import pytest
from told import Records, account, budget, of_type

STAFF, ASSETS = "部门基本情况", "国有资产占用情况"


def test_parts_of_those_in_post_are_in_post(records_of: Records) -> None:
    text = "核定政法专项编制50名、事业编制8名。年末实有在编人员52人，其中政法专项编制46人、事业编制6人；另有聘用人员12人，退休人员20人。"
    found = of_type(records_of(account(STAFF, text)), "UnitCount")
    assert [(each["measure"], each["category"], each["count"]) for each in found] == [
        ("posts", "政法专项", "50名"),
        ("posts", "事业", "8名"),
        ("staff", "在编人员", "52人"),
        ("staff", "政法专项编制", "46人"),
        ("staff", "事业编制", "6人"),
        ("staff", "聘用人员", "12人"),
        ("staff", "退休人员", "20人"),
    ]


def test_those_in_post_stand_behind_their_posts(records_of: Records) -> None:
    text = "总编制90名，实有86人。其中行政编制40名（实有38人）；事业编制50名，实有48人。"
    found = of_type(records_of(budget(STAFF, text)), "UnitCount")
    assert [(each["measure"], each["category"]) for each in found] == [
        ("posts", "总计"),
        ("staff", "总计"),
        ("posts", "行政"),
        ("staff", "行政"),
        ("posts", "事业"),
        ("staff", "事业"),
    ]


def test_groups_with_two_names_and_the_only_body(records_of: Records) -> None:
    text = "在职教职工302人，其中专任教师276人、教辅和工勤人员26人。学校现有两个校区。\n纳入2024年部门预算编制范围的预算单位只有1家，即学校本级。"
    found = of_type(records_of(budget(STAFF, text)), "UnitCount")
    assert [each["category"] for each in found][2:4] == ["教辅和工勤人员", "校区"]
    for words in ("只有1家，即局本级", "仅有1个，为局机关", "共1家"):
        told = of_type(records_of(budget("预算单位构成", f"纳入2024年部门预算编制范围的{words}。")), "UnitCount")
        assert [(each["measure"], each["category"]) for each in told] == [("units", "预算单位")]


def test_vehicles_told_of_beside_the_staff(records_of: Records) -> None:
    text = "实有在职人员30人。\n实有车辆编制8辆，在编实有车辆7辆。\n截至2023年12月31日，共有公务用车9辆，包括定编车辆7辆和非定编车辆2辆。"
    found = records_of(account(STAFF, text))
    assert [(each["category"], each["count"]) for each in of_type(found, "VehicleCount")] == [
        ("在编实有车辆", "7辆"),
        ("公务用车", "9辆"),
        ("定编车辆", "7辆"),
        ("非定编车辆", "2辆"),
    ]
    assert {"category": "车辆", "measure": "posts", "count": "8辆"} in of_type(found, "UnitCount")
    assert not of_type(found, "StateAssets")


def test_assets_of_one_chapter_are_one_record_whatever_it_denies(records_of: Records) -> None:
    text = "共有车辆4辆；单价50万元以上通用设备2台（套），没有单价100万元以上专用设备。2024年未安排购置车辆和单价100万元以上设备。"
    (found,) = of_type(records_of(budget(ASSETS, text)), "StateAssets")
    assert (found["vehicles"], found["equipment"]) == ("4辆", "2台（套）")
    denied = [each["what"] for each in found["declared_none"]]
    assert sorted(denied) == ["equipment", "equipment_purchased", "vehicles_purchased"]


def test_two_thresholds_held_and_to_be_bought(records_of: Records) -> None:
    text = (
        "共有公务用车3辆；单位价值50万元以上通用设备1台，单位价值100万元以上专用设备0台。"
        "2024年拟新增配置公务用车1辆，拟新增单位价值50万元以上通用设备2台、单位价值100万元以上专用设备0台。"
    )
    assert of_type(records_of(budget(ASSETS, text)), "StateAssets") == [
        {"vehicles": "3辆", "equipment": "1台", "vehicles_purchased": "1辆", "equipment_purchased": "2台"},
        {"equipment": "0台", "equipment_purchased": "0台"},
    ]


def test_assets_that_grew_and_what_was_disposed_of(records_of: Records) -> None:
    text = (
        "资产总额86741.09元，其中：固定资产24860.18元。与上年相比，本年资产总额增加6418.42元，其中固定资产减少1493.60元。"
        "处置车辆1辆；占用房屋20平方米，价值7.1万元；实现资产处置收入1865.00元。"
    )
    found = of_type(records_of(account(ASSETS, text)), "ActivityFigure")
    assert {(each["subject"], each["quantity"]) for each in found} == {
        ("资产总额", "86741.09元"),
        ("固定资产", "24860.18元"),
        ("本年资产总额增加", "6418.42元"),
        ("固定资产减少", "1493.60元"),
        ("处置车辆", "1辆"),
        ("占用房屋", "20平方米"),
        ("占用房屋", "7.1万元"),
        ("资产处置收入", "1865.00元"),
    }


def test_vehicles_of_the_state_assets_told_among_official_expense(records_of: Records) -> None:
    text = "公务用车购置数0辆，公务用车保有量6辆。国有资产占用情况中固定资产车辆9辆，与保有量差异原因是执法车辆未纳入公务用车编制。"
    found = records_of(account("“三公”经费支出情况", text))
    assert [each["vehicles"] for each in of_type(found, "StateAssets")] == ["9辆"]
    assert [each["vehicles_held"] for each in of_type(found, "OfficialExpense") if "vehicles_held" in each] == ["6辆"]


def test_projects_counted_with_their_total_wherever_they_stand(records_of: Records) -> None:
    for title, text in (
        ("一般公共预算支出", "2024年共安排项目11个，金额733.40万元（含基金项目1个）。"),
        ("预算绩效目标设置情况", "2024年项目支出共安排11个项目、资金733.40万元。"),
        ("支出预算情况", "为完成特定任务，共实施专项11个，用于专项业务工作的经费支出733.40万元。"),
    ):
        (found, *_) = of_type(records_of(budget(title, text)), "ProjectCount")
        assert (found["count"], found["amount"]) == ("11个", "733.40万元")


def test_whom_money_is_for_and_what_is_bought_are_neither_staff_nor_bodies(records_of: Records) -> None:
    text = "网格管理146.20万元，保障86名网格员工资和补贴。纳入2024年部门预算的采购项目共37个。"
    found = records_of(budget("一般公共预算支出具体情况", text))
    assert not of_type(found, "UnitCount")
    assert [each["quantity"] for each in of_type(found, "ActivityFigure")] == ["86名", "37个"]


@pytest.mark.parametrize(
    ("text", "nature", "names"),
    [
        ("学校现有两个校区，内设机构3个，包括办公室、教务处、团委。", "内设机构", ["办公室", "教务处", "团委"]),
        ("下设2个事业单位：某市文化馆、某市图书馆。", "事业单位", ["某市文化馆", "某市图书馆"]),
        ("所属事业单位2个，分别是农技站、水利站，均不单独编制预算。", "事业单位", ["农技站", "水利站"]),
        ("派出法庭2个，即河东人民法庭、河西人民法庭；无下属单位。", "派出法庭", ["河东人民法庭", "河西人民法庭"]),
        ("所属单位2个，分别是：\n1.某市中心医院；\n2.某市血站。", "所属单位", ["某市中心医院", "某市血站"]),
        ("本院设立案庭、刑事审判庭和办公室3个内设机构。", "内设机构", ["立案庭", "刑事审判庭", "办公室"]),
    ],
)
def test_names_of_bodies_however_they_are_listed(records_of: Records, text: str, nature: str, names: list[str]) -> None:
    found = of_type(records_of(account("机构设置", text)), "UnitName")
    assert [(each["name"], each["nature"]) for each in found] == [(name, nature) for name in names]


def test_what_is_no_name_voids_a_list_and_bodies_are_no_duty(records_of: Records) -> None:
    text = "本部门只有本级，没有其他下属单位。执行会计制度的单位包括财务管理，资产管理等。"
    assert not of_type(records_of(account("单位构成", text)), "UnitName")
    found = records_of(account("部门职责", "负责全市某项工作。\n我局内设2个科室：办公室、业务科。"))
    assert [each["name"] for each in of_type(found, "UnitName")] == ["办公室", "业务科"]
    assert [each["content"] for each in of_type(found, "Duty")] == ["负责全市某项工作"]
