"""The words and figures of a printed row, and what a single cell says."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from extractor.documents.lines import Line
from extractor.documents.numerals import NUMBER, decimal_of, decimals_of, half_width

_SPACED_WORDS = (
    "合计|小计|总计|收入|支出|项目|金额|类别|备注|序号|栏次|行次|项目名称|科目名称|科目编码|单位名称|预算数|决算数|"
    "收入合计|支出合计|收入总计|支出总计"
)
_NUMBERING = r"(?:[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[、．]|其\s*中\s*[:：])\s+(?=[\u4e00-\u9fff])"


def _spread(words: str) -> str:
    longest_first = sorted(words.split("|"), key=len, reverse=True)
    return "|".join(r"\s+".join(word) for word in longest_first)


_WORD = re.compile(
    rf"(?:(?:{_NUMBERING})?(?:{_spread(_SPACED_WORDS)})(?!\S))|(?:{_NUMBERING})\S+|(?:19|20)\d\d\s+年度?\S*|\S+"
)
_PLAIN_WORD = re.compile(r"\S+")
_SPREAD = re.compile(r"(?<!\S)[^\s\d]\s|[、．.)）:：]\s|(?<!\S)(?:19|20)\d\d\s+年")
"""What only a line with words or numbering spread by white space holds."""

_FIGURE = re.compile(rf"[-－−﹣]?(?:{NUMBER}|\.\d+)[%％]?")
_BEGINS_FIGURE = frozenset("0123456789０１２３４５６７８９.．-－−﹣")
LONGEST_DASH = 4
_DASH = re.compile(r"[-－—–―−]{1,4}|[/／]|[×xX]")
_UNIT_OF_FIGURE = re.compile(
    r"(百元|千元|万元|亿元|元|%|％|个|辆|台|套|人次|人|批次|次|家|户|项|件|分|台（套）|台\(套\))$"
)
_WHITE = re.compile(r"\s+")


class Token(NamedTuple):
    """A word or figure as printed: text without white space, its stretch of the loaded text.

    `figure` is its value where it prints one number; `gap` how much white space stands before it in its line.
    """

    text: str
    start: int
    end: int
    figure: Decimal | None = None
    dash: bool = False
    gap: int = 0


class Figure(NamedTuple):
    """What a cell with one figure says."""

    value: Decimal
    decimals: int
    unit: str | None = None


def tokens_of(line: Line) -> list[Token]:
    """The words and figures of a printed line, in order."""
    found, position = [], -line.indent
    spread = _SPREAD.search(line.text) is not None
    for match in (_WORD if spread else _PLAIN_WORD).finditer(line.text):
        text = _WHITE.sub("", match.group()) if spread else match.group()
        start, end = match.span()
        figure = _value(text) if text[0] in _BEGINS_FIGURE else None
        dash = figure is None and len(text) <= LONGEST_DASH and bool(_DASH.fullmatch(text))
        found.append(Token(text, line.start + start, line.start + end, figure, dash, start - position))
        position = end
    return found


def _value(text: str) -> Decimal | None:
    plain = text if text.isascii() else half_width(text)
    return Decimal(plain.rstrip("%").replace(",", "")) if _FIGURE.fullmatch(plain) else None


def figure_of(text: str) -> Figure | None:
    """The one figure that a cell prints, with the unit printed behind it; None for words or several figures."""
    plain = _WHITE.sub("", half_width(text)).lstrip("¥￥")
    unit = _UNIT_OF_FIGURE.search(plain)
    number = plain[: unit.start()] if unit else plain
    if not _FIGURE.fullmatch(number):
        return None
    value = decimal_of(number)
    return (
        None if value is None else Figure(value, decimals_of(number), unit.group().replace("％", "%") if unit else None)
    )


def is_blank(text: str) -> bool:
    """True for a cell that is empty or prints a dash in place of a figure."""
    plain = _WHITE.sub("", text)
    return not plain or bool(_DASH.fullmatch(plain))


def words_of(tokens: Sequence[Token]) -> str:
    """The printed words, without white space."""
    return "".join(token.text for token in tokens)
