"""Words that the document's own figures or words contradict."""

import re
from collections.abc import Iterator

from extractor.checking.book import Book, Entry, changes_of
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.labels import subject_of
from extractor.checking.relations.facts import fund_of
from extractor.checking.wording.places import around, figure_place
from schemas.checks import Family, FindingKind, Outcome

LEVEL = Rule("words.level", Family.DIRECTION, "“基本持平”与增减幅度一致", "nearly unchanged means a small change")
NO_SURPLUS = Rule("words.no_surplus", Family.EQUAL, "“无结余”与年末结转结余一致", "no surplus, no carry-over")
IN_FULL = Rule("words.in_full", Family.COMPLETION, "“足额到位”与批复金额一致", "in full means as approved")
SINGLE_SOURCE = Rule("words.single_source", Family.TAXONOMY, "采购方式用语一致", "single-source is no tender")
PROGRESS = Rule("words.progress", Family.DIRECTION, "执行进度前后一致", "progress is told one way")
NONE = Rule("words.none", Family.EQUAL, "声明没有的项目没有金额", "what is declared absent has no amount")
COMPANY = Rule("words.company", Family.EQUAL, "单位名称前后一致", "one name for one company")
ZERO_LISTED = Rule("words.zero_listed", Family.EQUAL, "所列费用有支出", "expenses listed were spent")

_LEVEL = re.compile(r"^[，,]?(?:但|总体|仍)?(?:[与和同较比][^，,。；;\d]{0,16})?(?:总体|基本)?持平")
_NO_SURPLUS = re.compile(r"(?:年终|年末|年底|当年|本年)[^，。；]{0,6}?无(?:任何)?结[余转](?!分配)[^，。；]{0,4}")
_IN_FULL = re.compile(r"(?<![未没不])足额[、，]?(?:及时)?[、，]?到位|到位(?:及时)?[、，]?足额|及时[、，]足额到位")
_SINGLE_SOURCE = re.compile(r"单一来源[^，。；\n]{0,8}招标[^，。；\n]{0,6}")
_SLOW = re.compile(r"(?:预算|支出)执行进度(?:较|偏|过)?(?:慢|缓慢|滞后)")
_GOOD = re.compile(r"执行进度(?:良好|较好|较快)|执行(?:总体)?进度为100(?:\.0+)?%")
_FORM = re.compile(r"(?:股份|责任)?有限(?:责任)?公司")
_STEM = re.compile(r"[\u4e00-\u9fff]+\Z")
LONGEST_STEM = 24
SMALL_CHANGE = 5
"""Percent: a change of this size or more is not 基本持平."""
SHORTEST_STEM = 6


def contradictions(book: Book) -> Iterator[Claim]:
    """Every judgement on words against figures and words."""
    yield from _level(book)
    yield from _no_surplus(book)
    yield from _in_full(book)
    yield from _single_source(book)
    yield from _progress(book)
    yield from _none(book)
    yield from _companies(book)
    yield from _zero_listed(book)


def _level(book: Book) -> Iterator[Claim]:
    """增长6.88%，与年初预算基本持平."""
    for entry in book.changing:
        for change in changes_of(entry.fields):
            percent = book.figure(change, "percent")
            if percent is None or abs(percent.value) < SMALL_CHANGE or change.direction == "unchanged":
                continue
            match = _LEVEL.match(book.after(percent.id, 30))
            span = book.disclosure.spans.get(percent.id)
            if match and span:
                raw = percent.quantity.raw
                word = "增长" if change.direction == "increase" else "下降"
                yield Claim(
                    LEVEL,
                    Outcome.VIOLATED,
                    f"{subject_of(entry.record)}{word}{raw}，却称“基本持平”。",
                    f"a change of {raw} is called nearly unchanged.",
                    (around(book.disclosure, span[0], span[1] + match.end(), 40, 0),),
                    quantities=(percent.id,),
                    records=(entry.record.id,),
                )


def _no_surplus(book: Book) -> Iterator[Claim]:
    closing = [
        entry
        for entry in book.entries("Carryover", moment="closing")
        if (figure := book.figure(entry.fields, "amount")) is not None and figure.value > 0
    ]
    text = book.disclosure.unwrapped.text
    for match in _NO_SURPLUS.finditer(text) if closing else ():
        amount = book.figure(closing[0].fields, "amount")
        assert amount is not None
        yield Claim(
            NO_SURPLUS,
            Outcome.VIOLATED,
            f"“{match.group()}”与年末结转结余{amount.quantity.raw}矛盾。",
            f"no surplus is declared, but {amount.quantity.raw} is carried over.",
            (around(book.disclosure, *match.span()), figure_place(book.disclosure, amount.id)),
            quantities=(amount.id,),
            records=(closing[0].record.id,),
        )
        return


def _in_full(book: Book) -> Iterator[Claim]:
    """资金足额到位, though less was received than approved."""
    text = book.disclosure.unwrapped.text
    for entry in book.entries("ProjectFunding"):
        approved = book.term(entry, "approved_budget")
        received = book.term(entry, "received") or book.term(entry, "allocated")
        if approved is None or received is None or received.figure.value >= approved.figure.value:
            continue
        places = [match for match in _IN_FULL.finditer(text) if _same_report(book, entry, match.start())]
        if places:
            yield Claim(
                IN_FULL,
                Outcome.VIOLATED,
                f"称资金足额到位，但到位{received.figure.quantity.raw}少于批复{approved.figure.quantity.raw}。",
                f"said to be in full, but {received.figure.quantity.raw} is less than {approved.figure.quantity.raw}.",
                (
                    *(around(book.disclosure, *match.span()) for match in places[:2]),
                    figure_place(book.disclosure, approved.id),
                    figure_place(book.disclosure, received.id),
                ),
                quantities=(approved.id, received.id),
                records=(entry.record.id,),
            )
            return


def _same_report(book: Book, entry: Entry, position: int) -> bool:
    """True when a place stands in the same report as a record: under the same headings down to the second."""
    node = book.disclosure.section_at(position)
    return node.path[:2] == book.path(entry)[:2]


def _single_source(book: Book) -> Iterator[Claim]:
    found = list(_SINGLE_SOURCE.finditer(book.disclosure.unwrapped.text))
    if found:
        yield Claim(
            SINGLE_SOURCE,
            Outcome.VIOLATED,
            "单一来源采购不是招标：“单一来源…招标”用语有误。",
            "a single-source purchase is no tender.",
            tuple(around(book.disclosure, *match.span()) for match in found[:3]),
        )


def _progress(book: Book) -> Iterator[Claim]:
    text = book.disclosure.unwrapped.text
    slow, good = _SLOW.search(text), _GOOD.search(text)
    if slow and good:
        yield Claim(
            PROGRESS,
            Outcome.VIOLATED,
            f"“{slow.group()}”与“{good.group()}”矛盾。",
            f"“{slow.group()}” contradicts “{good.group()}”.",
            (around(book.disclosure, *slow.span()), around(book.disclosure, *good.span())),
        )


_DECLARED = (
    ("BudgetTotal", ("scope",)),
    ("OfficialExpense", ("item", "source")),
    ("Procurement", ()),
    ("PurchasedServices", ()),
    ("OperatingExpense", ()),
)
"""Record types that declare that there is none, and the fields that say of what."""


def _none(book: Book) -> Iterator[Claim]:
    for record_type, subject in _DECLARED:
        for absent in book.entries(record_type, declared_none="yes"):
            for entry in book.entries(record_type):
                figure = book.figure(entry.fields, "amount")
                same = all(absent.get(name) == entry.get(name) for name in subject)
                partial = _is_partial(absent) or _is_of_part(book, absent, entry)
                if same and figure is not None and figure.value > 0 and not partial:
                    yield _none_claim(book, absent, entry, figure.id, figure.quantity.raw)
                    return


def _is_partial(absent: Entry) -> bool:
    """A total of revenue that is declared absent says nothing of expenditure."""
    return absent.record.type == "BudgetTotal" and absent.get("side") not in (None, "both")


def _is_of_part(book: Book, absent: Entry, entry: Entry) -> bool:
    """政府性基金预算财政拨款“三公”经费: what a heading narrows to one budget is not absent from the others; nor does a
    section deny what it states itself (国有资本经营预算财政拨款无支出 beside the amount of the others)."""
    if absent.section == entry.section:
        return True
    own, other = (fund_of((book.path(each) or ("",))[-1]) for each in (absent, entry))
    return (
        own is not None and own != other and own != entry.text("scope" if "scope" in vars(entry.fields) else "source")
    )


def _none_claim(book: Book, absent: Entry, entry: Entry, quantity_id: str, raw: str) -> Claim:
    name = subject_of(entry.record)
    node = next((each for each in book.disclosure.sections if each.id == absent.section), None)
    places = [figure_place(book.disclosure, quantity_id)]
    if node is not None and node.own_end > node.start:
        first = node.heading.end if node.heading and node.heading.end < node.own_end else node.start
        places.insert(0, around(book.disclosure, first, min(first + 40, node.own_end), 0, 0))
    return Claim(
        NONE,
        Outcome.VIOLATED,
        f"一处称没有{name}，另一处为{raw}。",
        f"{name} is declared absent in one place and {raw} in another.",
        tuple(places),
        kind=FindingKind.ERROR,
        quantities=(quantity_id,),
        records=(absent.record.id, entry.record.id),
    )


def _companies(book: Book) -> Iterator[Claim]:
    """One company as 有限公司 and as 股份有限公司."""
    forms: dict[str, dict[str, tuple[int, int]]] = {}
    text = book.disclosure.unwrapped.text
    for match in _FORM.finditer(text):  # the form first: it is rare, and Chinese characters are not
        before = _STEM.search(text, max(0, match.start() - LONGEST_STEM), match.start())
        if before:
            stem = before.group()[-SHORTEST_STEM:]
            forms.setdefault(stem, {}).setdefault(match.group(), (before.start(), match.end()))
    for stem, found in forms.items():
        if len(stem) == SHORTEST_STEM and len(found) > 1:
            names = "、".join(f"“{stem}{form}”" for form in found)
            yield Claim(
                COMPANY,
                Outcome.VIOLATED,
                f"同一单位名称前后不一：{names}。",
                f"one company under two names: {names}.",
                tuple(around(book.disclosure, *span, 4, 2) for span in found.values()),
            )


_ZERO_ITEMS = (("abroad", re.compile(r"因公出国[（(]境[)）]费用?")), ("reception", re.compile(r"公务接待费")))
_LISTED = re.compile(r"(?:商品和服务支出|公用经费)[^。]{0,20}?(?:包括|包含)[：:]?(?P<list>[^。；]{20,400})")


def _zero_listed(book: Book) -> Iterator[Claim]:
    """公用经费包括…因公出国（境）费…, where the three public expenses say that nothing was spent on it."""
    zero = {
        entry.text("item"): figure
        for entry in book.entries("OfficialExpense")
        if (figure := book.figure(entry.fields, "amount")) is not None and figure.value == 0
    }
    spent = {
        entry.text("item")
        for entry in book.entries("OfficialExpense")
        if (figure := book.figure(entry.fields, "amount")) is not None and figure.value
    }
    match = _LISTED.search(book.disclosure.unwrapped.text)
    if match is None or re.search(r"\d", match["list"]):
        return
    found = [
        (item, hit) for item, name in _ZERO_ITEMS if item in zero.keys() - spent and (hit := name.search(match["list"]))
    ]
    if found:
        offset = match.start("list")
        names = "、".join(f"“{hit.group()}”" for _, hit in found)
        yield Claim(
            ZERO_LISTED,
            Outcome.VIOLATED,
            f"基本支出列有{names}，但“三公”经费中该项为0。",
            f"{names} is listed among basic expenditure, but nothing was spent on it.",
            (
                *(around(book.disclosure, offset + hit.start(), offset + hit.end(), 6, 8) for _, hit in found),
                *(figure_place(book.disclosure, zero[item].id, 24, 0) for item, _ in found),
            ),
            quantities=tuple(zero[item].id for item, _ in found),
        )
