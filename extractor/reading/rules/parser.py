"""The statement grammar: what a sentence says of its figures.

A sentence is scanned once for the few forms that disclosures use — a figure with its subject, a share, a
completion, a change against a base, a direction word, a reason, a purpose, nothing declared — and the forms
are put together into statements. Which record a statement becomes is the binders' business.
"""

import re
from collections.abc import Callable

from extractor.classification import is_functional_name
from extractor.reading.rules.clauses import label_of
from extractor.reading.rules.encode import COUNT, MONEY, NUMBER, PERCENT, Encoded
from extractor.reading.rules.forms import (
    BARE_SIDE,
    BEING,
    BOTH_SIDES,
    COUNTED_CLAUSE,
    EXPLAINS,
    FIGURES,
    HELD_CLAUSE,
    JOINED_BASES,
    NAMED_BEHIND,
    OF_EACH,
    ONE_FUND,
    PLAIN_REASON,
    PURSUES,
    REACHING,
    SCANNER,
    THE_REST,
    form_of,
    names_subject,
)
from extractor.reading.rules.lexicon import BASE_WORD, base_of, budget_named, direction_of, moved_to
from extractor.reading.rules.planned import Planned
from extractor.reading.rules.respective import Respectively, changes_at
from extractor.reading.rules.statements import ChangeDraft, Setting, Statement
from schemas.quantities import Quantity


def statements_of(encoded: Encoded, setting: Setting) -> tuple[list[Statement], list[Quantity]]:
    """All statements of a passage in order, and the figures that only stand inside reasons and purposes."""
    found: list[Statement] = []
    asides: list[Quantity] = []
    for number, sentence in enumerate(encoded.sentences):
        before = encoded.sentences[number - 1] if number else sentence
        named = before.text if before.paragraph == sentence.paragraph and not before.quantities else ""
        _Parser(number, sentence, encoded.source, setting, found, asides, named).run()
    return found, asides


_OF_TARGET = re.compile(r"的\S{0,4}(?:目标|指标|任务)")


class _Parser(Respectively, Planned):
    """Scans one sentence and appends its statements to `found`."""

    def run(self) -> None:
        """Scan the sentence from left to right."""
        handlers: dict[str, Callable[[re.Match[str]], int]] = {
            "void": self._on_void,
            "reason": self._on_reason,
            "direction": self._on_direction,
            "even": self._on_even,
            "compare": self._on_compare,
            "moved": self._on_moved,
            "gap": self._on_gap,
            "same_year": self._on_same_year,
            "against": self._on_against,
            "unchanged": self._on_unchanged,
            "change": self._on_change,
            "completion": self._on_completion,
            "share": self._on_share,
            "purpose": self._on_purpose,
            "none": self._on_none,
            "respectively": self._on_respectively,
            "part": self._on_part,
            "figure": self._on_figure,
        }
        text = self.sentence.text
        match = SCANNER.search(text, self.position)
        while match:
            self.at = match.start()
            end = handlers[form_of(match)](match)
            self.position = max(end, match.start() + 1)
            match = SCANNER.search(text, self.position)
        self._reason_without_lead()

    def _on_void(self, match: "re.Match[str]") -> int:
        """年初预算数为0，无法计算百分比: says only why there is no rate."""
        return self._pass_over(match.start(), match.end())

    def _on_part(self, match: "re.Match[str]") -> int:
        self.part, self.whole = True, self._chunk(match.start()) + match.group()
        return match.end()

    def _on_respectively(self, match: "re.Match[str]") -> int:
        end = self._each_figure(match)
        return self._on_part(match) if end is None else end

    def _on_same_year(self, match: "re.Match[str]") -> int:
        compared = self.changed or self.current
        last = compared.changes[-1] if compared and compared.changes else None
        if (
            last is not None
            and last.base in ("prior_year", "prior_year_budget")
            and (last.amount or last.base_figure)
            and not last.percent
            and not self.part
        ):
            self.pending = last  # 比2020年增加234.56万元，同比增长7.04%
            return match.end()
        self._open_change("prior_year", None)
        return match.end()

    def _on_against(self, match: "re.Match[str]") -> int:
        words = match["against"]
        year = self.clauses.year(match.start(), words)
        base = base_of(re.sub("相比|比较", "", words), year, self.setting.fiscal_year, self.setting.budget)
        if base is not None:
            self._subject_before(match.start())
            self._open_change(base, None)
        return match.end()

    def _on_compare(self, match: "re.Match[str]") -> int:
        bases = self._bases(match)
        if not bases:
            return match.start() + 1
        self._subject_before(match.start())
        figure = self.clauses.quantity(match, "compare_figure")
        self._open_change(bases[0], figure)
        self.beside = bases[1:]
        return match.end()

    def _on_moved(self, match: "re.Match[str]") -> int:
        """由上年的27万元降至25万元: the base of a change, and the amount once more or for the first time."""
        what = match["moved_what"]
        year = self.clauses.year(match.start("moved_what"), what)
        base = base_of(what, year, self.setting.fiscal_year, self.setting.budget)
        base = base or (None if what else self.base)  # 较2022年预算增加X，其中项目支出由Y增至Z
        if base is None:
            return match.start() + 1
        self._subject_before(match.start())
        statement = self.current or self._begin(match.start())
        amount = self.clauses.quantity(match, "moved_to")
        if amount is not None and statement.figure is None:
            statement.figure = amount
        elif amount is not None:
            self.asides.append(amount)
        figure = self.clauses.quantity(match, "moved_from")
        self.pending = ChangeDraft(base=base, direction=moved_to(match["moved_word"]), base_figure=figure)
        self._close_change(keep_open=True)
        return match.end()

    def _on_unchanged(self, match: "re.Match[str]") -> int:
        if self.pending is None:
            return match.end()
        self.pending.direction = "unchanged"
        self._close_change()
        for base in self.beside:  # 与年初预算数、上年支出数持平
            self._add_change(ChangeDraft(base=base, direction="unchanged"))
        self.beside = []
        return match.end()

    def _on_direction(self, match: "re.Match[str]") -> int:
        words = match["direction_word"] + (match["direction_same"] or "")
        if match["direction_word"] == "与" and not match["direction_same"]:
            return match.start() + 1
        base = budget_named(match.group())
        self._subject_before(match.start())
        amount = self.clauses.quantity(match, "direction_figure")  # 决算数大于预算数1,900万元
        self._add_change(ChangeDraft(base=base, direction=direction_of(words), amount=amount))
        return match.end()

    def _on_even(self, match: "re.Match[str]") -> int:
        """全年预算数与决算数无差异."""
        self._add_change(ChangeDraft(base=budget_named(match.group()), direction="unchanged"))
        return match.end()

    def _on_change(self, match: "re.Match[str]") -> int:
        if _OF_TARGET.match(self.sentence.text, match.end()):
            return match.end()  # 低于100%的控制目标
        if OF_EACH.search(self.sentence.text[: match.start()]):
            changes = changes_at(self.sentence.text, match.start())
            if len(changes) > 1:
                return self._each_changed(changes)
        figure = self.clauses.quantity(match, "change_figure")
        direction = direction_of(match["change_word"])
        draft = self._open_for(match) or self._unfinished_change(match)
        chunk = self._chunk(match.start())
        if match["change_figure"] != PERCENT and (BARE_SIDE.fullmatch(chunk) or BOTH_SIDES.fullmatch(chunk)):
            base = self.base  # 与上年相比，收入增加X，支出增加Y: each side's own change
            compared = self.pending.base_figure if self.pending and BOTH_SIDES.fullmatch(chunk) else None
            self._begin(match.start())
            draft = ChangeDraft(base=base, base_figure=compared)
        elif match["change_figure"] != PERCENT and self._turns_to(chunk, match.start()):
            draft = ChangeDraft(base=self.base)
        elif self._is_unnamed(draft) and names_subject(label_of(chunk)):
            self.found[-1].label, self.found[-1].chunk = (
                label_of(chunk),
                chunk,
            )  # 与上年相比，基本支出增加X，项目支出减少Y
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
        statement = self._completed(match.start())
        if statement is None or statement.completion is not None:
            statement = self._begin(match.start())
        statement.completion = self.clauses.quantity(match, "completion_figure")
        told = self.pending is not None and self.pending in statement.changes  # 与年初预算X相比增加Y，为年初预算的Z%
        if self.pending is not None and self.pending.base_figure is not None and statement.initial is None and not told:
            # 与年初预算12,000万元相比，完成年初预算的121.67%
            statement.initial, statement.initial_base = self.pending.base_figure, self.pending.base or ""
            self.pending = None
        whole = self.clauses.quantity(match, "completion_whole")
        if whole is not None and statement.initial is None:
            statement.initial, statement.initial_base = whole, budget_named(match["completion_of"])
        statement.completion_of = match["completion_of"] or match["completion_budget"] or match["completion_rate"] or ""
        return match.end()

    def _on_share(self, match: "re.Match[str]") -> int:
        if re.search("分别|依次", self.sentence.text[: match.start()][-2:] + (match["share_of"] or "")):
            return self._each_share(match.start("share_figure"))
        if re.search(r"(?:年初|全年|当年)预算|^总预算", match["share_of"] or ""):
            statement = self.current
            if statement is not None and statement.completion is None:
                statement.completion = self.clauses.quantity(match, "share_figure")
                statement.completion_of = match["share_of"]
                return match.end()
        statement = self.current
        if statement is None or statement.share is not None:
            statement = self._begin(match.start())
        statement.share = self.clauses.quantity(match, "share_figure")
        statement.share_of = match["share_of"] or ""
        return match.end()

    def _on_reason(self, match: "re.Match[str]") -> int:
        end = self.clauses.end_of(match.end(), reason=True)
        held = HELD_CLAUSE.search(self.sentence.text, match.end(), end)
        end = held.start() if held else end
        words = self.clauses.words(match.end(), end)
        for total in self._both_explained(self._chunk(match.start()) + match.group()):
            total.changes[-1].reason = words
        statement = (
            self._explained(match.start())
            or self._whole_explained(match)
            or self._whole_of_parts("")
            or self.changed
            or self.current
        )
        if statement is not None and words:
            self._moved_by_reason(statement, match.group())
            for explained in self.each or [statement]:
                last = explained.changes[-1] if explained.changes else None
                if last is not None and last.reason is None:
                    last.reason = words
                elif explained.reason is None:
                    explained.reason = words
        self.pending = None
        return self._pass_over(match.end(), end)

    def _moved_by_reason(self, statement: Statement, lead: str) -> None:
        """完成年初预算的223%，增加原因是…: the words before a reason say how the amount stands to its budget."""
        direction = direction_of(lead) if re.match("增[加长]|减少|下降", lead) else None
        if direction is not None and statement.completion is not None and not statement.changes:
            base = statement.initial_base if statement.initial is not None else budget_named(statement.completion_of)
            self._add_change(ChangeDraft(base=base, direction=direction))

    def _on_purpose(self, match: "re.Match[str]") -> int:
        text = self.sentence.text
        end = self.clauses.end_of(match.end(), reason=True)
        counted = COUNTED_CLAUSE.search(text, match.end(), end)
        end = counted.start() if counted else end
        if THE_REST.search(text, self.position, match.start()):
            return end
        statement = self.current
        inside = text[match.end() : end]
        if MONEY in inside or re.match(r"以下|下列", text[match.end() :]):  # 主要用于以下方面：…
            self.part, self.whole = True, self._chunk(match.start()) + match.group()
            return match.end()
        words = self.clauses.words(match.end(), end)
        said = bool(re.match(r"主要(?:是|为)$", match.group()))
        compared = (self._whole_of_parts(words) if said else None) or self.changed or statement
        explains = said and compared is not None and bool(compared.changes)
        if statement is None and words:
            statement = self._begin(match.start())
        if statement is not None and words:
            if explains and compared is not None and compared.changes[-1].reason is None:
                compared.changes[-1].reason = words
            elif said and statement.completion is not None and not (statement.reason or PURSUES.match(words)):
                statement.reason = words  # 完成年初预算的145.75%，主要是年中追加
            elif statement.purpose is None:
                statement.purpose = words
        self._vehicles_in(match.end(), end)
        return self._pass_over(match.end(), end)

    def _on_none(self, match: "re.Match[str]") -> int:
        text = self.sentence.text
        earlier = re.search("(?:上年|去年|上一年度?|往年)$", text[: match.start()])
        if self.pending is not None or earlier:  # 与上年相比没有…, 上年没有该项收入: a comparison, not a denial
            return match.end()
        end = self.clauses.end_of(match.end())
        statement = self._begin(match.start())
        statement.none = True
        statement.none_words = text[match.end() : end]
        return match.end() if re.search(f"[{FIGURES}]", statement.none_words) else end

    def _on_figure(self, match: "re.Match[str]") -> int:
        figure = self.sentence.quantities.get(match.start())
        if figure is None:
            return match.end()
        if match.group() == COUNT and EXPLAINS.match(label_of(self._chunk(match.start()))):
            self.asides.append(figure)  # 因在职人员调出四人，较2023年减少
            return match.end()
        if self._percent_of_change(match, figure) or (
            match.group() == NUMBER and not self.clauses.reads_as_money(match)
        ):
            return match.end()
        fund = self.clauses.is_bracketed(match.start()) and ONE_FUND.fullmatch(label_of(self._chunk(match.start())))
        initial = None if fund else self._initial(match.start())
        if initial is not None and match.group() in (MONEY, NUMBER):
            self._plan(match.start(), figure, initial)
            return match.end()
        current = self.current
        chunk = self._chunk(match.start())
        continues = (
            current is not None
            and not fund
            and current.order >= self.first
            and current.figure is None
            and (current.initial is not None or current.label == "" or (current.changes and REACHING.fullmatch(chunk)))
            and match.group() in (MONEY, NUMBER)
        )
        statement = current if continues and current is not None else self._begin(match.start())
        if continues and not statement.label:
            statement.label, statement.chunk = label_of(chunk), chunk
        statement.figure = figure
        statement.base = self._earlier(match.start(), chunk)
        self.base = statement.base or self.base  # 2020年决算数为140万元，增加10万元
        statement.after = self.sentence.text[match.end() : match.end() + 16]
        named = NAMED_BEHIND.match(self.sentence.text, match.end()) if statement.part and not statement.label else None
        if named and match.group() == MONEY and (named["fund"] or is_functional_name(named["name"] or named["item"])):
            # 其中12.60万元为就业创业服务补贴, 8.20万元用于小学教育
            statement.label = statement.chunk = named["name"] or named["item"]
            return named.end()
        return match.end()

    def _percent_of_change(self, match: "re.Match[str]", figure: Quantity) -> bool:
        """比上年减少1.5万元（4.05%）: the percent in brackets is that of the change before it."""
        compared = self.changed or self.current
        change = compared.changes[-1] if compared and compared.changes else None
        before = self.sentence.quantities.get(match.start() - 2)
        bracketed = match.group() == PERCENT and self.sentence.text[match.start() - 1] in "（("
        if not bracketed or change is None or change.percent or before is None or change.amount is not before:
            return False
        change.percent = figure
        return True

    def _bases(self, match: "re.Match[str]") -> list[str]:
        """What a comparison names: one base, or several that are told of together (年初预算数和上年决算数)."""
        what, at = match["compare_what"], match.start("compare_what")
        fiscal_year, budget = self.setting.fiscal_year, self.setting.budget
        parts = [part for part in JOINED_BASES.finditer(what) if re.search(BASE_WORD, part.group())]
        if len(parts) > 1:
            each = [
                base_of(part.group(), self.clauses.year(at + part.start(), part.group()), fiscal_year, budget)
                for part in parts
            ]
            if None not in each and len(set(each)) == len(each):
                return [base for base in each if base is not None]
        base = base_of(what, self.clauses.year(at, what), fiscal_year, budget)
        return [] if base is None else [base]

    def _reason_without_lead(self) -> None:
        """…，下降20.67%，厉行节约，压减项目资金。 and 受疫情影响，…: a reason that no word announces."""
        statement = self.current
        rest = self.sentence.text[self.position :]
        if statement is None or (statement.order < self.first and not EXPLAINS.match(self.sentence.text)):
            return
        if re.search(f"[{FIGURES}]", rest) or not PLAIN_REASON.match(rest):
            return
        words = self.clauses.words(self.position, len(self.sentence.text))
        last = statement.changes[-1] if statement.changes else None
        if BEING.match(words):  # 年初未安排预算，系上年结转资金
            words = BEING.sub("", words)
            if last is None or last.reason is not None:
                statement.reason = statement.reason or words
                return
        if statement.order < self.first or self.position == 0:
            if (statement.reason is None and last is None) or (last is not None and last.amount is not None):
                statement.reason = statement.reason or words
        elif last is not None and last.reason is None and (last.amount or last.percent):
            last.reason = words
