"""Numbers of things that the same sentence lists by name or by kind."""

import re
from collections.abc import Iterator

from extractor.checking.book import Book
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.wording.places import around
from extractor.documents.numbering import chinese_integer
from schemas.checks import Family, FindingKind, Outcome

NAMES = Rule("list.names", Family.COUNT, "个数与所列名称一致", "as many names as the number says")
SAME_LIST = Rule("list.same", Family.COUNT, "同一组项目的个数前后一致", "one list, one number")

_NUMBER = r"(?P<number>\d{1,2}|[一二三四五六七八九十两]{1,3})"
_WHAT = (
    r"(?P<what>(?:内设|下属|所属|直属|二级|基层|预算|事业|行政|科级|党政管理|教辅|教学)?"
    r"(?:内设机构|机构|科室|处室|股室|部门|单位|事业单位|预算单位|院|学院|系部)(?:（[^（）]{1,4}）)?)"
)
_LIST = r"[,，：:]?(?:具体|主要)?(?:包括|分别(?:是|为)|为|即)[：:]?\s*(?P<list>[^。；;\n]{4,400})(?P<end>[。；;\n])"
_OPENS = re.compile(_NUMBER + r"\s?个" + _WHAT + _LIST)
_OPENS_BEHIND = re.compile(_WHAT + r"(?:共(?:有|计)?|合计)?\s?" + _NUMBER + r"\s?个" + _LIST)
_COUNTS = re.compile(r"[\d一二三四五六七八九十两]\s?[个家]")
_CLOSES = re.compile(
    r"(?:对|将|选取|涉及)(?P<list>[^，。；：:“”（）()\n]{3,40}(?:、[^，。；：:（）()\n]{3,40}){1,10})等\s?"
    + _NUMBER
    + r"\s?个项目"
)
FEWEST_NAMES = 3
"""Nobody names three of four and leaves one out; fewer names of more are examples (…等13个项目)."""

_NOT_NAMES = re.compile(r"\d|其中|以及其他|等$|等[）)]?$")
_GOES_ON = re.compile(r"[，,](?=[均都皆各未无不由为是并且]|全部|以上|上述|目前|没有)")
_INSIDE = re.compile(r"[（(][^（）()]*[)）]")
_BODY = re.compile(r"(?:[科室处股办局部院系馆站队所校会组]|中心|大队|支队|公司)\Z")
_JOINED = re.compile(r"以及|[和及与]")


def lists(book: Book) -> Iterator[Claim]:
    """Every judgement on lists and their numbers."""
    text = book.disclosure.unwrapped.text
    behind = (match for match in _OPENS_BEHIND.finditer(text) if _is_only_count(text, match))
    for match in (*_OPENS.finditer(text), *behind):
        claim = _names(book, match)
        if claim is not None:
            yield claim
    yield from _same_list(book)


def _value(printed: str) -> int | None:
    return int(printed) if printed.isdecimal() else chinese_integer(printed)


def _names(book: Book, match: "re.Match[str]") -> Claim | None:
    """4个内设机构：办公室、…: silent where the list is open (等) or may be parted in several ways."""
    listed, number = _GOES_ON.split(_INSIDE.sub("", match["list"]))[0], _value(match["number"])
    if number is None or _NOT_NAMES.search(listed):
        return None
    names = [name for name in re.split(r"[、，,]", listed) if name.strip()]
    if (len(names) < 2 and number != 1) or any(map(_may_be_two, names)):
        return None
    holds = len(names) == number
    if not holds and match["end"] == "\n":  # the page may break off amid the list
        return None
    what = f"{match['number']}个{match['what']}"
    return Claim(
        NAMES,
        Outcome.EXACT if holds else Outcome.VIOLATED,
        f"{what}与所列{len(names)}个名称" + ("一致" if holds else f"不符：{'、'.join(names)}。"),
        f"{len(names)} names are listed for “{what}”.",
        (around(book.disclosure, *match.span(), 0, 0),),
        kind=FindingKind.ERROR,
        quantities=_counted(book, match),
    )


def _may_be_two(name: str) -> bool:
    """人事科和财务科 may be two names; 政策法规与体制改革科 is one: what stands before the word is no body."""
    return any(_BODY.search(name[: joint.start()]) for joint in _JOINED.finditer(name))


def _is_only_count(text: str, match: "re.Match[str]") -> bool:
    """False where the sentence counts others before: 行政单位1个，事业单位3个，分别为… may list all four."""
    start = max(text.rfind(mark, 0, match.start()) for mark in "。；;\n") + 1
    return _COUNTS.search(text, start, match.start()) is None


def _counted(book: Book, match: "re.Match[str]") -> tuple[str, ...]:
    """The quantity that a number of things is."""
    start = match.start("number")
    return tuple(each for each, span in book.disclosure.spans.items() if span[0] <= start < span[1])


def _same_list(book: Book) -> Iterator[Claim]:
    """The same projects as 等3个项目 here and 等4个项目 there; the number must be that of the names."""
    for match in _CLOSES.finditer(book.disclosure.unwrapped.text):
        number = _value(match["number"])
        names = match["list"].split("、")
        if number is None:
            continue
        others = _numbers_behind(book, match.end())
        holds = number == len(names)
        one_left_out = number == len(names) + 1 and len(names) >= FEWEST_NAMES
        if holds or number < len(names) or one_left_out or (others and others == {len(names)}):
            yield Claim(
                SAME_LIST,
                Outcome.EXACT if holds else Outcome.VIOLATED,
                f"所列{len(names)}个项目与“{match['number']}个项目”" + ("一致" if holds else "不符。"),
                f"{len(names)} projects are listed for “{match['number']}个项目”.",
                (around(book.disclosure, *match.span(), 0, 10),),
                quantities=_counted(book, match),
            )


def _numbers_behind(book: Book, position: int) -> set[int]:
    """The numbers of projects that the rest of the sentence states."""
    text = book.disclosure.unwrapped.text
    sentence = text[position : position + 120].split("。")[0]
    return {int(each) for each in re.findall(r"(\d{1,2})\s?个项目", sentence)}
