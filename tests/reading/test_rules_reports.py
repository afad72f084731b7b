"""Reports that evaluate one project or a whole body: money, targets, what was reached, points."""

from told import Records, of_type


def _project(body: str) -> str:
    return f"某市财政局关于市住建局2022年度背街小巷整治补助资金项目绩效重点评价结论\n{body}\n"


def _whole(body: str) -> str:
    return f"某县农业农村局2021年度部门整体支出绩效自评报告\n{body}\n"


def test_a_project_named_behind_the_bodies_of_the_title(records_of: Records) -> None:
    text = (
        "一、资金到位及使用情况\n2022年市级财政预算安排资金2400万元，年中调减150万元，调整后预算2250万元。全年下达资金2250万元，"
        "到位率100%；截至2022年12月31日，实际支出2106万元，预算执行率93.6%。\n各区资金使用情况：\n（1）河东区补助资金1306万元；\n（2）河西区补助资金800万元。"
    )
    found = records_of(_project(text))
    (funding,) = of_type(found, "ProjectFunding")
    assert funding == {
        "project": "背街小巷整治补助资金",
        "as_of": "2022年12月31日",
        "approved_budget": "2400万元",
        "adjusted_budget": "2250万元",
        "allocated": "2250万元",
        "received_rate": "100%",
        "spent": "2106万元",
        "execution_rate": "93.6%",
    }
    assert [(each["label"], each["amount"]) for each in of_type(found, "FundUse")] == [
        ("河东区补助资金", "1306万元"),
        ("河西区补助资金", "800万元"),
    ]


def test_targets_are_not_what_was_reached(records_of: Records) -> None:
    text = (
        "一、绩效目标\n年度目标：完成背街小巷整治60条，惠及居民12000户，群众满意度达到90%以上。\n"
        "二、绩效分析\n项目计划整治背街小巷60条，实际整治58条；工程一次验收合格率100%；群众满意度为92.4%。"
    )
    found = of_type(records_of(_project(text)), "IndicatorResult")
    assert [(each["indicator"], each.get("target"), each.get("actual")) for each in found] == [
        ("完成背街小巷整治", "60条", None),
        ("惠及居民", "12000户", None),
        ("群众满意度", "90%", None),
        ("整治背街小巷", "60条", "58条"),
        ("群众满意度", None, "92.4%"),
    ]
    assert found[3].get("category") is None
    (rate,) = of_type(records_of(_project(text)), "ActivityFigure")
    assert rate == {"subject": "工程一次验收合格率", "quantity": "100%"}


def test_what_was_taken_from_a_budget_is_no_budget(records_of: Records) -> None:
    text = "四、存在的问题\n一是预算编制不够精细，年中调减预算150万元；二是有2条小巷未按期完工。"
    found = records_of(_project(text))
    assert not of_type(found, "ProjectFunding")
    assert of_type(found, "ActivityFigure") == [{"subject": "小巷未按期完工", "quantity": "2条"}]


def test_when_a_report_was_made_and_what_is_planned(records_of: Records) -> None:
    text = (
        "受市财政局委托，某会计师事务所于2023年5月8日至6月20日对市住建局2022年度背街小巷整治补助资金项目开展了绩效评价。\n"
        "二、建议\n加快进度，确保2023年3月底前完成剩余小巷的整治任务。"
    )
    made, planned = of_type(records_of(_project(text)), "ProjectEvent")
    assert (made["date"], made["end_date"], made["state"]) == ("2023年5月8日", "6月20日", "actual")
    assert (planned["date"], planned["state"], planned["event"]) == ("2023年3月", "planned", "完成剩余小巷的整治任务")


def test_points_of_a_project_named_by_this_project_only(records_of: Records) -> None:
    text = (
        "三、评价结论\n经综合评价，该项目得分86.75分，评价等级为“良”。其中：决策指标得分17.5分，过程指标得分16.25分。"
    )
    found = of_type(records_of(_project(text)), "ScoreItem")
    assert [(each["dimension"], each["score"], each.get("rating")) for each in found] == [
        ("得分", "86.75分", "良"),
        ("决策指标", "17.5分", None),
        ("过程指标", "16.25分", None),
    ]


def test_a_body_told_by_its_budget_its_adjusted_budget_and_its_spending(records_of: Records) -> None:
    text = "一、支出情况\n2021年年初预算数为3560.42万元，调整预算数4128.75万元，决算数4096.31万元，预算完成率99.21%。"
    (total,) = of_type(records_of(_whole(text)), "BudgetTotal")
    assert (total["amount"], total["initial_budget"], total["completion"]) == ("4096.31万元", "3560.42万元", "99.21%")
    assert total["completion_base"] == "unspecified"
    assert total["changes"] == [{"base": "adjusted_budget", "base_amount": "4128.75万元"}]


def test_a_rate_of_control_and_the_economy(records_of: Records) -> None:
    text = (
        "一、“三公”经费情况\n2021年“三公”经费预算数22万元，决算数16.83万元，控制率76.5%。\n"
        "二、效益情况\n农村居民人均可支配收入达到21350元，同比增长10.4%。"
    )
    found = records_of(_whole(text))
    (total,) = of_type(found, "OfficialExpense")
    assert (total["amount"], total["initial_budget"], total["completion"]) == ("16.83万元", "22万元", "76.5%")
    assert not of_type(found, "CompositionItem")
    assert {"subject": "农村居民人均可支配收入", "quantity": "21350元"} in of_type(found, "ActivityFigure")


def test_projects_told_one_after_the_other_by_their_names(records_of: Records) -> None:
    text = (
        "某县某局2021年度部门决算\n一、绩效评价结果\n“动物疫病防控”项目年初预算210万元，实际到位198.60万元，支出198.60万元，自评得分95.5分；"
        "“农业产业化奖补”项目预算155万元，支出155万元，执行率100%，自评得分91分。\n"
    )
    found = records_of(text)
    first, second = of_type(found, "ProjectFunding")
    assert first == {
        "project": "动物疫病防控",
        "approved_budget": "210万元",
        "received": "198.60万元",
        "spent": "198.60万元",
    }
    assert second == {
        "project": "农业产业化奖补",
        "approved_budget": "155万元",
        "spent": "155万元",
        "execution_rate": "100%",
    }
    assert [(each["subject"], each["score"]) for each in of_type(found, "ScoreItem")] == [
        ("动物疫病防控", "95.5分"),
        ("农业产业化奖补", "91分"),
    ]


def test_rates_that_points_were_given_for(records_of: Records) -> None:
    text = (
        "一、自评得分情况\n（一）投入（满分10分，得分10分）。\n在职人员控制率=（91/97）×100%=93.81%，小于100%，该指标分值5分，得5分。\n"
        "（二）过程（满分40分，得分37分）。\n1.预算执行率为97.80%，该指标分值8分，得7分。"
    )
    found = records_of(_whole(text))
    assert [(each["indicator"], each["actual"]) for each in of_type(found, "IndicatorResult")] == [
        ("在职人员控制率", "93.81%"),
        ("预算执行率", "97.80%"),
    ]
    assert [(each["dimension"], each["full_score"], each["score"]) for each in of_type(found, "ScoreItem")] == [
        ("投入", "10分", "10分"),
        ("在职人员控制率", "5分", "5分"),
        ("过程", "40分", "37分"),
        ("预算执行率", "8分", "7分"),
    ]


def test_shares_of_those_who_answered(records_of: Records) -> None:
    text = (
        "三、满意度\n发放问卷300份，回收有效问卷288份。其中表示“满意”的201人，占69.79%；表示“不满意”的24人，占8.33%。"
    )
    found = of_type(records_of(_project(text)), "SurveyResult")
    assert [(each["level"], each["percent"]) for each in found if "percent" in each] == [
        ("满意", "69.79%"),
        ("不满意", "8.33%"),
    ]


def test_the_whole_body_and_its_projects_one_by_one(records_of: Records) -> None:
    text = (
        "一、部门整体支出管理情况\n2021年部门整体支出年初预算1,986.00万元，调整后预算2,468.00万元，实际支出2,448.00万元，预算执行率99.19%。\n"
        "二、项目支出组织实施情况\n1.残疾儿童康复救助项目。预算650.00万元，支出642.80万元，执行率98.89%。救助残疾儿童计划400名，实际412名。\n"
        "三、项目绩效自评情况\n（一）森林防灭火专项\n项目预算安排300.00万元，实际到位286.50万元，到位率95.50%。"
    )
    found = records_of(_whole(text))
    assert of_type(found, "ProjectFunding") == [
        {
            "project": "部门整体支出",
            "approved_budget": "1,986.00万元",
            "adjusted_budget": "2,468.00万元",
            "spent": "2,448.00万元",
            "execution_rate": "99.19%",
        },
        {
            "project": "残疾儿童康复救助",
            "approved_budget": "650.00万元",
            "spent": "642.80万元",
            "execution_rate": "98.89%",
        },
        {
            "project": "森林防灭火专项",
            "approved_budget": "300.00万元",
            "received": "286.50万元",
            "received_rate": "95.50%",
        },
    ]
    (rescued,) = of_type(found, "IndicatorResult")
    assert (rescued["target"], rescued["actual"]) == ("400名", "412名")


def test_points_for_a_rate_and_points_taken_away(records_of: Records) -> None:
    text = (
        "四、评价指标分析\n（1）在职人员控制率=（在职人员数58/编制数62）×100%=93.55%，小于100%，计5分。\n"
        "（2）预算控制率为24.27%，超过20%，扣3分，得2分。"
    )
    found = records_of(_whole(text))
    rates = [(each["indicator"], each["actual"]) for each in of_type(found, "IndicatorResult")]
    assert rates[0] == ("在职人员控制率", "93.55%")
    assert [(each["dimension"], each["score"]) for each in of_type(found, "ScoreItem")] == [
        ("在职人员控制率", "5分"),
        ("预算控制率", "2分"),
    ]
