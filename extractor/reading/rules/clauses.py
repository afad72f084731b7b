"""The words around the forms of a sentence: subjects before them, clauses behind them.

All positions are those of the encoded sentence, where a figure is one character.
"""

import re
from dataclasses import dataclass

from extractor.reading.rules.encode import DATE, MONEY, PERCENT, Sentence
from extractor.reading.rules.forms import BOUNDARY, CLOSED_BRACKET, LABEL_LEAD, LABEL_TAIL, UNIT_LEFT_OUT
from schemas.quantities import Quantity

_CLAUSE_ENDS = re.compile(r"[；;，,]")
_REASON_ENDS = re.compile(r"[；;]|[，,]其中|[（(]其中|[)）]")
_TURNS = re.compile(
    rf"[，,](?=截[至止]|(?:与|同|比|较)[^，。；{MONEY}]{{0,14}}(?:相比|比较|上年|去年|同期|预算|决算|执行数)[^，。；]{{0,12}}(?:[{MONEY}{PERCENT}]|无增减|无变化|持平))"
    r"|[，,；;](?=(?:(?:所需|该项|安排的?)?(?:资金|经费|支出|预算))?主要用于|(?:所需|安排的?)?资金用于)"
    r"|[，,；;](?=(?:主要)?系(?![统列数]))"
    rf"|[，,；;](?=完成[^，。；{MONEY}{PERCENT}]{{0,12}}预算[^，。；]{{0,6}}{PERCENT})"
    r"|[；;，,](?=[^，。；]{2,16}[与同](?:上年|去年|Ⓓ)[^，。；]{0,8}(?:持平|相同|一致))"
    r"|[；;](?=[^，。；]{0,10}(?:预算|决算|支出|执行|上年|去年)[^，。；]{0,14}原因(?:是|为|：))"
    r"|[；;](?=[^，。；]{2,20}(?:费|经费|支出)(?:增[加长]|减少|下降)的?(?:主要)?原因(?:是|为|：))"
    r"|[；;](?=(?:较|比|与|同)[^，。；]{0,20}(?:增减|变化|持平|相同|一致))"
)
"""Where a reason or purpose is over, since the sentence turns to a day or to another comparison."""

_LISTED = re.compile(r"[：:\s]*(?:一是|[（(]?[1一][)）]|1[.、]|①)")
_COUNTED_NUMBER = re.compile(r"(?:编制|人|人员|职工|单位|机构|车辆|户|项目)(?:总)?数(?:为|是)?$")
_BEHIND_LINE = re.compile(r"[（(][类款项][)）][：:]$")
_OPENING, _CLOSING = re.compile("[（(]"), re.compile("[）)]")


def label_of(chunk: str) -> str:
    """The subject that the words before a figure name, without what leads to it and what joins it to the figure."""
    label = LABEL_LEAD.sub("", chunk)
    previous = None
    while previous != label:
        previous = label
        label = LABEL_TAIL.sub("", label)
    return label


@dataclass(frozen=True)
class Clauses:
    """A sentence, asked for the words and figures at a place."""

    sentence: Sentence
    source: str
    """The text that the sentence's words are copied from (unwrapped)."""

    def quantity(self, match: "re.Match[str]", group: str) -> Quantity | None:
        """The figure of a form's group, where the form has it."""
        return self.sentence.quantities.get(match.start(group)) if match[group] else None

    def year(self, start: int, words: str) -> int | None:
        """The year printed in `words`, which stand at `start`."""
        at = words.find(DATE)
        date = self.sentence.quantities[start + at].date if at >= 0 and start + at in self.sentence.quantities else None
        return int(date[:4]) if date and date[:4].isdigit() else None

    def reads_as_money(self, match: "re.Match[str]") -> bool:
        """A figure without a unit is an amount only where its unit was plainly left out: 差旅费1.55、…"""
        before, after = self.sentence.text[: match.start()], self.sentence.text[match.end() : match.end() + 1]
        if _COUNTED_NUMBER.search(before):
            return False
        return after in "，,。；;、）)（(减增" and bool(UNIT_LEFT_OUT.search(before))

    def before(self, start: int, at: int) -> str:
        """The words before `at`, back to `start` or to the last punctuation that ends a subject."""
        text = self.sentence.text[start:at]
        # a bracket that is closed again is part of a name (特种作业车（洒水车、垃圾车）), not a boundary
        open_text = CLOSED_BRACKET.sub(lambda match: "□" * len(match.group()), text)
        begin = 0
        for boundary in BOUNDARY.finditer(open_text):
            rest = text[boundary.end() :]
            if _BEHIND_LINE.search(text[max(0, boundary.end() - 4) : boundary.end()]) and not label_of(rest):
                continue  # …（项）：支出决算为
            if LABEL_TAIL.sub("", LABEL_LEAD.sub("", rest)):
                begin = boundary.end()
        return text[begin:]

    def words(self, start: int, end: int) -> str:
        """The words of a stretch as printed, without the punctuation at its ends."""
        return self.sentence.words(start, end, self.source).strip("，,；;：:。 ")

    def end_of(self, start: int, reason: bool = False) -> int:
        """Where a clause ends; a reason or purpose goes on until the sentence's end or until figures are stated again."""
        text = self.sentence.text
        listed = reason and _LISTED.match(text, start)
        turn = None if listed or not reason else _TURNS.search(text, start)
        if turn is not None:
            text = text[: turn.start()]
        for match in () if listed else (_REASON_ENDS if reason else _CLAUSE_ENDS).finditer(text, start):
            if match.group() in "）)":
                if self._closes_outside(start, match.start()):
                    return match.start()
            elif not reason or re.search(f"[{MONEY}{PERCENT}]", text[match.end() :]):
                return match.start()
        stop = re.search(r"[。！？]$", text)
        return stop.start() if stop else len(text)

    def is_bracketed(self, at: int) -> bool:
        """Does a place stand inside a bracket?"""
        before = self.sentence.text[:at]
        return len(_OPENING.findall(before)) > len(_CLOSING.findall(before))

    def leaves_bracket(self, start: int, end: int) -> bool:
        """Is a bracket that opens before `start` closed before `end`?"""
        depth = 0
        for character in self.sentence.text[start:end]:
            depth += (character in "（(") - (character in "）)")
            if depth < 0:
                return True
        return False

    def _closes_outside(self, start: int, at: int) -> bool:
        """Does the bracket closed at `at` open before `start`?"""
        return self.is_bracketed(start) and not _OPENING.search(self.sentence.text, start, at)
