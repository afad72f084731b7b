"""Totals and their make-up: parts add up to the whole, shares are part over whole and add up to 100 %."""

import re
from collections.abc import Iterator, Sequence

from extractor.checking.book import Book, Entry
from extractor.checking.equations import HUNDRED, Equation, Rule, Term, holds
from extractor.checking.figures import constant
from extractor.checking.relations.nesting import unnested
from extractor.checking.relations.wholes import PartList, compositions
from schemas.checks import Family
from schemas.quantities import QuantityKind

SUM = Rule("composition.sum", Family.SUM, "总额等于各组成部分之和", "the whole is the sum of its parts")
SHARE = Rule("composition.share", Family.SHARE, "占比等于部分除以总额", "a share is the part over the whole")
SHARES = Rule("composition.shares", Family.SUM, "各部分占比之和为100%", "the shares add up to 100 %")
TOTAL_SHARE = Rule("total.share", Family.SHARE, "占支出合计的比重", "share of all expenditure")
_GRAND_TOTAL = re.compile(r"总计[^，,。；;：:]{0,4}$")

_OTHER_WHOLE = re.compile(r"占[^，。；占]{0,30}(?:基本支出|项目支出|财政拨款收入|事业收入)[^，。；占]{0,6}$")
_OF_FISCAL = re.compile(r"占[^，。；占]{0,6}财政拨款[^，。；占]*$")
_ONE_BUDGET = ("general_public", "government_fund", "state_capital")
_FISCAL = ("fiscal_appropriation", "general_public", "government_fund", "state_capital")
INCOMPLETE = "列出的部分可能不全"


def composition(book: Book) -> Iterator[Equation]:
    """Every relation between totals and their parts."""
    for each in compositions(book):
        whole = book.term(each.whole, "amount") if each.whole is not None else None
        if each.whole is not None and whole is not None:
            shares = [share for item in each.items for share in _share(book, item, each.whole, whole)]
            of_more = _are_of_more(book, shares, each.whole)
            yield from (share for share in shares if not (of_more and _is_of_fiscal(book, share.target, each.whole)))
            for parts in each.lists:
                if parts.carried and (book.is_final_account or _is_of_this_year_only(book, whole)):
                    continue
                yield from _sums(book, each.whole, parts, whole, of_more)
        for inner, parts in each.nested:
            part_whole = book.term(inner, "amount")
            if part_whole is not None:
                yield from _sum(book, inner, parts, part_whole)
    yield from _shares_of_expenditure(book)


def _is_of_this_year_only(book: Book, whole: Term) -> bool:
    """本年收入合计: without what is carried over, which is listed beside it."""
    return "本年收入" in book.before(whole.id, 12)


def _share(book: Book, item: Entry, whole_entry: Entry, whole: Term) -> Iterator[Equation]:
    share, amount = book.term(item, "share"), book.term(item, "amount")
    if amount is None:
        return
    records = (item.record.id, whole_entry.record.id)
    if share is not None and not _OTHER_WHOLE.search(book.before(share.id, 40)):
        yield Equation(
            SHARE,
            share,
            (amount,),
            (whole,),
            HUNDRED,
            records=records,
            soft=_belongs_to_another(book, amount, share) or _is_of_another_side(book, item, whole_entry),
            unless="这一占比可能是另一数字的占比",
        )


def _is_of_fiscal(book: Book, share: Term, whole_entry: Entry) -> bool:
    """占本年财政拨款支出0.37%, in the section of one of the budgets that make it up."""
    return whole_entry.text("scope") in _ONE_BUDGET and bool(_OF_FISCAL.search(book.before(share.id, 24)))


def _are_of_more(book: Book, shares: Sequence[Equation], whole_entry: Entry) -> bool:
    """占本年财政拨款支出…%: of the one budget parted here where most of such shares come right, else of all budgets."""
    named = [share for share in shares if _is_of_fiscal(book, share.target, whole_entry)]
    return bool(named) and sum(holds(share) is True for share in named) * 2 < len(named)


def _belongs_to_another(book: Book, amount: Term, share: Term) -> bool:
    """财政拨款收入…万元（其中：政府性基金…万元），占…%: a share behind a closed bracket is not the last part's."""
    between = book.between(amount.id, share.id)
    return bool(re.search(r"[）)。\n]", re.sub(r"[（(][^（）()]*[)）]", "", between))) or bool(
        book.money_between(amount.figure.quantity.start, share.figure.quantity.start)
    )


def _is_of_another_side(book: Book, item: Entry, whole_entry: Entry) -> bool:
    """True for the share of an expenditure in a revenue, and in a total of both sides, which holds money carried over."""
    ending = {"revenue": "支出", "fiscal_revenue": "支出"}.get(item.text("scope"), "收入")
    return item.text("label").endswith(ending) or (book.is_final_account and _side(whole_entry) == "both")


def _sums(book: Book, whole_entry: Entry, parts: PartList, whole: Term, of_more: bool) -> Iterator[Equation]:
    yield from _sum(book, whole_entry, parts, whole)
    shares = book.terms(parts.parts, "share")
    if len(shares) == len(parts.parts) >= 2 and not of_more:
        yield Equation(
            SHARES,
            Term(constant(HUNDRED, QuantityKind.PERCENT, min(share.figure.step for share in shares)), ""),
            tuple(shares),
            records=tuple(entry.record.id for entry in parts.parts),
            soft=not _is_complete(book, parts, whole_entry, whole),
            unless=INCOMPLETE,
        )


def _sum(book: Book, whole_entry: Entry, parts: PartList, whole: Term) -> Iterator[Equation]:
    amounts = book.terms(parts.parts, "amount")
    if not amounts or len(amounts) < len(parts.parts):
        return
    too_much = sum(term.figure.value for term in amounts) > whole.figure.value
    sure = (
        _is_complete(book, parts, whole_entry, whole)
        or (too_much and (parts.complete or _are_basic_and_projects(parts)))
        or (_are_basic_and_projects(parts) and whole_entry.text("scope") in _FISCAL)
    )
    records = (whole_entry.record.id, *(entry.record.id for entry in parts.parts))
    yield unnested(Equation(SUM, whole, tuple(amounts), records=records, soft=not sure, unless=INCOMPLETE))


def _are_basic_and_projects(parts: PartList) -> bool:
    """基本支出 and 项目支出 share no money, and there is no third kind of spending of a fiscal budget."""
    return sorted(entry.text("label") for entry in parts.parts) == ["基本支出", "项目支出"]


def _is_complete(book: Book, parts: PartList, whole_entry: Entry, whole: Term) -> bool:
    """True when the list surely names every part: its shares come to 100 %, or its amounts come near the whole.

    A list that stops after the main parts (其中：主要有…) falls short of the whole by a whole part.
    """
    if not parts.complete or len(parts.parts) < 2 or (book.is_final_account and _side(whole_entry) == "both"):
        return False  # totals of both sides of a final account hold money carried over as well
    shares = book.terms(parts.parts, "share")
    if len(shares) == len(parts.parts):
        return abs(sum(share.figure.value for share in shares) - HUNDRED) < len(shares)
    total = sum(term.figure.value for term in book.terms(parts.parts, "amount"))
    return abs(total - whole.figure.value) * 100 <= whole.figure.value


def _shares_of_expenditure(book: Book) -> Iterator[Equation]:
    """一般公共预算财政拨款支出…，占本年支出合计的…%."""
    wholes = book.entries("BudgetTotal", scope="department", side="expenditure")
    for entry in book.entries("BudgetTotal"):
        share, amount = book.term(entry, "share"), book.term(entry, "amount")
        before = [whole for whole in wholes if whole.start < entry.start]
        if share is None or amount is None or not before or _OF_FISCAL.search(book.before(share.id, 24)):
            continue
        found = next((each for each in before if _is_of_the_year(book, each)), before[0])
        whole = book.term(found, "amount")
        if whole is not None and whole.id != amount.id:
            records = (entry.record.id, found.record.id)
            yield Equation(TOTAL_SHARE, share, (amount,), (whole,), HUNDRED, records=records)


def _is_of_the_year(book: Book, entry: Entry) -> bool:
    """True for 本年支出合计; a 支出总计 holds what is carried over as well, so shares are not taken of it."""
    amount = book.term(entry, "amount")
    return amount is not None and not _GRAND_TOTAL.search(book.before(amount.id))


def _side(entry: Entry) -> str:
    return entry.text("side") if entry.record.type == "BudgetTotal" else ""
