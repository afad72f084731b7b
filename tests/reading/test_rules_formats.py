"""Formats of regions that number, quote or part what others print in words, and projects told one by one."""

import pytest
from told import Records, account, budget, of_type


def test_codes_in_quotation_marks(records_of: Records) -> None:
    text = (
        "1.社会保障和就业支出“208”134.4万元，与2023年预算相比增加6.4万元，其中：\n"
        "（1）行政事业单位养老支出“20805”134.4万元。包括：行政单位离退休“2080501”46.8万元，主要用于退休补贴；"
        "机关事业单位基本养老保险缴费支出“2080505”87.6万元。"
    )
    lines = of_type(records_of(budget("一般公共预算支出具体情况", text)), "FunctionalExpenditure")
    assert [(line["amount"], line["code"]) for line in lines] == [
        ("134.4万元", "208"),
        ("134.4万元", "20805"),
        ("46.8万元", "2080501"),
        ("87.6万元", "2080505"),
    ]
    assert lines[2]["item_name"] == "行政单位离退休"
    assert lines[2]["class_name"] == "社会保障和就业支出"


def test_a_class_by_its_amount_alone_is_a_part_and_its_items_stand_under_it(records_of: Records) -> None:
    text = "（一）住房保障支出（类）支出522.82万元，其中住房公积金424.96万元、购房补贴97.86万元。"
    found = records_of(budget("一般公共预算支出预算情况", text))
    assert [each["label"] for each in of_type(found, "CompositionItem")] == ["住房保障支出"]
    assert [(each["class_name"], each["item_name"]) for each in of_type(found, "FunctionalExpenditure")] == [
        ("住房保障支出", "住房公积金"),
        ("住房保障支出", "购房补贴"),
    ]


def test_two_items_together_are_no_second_amount_of_the_last(records_of: Records) -> None:
    text = "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）28.46万元、事业单位医疗（项）9.87万元，两项合计38.33万元。"
    lines = of_type(records_of(budget("一般公共预算支出具体情况", text)), "FunctionalExpenditure")
    assert [(line.get("item_name"), line["amount"]) for line in lines] == [
        ("行政单位医疗", "28.46万元"),
        ("事业单位医疗", "9.87万元"),
        (None, "38.33万元"),
    ]


def test_other_matters_under_their_numbers(records_of: Records) -> None:
    text = (
        "1、机关运行经费。2024年机关运行经费312.86万元，比上年减少16.54万元。\n"
        "2、政府采购情况。政府采购预算总额9021万元：货物预算96.4万元、工程预算7800万元、服务预算1124.6万元；"
        "其中一般公共预算拨款政府采购7721万元：货物预算96.4万元、工程预算6500万元、服务预算1124.6万元。\n"
        "3、国有资产占有使用情况。截至2023年12月，共有车辆31辆，其中一般公务用车3辆、执勤执法用车28辆，账面原值186.42万元。"
    )
    found = records_of(budget("其他重要事项的情况说明", text))
    (operating,) = of_type(found, "OperatingExpense")
    assert operating["amount"] == "312.86万元"
    assert [(each["amount"], each["works"]) for each in of_type(found, "Procurement")] == [
        ("9021万元", "7800万元"),
        ("7721万元", "6500万元"),
    ]
    (assets,) = of_type(found, "StateAssets")
    assert (assets["vehicles"], assets["vehicles_value"]) == ("31辆", "186.42万元")
    assert [each["count"] for each in of_type(found, "VehicleCount")] == ["3辆", "28辆"]


def test_key_projects_of_a_budget_under_their_numbers(records_of: Records) -> None:
    text = (
        "2024年共21个项目，涉及一般公共预算财政拨款1716万元。重点项目的绩效目标如下：\n"
        "（1）“四好农村路”建设补助。当年安排624万元，计划新改建农村公路126公里，项目2024年11月前完成交工验收。\n"
        "（2）公交运营补贴。安排185万元，其中政策性亏损补贴142万元、老年人乘车补偿43万元，公交正点率不低于92%，乘客满意度达到90%以上。"
    )
    found = records_of(budget("绩效目标设置情况", text))
    assert [(each["project"], each["approved_budget"]) for each in of_type(found, "ProjectFunding")] == [
        ("“四好农村路”建设补助", "624万元"),
        ("公交运营补贴", "185万元"),
    ]
    assert [(each["label"], each["basis"]) for each in of_type(found, "FundUse")] == [
        ("政策性亏损补贴", "planned"),
        ("老年人乘车补偿", "planned"),
    ]
    (step,) = of_type(found, "ProjectEvent")
    assert (step["date"], step["state"]) == ("2024年11月", "planned")
    targets = of_type(found, "IndicatorResult")
    assert [each["target"] for each in targets] == ["126公里", "92%", "90%"]
    assert all("actual" not in each for each in targets)


def test_a_project_under_titles_of_its_own(records_of: Records) -> None:
    text = (
        "1.“公益性公墓二期”项目。\n（1）项目概述。新增节地生态墓穴6500个。\n（2）起止时间。2024年7月至2025年6月。\n"
        "（3）年度预算安排。2024年预算安排260万元。"
    )
    found = records_of(budget("重点项目及绩效目标情况", text))
    (period,) = of_type(found, "ProjectEvent")
    assert (period["project"], period["date"], period["end_date"]) == ("公益性公墓二期", "2024年7月", "2025年6月")
    (funding,) = of_type(found, "ProjectFunding")
    assert (funding["project"], funding["approved_budget"]) == ("公益性公墓二期", "260万元")


def test_reports_on_projects_one_two(records_of: Records) -> None:
    text = (
        "某县某局2022年度部门决算\n第一部分 名词解释\n一、基本支出：指日常支出。\n附件：2022年度项目支出绩效评价报告（摘要）\n"
        "项目一  森林防灭火经费\n（一）项目资金情况。年初预算安排280.00万元，实际支出271.36万元，预算执行率96.91%。\n"
        "项目二  病虫害防治经费\n（一）项目资金情况。年初预算安排50.00万元，实际支出49.00万元。\n"
    )
    found = of_type(records_of(text), "ProjectFunding")
    assert [(each["project"], each["spent"]) for each in found] == [
        ("森林防灭火经费", "271.36万元"),
        ("病虫害防治经费", "49.00万元"),
    ]


def test_what_follows_an_evaluated_project_is_about_it(records_of: Records) -> None:
    text = (
        "委托会计师事务所对2019—2020年高标准农田建设项目开展部门评价。项目批复总投资5250万元，其中中央资金3800万元、自治区资金1450万元；"
        "累计支出4150万元，预算执行率79.05%。评价得分88.6分。"
    )
    found = records_of(account("预算绩效管理情况", text))
    (funding,) = of_type(found, "ProjectFunding")
    assert (funding["project"], funding["spent"]) == ("高标准农田建设", "4150万元")
    assert [(each["label"], each["basis"]) for each in of_type(found, "FundUse")] == [
        ("中央资金", "planned"),
        ("自治区资金", "planned"),
    ]


def test_parts_of_all_expenditure_are_no_economic_classes(records_of: Records) -> None:
    text = "本年支出合计19803.34万元。\n1.基本支出6908.65万元。其中，人员支出6318.40万元，公用支出590.25万元。\n2.项目支出12894.69万元。"
    found = records_of(account("支出决算情况说明", text))
    assert [each["label"] for each in of_type(found, "CompositionItem")] == [
        "基本支出",
        "人员支出",
        "公用支出",
        "项目支出",
    ]
    assert not of_type(found, "EconomicItem")


def test_funds_of_project_expenditure_are_parts_of_it(records_of: Records) -> None:
    text = "支出预算831万元。项目支出831万元由三部分资金安排：一般公共预算当年安排444万元、政府性基金安排150万元、上年结转安排237万元。"
    found = records_of(budget("支出预算情况说明", text))
    assert [each["amount"] for each in of_type(found, "CompositionItem")] == [
        "831万元",
        "444万元",
        "150万元",
        "237万元",
    ]
    assert not of_type(found, "Carryover")


def test_words_before_a_reason_say_which_way_the_budget_was_missed(records_of: Records) -> None:
    text = (
        "农林水支出（类）农业农村（款）病虫害控制（项）年初预算620万元，支出决算1386.2万元，完成年初预算的223.58%，"
        "增加原因是上级下达动物防疫补助。"
    )
    (line,) = of_type(records_of(account("一般公共预算财政拨款支出决算具体情况", text)), "FunctionalExpenditure")
    assert [(c["base"], c["direction"], c["reason"]) for c in line["changes"]] == [
        ("initial_budget", "increase", "上级下达动物防疫补助")
    ]


def test_a_reason_ends_where_the_purpose_begins(records_of: Records) -> None:
    text = "2024年政府性基金预算支出150万元，比上年增加30万元，主要原因是新增公路补助，主要用于渡口改造。"
    totals = of_type(records_of(budget("政府性基金预算支出情况说明", text)), "BudgetTotal")
    assert totals[0]["changes"][0]["reason"] == "新增公路补助"


def test_the_other_side_of_onebudget(records_of: Records) -> None:
    text = "本年政府性基金预算财政拨款收入1200万元，为抗疫特别国债资金，支出1146.8万元，年末结转53.2万元。"
    found = of_type(records_of(account("政府性基金预算财政拨款收支情况说明", text)), "BudgetTotal")
    assert [(each["scope"], each["side"], each["amount"]) for each in found] == [
        ("government_fund", "revenue", "1200万元"),
        ("government_fund", "expenditure", "1146.8万元"),
    ]


def test_last_years_lack_of_a_revenue_denies_nothing_of_this_year(records_of: Records) -> None:
    text = "国有资本经营预算财政拨款收入12万元，占0.11%，上年没有该项收入。收支相抵没有结转。"
    found = records_of(account("财政拨款收入支出决算情况", text))
    assert not [each for each in of_type(found, "BudgetTotal") if each.get("declared_none")]


def test_bands_and_their_counts_in_brackets(records_of: Records) -> None:
    text = "从自评情况看，得分90分以上（优）的8个，80分至90分（良）的3个。"
    found = records_of(account("项目绩效自评情况", text))
    assert {each["rating"]: each["lower"] for each in of_type(found, "RatingBand")} == {"优": "90分", "良": "80分"}
    assert [(each["rating"], each["count"]) for each in of_type(found, "RatingCount")] == [("优", "8个"), ("良", "3个")]


def test_instalments_that_a_contract_agrees_on(records_of: Records) -> None:
    text = (
        "应急装备购置项目绩效自评综述：年初预算290万元，合同金额268.9万元。合同约定签订后预付30%、验收合格后付至95%。\n"
        "该项目2023年8月通过验收。"
    )
    steps = of_type(records_of(account("项目绩效自评情况", text)), "ProjectEvent")
    assert [(each["state"], each.get("share")) for each in steps] == [
        ("planned", "30%"),
        ("planned", "95%"),
        ("actual", None),
    ]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("受益农户412户1786人。", ["412户", "1786人"]),
        ("完成渠道维修12.6公里、9.4公里和7.2公里。", ["12.6公里", "9.4公里", "7.2公里"]),
        ("实现农林牧渔业总产值38.62亿元，同比增长7.4%。", ["38.62亿元", "7.4%"]),
        ("日处理能力由800吨提高到1500吨。", ["800吨", "1500吨"]),
    ],
)
def test_figures_that_go_on_about_the_one_before(text: str, figures: list[str], records_of: Records) -> None:
    found = of_type(records_of(account("绩效目标完成情况", text)), "ActivityFigure")
    assert [each["quantity"] for each in found] == figures
    assert len({each["subject"] for each in found}) == 1


def test_targets_and_results_told_respectively(records_of: Records) -> None:
    text = "国土绿化项目绩效自评综述：年初预算100万元。人工造林、封山育林年度计划分别为2.8万亩、3万亩，实际完成分别为2.36万亩、3万亩。"
    found = of_type(records_of(account("项目绩效自评情况", text)), "IndicatorResult")
    assert [(each["indicator"], each["target"], each["actual"]) for each in found] == [
        ("人工造林", "2.8万亩", "2.36万亩"),
        ("封山育林", "3万亩", "3万亩"),
    ]


def test_what_is_hoped_for_and_proposed_next(records_of: Records) -> None:
    text = "下一步改进措施：一是细化预算编制，力争将预算调整率控制在10%以内；二是2024年6月底前完成未实施户的改造。"
    found = records_of(account("绩效评价结果及改进措施", text))
    (target,) = of_type(found, "IndicatorResult")
    assert (target["indicator"], target["target"], target["target_operator"]) == ("预算调整率", "10%", "le")
    (step,) = of_type(found, "ProjectEvent")
    assert (step["date"], step["state"]) == ("2024年6月", "planned")


def test_an_age_is_no_figure_of_its_own(records_of: Records) -> None:
    text = "基本公共卫生服务32.6万元，65岁以上老年人健康管理率达到45%。"
    found = of_type(records_of(budget("2024年重点项目", text)), "IndicatorResult")
    assert [each["target"] for each in found] == ["45%"]


def test_other_money_than_funds_is_left_unclaimed(records_of: Records) -> None:
    text = "临湖公司垫付的12.30万元与其押金8.15万元相抵，余下4.15万元不再计息。"
    assert not of_type(records_of(account("其他情况说明", text)), "CompositionItem")


def test_a_form_for_each_project(records_of: Records) -> None:
    text = (
        "项目名称：食品安全监督抽检项目\n设立的政策依据：《食品安全法》及自治区下达的年度抽检计划\n预算安排规模：612.80万元\n"
        "项目承担单位：某地区市场监督管理局、某地区食品药品检验所\n资金分配情况：委托检验费用420.00万元，购买样品及差旅费192.80万元\n"
        "资金执行时间：2024年1月1日-2024年12月31日"
    )
    found = records_of(budget("项目支出情况说明", text))
    (funding,) = of_type(found, "ProjectFunding")
    assert (funding["project"], funding["approved_budget"]) == ("食品安全监督抽检", "612.80万元")
    assert [each["amount"] for each in of_type(found, "FundUse")] == ["420.00万元", "192.80万元"]
    (period,) = of_type(found, "ProjectEvent")
    assert (period["state"], period["end_date"]) == ("planned", "2024年12月31日")


def test_posts_told_without_their_unit(records_of: Records) -> None:
    found = of_type(
        records_of(account("机构设置及人员情况", "编制数186，实有人数259人，其中：在职171人、退休88人。")), "UnitCount"
    )
    assert [(each["measure"], each["count"]) for each in found][:1] == [("staff", "259人")]
    assert ("posts", "186") in [(each["measure"], each["count"]) for each in found]


def test_the_budget_of_the_whole_year_is_the_one_budget_of_official_expense(records_of: Records) -> None:
    text = "公务接待费支出决算8.42万元，完成全年预算12.00万元的70.17%，比上年决算数增加0.77万元，增长10.07%。"
    (reception,) = of_type(records_of(account("“三公”经费支出决算情况", text)), "OfficialExpense")
    assert (reception["initial_budget"], reception["completion"]) == ("12.00万元", "70.17%")
