"""Performance management: overall figures and their categories, points, ratings, surveys."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractor.checking.book import Book, Entry
from extractor.checking.equations import HUNDRED, ONE, Comparison, Equation, Rule, Term
from extractor.checking.figures import constant
from extractor.checking.intervals import ZERO
from schemas.checks import Family
from schemas.quantities import QuantityKind

PROJECTS = Rule("overview.projects", Family.COUNT, "项目总数等于各类项目数之和", "projects by category")
AMOUNT = Rule("overview.amount", Family.SUM, "金额等于各类项目金额之和", "amounts by category")
BUDGET = Rule("overview.budget", Family.SUM, "预算数等于各类项目预算数之和", "budgets by category")
PROJECT_SPENDING = Rule(
    "overview.spending", Family.EQUAL, "评价涉及金额与项目支出一致", "all project spending evaluated"
)
COMPLETION = Rule(
    "overview.overall_completion", Family.COMPLETION, "完成全年预算的比例", "completion of all projects' budget"
)
_MAIN_DIMENSION = re.compile(
    r"(?:项目|部门|预算)?(?:决策|投入|过程|产出|效果|效益|管理|满意度|成本|履职(?:效能|效果)?)(?:与|和|及)?(?:产出|效果|效益|效率)?(?:指标|方面|维度|情况)?"
)
SCORES = Rule("score.sum", Family.SCORE, "总分等于各项得分之和", "the total is the sum of the scores")
FULL_SCORES = Rule("score.full_sum", Family.SCORE, "总分值等于各项分值之和", "full scores add up")
WEIGHTS = Rule("score.weights", Family.SCORE, "各项权重之和为100%", "weights add up to 100 %")
WEIGHT = Rule("score.weight", Family.SCORE, "权重与分值一致", "weight and full score agree")
BAND_LOWER = Rule("score.band_lower", Family.SCORE, "得分在评级的分数段内", "score within its band")
BAND_UPPER = Rule("score.band_upper", Family.SCORE, "得分在评级的分数段内", "score within its band")
LEVELS = Rule("survey.levels", Family.SUM, "各满意程度占比之和为100%", "levels add up to 100 %")
ANSWERS = Rule("survey.answers", Family.SHARE, "占比等于份数除以回收份数", "a level is a whole number of answers")

_MOMENT = re.compile(r"^(?:年初|年末|全年|本年|当年|决算|预算)")
_TOTAL_DIMENSION = re.compile(r"合计|总分|综合|总得分|^(?:绩效)?(?:自评|评价)?得分$|^总计$|^总评")
ORDINARY_BANDS = {"优": (90, None), "良": (80, 90), "中": (60, 80), "差": (0, 60)}
"""财预〔2020〕10号 第十五条: 90（含）—100 优, 80（含）—90 良, 60（含）—80 中, 60以下 差."""


_ONE_FUND = re.compile(r"(?:一般公共预算|政府性基金|国有资本经营)[^，。；]*$")


def performance(book: Book) -> Iterator[Equation]:
    """Every relation of performance sections."""
    yield from _overviews(book)
    yield from _scores(book)
    yield from _weights(book)
    yield from _bands(book)
    yield from _surveys(book)


def _overviews(book: Book) -> Iterator[Equation]:
    """An overall statement against the categories beside it, and what it completed of its budget."""
    groups = _grouped(book)
    for position, (is_overall, whole) in enumerate(groups):
        if not is_overall:
            continue
        beside = [*groups[position + 1 : position + 2], *_free_before(book, groups, position)]
        categories = [entries for overall, entries in beside if not overall and _together(book, whole, entries)]
        parts = categories[0] if categories else []
        for rule, name in ((PROJECTS, "projects"), (AMOUNT, "amount"), (BUDGET, "budget_amount")):
            yield from _overview_sum(book, rule, name, whole, parts)
        yield from _overall_completion(book, whole)


def _free_before(
    book: Book, groups: Sequence[tuple[bool, list[Entry]]], position: int
) -> Sequence[tuple[bool, list[Entry]]]:
    """The categories above a statement, unless they follow another statement that they are parts of."""
    before = groups[max(position - 1, 0) : position]
    told = groups[max(position - 2, 0) : max(position - 1, 0)]
    if before and told and told[0][0] and not before[0][0] and _together(book, told[0][1], before[0][1]):
        return ()
    return before


def _together(book: Book, whole: Sequence[Entry], parts: Sequence[Entry]) -> bool:
    """True when categories tell of the same stage in the section of the overall statement, or one above or below."""
    if {part.text("stage") for part in parts} - {entry.text("stage") for entry in whole}:
        return False
    one, two = book.path(whole[0]), book.path(parts[0])
    return one[: len(two)] == two[: len(one)]


def _grouped(book: Book) -> list[tuple[bool, list[Entry]]]:
    """Overview records in reading order, overall statements and categories in turns.

    年初预算项目5个…，年末决算执行项目5个 is one overall statement told in two records.
    """
    groups: list[tuple[bool, list[Entry]]] = []
    for entry in book.entries("PerformanceOverview"):
        is_overall = not entry.text("category") or bool(_MOMENT.search(entry.text("category")))
        together = bool(groups) and groups[-1][0] == is_overall
        if together and (not is_overall or groups[-1][1][-1].paragraph == entry.paragraph):
            groups[-1][1].append(entry)
        else:
            groups.append((is_overall, [entry]))
    return groups


def _overall_completion(book: Book, whole: Sequence[Entry]) -> Iterator[Equation]:
    """A completion printed in one record of the statement, its budget in another."""
    for entry in whole:
        completion, amount = book.term(entry, "completion"), book.term(entry, "amount")
        budget = _single(book, whole, "budget_amount")
        if completion is not None and amount is not None and budget is not None and entry is not budget[0]:
            records = (entry.record.id, budget[0].record.id)
            yield Equation(COMPLETION, completion, (amount,), (budget[1],), HUNDRED, records=records)


def _single(book: Book, entries: Sequence[Entry], name: str) -> tuple[Entry, Term] | None:
    """The first of several records that prints a field, if all that print it agree."""
    found = [(entry, term) for entry in entries if (term := book.term(entry, name)) is not None]
    return found[0] if found and len({term.figure.value for _, term in found}) == 1 else None


def _overview_sum(
    book: Book, rule: Rule, name: str, whole: Sequence[Entry], parts: Sequence[Entry]
) -> Iterator[Equation]:
    target, terms = _single(book, whole, name), book.terms(parts, name)
    one_fund = target is not None and bool(_ONE_FUND.search(book.before(target[1].id, 16)))
    if target is not None and not one_fund and len(terms) == len(parts) >= 2:
        records = (target[0].record.id, *(part.record.id for part in parts))
        yield Equation(rule, target[1], tuple(terms), records=records)


def _scores(book: Book) -> Iterator[Equation]:
    for block in _blocks(book):
        for name, rule in (("score", SCORES), ("full_score", FULL_SCORES)):
            yield from _score_sum(book, rule, name, block)


def _blocks(book: Book) -> list[list[Entry]]:
    """Neighbouring score items of one section and subject."""
    blocks: list[list[Entry]] = []
    for entry in book.entries("ScoreItem"):
        last = blocks[-1][-1] if blocks else None
        same = last is not None and last.section == entry.section and last.text("subject") == entry.text("subject")
        if same and not (_is_total(entry) and any(_is_total(each) for each in blocks[-1])):
            blocks[-1].append(entry)
        else:
            blocks.append([entry])
    return blocks


def _is_total(entry: Entry) -> bool:
    return bool(_TOTAL_DIMENSION.search(entry.text("dimension")))


def _score_sum(book: Book, rule: Rule, name: str, block: Sequence[Entry]) -> Iterator[Equation]:
    """The total of a block against its dimensions, each dimension once."""
    totals = [entry for entry in block if _is_total(entry) and book.term(entry, name) is not None]
    by_dimension: dict[str, Entry] = {}
    for entry in block:
        if not _is_total(entry) and entry.text("dimension") and book.term(entry, name) is not None:
            by_dimension.setdefault(entry.text("dimension"), entry)
    if len(totals) != 1:
        return
    target = book.term(totals[0], name)
    assert target is not None
    parts, nested = _of_one_level(book, target, name, list(by_dimension.values()))
    if len(parts) < 2:
        return
    terms = book.terms(parts, name)
    yield Equation(
        rule,
        target,
        tuple(terms),
        records=(totals[0].record.id, *(part.record.id for part in parts)),
        soft=nested or _may_lack_some(book, target, terms, block, parts),
        unless="列出的得分项可能不全" if not nested else "列出的得分项可能属于不同层级",
    )


def _of_one_level(book: Book, target: Term, name: str, parts: list[Entry]) -> tuple[list[Entry], bool]:
    """The dimensions that make the total, and whether they may be of several levels: under （一）投入（满分10分） the
    points of each of its indicators (预算完成率…，得8分) may be told as well."""
    main = [part for part in parts if _MAIN_DIMENSION.fullmatch(part.text("dimension"))]
    if len(main) < 2 or len(main) == len(parts):
        return parts, False
    for each in (parts, main):
        if sum(term.figure.value for term in book.terms(each, name)) == target.figure.value:
            return each, False
    full = [book.terms(each, "full_score") for each in (parts, main)]
    for each, terms in zip((parts, main), full, strict=True):
        if len(terms) == len(each) and sum(term.figure.value for term in terms) == HUNDRED:
            return each, False
    return parts, True


def _may_lack_some(
    book: Book, target: Term, terms: Sequence[Term], block: Sequence[Entry], parts: Sequence[Entry]
) -> bool:
    """True when the dimensions at hand may not be all: their full scores do not make the total's, a score stands
    beside them without a name, what they lack is printed nearby, or they make less than half."""
    full = [book.figure(part.fields, "full_score") for part in parts]
    known = [figure.value for figure in full if figure is not None]
    wholes = {figure.value for each in block if _is_total(each) and (figure := book.figure(each.fields, "full_score"))}
    if len(known) == len(parts) and sum(known) in (wholes or {HUNDRED}):
        return False
    gap = target.figure.value - sum((term.figure.value for term in terms), ZERO)
    scores = [figure for part in parts if (figure := book.figure(part.fields, "score")) is not None]
    got = {figure.value for each in block if _is_total(each) and (figure := book.figure(each.fields, "score"))}
    lacking = len(known) == len(parts) and sum(known) < max(wholes, default=HUNDRED)
    if lacking and len(scores) == len(parts) and sum(figure.value for figure in scores) < max(got, default=ZERO):
        return True  # points and full points both fall short: a dimension is not listed
    nameless = any(not each.text("dimension") and each.get("score") is not None for each in block)
    return gap > 0 and (nameless or gap * 2 > target.figure.value or book.is_score_nearby(target, gap))


def _weights(book: Book) -> Iterator[Equation]:
    weights: dict[tuple[str | None, str], list[Entry]] = defaultdict(list)
    for entry in book.entries("ScoreItem"):
        if entry.get("weight") is not None:
            weights[entry.section, entry.text("subject")].append(entry)
    for entries in weights.values():
        terms = book.terms(entries, "weight")
        total = sum(term.figure.value for term in terms)
        if len(terms) >= 3:
            yield Equation(
                WEIGHTS,
                Term(constant(HUNDRED, QuantityKind.PERCENT, ONE), ""),
                tuple(terms),
                records=tuple(entry.record.id for entry in entries),
                soft=total < 90,
                unless="列出的权重可能不全",
            )
        yield from _weights_and_scores(book, entries)


def _weights_and_scores(book: Book, entries: Sequence[Entry]) -> Iterator[Equation]:
    """A weight of 10 % and a full score of 10 points are the same thing where all scores make 100."""
    full = {_dimension_key(each): each for each in book.entries("ScoreItem") if book.term(each, "full_score")}
    for entry in entries:
        other = full.get(_dimension_key(entry))
        weight = book.term(entry, "weight")
        score = book.term(other, "full_score") if other is not None else None
        if other is not None and weight is not None and score is not None:
            records = (entry.record.id, other.record.id)
            unless = "总分可能不是100分"
            yield Equation(WEIGHT, weight, (score,), records=records, soft=True, unless=unless)


def _dimension_key(entry: Entry) -> str:
    return re.sub(r"^项目|情况$|指标$", "", entry.text("dimension"))


def _bands(book: Book) -> Iterator[Equation]:
    """A score and its rating: the document's own bands where it prints them, else the ordinary ones (soft)."""
    own = {entry.text("rating").rstrip("好秀等"): entry for entry in book.entries("RatingBand")}
    for entry in _rated(book):
        rating, score = entry.text("rating").rstrip("好秀等"), book.term(entry, "score")
        if score is None or not rating:
            continue
        band = own.get(rating)
        if band is not None:
            records = (entry.record.id, band.record.id)
            lower, upper = book.term(band, "lower"), book.term(band, "upper")
            if lower is not None:
                yield _band(score, _absolute(lower), Comparison.AT_LEAST, records)
            if upper is not None:
                yield _band(score, _absolute(upper), Comparison.AT_MOST, records)
        elif rating in ORDINARY_BANDS and not own:
            low = Decimal(ORDINARY_BANDS[rating][0] or 0)
            bound = Term(constant(low, QuantityKind.SCORE, Decimal(0)), "")
            yield _band(score, bound, Comparison.AT_LEAST, (entry.record.id,), soft=True)


def _rated(book: Book) -> Iterator[Entry]:
    """The scores that ratings are given for: of a whole, not one dimension's among others (预算执行率10分得9.92分)."""
    for block in _blocks(book):
        alone = len({entry.text("dimension") for entry in block if not _is_total(entry)}) == 1
        yield from (entry for entry in block if alone or _is_total(entry))


def _absolute(term: Term) -> Term:
    """90（含）-100分 reads as -100: the dash of a range is no sign."""
    return Term(term.figure, term.label, ONE if term.figure.value >= 0 else -ONE)


def _band(score: Term, bound: Term, comparison: Comparison, records: tuple[str, ...], soft: bool = False) -> Equation:
    rule = BAND_LOWER if comparison is Comparison.AT_LEAST else BAND_UPPER
    return Equation(
        rule, score, (bound,), comparison=comparison, records=records, soft=soft, unless="评级的分数段没有印出"
    )


def _surveys(book: Book) -> Iterator[Equation]:
    aspects: dict[tuple[str | None, str], list[Entry]] = defaultdict(list)
    for entry in book.entries("SurveyResult"):
        if entry.get("percent") is not None and entry.text("aspect") and entry.text("level"):
            aspects[entry.section, entry.text("aspect")].append(entry)
    for entries in aspects.values():
        terms = book.terms(entries, "percent")
        if len(terms) >= 2:
            yield Equation(
                LEVELS,
                Term(constant(HUNDRED, QuantityKind.PERCENT, max(term.figure.step for term in terms)), ""),
                tuple(terms),
                records=tuple(entry.record.id for entry in entries),
                soft=sum(term.figure.value for term in terms) < HUNDRED,
                unless="列出的满意程度可能不全",
            )
    yield from _answers(book)


def _answers(book: Book) -> Iterator[Equation]:
    """A level's share of n answers is k/n for a whole number k."""
    for survey in book.entries("SurveyResult"):
        answers = book.term(survey, "responses")
        if answers is None or answers.figure.value <= 0:
            continue
        for entry in book.entries("SurveyResult"):
            share = book.term(entry, "percent")
            if share is None or entry.section != survey.section or share.figure.step >= 1:
                continue
            count = (share.figure.value * answers.figure.value / HUNDRED).quantize(ONE)
            yield Equation(
                ANSWERS,
                share,
                (Term(constant(count, QuantityKind.COUNT, Decimal(0)), f"{count}份"),),
                (answers,),
                HUNDRED,
                records=(entry.record.id, survey.record.id),
                soft=True,
                unless="回答该题的份数可能少于回收份数",
            )
