"""The statement grammar: what a sentence says of its figures.

A sentence is scanned once for the few forms that disclosures use — a figure with its subject, a share, a
completion, a change against a base, a direction word, a reason, a purpose, nothing declared — and the forms
are put together into statements. Which record a statement becomes is the binders' business.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from extractor.reading.rules.encode import COUNT, DATE, MONEY, NUMBER, PERCENT, SCORE, Encoded, Sentence
from extractor.reading.rules.lexicon import (
    BASE_WORD,
    DOWN,
    NONE_WORD,
    PURPOSE_LEAD,
    REASON_LEAD,
    SAME,
    UP,
    base_of,
    direction_of,
)
from schemas.quantities import Quantity

_FIGURES = f"{MONEY}{PERCENT}{COUNT}{SCORE}{NUMBER}"
_STOP = "，,。；;：:"
_BASE_CHARACTER = rf"(?:(?!{UP}|{DOWN}|{SAME}|比|较)[^{_STOP}{_FIGURES}])"
_FILLER = "(?:了|额|数|金额|率|幅|幅度|比例|比率|比|支出|收入|预算|决算|经费|资金|约|为|达|共|共计|合计|/|:|：|的|，|,)"

_SCANNER = re.compile(
    rf"""
      (?P<reason>(?:{REASON_LEAD}))
    | (?P<direction>(?:实际)?(?:支出|收入)?(?:决算|支出|收入|执行|完成)数?(?:支出)?(?:较|比)?
        (?P<direction_word>大于|小于|等于|低于|高于|超过|少于|多于|未超过|与)(?:年初|调整(?:后)?|全年|当年)?预算(?:数)?
        (?P<direction_same>(?:基本)?(?:{SAME})(?:[（(][^（）()]*[)）])?)?)
    | (?P<compare>(?:比|较|相较于?|对比|(?:与|同|和|跟)(?=本年|当年|全年|调整|年度|单位|部门|{BASE_WORD}))
        (?P<compare_what>{_BASE_CHARACTER}{{0,24}}?(?:{BASE_WORD}){_BASE_CHARACTER}{{0,16}})
        (?P<compare_figure>[{MONEY}{NUMBER}])?(?:[^{_STOP}{_FIGURES}]{{0,6}}?(?:相比|比较|相较|对比|比))?
        (?=[，,：:]|[^{_STOP}{_FIGURES}]{{0,16}}?(?:{UP}|{DOWN}|{SAME}|增减|变动|大于|小于)|没有|无|未))
    | (?P<same_year>同比|环比)
    | (?P<against>{DATE}(?:年度)?(?:年初)?(?:预算|决算)?数?(?:相比|比较))
    | (?P<unchanged>(?:基本|大体|保持|大致|总体)*(?:{SAME}))
    | (?P<change>(?P<change_word>{UP}|{DOWN}|增减|变动|增幅|相差|差额|差值|[（(](?:减少|增加|下降|增长|减|增)[)）])
        (?:[（(](?:减少|下降|降低|增加|增长)[)）]|/(?:减少|下降|降低|减))?
        {_FILLER}{{0,4}}(?P<change_figure>[{MONEY}{PERCENT}{NUMBER}]))
    | (?P<completion>(?:完成(?P<completion_of>[^{_STOP}{_FIGURES}]{{0,20}}?)(?P<completion_whole>{MONEY}?)|(?:占(?=总)|为|达到?|是|占(?=[^{_STOP}]{{0,10}}(?:年初|全年|调整|当年)预算))(?P<completion_budget>[^{_STOP}{_FIGURES}]{{0,10}}?(?:年初|全年|调整|总|当年)预算(?:数|总额)?)|(?P<completion_rate>(?:预算)?(?:执行率|完成率|执行(?:总体)?进度)))
        (?:的|比|比例|率|数|进度|总体|达到?|为|约|了|=|：|:)*(?P<completion_figure>{PERCENT}))
    | (?P<share>(?:占比|占|比重)(?P<share_of>[^{_STOP}{_FIGURES}]{{0,40}}?)(?:比重|比例|百分比|比率|比|份额)?(?:为|约|达|的|:|：)*(?P<share_figure>{PERCENT}))
    | (?P<purpose>(?:{PURPOSE_LEAD}))
    | (?P<none>{NONE_WORD})
    | (?P<part>其中|具体(?:为|是|包括)|分别(?:为|是)|包括)
    | (?P<figure>[{_FIGURES}])
    """,
    re.VERBOSE,
)
_INITIAL = re.compile(
    r"(?P<kind>年初预算|全年预算|调整(?:后)?预算|当年预算|批复预算|年度预算|财政预算|预算)(?:数|额|安排|批复|支出|收入|总额|金额|指标)*(?:为|是|共|合计|:|：)*$"
)
_EARLIER = re.compile(r"(?:Ⓓ(?![底末初])|上年|去年|上年度)(?!结转|结余)[^比较与截Ⓓ，,]{0,18}$")
_BOUNDARY = re.compile(r"[，,；;：:（(。]")
_CLOSED_BRACKET = re.compile(r"[（(][^（()）]*[)）]")
_LABEL_LEAD = re.compile(
    r"^(?:[\s、，,；;：:。.）)\"”]|Ⓓ|年度|全年|本年度?|当年|其中|包括|分别|主要(?=用于|包括|是|为)|为|是|以及|及|和|用于|安排|实现|共计|合计(?=.)|共|另外|此外|同时|"
    r"[（(]\d+[)）]|\d+[.、．)）]|[①-⑳]|[-·•]|一是|二是|三是|四是|五是|即|含)+"
)
_LABEL_TAIL = re.compile(
    r"(?:Ⓓ|年度|(?<=[费用款计额出入])支出(?:决算|预算)(?:数|额|总额|安排)*|(?<!公共)(?<!基金)(?<!经营)(?<!财政)(?:年初|全年|当年|年度|调整后?|批复)?(?:决算|预算)(?:数|额|支出|总额|安排)*|年[初末]|^(?:支出|收入)(?=$)|为|是|共计|合计|总计|共|达到?|均为|均|各为|各|约|约为|分别|金额|总额|数额|数|额|：|:|（|\(|实际|完成|安排|执行|计|有|的|，|,|、)+$"
)
_AMOUNT_WORD = re.compile(r"(?:支出决算|决算支出|支出预算|预算支出|决算|预算)(?:数|额|支出|总额|安排)*$")


@dataclass
class ChangeDraft:
    """A change under way: what is known of it so far."""

    base: str | None = None
    direction: str | None = None
    base_figure: Quantity | None = None
    amount: Quantity | None = None
    percent: Quantity | None = None
    reason: str | None = None


@dataclass
class Statement:
    """One subject with what the text says of it.

    `label` are the words before the figure as printed, without dates, numbering and verbs; `chunk` the same
    unstripped; `base` is set where the words say that the figure is an earlier year's; `lead` all words since the last form, `after` those behind the figure.
    """

    label: str
    chunk: str
    paragraph: int
    order: int
    figure: Quantity | None = None
    initial: Quantity | None = None
    initial_base: str = "initial_budget"
    completion: Quantity | None = None
    completion_of: str = ""
    share: Quantity | None = None
    share_of: str = ""
    changes: list[ChangeDraft] = field(default_factory=list)
    reason: str | None = None
    purpose: str | None = None
    part: bool = False
    names_initial: bool = False
    sentence: int = 0
    none: bool = False
    none_words: str = ""
    base: str | None = None
    compared: str | None = None
    lead: str = ""
    after: str = ""

    @property
    def empty(self) -> bool:
        """True while the statement holds nothing but its words."""
        return not (
            self.figure
            or self.initial
            or self.completion
            or self.share
            or self.changes
            or self.none
            or self.reason
            or self.purpose
        )


@dataclass(frozen=True)
class Setting:
    """What the grammar must know of the document: the year it is about, and whether it is a budget."""

    fiscal_year: int | None
    budget: bool


def statements_of(encoded: Encoded, setting: Setting) -> tuple[list[Statement], list[Quantity]]:
    """All statements of a passage in order, and the figures that only stand inside reasons and purposes."""
    found: list[Statement] = []
    asides: list[Quantity] = []
    for number, sentence in enumerate(encoded.sentences):
        _Parser(number, sentence, encoded.source, setting, found, asides).run()
    return found, asides


class _Parser:
    """Scans one sentence and appends its statements to `found`."""

    def __init__(
        self,
        number: int,
        sentence: Sentence,
        source: str,
        setting: Setting,
        found: list[Statement],
        asides: list[Quantity],
    ) -> None:
        self.number = number
        self.sentence = sentence
        self.asides = asides
        self.source = source
        self.setting = setting
        self.found = found
        self.first = len(found)
        self.position = 0  # behind the last form
        # 其中：… goes on with the comparison of the sentence before
        goes_on = found and (_GOES_ON.match(sentence.text) or found[-1].paragraph == sentence.paragraph)
        self.base: str | None = found[-1].compared if goes_on else None
        self.pending: ChangeDraft | None = None
        self.part = False
        self._handlers: dict[str, Callable[[re.Match[str]], int]] = {
            "reason": self._on_reason,
            "direction": self._on_direction,
            "compare": self._on_compare,
            "same_year": self._on_same_year,
            "against": self._on_against,
            "unchanged": self._on_unchanged,
            "change": self._on_change,
            "completion": self._on_completion,
            "share": self._on_share,
            "purpose": self._on_purpose,
            "none": self._on_none,
            "part": self._on_part,
            "figure": self._on_figure,
        }

    @property
    def current(self) -> Statement | None:
        """The statement under way: the sentence's last, or the previous sentence's of the same paragraph."""
        if self.found and self.found[-1].paragraph == self.sentence.paragraph:
            return self.found[-1]
        return None

    def run(self) -> None:
        """Scan the sentence from left to right."""
        text = self.sentence.text
        match = _SCANNER.search(text, self.position)
        while match:
            end = self._handlers[_form(match)](match)
            self.position = max(end, match.start() + 1)
            match = _SCANNER.search(text, self.position)
        self._reason_without_lead()

    # --- forms -----------------------------------------------------------------------------------------

    def _on_part(self, match: "re.Match[str]") -> int:
        self.part = True
        return match.end()

    def _on_same_year(self, match: "re.Match[str]") -> int:
        self._open_change("prior_year", None)
        return match.end()

    def _on_against(self, match: "re.Match[str]") -> int:
        words = match["against"]
        year = self._year(match.start(), words)
        base = base_of(re.sub("相比|比较", "", words), year, self.setting.fiscal_year, self.setting.budget)
        if base is not None:
            self._subject_before(match.start())
            self._open_change(base, None)
        return match.end()

    def _on_compare(self, match: "re.Match[str]") -> int:
        what = match["compare_what"]
        base = base_of(
            what, self._year(match.start("compare_what"), what), self.setting.fiscal_year, self.setting.budget
        )
        if base is None:
            return match.start() + 1
        self._subject_before(match.start())
        figure = self._quantity(match, "compare_figure")
        self._open_change(base, figure)
        return match.end()

    def _on_unchanged(self, match: "re.Match[str]") -> int:
        if self.pending is None:
            return match.end()
        self.pending.direction = "unchanged"
        self._close_change()
        return match.end()

    def _on_direction(self, match: "re.Match[str]") -> int:
        words = match["direction_word"] + (match["direction_same"] or "")
        if match["direction_word"] == "与" and not match["direction_same"]:
            return match.start() + 1
        base = "adjusted_budget" if re.search("调整|全年", match.group()) else "initial_budget"
        self._subject_before(match.start())
        self._add_change(ChangeDraft(base=base, direction=direction_of(words)))
        return match.end()

    def _on_change(self, match: "re.Match[str]") -> int:
        figure = self._quantity(match, "change_figure")
        direction = direction_of(match["change_word"])
        draft = self._open_for(match) or self._unfinished_change(match)
        if draft is None:
            draft = ChangeDraft(base=self.base)
            self._subject_before(match.start())
        self.pending = draft
        draft.direction = draft.direction or direction
        if match["change_figure"] == PERCENT:
            draft.percent = draft.percent or figure
            if draft.amount is None and draft.percent is figure:
                self._close_change(keep_open=True)
            else:
                self._close_change()
        else:
            draft.amount = draft.amount or figure
            self._close_change(keep_open=True)
        return match.end()

    def _on_completion(self, match: "re.Match[str]") -> int:
        statement = self.current
        if statement is None or statement.completion is not None:
            statement = self._begin(match.start())
        statement.completion = self._quantity(match, "completion_figure")
        whole = self._quantity(match, "completion_whole")
        if whole is not None and statement.initial is None:
            adjusted = re.search("调整|全年", match["completion_of"])
            statement.initial, statement.initial_base = whole, "adjusted_budget" if adjusted else "initial_budget"
        statement.completion_of = match["completion_of"] or match["completion_budget"] or match["completion_rate"] or ""
        return match.end()

    def _on_share(self, match: "re.Match[str]") -> int:
        if re.search(r"(?:年初|全年|当年)预算|^总预算", match["share_of"] or ""):
            statement = self.current
            if statement is not None and statement.completion is None:
                statement.completion = self._quantity(match, "share_figure")
                statement.completion_of = match["share_of"]
                return match.end()
        statement = self.current
        if statement is None or statement.share is not None:
            statement = self._begin(match.start())
        statement.share = self._quantity(match, "share_figure")
        statement.share_of = match["share_of"] or ""
        return match.end()

    def _on_reason(self, match: "re.Match[str]") -> int:
        end = self._clause_end(match.end(), reason=True)
        words = self._words(match.end(), end)
        statement = self._explained(match.start()) or self.current
        if statement is not None and words:
            last = statement.changes[-1] if statement.changes else None
            if last is not None and last.reason is None:
                last.reason = words
            elif statement.reason is None:
                statement.reason = words
        self.pending = None
        return self._pass_over(match.end(), end)

    def _explained(self, at: int) -> Statement | None:
        """The statement of this paragraph whose subject stands before 增加的主要原因是."""
        label = self._label(self._chunk(at))
        if not label:
            return None
        return next(
            (
                s
                for s in reversed(self.found)
                if s.paragraph == self.sentence.paragraph and s.label == label and s.changes
            ),
            None,
        )

    def _on_purpose(self, match: "re.Match[str]") -> int:
        text = self.sentence.text
        end = self._clause_end(match.end(), reason=True)
        counted = _COUNTED_CLAUSE.search(text, match.end(), end)
        end = counted.start() if counted else end
        statement = self.current
        inside = text[match.end() : end]
        if MONEY in inside or re.match(r"以下|下列", text[match.end() :]):  # 主要用于以下方面：…
            self.part = True
            return match.end()
        explains = (
            bool(re.match(r"主要(?:是|为)$", match.group())) and statement is not None and bool(statement.changes)
        )
        words = self._words(match.end(), end)
        if statement is None and words:
            statement = self._begin(match.start())
        if statement is not None and words:
            if explains and statement.changes[-1].reason is None:
                statement.changes[-1].reason = words
            elif statement.purpose is None:
                statement.purpose = words
        return self._pass_over(match.end(), end)

    def _on_none(self, match: "re.Match[str]") -> int:
        text = self.sentence.text
        if self.pending is not None:  # 与上年相比没有…: a comparison, not a denial
            return match.end()
        end = self._clause_end(match.end())
        statement = self._begin(match.start())
        statement.none = True
        statement.none_words = text[match.end() : end]
        return match.end()

    def _on_figure(self, match: "re.Match[str]") -> int:
        figure = self.sentence.quantities.get(match.start())
        if figure is None:
            return match.end()
        initial = self._initial(match.start())
        if initial is not None and match.group() in (MONEY, NUMBER):
            statement = self._begin(match.start())
            statement.initial, statement.initial_base = figure, initial
            return match.end()
        current = self.current
        chunk = self._chunk(match.start())
        continues = (
            current is not None
            and current.order >= self.first
            and current.figure is None
            and (current.initial is not None or current.label == "")
            and match.group() in (MONEY, NUMBER)
        )
        statement = current if continues and current is not None else self._begin(match.start())
        if continues and not statement.label:
            statement.label = self._label(chunk)
        statement.figure = figure
        statement.base = self._earlier(match.start(), chunk)
        statement.after = self.sentence.text[match.end() : match.end() + 16]
        return match.end()

    # --- helpers ---------------------------------------------------------------------------------------

    def _quantity(self, match: "re.Match[str]", group: str) -> Quantity | None:
        return self.sentence.quantities.get(match.start(group)) if match[group] else None

    def _year(self, start: int, words: str) -> int | None:
        at = words.find(DATE)
        date = self.sentence.quantities[start + at].date if at >= 0 and start + at in self.sentence.quantities else None
        return int(date[:4]) if date and date[:4].isdigit() else None

    def _initial(self, at: int) -> str | None:
        """In a final account: is the figure at `at` a budget figure printed beside the amount?"""
        match = _INITIAL.search(self.sentence.text[max(self.position, at - 24) : at])
        if self.setting.budget or match is None:
            return None
        if not re.search(r"决算|支出|完成|执行|实际", self.sentence.text[at + 1 :]):
            return None
        return "adjusted_budget" if re.match(r"全年|调整", match["kind"]) else "initial_budget"

    def _earlier(self, at: int, chunk: str) -> str | None:
        """The base that a figure is, where the words before it name an earlier year (2022年预算数为…)."""
        dated = _EARLIER.search(chunk)
        if dated is None:
            return None
        year = self._year(at - len(chunk) + dated.start(), dated.group()) if DATE in dated.group() else None
        if year is not None and (self.setting.fiscal_year is None or year >= self.setting.fiscal_year):
            return None
        return base_of(dated.group(), year, self.setting.fiscal_year, self.setting.budget)

    def _begin(self, at: int) -> Statement:
        chunk = self._chunk(at)
        compared = (
            self.found[-1].compared if self.found and self.found[-1].paragraph == self.sentence.paragraph else None
        )
        statement = Statement(
            self._label(chunk),
            chunk,
            self.sentence.paragraph,
            len(self.found),
            part=self.part,
            sentence=self.number,
            names_initial="年初预算" in self.sentence.text,
            compared=compared,
            lead=self.sentence.text[self.position : at],
        )
        self.found.append(statement)
        self.pending = None
        return statement

    def _subject_before(self, at: int) -> None:
        """Open a statement where the words before a comparison name a subject of their own."""
        label = self._label(self._chunk(at))
        current = self.current
        if current is None or (
            label and _AMOUNT_WORD.sub("", label) and self._chunk(at).strip("，,、") and _names_subject(label)
        ):
            self._begin(at)

    def _chunk(self, at: int) -> str:
        """The words before `at`, back to the last form or the last punctuation that ends a subject."""
        text = self.sentence.text[self.position : at]
        # a bracket that is closed again is part of a name (特种作业车（洒水车、垃圾车）), not a boundary
        open_text = _CLOSED_BRACKET.sub(lambda match: "□" * len(match.group()), text)
        boundaries = [match.end() for match in _BOUNDARY.finditer(open_text)]
        start = 0
        for boundary in boundaries:
            rest = _LABEL_LEAD.sub("", text[boundary:])
            if _LABEL_TAIL.sub("", rest):
                start = boundary
        return text[start:]

    def _label(self, chunk: str) -> str:
        label = _LABEL_LEAD.sub("", chunk)
        previous = None
        while previous != label:
            previous = label
            label = _LABEL_TAIL.sub("", label)
        return label

    def _words(self, start: int, end: int) -> str:
        return self.sentence.words(start, end, self.source).strip("，,；;：:。 ")

    def _clause_end(self, start: int, reason: bool = False) -> int:
        """Where a reason or purpose ends: at the sentence's end, or where figures are stated again."""
        text = self.sentence.text
        for match in re.finditer(r"[；;]|[，,]其中|[（(]其中|[)）]" if reason else r"[；;，,]", text[start:]):
            rest = text[start + match.end() :]
            if match.group() in "）)":
                if text[:start].count("（") + text[:start].count("(") > text[:start].count("）") + text[:start].count(
                    ")"
                ) and (
                    "（" not in text[start : start + match.start()] and "(" not in text[start : start + match.start()]
                ):
                    return start + match.start()
                continue
            if not reason or re.search(f"[{MONEY}{PERCENT}]", rest):
                return start + match.start()
        stop = re.search(r"[。！？]$", text)
        return stop.start() if stop else len(text)

    def _reason_without_lead(self) -> None:
        """…，下降20.67%，厉行节约，压减项目资金。 and 受疫情影响，…: a reason that no word announces."""
        statement = self.current
        rest = self.sentence.text[self.position :]
        if statement is None or (statement.order < self.first and not _EXPLAINS.match(self.sentence.text)):
            return
        if re.search(f"[{_FIGURES}]", rest) or not _PLAIN_REASON.match(rest):
            return
        words = self._words(self.position, len(self.sentence.text))
        last = statement.changes[-1] if statement.changes else None
        if statement.order < self.first or self.position == 0:
            if (statement.reason is None and last is None) or (last is not None and last.amount is not None):
                statement.reason = statement.reason or words
        elif last is not None and last.reason is None and (last.amount or last.percent):
            last.reason = words

    def _pass_over(self, start: int, end: int) -> int:
        """Note the figures of a stretch that states nothing of its own."""
        self.asides.extend(q for index, q in sorted(self.sentence.quantities.items()) if start <= index < end)
        return end

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
        current = self.current
        if current is None or not current.changes or match["change_figure"] != PERCENT:
            return None
        last = current.changes[-1]
        return last if last.percent is None and last.direction != "unchanged" else None

    def _close_change(self, keep_open: bool = False) -> None:
        if self.pending is not None and (self.current is None or self.pending not in self.current.changes):
            self._add_change(self.pending)
        if not keep_open:
            self.pending = None

    def _add_change(self, draft: ChangeDraft) -> None:
        statement = self.current or self._begin(self.position)
        same = [c for c in statement.changes if c.base == draft.base]
        if draft.direction == "unchanged" and same and draft.base_figure is None:
            return  # 与年初预算基本持平 behind a printed change says nothing new
        if draft.amount is None and draft.percent is None and same and draft.base_figure is None:
            return
        statement.compared = draft.base or statement.compared
        statement.changes.append(draft)


_FORMS = (
    "reason",
    "direction",
    "compare",
    "same_year",
    "against",
    "unchanged",
    "change",
    "completion",
    "share",
    "purpose",
    "none",
    "part",
    "figure",
)


def _form(match: "re.Match[str]") -> str:
    return next(name for name in _FORMS if match[name] is not None)


_COUNTED_CLAUSE = re.compile(rf"[，,；;](?=[^，,；;、]*[{COUNT}{MONEY}])")
_GOES_ON = re.compile(r"(?:其中|具体|分项|具体为)[：:，,]?")
_EXPLAINS = re.compile(r"受|由于|因(?!公)|鉴于|为(?:进一步|认真|严格)?(?:贯彻|落实|执行)")
_PLAIN_REASON = re.compile(
    r"^(?:[，,]|(?=受|由于|因(?!公)|鉴于|为))(?!其中|具体|详见|如下|比|较|与|占|同|上年|其|包括|含|均|全部|完成|分别)[^：:]{6,}。?$"
)
_SUBJECT = re.compile(r"收|支|经费|费|拨款|采购|合计|总计|基金|资本|补助|公积金|项目|预算|决算|资金")


def _names_subject(label: str) -> bool:
    return bool(_SUBJECT.search(label)) and not _AMOUNT_WORD.fullmatch(label)
