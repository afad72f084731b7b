"""Relations of records: what holds, what fails, who is blamed, what is suggested."""

from decimal import Decimal

from checked import Checker  # type: ignore[import-not-found]

EXPENDITURE = (
    "三、支出决算情况说明\n2024年度本年支出合计⟦t 100.00万元⟧，其中：基本支出⟦a {a}万元⟧，占⟦p {p}%⟧；"
    "项目支出⟦b 39.75万元⟧，占⟦r 39.75%⟧。\n"
)
PARTS = (
    ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "t"}),
    ("CompositionItem", {"scope": "expenditure", "label": "基本支出", "amount": "a", "share": "p"}),
    ("CompositionItem", {"scope": "expenditure", "label": "项目支出", "amount": "b", "share": "r"}),
)


def test_a_consistent_composition_raises_nothing(check: Checker) -> None:
    checked = check(EXPENDITURE.format(a="60.25", p="60.25"), *PARTS)
    assert checked.check("composition.sum").outcome == "exact"
    assert not checked.findings
    assert set(checked.verdict.statuses.values()) == {"proven"}


def test_a_wrong_digit_is_found_and_its_value_suggested(check: Checker) -> None:
    checked = check(EXPENDITURE.format(a="66.25", p="60.25"), *PARTS)
    (finding,) = checked.findings
    assert finding.kind == "error"
    assert checked.raw(finding.suspect) == "66.25万元"
    assert finding.suggested == "60.25"
    assert finding.amount_at_stake == Decimal("60000.00")
    assert any("基本支出66.25万元" in stretch for stretch in finding.evidence)


def test_a_wrong_share_is_told_from_a_wrong_amount(check: Checker) -> None:
    checked = check(EXPENDITURE.format(a="60.25", p="62.05"), *PARTS)
    (finding,) = checked.findings
    assert checked.raw(finding.suspect) == "62.05%"


def test_rounding_is_recorded_and_not_raised(check: Checker) -> None:
    checked = check(EXPENDITURE.format(a="60.24", p="60.24"), *PARTS)
    assert checked.check("composition.sum").outcome == "rounding"
    assert not checked.findings


GROWTH = (
    "一、收入支出决算总体情况说明\n2024年度收、支总计⟦t 412万元⟧，与2023年度相比增加⟦d 191.93万元⟧，增长⟦p {p}%⟧。\n"
    "二、收入\n2024年度本年收入合计⟦x 411.91万元⟧，其中一般公共预算财政拨款收入⟦y 411.91万元⟧，占⟦z 100%⟧。"
)


def test_growth_is_computed_with_the_precision_of_the_document(check: Checker) -> None:
    """412万元 stands for 412.00, so 87.3 % cannot be explained by rounding it."""
    change = {"base": "prior_year", "direction": "increase", "amount": "d", "percent": "p"}
    total = ("BudgetTotal", {"scope": "department", "side": "both", "amount": "t", "changes": [change]})
    assert check(GROWTH.format(p="87.3"), total).check("change.growth").outcome == "violated"
    assert check(GROWTH.format(p="87.2"), total).check("change.growth").outcome == "exact"


def test_a_wrong_direction_word_is_a_finding_about_words(check: Checker) -> None:
    text = "公务用车运行维护费决算⟦t 0.37万元⟧，比2023年度决算数⟦b 0.40万元⟧增加⟦d 0.03万元⟧，下降⟦p 7.5%⟧。"
    change = {"base": "prior_year", "direction": "increase", "base_amount": "b", "amount": "d", "percent": "p"}
    checked = check(text, ("OfficialExpense", {"item": "vehicle_operation", "amount": "t", "changes": [change]}))
    (finding,) = checked.findings
    assert (finding.kind, finding.family) == ("wording", "direction")


def test_yuan_for_ten_thousand_yuan_in_a_list(check: Checker) -> None:
    text = "公用经费⟦t 10.25万元⟧，主要包括：办公费⟦a 2.05万元⟧、差旅费⟦b 7.02元⟧、水费⟦c 1.18万元⟧。"
    items = [("EconomicItem", {"group": "public", "label": "公用经费", "amount": "t"})]
    for label, mark in (("办公费", "a"), ("差旅费", "b"), ("水费", "c")):
        items.append(("EconomicItem", {"group": "public", "label": label, "amount": mark}))
    (finding,) = check(text, *items).findings
    assert finding.kind == "wording"
    assert "7.02万元" in finding.message


def test_a_cut_off_restatement_is_misrounded(check: Checker) -> None:
    text = (
        "评价项目⟦n 3个⟧，涉及金额⟦t 3710.78万元⟧。其中：简易程序的项目⟦x 2个⟧，涉及金额⟦a 3471.195684万元⟧；"
        "普通程序的项目⟦y 1个⟧，涉及金额⟦b 239.5904万元⟧。另有⟦u 1.25万元⟧、⟦v 2.75万元⟧、⟦w 3.35万元⟧、⟦s 3.55万元⟧。"
    )
    checked = check(
        text,
        ("PerformanceOverview", {"stage": "evaluation", "projects": "n", "amount": "t"}),
        ("PerformanceOverview", {"stage": "evaluation", "category": "简易程序", "projects": "x", "amount": "a"}),
        ("PerformanceOverview", {"stage": "evaluation", "category": "普通程序", "projects": "y", "amount": "b"}),
    )
    (finding,) = checked.findings
    assert (finding.kind, finding.suggested) == ("misrounded", "3710.79")
    assert checked.check("overview.projects").outcome == "exact"


def test_small_firms_cannot_have_more_than_all_small_and_medium_ones(check: Checker) -> None:
    text = "政府采购支出总额⟦t 90.00万元⟧，授予中小企业合同金额⟦a 50.00万元⟧，其中小微企业⟦b 60.00万元⟧。"
    checked = check(text, ("Procurement", {"amount": "t", "sme_contracts": "a", "micro_contracts": "b"}))
    (finding,) = checked.findings
    assert finding.family == "order"


def test_one_wrong_figure_makes_one_finding(check: Checker) -> None:
    """A wrong part breaks its share and the sum: two relations, one root."""
    text = "四、一般公共预算\n" + EXPENDITURE.format(a="60.25", p="60.25")
    text = text.replace("39.75万元", "93.75万元")
    checked = check(text, *PARTS)
    (finding,) = checked.findings
    assert len(finding.checks) == 2
    assert finding.suggested == "39.75"


def test_hedged_figures_enter_no_equation(check: Checker) -> None:
    text = "政府采购支出总额约⟦t 90万元⟧，其中货物⟦a 30.25万元⟧、工程⟦b 0万元⟧、服务⟦c 59.15万元⟧。"
    checked = check(text, ("Procurement", {"amount": "t", "goods": "a", "works": "b", "services": "c"}))
    assert checked.check("procurement.parts").outcome == "not_applicable"
    assert checked.check("procurement.parts").reason
    assert not checked.findings


def test_nothing_of_nothing_is_zero_percent(check: Checker) -> None:
    text = "政府采购支出总额⟦t 0万元⟧，授予中小企业合同金额⟦a 0万元⟧，占政府采购支出总额的⟦p 0%⟧。"
    checked = check(text, ("Procurement", {"amount": "t", "sme_contracts": "a", "sme_share": "p"}))
    assert checked.check("procurement.sme_share").outcome == "exact"


def test_figures_in_no_record_are_counted(check: Checker) -> None:
    checked = check("三、支出\n本年支出合计⟦t 100.00万元⟧，另有⟦u 3.00万元⟧未说明。", PARTS[0])
    (finding,) = [each for each in checked.verdict.findings if each.kind == "coverage"]
    assert finding.quantities == (checked.ids["u"],)


def test_units_beside_the_body_itself(check: Checker) -> None:
    """The body may be among the categories of those that it has below it."""
    text = "部门决算由局本级和⟦n 4个⟧下属单位组成，其中：行政单位⟦a 1个⟧、事业单位⟦b {b}⟧。\n"
    records = (
        ("UnitCount", {"category": "下属单位", "measure": "units", "count": "n"}),
        ("UnitCount", {"category": "行政单位", "measure": "units", "count": "a"}),
        ("UnitCount", {"category": "事业单位", "measure": "units", "count": "b"}),
    )
    assert not check(text.format(b="4个"), *records).findings
    assert not [each for each in check(text.format(b="7个"), *records).findings if each.kind == "error"]
