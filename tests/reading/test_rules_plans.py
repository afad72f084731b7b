"""What a budget says is to be done, and names of the official classification that stand without （类）（款）（项）."""

from told import Records, account, budget, of_type


def test_planned_work_sets_targets_where_it_is_bounded_or_a_rate(records_of: Records) -> None:
    text = (
        "深入实施惠民工程，开展送戏下乡360场，新建书房5座，力争全年接待游客突破1500万人次。\n"
        "组织培训不少于12期，走访企业210家次，办结率98%，投诉量控制在30件以内，规模以上企业达到86家。"
    )
    found = records_of(budget("2024年重点工作", text))
    assert [(each["indicator"], each["target"]) for each in of_type(found, "IndicatorResult")] == [
        ("接待游客", "1500万人次"),
        ("组织培训", "12期"),
        ("办结率", "98%"),
        ("投诉量", "30件"),
        ("规模以上企业", "86家"),
    ]
    assert [each["quantity"] for each in of_type(found, "ActivityFigure")] == ["360场", "5座", "210家次"]


def test_work_of_an_account_is_workload(records_of: Records) -> None:
    text = "深入实施惠民工程，开展送戏下乡360场，新建书房5座，全年接待游客突破1500万人次。"
    done = of_type(records_of(account("2023年重点工作", text)), "ActivityFigure")
    assert [each["quantity"] for each in done] == ["360场", "5座", "1500万人次"]


def test_how_things_stand_before_the_plans_is_no_target(records_of: Records) -> None:
    text = (
        "我县地处山区，现有林地96.40万亩，森林覆盖率61.2%。\n全县现有公办园24所，普惠率88.6%。\n"
        "2024年抓好以下工作：森林覆盖率提高到62%。"
    )
    found = records_of(budget("2024年重点工作", text))
    assert [each["target"] for each in of_type(found, "IndicatorResult")] == ["62%"]
    assert [each["quantity"] for each in of_type(found, "ActivityFigure")] == ["96.40万亩", "61.2%", "24所", "88.6%"]


def test_targets_of_key_projects_stand_beside_theirbudget(records_of: Records) -> None:
    text = (
        "本部门2024年实行绩效目标管理的项目36个，涉及预算金额1,280.00万元。\n"
        "重点项目一：路灯节能改造，预算540万元。计划更换节能灯具3,200盏，年节电率不低于30%。"
    )
    found = records_of(budget("预算绩效情况", text))
    assert [(each["indicator"], each["target"]) for each in of_type(found, "IndicatorResult")] == [
        ("更换节能灯具", "3,200盏"),
        ("年节电率", "30%"),
    ]
    assert [each["projects"] for each in of_type(found, "PerformanceOverview")] == ["36个"]


def test_items_by_their_official_names_alone(records_of: Records) -> None:
    text = (
        "（一）农林水支出水利水土保持72.00万元，比上年增加11.00万元，增长18.03%。\n"
        "（二）机关事业单位基本养老保险缴费支出21.86万元，全部是基本支出。\n（三）住房公积金16.40万元。"
    )
    found = of_type(records_of(budget("一般公共预算支出具体情况", text)), "FunctionalExpenditure")
    assert [
        (each.get("class_name"), each.get("section_name"), each.get("item_name"), each["amount"]) for each in found
    ] == [
        ("农林水支出", "水利", "水土保持", "72.00万元"),
        (None, None, "机关事业单位基本养老保险缴费支出", "21.86万元"),
        (None, None, "住房公积金", "16.40万元"),
    ]


def test_classes_with_their_budget_are_lines_and_with_their_share_parts(records_of: Records) -> None:
    text = (
        "2023年度财政拨款支出500.00万元，其中：农林水支出400.00万元，占80%；住房保障支出100.00万元，占20%。\n"
        "（一）农林水支出年初预算数为380.00万元，决算数为400.00万元，完成年初预算的105.26%。"
    )
    found = records_of(account("财政拨款支出决算情况说明", text))
    assert [each["label"] for each in of_type(found, "CompositionItem")] == ["农林水支出", "住房保障支出"]
    assert of_type(found, "FunctionalExpenditure") == [
        {
            "class_name": "农林水支出",
            "initial_budget": "380.00万元",
            "amount": "400.00万元",
            "completion": "105.26%",
            "completion_base": "initial_budget",
        }
    ]


def test_changes_and_shares_told_respectively(records_of: Records) -> None:
    text = (
        "2023年度农林水支出中，行政运行、执法监管和其他农业农村支出分别为120.00万元、60.00万元和20.00万元，"
        "占比分别为60%、30%和10%，比上年分别增加5.00万元、减少3.00万元、增加1.00万元。"
    )
    found = of_type(records_of(account("一般公共预算财政拨款支出决算具体情况", text)), "FunctionalExpenditure")
    assert [(each["item_name"], each["amount"], each["changes"]) for each in found] == [
        ("行政运行", "120.00万元", [{"base": "prior_year", "direction": "increase", "amount": "5.00万元"}]),
        ("执法监管", "60.00万元", [{"base": "prior_year", "direction": "decrease", "amount": "3.00万元"}]),
        ("其他农业农村支出", "20.00万元", [{"base": "prior_year", "direction": "increase", "amount": "1.00万元"}]),
    ]


def test_a_change_of_each_that_does_not_fit_is_left(records_of: Records) -> None:
    text = "行政运行、执法监管分别为120.00万元、60.00万元，比上年分别增加5.00万元、减少3.00万元、增加1.00万元。"
    found = of_type(records_of(account("一般公共预算财政拨款支出决算具体情况", text)), "FunctionalExpenditure")
    assert not any("changes" in each for each in found)


def test_all_expenditure_by_economic_class(records_of: Records) -> None:
    text = (
        "2024年支出预算1,000.00万元。按支出结构分：基本支出600.00万元，占60%；项目支出400.00万元，占40%。\n"
        "按支出经济分类：工资福利支出500.00万元，占50%；商品和服务支出500.00万元，占50%。"
    )
    found = records_of(budget("支出预算情况", text))
    assert [each["label"] for each in of_type(found, "CompositionItem")] == ["基本支出", "项目支出"]
    assert [(each["group"], each["amount"]) for each in of_type(found, "EconomicItem")] == [
        ("wages", "500.00万元"),
        ("goods_services", "500.00万元"),
    ]


def test_what_running_vehicles_is_made_up_of_is_none_of_its_amounts(records_of: Records) -> None:
    text = (
        "公务用车运行维护费2023年度决算数9.84万元。2023年公务用车运行维护费中，公务用车加油3.26万元，公务用车维修3.10万元，"
        "公务用车保险2.18万元，公务用车其他支出1.30万元。2023年公务用车保有量6辆，车均运行维护费1.64万元。"
    )
    (running,) = of_type(records_of(account("“三公”经费情况", text)), "OfficialExpense")
    assert (running["amount"], running["vehicles_held"], running["average"]) == ("9.84万元", "6辆", "1.64万元")


def test_projects_with_what_they_are_given_among_performance(records_of: Records) -> None:
    text = (
        "2024年，本部门43个项目全部编制绩效目标，涉及财政拨款资金16,042.84万元。部分重点项目绩效目标如下：\n"
        "1.农村妇女“两癌”筛查项目：安排预算380.00万元。绩效目标：宫颈癌筛查31000人，筛查对象满意度≥85%。"
    )
    found = records_of(budget("预算绩效信息公开情况说明", text))
    assert of_type(found, "ProjectFunding") == [{"project": "农村妇女“两癌”筛查", "approved_budget": "380.00万元"}]
    assert [(each["indicator"], each["target"]) for each in of_type(found, "IndicatorResult")] == [
        ("宫颈癌筛查", "31000人"),
        ("筛查对象满意度", "85%"),
    ]


def test_surroundings_told_among_duties(records_of: Records) -> None:
    text = "贯彻执行党和国家的方针政策，负责辖区公共服务工作。\n街道辖区面积8.6平方公里，下辖14个社区，常住人口约11.3万人。"
    found = of_type(records_of(account("主要职能", text)), "ActivityFigure")
    assert [each["quantity"] for each in found] == ["8.6平方公里", "14个", "11.3万人"]
