"""Automatic list numbers of DOCX files: what a word processor prints before numbered paragraphs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

_CHINESE_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    )
)

LEVELS = 9


def chinese_counting(number: int, digits: str = _CHINESE_DIGITS, units: str = "十百千") -> str:
    """A number as counted in Chinese: 十二, 二十, 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += digits[digit] + (units[power - 1] if power else "")
        elif text and number % 10**power:
            text += "零"
    text = re.sub("零+", "零", text)
    return text[1:] if text.startswith("一十") and digits is _CHINESE_DIGITS else text


def _digit_by_digit(number: int) -> str:
    return "".join(_CHINESE_DIGITS[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _shifted(first: str, last: int) -> Callable[[int], str]:
    """Numbers printed as single characters, as far as there are such characters."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= last else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02d}",
    "chineseCounting": chinese_counting,
    "chineseCountingThousand": chinese_counting,
    "taiwaneseCounting": chinese_counting,
    "taiwaneseCountingThousand": chinese_counting,
    "japaneseCounting": chinese_counting,
    "ideographDigital": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "chineseLegalSimplified": lambda n: chinese_counting(n, _LEGAL_DIGITS, "拾佰仟"),
    "ideographLegalTraditional": lambda n: chinese_counting(n, _LEGAL_DIGITS, "拾佰仟"),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: _BRANCHES[(n - 1) % 12],
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "decimalEnclosedCircle": _shifted("①", 20),
    "decimalEnclosedCircleChinese": _shifted("①", 20),
    "decimalEnclosedParen": _shifted("⑴", 20),
    "decimalEnclosedFullstop": _shifted("⒈", 20),
    "ideographEnclosedCircle": _shifted("㊀", 10),
    "ideographParenthesis": _shifted("㈠", 10),
    "decimalFullWidth": lambda n: str(n).translate({ord("0") + d: ord("０") + d for d in range(10)}),
    "decimalFullWidth2": lambda n: str(n).translate({ord("0") + d: ord("０") + d for d in range(10)}),
}
"""How a number is printed, by the name that the file format gives the style; others are printed 1, 2, 3."""

_SILENT = ("bullet", "none")


@dataclass(frozen=True)
class _Level:
    style: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    paragraph_style: str | None = None


@dataclass
class _List:
    """An abstract list with its counters, which all numberings that refer to it share."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Numbering:
    abstract: str
    starts: dict[int, int]
    levels: dict[int, _Level]


def local(element: etree._Element) -> str:
    """The name of an element without its namespace ("" for comments): files of both dialects read alike."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute of an element, whatever its namespace."""
    if element is not None:
        for key, text in element.attrib.items():
            if str(key).rpartition("}")[2] == name:
                return str(text)
    return None


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element along a path of local names."""
    for name in path:
        element = next((each for each in element if local(each) == name), None) if element is not None else None
    return element


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else otherwise


class ListNumbers:
    """Counts the numbered paragraphs of one document in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._numberings: dict[str, _Numbering] = {}
        self._started: set[tuple[str, int]] = set()
        self._styles = {value(s, "styleId"): s for s in styles if local(s) == "style"} if styles is not None else {}
        links: dict[str, str] = {}
        for element in numbering if numbering is not None else ():
            if local(element) == "abstractNum":
                identity = value(element, "abstractNumId") or ""
                self._lists[identity] = _List(dict(_levels(element)))
                link = value(child(element, "numStyleLink"))
                if link:
                    links[identity] = link
            elif local(element) == "num":
                self._read_numbering(element)
        for identity, link in links.items():
            of_style = value(child(self._styles.get(link), "pPr", "numPr", "numId"))
            target = self._numberings.get(of_style or "")
            if target and target.abstract in self._lists:
                self._lists[identity] = self._lists[target.abstract]

    def _read_numbering(self, element: etree._Element) -> None:
        starts: dict[int, int] = {}
        levels: dict[int, _Level] = {}
        for override in element:
            if local(override) == "lvlOverride":
                level = _integer(value(override, "ilvl"), 0)
                start = value(child(override, "startOverride"))
                if start is not None:
                    starts[level] = _integer(start, 1)
                levels.update(_levels(override))
        abstract = value(child(element, "abstractNumId")) or ""
        self._numberings[value(element, "numId") or ""] = _Numbering(abstract, starts, levels)

    def before(self, properties: etree._Element | None) -> str:
        """The number that is printed before a paragraph with these properties (pPr), "" where there is none."""
        identity, level = self._numbering_of(properties)
        numbering = self._numberings.get(identity or "")
        counted = self._lists.get(numbering.abstract) if numbering else None
        if numbering is None or counted is None or not 0 <= level < LEVELS:
            return ""
        levels = counted.levels | numbering.levels
        key = (identity or "", level)
        if level in numbering.starts and key not in self._started:
            counted.counts[level] = numbering.starts[level] - 1
        self._started.add(key)
        counted.counts[level] = counted.counts.get(level, levels.get(level, _Level()).start - 1) + 1
        for deeper in [each for each in counted.counts if each > level]:
            del counted.counts[deeper]
        return _printed(levels, counted.counts, level)

    def _numbering_of(self, properties: etree._Element | None) -> tuple[str | None, int]:
        """The numbering and level of a paragraph: its own, or those of its style and the styles that is based on."""
        own = child(properties, "numPr")
        identity, level = value(child(own, "numId")), value(child(own, "ilvl"))
        style = value(child(properties, "pStyle"))
        for _ in range(LEVELS):
            if identity is not None or style is None:
                break
            inherited = child(self._styles.get(style), "pPr", "numPr")
            identity = value(child(inherited, "numId"))
            level = level or value(child(inherited, "ilvl")) or self._level_of_style(identity, style)
            style = value(child(self._styles.get(style), "basedOn"))
        return identity, _integer(level, 0)

    def _level_of_style(self, identity: str | None, style: str) -> str | None:
        numbering = self._numberings.get(identity or "")
        counted = self._lists.get(numbering.abstract) if numbering else None
        for number, level in counted.levels.items() if counted else ():
            if level.paragraph_style == style:
                return str(number)
        return None


def _levels(element: etree._Element) -> Iterator[tuple[int, _Level]]:
    for each in element:
        if local(each) == "lvl":
            yield (
                _integer(value(each, "ilvl"), 0),
                _Level(
                    style=value(child(each, "numFmt")) or "decimal",
                    text=value(child(each, "lvlText")) or "",
                    start=_integer(value(child(each, "start")), 1),
                    legal=child(each, "isLgl") is not None,
                    paragraph_style=value(child(each, "pStyle")),
                ),
            )


def _printed(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    """The level's pattern (`第%1部分`, `%1.%2`) with the numbers put in."""
    here = levels.get(level, _Level())
    if here.style in _SILENT:
        return ""

    def number(match: "re.Match[str]") -> str:
        of = int(match.group(1)) - 1
        spec = levels.get(of, _Level())
        count = counts.get(of, spec.start)
        return str(count) if here.legal else _FORMATS.get(spec.style, str)(count)

    return re.sub(r"%([1-9])", number, here.text)
