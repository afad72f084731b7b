"""A passage with every quantity as one letter, so that the grammar sees words and kinds, not digits.

`2024年度收、支总计5294.15万元，比上年增加451.03万元` becomes `Ⓓ收、支总计Ⓜ，比上年增加Ⓜ`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.reading.reader import Passage
from schemas.quantities import ContextKind, Quantity, QuantityKind

MONEY, PERCENT, COUNT, DATE, SCORE, NUMBER, ASIDE = "ⓂⓅⒸⒹⓈⓃⓍ"
"""One letter a kind; `ASIDE` stands for figures that are surely no facts: thresholds, law numbers, ordinals."""

_LETTERS = {
    QuantityKind.MONEY: MONEY,
    QuantityKind.PERCENT: PERCENT,
    QuantityKind.COUNT: COUNT,
    QuantityKind.DATE: DATE,
    QuantityKind.SCORE: SCORE,
    QuantityKind.NUMBER: NUMBER,
}
_ASIDES = (ContextKind.THRESHOLD, ContextKind.LEGAL, ContextKind.ORDINAL, ContextKind.TERM, ContextKind.OTHER)
_CODE = re.compile(r"[（(]\d{3,7}[)）]")
_LEVEL_CODE = re.compile(r"2\d{2}")
_QUOTED_CODE = re.compile(r"[“\"](?P<code>2\d{2}(?:\d\d){0,2})[”\"]")
"""行政运行“2080501”: the grammar sees it as （2080501）."""
_SPELT = re.compile("[一二两三四五六七八九十]")
_LONGEST_NAME = 30
_LEVELS = ("类", "款", "项")
_UNIFORM = str.maketrans("０１２３４５６７８９,;:", "0123456789，；：")
"""One width for the grammar; brackets stay, for names hold them."""
_RESERVED = re.compile(r"[ⓂⓅⒸⒹⓈⓃⓍ]")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?|\n")


@dataclass(frozen=True)
class Sentence:
    """One sentence in letters.

    `text` is encoded; `at[i]` is the offset in the passage of the character or quantity at `i` (one more
    entry gives the end); `quantities` maps the offsets of letters to their quantities. `paragraph` counts
    the passage's lines from 0 (its heading).
    """

    text: str
    at: tuple[int, ...]
    quantities: dict[int, Quantity]
    paragraph: int

    def part(self, start: int, end: int) -> "Sentence":
        """A stretch of the sentence as a sentence of its own."""
        inside = {index - start: quantity for index, quantity in self.quantities.items() if start <= index < end}
        return Sentence(self.text[start:end], self.at[start : end + 1], inside, self.paragraph)

    def places(self, span: tuple[int, int], letters: str) -> list[int]:
        """Where figures of these letters stand in a stretch of `text`."""
        return [at for at in range(*span) if self.text[at] in letters]

    def words(self, start: int, end: int, source: str) -> str:
        """The passage's own words for a stretch of the encoded text."""
        return source[self.at[start] : self.at[end]]


@dataclass(frozen=True)
class Encoded:
    """The sentences of a passage with the passage's text."""

    source: str
    sentences: tuple[Sentence, ...]
    by_paragraph: dict[int, list[Sentence]] = field(default_factory=dict)


def encode(passage: Passage) -> Encoded:
    """Cut a passage into sentences with letters for quantities."""
    letters: list[str] = []
    offsets: list[int] = []
    quantities: dict[int, Quantity] = {}
    position = 0
    for quantity in sorted(passage.quantities, key=lambda each: passage.spans[each.id]):
        start, end = passage.spans[quantity.id]
        if quantity.context is ContextKind.ORDINAL and quantity.unit in _LEVELS and _LEVEL_CODE.match(quantity.raw):
            continue  # the grammar reads the code in 行政运行（2130201项）
        if quantity.context is ContextKind.ORDINAL and _CODE.fullmatch(quantity.raw):
            continue  # and that in 行政运行（2130201）
        if quantity.context is ContextKind.TERM:
            continue  # a part of a word: 一次性补助, 12345工单
        if _SPELT.match(quantity.raw) and _is_quoted(passage.text, start, end):
            continue  # a part of a name: “困难残疾人两项补贴”项目
        _copy(passage.text, position, start, letters, offsets)
        quantities[len(letters)] = quantity
        letters.append(ASIDE if quantity.context in _ASIDES else _LETTERS[quantity.kind])
        offsets.append(start)
        position = end
    _copy(passage.text, position, len(passage.text), letters, offsets)
    offsets.append(len(passage.text))
    sentences = tuple(_sentences("".join(letters), offsets, quantities))
    by_paragraph: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        by_paragraph.setdefault(sentence.paragraph, []).append(sentence)
    return Encoded(passage.text, sentences, by_paragraph)


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Do words stand among others between quotes?"""
    before = text[max(0, start - _LONGEST_NAME) : start]
    behind = text[end : end + _LONGEST_NAME]
    return before.rfind("“") > before.rfind("”") and 0 <= behind.find("”") < (behind + "“").find("“")


def _copy(text: str, start: int, end: int, letters: list[str], offsets: list[int]) -> None:
    letters.extend(_QUOTED_CODE.sub(r"（\g<code>）", _RESERVED.sub("?", text[start:end])).translate(_UNIFORM))
    offsets.extend(range(start, end))


def _sentences(text: str, offsets: list[int], quantities: dict[int, Quantity]) -> Iterator[Sentence]:
    paragraph = 0
    for match in _SENTENCE.finditer(text):
        if match.group() == "\n":
            paragraph += 1
            continue
        start, end = match.span()
        inside = {index - start: quantities[index] for index in range(start, end) if index in quantities}
        yield Sentence(match.group(), tuple(offsets[start : end + 1]), inside, paragraph)
