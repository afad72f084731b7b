"""Wordings of single regions that the grammar must not confuse: brackets, several bases, funds, disposals."""

from told import Records, of_type


def _final(title: str, body: str) -> str:
    return f"2023年度某县某局部门决算\n一、{title}\n{body}\n"


def _change(direction: str, base: str = "prior_year", **more: str) -> dict[str, str]:
    return {"base": base, "direction": direction, **more}


def test_a_change_of_what_is_carried_over(records_of: Records) -> None:
    text = "2023年度年末结转和结余500.00万元，较上年决算数减少745.67万元，下降59.9%，主要原因是加快了执行进度。"
    found = records_of(_final("结转结余情况说明", text))
    change = _change("decrease", amount="745.67万元", percent="59.9%", reason="加快了执行进度")
    assert of_type(found, "Carryover") == [
        {"scope": "department", "moment": "closing", "amount": "500.00万元", "changes": [change]}
    ]
    assert not of_type(found, "ActivityFigure")


def test_one_comparison_with_two_bases(records_of: Records) -> None:
    text = "本部门因公出国（境）费用0.00万元，与年初预算数、上年支出数持平。"
    (abroad,) = of_type(records_of(_final("“三公”经费情况说明", text)), "OfficialExpense")
    assert abroad["changes"] == [_change("unchanged", "initial_budget"), _change("unchanged")]


def test_a_share_behind_a_bracket_is_of_what_stands_before_it(records_of: Records) -> None:
    text = "2023年度收入合计200元。其中：事业收入120元（含教育收费20元），占总收入的60%；其他收入80元，占总收入的40%。"
    items = of_type(records_of(_final("收入决算情况说明", text)), "CompositionItem")
    assert [(item["label"], item.get("share")) for item in items] == [
        ("事业收入", "60%"),
        ("教育收费", None),
        ("其他收入", "40%"),
    ]


def test_visits_behind_a_bracket_belong_to_the_item_outside_it(records_of: Records) -> None:
    text = (
        "国内接待费支出5000元（其中：外事接待费支出0元），共安排国内公务接待9批次（其中：外事接待1批次），"
        "接待人次62人（其中：外事接待人次3人）。人均接待费80.65元。"
    )
    found = of_type(records_of(_final("“三公”经费情况说明", text)), "OfficialExpense")
    assert found[0] == {"item": "reception_domestic", "amount": "5000元", "batches": "9批次", "persons": "62人"}
    assert found[1] == {"item": "reception_foreign", "amount": "0元", "batches": "1批次", "persons": "3人"}
    assert found[2] == {"item": "reception", "average": "80.65元"}


def test_people_abroad_are_no_delegations(records_of: Records) -> None:
    text = "2023年度本部门因公出国（境）共计2个团组，5人。"
    (abroad,) = of_type(records_of(_final("“三公”经费实物量情况", text)), "OfficialExpense")
    assert (abroad["delegations"], abroad["persons"]) == ("2个", "5人")


def test_a_sentence_of_its_own_explains_the_whole(records_of: Records) -> None:
    text = (
        "2023年度收入合计200元，其中：财政拨款收入150元，其他收入50元。与上年相比，收入合计减少20元，下降9.09%。"
        "其中：财政拨款收入减少30元，下降16.67%；其他收入增加10元，增长25%。主要原因是人员减少。"
    )
    found = records_of(_final("收入决算情况说明", text))
    (total,) = of_type(found, "BudgetTotal")
    assert total["changes"] == [_change("decrease", amount="20元", percent="9.09%", reason="人员减少")]
    assert all("reason" not in change for item in of_type(found, "CompositionItem") for change in item["changes"])


def test_a_reason_ends_where_another_comparison_begins(records_of: Records) -> None:
    text = (
        "公务接待费支出预算为16万元，支出决算为10.5万元，决算数小于预算数的主要原因是严控接待标准，"
        "与上年相比减少1.5万元，减少12.5%，减少的主要原因是厉行节约。"
    )
    (reception,) = of_type(records_of(_final("“三公”经费情况说明", text)), "OfficialExpense")
    assert reception["changes"] == [
        _change("decrease", "initial_budget", reason="严控接待标准"),
        _change("decrease", amount="1.5万元", percent="12.5%", reason="厉行节约"),
    ]


def test_a_rate_that_cannot_be_told_is_no_reason(records_of: Records) -> None:
    text = (
        "1、一般公共服务支出（类）商贸事务（款）招商引资（项）\n年初预算为0万元，支出决算为10万元，"
        "由于年初预算数为0，无法计算百分比，决算数大于年初预算数的主要原因是：年中追加招商经费。"
    )
    (line,) = of_type(records_of(_final("一般公共预算财政拨款支出决算具体情况", text)), "FunctionalExpenditure")
    assert (line["initial_budget"], line["amount"]) == ("0万元", "10万元")
    assert line["changes"] == [_change("increase", "initial_budget", reason="年中追加招商经费")]


def test_an_amount_behind_a_word_of_direction(records_of: Records) -> None:
    text = (
        "农林水支出（213类）林业和草原（21302款）森林资源管理（2130207项）年初预算为500万元，支出决算为2,400万元，"
        "决算数大于预算数1,900万元，增长380%，主要原因是上级追加资金。"
    )
    (line,) = of_type(records_of(_final("一般公共预算财政拨款支出决算具体情况", text)), "FunctionalExpenditure")
    assert (line["class_name"], line["item_name"], line["code"]) == ("农林水支出", "森林资源管理", "2130207")
    change = _change("increase", "initial_budget", amount="1,900万元", percent="380%", reason="上级追加资金")
    assert line["changes"] == [change]


def test_changes_of_several_budgets_go_back_to_their_totals(records_of: Records) -> None:
    text = (
        "2023年一般公共预算收支决算800万元，政府性基金收支决算100万元。与2022年相比，一般公共预算收支决算增加35万元，"
        "增长4.58%；政府性基金收支决算减少20万元，下降16.67%。"
    )
    totals = of_type(records_of(_final("财政拨款收入支出决算总体情况说明", text)), "BudgetTotal")
    assert [(total["scope"], total["amount"], total["changes"]) for total in totals] == [
        ("general_public", "800万元", [_change("increase", amount="35万元", percent="4.58%")]),
        ("government_fund", "100万元", [_change("decrease", amount="20万元", percent="16.67%")]),
    ]


def test_an_item_told_by_the_funds_that_bear_it(records_of: Records) -> None:
    text = (
        "1.因公出国（境）费支出预算25万元（其中：一般公共预算支出25万元；政府性基金预算支出0万元），"
        "支出决算20万元（其中：一般公共预算支出19万元；政府性基金预算支出1万元），完成调整后预算的80%。"
    )
    found = of_type(records_of(_final("“三公”经费支出具体情况说明", text)), "OfficialExpense")
    assert [(each.get("source"), each["initial_budget"], each["amount"]) for each in found] == [
        (None, "25万元", "20万元"),
        ("一般公共预算支出", "25万元", "19万元"),
        ("政府性基金预算支出", "0万元", "1万元"),
    ]
    assert (found[0]["completion"], found[0]["completion_base"]) == ("80%", "adjusted_budget")


def test_shares_of_basic_expenditure(records_of: Records) -> None:
    text = "2023年度基本支出200万元，其中：人员经费150万元，占基本支出的75%，主要包括基本工资；公用经费50万元，占基本支出的25%。"
    items = of_type(records_of(_final("一般公共预算财政拨款基本支出决算情况说明", text)), "EconomicItem")
    assert [(item["group"], item.get("share")) for item in items] == [
        ("total", None),
        ("personnel", "75%"),
        ("public", "25%"),
    ]


def test_assets_let_go_are_not_assets_held(records_of: Records) -> None:
    text = "截至2023年12月31日，资产总额567.89万元，其中固定资产500万元。处置车辆3辆，账面原值45万元。"
    found = records_of(_final("国有资产占用情况", text))
    assert not of_type(found, "StateAssets")
    assert [(each["subject"], each["quantity"]) for each in of_type(found, "ActivityFigure")] == [
        ("资产总额", "567.89万元"),
        ("固定资产", "500万元"),
        ("处置车辆", "3辆"),
        ("账面原值", "45万元"),
    ]


def test_what_each_fund_puts_into_evaluated_projects(records_of: Records) -> None:
    text = "组织对10个项目开展了绩效评价，涉及一般公共预算支出1200万元，政府性基金预算支出30万元。"
    found = records_of(_final("预算绩效情况说明", text))
    assert [
        (each.get("projects"), each.get("category"), each["amount"]) for each in of_type(found, "PerformanceOverview")
    ] == [
        ("10个", None, "1200万元"),
        (None, "政府性基金预算支出", "30万元"),
    ]
    assert not of_type(found, "BudgetTotal")


def test_numbered_bodies_under_a_title_that_promises_them(records_of: Records) -> None:
    text = "部门预算包括局机关本级预算和所属单位预算。\n1.某市水利局机关\n2.某市水政监察支队"
    names = of_type(records_of(_final("部门决算单位构成", text)), "UnitName")
    assert [name["name"] for name in names] == ["某市水利局机关", "某市水政监察支队"]


def test_the_parts_of_a_sentence_before_and_the_whole_that_is_compared(records_of: Records) -> None:
    text = (
        "2023年“三公”经费预算20万元，实际支出13.6万元，比预算节约6.4万元。其中：公务接待费2.1万元，"
        "公务用车运行维护费11.5万元。较上年的15.2万元减少1.6万元，下降10.53%。"
    )
    found = of_type(records_of(_final("“三公”经费支出情况", text)), "OfficialExpense")
    changes = [change for each in found if each["item"] == "total" for change in each["changes"]]
    assert changes[-1] == _change("decrease", base_amount="15.2万元", amount="1.6万元", percent="10.53%")
    assert all("changes" not in each for each in found if each["item"] != "total")


def test_a_report_on_the_whole_body_is_read_as_an_account(records_of: Records) -> None:
    text = (
        "某县文化局2023年度部门整体支出绩效自评报告\n一、部门基本情况\n（一）部门概况\n"
        "本单位下设二级机构3个。年末在职人员71人。\n二、一般公共预算支出情况\n"
        "2023年全年实际支出2,398万元，其中基本支出1,402万元，占总支出的58.47%；项目支出996万元，占总支出的41.53%。\n"
    )
    found = records_of(text)
    assert [each["count"] for each in of_type(found, "UnitCount")] == ["3个", "71人"]
    assert [(each["scope"], each["amount"]) for each in of_type(found, "BudgetTotal")] == [
        ("general_public", "2,398万元")
    ]
    assert [each["share"] for each in of_type(found, "CompositionItem")] == ["58.47%", "41.53%"]


def test_names_in_quotes_behind_a_number(records_of: Records) -> None:
    text = "（1）“教育支出”科目（类）预算20万元。其中：“进修及培训”科目（款）预算18万元。"
    lines = of_type(records_of(_final("一般公共预算支出具体情况", text)), "FunctionalExpenditure")
    assert [(line["class_name"], line.get("section_name")) for line in lines] == [
        ("教育支出", None),
        ("教育支出", "进修及培训"),
    ]


def test_a_budget_behind_the_amount(records_of: Records) -> None:
    text = "公务接待费支出10.00万元，年初预算20.00万元，完成预算的50.00%，比上年增加0.50万元，增长5.26%。"
    (reception,) = of_type(records_of(_final("“三公”经费支出决算情况", text)), "OfficialExpense")
    assert (reception["amount"], reception["initial_budget"], reception["completion"]) == (
        "10.00万元",
        "20.00万元",
        "50.00%",
    )


def test_what_running_vehicles_costs(records_of: Records) -> None:
    text = "公务用车运行维护费支出50万元，主要用于燃料费30万元、维修费20万元。公务用车保有量25辆。"
    found = records_of(_final("“三公”经费支出决算情况", text))
    assert of_type(found, "OfficialExpense") == [
        {"item": "vehicle_operation", "amount": "50万元", "vehicles_held": "25辆"}
    ]
    assert [(each["label"], each["amount"]) for each in of_type(found, "EconomicItem")] == [
        ("燃料费", "30万元"),
        ("维修费", "20万元"),
    ]


def test_purchases_by_kind_of_equipment(records_of: Records) -> None:
    text = (
        "截至2023年7月31日，共有车辆35辆；单位价值100万元以上设备186台（套）。2024年部门预算安排购置单位价值100万元以上"
        "设备12台（套），其中：单位价值100万元以上通用设备4台（套），单位价值100万元以上专用设备8台（套）。"
    )
    found = of_type(records_of(_final("国有资产占有使用情况", text)), "StateAssets")
    assert [(each.get("equipment"), each.get("equipment_purchased")) for each in found] == [
        ("186台（套）", "12台（套）"),
        (None, "4台（套）"),
        (None, "8台（套）"),
    ]


def test_grades_of_satisfaction_and_a_target_behind_what_was_reached(records_of: Records) -> None:
    text = (
        "某县环境整治项目支出绩效评价报告\n一、绩效指标分析\n（一）产出质量。验收合格率98.5%，目标值≥95%。\n"
        "（二）满意度。群众满意度为94.8%，其中非常满意62.5%，不满意5.2%。\n"
    )
    found = records_of(text)
    (indicator,) = of_type(found, "IndicatorResult")
    assert (indicator["target"], indicator["actual"]) == ("95%", "98.5%")
    assert [(each.get("level"), each["percent"]) for each in of_type(found, "SurveyResult")] == [
        (None, "94.8%"),
        ("非常满意", "62.5%"),
        ("不满意", "5.2%"),
    ]


def test_a_budget_told_under_its_numbered_title(records_of: Records) -> None:
    text = (
        "2020年度某乡人民政府部门预算\n一、部门收支总体情况\n（一）收入预算：2020年年初预算数1492.22万元,其中,一般公共预算拨款1386.42 万元,"
        "其他收入105.80 万元。收入较去年增加97.35 万元,上升6.98%,主要是村级运转经费补助标准提高。\n"
        "二、一般公共预算拨款支出预算\n2020年一般公共预算拨款支出1386.42万元。具体安排情况如下：\n"
        "（一）基本支出：2020年年初预算数为1012.18万元。\n（二）项目支出：2020年年初预算数为374.24万元。\n"
    )
    found = records_of(text)
    revenue, spending = of_type(found, "BudgetTotal")
    assert (revenue["side"], revenue["amount"]) == ("revenue", "1492.22万元")
    assert revenue["changes"] == [
        _change("increase", amount="97.35万元", percent="6.98%", reason="村级运转经费补助标准提高")
    ]
    assert (spending["scope"], spending["amount"]) == ("general_public", "1386.42万元")
    assert [(each["scope"], each["label"], each["amount"]) for each in of_type(found, "CompositionItem")] == [
        ("revenue", "一般公共预算拨款", "1386.42万元"),
        ("revenue", "其他收入", "105.80万元"),
        ("general_public_expenditure", "基本支出", "1012.18万元"),
        ("general_public_expenditure", "项目支出", "374.24万元"),
    ]


def test_items_named_before_their_codes(records_of: Records) -> None:
    text = (
        "（一）行政运行（2200201）8421.17万元，较上年决算数增加652.38万元，增长8.40%。主要原因是人员增加。\n"
        "（二）海域使用管理（2200204）6893.42万元，与上年决算数持平。"
    )
    found = of_type(records_of(_final("一般公共预算财政拨款支出决算情况说明", text)), "FunctionalExpenditure")
    assert [(each["item_name"], each["code"], each["amount"]) for each in found] == [
        ("行政运行", "2200201", "8421.17万元"),
        ("海域使用管理", "2200204", "6893.42万元"),
    ]
    assert [each["changes"][0].get("percent") for each in found] == ["8.40%", None]


def test_villages_visitors_and_convicts_are_neither_bodies_nor_staff(records_of: Records) -> None:
    text = "核定编制62名，现有在职人员58人。全乡辖12个行政村、1个社区。判处罪犯268人。"
    found = records_of(_final("机构设置情况", text))
    assert [(each["measure"], each["count"]) for each in of_type(found, "UnitCount")] == [
        ("posts", "62名"),
        ("staff", "58人"),
    ]


def test_purchases_planned_and_made(records_of: Records) -> None:
    text = "2023年政府采购预算312.4万元，实际采购285.4万元，其中货物采购86.2万元、工程采购120.5万元、服务采购78.7万元。"
    (bought,) = of_type(records_of(_final("政府采购情况", text)), "Procurement")
    assert bought == {"amount": "285.4万元", "goods": "86.2万元", "works": "120.5万元", "services": "78.7万元"}


def test_a_title_that_names_purchases_makes_nothing_held_bought(records_of: Records) -> None:
    text = (
        "5、国有资产占用使用及新增资产配置情况：截至上年底，本部门共有公务用车2辆；单位价值50万元以上通用设备0台。"
        "2023年拟新增配置公务用车0辆。"
    )
    (assets,) = of_type(records_of(_final("其他重要事项的情况说明", text)), "StateAssets")
    assert assets == {"vehicles": "2辆", "equipment": "0台", "vehicles_purchased": "0辆"}


def test_what_money_with_targets_is_made_up_of(records_of: Records) -> None:
    text = (
        "纳入2023年部门整体支出绩效目标的金额为1492.22万元，其中，基本支出1012.18万元，项目支出480.04万元。\n"
        "本单位共6个项目纳入绩效目标管理，涉及四本预算资金合计405.96万元。"
    )
    found = records_of(_final("预算绩效目标说明", text))
    assert [
        (each.get("category"), each.get("amount") or each.get("budget_amount"))
        for each in of_type(found, "PerformanceOverview")
    ] == [
        ("部门整体支出", "1492.22万元"),
        ("基本支出", "1012.18万元"),
        ("项目支出", "480.04万元"),
        (None, "405.96万元"),
    ]
    assert not of_type(found, "CompositionItem")
    assert not of_type(found, "ActivityFigure")


def test_what_was_done_under_the_duties_of_a_court(records_of: Records) -> None:
    text = (
        "2023年度某县人民法院部门决算\n一、基本职能及主要工作\n（一）主要职能\n依法审判法律规定由本院管辖的案件。\n"
        "（二）2023年重点工作完成情况\n2023年，我院共受理各类案件4186件，审执结4015件，结案率95.91%。\n"
    )
    found = records_of(text)
    assert [(each["subject"], each["quantity"]) for each in of_type(found, "ActivityFigure")] == [
        ("受理各类案件", "4186件"),
        ("审执结", "4015件"),
        ("结案率", "95.91%"),
    ]


def test_figures_told_of_several_items_respectively(records_of: Records) -> None:
    text = (
        "1.一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）、机关服务（项）年初预算分别为800.00万元、"
        "300.00万元，支出决算分别为820.00万元、310.00万元，分别完成年初预算的102.50%、103.33%，较上年分别增加9.00万元、8.00万元。\n"
        "2.社会保障和就业支出208.00万元，主要用于养老保险缴费。受缴费基数调整影响，较上年增加8.00万元，上升4.00%。\n"
        "3.住房保障支出。2023年决算数为150.00万元，2022年决算数为140.00万元，增加10.00万元，增长7.14%。"
    )
    found = records_of(_final("一般公共预算财政拨款支出决算具体情况", text))
    administration, services, pensions = of_type(found, "FunctionalExpenditure")
    (housing,) = of_type(found, "CompositionItem")
    assert (administration["section_name"], administration["item_name"]) == (
        "政府办公厅（室）及相关机构事务",
        "行政运行",
    )
    assert (services["section_name"], services["item_name"]) == ("政府办公厅（室）及相关机构事务", "机关服务")
    fields = ("initial_budget", "amount", "completion")
    assert [administration[name] for name in fields] == ["800.00万元", "820.00万元", "102.50%"]
    assert [services[name] for name in fields] == ["300.00万元", "310.00万元", "103.33%"]
    assert administration["changes"] == [_change("increase", amount="9.00万元")]
    assert services["changes"] == [_change("increase", amount="8.00万元")]
    assert pensions["class_name"] == "社会保障和就业支出"
    assert pensions["changes"] == [_change("increase", amount="8.00万元", percent="4.00%", reason="受缴费基数调整影响")]
    assert (housing["label"], housing["amount"]) == ("住房保障支出", "150.00万元")
    assert housing["changes"] == [_change("increase", base_amount="140.00万元", amount="10.00万元", percent="7.14%")]


def test_a_base_told_before_a_change_of_both_sides(records_of: Records) -> None:
    text = "2023年度收入总计、支出总计均为2,345.67万元。与上年决算数2,100.00万元相比，收入、支出总计各增加245.67万元，增长11.70%。"
    (both,) = of_type(records_of(_final("收入支出决算总体情况说明", text)), "BudgetTotal")
    assert both["changes"] == [_change("increase", base_amount="2,100.00万元", amount="245.67万元", percent="11.70%")]


def test_expenditure_parted_by_use_without_basic_expenditure(records_of: Records) -> None:
    text = (
        "部门支出4,126.58万元，比2022年增加586.30万元，增长16.56%。其中：人员支出1,752.40万元、公用支出298.75万元、"
        "对个人和家庭的补助支出46.20万元、项目支出2,029.23万元。"
    )
    found = records_of(_final("支出情况说明", text))
    assert not of_type(found, "EconomicItem")
    assert [(each["scope"], each["label"]) for each in of_type(found, "CompositionItem")] == [
        ("expenditure", "人员支出"),
        ("expenditure", "公用支出"),
        ("expenditure", "对个人和家庭的补助支出"),
        ("expenditure", "项目支出"),
    ]


def test_an_amount_that_moved_from_one_figure_to_another(records_of: Records) -> None:
    text = "公务用车运行维护费25.00万元，由上年的27.00万元降至25.00万元，减少2.00万元。"
    (running,) = of_type(records_of(_final("“三公”经费支出决算情况说明", text)), "OfficialExpense")
    assert running == {
        "item": "vehicle_operation",
        "amount": "25.00万元",
        "changes": [_change("decrease", base_amount="27.00万元", amount="2.00万元")],
    }


def test_the_gap_between_budget_and_account(records_of: Records) -> None:
    text = "与年初预算相比，年初预算数5,210.00万元，决算数6,549.75万元，预决算差异率25.71%，主要原因是：年中追加补助。"
    (total,) = of_type(records_of(_final("一般公共预算财政拨款支出决算情况说明", text)), "BudgetTotal")
    assert (total["amount"], total["initial_budget"]) == ("6,549.75万元", "5,210.00万元")
    assert total["changes"] == [_change("increase", "initial_budget", percent="25.71%", reason="年中追加补助")]


def test_a_base_that_is_told_before_the_completion_of_the_same_budget(records_of: Records) -> None:
    text = "一般公共预算财政拨款支出决算为128.44万元，与年初预算数112.65万元相比增加15.79万元，为年初预算的114.01%。"
    (total,) = of_type(records_of(_final("一般公共预算财政拨款支出决算情况说明", text)), "BudgetTotal")
    assert (total["amount"], total["completion"], total["completion_base"]) == (
        "128.44万元",
        "114.01%",
        "initial_budget",
    )
    assert total["changes"] == [_change("increase", "initial_budget", base_amount="112.65万元", amount="15.79万元")]


def test_what_a_bracket_says_of_a_total_does_not_make_it_carried_over(records_of: Records) -> None:
    text = (
        "本部门2023年度收、支总计（含结转和结余）32727.20万元。与2022年度相比，收、支总计各增加1588.42万元，增长5.1%。"
        "编制数46，实有人数63人。"
    )
    found = records_of(_final("收入支出决算总体情况说明", text))
    (total,) = of_type(found, "BudgetTotal")
    assert (total["side"], total["amount"], total["changes"][0]["amount"]) == ("both", "32727.20万元", "1588.42万元")
    assert not of_type(found, "Carryover")
    assert not of_type(found, "CompositionItem")


def test_spending_by_economic_class_under_its_title(records_of: Records) -> None:
    text = "工资福利支出1382.40万元，占总支出比重43.9%；商品和服务支出964.85万元，占总支出比重30.6%。"
    found = of_type(records_of(_final("支出决算经济分类情况说明", text)), "EconomicItem")
    assert [(each["group"], each["amount"]) for each in found] == [
        ("wages", "1382.40万元"),
        ("goods_services", "964.85万元"),
    ]


def test_a_paragraph_below_an_item_that_turns_to_basic_expenditure(records_of: Records) -> None:
    text = (
        "（1）住房保障支出（类）住房改革支出（款）住房公积金（项）4,603.20万元，用于按规定比例缴存住房公积金。\n"
        "一般公共预算基本支出71,240.60万元，其中人员经费62,118.42万元，公用经费9,122.18万元。"
    )
    found = records_of(_final("一般公共预算拨款支出情况", text))
    assert [each["amount"] for each in of_type(found, "FunctionalExpenditure")] == ["4,603.20万元"]


def test_projects_told_together_and_what_one_gets(records_of: Records) -> None:
    text = (
        "1.孤儿保障项目自评综述：项目自评得分为92.7分。全年预算数为95.80万元，执行数为88.14万元，完成预算的92.0%。"
        "孤儿每人每月补助1500元。\n上述项目自评表一并公开。4个项目的加权平均执行率为93.51%。\n"
        "以县财政局为主体开展的重点绩效评价涉及我局“殡葬公共服务设施建设”项目，评价金额860.00万元，到位资金860.00万元，评价得分81分。"
        "对得分低于85分的项目压减预算。评价发现的9项问题已完成整改7项。\n" + "本部门将继续加强预算绩效管理工作。" * 8
    )
    found = records_of(_final("预算绩效情况说明", text))
    first, second = of_type(found, "ProjectFunding")
    assert (first["project"], first["approved_budget"], first["execution_rate"]) == ("孤儿保障", "95.80万元", "92.0%")
    assert (second["project"], second["evaluated"], second["received"]) == (
        "殡葬公共服务设施建设",
        "860.00万元",
        "860.00万元",
    )
    assert not of_type(found, "FundUse")
    assert [each["score"] for each in of_type(found, "ScoreItem")] == ["92.7分", "81分"]
    (fixed,) = [each for each in of_type(found, "PerformanceOverview") if "issues_fixed" in each]
    assert (fixed["issues_found"], fixed["issues_fixed"]) == ("9项", "7项")


def test_parts_told_respectively(records_of: Records) -> None:
    text = (
        "2023年度收入总计、支出总计分别为27.51亿元、27.51亿元。按功能分类划分：教育支出、社会保障和就业支出和住房保障支出分别为"
        "23.17亿元、3.64亿元和0.70亿元。"
    )
    found = records_of(_final("收入支出决算总体情况说明", text))
    assert [(each["side"], each["amount"]) for each in of_type(found, "BudgetTotal")] == [
        ("revenue", "27.51亿元"),
        ("expenditure", "27.51亿元"),
    ]
    assert [(each["label"], each["amount"]) for each in of_type(found, "CompositionItem")] == [
        ("教育支出", "23.17亿元"),
        ("社会保障和就业支出", "3.64亿元"),
        ("住房保障支出", "0.70亿元"),
    ]


def test_as_many_names_as_figures_or_none(records_of: Records) -> None:
    text = "教育支出、科学技术支出和住房保障支出分别为23.17亿元、3.64亿元。"
    assert not of_type(records_of(_final("支出决算情况说明", text)), "CompositionItem")


def test_a_change_of_the_grand_total_told_behind_the_total_of_the_year(records_of: Records) -> None:
    text = (
        "2023年度收入总计8,543.67万元，其中：本年收入合计7,057.45万元。与2022年度相比，收入总计增加925.27万元，增长12.1%。\n"
        "与年初预算相比，收入决算数6,842.15万元，年初预算数6,203.23万元，完成年初预算的110.3%。"
    )
    grand, year, told = of_type(records_of(_final("收入支出决算总体情况说明", text)), "BudgetTotal")
    assert (grand["amount"], grand["changes"]) == (
        "8,543.67万元",
        [_change("increase", amount="925.27万元", percent="12.1%")],
    )
    assert "changes" not in year
    assert (told["side"], told["amount"], told["initial_budget"]) == ("revenue", "6,842.15万元", "6,203.23万元")
