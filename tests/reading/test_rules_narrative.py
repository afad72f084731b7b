"""The fiscal narrative where clerks tell it freely: units, lists of projects, economic classes in any form, reasons and purposes."""

import pytest
from told import Records, account, budget, of_type


def _amounts(found: list[tuple[str, dict[str, object]]], kind: str, name: str = "label") -> list[tuple[object, object]]:
    return [(each.get(name), each.get("amount")) for each in of_type(found, kind)]


@pytest.mark.parametrize(
    "told",
    [
        "人员经费、公用经费、对个人和家庭的补助分别为70.00万元、20.00万元和10.00万元。",
        "人员经费、公用经费、对个人和家庭的补助依次为70.00万元、20.00万元、10.00万元。",
        "由人员经费70.00万元、公用经费20.00万元和对个人和家庭的补助10.00万元构成。",
        "70.00万元用于人员经费，20.00万元用于公用经费，10.00万元用于对个人和家庭的补助。",
        "其中人员经费70.00万元，主要是在职人员工资；公用经费20.00万元；对个人和家庭的补助10.00万元。",
    ],
)
def test_classes_of_basic_expenditure_in_any_form(records_of: Records, told: str) -> None:
    joined = "中，" if told.startswith("70") else "，"
    found = records_of(budget("部门支出预算具体情况", f"基本支出100.00万元{joined}{told}"))
    assert [(each["group"], each["label"], each["amount"]) for each in of_type(found, "EconomicItem")] == [
        ("personnel", "人员经费", "70.00万元"),
        ("public", "公用经费", "20.00万元"),
        ("individuals", "对个人和家庭的补助", "10.00万元"),
    ]


def test_items_of_a_class_told_respectively(records_of: Records) -> None:
    text = "人员经费300.00万元，其中，基本工资、津贴补贴、奖金分别安排120.00万元、100.00万元、80.00万元。"
    assert _amounts(records_of(budget("基本支出预算情况", text)), "EconomicItem")[1:] == [
        ("基本工资", "120.00万元"),
        ("津贴补贴", "100.00万元"),
        ("奖金", "80.00万元"),
    ]


def test_a_section_on_basic_expenditure_below_all_expenditure(records_of: Records) -> None:
    text = (
        "某县某局2023年度部门决算\n一、支出决算情况说明\n支出合计500.00万元。\n（一）基本支出情况\n"
        "用于保障机关正常运转的基本支出300.00万元，包括基本工资、津贴补贴等人员经费250.00万元，办公费、水电费等公用经费50.00万元。\n"
        "按资金来源划分，基本支出由事业收入等其他资金安排100.00万元；由财政拨款安排200.00万元，其中人员经费180.00万元。\n"
    )
    found = records_of(text)
    assert [(each["group"], each["amount"], each.get("source")) for each in of_type(found, "EconomicItem")] == [
        ("total", "300.00万元", None),
        ("personnel", "250.00万元", None),
        ("public", "50.00万元", None),
        ("total", "100.00万元", "事业收入等其他资金"),
        ("total", "200.00万元", "财政拨款"),
        ("personnel", "180.00万元", "财政拨款"),
    ]
    assert not of_type(found, "CompositionItem")


def test_units_with_a_section_of_their_own(records_of: Records) -> None:
    text = (
        "某街道办事处2024年部门预算\n第三章 部门预算支出具体情况\n一、某街道办事处本级\n"
        "某街道办事处本级预算900.00万元，比2023年增加9.00万元，增长1.01%，主要原因是人员增加。\n"
        "基本支出400.00万元；项目支出500.00万元，具体包括：\n1.环境卫生300.00万元，用于清扫保洁。\n2.河道巡查200.00万元。\n"
        "二、某街道物业中心\n某街道物业中心预算80.00万元。基本支出30.00万元，项目支出50.00万元，具体为：物业外包50.00万元。\n"
    )
    found = records_of(text)
    assert [(each["scope"], each["label"], each["amount"]) for each in of_type(found, "CompositionItem")] == [
        ("expenditure", "某街道办事处本级", "900.00万元"),
        ("expenditure", "基本支出", "400.00万元"),
        ("expenditure", "项目支出", "500.00万元"),
        ("expenditure", "某街道物业中心", "80.00万元"),
        ("expenditure", "基本支出", "30.00万元"),
        ("expenditure", "项目支出", "50.00万元"),
    ]
    assert _amounts(found, "ProjectItem", "name") == [
        ("环境卫生", "300.00万元"),
        ("河道巡查", "200.00万元"),
        ("物业外包", "50.00万元"),
    ]
    assert not of_type(found, "BudgetTotal")


@pytest.mark.parametrize(
    "opening",
    [
        "项目支出60.00万元，具体为：",
        "项目支出60.00万元，其中",
        "项目支出安排如下：",
        "项目支出60.00万元，占部门预算的12.00%，主要用于：",
    ],
)
def test_projects_that_expenditure_is_listed_by(records_of: Records, opening: str) -> None:
    text = f"{opening}校舍维修40.00万元、护林防火15.00万元，智慧档案室5.00万元，用于设备更新。"
    found = records_of(budget("支出预算情况说明", text))
    assert _amounts(found, "ProjectItem", "name") == [
        ("校舍维修", "40.00万元"),
        ("护林防火", "15.00万元"),
        ("智慧档案室", "5.00万元"),
    ]


@pytest.mark.parametrize(
    ("count", "label"),
    [
        ("2024年共安排项目3个，金额60.00万元，主要是为完成特定工作任务而发生的支出，具体是：", "项目"),
        ("为完成特定任务，共实施专项3个，用于专项业务工作的经费支出60.00万元。具体项目开支情况：", "专项"),
        ("2024年项目支出（不含上年结转）共安排项目3个、资金60.00万元，具体为：", "项目支出（不含上年结转）"),
    ],
)
def test_how_many_projects_are_listed(records_of: Records, count: str, label: str) -> None:
    found = records_of(
        budget("支出预算情况说明", f"{count}校舍维修40.00万元；护林防火项目15.00万元；其余为培训等项目，合计5.00万元。")
    )
    assert of_type(found, "ProjectCount") == [{"label": label, "count": "3个", "amount": "60.00万元"}]
    assert _amounts(found, "ProjectItem", "name") == [
        ("校舍维修", "40.00万元"),
        ("护林防火项目", "15.00万元"),
        ("培训等项目", "5.00万元"),
    ]


@pytest.mark.parametrize(
    "listed",
    [
        "一般公共预算安排40.00万元，政府性基金安排20.00万元。",
        "农林水支出40.00万元，教育支出20.00万元。",
        "商品和服务支出40.00万元，资本性支出20.00万元。",
        "本级支出40.00万元，对下补助支出20.00万元。",
    ],
)
@pytest.mark.parametrize("opening", ["项目支出60.00万元，其中：", "项目支出具体情况如下："])
def test_funds_and_classes_are_no_projects(records_of: Records, opening: str, listed: str) -> None:
    found = records_of(budget("支出预算情况说明", f"{opening}{listed}"))
    assert not of_type(found, "ProjectItem")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("因任务接近尾声，较上年预算数60.00万元减少15.00万元，今年安排45.00万元", "任务接近尾声"),
        (
            "：因人员减少，办公经费相应减少，比上年预算数60.00万元减少15.00万元，预算数为45.00万元",
            "人员减少，办公经费相应减少",
        ),
        ("2024年预算45.00万元，比上年预算数60.00万元减少15.00万元，原因是任务完成", "任务完成"),
    ],
)
@pytest.mark.parametrize("use", ["，主要用于户厕改造。", "，资金主要用于户厕改造。"])
def test_a_cause_a_comparison_and_a_purpose(records_of: Records, told: str, reason: str, use: str) -> None:
    text = f"1.农林水支出（类）农业农村（款）农村社会事业（项）{told}{use}"
    (line,) = of_type(records_of(budget("一般公共预算支出具体情况", text)), "FunctionalExpenditure")
    assert (line["item_name"], line["amount"], line["purpose"]) == ("农村社会事业", "45.00万元", "户厕改造")
    change = {"base": "prior_year_budget", "direction": "decrease", "base_amount": "60.00万元", "amount": "15.00万元"}
    assert line["changes"] == [change | {"reason": reason}]


def test_being_what_it_is_ends_a_purpose(records_of: Records) -> None:
    text = "1.教育支出（类）普通教育（款）小学教育（项）18.00万元，主要用于校车运行，系新增任务。"
    (line,) = of_type(records_of(budget("一般公共预算支出具体情况", text)), "FunctionalExpenditure")
    assert (line["purpose"], line["reason"]) == ("校车运行", "新增任务")


def test_items_behind_and_below_their_section(records_of: Records) -> None:
    text = (
        "1.卫生健康支出900.00万元，占90.00%。具体为：卫生健康管理事务（款）行政运行500.00万元，主要用于工资；公立医院（款）：综合医院400.00万元。\n"
        "2.住房保障支出100.00万元，占10.00%。全部为住房改革支出（款）住房公积金（项）100.00万元。"
    )
    found = records_of(account("一般公共预算财政拨款支出决算具体情况", text))
    lines = of_type(found, "FunctionalExpenditure")
    assert [(each["section_name"], each["item_name"], each["amount"]) for each in lines] == [
        ("卫生健康管理事务", "行政运行", "500.00万元"),
        ("公立医院", "综合医院", "400.00万元"),
        ("住房改革支出", "住房公积金", "100.00万元"),
    ]


def test_an_earlier_figure_before_this_years(records_of: Records) -> None:
    text = "1.公共安全支出（类）法院（款）案件审判（项）2023年预算数46.00万元，2024年安排42.00万元，核减4.00万元，降幅8.70%。"
    (line,) = of_type(records_of(budget("一般公共预算支出具体情况", text)), "FunctionalExpenditure")
    assert line["amount"] == "42.00万元"
    assert [(each["base_amount"], each["amount"]) for each in line["changes"]] == [("46.00万元", "4.00万元")]


@pytest.mark.parametrize(
    ("rate", "direction"), [("-10.00%", "decrease"), ("5.00%", "increase"), ("0.00%", "unchanged")]
)
def test_the_gap_to_the_budget_of_the_whole_year(records_of: Records, rate: str, direction: str) -> None:
    text = f"公务接待费全年预算数20.00万元，决算数18.00万元，预决算差异率{rate}，主要原因是：从严控制。"
    (reception,) = of_type(records_of(account("“三公”经费支出决算情况说明", text)), "OfficialExpense")
    assert reception == {
        "item": "reception",
        "amount": "18.00万元",
        "changes": [
            {
                "base": "adjusted_budget",
                "direction": direction,
                "base_amount": "20.00万元",
                "percent": rate,
                "reason": "从严控制",
            }
        ],
    }


def test_counts_and_other_items_are_no_part_of_a_reason(records_of: Records) -> None:
    text = (
        "公务接待费1.20万元，比上年预算数减少0.30万元，原因是检查更多采取视频方式，全年预计接待20批次、130人次。\n"
        "公务用车运行费2.00万元，上年预算数为3.00万元，减少1.00万元。"
    )
    reception, running = of_type(records_of(budget("“三公”经费预算情况说明", text)), "OfficialExpense")
    assert (reception["batches"], reception["persons"]) == ("20批次", "130人次")
    assert reception["changes"][0]["reason"] == "检查更多采取视频方式"
    base = {"base": "prior_year_budget", "direction": "decrease", "base_amount": "3.00万元", "amount": "1.00万元"}
    assert running["changes"] == [base]


@pytest.mark.parametrize(
    "parts",
    [
        "其中基本支出增加8.00万元，项目支出增加2.00万元，主要是新招录人员。",
        "其中基本支出58.00万元，项目支出42.00万元，主要是人员经费增加。",
    ],
)
def test_the_reason_behind_parts_is_the_wholes(records_of: Records, parts: str) -> None:
    found = records_of(budget("支出预算情况说明", f"2024年支出预算100.00万元，较去年增加10.00万元，{parts}"))
    (total,) = of_type(found, "BudgetTotal")
    assert total["changes"][0]["reason"] in ("新招录人员", "人员经费增加")
    assert not any(
        change.get("reason") for each in of_type(found, "CompositionItem") for change in each.get("changes", [])
    )


def test_a_paragraph_that_explains_both_sides(records_of: Records) -> None:
    text = (
        "　　2024年部门预算收入80.00万元，比2023年增加4.00万元。其中：其他收入80.00万元，占100.00%。\n"
        "　　2024年部门预算支出80.00万元，比2023年增加4.00万元。\n　　预算收支增加的主要原因：一是人员增加；二是新增项目。"
    )
    totals = of_type(records_of(budget("部门预算收支总体情况", text)), "BudgetTotal")
    assert [each["changes"][0]["reason"] for each in totals] == ["一是人员增加；二是新增项目"] * 2


def test_amounts_behind_their_changes_and_parts_by_what_they_serve(records_of: Records) -> None:
    text = (
        "支出较去年增加10.00万元，其中基本支出增加8.00万元，项目支出增加2.00万元。\n"
        "按支出性质分，用于保障机关运转的基本支出60.00万元，占60.00%；用于专项业务的项目支出40.00万元，占40.00%。"
    )
    parts = of_type(records_of(budget("支出预算情况说明", text)), "CompositionItem")
    assert [(each["label"], each["amount"], each["share"], each["changes"][0]["amount"]) for each in parts] == [
        ("基本支出", "60.00万元", "60.00%", "8.00万元"),
        ("项目支出", "40.00万元", "40.00%", "2.00万元"),
    ]


@pytest.mark.parametrize(
    "text", ["专家论证费用80万元只支出62万元。", "该项目到位资金42万元，已支出36万元，结余6万元。"]
)
def test_what_projects_spend_and_leave_is_no_part_of_the_account(records_of: Records, text: str) -> None:
    found = records_of(account("绩效管理发现的主要问题", text))
    assert not of_type(found, "CompositionItem")
    assert not of_type(found, "Carryover")


def test_a_fund_that_opens_a_line(records_of: Records) -> None:
    text = (
        "政府性基金预算财政拨款支出情况：2023年度收入50.00万元，支出40.00万元，年末结转10.00万元。\n"
        "结转结余情况：年初结转和结余30.00万元，其中财政拨款结转和结余20.00万元。"
    )
    found = records_of(account("其他重要事项的情况说明", text))
    assert [(each["scope"], each["side"]) for each in of_type(found, "BudgetTotal")] == [
        ("government_fund", "revenue"),
        ("government_fund", "expenditure"),
    ]
    assert [(each["scope"], each["moment"]) for each in of_type(found, "Carryover")] == [
        ("government_fund", "closing"),
        ("department", "opening"),
        ("fiscal_appropriation", "opening"),
    ]


def test_procurement_named_before_its_projects(records_of: Records) -> None:
    text = "政府采购项目共7个，采购预算总额90.00万元，其中服务类60.00万元，货物类30.00万元。"
    assert of_type(records_of(budget("政府采购预算情况", text)), "Procurement") == [
        {"amount": "90.00万元", "services": "60.00万元", "goods": "30.00万元"}
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("教育（类）支出60.00万元，占60.00%。其中：普通教育（款）小学教育（项）60.00万元。", "教育支出"),
        ("教育支出（类）60.00万元，占60.00%。其中：普通教育（款）小学教育（项）60.00万元。", "教育支出"),
        ("农林水(类)支出60.00万元，占60.00%。具体为：农业农村（款）行政运行60.00万元。", "农林水支出"),
    ],
)
def test_a_class_with_the_mark_of_its_level_inside(records_of: Records, line: str, name: str) -> None:
    found = records_of(account("一般公共预算财政拨款支出决算具体情况", f"1.{line}"))
    (part,) = of_type(found, "CompositionItem")
    (item,) = of_type(found, "FunctionalExpenditure")
    assert (part["label"], item["class_name"]) == (name, name)


def test_projects_in_lines_below_words_without_a_figure(records_of: Records) -> None:
    text = (
        "　　项目支出具体安排如下：\n1.校舍维修40.00万元，用于屋面防水。\n2.护林防火15.00万元。\n　　其他支出无安排。"
    )
    found = records_of(budget("支出预算情况说明", text))
    assert _amounts(found, "ProjectItem", "name") == [("校舍维修", "40.00万元"), ("护林防火", "15.00万元")]
