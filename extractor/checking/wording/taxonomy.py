"""Names of classes, sections and items against the official classification and the document itself."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.checking.book import Book, Entry
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.evidence import Stretch, narrative_stretch
from extractor.checking.figures import Figure
from extractor.checking.wording.names import economic_names, is_official_name
from extractor.checking.wording.near import NearMiss, near_misses
from extractor.checking.wording.places import around, figure_place
from extractor.checking.wording.traditional import TRADITIONAL
from extractor.classification import (
    PartVerdict,
    PathStatus,
    check_code,
    check_path,
    functional,
    name_key,
)
from schemas.checks import Family, Outcome

PATH = Rule("taxonomy.path", Family.TAXONOMY, "类、款、项与政府收支分类科目一致", "path of the official classification")
SUFFIX = Rule("taxonomy.suffix", Family.TAXONOMY, "类级科目名称完整", "class names in full")
CODE = Rule("taxonomy.code", Family.TAXONOMY, "科目编码与名称一致", "code and name agree")
TWICE = Rule("taxonomy.twice", Family.TAXONOMY, "同一科目不重复列示", "no item is listed twice")
DEFINITION = Rule("taxonomy.definition", Family.TAXONOMY, "不同科目的释义不同", "each term has its own definition")
MISPRINT = Rule("taxonomy.misprint", Family.TAXONOMY, "科目和用语没有错字", "no misprinted name")

SET_PHRASES = (
    "国有资产占有使用",
    "国有资产占用使用",
    "国有资产占用情况",
    "机关运行经费",
    "政府采购支出",
    "政府购买服务",
    "公务接待费支出",
    "公务用车运行维护费",
    "政府性基金预算",
    "国有资本经营预算",
    "财政拨款收入",
    "预算绩效管理",
    "授予中小企业合同金额",
)
"""Terms that official templates fix for every disclosure."""

_PATH = re.compile(
    r"(?P<class>[\u4e00-\u9fff、（）()]{2,24}?)\s*[（(]\s*类\s*[)）]\s*(?P<section>[\u4e00-\u9fff、（）()]{2,28}?)\s*[（(]\s*款\s*[)）]"
    r"(?:\s*(?P<item>[\u4e00-\u9fff、（）()]{2,30}?)\s*[（(]\s*项\s*[)）])?"
)
_CLASS_MARK = re.compile(r"[（(]\s*类\s*[)）]")
LONGEST_CLASS = 26
LONGEST_REST = 80
_WRONG = (PathStatus.WRONG_PARENT, PathStatus.NAME_DIFFERS, PathStatus.WRONG_CODE)
_LEVELS = ("类", "款", "项")
_NUMBERING = re.compile(r"^[（(]?[\d一二三四五六七八九十]+[）)、.．]\s*")
_WHOLE_CLASS = re.compile(r"^反映政府在[^。]{2,16}方面的支出。?$")
SHORTEST_DEFINITION = 12


@dataclass(frozen=True, slots=True)
class PrintedPath:
    """A path as printed: the names of class, section and item, and its place in the unwrapped text."""

    names: tuple[str | None, str | None, str | None]
    start: int
    end: int


def taxonomy(book: Book) -> Iterator[Claim]:
    """Every judgement on names of the classification."""
    paths = _printed_paths(book)
    yield from _paths(book, paths)
    yield from _codes(book)
    yield from _listed_twice(book)
    yield from _definitions(book)
    yield from _misprints(book)


def _printed_paths(book: Book) -> list[PrintedPath]:
    """Every path X（类）Y（款）Z（项） of the narrative."""
    found = []
    text, end = book.disclosure.unwrapped.text, 0
    for level in _CLASS_MARK.finditer(text):  # the mark first: matching names at every character took a tenth of all
        match = _PATH.search(text, max(end, level.start() - LONGEST_CLASS), level.end() + LONGEST_REST)
        if match is None:
            continue
        end = match.end()
        class_name = _NUMBERING.sub("", match["class"].strip("）)、"))
        start = match.start() + match.group().find(class_name)
        found.append(PrintedPath((class_name, match["section"], match["item"]), start, match.end()))
    return found


def _paths(book: Book, paths: Sequence[PrintedPath]) -> Iterator[Claim]:
    """One finding a wrong name: the same mistake in the list and in the glossary is one.

    A class without its closing 支出 is one where the document prints it in full elsewhere: some regions never do.
    """
    text = book.disclosure.unwrapped.text
    wrong: dict[tuple[str, str], list[tuple[PrintedPath, PartVerdict, PathStatus]]] = defaultdict(list)
    suffix: list[tuple[PrintedPath, str]] = []
    for path in paths:
        verdict = check_path(*path.names, year=book.year)
        if verdict.status is PathStatus.OK:
            words = "".join(f"{name}（{level}）" for name, level in zip(path.names, _LEVELS, strict=True) if name)
            yield Claim(PATH, Outcome.EXACT, f"{words}与政府收支分类科目一致", f"{words} is an official path")
        for part in verdict.parts:
            if part.only_lacks_suffix:
                if f"{part.printed}支出" in text:
                    suffix.append((path, part.printed))
            elif part.status in _WRONG and part.official is not None:
                wrong[part.printed, part.official.name].append((path, part, part.status))
    for (printed, official), found in wrong.items():
        yield _path_claim(book, printed, official, found)
    if suffix:
        yield _suffix_claim(book, suffix)


def _path_claim(
    book: Book, printed: str, official: str, found: Sequence[tuple[PrintedPath, PartVerdict, PathStatus]]
) -> Claim:
    path, part, status = found[0]
    places = tuple(around(book.disclosure, each.start, each.end, 4, 0) for each, _, _ in found[:4])
    if status is PathStatus.WRONG_PARENT and part.official is not None:
        parent = _parent_name(part)
        zh = f"“{printed}”不属于所写的上级科目“{_above(path, part)}”，按政府收支分类科目应列在“{parent}”下。"
        en = f"“{printed}” belongs under “{parent}”, not under “{_above(path, part)}”."
        return Claim(PATH, Outcome.VIOLATED, zh, en, places, suggested=parent)
    zh = f"科目名称“{printed}”应为“{official}”。"
    return Claim(PATH, Outcome.VIOLATED, zh, f"“{printed}” should read “{official}”.", places, suggested=official)


def _above(path: PrintedPath, part: PartVerdict) -> str:
    names = [name for name in path.names if name]
    at = names.index(part.printed) if part.printed in names else len(names) - 1
    return names[at - 1] if at else ""


def _parent_name(part: PartVerdict) -> str:
    parent = functional(part.official.parent_code) if part.official else None
    return parent.name if parent else ""


def _suffix_claim(book: Book, found: Sequence[tuple[PrintedPath, str]]) -> Claim:
    names = list(dict.fromkeys(name for _, name in found))
    first = {name: path for path, name in reversed(found)}
    places = tuple(around(book.disclosure, first[name].start, first[name].end, 4, 0) for name in names[:6])
    listed = "、".join(f"“{name}”" for name in names)
    return Claim(
        SUFFIX,
        Outcome.VIOLATED,
        f"科目名称不完整：{listed}缺“支出”二字，共{len(found)}处。",
        f"names without their closing 支出: {listed}.",
        places,
    )


def _codes(book: Book) -> Iterator[Claim]:
    """Terms of the glossary printed with their code."""
    for entry in book.entries("GlossaryTerm"):
        code, term = entry.text("code"), entry.text("term")
        if not re.fullmatch(r"\d{3}(?:\d\d){0,2}", code) or not term:
            continue
        verdict = check_code(code, term, book.year)
        if verdict.official is None or verdict.status is PathStatus.UNKNOWN:
            continue
        renamed_here = verdict.status is PathStatus.RENAMED and verdict.official.name in book.disclosure.unwrapped.text
        wrong = verdict.status in _WRONG or renamed_here
        zh = (
            f"编码{code}的科目名称“{term}”应为“{verdict.official.name}”。" if wrong else f"编码{code}与名称“{term}”一致"
        )
        en = f"code {code} is “{verdict.official.name}”, not “{term}”." if wrong else f"{code} is {term}"
        place = _term_place(book, entry, f"{term}（{code}）")
        yield Claim(
            CODE,
            Outcome.VIOLATED if wrong else Outcome.EXACT,
            zh,
            en,
            (place,) if place else (),
            records=(entry.record.id,),
            suggested=verdict.official.name if wrong else None,
        )


def _term_place(book: Book, entry: Entry, words: str) -> Stretch | None:
    """Where a term stands in the glossary: with its code or definition behind it if it is printed so."""
    text = book.disclosure.unwrapped.text
    start = text.find(words)
    if start >= 0:
        return narrative_stretch(book.disclosure, start, start + len(words))
    span = entry.record.places.get("term")
    start, end = book.disclosure.unwrapped.span(*span) if span else (0, 0)
    return around(book.disclosure, start, end, 0, 12) if end > start else None


_CLAUSE_END = re.compile(r"[，,、；;。\n]")


def _listed_twice(book: Book) -> Iterator[Claim]:
    """The same path twice in one list with different amounts: one of the two names is wrong."""
    held: dict[tuple[str, ...], Entry] = {}
    for entry in book.entries("FunctionalExpenditure"):
        key = tuple(name_key(entry.text(name)) for name in ("class_name", "section_name", "item_name"))
        amount = book.figure(entry.fields, "amount")
        if not all(key) or amount is None:
            continue
        first = held.setdefault((*key, _list_of(book, entry)), entry)
        other = book.figure(first.fields, "amount")
        if other is None or other.value == amount.value or not _is_named_between(book, entry, other, amount):
            continue  # “项”257万元，…支出决算为245万元 tells of one line twice
        places = tuple(_item_place(book, each) for each in (first, entry))
        yield Claim(
            TWICE,
            Outcome.VIOLATED,
            f"“{entry.text('item_name')}（项）”列了两次（{other.quantity.raw}、{amount.quantity.raw}），其中一处科目名称有误。",
            f"“{entry.text('item_name')}” is listed twice with different amounts.",
            places,
            quantities=(other.id, amount.id),
            records=(first.record.id, entry.record.id),
        )


def _is_named_between(book: Book, entry: Entry, one: Figure, other: Figure) -> bool:
    """True when the item is printed again between two amounts: behind what is said of the first (845万元为职业培训补贴，
    2430万元为…), and as a name of its own (not in 一般行政运行所需经费)."""
    words = book.between(*((one.id, other.id) if one.quantity.start < other.quantity.start else (other.id, one.id)))
    _, *behind = _CLAUSE_END.split(re.sub(r"\s", "", words), maxsplit=1)
    name = re.compile(re.escape(entry.text("item_name")) + r"(?![\u4e00-\u9fff])")
    return any(name.search(each) for each in behind)


def _list_of(book: Book, entry: Entry) -> str:
    return "/".join(book.path(entry)[:2])


def _item_place(book: Book, entry: Entry) -> Stretch:
    """From the path's last name to the amount."""
    amount = book.figure(entry.fields, "amount")
    assert amount is not None
    place = entry.record.places.get("item_name")
    span = book.disclosure.spans.get(amount.id)
    if place is None or span is None:
        return figure_place(book.disclosure, amount.id)
    start, _ = book.disclosure.unwrapped.span(*place)
    return narrative_stretch(book.disclosure, min(start, span[0]), span[1])


def _definitions(book: Book) -> Iterator[Claim]:
    """Two items with one definition, or an item with the definition of its whole class."""
    by_definition: dict[str, list[Entry]] = defaultdict(list)
    for entry in book.entries("GlossaryTerm"):
        definition = re.sub(r"\s", "", entry.text("definition"))
        if "项）" in entry.text("term") and _WHOLE_CLASS.match(definition) and len(definition) >= SHORTEST_DEFINITION:
            by_definition[definition].append(entry)
    for definition, entries in by_definition.items():
        terms = "、".join(f"“{_item_of(entry.text('term'))}”" for entry in entries)
        places = [_term_place(book, entry, entry.text("term") + definition) for entry in entries]
        yield Claim(
            DEFINITION,
            Outcome.VIOLATED,
            f"{terms}（项）的释义“{definition}”是整个类级科目的释义。",
            f"the definition of {terms} is that of the whole class.",
            tuple(place for place in places if place),
            records=tuple(entry.record.id for entry in entries),
        )


def _item_of(term: str) -> str:
    match = _PATH.search(term)
    return match["item"] or term if match else term


def _misprints(book: Book) -> Iterator[Claim]:
    """Names one character off: those the document prints right elsewhere, official economic items, set phrases."""
    text = book.disclosure.unwrapped.text
    own = {
        name
        for entry in book.entries("FunctionalExpenditure")
        for field in ("class_name", "section_name", "item_name")
        if (name := entry.text(field)) and is_official_name(name)
    }
    found: dict[tuple[str, str], list[NearMiss]] = defaultdict(list)
    candidates = (
        *near_misses(text, own),
        *near_misses(text, economic_names(), shortest=8, tail=2),
        *near_misses(text, SET_PHRASES),
    )
    for miss in candidates:
        if not is_official_name(miss.printed) and not re.search(f"[{TRADITIONAL}]", miss.printed):
            found[miss.printed, miss.meant].append(miss)
    for (printed, meant), misses in found.items():
        yield Claim(
            MISPRINT,
            Outcome.VIOLATED,
            f"“{printed}”疑为“{meant}”之误，共{len(misses)}处。",
            f"“{printed}” is probably a misprint of “{meant}”.",
            tuple(around(book.disclosure, miss.start, miss.end) for miss in misses[:4]),
            suggested=meant,
        )
