"""Which total a share, a sum or a restatement is held against."""

from checked import Checker, Label  # type: ignore[import-not-found]

SHARE = (
    "一、支出\n支出决算总计⟦g 120.00万元⟧。其中：本年支出决算合计⟦t 100.00万元⟧，年末结转和结余20.00万元。\n"
    "五、财政拨款支出\n财政拨款支出决算⟦f 80.00万元⟧，占本年支出合计的⟦p {p}%⟧。\n"
)
SHARE_RECORDS: tuple[Label, ...] = (
    ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "g"}),
    ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "t"}),
    ("BudgetTotal", {"scope": "fiscal_appropriation", "side": "expenditure", "amount": "f", "share": "p"}),
)


def test_a_share_is_taken_of_the_expenditure_of_the_year(check: Checker) -> None:
    """A grand total holds what is carried over: 80 of 120 is not what 占本年支出合计 says."""
    assert check(SHARE.format(p="80.00"), *SHARE_RECORDS).findings == []
    (finding,) = check(SHARE.format(p="66.67"), *SHARE_RECORDS).findings
    assert "100.00万元" in finding.message


OFFICIAL = (
    "七、“三公”经费\n“三公”经费支出决算⟦t 31.50万元⟧（其中：一般公共预算支出31.50万元；政府性基金预算支出⟦z 0万元⟧），"
    "其中，因公出国（境）费⟦a 0万元⟧；公务用车购置及运行维护费⟦v {v}万元⟧；公务接待费⟦r 4.20万元⟧。\n"
)
OFFICIAL_RECORDS: tuple[Label, ...] = (
    ("OfficialExpense", {"item": "total", "amount": "t"}),
    ("OfficialExpense", {"item": "total", "source": "政府性基金预算", "amount": "z"}),
    ("OfficialExpense", {"item": "abroad", "amount": "a"}),
    ("OfficialExpense", {"item": "vehicle", "amount": "v"}),
    ("OfficialExpense", {"item": "reception", "amount": "r"}),
)


def test_the_part_of_a_fund_is_no_new_statement(check: Checker) -> None:
    assert check(OFFICIAL.format(v="27.30"), *OFFICIAL_RECORDS).check("official.total").outcome == "exact"
    (finding,) = check(OFFICIAL.format(v="27.80"), *OFFICIAL_RECORDS).findings
    assert "31.50万元" in finding.message


def test_nothing_widens_no_sum(check: Checker) -> None:
    """0万元 stands for nothing, not for up to 50 yuan: it cannot explain that a sum is a cent off."""
    text = (
        "七、“三公”经费\n支出⟦t 2.51万元⟧，其中：出国费⟦a 0.00万元⟧；公务用车费⟦v 0.00万元⟧；公务接待费⟦r 2.50万元⟧。\n"
    )
    records: tuple[Label, ...] = tuple(
        ("OfficialExpense", {"item": item, "amount": mark})
        for item, mark in (("total", "t"), ("abroad", "a"), ("vehicle", "v"), ("reception", "r"))
    )
    assert check(text, *records).check("official.total").outcome in ("violated", "misrounded")


BASIC = (
    "三、支出\n本年支出合计⟦t 100.00万元⟧，其中：基本支出⟦b 60.25万元⟧，包括人员经费⟦m 50.15万元⟧、"
    "公用经费⟦n {n}万元⟧；项目支出⟦c 39.75万元⟧。\n"
)
BASIC_RECORDS: tuple[Label, ...] = (
    ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "t"}),
    ("CompositionItem", {"scope": "expenditure", "label": "基本支出", "amount": "b"}),
    ("CompositionItem", {"scope": "expenditure", "label": "项目支出", "amount": "c"}),
    ("EconomicItem", {"group": "personnel", "label": "人员经费", "amount": "m"}),
    ("EconomicItem", {"group": "public", "label": "公用经费", "amount": "n"}),
)


def test_basic_expenditure_is_personnel_and_public_funds_wherever_it_is_stated(check: Checker) -> None:
    assert check(BASIC.format(n="10.10"), *BASIC_RECORDS).check("basic.parts").outcome == "exact"
    (finding,) = check(BASIC.format(n="16.10"), *BASIC_RECORDS).findings
    assert "公用经费16.10万元" in finding.message


GRAND = (
    "一、收支总体情况\n（一）收入\n收入决算{word}⟦r 8640.25万元⟧。\n（二）支出\n支出决算{word}⟦e {expenditure}万元⟧。\n"
)
GRAND_RECORDS: tuple[Label, ...] = (
    ("BudgetTotal", {"scope": "department", "side": "revenue", "amount": "r"}),
    ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "e"}),
)


def test_grand_totals_a_digit_apart_are_a_slip(check: Checker) -> None:
    (finding,) = check(GRAND.format(word="总计", expenditure="8610.25"), *GRAND_RECORDS).findings
    assert "8640.25万元" in finding.message
    assert "8610.25万元" in finding.message


def test_other_totals_differ_by_what_is_carried_over(check: Checker) -> None:
    assert check(GRAND.format(word="总计", expenditure="8512.75"), *GRAND_RECORDS).findings == []
    assert check(GRAND.format(word="合计", expenditure="8610.25"), *GRAND_RECORDS).findings == []


def test_a_large_change_is_not_level(check: Checker) -> None:
    text = "一、收支\n2024年度本年支出合计⟦t 100.00万元⟧，比上年增长⟦p {p}%⟧，与上年基本持平。\n"
    change = {"base": "prior_year", "direction": "increase", "percent": "p"}
    record: Label = ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "t", "changes": [change]})
    (finding,) = check(text.format(p="26.88"), record).findings
    assert "基本持平" in finding.message
    assert check(text.format(p="0.88"), record).findings == []
