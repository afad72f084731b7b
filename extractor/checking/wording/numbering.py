"""Numbering of headings and lists: a number twice, a number missing, another style in between."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.checking.book import Book
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.evidence import Stretch
from extractor.checking.wording.places import around, around_loaded
from extractor.documents.numbering import marker_of
from extractor.documents.sections import SectionNode
from schemas.checks import Family, Outcome

LISTS = Rule("numbering.list", Family.COUNT, "编号连续", "the numbering of a list runs on")
HEADINGS = Rule("numbering.headings", Family.COUNT, "标题编号连续", "the numbering of headings runs on")
STYLE = Rule("numbering.style", Family.COUNT, "编号标点一致", "a list is numbered in one style")
BARE = Rule("numbering.bare", Family.COUNT, "编号形式一致", "a number printed without its brackets")
GOALS = Rule("numbering.goals", Family.COUNT, "绩效目标编号连续", "goals are numbered from one")

_ITEM = re.compile(
    r"(?:(?<=[。；;：:！\n])|^)\s*(?:[（(](?P<paren>\d{1,2})[)）]|(?P<dot>\d{1,2})(?P<mark>[.、．])(?!\d))"
)
_BARE_TITLE = re.compile(r"^[ \t]*(?P<number>\d{1,2})[ \t]*(?P<title>[\u4e00-\u9fff]{3,14})[ \t]*$", re.MULTILINE)
_GOAL = re.compile(r"目标\s*(?P<number>\d)\s*[：:]")
SHORTEST_STYLED = 6
"""Fewer items tell no style."""


@dataclass(frozen=True, slots=True)
class Item:
    """A number in a list: its style (paren or dot), its punctuation, its place in the unwrapped text."""

    number: int
    style: str
    mark: str
    start: int
    end: int


def numbering(book: Book) -> Iterator[Claim]:
    """Every judgement on numbering."""
    for node in book.disclosure.sections:
        for items in _lists(book, node):
            yield from _list(book, items)
    yield from _headings(book)
    yield from _goals(book)


def _lists(book: Book, node: SectionNode) -> list[list[Item]]:
    """The lists of a section's own text: items of one style whose numbers do not start anew."""
    text = book.disclosure.unwrapped.text[node.start : node.own_end]
    skipped = node.heading.end - node.start if node.heading else 0
    lists: dict[str, list[list[Item]]] = {"paren": [], "dot": []}
    for match in _ITEM.finditer(text, skipped):
        style = "paren" if match["paren"] else "dot"
        number = int(match[style])
        item = Item(number, style, match["mark"] or "", node.start + match.start(), node.start + match.end())
        runs = lists[style]
        if not runs or number == 1 or number < runs[-1][-1].number:
            runs.append([])
        runs[-1].append(item)
        if style == "dot":
            lists["paren"].append([])  # (1) under the next 2. starts a new list
    return [run for runs in lists.values() for run in runs if len(run) >= 2]


def _list(book: Book, items: Sequence[Item]) -> Iterator[Claim]:
    fine = True
    for before, item in pairwise(items):
        if item.number == before.number:
            fine = False
            yield _twice(book, before, item)
        elif item.number > before.number + 1 and not _printed_between(book, before, item):
            fine = False
            yield _missing(book, before, item)
    if items[0].number == 2 and not _first_is_printed(book, items[0]):
        fine = False
        yield _no_first(book, items)
    yield from _style(book, items)
    if fine and len(items) >= 3 and items[0].number == 1:
        yield Claim(LISTS, Outcome.EXACT, f"编号{items[0].number}—{items[-1].number}连续", "the numbering runs on")


def _place(book: Book, item: Item) -> Stretch:
    return around(book.disclosure, item.start, item.end, 0, 24)


def _printed(book: Book, item: Item) -> str:
    return book.disclosure.unwrapped.text[item.start : item.end].strip()


def _twice(book: Book, before: Item, item: Item) -> Claim:
    printed = _printed(book, item)
    return Claim(
        LISTS,
        Outcome.VIOLATED,
        f"编号{printed}出现两次，第二个应为{printed.replace(str(item.number), str(item.number + 1))}。",
        f"the number {printed} stands twice in one list.",
        (_place(book, before), _place(book, item)),
    )


def _missing(book: Book, before: Item, item: Item) -> Claim:
    first, second = _printed(book, before), _printed(book, item)
    return Claim(
        LISTS,
        Outcome.VIOLATED,
        f"编号从{first}跳到{second}，中间缺号。",
        f"the numbering jumps from {first} to {second}.",
        (_place(book, before), _place(book, item)),
    )


def _no_first(book: Book, items: Sequence[Item]) -> Claim:
    start = items[0].start
    text = book.disclosure.unwrapped.text
    paragraph = text.rfind("\n", 0, max(0, start - 1)) + 1
    sentence = max(paragraph, text.rfind("。", 0, start) + 1)
    lead = around(book.disclosure, sentence, min(sentence + 30, start), 0, 0)
    second = _printed(book, items[0])
    return Claim(
        LISTS,
        Outcome.VIOLATED,
        f"编号从{second}开始，缺{second.replace('2', '1')}。",
        f"the numbering starts at {second}.",
        (lead, _place(book, items[0])),
    )


def _printed_between(book: Book, before: Item, item: Item) -> bool:
    """True when the missing number stands somewhere between, in whatever form."""
    unwrapped = book.disclosure.unwrapped
    between = book.disclosure.loaded.text[unwrapped.source(before.end - 1) : unwrapped.source(item.end - 1)]
    return bool(re.search(rf"(?<![\d.]){before.number + 1}\s*[.、．)）]|第\s*{before.number + 1}", between))


def _first_is_printed(book: Book, item: Item) -> bool:
    """True when a 1 in any form stands in the paragraphs before, up to the heading above; so does a text that
    begins in the middle of a section."""
    disclosure = book.disclosure
    node = disclosure.section_at(item.start)
    if node.heading is None:
        return True
    start = disclosure.unwrapped.source(node.start)
    before = disclosure.loaded.text[start : disclosure.unwrapped.source(item.end - 1)]
    if node.heading and marker_of(node.heading.text or "") is not None and node.heading.level >= 4:
        return True
    return bool(re.search(r"(?<![\d.])1\s*[.、．)）](?!\d)|[（(]\s*1\s*[)）]|①|第一|一是|首先", before)) or not _leads(
        before
    )


def _leads(before: str) -> bool:
    """True when the text before speaks of figures, as the unnumbered first item of a list of figures does."""
    return bool(re.search(r"\d\s*(?:万元|元|%|％)", before))


def _style(book: Book, items: Sequence[Item]) -> Iterator[Claim]:
    """12、 between 11. and 13.: the odd ones out of a numbered list."""
    if items[0].style != "dot" or len(items) < SHORTEST_STYLED:
        return
    dots = [item for item in items if item.mark in ".．"]
    commas = [item for item in items if item.mark == "、"]
    odd, usual = (commas, dots) if len(commas) < len(dots) else (dots, commas)
    if odd and len(odd) * 3 <= len(usual):
        numbers = "、".join(str(item.number) for item in odd)
        yield Claim(
            STYLE,
            Outcome.VIOLATED,
            f"编号{numbers}后用“{odd[0].mark}”，同一列表其余编号用“{usual[0].mark}”，标点不一致。",
            f"the numbers {numbers} are punctuated unlike the others of the list.",
            (*(_place(book, item) for item in odd[:3]), _place(book, usual[0])),
        )


def _headings(book: Book) -> Iterator[Claim]:
    """Headings under one parent: numbered in a row, no number twice."""
    siblings: dict[tuple[str | None, int], list[SectionNode]] = {}
    for node in book.disclosure.sections:
        if node.heading and node.heading.marker and node.heading.marker.number is not None:
            siblings.setdefault((node.parent, node.heading.marker.style), []).append(node)
    for nodes in siblings.values():
        for before, node in pairwise(nodes):
            yield from _heading_pair(book, before, node)
        yield from _bare_heading(book, nodes)
        if len(nodes) >= 3 and [_number(node) for node in nodes] == list(range(1, len(nodes) + 1)):
            zh = f"标题编号1—{len(nodes)}连续"
            yield Claim(HEADINGS, Outcome.EXACT, zh, "the numbering of headings runs on")


def _number(node: SectionNode) -> int:
    number = node.heading.marker.number if node.heading and node.heading.marker else None
    return number or 0


def _heading_pair(book: Book, before: SectionNode, node: SectionNode) -> Iterator[Claim]:
    first, second = _number(before), _number(node)
    if before.heading is None or node.heading is None or node.heading.marker is None:
        return
    if second == first and first > 1 and before.heading.text != node.heading.text:
        printed = node.heading.marker.text
        yield Claim(
            HEADINGS,
            Outcome.VIOLATED,
            f"标题编号{printed}出现两次：“{before.heading.text}”与“{node.heading.text}”。",
            f"two headings are numbered {printed}.",
            (_heading_place(book, before), _heading_place(book, node)),
        )


def _heading_place(book: Book, node: SectionNode) -> Stretch:
    assert node.heading is not None
    return around(book.disclosure, node.heading.start, node.heading.end, 0, 0)


def _bare_heading(book: Book, nodes: Sequence[SectionNode]) -> Iterator[Claim]:
    """（1）准备阶段, （2）实施阶段, then `3 总结阶段` on a line of its own: the brackets are missing."""
    last = nodes[-1]
    if len(nodes) < 2 or last.heading is None or last.heading.marker is None or last.heading.marker.level < 4:
        return
    unwrapped, loaded = book.disclosure.unwrapped, book.disclosure.loaded
    start = unwrapped.source(last.heading.end - 1)
    end = unwrapped.source(last.end - 1) if last.end > last.start else start
    ending = last.heading.text[-2:]
    for match in _BARE_TITLE.finditer(loaded.text, start, end + 1):
        if int(match["number"]) == _number(last) + 1 and match["title"].endswith(ending):
            meant = last.heading.marker.text.replace(str(_number(last)), match["number"])
            yield Claim(
                BARE,
                Outcome.VIOLATED,
                f"“{match['number']} {match['title']}”的编号应为“{meant}{match['title']}”，与前面各项一致。",
                f"the number of “{match['title']}” lacks the form of its siblings ({meant}).",
                (around_loaded(book.disclosure, match.start("number"), match.end()), _heading_place(book, last)),
            )


def _goals(book: Book) -> Iterator[Claim]:
    """目标2 behind no 目标1."""
    previous = 0
    seen: set[str] = set()
    text = book.disclosure.loaded.text
    for match in _GOAL.finditer(text):
        number, words = int(match["number"]), text[match.end() : match.end() + 20]
        if number == 2 and previous != 1 and words not in seen:
            seen.add(words)  # a table that runs over a page prints the goal again
            yield Claim(
                GOALS,
                Outcome.VIOLATED,
                "绩效目标只有“目标2”，缺“目标1”。",
                "there is a second goal and no first.",
                (around_loaded(book.disclosure, match.start(), match.end()),),
            )
        previous = number
