"""Basic expenditure by economic class: personnel and public funds, and the items of their lists."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from extractor.checking.book import Book, Entry
from extractor.checking.equations import HUNDRED, Equation, Rule
from extractor.checking.intervals import ZERO
from extractor.classification import EconomicGroup, group_of
from schemas.checks import Family

BASIC = Rule("basic.parts", Family.SUM, "基本支出等于人员经费与公用经费之和", "basic expenditure adds up")
SHARE = Rule("basic.share", Family.SHARE, "占基本支出的比重", "share of basic expenditure")
LIST = Rule("basic.list", Family.SUM, "经费总数等于所列各经济分类款之和", "the items add up to their total")
OPERATING = Rule("basic.operating", Family.EQUAL, "机关运行经费等于公用经费", "operating expense and public funds")

_OF_BASIC = re.compile(r"占[^，。；]{0,12}基本支出")
_LIST_TOTALS = {
    "人员经费": "personnel",
    "人员支出": "personnel",
    "公用经费": "public",
    "公用支出": "public",
    "日常公用经费": "public",
    "工资福利支出": "wages",
    "商品和服务支出": "goods_services",
    "对个人和家庭的补助": "individuals",
    "对个人和家庭的补助支出": "individuals",
    "资本性支出": "capital",
}
"""Labels that name the total of a list, and the group that its items carry."""


def economic(book: Book) -> Iterator[Equation]:
    """Every relation among the items of basic expenditure."""
    for entries in _by_section(book).values():
        yield from _basic(book, entries)
        yield from _lists(book, entries)
    yield from _operating(book)


def _by_section(book: Book) -> dict[str | None, list[Entry]]:
    sections: dict[str | None, list[Entry]] = defaultdict(list)
    for entry in book.entries("EconomicItem"):
        if book.figure(entry.fields, "amount") is not None:
            sections[entry.section].append(entry)
    return sections


def _is_total_of(entry: Entry, group: str) -> bool:
    return entry.text("group") == group and _LIST_TOTALS.get(entry.text("label")) == group


def _basic(book: Book, entries: Sequence[Entry]) -> Iterator[Equation]:
    totals = [entry for entry in entries if entry.text("group") == "total"]
    personnel = [entry for entry in entries if _is_total_of(entry, "personnel")]
    public = [entry for entry in entries if _is_total_of(entry, "public")]
    if len(personnel) == 1 and len(public) == 1:
        totals = totals or _basic_before(book, personnel[0], public[0])
    if len(totals) >= 1 and len(personnel) == 1 and len(public) == 1:
        whole = book.term(totals[0], "amount")
        parts = book.terms([personnel[0], public[0]], "amount")
        if whole is not None:
            records = tuple(entry.record.id for entry in (totals[0], personnel[0], public[0]))
            third = book.is_printed_nearby(whole, sum((part.figure.value for part in parts), ZERO))
            unless = "另有列出的部分"
            yield Equation(BASIC, whole, tuple(parts), records=records, soft=third, unless=unless)
            yield from _shares(book, totals[0], (personnel[0], public[0]))


def _shares(book: Book, total: Entry, parts: Sequence[Entry]) -> Iterator[Equation]:
    """人员经费1666.52万元，占基本支出的84.74%."""
    for part in parts:
        whole, share, amount = book.term(total, "amount"), book.term(part, "share"), book.term(part, "amount")
        if whole is None or share is None or amount is None or not _OF_BASIC.search(book.before(share.id, 24)):
            continue
        records = (part.record.id, total.record.id)
        yield Equation(SHARE, share, (amount,), (whole,), HUNDRED, records=records)


def _basic_before(book: Book, personnel: Entry, public: Entry) -> list[Entry]:
    """基本支出…，占…%。其中：人员经费…，公用经费…: basic expenditure as a part of all, in the same paragraph."""
    return [
        entry
        for entry in book.entries("CompositionItem", label="基本支出")
        if entry.paragraph == personnel.paragraph == public.paragraph
        and entry.start < personnel.start < public.start
        and book.term(entry, "amount") is not None
    ][-1:]


def _lists(book: Book, entries: Sequence[Entry]) -> Iterator[Equation]:
    """A list total, and the items up to the next list total."""
    position = 0
    while position < len(entries):
        head = entries[position]
        group = _LIST_TOTALS.get(head.text("label"))
        end = position + 1
        while (
            end < len(entries)
            and entries[end].text("label") not in _LIST_TOTALS
            and entries[end].text("group") != "total"
        ):
            end += 1
        items = entries[position + 1 : end]
        if group is not None and len(items) >= 2:
            yield from _list(book, head, items)
        position = end


def _list(book: Book, head: Entry, items: Sequence[Entry]) -> Iterator[Equation]:
    whole, parts = book.term(head, "amount"), book.terms(items, "amount")
    if whole is None:
        return
    total = sum((part.figure.value for part in parts), ZERO)
    near = abs(total - whole.figure.value) * 20 <= whole.figure.value
    left_out = book.left_out(whole, total, [entry.text("label") for entry in items])
    others = any(_is_of_another_group(book, entry, head) for entry in items)
    sure = not others and (
        total > whole.figure.value or left_out or (near and not book.is_printed_nearby(whole, total))
    )
    yield Equation(
        LIST,
        whole,
        tuple(parts),
        records=(head.record.id, *(entry.record.id for entry in items)),
        soft=not sure,
        unless="列出的经济分类款可能不全",
    )


def _is_of_another_group(book: Book, item: Entry, head: Entry) -> bool:
    """基本工资 is none of 对个人和家庭的补助: the list is another total's."""
    own, group = group_of(item.text("label"), book.year), head.text("group")
    return own is not None and group in tuple(EconomicGroup) and own != group


def _operating(book: Book) -> Iterator[Equation]:
    operating = [entry for entry in book.entries("OperatingExpense") if book.figure(entry.fields, "amount")]
    public = [entry for entry in book.entries("EconomicItem") if _is_total_of(entry, "public")]
    if len(operating) == 1 and len(public) == 1:
        target, source = book.term(operating[0], "amount"), book.term(public[0], "amount")
        if target is not None and source is not None:
            yield Equation(
                OPERATING,
                target,
                (source,),
                records=(operating[0].record.id, public[0].record.id),
                soft=True,
                unless="事业单位的公用经费不属于机关运行经费",
            )
