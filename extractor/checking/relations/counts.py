"""Counts and what they count: units, posts, staff and vehicles by category, names listed."""

import re
from collections.abc import Iterator, Sequence

from extractor.checking.book import Book, Entry
from extractor.checking.equations import Comparison, Equation, Rule, Term
from extractor.checking.relations.nesting import unnested
from schemas.checks import Family
from schemas.quantities import Quantity, QuantityKind

UNITS = Rule("units.parts", Family.COUNT, "总数等于各类之和", "the count is the sum of its categories")
SAME_UNITS = Rule("units.same", Family.EQUAL, "同一类机构数前后一致", "the same kind of units is counted the same")
POSTS = Rule("units.posts", Family.ORDER, "实有人数不超过编制数", "staff within posts")
VEHICLES = Rule("vehicles.parts", Family.COUNT, "车辆总数等于各类车辆之和", "vehicles by category")
PURCHASED = Rule("vehicles.purchased", Family.COUNT, "购置车辆数等于各类车辆之和", "vehicles bought by category")

_OPENS_PARTS = re.compile(r"其中|包括|分别(?:是|为)|[（(:：]")
_CLOSES_LIST = re.compile(r"[。；;）)\n]")
_BRACKETED = re.compile(r"[（(][^（）()]*[)）]")
_RETIRED = re.compile(r"离休|退休|遗属|抚恤|临时|聘用|长期|编外")
_SUBTOTAL = re.compile(r"小计|合计")
_REST = re.compile(r"其他|其它")
_BESIDES = re.compile(r"(?:本级|本部|机关|本身|本单位)[^，。；：:\d]{0,10}(?:和|及|与|、|加)[^，。；：:\d]{0,6}$")
"""Before a count that leaves out the body itself, which may be among the categories all the same (局本级和4个下属单位)."""


def counts(book: Book) -> Iterator[Equation]:
    """Every relation of counts."""
    yield from _units(book)
    yield from _posts(book)
    yield from _vehicles(book)
    yield from _listed(book)


def _units(book: Book) -> Iterator[Equation]:
    """共有二级预算单位5个，其中行政单位1个、事业单位4个: a count, 其中, counts of the same measure."""
    entries = [entry for entry in book.entries("UnitCount") if book.figure(entry.fields, "count") is not None]
    position = 0
    while position < len(entries):
        parts = _parts_behind(book, entries, position)
        if len(parts) >= 2:
            yield from _count_sum(book, UNITS, entries[position], "count", parts)
        position += max(1, len(parts) + 1 if len(parts) >= 2 else 1)


def _parts_behind(book: Book, entries: Sequence[Entry], position: int) -> list[Entry]:
    """The counts of the list that a total opens: up to the end of its bracket or clause."""
    head, parts = entries[position], []
    previous = head
    for entry in entries[position + 1 :]:
        gap = _BRACKETED.sub("", _gap(book, previous, entry))
        opens = (
            _OPENS_PARTS.search(gap) if previous is head else not re.search(r"其中|[（(]|(?:单位|机构|学校)[里中]", gap)
        )
        if entry.get("measure") != head.get("measure") or not gap or _CLOSES_LIST.search(gap) or not opens:
            break
        parts.append(entry)
        previous = entry
    return parts


def _gap(book: Book, first: Entry, second: Entry) -> str:
    one, two = book.figure(first.fields, "count"), book.figure(second.fields, "count")
    return book.between(one.id, two.id) if one and two else ""


def _count_sum(book: Book, rule: Rule, whole: Entry, name: str, parts: Sequence[Entry]) -> Iterator[Equation]:
    """Parts that fall short of the whole may be named in part only, unless one of them is the rest (其他)."""
    target, terms = book.term(whole, name), book.terms(parts, "count")
    if target is None or not terms:
        return
    total = sum(term.figure.value for term in terms)
    rest = any(_REST.search(part.text("category")) for part in parts)
    people = whole.record.type == "UnitCount"
    doubtful = (
        (people and any(_RETIRED.search(part.text("category")) for part in parts))
        or any(_SUBTOTAL.search(part.text("category")) for part in parts)
        or any(term.figure.value == target.figure.value for term in terms)
    )
    besides = people and _BESIDES.search(book.before(target.id, 24)) is not None
    if besides and total == target.figure.value + 1:
        return
    sure = (total > target.figure.value or rest) and not doubtful and not besides
    records = (whole.record.id, *(part.record.id for part in parts))
    yield unnested(Equation(rule, target, tuple(terms), records=records, soft=not sure, unless="列出的类别可能不全"))


def _posts(book: Book) -> Iterator[Equation]:
    posts = {entry.text("category"): entry for entry in book.entries("UnitCount", measure="posts")}
    for staff in book.entries("UnitCount", measure="staff"):
        post = posts.get(staff.text("category"))
        if post is None:
            continue
        target, whole = book.term(staff, "count"), book.term(post, "count")
        if target is not None and whole is not None:
            yield Equation(
                POSTS,
                target,
                (whole,),
                comparison=Comparison.AT_MOST,
                records=(staff.record.id, post.record.id),
                soft=True,
                unless="编外人员可能计入实有人数",
            )


def _vehicles(book: Book) -> Iterator[Equation]:
    heads: list[tuple[Entry, str, str, Rule]] = [
        *((entry, "vehicles", "held", VEHICLES) for entry in book.entries("StateAssets")),
        *((entry, "vehicles_held", "held", VEHICLES) for entry in book.entries("OfficialExpense")),
        *((entry, "vehicles_purchased", "purchased", PURCHASED) for entry in book.entries("OfficialExpense")),
        *((entry, "vehicles_purchased", "purchased", PURCHASED) for entry in book.entries("StateAssets")),
    ]
    for head, name, basis, rule in heads:
        whole = book.term(head, name)
        if whole is not None:
            parts = _categories_behind(book, whole, basis)
            yield from _count_sum(book, rule, head, name, parts)


def _categories_behind(book: Book, whole: Term, basis: str) -> list[Entry]:
    """The categories of the sentence behind a total: no other total stands between."""
    parts: list[Entry] = []
    for entry in book.entries("VehicleCount", basis=basis):
        figure = book.figure(entry.fields, "count")
        if figure is None or figure.quantity.start <= whole.figure.quantity.start:
            continue
        gap = book.between((parts and _count_id(book, parts[-1])) or whole.id, figure.id)
        if not gap or "。" in gap or "\n" in gap:
            break
        inside = re.search(r"其中|[（(]", _BRACKETED.sub("", gap))
        if not (parts and inside):  # 执法执勤用车31辆（其中囚车5辆）: a part of a part
            parts.append(entry)
    return parts


def _count_id(book: Book, entry: Entry) -> str:
    figure = book.figure(entry.fields, "count")
    return figure.id if figure else ""


LISTED = Rule("counts.listed", Family.COUNT, "总数等于其中各数之和", "a count is the sum of the counts listed")
FEWEST_LISTED = 3
SMALL_GAP = 3
"""Percent: three or more parts that miss their total by no more were meant to make it up; others may be nested."""
_LIST_OPENS = re.compile(r"^[，,（(：:]?\s*其中[：:，,]?[^，,、。；;]{1,14}$")
_LIST_GOES_ON = re.compile(r"^[、，,]\s*[^，,、。；;\d（(]{1,14}$")


def _listed(book: Book) -> Iterator[Equation]:
    """共有教学班66个，其中高一22个、高二22个、高三21个: counts of one unit in one list, whatever they count."""
    quantities = [
        quantity
        for quantity in book.disclosure.quantities
        if quantity.kind is QuantityKind.COUNT and quantity.id in book.disclosure.spans and quantity.bound is None
    ]
    position = 0
    while position < len(quantities):
        head = quantities[position]
        parts: list[Quantity] = []
        for quantity in quantities[position + 1 :]:
            gap = book.between(parts[-1].id if parts else head.id, quantity.id)
            fits = (_LIST_GOES_ON if parts else _LIST_OPENS).match(gap)
            if quantity.unit != head.unit or not fits:
                break
            parts.append(quantity)
        if len(parts) >= FEWEST_LISTED:
            yield from _listed_sum(book, head.id, [part.id for part in parts])
        position += max(1, len(parts))


def _listed_sum(book: Book, head: str, parts: Sequence[str]) -> Iterator[Equation]:
    whole = book.figures.get(head)
    figures = [figure for each in parts if (figure := book.figures.get(each)) is not None]
    if whole is None or len(figures) < len(parts) or any(figure.value == whole.value for figure in figures):
        return
    gap = whole.value - sum(figure.value for figure in figures)
    words = "".join(book.before(each, 12) for each in (head, *parts))
    sure = abs(gap) * 100 <= whole.value * SMALL_GAP and not _RETIRED.search(words)
    yield Equation(
        LISTED,
        Term(whole, _words_before(book, head)),
        tuple(Term(figure, _words_before(book, figure.id)) for figure in figures),
        soft=not sure,
        unless="列出的类别可能不全",
    )


def _words_before(book: Book, quantity_id: str) -> str:
    words = re.split(r"[，,、。；;：:（(\d]|其中|共有", book.before(quantity_id, 14))[-1]
    return words.strip()
