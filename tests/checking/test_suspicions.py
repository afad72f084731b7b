"""What no slip of the pen explains is told only where our reading leaves no room; doubted, not told, where it does."""

from pathlib import Path

import pytest
from checked import HEAD, MARK, Checked, Checker, Label  # type: ignore[import-not-found]

from extractor.checking import check_records
from extractor.pipeline import extract
from extractor.storage.tasks import TaskKind, tasks_of
from schemas.checks import RecordStatus


def doubted(checked: Checked, rule: str) -> bool:
    """The relation fails, nothing is raised, and the records are held back."""
    failed = [check for check in checked.all(rule) if check.outcome.fails]
    held = {checked.verdict.statuses[each] for check in failed for each in check.records if each}
    return bool(failed) and checked.findings == [] and held == {RecordStatus.CONTRADICTED}


TOTAL: Label = ("BudgetTotal", {"scope": "general_public", "side": "expenditure", "amount": "t"})
ITEMS = (
    "五、一般公共预算财政拨款支出决算情况说明\n2024年度一般公共预算财政拨款支出⟦t 900.00万元⟧。其中：\n"
    "1.教育支出（类）普通教育（款）小学教育（项）⟦a 500.00万元⟧。\n"
    "2.教育支出（类）普通教育（款）初中教育（项）⟦b {b}万元⟧。\n"
)


def item(name: str, mark: str) -> Label:
    return "FunctionalExpenditure", {
        "class_name": "教育支出",
        "section_name": "普通教育",
        "item_name": name,
        "amount": mark,
    }


@pytest.mark.parametrize(("printed", "told"), [("400.00", None), ("406.00", True), ("731.55", False)])
def test_a_sum_of_gathered_parts_needs_a_slip_to_be_told(check: Checker, printed: str, told: bool | None) -> None:
    checked = check(ITEMS.format(b=printed), TOTAL, item("小学教育", "a"), item("初中教育", "b"))
    if told is None:
        assert checked.check("functional.items").outcome.holds
    else:
        assert bool(checked.findings) is told
        assert told or doubted(checked, "functional.items")


def test_what_is_doubted_is_one_task_for_a_person(tmp_path: Path) -> None:
    path = tmp_path / "disclosure.txt"
    path.write_text(HEAD + MARK.sub(r"\2", ITEMS.format(b="731.55")), encoding="utf-8")
    extraction = extract(path)
    assert [finding for finding in extraction.findings if finding.kind != "coverage"] == []
    tasks = [task for task in tasks_of(extraction) if task.kind is TaskKind.RECORD]
    assert len(tasks) == 1
    assert len([record for record in extraction.records if record.status is RecordStatus.CONTRADICTED]) == 3


SCORES = "四、项目绩效评价\n园区道路项目综合得分⟦t {t}分⟧，其中：{parts}。\n"
POINTS: tuple[tuple[str, str, str], ...] = (
    ("决策", "a", "18.50"),
    ("过程", "b", "17.25"),
    ("产出", "c", "36.40"),
    ("效益", "d", "18.60"),
)


def scored(check: Checker, total: str, count: int) -> Checked:
    parts = "、".join(f"{name}⟦{mark} {points}分⟧" for name, mark, points in POINTS[:count])
    labels = [
        ("ScoreItem", {"subject": "园区道路", "dimension": name, "score": mark}) for name, mark, _ in POINTS[:count]
    ]
    whole = ("ScoreItem", {"subject": "园区道路", "dimension": "综合得分", "score": "t"})
    return check(SCORES.format(t=total, parts=parts), whole, *labels)


def test_all_four_parts_of_an_evaluation_vouch_for_their_sum(check: Checker) -> None:
    assert scored(check, "90.75", 4).findings == []
    assert len(scored(check, "64.08", 4).findings) == 1
    assert doubted(scored(check, "64.08", 2), "score.sum") or scored(check, "64.08", 2).findings == []


def test_two_scores_of_one_name_may_be_of_two_evaluations(check: Checker) -> None:
    text = "四、绩效评价\n园区道路项目自评打分，决策⟦a 19.00分⟧。\n五、第三方评价\n评价组评定，决策⟦b {b}分⟧。\n"
    labels = [("ScoreItem", {"subject": "园区道路", "dimension": "决策", "score": mark}) for mark in "ab"]
    assert doubted(check(text.format(b="18.55"), *labels), "repeat.score")
    assert len(check(text.format(b="19.90"), *labels).findings) == 1  # 19.00 and 19.90 look alike


OPERATING = "四、机关运行经费\n机关运行经费支出⟦m 9.00万元⟧。{between}比上年增加⟦d 1.00万元⟧，增长⟦g {g}%⟧。\n"
GROWN: Label = (
    "OperatingExpense",
    {"amount": "m", "changes": [{"base": "prior_year", "direction": "increase", "amount": "d", "percent": "g"}]},
)


def test_figures_far_apart_in_two_sentences_are_hardly_of_one_thing(check: Checker) -> None:
    assert check(OPERATING.format(between="", g="12.5"), GROWN).findings == []
    assert doubted(check(OPERATING.format(between="", g="73.9"), GROWN), "change.growth")
    assert len(check(OPERATING.replace("。{", "，{").format(between="", g="73.9"), GROWN).findings) == 1


def test_a_rate_that_another_figure_of_the_section_makes_right_is_its_rate(check: Checker) -> None:
    """1.00 of 14.33 is 6.98 %: the change is that of the 15.33 before."""
    text = "四、机关运行经费\n各单位共支出⟦x 15.33万元⟧。机关运行经费支出⟦m 9.00万元⟧，比上年增加⟦d 1.00万元⟧，增长⟦g 6.98%⟧。\n"
    other = ("PurchasedServices", {"amount": "x"})
    assert doubted(check(text, GROWN, other), "change.growth")
    assert len(check(text.replace("15.33", "15.83"), GROWN, other).findings) == 1


OFFICIAL = (
    "六、“三公”经费支出决算情况说明\n公务接待费支出年初预算为⟦i 3.00万元⟧，支出决算为⟦a 2.45万元⟧，"
    "完成年初预算的⟦c {c}%⟧，比上年减少⟦d 0.30万元⟧。\n"
)


@pytest.mark.parametrize(("amount", "raised"), [("a", 1), ("d", 0)])
def test_an_amount_that_its_words_call_a_change_is_ours(check: Checker, amount: str, raised: int) -> None:
    change = {"base": "prior_year", "direction": "decrease", "amount": "a" if amount == "d" else "d"}
    base = {"initial_budget": "i", "completion": "c", "completion_base": "initial_budget", "changes": [change]}
    checked = check(OFFICIAL.format(c="66.35"), ("OfficialExpense", {"item": "reception", "amount": amount, **base}))
    assert len(checked.findings) == raised
    assert raised or doubted(checked, "completion.initial")


SET = "本局认真履行职责、统筹安排经费、严格执行预算，并按照有关规定加强管理和监督，\n" * 4 + "不断提高效益。\n"
"""Lines that show how wide the text is set, so that a shorter line is taken for the end of its paragraph."""


@pytest.mark.parametrize(("end", "raised"), [("", 1), ("用于办公、差旅以及机关\n科室维修，", 0)])
def test_a_sentence_whose_lines_did_not_come_together_accuses_nobody(check: Checker, end: str, raised: int) -> None:
    text = f"四、机关运行经费\n1.机关运行经费支出⟦m 9.00万元⟧，{end}比上年增加⟦d 1.00万元⟧，增长⟦g 9.33%⟧。\n"
    checked = check(SET + text, GROWN)
    assert len(checked.findings) == raised
    assert raised or doubted(checked, "change.growth")


def test_parts_of_a_part_are_not_added_to_it(check: Checker) -> None:
    text = (
        "一、机构设置\n实有人数⟦t 1186人⟧，其中：在职人数⟦a 938人⟧，行政⟦b 24人⟧，事业⟦c 914人⟧，退休人数⟦d 248人⟧。\n"
    )
    kinds = {"t": "实有人数", "a": "在职", "b": "行政", "c": "事业", "d": "其他"}
    labels = [("UnitCount", {"category": name, "measure": "staff", "count": mark}) for mark, name in kinds.items()]
    checked = check(text, *labels)
    assert checked.check("units.parts").outcome.holds
    assert len(checked.check("units.parts").operands) == 3


def test_money_is_not_the_difference_of_counts(check: Checker) -> None:
    text = "五、评价\n计划办理⟦p 1150件⟧，实际办理⟦u 1284件⟧，节约⟦s 56400.00元⟧。\n"
    result = ("IndicatorResult", {"project": "办案", "indicator": "办理数", "target": "p", "actual": "u"})
    checked = check(text, result, ("ProjectFunding", {"project": "办案", "saved": "s"}))
    assert checked.all("project.saved") == []


NONE = "{first}\n2024年度“三公”经费支出⟦a 5.48万元⟧。\n{second}\n2024年度无“三公”经费支出。\n"


@pytest.mark.parametrize(
    ("second", "raised"),
    [("十、“三公”经费支出补充说明", 1), ("十、政府性基金预算财政拨款“三公”经费支出决算情况说明", 0)],
)
def test_what_one_budget_has_none_of_another_may_have(check: Checker, second: str, raised: int) -> None:
    text = NONE.format(first="九、一般公共预算财政拨款“三公”经费支出决算情况说明", second=second)
    checked = check(text, ("OfficialExpense", {"item": "total", "amount": "a"}))
    denial = checked.records[0].model_copy(
        update={
            "id": "r9",
            "section": checked.disclosure.sections[-1].id,
            "fields": type(checked.records[0].fields).model_validate({"item": "total", "declared_none": "yes"}),
        }
    )
    verdict = check_records(checked.disclosure, [*checked.records, denial])
    assert len([each for each in verdict.findings if each.kind == "error"]) == raised


@pytest.mark.parametrize(("text", "raised"), [("，与上年基本持平", 1), ("，其中因公出国（境）费与上年持平", 0)])
def test_only_what_fell_itself_is_called_unchanged(check: Checker, text: str, raised: int) -> None:
    whole = f"四、机关运行经费\n机关运行经费支出⟦m 9.00万元⟧，比上年增加⟦d 1.00万元⟧，增长⟦g 12.5%⟧{text}。\n"
    assert len(check(whole, GROWN).findings) == raised


def test_a_list_that_the_page_breaks_off_is_not_counted(check: Checker) -> None:
    text = "一、机构设置\n我局内设5个科室，分别是：办公室、人事科、财务科{end}\n"
    assert len(check(text.format(end="。")).findings) == 1
    assert check(text.format(end="、法规科、价格监督检查\n 和反不正当竞争科。")).findings == []


OVERVIEW = """第二部分 部门决算表
收入支出决算总表
单位：万元
{head}
一、一般公共预算财政拨款收入 1 862.47 四、公共安全支出 35 364.64
二、其他收入 2 8.36 八、社会保障和就业支出 36 {part}
本年收入合计 27 870.83 本年支出合计 58 884.42
年初结转和结余 29 48.90 年末结转和结余 60 35.31
总计 31 919.73 总计 62 919.73
"""


@pytest.mark.parametrize(
    ("head", "part", "raised"),
    [
        ("项目 行次 金额 项目 行次 金额", "519.78", False),
        ("收入 支出\n项目 行次 金额 项目 行次 金额", "519.78", False),
        ("收入 支出\n项目 行次 金额 项目 行次 金额", "591.78", True),
    ],
)
def test_two_sides_of_an_overview_are_not_added_up(tmp_path: Path, head: str, part: str, raised: bool) -> None:
    path = tmp_path / "disclosure.txt"
    path.write_text(HEAD + OVERVIEW.format(head=head, part=part), encoding="utf-8")
    errors = [finding for finding in extract(path).findings if finding.kind == "error"]
    assert bool(errors) is raised


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("小学教育（项）⟦a 500.00万元⟧；小学教育（项）⟦b 400.00万元⟧", 1),
        ("小学教育（项）⟦a 500.00万元⟧，用于保障小学教育教学所需；中学⟦b 400.00万元⟧", 0),
        ("⟦a 500.00万元⟧为小学教育（项），⟦b 400.00万元⟧为中学", 0),
    ],
)
def test_an_item_is_listed_twice_only_where_its_name_is(check: Checker, text: str, raised: int) -> None:
    checked = check(f"五、支出决算情况说明\n按项级科目，{text}。\n", item("小学教育", "a"), item("小学教育", "b"))
    assert len([finding for finding in checked.findings if "两次" in finding.message]) == raised
