"""Whom a contradiction is laid on: the document only where its words do not speak against our reading."""

import pytest
from checked import Checker, Label  # type: ignore[import-not-found]

from evals.generator.measure import judged, paper_of
from evals.generator.misreadings import MISREADINGS, blamed, misread
from schemas.checks import RecordStatus

COMPOSITION = (
    "三、支出决算情况说明\n2024年度本年支出合计⟦t 100.00万元⟧，其中：基本支出⟦a {a}万元⟧，占⟦p 60.25%⟧；"
    "项目支出⟦b 39.75万元⟧，占⟦r 39.75%⟧。\n"
)
PARTS: tuple[Label, ...] = (
    ("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "t"}),
    ("CompositionItem", {"scope": "expenditure", "label": "基本支出", "amount": "a", "share": "p"}),
    ("CompositionItem", {"scope": "expenditure", "label": "项目支出", "amount": "b", "share": "r"}),
)
OPERATING = "四、机关运行经费\n机关运行经费支出⟦m 9.00万元⟧，比上年{word}⟦d 1.00万元⟧，{rate}⟦g 12.5%⟧。\n"


def operating(direction: str, amount: str = "m", change: str = "d", base: str = "prior_year") -> Label:
    made = {"base": base, "direction": direction, "amount": change, "percent": "g"}
    return "OperatingExpense", {"amount": amount, "changes": [made]}


def test_a_wrong_digit_is_the_documents(check: Checker) -> None:
    (finding,) = check(COMPOSITION.format(a="66.25"), *PARTS).findings
    assert finding.cause == "document"


def test_a_figure_that_no_record_holds_leaves_the_cause_open(check: Checker) -> None:
    text = COMPOSITION.format(a="66.25").replace("。", "，另有⟦x 6.00万元⟧。")
    assert {finding.cause for finding in check(text, *PARTS).findings} == {"unknown"}


def test_figures_read_into_each_others_place_are_not_the_documents(check: Checker) -> None:
    found = check(OPERATING.format(word="增加", rate="增长"), operating("increase", amount="d", change="m")).findings
    assert found
    assert {finding.cause for finding in found} == {"unknown"}


@pytest.mark.parametrize("direction", ["increase", "decrease"])
def test_a_direction_that_the_words_deny_is_our_reading(check: Checker, direction: str) -> None:
    """The words are consistent; a record of the other direction breaks the growth rate."""
    text = OPERATING.format(word="增加", rate="增长")
    checked = check(text, operating(direction))
    assert checked.findings == []
    contradicted = set(checked.verdict.statuses.values()) == {RecordStatus.CONTRADICTED}
    assert contradicted is (direction == "decrease")


def test_a_wrong_direction_word_is_the_documents(check: Checker) -> None:
    """增加…，下降… with figures that only grew: the words deny each other, not the record."""
    (finding,) = check(OPERATING.format(word="减少", rate="增长"), operating("decrease")).findings
    assert finding.cause == "document"
    assert finding.kind == "wording"


@pytest.mark.parametrize("kind", MISREADINGS)
def test_a_misread_record_of_a_clean_paper_is_never_laid_on_the_document(kind: str) -> None:
    for paper in range(5):
        case = judged(paper_of(paper))
        for seed in range(4):
            records = misread(seed * 31 + paper, case, kind)
            assert records is None or not blamed(case, records), (kind, paper, seed)
