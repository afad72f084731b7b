"""What is told of several names at once, and of lines that stand below others."""

from told import Plain, Records, account, budget, of_type

_SPENT = "一般公共预算财政拨款支出决算具体情况"


def _lines(records: list[tuple[str, Plain]]) -> list[tuple[str | None, ...]]:
    return [
        tuple(line.get(name) for name in ("class_name", "section_name", "item_name", "initial_budget", "amount"))
        for line in of_type(records, "FunctionalExpenditure")
    ]


def test_names_in_the_sentence_before_the_figures(records_of: Records) -> None:
    text = (
        "（3）教育支出（类）普通教育（款）小学教育（项）和初中教育（项）。年初预算分别为40.00万元、50.00万元，"
        "支出决算分别为44.00万元、55.00万元，分别完成年初预算的110%、110%。"
    )
    found = records_of(account(_SPENT, text))
    assert _lines(found) == [
        ("教育支出", "普通教育", "小学教育", "40.00万元", "44.00万元"),
        ("教育支出", "普通教育", "初中教育", "50.00万元", "55.00万元"),
    ]
    assert [line["completion"] for line in of_type(found, "FunctionalExpenditure")] == ["110%", "110%"]


def test_some_of_the_names_are_counted_off(records_of: Records) -> None:
    text = (
        "教育支出（类）普通教育（款）。学前教育（项）、小学教育（项）、初中教育（项）年初预算依次为10.00万元、40.00万元、0.00万元，"
        "支出决算依次为9.00万元、44.00万元、5.00万元，前两项分别完成年初预算的90%、110%。"
    )
    found = records_of(account(_SPENT, text))
    assert [line[2:] for line in _lines(found)] == [
        ("学前教育", "10.00万元", "9.00万元"),
        ("小学教育", "40.00万元", "44.00万元"),
        ("初中教育", "0.00万元", "5.00万元"),
    ]
    completions = [line.get("completion") for line in of_type(found, "FunctionalExpenditure")]
    assert completions == ["90%", "110%", None]
    assert not of_type(found, "ActivityFigure")


def test_completions_of_items_told_one_by_one(records_of: Records) -> None:
    text = (
        "8.教育支出（类）普通教育（款）：小学教育（项）年初预算40.00万元，支出决算44.00万元；初中教育（项）年初预算50.00万元，"
        "支出决算45.00万元，完成率分别为110%和90%。"
    )
    found = of_type(records_of(account(_SPENT, text)), "FunctionalExpenditure")
    assert [(line["section_name"], line["item_name"], line["completion"]) for line in found] == [
        ("普通教育", "小学教育", "110%"),
        ("普通教育", "初中教育", "90%"),
    ]


def test_the_last_name_says_what_all_are(records_of: Records) -> None:
    text = "2023年政府采购支出总额60.00万元，货物、工程、服务支出分别为10.00万元、20.00万元、30.00万元。"
    (procurement,) = of_type(records_of(account("政府采购支出情况", text)), "Procurement")
    assert procurement == {"amount": "60.00万元", "goods": "10.00万元", "works": "20.00万元", "services": "30.00万元"}


def test_shares_in_brackets_behind_respective_figures(records_of: Records) -> None:
    text = "2024年支出预算200.00万元，其中：基本支出和项目支出分别为50.00万元（占25%）、150.00万元（占75%）。"
    parts = of_type(records_of(budget("支出预算情况说明", text)), "CompositionItem")
    assert [(part["label"], part["amount"], part["share"]) for part in parts] == [
        ("基本支出", "50.00万元", "25%"),
        ("项目支出", "150.00万元", "75%"),
    ]


def test_the_amount_of_two_items_with_their_budgets_behind(records_of: Records) -> None:
    text = "教育支出（类）普通教育（款）小学教育（项）44.00万元、初中教育（项）55.00万元，年初预算分别为40.00万元和50.00万元。"
    lines = _lines(records_of(account(_SPENT, text)))
    assert [line[2:] for line in lines] == [
        ("小学教育", "40.00万元", "44.00万元"),
        ("初中教育", "50.00万元", "55.00万元"),
    ]


def test_lines_below_their_class_and_section(records_of: Records) -> None:
    text = (
        "1、教育支出150.00万元，较2023年预算数增加20.00万元（增长15.38%）。\n"
        "①普通教育：小学教育60.00万元，增加5.00万元，原因是新招教师；初中教育40.00万元，减少2.00万元。\n"
        "②职业教育50.00万元，其中30.00万元为中等职业教育，20.00万元为高等职业教育。\n"
    )
    found = records_of(budget("一般公共预算当年拨款情况说明", text))
    assert [line[:3] + line[4:] for line in _lines(found)] == [
        ("教育支出", None, None, "150.00万元"),
        ("教育支出", "普通教育", "小学教育", "60.00万元"),
        ("教育支出", "普通教育", "初中教育", "40.00万元"),
        ("教育支出", "职业教育", None, "50.00万元"),
        ("教育支出", "职业教育", "中等职业教育", "30.00万元"),
        ("教育支出", "职业教育", "高等职业教育", "20.00万元"),
    ]
    changes = [line["changes"][0] for line in of_type(found, "FunctionalExpenditure") if "changes" in line]
    assert {change["base"] for change in changes} == {"prior_year_budget"}
    assert len(changes) == 3


def test_section_and_item_joined_by_a_dash(records_of: Records) -> None:
    text = (
        "1.节能环保支出90.00万元，占90%，具体包括：\n"
        "（1）污染防治-大气50.00万元，主要用于清洁取暖补贴，完成年初预算的121.0%。\n"
        "（2）污染防治-水体40.00万元，与年初预算一致。\n"
        "2.教育支出10.00万元，占10%，包括：培训支出10.00万元。\n"
    )
    found = records_of(account(_SPENT, text))
    assert [line[:3] for line in _lines(found)] == [
        ("节能环保支出", "污染防治", "大气"),
        ("节能环保支出", "污染防治", "水体"),
        ("教育支出", None, "培训支出"),
    ]
    air = of_type(found, "FunctionalExpenditure")[0]
    assert (air["purpose"], air["completion"]) == ("清洁取暖补贴", "121.0%")


def test_completions_of_totals_and_parts_told_behind(records_of: Records) -> None:
    text = (
        "2023年度财政拨款支出100.00万元，其中：基本支出40.00万元，项目支出60.00万元。"
        "与年初预算相比，财政拨款支出完成年初预算的98%，其中：基本支出完成年初预算的103%，项目支出完成年初预算的95%。"
    )
    found = records_of(account("财政拨款收入支出决算总体情况说明", text))
    (total,) = of_type(found, "BudgetTotal")
    assert (total["amount"], total["completion"]) == ("100.00万元", "98%")
    parts = of_type(found, "CompositionItem")
    assert [(part["label"], part["amount"], part["completion"]) for part in parts] == [
        ("基本支出", "40.00万元", "103%"),
        ("项目支出", "60.00万元", "95%"),
    ]


def test_changes_of_parts_without_their_amounts(records_of: Records) -> None:
    text = "与2022年度相比，基本支出增加9.30万元（增长10.07%），项目支出减少2.43万元（下降4.94%）。"
    parts = of_type(records_of(account("支出决算情况说明", text)), "CompositionItem")
    assert [(part["label"], part["changes"][0]["amount"]) for part in parts] == [
        ("基本支出", "9.30万元"),
        ("项目支出", "2.43万元"),
    ]


def test_a_line_that_begins_with_a_word_of_its_own_is_a_paragraph(records_of: Records) -> None:
    text = (
        "（一）一般公共预算财政拨款支出决算总体情况\n年初预算为90.00万元，支出决算为100.00万元，完成年初预算的111.11%。"
    )
    (total,) = of_type(records_of(account("一般公共预算财政拨款支出决算情况说明", text)), "BudgetTotal")
    assert (total["scope"], total["initial_budget"], total["amount"]) == ("general_public", "90.00万元", "100.00万元")


def test_vehicles_that_a_purpose_counts(records_of: Records) -> None:
    text = "公务用车购置费36.00万元，用于更新执法车2辆；公务用车运行维护费12.00万元。"
    found = of_type(records_of(account("“三公”经费支出决算情况说明", text)), "OfficialExpense")
    assert found[0] == {
        "item": "vehicle_purchase",
        "amount": "36.00万元",
        "vehicles_purchased": "2辆",
        "purpose": "更新执法车2辆",
    }


def test_kinds_of_posts_behind_their_total(records_of: Records) -> None:
    text = "本单位核定编制86名（其中：行政32名、参公18名、事业36名），年末实有在职81人。"
    counts = of_type(records_of(account("机构设置", text)), "UnitCount")
    assert [(count["measure"], count["count"]) for count in counts] == [
        ("posts", "86名"),
        ("posts", "32名"),
        ("posts", "18名"),
        ("posts", "36名"),
        ("staff", "81人"),
    ]


def test_bodies_within_the_scope_of_the_account(records_of: Records) -> None:
    text = "纳入某县农业农村局2023年部门决算编制范围的二级预算单位共6家。"
    (count,) = of_type(records_of(account("机构设置", text)), "UnitCount")
    assert (count["measure"], count["category"], count["count"]) == ("units", "二级预算单位", "6家")


def test_basic_expenditure_that_is_all_of_one_kind(records_of: Records) -> None:
    text = "2024年一般公共预算基本支出90.00万元，全部为人员经费，其中：住房公积金40.00万元、离退休费50.00万元。"
    items = of_type(records_of(budget("一般公共预算基本支出情况说明", text)), "EconomicItem")
    assert [(item["group"], item["label"]) for item in items] == [
        ("total", "基本支出"),
        ("personnel", "住房公积金"),
        ("personnel", "离退休费"),
    ]


def test_the_day_of_publication_is_no_step_of_a_project(records_of: Records) -> None:
    text = "某县人民医院2025年单位预算公开说明\n发布时间：2025年1月22日\n一、单位主要职责\n1、提供诊疗服务。\n"
    assert not of_type(records_of(text), "ProjectEvent")


def test_what_is_held_at_the_end_of_the_period(records_of: Records) -> None:
    text = "2023年期末，我部门共有车辆8辆，其中：执法执勤用车8辆。"
    (assets,) = of_type(records_of(account("国有资产占用情况说明", text)), "StateAssets")
    assert assets == {"as_of": "2023年", "vehicles": "8辆"}


def test_an_item_on_a_line_above_its_figures(records_of: Records) -> None:
    text = (
        "8.教育支出（类）普通教育（款）：小学教育（项）\n"
        "年初预算40.00万元，支出决算44.00万元；初中教育（项）年初预算50.00万元，支出决算45.00万元。"
    )
    assert _lines(records_of(account(_SPENT, text))) == [
        ("教育支出", "普通教育", "小学教育", "40.00万元", "44.00万元"),
        ("教育支出", "普通教育", "初中教育", "50.00万元", "45.00万元"),
    ]


def test_the_one_budget_that_is_told_of_official_expense(records_of: Records) -> None:
    text = "“三公”经费全年预算数为24.00万元，决算数为18.00万元，完成全年预算的75%。"
    (told,) = of_type(records_of(account("“三公”经费支出决算情况说明", text)), "OfficialExpense")
    assert (told["initial_budget"], told["completion_base"]) == ("24.00万元", "unspecified")


def test_meetings_are_named_without_their_funds(records_of: Records) -> None:
    text = "一般公共预算拨款安排的会议费支出3.00万元，财政拨款培训费2.00万元。"
    items = of_type(records_of(budget("会议费、培训费情况说明", text)), "EconomicItem")
    assert [item["label"] for item in items] == ["会议费", "培训费"]


def test_the_project_of_a_report_by_its_body(records_of: Records) -> None:
    text = "某县法律援助项目支出部门评价报告\n一、项目资金情况\n全年预算20.00万元，实际支出18.00万元，预算执行率90%。\n"
    assert {each["project"] for each in of_type(records_of(text), "ProjectFunding")} == {"某县法律援助"}


def test_what_came_in_during_the_year_is_a_total_of_an_account(records_of: Records) -> None:
    text = "2023年度财政拨款收入总计55.00万元，其中：年初财政拨款结转和结余5.00万元，本年财政拨款收入50.00万元。"
    found = records_of(account("财政拨款收入支出决算总体情况说明", text))
    assert [(total["side"], total["amount"]) for total in of_type(found, "BudgetTotal")] == [
        ("revenue", "55.00万元"),
        ("revenue", "50.00万元"),
    ]
    (carried,) = of_type(found, "Carryover")
    assert (carried["moment"], carried["amount"]) == ("opening", "5.00万元")
