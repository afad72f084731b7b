"""Names that figures or changes are told of respectively: 行政运行（项）、机关服务（项）支出决算分别为820万元、310万元，较上年
分别增加12万元、减少3万元."""

import re
from dataclasses import dataclass

from extractor.classification import is_functional_name
from extractor.reading.rules.clauses import label_of
from extractor.reading.rules.encode import ASIDE, MONEY, PERCENT
from extractor.reading.rules.lexicon import DOWN, UP, budget_named, direction_of
from extractor.reading.rules.statements import ChangeDraft, Statement
from extractor.reading.rules.telling import Telling
from schemas.quantities import Quantity, QuantityKind

_WHAT = re.compile(r"[，,]?(?:的|年初|全年|支出|本年|预算|决算|安排|数|额|Ⓓ年?度?)*$")
_LEVEL = re.compile(r"[（(](?P<level>[类款项])[)）]$")
_ABOVE = re.compile(r"^.*[（(][类款][)）](?=[^（()）]+[（(])")
_FUNDS = re.compile(r"(?:支出|收入|拨款|经费|费)(?:总计|合计|总额)?$")
_FIGURE = f"[{MONEY}{PERCENT}](?:[（(][^（()）]*[)）])?"
_FIGURES = re.compile(f"{_FIGURE}(?:(?:[、和及与]|以及){_FIGURE})+")
_OWN_SHARE = re.compile(f"[（(]占[^（()）]*(?P<share>{PERCENT})[)）]")
_LEAD = re.compile(r"^.*(?:其中|[出入]中|[：:])[，,：:]?|^[，,、。；：:\s]+")
_BETWEEN = r"(?:[、，,；和及与]|以及)"
_CHANGE = re.compile(f"(?P<word>{UP}|{DOWN})?(?:了|约)?(?P<figure>[{MONEY}{PERCENT}])")
_NEXT_CHANGE = re.compile(f"{_BETWEEN}(?=(?:{UP}|{DOWN})?[{MONEY}{PERCENT}])")
_SPLIT = re.compile(r"(?<=[类款项][)）])(?:[、和及与]|以及)|(?<=支出|收入|拨款|经费|总计|合计|总额)(?:[、和及与]|以及)")
"""Names hold 和 and 及 themselves (社会保障和就业支出): they are parted only behind a name's end."""
_SEPARATORS = ("、", "[、和]", "[、和及与]|以及")
_NAME = re.compile(r"[\u4e00-\u9fff（）()“”]{2,24}")
_SOME_OF = re.compile(f"(?P<end>[前后])(?P<count>{ASIDE})[^，,；;{MONEY}{PERCENT}]*$")
_ABOVE_ALL = re.compile(r"[（(][类款][)）][。：:]?$")


@dataclass(frozen=True)
class Listed:
    """Two or more names, each with what stands above it; the words on what is told of them (年初预算); and whether
    they are names of the functional classification."""

    names: tuple[str, ...]
    what: str
    of_levels: bool


def listed(chunk: str, count: int) -> Listed | None:
    """The names that the words before 分别为 list; None where they list none of a known kind, and not as many as the
    `count` figures."""
    names = _of_known_kind(chunk) or _by_count(chunk, count)
    return names if names is not None and len(names.names) == count else None


def _by_count(chunk: str, count: int) -> Listed | None:
    """货物、工程、服务支出, 基本工资、奖金: as many names as figures follow."""
    for between in _SEPARATORS:
        names = tuple(re.split(between, _LEAD.sub("", chunk)))
        if len(names) == count and all(map(_NAME.fullmatch, names)):
            return Listed(names, "", False)
    return None


def _of_known_kind(chunk: str) -> Listed | None:
    official = _official(chunk)
    if official:
        return official
    tail = _WHAT.search(chunk)
    bare = chunk[: tail.start()] if tail and _LEVEL.search(chunk[: tail.start()]) else chunk
    names = [part.strip() for part in _SPLIT.split(bare)]
    if len(names) < 2 or not all(names):
        return None
    levels = {found["level"] if (found := _LEVEL.search(name)) else "" for name in names}
    if len(levels) == 1 and levels != {""}:
        above = _ABOVE.match(names[0])
        lead = above.group() if above else ""
        return Listed((names[0], *(lead + name for name in names[1:])), chunk[len(bare) :], True)
    if all(_FUNDS.search(name) for name in names):
        return Listed(tuple(names), "", False)
    return None


def _official(chunk: str) -> Listed | None:
    """Names of the official classification, with or without （类）（款）（项）: 行政运行、执法办案和特别业务."""
    for words in (chunk, _WHAT.sub("", chunk)):  # the last name may end with 支出 itself
        bare = _LEAD.sub("", words)
        for between in ("[、和及]|以及", "、"):  # a name may hold 和 itself
            names = tuple(re.split(between, bare))
            if len(names) > 1 and all(is_functional_name(name) for name in names):
                return Listed(names, chunk[len(words) :], True)
    return None


def changes_at(text: str, start: int) -> list[tuple[str, int]]:
    """The changes that follow one another from `start` on: the word of each, and where its figure stands."""
    found: list[tuple[str, int]] = []
    while match := _CHANGE.match(text, start):
        found.append((match["word"] or found[-1][0], match.start("figure")))  # 增加A和B: the word of the one before
        between = _NEXT_CHANGE.match(text, match.end())
        if between is None:
            break
        start = between.end()
    return found


def figures_at(text: str, start: int) -> tuple[list[int], int]:
    """Where the figures of one kind stand that follow one another from `start` on, those in brackets behind them aside
    (none unless there are two), and where the last of them ends."""
    match = _FIGURES.match(text, start)
    if match is None:
        return [], start
    found = [start + each.start() for each in re.finditer(_FIGURE, match.group())]
    return (found if len({text[at] for at in found}) == 1 else []), match.end()


class Respectively(Telling):
    """A sentence that goes through the names it listed, or through the figures it just told, one by one."""

    def _told_of(self, at: int, figures: int) -> list[Statement]:
        """What the sentence goes back to at a place with so many figures: its listed names, else the figures told last as
        parts or as wholes; those of them that it counts off (前两项, 后两项)."""
        told = [s for s in self.found[self.first :] if s.figure]
        told = self.listed or [s for s in told if s.part == told[-1].part]
        if len(told) != figures:  # 减排支出两项：A为X、B为Y，分别完成…
            told = [s for s in told if s.figure and s.figure.kind is not QuantityKind.COUNT]
        some = _SOME_OF.search(self.sentence.text[:at])
        if some is None:
            return told
        count = int(self.sentence.quantities[some.start("count")].value or 0)
        return told[:count] if some["end"] == "前" else told[-count:]

    def _each_figure(self, match: "re.Match[str]") -> int | None:
        """A（项）、B（项）支出决算分别为X、Y，年初预算分别为Z、W: a statement for each name; None where neither the names nor
        what was told before are as many as the figures."""
        text = self.sentence.text
        places, end = figures_at(text, match.end())
        chunk = self._chunk(match.start())
        names = listed(chunk, len(places)) or self._listed_before(chunk, len(places))
        told = self._begin_each(names, places) if names else self._told_of(match.start(), len(places))
        if not places or len(told) != len(places):
            return None
        words = (names.what if names else chunk) + match.group()
        for statement, at in zip(told, places, strict=True):
            self._tell(statement, self.sentence.quantities[at], text[at], words)
            share = _OWN_SHARE.match(text, at + 1)
            if share:
                statement.share = self.sentence.quantities[share.start("share")]
        self.each = told
        return end

    def _listed_before(self, chunk: str, count: int) -> Listed | None:
        """A（项）、B（项）。年初预算分别为X、Y: the names that the sentence before lists, where no figure stands among them."""
        names = listed(self.before.rstrip("。：:"), count) if self.found[self.first :] == [] else None
        return None if names is None or not names.of_levels else Listed(names.names, chunk, True)

    def _begin_each(self, names: Listed, places: list[int]) -> list[Statement]:
        self.listed = []
        above = self.before.rstrip("。：:") if _ABOVE_ALL.search(self.before) and names.of_levels else ""
        for name, at in zip(names.names, places, strict=True):
            statement = self._begin(at)
            statement.label, statement.chunk, statement.respective = label_of(name), above + name, True
            statement.part = statement.part or not names.of_levels
            self.listed.append(statement)
        return self.listed

    def _each_changed(self, changes: list[tuple[str, int]]) -> int:
        """较上年分别增加X、减少Y: a change of each of the names that figures were told of just before."""
        end = changes[-1][1] + 1
        told = self._told_of(changes[0][1], len(changes))
        if len(told) != len(changes):
            return self._pass_over(changes[0][1], end)
        for statement, (word, at) in zip(told, changes, strict=True):
            draft = next((c for c in statement.changes if c.base == self.base), None)
            if draft is None:
                draft = ChangeDraft(base=self.base, direction=direction_of(word))
                statement.changes.append(draft)
            if self.sentence.text[at] == PERCENT:
                draft.percent = draft.percent or self.sentence.quantities[at]
            else:
                draft.amount = draft.amount or self.sentence.quantities[at]
        self.pending = None
        return end

    def _each_share(self, start: int) -> int:
        """分别占31.2%和68.8%, 占比依次是…: a share of each of the names that figures were told of just before."""
        places, _ = figures_at(self.sentence.text, start)
        told = self._told_of(start, len(places))
        if not places or len(places) != len(told):
            return self._pass_over(start, start + 1)
        for statement, at in zip(told, places, strict=True):
            statement.share = statement.share or self.sentence.quantities[at]
        return places[-1] + 1

    def _tell(self, statement: Statement, figure: Quantity, letter: str, told: str) -> None:
        """Give a statement the figure that the words `told` announce."""
        if letter == PERCENT:
            if "完成" in told and statement.completion is None:
                statement.completion, statement.completion_of = figure, told
            else:
                self.asides.append(figure)
        elif not self.setting.budget and "预算" in told and "决算" not in told and statement.initial is None:
            statement.initial, statement.initial_base = figure, budget_named(told)
        elif statement.figure is None:
            statement.figure = figure
        else:
            self.asides.append(figure)
