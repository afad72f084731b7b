"""Which total a list of parts belongs to, and which parts are parts of parts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.checking.book import Book, Entry
from extractor.classification import Level, group_of, lookup, name_key

_CARRIED = re.compile(r"非财政拨款结余|用事业基金|上年结转|年初结转|结转和?结余|结[转余]$")

_OPEN_BRACKET = re.compile(r"[（(][^（）()]*$")

WHOLES: dict[str, tuple[tuple[str, str], ...]] = {
    "revenue": (("department", "revenue"), ("department", "both")),
    "expenditure": (("department", "expenditure"), ("department", "both")),
    "fiscal_revenue": (
        ("fiscal_appropriation", "revenue"),
        ("fiscal_appropriation", "both"),
        ("government_fund", "revenue"),
        ("state_capital", "revenue"),
    ),
    "fiscal_expenditure": (
        ("fiscal_appropriation", "expenditure"),
        ("fiscal_appropriation", "both"),
        ("government_fund", "expenditure"),
        ("state_capital", "expenditure"),
    ),
    "general_public_expenditure": (
        ("general_public", "expenditure"),
        ("general_public", "both"),
    ),
}
"""Composition scope → the totals (scope, side) it can be the make-up of, the likeliest first."""

_FUNDS = ("government_fund", "state_capital")
"""Totals that are parted in their own section only."""

_CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("fund", r"一般公共预算|公共财政预算|政府性基金|国有资本经营"),
        ("fiscal", r"^(?:本年)?财政(?:预算)?拨款(?:预算)?(?:收入)?$"),
        ("basic_part", r"人员经费|公用经费|人员支出|公用支出|工资福利|商品和服务|对个人和家庭"),
        ("nature", r"^(?:基本支出|项目支出|上缴上级支出|(?:事业单位)?经营支出|对附属单位补助(?:支出)?)(?:预算)?$"),
        (
            "source",
            r"上级补助|事业(?:预算)?收入|经营(?:预算)?收入|附属单位|其他收入|财政专户",
        ),
    )
)


def kind_of_part(label: str) -> str | None:
    """What kind of part a label names: fiscal, fund, source, carried, nature, basic_part, class; None if unknown."""
    name = re.sub(r"[\s“”]", "", label)
    if _CARRIED.search(name):
        return "carried"
    for kind, pattern in _CLASSES:
        if pattern.search(name):
            return kind
    bare = name_key(name)
    names = (bare, bare + "支出", bare.replace("与", "和"))  # 社会保障与就业支出
    if any(lookup(each, Level.CLASS) for each in names):
        return "class"
    return None


@dataclass(frozen=True)
class PartList:
    """The parts of one kind that make up a total; `complete` when every part of the list is of a known kind."""

    parts: tuple[Entry, ...]
    complete: bool
    carried: bool = False  # counts what is carried over, as the revenue of budgets does


@dataclass(frozen=True)
class Composition:
    """A run of composition items with the total they part (None where it is not printed), and their lists."""

    whole: Entry | None
    items: tuple[Entry, ...]
    lists: tuple[PartList, ...]
    nested: tuple[tuple[Entry, PartList], ...]


def compositions(book: Book) -> list[Composition]:
    """Every composition of the narrative, with the total it belongs to where one is printed."""
    return [_composition(book, whole_of(book, run[0]), run) for run in _runs(book)]


def _runs(book: Book) -> list[list[Entry]]:
    """Items of one scope in one section make a run, up to the next total that is parted (本年收入X，主要包括：…)."""
    runs: list[list[Entry]] = []
    totals = [entry for entry in book.entries("BudgetTotal") if book.figure(entry.fields, "amount") is not None]
    for item in book.entries("CompositionItem"):
        last = runs[-1][-1] if runs else None
        alike = last is not None and last.section == item.section and last.get("scope") == item.get("scope")
        if alike and last is not None and not _parted_between(totals, last, item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _parted_between(totals: Sequence[Entry], last: Entry, item: Entry) -> bool:
    """Is the likeliest whole of an item printed between the item before it and the item?"""
    likeliest = WHOLES.get(item.text("scope"), ((), ()))[0]
    return any(
        last.start < total.start < item.start
        and (total.text("scope"), total.text("side")) == likeliest
        and total.section == item.section
        for total in totals
    )


def whole_of(book: Book, item: Entry) -> Entry | None:
    """The total before a composition item: in its own section, or the only one of that scope so far."""
    candidates = WHOLES.get(item.text("scope"), ())
    totals = [
        entry
        for entry in book.entries("BudgetTotal")
        if (entry.text("scope"), entry.text("side")) in candidates and book.figure(entry.fields, "amount") is not None
    ]
    here = [entry for entry in totals if entry.section == item.section and entry.start < item.start]
    if here:
        return min(here, key=lambda entry: (_rank(entry, candidates), -entry.start))
    before = [entry for entry in totals if entry.start < item.start and entry.text("scope") not in _FUNDS]
    return min(before, key=lambda entry: (_rank(entry, candidates), -entry.start), default=None)


def _rank(entry: Entry, candidates: tuple[tuple[str, str], ...]) -> int:
    return candidates.index((entry.text("scope"), entry.text("side")))


def _is_inside_another(book: Book, entry: Entry) -> bool:
    """一般公共预算拨款X（含上年结转Y）: what a bracket behind a part tells is none beside it."""
    amount = book.figure(entry.fields, "amount")
    return amount is not None and bool(_OPEN_BRACKET.search(book.before(amount.id, 60)))


def _composition(book: Book, whole: Entry | None, run: Sequence[Entry]) -> Composition:
    kinds = {entry.record.id: kind_of_part(entry.text("label")) for entry in run}
    if "class" in kinds.values():  # a class by a name that the classification does not know stands among the others
        unknown = [
            entry
            for entry in run
            if kinds[entry.record.id] is None
            and entry.text("label").endswith("支出")
            and not group_of(entry.text("label"))  # 资本性支出 is one of the other classification
        ]
        kinds |= {entry.record.id: "class" for entry in unknown}
    by_kind: dict[str | None, list[Entry]] = {}
    labels: set[str] = set()
    for entry in run:
        if entry.text("label") not in labels:  # a part stated again in a later sentence counts once
            labels.add(entry.text("label"))
            if kinds[entry.record.id] == "carried" and _is_inside_another(book, entry):
                continue
            by_kind.setdefault(kinds[entry.record.id], []).append(entry)
    complete = None not in by_kind and "carried" not in by_kind
    lists: list[PartList] = []
    nested: list[tuple[Entry, PartList]] = []
    fiscal, funds = by_kind.get("fiscal", []), by_kind.get("fund", [])
    sources = fiscal + by_kind.get("source", []) + ([] if fiscal else funds)
    if sources:
        lists.append(PartList(_ordered(sources), complete))
    if sources and by_kind.get("carried"):  # a budget's revenue holds what is carried over
        lists.append(PartList(_ordered(sources + by_kind["carried"]), None not in by_kind, carried=True))
    if len(fiscal) == 1 and funds:
        nested.append((fiscal[0], PartList(_ordered(funds), complete)))
    for kind in ("nature", "class"):
        if by_kind.get(kind):
            lists.append(PartList(tuple(by_kind[kind]), complete))
    basic = [entry for entry in by_kind.get("nature", []) if entry.text("label").startswith("基本支出")]
    if len(basic) == 1 and by_kind.get("basic_part"):
        nested.append((basic[0], PartList(tuple(by_kind["basic_part"]), complete)))
    if not lists and by_kind.get(None):
        lists.append(PartList(tuple(by_kind[None]), complete))
    return Composition(whole, tuple(run), tuple(lists), tuple(nested))


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.start))
