"""Every printed figure of the narrative: what it says, in which unit, and where it stands.

One pass of one scanner over the unwrapped text; `extractor.documents.contexts` then decides which figures
are no facts of their own. List numbering at the start of a paragraph or in brackets is no quantity.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from extractor.documents.numbering import marker_of
from extractor.documents.numerals import (
    CHINESE_NUMBER,
    NUMBER,
    chinese_decimal,
    decimal_of,
    decimals_of,
    half_width,
)
from schemas.quantities import Bound, ContextKind, QuantityKind

MEASURE_WORDS = (
    "台（套）|台(套)|台套|台/套|个（套）|个(套)|套（台）|辆（台）|批（次）|人次|人日|批次|场次|车次|班次|户次|家次|件次|例次|门次|点位|标段|"
    "课时|学时|小时|分钟|个月|个工作日|工作日|平方米|平方公里|立方米|公里|千米|公顷|公斤|千克|瓦时|瓦|分贝|摄氏度|℃|毫米|厘米|标准件|"
    "个|项|家|户|所|处|座|栋|幢|间|套|台|辆|艘|架|部|件|份|篇|条|次|场|期|批|名|人|位|例|起|宗|笔|本|册|张|幅|块|片|支|枚|"
    "头|株|棵|口|斤|盏|顶|组|团|队|门|节|班|天|日|周(?!年)|米|亩|吨|轮|元/人|床|兆|年|月|岁|类|级|层|版|款|号|秒|倍|‰"
)
_RATES = (
    r"(?:[百千万亿]+)?元/(?:人|户|亩|年|月|天|日|次|件|个|座|辆|台|套|间|床|吨|公里|千米|公顷|平方米|㎡|立方米|课时|学时)(?:[·/](?:年|月|天|日|次))?|"
    r"(?:mg|μg|ug|kg|g|毫克|微克|千克|公斤|克|吨)/(?:m³|m3|L|kg|升|立方米|千克|公斤|亩|公顷|人|万元)"
)
"""What something costs or holds by another unit: 1.5万元/公顷, 0.86mg/L, 33微克/立方米."""
_CHINESE_MEASURES = "个百分点|个|项|家|户|所|处|座|间|套|台|辆|部(?![分门署委级])|件|份|篇|条|次|场|批|名|人(?![民大社事力文均才])|位|例|起|笔|本|册|张|组"

_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

_MEASURES = MEASURE_WORDS.replace("(", r"\(").replace(")", r"\)")

_SCANNER = re.compile(
    rf"""
      (?P<date>
          (?:(?<!\d)(?:19|20)\d\d|(?<!\d)[12]\d)\s?年(?:度(?!假)|\d{{1,2}}月(?:\d{{1,2}}日)?)?
        | (?<![\d.])\d{{1,2}}月(?:\d{{1,2}}日)?
        | (?<!\d)(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:[0-2]?\d|3[01])(?!\d)
        | 二[〇○零Oo０0][一二三四五六七八九〇○零Oo０0]{{2}}年(?:度|[一二三四五六七八九十]{{1,3}}月(?:[一二三四五六七八九十]{{1,3}}日)?)?
      )
    | (?P<code>[（(]\d{{3}}(?:\d\d){{0,2}}[）)]|[“"]2\d{{2}}(?:\d\d){{0,2}}[”"])
    | (?P<number>{NUMBER})
      (?P<scale>(?:[十百千万亿]+(?![元美港欧])(?=\D))?)
      (?P<more>[余多几]?)
      (?P<unit>{_RATES}|(?:[百千万亿]+)?元(?!素|件|旦)|%|个百分点|百分点|分(?![之钟别类公配子级项期批局院校行布析支管会\d])|(?:{_MEASURES}))?
    | (?P<chinese>(?<![一二三四五六七八九十百千两零第]){CHINESE_NUMBER})(?P<chinese_more>[余多]?)(?P<measure>{_CHINESE_MEASURES})
    | 第(?P<ordinal>{CHINESE_NUMBER}(?:{_CHINESE_MEASURES}))
    """,
    re.VERBOSE,
)
_BEGINS = re.compile(r"[\d一二三四五六七八九十百千两第（(“\"]")
"""What any figure begins with. Trying the scanner at every character took three times as long."""

_INLINE_NUMBERING = re.compile(r"[（(]\d{1,2}[）)]|(?<=[。；;：:！])\d{1,2}[.、．](?!\d)|(?<=[。；;：:\n])\d{1,2}[)）]")
_SIGN = re.compile(r"(?:^|[为减少增长加降低了到：:，,(（是额率=＝])-$")
_AT_LEAST_BEFORE = re.compile(r"(?:不少于|不低于|不小于|至少|大于等于|(?<!不)(?:超过|多于|高于|大于)|[≥>＞])$")
_AT_MOST_BEFORE = re.compile(r"(?:不超过|不高于|不多于|不大于|至多|小于等于|(?<!不)(?:低于|少于|小于)|控制在|[≤<＜])$")
_AT_LEAST_AFTER = re.compile(r"^(?:[（(]含[)）])?(?:及)?以上")
_AT_MOST_AFTER = re.compile(r"^(?:[（(]含[)）])?(?:及)?(?:以内|以下|之内)")
_ABOUT_BEFORE = re.compile(r"(?:(?<![节合])约|大约|近|将近|约为)$")
_ABOUT_AFTER = re.compile(r"^(?:左右|上下)")
# words that only look like a counted thing: 一个 in 一个百分点 is caught by its own unit, these are phrases
_NOT_COUNTED = re.compile(
    r"(?:一(?:部(?:分|门|署)|项(?:项|目标)|件(?:事|件)|次次|个个|条(?:龙|线)|场场|批批|组织|本正|级)|两(?:个维护|个确立|会|条线)|"
    r"三(?:个(?:代表|务必)|重一大|项(?:制度|纪律)|级)|四(?:个(?:意识|自信|全面|革命)|套班子)|五(?:位一体|级)|十(?:个部)|"
    r"八(?:项规定)|六(?:项措施|个方面的)|一(?:人之|家之|起(?!案|事))|千(?:家万户|人计)|万(?:人计)|百(?:家争|件)|双)"
)


LONGEST_NUMBER = 30
"""More characters than this are no figure (the largest amounts take 20), but an identifier or damage."""


@dataclass(frozen=True)
class Mention:
    """A printed figure: its stretch of the unwrapped text and what it says."""

    start: int
    end: int
    raw: str
    kind: QuantityKind
    value: Decimal | None = None
    unit: str | None = None
    decimals: int = 0
    yuan: Decimal | None = None
    date: str | None = None
    bound: Bound | None = None
    context: ContextKind | None = None


def find_mentions(text: str) -> list[Mention]:
    """Every printed figure of an unwrapped text, in order. Contexts are not decided here."""
    printed = half_width(text)
    numbering = _numbering_spans(printed)
    mentions: list[Mention] = []
    position = 0
    while begin := _BEGINS.search(printed, position):
        match = _SCANNER.match(printed, begin.start())
        if match is None:
            position = begin.start() + 1
            continue
        skipped = numbering.get(match.start())
        if skipped is not None and skipped > match.start():
            position = skipped
            continue
        position = max(match.end(), match.start() + 1)
        mention = _mention(match, printed)
        if mention is not None:
            mentions.append(mention)
            position = mention.end
    return mentions


def _numbering_spans(text: str) -> dict[int, int]:
    """Where list numbering stands: every offset inside it, with the offset behind it."""
    spans: dict[int, int] = {}
    position = 0
    for line in text.split("\n"):
        marker = marker_of(line)
        if marker is not None:
            inner = re.match(r"附\s*件", marker.text)  # 附件2 is an ordinal that is printed as a figure
            if inner is None:
                spans.update(dict.fromkeys(range(position, position + marker.length), position + marker.length))
        position += len(line) + 1
    for match in _INLINE_NUMBERING.finditer(text):
        spans.update(dict.fromkeys(range(match.start(), match.end()), match.end()))
    return spans


def _mention(match: "re.Match[str]", text: str) -> Mention | None:
    if match["date"]:
        return _date(match, text)
    if match["code"]:
        return None
    if match["ordinal"]:
        start, end = match.span("ordinal")
        return Mention(start, end, text[start:end], QuantityKind.COUNT, context=ContextKind.ORDINAL)
    if match["chinese"]:
        return _chinese_count(match, text)
    return _number(match, text)


def _date(match: "re.Match[str]", text: str) -> Mention:
    start, end = match.span()
    return Mention(start, end, match.group().replace(" ", ""), QuantityKind.DATE, date=iso_date(match.group()))


def iso_date(printed: str) -> str | None:
    """`2024`, `2024-05`, `2024-05-31`; `--12-31` for a day without its year; None where it is no date."""
    printed = half_width(printed).replace(" ", "")
    chinese = re.match(r"二[〇○零Oo0][一二三四五六七八九〇○零Oo0]{2}", printed)
    if chinese:
        digits = "".join(
            str("〇一二三四五六七八九".find(c)) if c in "〇一二三四五六七八九" else "0" for c in chinese.group()
        )
        rest = re.findall(r"([一二三四五六七八九十]{1,3})(?=[月日])", printed)
        return "-".join([digits, *(f"{int(chinese_decimal(part) or 0):02d}" for part in rest)])
    year = re.match(r"(\d{4})\s?(?:年|[-./])", printed)
    short = re.match(r"(\d\d)年", printed)
    parts = re.findall(r"(\d{1,2})(?=[月日])", printed) or re.findall(r"[-./](\d{1,2})", printed)
    head = year.group(1) if year else (f"20{short.group(1)}" if short else "-" if parts else None)
    return "-".join([head, *(f"{int(part):02d}" for part in parts)]) if head else None


def _chinese_count(match: "re.Match[str]", text: str) -> Mention | None:
    start, end = match.span()
    if _NOT_COUNTED.match(text, start) or text[start - 1 : start] in tuple("每某同这那逐单唯“‘"):
        return None
    value = chinese_decimal(match["chinese"])
    bound = Bound.ABOUT if match["chinese_more"] else None
    return Mention(start, end, match.group(), _kind(match["measure"]), value, match["measure"], bound=bound)


def _number(match: "re.Match[str]", text: str) -> Mention | None:
    start, end = match.span()
    number, unit, scale = match["number"], match["unit"], match["scale"]
    if len(number) > LONGEST_NUMBER:
        return None
    if unit is None and not match["scale"]:
        end = match.end("number")
    value = decimal_of(number)
    if _SIGN.search(text[max(0, start - 2) : start]) and value is not None:
        start, value = start - 1, -value
    kind = _kind(unit)
    yuan = _yuan(value, f"{scale}{unit}") if kind is QuantityKind.MONEY and value is not None else None
    return Mention(
        start,
        end,
        text[start:end].replace(" ", ""),
        kind,
        value,
        f"{scale}{unit or ''}" or None,
        decimals_of(number),
        yuan,
        bound=_bound(match, text),
    )


def _yuan(value: Decimal, unit: str) -> Decimal:
    """An amount in yuan: 万元, 亿元, and what is rarely printed (百万元, 千万元)."""
    return value * prod(_SCALES[character] for character in unit.removesuffix("元"))


def _kind(unit: str | None) -> QuantityKind:
    if unit is None:
        return QuantityKind.NUMBER
    if unit.endswith("元"):
        return QuantityKind.MONEY
    if unit in ("%", "百分点", "个百分点"):
        return QuantityKind.PERCENT
    if unit == "分":
        return QuantityKind.SCORE
    return QuantityKind.COUNT


def _bound(match: "re.Match[str]", text: str) -> Bound | None:
    before, after = text[max(0, match.start() - 6) : match.start()], text[match.end() : match.end() + 8]
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.search(after):
        return Bound.AT_LEAST
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.search(after):
        return Bound.AT_MOST
    if match["more"] or _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.search(after):
        return Bound.ABOUT
    return None


def scan(text: str) -> Iterator[str]:
    """The printed figures of a text, for quick looks."""
    return (mention.raw for mention in find_mentions(text))
