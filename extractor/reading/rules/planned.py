"""Budget figures printed beside what was spent: 年初预算为X，支出决算为Z; 全年预算数X，决算数Y，预决算差异率-3%."""

import re

from extractor.reading.rules.clauses import label_of
from extractor.reading.rules.encode import DATE, MONEY
from extractor.reading.rules.forms import EARLIER, INITIAL
from extractor.reading.rules.lexicon import base_of, budget_named
from extractor.reading.rules.statements import ChangeDraft
from extractor.reading.rules.telling import Telling
from schemas.quantities import Quantity, QuantityKind

_BUDGET = re.compile("(?:年初|全年|调整后?|当年)预算")


class Planned(Telling):
    """A sentence that prints a budget beside an amount."""

    def _on_gap(self, match: "re.Match[str]") -> int:
        """预决算差异率-6.70%: the change against the budget printed before, with its own sign."""
        statement = self.current or self._begin(match.start())
        told = _BUDGET.findall(self.sentence.text[: match.start()])
        base = budget_named(told[-1]) if told else "initial_budget"
        percent = self.clauses.quantity(match, "gap_figure")
        draft = ChangeDraft(base=base, percent=percent)
        if percent is not None and percent.value is not None:
            draft.direction = "unchanged" if not percent.value else "decrease" if percent.value < 0 else "increase"
        if (
            base == "adjusted_budget" and statement.initial is not None
        ):  # 全年预算数 is the base, no budget of the year's begin
            draft.base_figure, statement.initial = statement.initial, None
        self._add_change(draft)
        return match.end()

    def _initial(self, at: int) -> str | None:
        """In a final account: is the figure at `at` a budget figure printed beside the amount?"""
        match = INITIAL.search(self.sentence.text[max(self.position, at - 24) : at])
        if self.setting.budget or match is None:
            return None
        if not re.search(r"决算|支出|完成|执行|实际", self.sentence.text[at + 1 :]):
            return None
        alone = match["kind"] == "全年预算" and "年初预算" not in self.sentence.text[:at]
        return "initial_budget" if alone else budget_named(match["kind"])  # 全年预算数X，决算数Y: the one budget told

    def _plan(self, at: int, figure: Quantity, base: str) -> None:
        """A budget figure beside an amount that is still to come (年初预算为X，全年预算为Y，支出决算为Z)."""
        current = self.current
        if (
            current is not None
            and current.sentence == self.number
            and current.initial is not None
            and current.figure is None
        ):
            current.changes.append(ChangeDraft(base=base, base_figure=figure))
            return
        rest = self.sentence.text[at + 1 :]
        beside = current is not None and current.base is None and (current.sentence == self.number or MONEY not in rest)
        counts = current is not None and current.figure is not None and current.figure.kind is QuantityKind.COUNT
        if (
            beside
            and current
            and current.figure
            and not counts
            and not current.initial
            and not label_of(self._chunk(at))
        ):
            current.initial, current.initial_base = figure, base  # 支出26.80万元，年初预算30.00万元，完成预算的89.33%
            return
        statement = self._begin(at)
        statement.initial, statement.initial_base = figure, base

    def _earlier(self, at: int, chunk: str) -> str | None:
        """The base that a figure is, where the words before it name an earlier year (2022年预算数为…)."""
        dated = EARLIER.search(chunk)
        if dated is None:
            return None
        year = self.clauses.year(at - len(chunk) + dated.start(), dated.group()) if DATE in dated.group() else None
        if year is not None and (self.setting.fiscal_year is None or year >= self.setting.fiscal_year):
            return None
        return base_of(dated.group(), year, self.setting.fiscal_year, self.setting.budget)
