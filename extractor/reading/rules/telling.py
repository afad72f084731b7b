"""What a sentence has told so far: its statements, the comparison under way, and where both go back to earlier ones."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extractor.reading.rules.clauses import Clauses, label_of
from extractor.reading.rules.encode import COUNT, DATE, PERCENT, Sentence
from extractor.reading.rules.forms import AMOUNT_WORD, CAUSE, FUND_WORDS, GOES_ON, names_subject
from extractor.reading.rules.lexicon import direction_of
from extractor.reading.rules.statements import ChangeDraft, Setting, Statement
from schemas.quantities import Quantity

_SIDE = re.compile(f"[{DATE}年度本全当总，；、]*(?P<side>收|支)[入出](?:总计|合计|总额|决算|预算|数)*")
"""Names a whole side of the account, and nothing else."""


_HELD = re.compile("(?:现有|实有|保有)[^，。；]{0,6}$")
_SIDE_NAMED = re.compile("收入|支出")


def _key(label: str) -> str:
    """What tells a subject apart, without the words that name every fund."""
    return FUND_WORDS.sub("", label) or label


class Telling:
    """The state of one sentence while it is scanned; statements are appended to `found`.

    Positions are those of the encoded sentence.
    """

    def __init__(
        self,
        number: int,
        sentence: Sentence,
        source: str,
        setting: Setting,
        found: list[Statement],
        asides: list[Quantity],
        before: str = "",
    ) -> None:
        self.number = number
        self.before = before  # the sentence before in this paragraph, where it holds no figure
        self.sentence = sentence
        self.asides = asides
        self.clauses = Clauses(sentence, source)
        self.setting = setting
        self.found = found
        self.first = len(found)
        self.position = self.at = 0  # behind the last form, and where the form at hand starts
        self.places: dict[int, int] = {}  # where the sentence's statements stand, by their order
        # 其中：… goes on with the comparison of the sentence before
        goes_on = found and (GOES_ON.match(sentence.text) or found[-1].paragraph == sentence.paragraph)
        self.base: str | None = found[-1].compared if goes_on else None
        self.pending: ChangeDraft | None = None
        self.changed: Statement | None = None  # what the last comparison was of
        self.compared_one: Statement | None = None  # the earlier statement that a comparison goes back to
        self.beside: list[str] = []  # further bases of the comparison under way
        self.reason: str | None = None  # what the next change is explained by, told before it
        self.listed: list[Statement] = []  # what the sentence tells of respectively
        self.each: list[Statement] = []  # what was just told respectively, and is explained together
        self.part = False
        self.whole = ""

    @property
    def current(self) -> Statement | None:
        """The statement under way: the sentence's last, or the previous sentence's of the same paragraph.

        Behind a bracket it is the statement before it: 事业收入X（含教育收费Y），占… is the share of the former.
        """
        if not self.found or self.found[-1].paragraph != self.sentence.paragraph:
            return None
        order = len(self.found) - 1
        while order > self.first and self.clauses.leaves_bracket(self.places[order], self.at):
            order -= 1
        told = self.found[order]
        if order < self.first and told.bracketed:  # the bracket was closed with the sentence before
            told = next((s for s in self._told_before() if not s.bracketed), told)
        return told

    def _explained(self, at: int) -> Statement | None:
        """The statement of this paragraph whose subject stands before 增加的主要原因是."""
        label = FUND_WORDS.sub("", label_of(self._chunk(at)))
        if not label:
            return None
        return next((s for s in self._told_before() if FUND_WORDS.sub("", s.label) == label and s.changes), None)

    def _is_unnamed(self, draft: ChangeDraft | None) -> bool:
        """Is a comparison under way whose subject no word has named yet?"""
        current = self.current
        return (
            draft is not None and draft is self.pending and current is not None and current.empty and not current.label
        )

    def _vehicles_in(self, start: int, end: int) -> None:
        """用于更新防汛巡查车2辆, 用于现有9辆车的燃油: vehicles that a purpose counts are told of, too."""
        for at in self.sentence.places((start, end), COUNT):
            figure = self.sentence.quantities[at]
            if figure.unit == "辆" and (at == end - 1 or _HELD.search(self.sentence.text[start:at])):
                self._begin(at).figure = figure

    def _completed(self, at: int) -> Statement | None:
        """What a completion is of: the statement under way, or the one of this paragraph whose subject stands before it
        (与年初预算相比，财政拨款支出完成年初预算的98%)."""
        label = label_of(self._chunk(at))
        current = self.current
        if current is None or not names_subject(label) or _key(label) == _key(current.label):
            return current
        return next((s for s in self._told_before() if _key(s.label) == _key(label) and s.completion is None), None)

    def _whole_explained(self, match: "re.Match[str]") -> Statement | None:
        """收入合计减少X，其中：A减少Y，B增加Z。主要原因是…: a sentence of its own explains the whole, unless its parts
        are explained one by one."""
        last = self.current
        if match.start() or last is None or not last.part or last.order >= self.first:
            return None
        for parts, statement in enumerate(self._told_before()):
            if (
                statement.reason
                or any(change.reason for change in statement.changes)
                or re.search("[（(]款[)）]", statement.chunk)
            ):
                return None
            if not statement.part:
                several = parts > 1 or (parts and statement.figure is None)  # some were told before, by their amounts
                return statement if statement.changes and several else None
        return None

    def _whole_of_parts(self, words: str) -> Statement | None:
        """支出增加X，其中A增加Y，B增加Z，主要是…; 费用减少X，其中A为Y，B为Z，主要是压减…: parts that are told by their changes
        alone, or by their amounts alone, leave the change of the whole to be explained by the words behind them."""
        parts: list[Statement] = []
        for statement in self._told_before():
            if not statement.part:
                unexplained = bool(statement.changes) and statement.changes[-1].reason is None and not statement.reason
                amounts = all(part.figure and not part.changes for part in parts) and direction_of(words) is not None
                alike = amounts or all(part.changes and not part.figure for part in parts)
                return statement if len(parts) > 1 and unexplained and alike else None
            if statement.sentence == self.number:
                parts.append(statement)
            if statement.reason or statement.purpose or any(change.reason for change in statement.changes):
                return None
        return None

    def _both_explained(self, lead: str) -> list[Statement]:
        """预算收支增加的主要原因：… in a paragraph of its own explains the revenue and the expenditure compared above."""
        if self.current is not None or "收支" not in lead:
            return []
        told: dict[str, Statement] = {}
        for statement in reversed(self.found):
            side = _SIDE_NAMED.search(statement.chunk)
            if side and not statement.part and statement.changes and statement.changes[-1].reason is None:
                told.setdefault(side.group(), statement)
        return list(told.values())

    def _told_before(self) -> Iterator[Statement]:
        """The statements of this paragraph, the last first."""
        return (s for s in reversed(self.found) if s.paragraph == self.sentence.paragraph)

    def _chunk(self, at: int) -> str:
        """The words between the last form and `at` that may name a subject."""
        return self.clauses.before(self.position, at)

    def _begin(self, at: int) -> Statement:
        chunk = self._chunk(at)
        compared = (
            self.found[-1].compared if self.found and self.found[-1].paragraph == self.sentence.paragraph else None
        )
        statement = Statement(
            label_of(chunk),
            chunk,
            self.sentence.paragraph,
            len(self.found),
            part=self.part,
            whole=self.whole,
            sentence=self.number,
            names_initial="年初预算" in self.sentence.text,
            compared=compared,
            bracketed=self.clauses.is_bracketed(at),
            lead=self.sentence.text[self.position : at],
        )
        self.places[statement.order] = at
        self.found.append(statement)
        self.pending = self.changed = self.compared_one = None
        self.each = []
        return statement

    def _subject_before(self, at: int) -> None:
        """Open a statement where the words before a comparison name a subject of their own."""
        cause = CAUSE.search(self.sentence.text[self.position : at])
        if cause is not None:  # （项）因任务减少，较上年减少
            self.reason = re.sub("^因", "", self.clauses.words(self.position + cause.start("cause"), at))
            at = self.position + cause.start("cause")
        label = label_of(self._chunk(at))
        current = self.current
        if cause is not None and current is not None and not label:
            return
        side = _SIDE.fullmatch(self._chunk(at))
        if side and current is not None and side["side"] not in current.chunk:
            self._begin(at)  # 本年收入较上年增加X；本年支出较上年减少Y
            return
        if current is None or (
            label and AMOUNT_WORD.sub("", label) and self._chunk(at).strip("，,、") and names_subject(label)
        ):
            self._begin(at)

    def _turns_to(self, chunk: str, at: int) -> bool:
        """与上年相比，一般公共预算收支增加X，政府性基金收支增加Y: go back to the statement of the subject that is compared."""
        name = _key(label_of(chunk))
        current = self.current
        if not name or current is None or not names_subject(label_of(chunk)):
            return False
        if _key(current.label) == name:
            return False
        told = next((s for s in self._told_before() if _key(s.label) == name), None)
        self.compared_one = told
        return told is not None

    def _pass_over(self, start: int, end: int) -> int:
        """Note the figures of a stretch that states nothing of its own."""
        self.asides.extend(q for index, q in sorted(self.sentence.quantities.items()) if start <= index < end)
        return end

    def _compared(self, draft: ChangeDraft) -> Statement | None:
        """What a comparison is of: 总收入X，其中：A。比上年增加Y。 compares the whole, not the part named last."""
        if self.compared_one is not None:
            return self.compared_one
        current = self.current
        if current is None or current.order >= self.first or not current.part:
            return current
        listed = [s for s in self.found[: current.order + 1] if s.sentence == current.sentence and s.figure]
        wholes = [s for s in listed if not s.part]
        if not wholes and len(listed) > 1:  # 其中：A，B。: the whole stands in the sentence before
            wholes = [s for s in self._told_before() if s.figure and not s.part][:1]
        if not wholes or any(change.base == draft.base for change in wholes[-1].changes):
            return current
        return wholes[-1]

    def _open_change(self, base: str, figure: Quantity | None) -> None:
        self.base = base
        self.pending = ChangeDraft(base=base, base_figure=figure)

    def _open_for(self, match: "re.Match[str]") -> ChangeDraft | None:
        """The change under way, unless it holds a figure of this kind already (then a new subject begins)."""
        if self.pending is None:
            return None
        filled = self.pending.percent if match["change_figure"] == PERCENT else self.pending.amount
        return self.pending if filled is None else None

    def _unfinished_change(self, match: "re.Match[str]") -> ChangeDraft | None:
        """The last change of the current statement where a percentage is still missing in it."""
        current = self.changed or self.current
        if current is None or not current.changes or match["change_figure"] != PERCENT:
            return None
        last = current.changes[-1]
        return last if last.percent is None and last.direction != "unchanged" else None

    def _close_change(self, keep_open: bool = False) -> None:
        compared = self.compared_one or self.changed or self.current
        if self.pending is not None and (compared is None or self.pending not in compared.changes):
            self._add_change(self.pending)
        if not keep_open:
            self.pending = None

    def _add_change(self, draft: ChangeDraft) -> None:
        statement = self._compared(draft) or self._begin(self.position)
        same = [c for c in statement.changes if c.base == draft.base]
        if draft.direction == "unchanged" and same and draft.base_figure is None:
            return  # 与年初预算基本持平 behind a printed change says nothing new
        if draft.amount is None and draft.percent is None and same and draft.base_figure is None:
            return
        statement.compared = draft.base or statement.compared
        draft.reason, self.reason = draft.reason or self.reason, None
        statement.changes.append(draft)
        self.changed = statement
        if draft.amount is None and draft.percent is None:
            for other in self.each:
                if other is not statement:
                    other.changes.append(replace(draft))
