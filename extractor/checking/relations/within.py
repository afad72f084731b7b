"""Relations between the figures of one record: totals and parts, shares and rates, order.

The relations are rows of the tables below; a row applies wherever its fields are printed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from extractor.checking.book import Book, Entry, changes_of
from extractor.checking.equations import HUNDRED, ONE, Comparison, Equation, Rule, Term, holds
from extractor.checking.labels import subject_of
from schemas.checks import Family


@dataclass(frozen=True)
class Parts:
    """`total` is the sum of `parts`; a part that is not printed says that the list may be incomplete."""

    rule: Rule
    record_type: str
    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Ratio:
    """`target` is `scale` times `numerator` over one of the denominators.

    A denominator is taken if the words before the target name it; without such words the first one that is
    printed is meant. `only_without` names fields whose figures would be the better denominator.
    """

    rule: Rule
    record_types: tuple[str, ...]
    target: str
    numerator: str
    denominators: tuple[tuple[str, str], ...]
    scale: Decimal = HUNDRED
    only_without: tuple[str, ...] = ()
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Order:
    """`smaller` is not larger than `larger`."""

    rule: Rule
    record_type: str
    smaller: str
    larger: str
    soft: bool = False


PARTS = (
    Parts(
        Rule("procurement.parts", Family.SUM, "政府采购总额等于货物、工程、服务之和", "procurement adds up"),
        "Procurement",
        "amount",
        ("goods", "works", "services"),
    ),
    Parts(
        Rule("issues.parts", Family.SUM, "发现问题数等于已整改与未整改之和", "issues found are fixed or open"),
        "PerformanceOverview",
        "issues_found",
        ("issues_fixed", "issues_open"),
    ),
)

_COMPLETING = ("BudgetTotal", "FunctionalExpenditure", "OfficialExpense")
_BASE_OF_CHANGE = "changes."
"""`changes.adjusted_budget` as a denominator is the base of the change against the adjusted budget."""

RATIOS = (
    Ratio(
        Rule("procurement.sme_share", Family.SHARE, "中小企业合同占政府采购的比重", "share of contracts for SMEs"),
        ("Procurement",),
        "sme_share",
        "sme_contracts",
        (("amount", ""),),
    ),
    Ratio(
        Rule("procurement.micro_share", Family.SHARE, "小微企业合同占比", "share of contracts for small firms"),
        ("Procurement",),
        "micro_share",
        "micro_contracts",
        (("sme_contracts", r"占(?:授予)?中小"), ("amount", r"占(?:本部门|全部)?政?府?采购|总额")),
    ),
    Ratio(
        Rule("completion.initial", Family.COMPLETION, "完成年初预算的比例", "completion of the initial budget"),
        _COMPLETING,
        "completion",
        "amount",
        (("initial_budget", ""),),
        when=(("completion_base", ("initial_budget", "")),),
    ),
    Ratio(
        Rule("completion.adjusted", Family.COMPLETION, "完成调整预算的比例", "completion of the adjusted budget"),
        _COMPLETING,
        "completion",
        "amount",
        (("changes.adjusted_budget", ""),),
        when=(("completion_base", ("adjusted_budget",)),),
    ),
    Ratio(
        Rule("completion.budget", Family.COMPLETION, "完成预算的比例", "completion of one of the budgets printed"),
        _COMPLETING,
        "completion",
        "amount",
        (("initial_budget", ""), ("changes.adjusted_budget", "")),
        when=(("completion_base", ("unspecified",)),),
    ),
    Ratio(
        Rule("overview.completion", Family.COMPLETION, "完成预算的比例", "completion of the budget"),
        ("PerformanceOverview",),
        "completion",
        "amount",
        (("budget_amount", ""),),
    ),
    Ratio(
        Rule("vehicles.average", Family.AVERAGE, "车均运行维护费", "running cost of a vehicle"),
        ("OfficialExpense",),
        "average",
        "amount",
        (("vehicles_held", ""),),
        scale=ONE,
        when=(("item", ("vehicle", "vehicle_operation", "")),),
    ),
    Ratio(
        Rule("score.rate", Family.SCORE, "得分率", "score over full score"),
        ("ScoreItem",),
        "rate",
        "score",
        (("full_score", ""),),
    ),
    Ratio(
        Rule("project.received_rate", Family.COMPLETION, "资金到位率", "funds received over funds planned"),
        ("ProjectFunding",),
        "received_rate",
        "received",
        (("planned", ""), ("adjusted_budget", ""), ("approved_budget", ""), ("applied", "")),
    ),
    Ratio(
        Rule(
            "project.execution_rate",
            Family.COMPLETION,
            "预算执行率（实际支出÷实际到位）",
            "spending over funds received",
        ),
        ("ProjectFunding",),
        "execution_rate",
        "spent",
        (("received", ""),),
    ),
    Ratio(
        Rule("project.budget_rate", Family.COMPLETION, "预算执行率（实际支出÷预算数）", "spending over the budget"),
        ("ProjectFunding",),
        "execution_rate",
        "spent",
        (("adjusted_budget", ""),),
    ),
    Ratio(
        Rule("project.approved_rate", Family.COMPLETION, "预算执行率（实际支出÷预算数）", "spending over the budget"),
        ("ProjectFunding",),
        "execution_rate",
        "spent",
        (("approved_budget", ""), ("planned", ""), ("allocated", "")),
        only_without=("received", "adjusted_budget"),
    ),
    Ratio(
        Rule("project.surplus_rate", Family.SHARE, "结余率", "surplus over the budget"),
        ("ProjectFunding",),
        "surplus_rate",
        "surplus",
        (("received", ""), ("adjusted_budget", ""), ("approved_budget", "")),
    ),
    Ratio(
        Rule("survey.unit_rate", Family.SHARE, "反馈率（回收单位÷发放单位）", "units that answered"),
        ("SurveyResult",),
        "response_rate",
        "returned_units",
        (("distributed", ""),),
    ),
    Ratio(
        Rule("survey.response_rate", Family.SHARE, "反馈率（回收份数÷发放数）", "answers over questionnaires"),
        ("SurveyResult",),
        "response_rate",
        "responses",
        (("distributed", ""),),
    ),
)

ORDERS = (
    Order(
        Rule("procurement.micro_in_sme", Family.ORDER, "小微企业合同不大于中小企业合同", "small firms are SMEs"),
        "Procurement",
        "micro_contracts",
        "sme_contracts",
    ),
    Order(
        Rule("procurement.sme_in_total", Family.ORDER, "中小企业合同不大于政府采购总额", "SME contracts in the total"),
        "Procurement",
        "sme_contracts",
        "amount",
    ),
    Order(
        Rule(
            "procurement.reserved", Family.ORDER, "面向小微企业预留不大于面向中小企业预留", "reserved for small firms"
        ),
        "Procurement",
        "reserved_micro",
        "reserved_sme",
    ),
    Order(
        Rule("procurement.awarded", Family.ORDER, "小微企业中标不大于中小企业中标", "awarded to small firms"),
        "Procurement",
        "awarded_reserved_micro",
        "awarded_reserved_sme",
    ),
    Order(
        Rule("score.full", Family.SCORE, "得分不大于分值", "a score within its full score"),
        "ScoreItem",
        "score",
        "full_score",
    ),
    Order(
        Rule("survey.returned", Family.ORDER, "回收数不大于发放数", "answers within questionnaires"),
        "SurveyResult",
        "returned_units",
        "distributed",
    ),
    Order(
        Rule("overview.excess", Family.ORDER, "结余率超限的项目不多于项目总数", "some of the projects"),
        "PerformanceOverview",
        "excess_surplus_projects",
        "projects",
    ),
    Order(
        Rule("project.contract", Family.ORDER, "合同金额不大于评审、招标金额", "contract within the estimate"),
        "ProjectFunding",
        "contract_amount",
        "estimated",
        soft=True,
    ),
    Order(
        Rule("project.spent_received", Family.ORDER, "实际支出不大于实际到位", "spending within funds received"),
        "ProjectFunding",
        "spent",
        "received",
        soft=True,
    ),
    Order(
        Rule("project.spent_approved", Family.ORDER, "实际支出不大于预算批复", "spending within the budget"),
        "ProjectFunding",
        "spent",
        "approved_budget",
        soft=True,
    ),
    Order(
        Rule("indicator.reached", Family.ORDER, "实际值达到指标值", "the target is reached"),
        "IndicatorResult",
        "target",
        "actual",
        soft=True,
    ),
)


def within_records(book: Book) -> Iterator[Equation]:
    """Every relation inside single records."""
    for parts in PARTS:
        for entry in book.entries(parts.record_type):
            yield from _sum(book, entry, parts)
    for ratio in RATIOS:
        for record_type in ratio.record_types:
            for entry in book.entries(record_type):
                yield from _ratio(book, entry, ratio)
    for order in ORDERS:
        for entry in book.entries(order.record_type):
            yield from _order(book, entry, order)


def _sum(book: Book, entry: Entry, parts: Parts) -> Iterator[Equation]:
    total = book.term(entry, parts.total)
    found = [term for name in parts.parts if (term := book.term(entry, name)) is not None]
    if total is None or len(found) < 2:
        return
    incomplete = len(found) < len(parts.parts)
    yield Equation(
        parts.rule,
        total,
        tuple(found),
        records=(entry.record.id,),
        soft=incomplete and not _exceeds(found, total),
        unless="列出的部分可能不全" if incomplete else "",
    )


def _exceeds(parts: list[Term], total: Term) -> bool:
    """True when parts that may be incomplete are more than the whole all the same."""
    return sum(part.figure.value for part in parts) > total.figure.value


def _ratio(book: Book, entry: Entry, ratio: Ratio) -> Iterator[Equation]:
    if any(entry.text(name) not in values for name, values in ratio.when):
        return
    target, numerator = book.term(entry, ratio.target), book.term(entry, ratio.numerator)
    if target is None or numerator is None:
        return
    if any(book.term(entry, name) is not None for name in ratio.only_without):
        return
    denominator, sure = _denominator(book, entry, ratio, target, numerator)
    if denominator is None or denominator.id == numerator.id:
        return
    yield Equation(
        ratio.rule,
        target,
        (numerator,),
        (denominator,),
        ratio.scale,
        records=(entry.record.id,),
        soft=not sure,
        unless="句中没有说明占谁的比重",
    )


_ADDED_TO = re.compile(r"追加|调增|调减|增拨|补拨")
"""年初预算300万元，年中追加18.60万元，实际到位318.60万元: the whole is not printed."""


def _denominator(book: Book, entry: Entry, ratio: Ratio, target: Term, numerator: Term) -> tuple[Term | None, bool]:
    """The denominator that the words before the target name, else the one that fits, and whether it is sure."""
    words = book.before(target.id, 40)
    printed = [
        (term, words_for) for name, words_for in ratio.denominators if (term := _whole(book, entry, name)) is not None
    ]
    named = [term for term, words_for in printed if words_for and re.search(words_for, words)]
    if named:
        return named[0], True
    fitting = [
        term for term, _ in printed if holds(Equation(ratio.rule, target, (numerator,), (term,), ratio.scale)) is True
    ]
    if fitting:
        return fitting[0], True
    first = printed[0] if printed else None
    if first is None:
        return None, False
    return first[0], not first[1] and not _ADDED_TO.search(book.between(first[0].id, numerator.id))


def _whole(book: Book, entry: Entry, name: str) -> Term | None:
    if not name.startswith(_BASE_OF_CHANGE):
        return book.term(entry, name)
    base = name.removeprefix(_BASE_OF_CHANGE)
    figures = (book.figure(change, "base_amount") for change in changes_of(entry.fields) if change.base == base)
    figure = next((each for each in figures if each is not None), None)
    return None if figure is None else Term(figure, subject_of(entry.record) + "调整预算数")


def _order(book: Book, entry: Entry, order: Order) -> Iterator[Equation]:
    smaller, larger = book.term(entry, order.smaller), book.term(entry, order.larger)
    if smaller is None or larger is None or smaller.figure.factor != larger.figure.factor:
        return
    if smaller.figure.quantity.kind is not larger.figure.quantity.kind or _is_ceiling(entry):
        return
    yield Equation(
        order.rule,
        smaller,
        (larger,),
        comparison=Comparison.AT_MOST,
        records=(entry.record.id,),
        soft=order.soft,
        unless="这一关系不是必然的",
    )


def _is_ceiling(entry: Entry) -> bool:
    """A cost indicator or one with ≤ is reached from above."""
    fields = entry.fields
    return getattr(fields, "target_operator", None) == "le" or "成本" in (getattr(fields, "category", None) or "")
