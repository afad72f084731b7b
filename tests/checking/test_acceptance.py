"""What goes through without a person: arithmetic that another reading would break, and nothing else."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from checked import Checked, Checker  # type: ignore[import-not-found]

from extractor.checking import check_records
from extractor.checking.acceptance import (
    ACCEPTED,
    AGREED,
    DISPUTED,
    MISPRINTED,
    PROVEN_WITHIN,
    UNCHECKED,
    WEAK,
    grades_of,
)
from schemas.checks import Cause
from schemas.extraction import Record, Section, SectionOutcome
from schemas.quantities import Quantity, Role
from schemas.tables import TableRow

TEXT = (
    "三、支出决算情况说明\n2024年度本年支出合计⟦t 100.00万元⟧，其中：基本支出⟦a {a}万元⟧，占⟦p 60.25%⟧；"
    "项目支出⟦b 39.75万元⟧，占⟦r 39.75%⟧。\n四、机关运行经费\n机关运行经费支出⟦m 9.00万元⟧，比上年增加⟦d 1.00万元⟧，增长⟦g 12.5%⟧。\n"
)
PARTS = (
    ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "t"}),
    ("CompositionItem", {"scope": "expenditure", "label": "基本支出", "amount": "a", "share": "p"}),
    ("CompositionItem", {"scope": "expenditure", "label": "项目支出", "amount": "b", "share": "r"}),
)
CHANGE = {"base": "prior_year", "direction": "increase", "amount": "d", "percent": "g"}
OPERATING = ("OperatingExpense", {"amount": "m", "changes": [CHANGE]})


def _grades(checked: Checked, **rest: Any) -> dict[str, Decimal]:
    verdict = checked.verdict
    held = {quantity for check in verdict.checks for quantity in check.operands}
    quantities = [
        quantity.model_copy(update={"role": Role.FIELD}) if quantity.id in held else quantity
        for quantity in checked.disclosure.quantities
    ]
    grades = grades_of(quantities, checked.records, verdict, **rest)
    return {mark: grades[quantity] for mark, quantity in checked.ids.items() if quantity in grades}


def test_parts_that_make_up_their_total_go_through(check: Checker) -> None:
    grades = _grades(check(TEXT.format(a="60.25"), *PARTS))
    assert min(grades[each] for each in "tab") >= ACCEPTED


def test_a_change_proves_its_figures_but_not_whose_they_are(check: Checker) -> None:
    grades = _grades(check(TEXT.format(a="60.25"), *PARTS, OPERATING))
    assert grades["m"] == grades["d"] == PROVEN_WITHIN < ACCEPTED


def test_a_contradiction_keeps_all_figures_of_its_records_back(check: Checker) -> None:
    checked = check(TEXT.format(a="66.25"), *PARTS)
    grades = _grades(checked)
    assert checked.verdict.findings[0].cause in (Cause.DOCUMENT, Cause.UNKNOWN)
    assert max(grades[each] for each in "tap") < ACCEPTED
    assert grades["a"] in (DISPUTED, MISPRINTED)


def test_a_section_that_needs_a_person_lets_nothing_through(check: Checker) -> None:
    checked = check(TEXT.format(a="60.25"), *PARTS)
    section = checked.disclosure.by_id[checked.ids["a"]].section
    assert section is not None
    doubtful = Section(id=section, path=(), start=0, end=1, outcome=SectionOutcome.NEEDS_REVIEW)
    assert _grades(checked, sections=[doubtful])["a"] == DISPUTED


def test_agreement_of_two_readers_counts_more_than_no_check_and_less_than_arithmetic(check: Checker) -> None:
    checked = check("机关运行经费\n2024年度机关运行经费支出⟦m 9.00万元⟧。\n", ("OperatingExpense", {"amount": "m"}))
    assert _grades(checked)["m"] == UNCHECKED
    assert _grades(checked, other=checked.records)["m"] == AGREED < PROVEN_WITHIN


def test_a_whole_of_one_part_proves_little(check: Checker) -> None:
    text = "三、支出决算情况说明\n2024年度本年支出合计⟦t 100.00万元⟧，其中：基本支出⟦a 100.00万元⟧，占⟦p 100%⟧。\n"
    part = ("CompositionItem", {"scope": "expenditure", "label": "基本支出", "amount": "a", "share": "p"})
    assert _grades(check(text, PARTS[0], part))["a"] == WEAK


def test_only_figures_of_records_are_graded(check: Checker) -> None:
    checked = check(TEXT.format(a="60.25"), *PARTS)
    graded = grades_of(checked.disclosure.quantities, checked.records, replace(checked.verdict, findings=()))
    held = {checked.ids[each] for each in "tapbr"}
    assert set(graded) == held
    assert all(isinstance(quantity, Quantity) for quantity in checked.disclosure.quantities)


UNKNOWN = (
    PARTS[0],
    ("CompositionItem", {"scope": "expenditure", "label": "保障运转的那部分", "amount": "a", "share": "p"}),
    PARTS[2],
)


def test_what_has_no_known_name_is_proven_but_for_what_it_is(check: Checker) -> None:
    grades = _grades(check(TEXT.format(a="60.25"), *UNKNOWN))
    assert grades["a"] == PROVEN_WITHIN < ACCEPTED <= grades["b"]


def test_a_name_that_a_table_prints_is_known(check: Checker) -> None:
    checked = check(TEXT.format(a="60.25"), *UNKNOWN)
    row = Record(id="t1", type="TableRow", reader="tables", fields=TableRow(name="保障运转的那部分"))
    verdict = check_records(checked.disclosure, [*checked.records, row])
    assert _grades(replace(checked, verdict=verdict))["a"] >= ACCEPTED


def test_totals_of_several_bodies_contest_each_other(check: Checker) -> None:
    other = TEXT.format(a="60.25").split("四、")[0]
    second = other.replace("⟦t 100.00", "⟦u 50.00").replace("⟦a 60.25", "⟦c 10.25").replace("⟦p 60.25", "⟦q 20.50")
    second = second.replace("⟦b", "⟦e").replace("⟦r 39.75", "⟦s 79.50").replace("三、", "五、")
    again = [
        (
            kind,
            {
                name: {"t": "u", "a": "c", "p": "q", "b": "e", "r": "s"}.get(value, value)
                for name, value in told.items()
            },
        )
        for kind, told in PARTS
    ]
    grades = _grades(check(TEXT.format(a="60.25") + second, *PARTS, *again))
    assert max(grades["t"], grades["u"]) < ACCEPTED
