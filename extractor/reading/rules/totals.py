"""Totals of revenue and expenditure, what they are made of, and what is carried over."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.documents.numbering import marker_of
from extractor.reading.routing import SectionKind
from extractor.reading.rules.economic import MEMBERS, group_of
from extractor.reading.rules.forms import CLOSED_BRACKET, ONE_FUND
from extractor.reading.rules.lexicon import OF_THE_ECONOMY
from extractor.reading.rules.parts import BRACKET, FUND_LABEL, label_of_part, names_part
from extractor.reading.rules.scene import Scene, change_records, completion_base
from extractor.reading.rules.scopes import SECTION_SCOPES, SECTION_SIDES, scope_of, side_of
from extractor.reading.rules.statements import ChangeDraft, Statement
from extractor.reading.rules.titles import is_of_unit, subject_of, title_label, title_of
from schemas.fields import Fields
from schemas.quantities import QuantityKind
from schemas.records import BudgetTotal, Carryover, CompositionItem, EconomicItem

_SIDED = (SectionKind.REVENUE, SectionKind.EXPENDITURE, SectionKind.OVERVIEW)
_TOLD_FREELY = (SectionKind.PERFORMANCE, SectionKind.REPORT, SectionKind.OTHER, SectionKind.TASKS)
_GENERAL = (SectionKind.GENERAL_PUBLIC, SectionKind.FUNCTIONAL)
_ONE_BUDGET = (SectionKind.GOVERNMENT_FUND, SectionKind.STATE_CAPITAL)
_PARTS = {
    ("department", "revenue"): "revenue",
    ("department", "expenditure"): "expenditure",
    ("fiscal_appropriation", "revenue"): "fiscal_revenue",
    ("fiscal_appropriation", "expenditure"): "fiscal_expenditure",
    ("general_public", "expenditure"): "general_public_expenditure",
    ("general_public", "revenue"): "fiscal_revenue",
    ("government_fund", "expenditure"): "fiscal_expenditure",
    ("government_fund", "revenue"): "fiscal_revenue",
    ("state_capital", "expenditure"): "fiscal_expenditure",
    ("state_capital", "revenue"): "fiscal_revenue",
}
_TOTAL_WORDS = re.compile(r"总计|合计|总额|总收入|总支出|总预算|总决算|收支预算|收支决算|总规模")
_BODY = r"(?:[\u4e00-\u9fff（）()]*(?:局|委|厅|部|院|中心|校|学|镇|乡|办|会|站|所|队|园|馆|街道|公司|单位|部门|系统|处|社))?"
_TOTAL_LABEL = re.compile(
    rf"{_BODY}(?:经费(?=预算|决算|支出))?(?:所有|全部|整体|财务)?(?:本年度?|当年|年初|年度|全年|实际|累计|总|上年度?)*(?:部门|单位)?"
    r"(?:一般公共(?:服务)?预算|公共财政预算|政府性?基金(?:预算)?|国有资本经营(?:预算)?|财政|财政性|财务)?(?:当年|本年)?(?:财政)?(?:拨款|资金)?(?:预算|决算)?(?:报表)?(?:本年|当年)?"
    r"(?:总?收入|总?支出|收[、，和与及]?支|收入[、，和与及]?支出|拨款|收支)?(?:决算|预算|安排)?(?:总计|合计|总额|总体|总|数|规模)*(?:收入|支出|收支)?(?:决算|预算)?(?:总计|合计|总额|数)*"
)
_HEAD = re.compile(r"[^，。；：:]{4,30}情况[：:]")
_CARRIED = re.compile(r"结转|年[初末]|上年|滚存")
_CARRYOVER = re.compile(r"结转|结余")
_ALLOTTED = re.compile(r"结余分配")
_BY_CLASS = re.compile(r"按[^，。；：]{0,8}经济(?:科目)?分类")
_BY_SOURCE = re.compile(r"项目支出(?:[^。；，,]{0,16}(?:按资金来源|资金(?:安排|来源)[：:])|中[，,](?!安排))")
"""项目支出按资金来源分为：一般公共预算拨款X、上年结转Y: parts of expenditure, no totals of their own."""
_OF_YEAR = re.compile(r"(?:本年|当年|上年|以前年度)\w{0,8}(?:收入|拨款|结转|结余)")
"""What a bracket behind a total parts it into: 财政拨款收支均为X（本年财政拨款Y，上年财政拨款结转Z）."""
_FUNDED_BASIC = re.compile(r"一般公共预算(?:财政拨款)?基本支出")
_GRAND = re.compile(r"总计|总额|总收入|总支出|总预算|总决算")
_THAN_OPENING = re.compile(r"(?:^|[较比与])年初(?:数|余额)?的?$")
_OPENING = re.compile(r"年初|上年|期初|以前年度")
_PARTS_BASIC = re.compile("基本支出(?:中|按)")
_DESCRIBED = re.compile(
    r"^(?:保障|完成|用于|维持|开展).*的(?:日常|各项|专项|业务|工作|经费)*支出$|^(?:专项|各项)?业务工作的经费支出$"
)
"""Words that describe basic or project expenditure, whose name stands in the title above."""

_BARE_SIDE = re.compile(r"(?:Ⓓ|本年|当年|部门|单位|预算|决算|总)*(?:收入|支出|收支)(?:预算|决算|总计|合计)*")
_KINDS_OF_REVENUE = re.compile(r"\n\s*\d+\s*[、.．]\s*(?:上级补助|事业|经营|附属单位上缴|其他)收入")
_THIS_YEAR = re.compile(r"^[，,、：:]?(?:其中[：:，,]?)?本年(?:度)?(?:财政拨款)?(?:收入|支出)(?:合计)?(?:为)?$")
_EACH = re.compile(r"各|均|分别|收[、，]?支|收入.{0,3}支出")
_REVENUE_LIST = re.compile(r"收入(?:预算|决算|总计|合计)?(?:主要)?(?:包括|来源|构成|其中)|收入[:：]|收入[为是][:：]?$")
_WHOLE = re.compile(
    r"(?P<whole>[^，。；：Ⓓ]*(?:收入|支出|拨款|预算|决算|总计|合计))中(?:[，,：:]|(?=一般公共预算|政府性基金|国有资本))"
)
_EXPENDITURE_LIST = re.compile(
    r"支出(?:预算|决算|总计|合计)?(?:主要)?(?:包括|构成|用于|其中)|支出[:：]|支出[为是][:：]?$|按.{0,10}分类|主要用于"
)


@dataclass
class _Draft:
    """A record under way; `key` tells whether a later statement is about the same."""

    model: type[Fields]
    key: tuple[str, ...]
    values: dict[str, Any]
    changes: list[ChangeDraft] = field(default_factory=list)
    grand: bool = False  # 收入总计, not 本年收入合计


@dataclass
class _State:
    """What the passage is parting at the moment, and the records so far."""

    scope: str
    side: str
    drafts: list[_Draft] = field(default_factory=list)
    earlier: tuple[int, str] | None = None  # the sentence that states an earlier year's figures, and their base
    parting: int | None = None  # the sentence that lists the parts of a total named in it (财政拨款支出预算中，…)

    def find(self, model: type[Fields], key: tuple[str, ...]) -> _Draft | None:
        """The last record about the same."""
        return next((d for d in reversed(self.drafts) if d.model is model and d.key == key), None)

    def find_total(self, key: tuple[str, ...], grand: bool) -> _Draft | None:
        """The last total about the same: 收入总计增加X speaks of 收入总计, though 本年收入合计 was told behind it."""
        alike = [d for d in self.drafts if d.model is BudgetTotal and d.key == key]
        return next((d for d in reversed(alike) if d.grand == grand), alike[-1] if alike else None)


def bind_totals(scene: Scene, statements: list[Statement]) -> None:
    """BudgetTotal, CompositionItem and Carryover of the statements."""
    kind = SectionKind(scene.passage.kind)
    state = _State(SECTION_SCOPES.get(kind, "department"), SECTION_SIDES.get(kind, "both"))
    for statement in statements:
        if statement.figure is None or statement.figure.kind in (QuantityKind.MONEY, QuantityKind.NUMBER):
            _follow_lists(statement, state)
            _follow_years(statement, state)
            _bind(scene, statement, kind, state)
    for draft in state.drafts:
        changes = change_records(draft.changes)
        if changes:
            draft.values["changes"] = changes
        scene.add(draft.model, **draft.values)


def _bind(scene: Scene, statement: Statement, kind: SectionKind, state: _State) -> None:
    named = "" if _DESCRIBED.search(statement.label) else statement.label
    name = named or title_label(scene, statement) or statement.label
    if statement.none:
        _bind_none(scene, statement, kind, state)
    elif _THAN_OPENING.search(statement.chunk) and state.drafts and state.drafts[-1].model is Carryover:
        _bind_opening(scene, statement, state)
    elif statement.figure is not None and _BY_SOURCE.search(_sentence(scene, statement)) and not statement.changes:
        _bind_part(scene, statement, statement.label, replace(state, scope="department", side="expenditure"))
    elif group_of(statement.label) in MEMBERS and _BY_CLASS.search(_sentence(scene, statement)):
        _by_class(scene, statement)
    elif _FUNDED_BASIC.fullmatch(statement.label):
        return  # 一般公共预算基本支出 is the total of economic items wherever it stands
    elif (
        group_of(statement.label) in MEMBERS
        and not scene.parts_by_use()
        and (statement.share is None or kind is SectionKind.BASIC)
        and not _parts_of_expenditure(scene, statement, kind)
    ):
        return  # 人员经费, 公用经费 and their kind are economic items wherever they stand
    elif (
        re.search(OF_THE_ECONOMY, name)
        or not _says_something(statement)
        or (statement.figure is None and _joint(statement, state))
    ):
        return
    elif statement.bracketed and ONE_FUND.fullmatch(statement.label) and state.drafts:
        _bind_part(scene, statement, name, replace(state, scope="fiscal_appropriation"))
    elif statement.bracketed and _OF_YEAR.match(statement.chunk) and state.drafts and statement.figure is not None:
        side = state.side if state.side != "both" else "revenue"
        _bind_part(scene, statement, statement.label, replace(state, side=side))
    elif _ends_revenue(statement, state):
        _bind_part(scene, statement, name, replace(state, side="revenue"))
    elif _ALLOTTED.search(statement.label):
        _bind_part(scene, statement, name, replace(state, side="expenditure"))
    elif _CARRYOVER.search(CLOSED_BRACKET.sub("", statement.label or statement.chunk)) and not _is_part(
        statement, kind, state
    ):
        _bind_carryover(statement, kind, state, scene)
    elif _is_total(scene, statement, name, kind, state):
        _bind_total(scene, statement, kind, state)
    else:
        _bind_part(scene, statement, name, state)


def _says_something(statement: Statement) -> bool:
    """Does a statement hold an amount, a share or a change, or how far a named fund was spent (基本支出完成年初预算的98%)?"""
    completes = statement.completion is not None and FUND_LABEL.search(statement.label)
    return bool(statement.figure or statement.changes or statement.share or completes)


def _sentence(scene: Scene, statement: Statement) -> str:
    return scene.encoded.sentences[statement.sentence].text


def _follow_lists(statement: Statement, state: _State) -> None:
    """收入包括：…, 支出包括：…, 财政拨款支出预算中，… say what the parts that follow are parts of."""
    whole = _WHOLE.search(statement.lead)
    if whole and whole["whole"] != statement.label:
        state.parting = statement.sentence
        state.scope = scope_of(whole["whole"], SectionKind.OTHER)
        state.side = side_of(whole["whole"], state.scope, state.side)
    if state.parting == statement.sentence:
        statement.part = True
    lead = statement.whole + statement.lead
    if "收入方面" in lead or _REVENUE_LIST.search(lead):
        state.side = "revenue"
    elif (
        _EXPENDITURE_LIST.search(lead)
        or re.search("从支出.{0,4}看", lead)
        or re.search("支出(?:主要|方面)", statement.whole)
    ):
        state.side = "expenditure"
        if statement.part and scope_of(lead, SectionKind.OTHER) == "general_public":
            state.scope = "general_public"


def _follow_years(statement: Statement, state: _State) -> None:
    """2017年收入X，其中：…: the parts of an earlier year's total are that year's as well."""
    if statement.base is not None:
        state.earlier = (statement.sentence, statement.base)
    elif statement.part and state.earlier is not None and state.earlier[0] == statement.sentence:
        statement.base = state.earlier[1]


def _is_total(scene: Scene, statement: Statement, name: str, kind: SectionKind, state: _State) -> bool:
    if statement.figure is None and _BARE_SIDE.fullmatch(statement.chunk.strip("，,；; ")):
        return True
    if is_of_unit(scene, statement):
        return False
    words = re.sub(r"[\s“”]", "", BRACKET.sub("", subject_of(scene, statement))).rsplit("Ⓓ", 1)[-1]
    label = re.sub(r"[\s“”]", "", BRACKET.sub("", name)).rsplit("Ⓓ", 1)[-1]
    if kind in _ONE_BUDGET and not statement.part and scope_of(words, SectionKind.OTHER) == SECTION_SCOPES[kind]:
        return True
    if _follows_total(statement, kind, state) or _is_of_year(scene, statement):
        return True
    if label and not _TOTAL_LABEL.fullmatch(label) and not _TOTAL_WORDS.search(words):
        return False
    if not re.search(r"收|支|拨款|总计|合计|预算|决算", words or title_of(scene, statement)):
        return False
    if _TOTAL_WORDS.search(words):
        return True
    if statement.part or _lists_narrower(scene, statement, label, state):
        return False
    if kind is SectionKind.REVENUE:
        return scope_of(label, SectionKind.OTHER) == "department" and statement.share is None
    if kind in (SectionKind.EXPENDITURE, SectionKind.OVERVIEW):
        return statement.share is None or scope_of(label, SectionKind.OTHER) == "department"
    return True


def _is_of_year(scene: Scene, statement: Statement) -> bool:
    """收入总计X，其中：年初结转和结余Y，本年收入Z: in an account what came in and went out in the year is a total, too."""
    return not scene.setting.budget and statement.part and bool(_THIS_YEAR.search(statement.chunk))


def _follows_total(statement: Statement, kind: SectionKind, state: _State) -> bool:
    """本年政府性基金收入1200万元，…，支出1146.80万元: the other side of the one budget that a section is about."""
    words = re.split("[，,；;]", statement.chunk)[-1]
    bare = kind in _ONE_BUDGET and not statement.part and _BARE_SIDE.fullmatch(words)
    return bool(bare and state.drafts and state.drafts[-1].model is BudgetTotal)


def _lists_narrower(scene: Scene, statement: Statement, label: str, state: _State) -> bool:
    """收入总计X。1.财政拨款收入Y: a numbered line about one budget, under the body's own total of that side."""
    scope = scope_of(label, SectionKind.OTHER)
    marker = marker_of(scene.line(statement.paragraph))
    if scope == "department" or marker is None or marker.level < 4:
        return False
    side = side_of(label, scope, state.side)
    listed = side == "revenue" and bool(_KINDS_OF_REVENUE.search(scene.passage.text))
    return listed or state.find(BudgetTotal, ("department", side)) is not None


def _is_part(statement: Statement, kind: SectionKind, state: _State) -> bool:
    if state.side == "revenue" and re.match(r"(?:上年|以前年度)结转", statement.label):
        return True
    if statement.share is not None and FUND_LABEL.search(statement.label) and kind in _SIDED:
        return True  # 财政拨款结转184.35万元，占4.38%
    if re.match(r"年初[^，。]{0,6}结转", statement.label):
        return False
    listed = statement.part and (statement.share is not None or "收入" in statement.label or state.side == "revenue")
    return listed or statement.label.startswith("使用")


def _parts_of_expenditure(scene: Scene, statement: Statement, kind: SectionKind) -> bool:
    """基本支出X，其中人员支出Y，公用支出Z；项目支出W: where all expenditure is parted by use these are parts of it; 人员经费 and
    公用经费 are the classes of basic expenditure."""
    basic = statement.label.endswith("经费") and "基本支出" in scene.passage.text
    if kind not in (SectionKind.EXPENDITURE, SectionKind.OVERVIEW) or basic:
        return False
    if _PARTS_BASIC.search(_sentence(scene, statement)):
        return False
    return group_of(statement.label) in ("personnel", "public")


def _ends_revenue(statement: Statement, state: _State) -> bool:
    """…其中：一般公共预算拨款收入X、政府性基金预算拨款收入Y、上年结转Z: the last of the revenues that a total lists."""
    before = state.drafts[-1] if state.drafts else None
    listed = before is not None and before.model is CompositionItem and before.key[0] in ("revenue", "fiscal_revenue")
    return bool(listed and statement.chunk[:1] in ("、", "和", "及") and _OF_YEAR.match(statement.label))


def _joint(statement: Statement, state: _State) -> bool:
    """收入总计X，支出总计Y，与上年相比各增加Z: what is said of both is a record of its own."""
    totals = [draft for draft in state.drafts if draft.model is BudgetTotal][-2:]
    if len(totals) < 2 or {total.key[1] for total in totals} != {"revenue", "expenditure"}:
        return False
    if not statement.changes or not _EACH.search(statement.lead + statement.chunk):
        return False
    scope = totals[-1].key[0]
    state.drafts.append(_Draft(BudgetTotal, (scope, "both"), {"scope": scope, "side": "both"}, list(statement.changes)))
    return True


def _bind_total(scene: Scene, statement: Statement, kind: SectionKind, state: _State) -> None:
    words = subject_of(scene, statement)
    named = kind in (SectionKind.GENERAL_PUBLIC, SectionKind.FUNCTIONAL) and re.search(r"本年(?:收入|支出)合计", words)
    scope = _scope(scene, statement, words, SectionKind.OTHER if named else kind)
    if scope == "fiscal_appropriation" and kind in _GENERAL and "一般公共" in "".join(scene.passage.section.path):
        scope = "general_public"  # 财政拨款支出 under 一般公共预算财政拨款支出
    side = side_of(_HEAD.sub("", words), scope, state.side)
    state.scope, state.side = scope, side
    grand = bool(_GRAND.search(words))
    before = state.find_total((scope, side), grand)
    if before is not None and (statement.base is not None or statement.figure is None):
        _goes_with(scene, before, statement)
        return
    values = {
        "scope": scope,
        "side": side,
        "amount": scene.free(statement.figure),
        "initial_budget": scene.free(statement.initial) if statement.initial_base == "initial_budget" else None,
        "completion": scene.free(statement.completion),
        "completion_base": completion_base(statement.completion_of, statement) if statement.completion else None,
        "share": scene.free(statement.share),
    }
    changes = list(statement.changes)
    if statement.initial is not None and statement.initial_base == "adjusted_budget":
        changes.append(ChangeDraft(base="adjusted_budget", base_figure=scene.free(statement.initial)))
    state.drafts.append(_Draft(BudgetTotal, (scope, side), values, changes, grand))


def _goes_with(scene: Scene, before: _Draft, statement: Statement) -> None:
    """An earlier year's figure and a comparison stated apart belong to the record of the same total or part."""
    if statement.base is not None and scene.free(statement.figure) is not None:
        before.changes.append(ChangeDraft(base=statement.base, base_figure=statement.figure))
    if statement.completion is not None and before.values.get("completion") is None:
        before.values["completion"] = scene.free(statement.completion)
        if before.model is BudgetTotal:
            before.values["completion_base"] = completion_base(statement.completion_of, statement)
    for change in statement.changes:
        last = before.changes[-1] if before.changes else None
        same = last is not None and (last.base == change.base or None in (last.base, change.base))
        if last is not None and same and last.amount is None and last.percent is None:
            last.base = last.base or change.base
            last.direction, last.amount, last.percent = change.direction, change.amount, change.percent
            last.reason = change.reason
        else:
            before.changes.append(change)


def _bind_part(scene: Scene, statement: Statement, name: str, state: _State) -> None:
    label = label_of_part(name, statement.chunk)
    if statement.figure is None and statement.share is None and not FUND_LABEL.search(label):
        return
    if not names_part(label, scene.passage.kind in _TOLD_FREELY):
        return
    side = state.side
    if side == "both":
        side = "revenue" if re.search(r"收入|拨款", label) and "支出" not in label else "expenditure"
    scope = _PARTS.get((state.scope, side))
    if scope is None:
        return
    before = state.find(CompositionItem, (scope, label))
    if before is not None and (statement.base is not None or statement.figure is None):
        _goes_with(scene, before, statement)
        return
    if before is not None and before.values["amount"] is None and before.values["share"] is None:
        # 支出增加X，其中基本支出增加Y。按性质分，基本支出Z，占W
        before.values["amount"], before.values["share"] = scene.free(statement.figure), scene.free(statement.share)
        before.changes.extend(statement.changes)
        return
    values = {
        "scope": scope,
        "label": scene.printed(label),
        "amount": scene.free(statement.figure),
        "share": scene.free(statement.share),
        "completion": scene.free(statement.completion),
    }
    state.drafts.append(_Draft(CompositionItem, (scope, label), values, list(statement.changes)))


def _scope(scene: Scene, statement: Statement, words: str, kind: SectionKind) -> str:
    """The budget that words name, else the one that opens the sentence (政府性基金预算财政拨款情况：收入X，支出Y), else the section's."""
    head = _HEAD.match(_sentence(scene, statement))
    named = scope_of(words, SectionKind.OTHER)
    return scope_of(head.group(), kind) if named == "department" and head else scope_of(words, kind)


def _bind_carryover(statement: Statement, kind: SectionKind, state: _State, scene: Scene) -> None:
    words = statement.chunk or statement.label
    if scene.passage.kind in _TOLD_FREELY and not _CARRIED.search(words):
        return  # 到位420万元，支出356.2万元，结余63.8万元: what a project has left
    last = state.drafts[-1] if state.drafts else None
    moment = "opening" if _OPENING.search(words) else "closing"
    if statement.part and last is not None and last.model is Carryover and not re.search("年[初末]", words):
        moment = last.key[1]  # 年初结转和结余X，其中财政拨款结转和结余Y
    scope = _scope(scene, statement, words, kind)
    if scope == "fiscal_appropriation":  # 财政拨款结转 in the section of one budget is that budget's
        scope = SECTION_SCOPES.get(kind, scope)
    before = state.find(Carryover, (scope, moment))
    if before is not None and (statement.base is not None or statement.figure is None):
        _goes_with(scene, before, statement)
    elif scene.free(statement.figure) is not None:
        values = {"scope": scope, "moment": moment, "amount": statement.figure}
        state.drafts.append(_Draft(Carryover, (scope, moment), values, list(statement.changes)))


def _by_class(scene: Scene, statement: Statement) -> None:
    """按支出经济分类：工资福利支出X，占50.87%: economic items of all expenditure; of their shares the catalogue knows only those
    of basic expenditure."""
    label, amount = scene.printed(statement.label), scene.free(statement.figure)
    scene.add(EconomicItem, group=group_of(statement.label), label=label, amount=amount)
    scene.leave(statement.share)


def _bind_opening(scene: Scene, statement: Statement, state: _State) -> None:
    """年末结转和结余X，较年初的Y减少Z: Y is what was carried in; Z is a change that no record holds."""
    scope = state.drafts[-1].key[0]
    values = {"scope": scope, "moment": "opening", "amount": scene.free(statement.figure)}
    state.drafts.append(_Draft(Carryover, (scope, "opening"), values))
    for change in statement.changes:
        scene.leave(change.amount, change.percent)


def _bind_none(scene: Scene, statement: Statement, kind: SectionKind, state: _State) -> None:
    words = statement.chunk + statement.none_words
    if re.search(r"数据|增减|变化|差异|表|^(?:年末)?结[转余]", statement.none_words) or not re.search(
        r"收|支|拨款|预算|安排|资金", words
    ):
        return
    scope = scope_of(words, kind)
    if scope == "department":
        return
    side = side_of(words, scope, "both")
    if state.find(BudgetTotal, (scope, side)) is None:
        values = {"scope": scope, "side": side, "declared_none": "yes"}
        state.drafts.append(_Draft(BudgetTotal, (scope, side), values))
