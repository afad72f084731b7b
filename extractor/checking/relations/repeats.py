"""The same fact in two places, and facts that are usually the same."""

import re
from collections import defaultdict
from collections.abc import Iterator

from extractor.checking.book import Book, Entry
from extractor.checking.equations import Equation, Rule, Term
from extractor.checking.relations.facts import Concept, Fact, narrative_facts
from schemas.checks import Family
from schemas.records import Change

SAME = Rule("repeat.same", Family.EQUAL, "同一数字前后一致", "the same fact is stated the same")
CHANGE = Rule("repeat.change", Family.DELTA, "同一增减额前后一致", "the same change is stated the same")
BALANCE = Rule(
    "repeat.balance", Family.SUM, "总计等于本年数加结转", "the total is the year's figure and what is carried over"
)
USUAL = Rule("repeat.usual", Family.EQUAL, "两数通常相等", "the two are usually equal")
SCORE = Rule("repeat.score", Family.SCORE, "同一得分、分值前后一致", "the same score is stated the same")

_USUAL: tuple[tuple[Concept, Concept, str], ...] = (
    (("total", "department", "both"), ("total", "fiscal_appropriation", "both"), "部门另有非财政拨款或其结转"),
    (("total", "department", "revenue"), ("total", "department", "expenditure"), "收支之差形成结转结余"),
    (("total", "department", "both"), ("total", "department", "revenue"), "另有年初结转结余"),
    (("total", "department", "both"), ("total", "department", "expenditure"), "另有年末结转结余"),
    (("total", "general_public", "expenditure"), ("total", "department", "expenditure"), "另有其他资金支出"),
    (("total", "fiscal_appropriation", "both"), ("total", "general_public", "expenditure"), "另有结转或其他预算"),
    (("source", "fiscal_appropriation"), ("total", "department", "revenue"), "另有非财政拨款收入"),
    (("source", "general_public"), ("source", "fiscal_appropriation"), "另有基金或国有资本经营预算"),
    (("source", "general_public"), ("total", "department", "revenue"), "另有其他收入"),
    (("initial", "department", "revenue"), ("initial", "department", "expenditure"), "收支之差形成结转结余"),
    (("operating",), ("economic", "general_public", "公用经费"), "事业单位的公用经费不属于机关运行经费"),
)
"""Pairs of concepts that are equal where one kind of money is all there is, and why they may differ."""

_CONDITIONAL: tuple[tuple[Concept, Concept], ...] = (
    (("nature", "general_public", "基本"), ("nature", "department", "基本")),
    (("nature", "general_public", "项目"), ("nature", "department", "项目")),
)
"""Pairs that are equal if general public expenditure is all expenditure."""

_RESTATED_BESIDE = re.compile(r"^[，,（(]?(?:约|即|合|折合|约合|约为)$")
_CLAUSE = re.compile(r"[，,。；;：:、（(\n]|其中")
_COLOURLESS = re.compile(
    r"\s|20\d\d年度?|全年|本年度?|当年|[我本](?:局|委|部门|单位|校|院|中心)|决算数?|预算数?|约|为|是|共"
)
_GRAND_TOTAL = re.compile(r"(?:总计|总收入|总支出)(?:各?为|均为)?$")
SHORTEST_PHRASE = 4
"""The clauses before two figures must say the same, in so many characters, for one to restate the other."""

_MAIN_SCOPES = ("department", "fiscal_appropriation", "general_public")


def repeats(book: Book) -> Iterator[Equation]:
    """Every restatement in the narrative."""
    facts: dict[Concept, list[Fact]] = defaultdict(list)
    for fact in narrative_facts(book):
        facts[fact.concept].append(fact)
    for group in facts.values():
        for fact in group[1:]:
            yield _same(fact, group[0], tells_slips=_is_same_phrase(book, fact.term, group[0].term))
    yield from _usual(facts)
    yield from _grand_totals(book, facts)
    yield from _balance(facts)
    yield from _conditional(facts)
    yield from _evaluated(book, facts)
    yield from _evaluated_fiscal(book, facts)
    yield from _changes(book)
    yield from _scores(book)


def _is_same_phrase(book: Book, one: Term, other: Term) -> bool:
    """True when the words before two figures are the same and neither speaks of another year."""
    if _RESTATED_BESIDE.match(book.between(other.id, one.id) or "…"):
        return True
    words = [book.before(term.id, 40) for term in (one, other)]
    years = [set(re.findall(r"20\d\d", each)) for each in words]
    first, second = (_COLOURLESS.sub("", _CLAUSE.split(each)[-1]) for each in words)
    return first == second and len(first) >= SHORTEST_PHRASE and (not all(years) or years[0] == years[1])


def _same(fact: Fact, first: Fact, soft: bool = True, tells_slips: bool = False) -> Equation:
    """The coarser of two statements is the restatement.

    Two sentences about one total often mean two things (收入总计 with money carried over, 收入合计 without;
    the year before; one fund of several), so they contradict each other only where a slip explains it.
    """
    target, source = (fact, first) if fact.term.figure.step >= first.term.figure.step else (first, fact)
    return Equation(
        SAME,
        target.term,
        (source.term,),
        records=(target.record, source.record),
        soft=soft,
        unless="两处所指可能不同",
        tells_slips=tells_slips and fact.concept[0] != "item",  # the same path twice is a label's mistake
    )


def _usual(facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    for one, other, unless in _USUAL:
        if facts.get(one) and facts.get(other):
            first, second = facts[one][0], facts[other][0]
            records = (first.record, second.record)
            yield Equation(USUAL, first.term, (second.term,), records=records, soft=True, unless=unless)


def _grand_totals(book: Book, facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    """收入总计 and 支出总计 hold what is carried over, so they are one figure; where a slip parts them, it shows."""
    for scope in ("department", "fiscal_appropriation"):
        sides = [fact for side in ("both", "revenue", "expenditure") for fact in facts.get(("total", scope, side), ())]
        totals = [fact for fact in sides if _GRAND_TOTAL.search(book.before(fact.term.id))]
        for other in totals[1:]:
            records = (totals[0].record, other.record)
            terms = (totals[0].term, (other.term,))
            unless = "两处所指可能不同"
            yield Equation(USUAL, *terms, records=records, soft=True, unless=unless, tells_slips=True)


def _balance(facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    """总计 = 本年支出 + 年末结转; 总计 = 本年收入 + 年初结转."""
    for scope in ("department", "fiscal_appropriation"):
        for side, moment in (("expenditure", "closing"), ("revenue", "opening")):
            found = [
                facts.get(each)
                for each in (("total", scope, "both"), ("total", scope, side), ("carryover", scope, moment))
            ]
            if all(found):
                whole, part, carried = (each[0] for each in found if each)
                records = (whole.record, part.record, carried.record)
                terms = (part.term, carried.term)
                yield Equation(BALANCE, whole.term, terms, records=records, soft=True, unless="另有结余分配等")


def _conditional(facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    general = facts.get(("total", "general_public", "expenditure"))
    department = facts.get(("total", "department", "expenditure"))
    if not general or not department or general[0].term.figure.value != department[0].term.figure.value:
        return
    for one, other in _CONDITIONAL:
        if facts.get(one) and facts.get(other):
            yield _same(facts[one][0], facts[other][0], soft=False)
    for concept, group in facts.items():
        twin = facts.get(("class", "fiscal_appropriation", *concept[2:]))
        if concept[:2] == ("class", "general_public") and twin:
            yield _same(group[0], twin[0], soft=False)


def _evaluated(book: Book, facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    """The money of all projects, evaluated or approved, and project expenditure."""
    spending = facts.get(("nature", "department", "项目"))
    if not spending:
        return
    overviews = [
        entry
        for entry in book.entries("PerformanceOverview")
        if not entry.text("category") or "决算" in entry.text("category")
    ]
    counts = book.entries("ProjectCount")
    for entry in (*overviews, *counts):
        target = book.term(entry, "amount")
        if target is not None:
            yield Equation(
                SAME,
                target,
                (spending[0].term,),
                records=(entry.record.id, spending[0].record),
                soft=True,
                unless="项目的范围可能不同",
                tells_slips=_covers_all(book, entry),
            )


def _evaluated_fiscal(book: Book, facts: dict[Concept, list[Fact]]) -> Iterator[Equation]:
    """涉及财政拨款资金: project expenditure of the general public budget and what the government fund spends."""
    projects, fund = (
        facts.get(("nature", "general_public", "项目")),
        facts.get(("total", "government_fund", "expenditure")),
    )
    for entry in book.entries("PerformanceOverview"):
        target = book.term(entry, "amount")
        if target is None or not projects or not fund or "财政拨款资金" not in book.before(target.id, 12):
            continue
        yield Equation(
            SAME,
            target,
            (projects[0].term, fund[0].term),
            records=(entry.record.id, projects[0].record, fund[0].record),
            soft=True,
            unless="项目的范围可能不同",
            tells_slips=_covers_all(book, entry),
        )


def _covers_all(book: Book, entry: Entry) -> bool:
    """True when all projects are meant: 占部门项目总数的100%, 全面开展."""
    share = book.term(entry, "projects_share") if entry.record.type == "PerformanceOverview" else None
    amount = book.figure(entry.fields, "amount")
    words = book.before(amount.id, 60) if amount else ""
    return (share is not None and share.figure.value == 100) or bool(re.search(r"全面|全部|所有", words))


def _changes(book: Book) -> Iterator[Equation]:
    """The change of a concept from the same base, where it is stated again."""
    held: dict[tuple[str, ...], tuple[Entry, Term]] = {}
    for entry in book.entries("BudgetTotal"):
        for change in getattr(entry.fields, "changes", ()):
            term = _change_term(book, change)
            if term is None or change.base is None or entry.text("scope") not in _MAIN_SCOPES:
                continue
            key = (entry.text("scope"), entry.text("side"), change.base, change.direction or "")
            first = held.setdefault(key, (entry, term))
            if first[1].id != term.id:
                records = (entry.record.id, first[0].record.id)
                unless = "两处所指可能不同"
                yield Equation(CHANGE, term, (first[1],), records=records, soft=True, unless=unless, tells_slips=True)
    yield from _usual_changes(book, held)


def _change_term(book: Book, change: Change) -> Term | None:
    figure = book.figure(change, "amount")
    return None if figure is None else Term(figure, "增加" if change.direction == "increase" else "减少")


def _usual_changes(book: Book, held: dict[tuple[str, ...], tuple[Entry, Term]]) -> Iterator[Equation]:
    """Totals that are equal usually were equal the year before as well; a slip between their changes shows."""
    stated = list(held.items())
    for position, (key, (entry, term)) in enumerate(stated):
        for other_key, (other, source) in stated[:position]:
            if key[2:] == other_key[2:] and key[:2] != other_key[:2]:
                records = (entry.record.id, other.record.id)
                unless = "两个总额的基数可能不同"
                amounts = book.terms((entry, other), "amount")
                equal = len(amounts) == 2 and amounts[0].figure.value == amounts[1].figure.value
                terms = (term, (source,))
                yield Equation(USUAL, *terms, records=records, soft=True, unless=unless, tells_slips=equal)
                break


def _scores(book: Book) -> Iterator[Equation]:
    held: dict[tuple[str, str, str], tuple[Entry, Term]] = {}
    for entry in book.entries("ScoreItem"):
        for name in ("score", "full_score"):
            term = book.term(entry, name)
            if term is None or not entry.text("dimension") or not entry.text("subject"):
                continue
            key = (entry.text("subject"), _dimension(entry), name)
            first = held.setdefault(key, (entry, term))
            if first[1].id != term.id:
                yield Equation(SCORE, term, (first[1],), records=(entry.record.id, first[0].record.id))


_TOTALS = ("综合得分", "总分", "合计", "评价得分", "绩效评价得分", "得分", "总得分")
_OWN_TOTALS = ("绩效自评得分", "自评得分", "自评总分")
"""What a body gave itself: who evaluates it later may give another score."""


def _dimension(entry: Entry) -> str:
    dimension = entry.text("dimension")
    return "总分" if dimension in _TOTALS else "自评得分" if dimension in _OWN_TOTALS else dimension
