"""The money of single projects: what was planned for, what it was used for, what was saved."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractor.checking.book import Book, Entry
from extractor.checking.equations import HUNDRED, Equation, Rule, Term, evaluate
from schemas.checks import Family, Outcome

USES = Rule("project.uses", Family.SUM, "资金总额等于各用途之和", "the money is the sum of its uses")
SAVED = Rule("project.saved", Family.DELTA, "节约额等于指标（预算）数减实际使用数", "saved is planned less used")
SURPLUS = Rule("project.surplus", Family.DELTA, "结余等于到位（预算）数减实际支出", "surplus is received less spent")
INSTALMENT = Rule("project.instalment", Family.SHARE, "款项等于合同金额乘以支付比例", "an instalment of the contract")
SAME = Rule("project.same", Family.EQUAL, "同一项目的同一金额前后一致", "the same figure of a project stated again")
STAGES = Rule("project.stages", Family.EQUAL, "申报、批复、计划、到位金额一致", "applied, approved, planned, received")
EXECUTED = Rule(
    "overview.one_project", Family.EQUAL, "该类唯一项目的预算数与项目报告一致", "the only project of a kind"
)
EXECUTION = Rule("overview.one_rate", Family.COMPLETION, "执行进度等于实际支出除以预算", "progress of the only project")

_PLANS = ("planned", "approved_budget", "adjusted_budget", "received", "contract_amount", "estimated")
_SPENT = ("spent", "allocated", "contract_amount")
_AMOUNTS = (
    "estimated",
    "applied",
    "planned",
    "approved_budget",
    "adjusted_budget",
    "contract_amount",
    "allocated",
    "received",
    "spent",
    "surplus",
    "evaluated",
)


def projects(book: Book) -> Iterator[Equation]:
    """Every relation of the money of single projects."""
    by_project: dict[str, list[Entry]] = defaultdict(list)
    for entry in book.entries("ProjectFunding"):
        by_project[_key(entry)].append(entry)
    for fundings in by_project.values():
        yield from _restatements(book, fundings)
    yield from _uses(book, by_project)
    yield from _saved(book)
    yield from _surplus(book)
    yield from _only_project(book, by_project)


def _key(entry: Entry) -> str:
    return re.sub(r"[\s“”\"（）()]|项目$", "", entry.text("project"))


def _restatements(book: Book, fundings: Sequence[Entry]) -> Iterator[Equation]:
    """The same kind of amount of a project, printed again, against its first statement.

    Records of different periods (a contract of another year) speak of different money.
    """
    for name in _AMOUNTS:
        first: dict[str, Entry] = {}
        for entry in fundings:
            target = book.term(entry, name)
            if target is None:
                continue
            held = first.setdefault(_period(entry), entry)
            source = book.term(held, name)
            if held is not entry and source is not None:
                records = (entry.record.id, held.record.id)
                unless = "两处所指的款项可能不同"
                yield Equation(SAME, target, (source,), records=records, soft=True, unless=unless)
    yield from _stages(book, fundings)


def _period(entry: Entry) -> str:
    return re.sub(r"\D", "", entry.text("period"))[:4]


def _stages(book: Book, fundings: Sequence[Entry]) -> Iterator[Equation]:
    """申报 = 批复 = 计划 = 到位 in most reports; a cut or a late appropriation makes them differ."""
    stages = [
        (entry, term)
        for entry in fundings
        for name in ("applied", "approved_budget", "planned", "allocated", "received", "spent", "evaluated")
        if (term := book.term(entry, name)) is not None
    ]
    for (held, source), (entry, target) in pairwise(stages):
        records = tuple(dict.fromkeys((entry.record.id, held.record.id)))
        yield Equation(STAGES, target, (source,), records=records, soft=True, unless="各环节的金额可以不同")


def _uses(book: Book, fundings: dict[str, list[Entry]]) -> Iterator[Equation]:
    groups: dict[tuple[str | None, str, str], list[Entry]] = defaultdict(list)
    for entry in book.entries("FundUse"):
        if book.figure(entry.fields, "amount") is not None:
            groups[entry.section, _key(entry), entry.text("basis")].append(entry)
    for (section, project, basis), uses in groups.items():
        if len(uses) >= 2:
            yield from _use_sum(book, uses, section, fundings.get(project, []), basis)


def _use_sum(
    book: Book, uses: Sequence[Entry], section: str | None, fundings: Sequence[Entry], basis: str
) -> Iterator[Equation]:
    """Uses against a total of their project that they come to; else against the total of their own section.

    资金计划（合计161.78万元）, then the uses: that total is surely theirs.
    """
    parts = tuple(book.terms(uses, "amount"))
    names = _SPENT if basis == "actual" else _PLANS + _SPENT
    totals = [(entry, term) for name in names for entry in fundings if (term := book.term(entry, name)) is not None]
    records = tuple(use.record.id for use in uses)
    equations = [Equation(USES, term, parts, records=(entry.record.id, *records)) for entry, term in totals]
    fitting = [each for each in equations if evaluate(each).outcome in (Outcome.EXACT, Outcome.ROUNDING)]
    if fitting:
        yield fitting[0]
        return
    for entry, term in totals:
        if entry.section == section and _announces(book, term, uses[0]):
            yield Equation(USES, term, parts, records=(entry.record.id, *records))
            return


def _announces(book: Book, total: Term, first: Entry) -> bool:
    """True when a total stands before its uses as 合计…, 共…, 总…."""
    figure = book.figure(first.fields, "amount")
    if figure is None or figure.quantity.start < total.figure.quantity.start:
        return False
    return bool(re.search(r"(?:合计|共计|总计|总额|总共)[^，。；]{0,6}$", book.before(total.id, 16)))


def _saved(book: Book) -> Iterator[Equation]:
    """年度指标161.78万元，实际使用158.33万元，节约…: the three of one paragraph."""
    for saved in book.entries("ProjectFunding"):
        target = book.term(saved, "saved")
        if target is None:
            continue
        for result in book.entries("IndicatorResult"):
            planned, used = book.term(result, "target"), book.term(result, "actual")
            if (
                result.paragraph == saved.paragraph
                and planned
                and used
                and planned.figure.factor == target.figure.factor
                and planned.figure.quantity.kind is target.figure.quantity.kind is used.figure.quantity.kind
            ):
                records = (saved.record.id, result.record.id)
                yield Equation(SAVED, target, (planned, _minus(used)), records=records)
                break
        else:
            yield from _difference(book, saved, SAVED, target)


def _surplus(book: Book) -> Iterator[Equation]:
    for entry in book.entries("ProjectFunding"):
        target = book.term(entry, "surplus")
        if target is None:
            continue
        peers = [each for each in book.entries("ProjectFunding") if _key(each) == _key(entry)]
        spent = book.term(entry, "spent")
        received = [
            term for each in peers for name in ("received", "approved_budget") if (term := book.term(each, name))
        ]
        if spent is not None and received:
            records = (entry.record.id, *(each.record.id for each in peers if each is not entry))
            equation = Equation(SURPLUS, target, (received[0], _minus(spent)), records=records)
            alone = _stand_alone(book, (received[0], spent, target))
            yield equation if alone else equation.softened("结余可能按另一口径计算")


def _stand_alone(book: Book, terms: Sequence[Term]) -> bool:
    """True for the only money of one sentence: 到位350.00万元，支出328.90万元，结余21.10万元."""
    places = [term.figure.quantity.start for term in terms]
    if any(term.figure.in_table for term in terms) or len({book.sentence_start(term.id) for term in terms}) > 1:
        return False
    return len(book.money_between(book.sentence_start(terms[0].id), max(places) + 1)) == len(terms)


def _difference(book: Book, entry: Entry, rule: Rule, target: Term) -> Iterator[Equation]:
    spent = book.term(entry, "spent")
    planned = [term for name in ("planned", "approved_budget", "received") if (term := book.term(entry, name))]
    if spent is not None and planned:
        yield Equation(rule, target, (planned[0], _minus(spent)), records=(entry.record.id,))


def _minus(term: Term) -> Term:
    return Term(term.figure, term.label, -term.sign)


def _only_project(book: Book, fundings: dict[str, list[Entry]]) -> Iterator[Equation]:
    """A category of one project whose budget is printed as what a project spent, not as what it was granted.

    The project is known by the figure itself: it must be the spending of one project alone, and that
    project's budget must be another figure.
    """
    for overview in book.entries("PerformanceOverview"):
        count, budget = book.term(overview, "projects"), book.term(overview, "budget_amount")
        if count is None or budget is None or count.figure.value != 1:
            continue
        owners = [
            (entries, spent)
            for entries in fundings.values()
            if (spent := _same_value(book, entries, "spent", budget)) is not None
        ]
        if len(owners) != 1:
            continue
        entries, spent = owners[0]
        granted = _first(book, entries, "approved_budget")
        if granted is None:
            continue
        records = (overview.record.id, *(entry.record.id for entry in entries))
        yield Equation(EXECUTED, budget, (granted,), records=records)
        completion = book.term(overview, "completion")
        if completion is not None:
            yield Equation(EXECUTION, completion, (spent,), (granted,), HUNDRED, records=records)


def _same_value(book: Book, entries: Sequence[Entry], name: str, wanted: Term) -> Term | None:
    return next(
        (term for entry in entries if (term := book.term(entry, name)) and term.figure.value == wanted.figure.value),
        None,
    )


def _first(book: Book, entries: Sequence[Entry], name: str) -> Term | None:
    return next((term for entry in entries if (term := book.term(entry, name))), None)
