"""Totals of revenue and expenditure, what they are made of, and what is carried over."""

import re
from dataclasses import dataclass

from extractor.reading.routing import SectionKind
from extractor.reading.rules.scene import Scene, change_records, completion_base
from extractor.reading.rules.statements import Statement
from schemas.records import BudgetTotal, Carryover, CompositionItem

_SCOPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("state_capital", re.compile(r"国有资本")),
    ("government_fund", re.compile(r"政府性?基金|基金预算")),
    ("general_public", re.compile(r"一般公共(?:服务)?预算|公共财政预算|公共预算")),
    ("fiscal_appropriation", re.compile(r"财政拨款|财政收支|财政性资金")),
)
_SECTION_SCOPES = {
    SectionKind.FISCAL_OVERVIEW: "fiscal_appropriation",
    SectionKind.GENERAL_PUBLIC: "general_public",
    SectionKind.FUNCTIONAL: "general_public",
    SectionKind.GOVERNMENT_FUND: "government_fund",
    SectionKind.STATE_CAPITAL: "state_capital",
}
_PARTS = {
    ("department", "revenue"): "revenue",
    ("department", "expenditure"): "expenditure",
    ("fiscal_appropriation", "revenue"): "fiscal_revenue",
    ("fiscal_appropriation", "expenditure"): "fiscal_expenditure",
    ("general_public", "expenditure"): "general_public_expenditure",
    ("general_public", "revenue"): "fiscal_revenue",
}
_BOTH = re.compile(
    r"收[、，和与及]?\s*支|收入(?:总计|合计)?(?:[、，和与及]|总计和)?\s*支出|收入.{0,4}支出(?:总|合)计|收支"
)
_TOTAL_WORDS = re.compile(r"总计|合计|总额|总收入|总支出|总预算|总决算|收支预算|收支决算|总规模")
_TOTAL_LABEL = re.compile(
    r"(?:本|全|我|各)?(?:部门|单位|局|委|院|校|中心|镇|街道|办)?(?:所有|全部|整体)?(?:本年度?|当年|年初|年度|全年|总|上年度?)*(?:部门|单位)?"
    r"(?:一般公共(?:服务)?预算|公共财政预算|政府性?基金(?:预算)?|国有资本经营(?:预算)?|财政|财政性)?(?:当年|本年)?(?:财政)?(?:拨款|资金)?(?:预算|决算)?"
    r"(?:总?收入|总?支出|收[、，和与及]?支|收入[、，和与及]?支出|拨款|收支)?(?:决算|预算|安排)?(?:总计|合计|总额|总体|总|数|规模)*(?:收入|支出|收支)?(?:决算|预算)?(?:总计|合计|总额|数)*"
)
_CARRYOVER = re.compile(r"结转|结余")
_OPENING = re.compile(r"年初|上年|期初|以前年度")
_SHARE_LABEL_TAIL = re.compile(r"[（(][类款项][)）].*$")
_NOT_A_LABEL = re.compile(r"^(?:其中|包括|主要|支出|收入|合计|总计|金额|部分|预算|决算|数|本年|当年|)$")


@dataclass
class _State:
    """What the passage is parting at the moment."""

    scope: str = "department"
    side: str = "both"


def bind_totals(scene: Scene, statements: list[Statement]) -> None:
    """BudgetTotal, CompositionItem and Carryover of the statements."""
    kind = SectionKind(scene.passage.kind)
    state = _State(_SECTION_SCOPES.get(kind, "department"), _section_side(kind))
    for statement in statements:
        _follow_lists(statement, state)
        if statement.none:
            _bind_none(scene, statement, kind)
        elif statement.figure is None and not statement.changes and statement.share is None:
            continue
        elif _CARRYOVER.search(statement.label or statement.chunk) and not _is_part_of_list(statement):
            _bind_carryover(scene, statement)
        elif _is_total(scene, statement, kind, state):
            _bind_total(scene, statement, kind, state)
        else:
            _bind_part(scene, statement, state)


def _section_side(kind: SectionKind) -> str:
    return {
        SectionKind.REVENUE: "revenue",
        SectionKind.EXPENDITURE: "expenditure",
        SectionKind.GENERAL_PUBLIC: "expenditure",
        SectionKind.FUNCTIONAL: "expenditure",
        SectionKind.GOVERNMENT_FUND: "expenditure",
        SectionKind.STATE_CAPITAL: "expenditure",
    }.get(kind, "both")


def _follow_lists(statement: Statement, state: _State) -> None:
    """收入包括：… 支出包括：… say which side the parts that follow belong to."""
    words = statement.lead
    if re.search(r"收入(?:预算|决算|总计|合计)?(?:主要)?(?:包括|来源|构成|其中)|收入[:：]", words):
        state.side = "revenue"
    elif re.search(
        r"支出(?:预算|决算|总计|合计)?(?:主要)?(?:包括|构成|用于|其中)|支出[:：]|按.{0,10}分类|主要用于", words
    ):
        state.side = "expenditure"


def scope_of(words: str, kind: SectionKind) -> str:
    """The budget that words name, else the one that the section is about."""
    for scope, pattern in _SCOPES:
        if pattern.search(words):
            return scope
    return _SECTION_SCOPES.get(kind, "department")


def side_of(words: str, scope: str, state_side: str) -> str:
    """Revenue, expenditure or both."""
    if _BOTH.search(words):
        return "both"
    if "支出" in words:
        return "expenditure"
    if "收入" in words:
        return "revenue"
    if "拨款" in words and scope in ("general_public", "government_fund", "state_capital"):
        return "expenditure"
    return state_side


def _subject(scene: Scene, statement: Statement) -> str:
    """The words that name what is counted: the statement's own, else its item's or the section's title."""
    own = statement.chunk if statement.label else ""
    if own:
        return own
    topic = scene.topics[statement.paragraph] if statement.paragraph < len(scene.topics) else ""
    return topic or (scene.passage.section.path[-1] if scene.passage.section.path else "")


def _is_total(scene: Scene, statement: Statement, kind: SectionKind, state: _State) -> bool:
    words = re.sub(r"[Ⓓ\s“”\"]", "", _subject(scene, statement))
    label = re.sub(r"[Ⓓ\s“”\"]", "", statement.label)
    if label and not _TOTAL_LABEL.fullmatch(label) and not _TOTAL_WORDS.search(words):
        return False
    if not re.search(r"收|支|拨款|总计|合计|预算|决算", words):
        return False
    if _TOTAL_WORDS.search(words):
        return True
    if statement.part:
        return False
    if kind is SectionKind.REVENUE:
        return scope_of(label, SectionKind.OTHER) == "department" and statement.share is None
    if kind in (SectionKind.EXPENDITURE, SectionKind.OVERVIEW):
        return statement.share is None or scope_of(label, SectionKind.OTHER) == "department"
    return True


def _is_part_of_list(statement: Statement) -> bool:
    return statement.part and (statement.share is not None or "收入" in statement.label)


def _bind_total(scene: Scene, statement: Statement, kind: SectionKind, state: _State) -> None:
    words = _subject(scene, statement)
    scope = scope_of(words, kind if not statement.label else _named_kind(words, kind))
    side = side_of(words, scope, state.side)
    state.scope, state.side = scope, side
    scene.add(
        BudgetTotal,
        scope=scope,
        side=side,
        amount=scene.free(statement.figure),
        initial_budget=scene.free(statement.initial),
        completion=scene.free(statement.completion),
        completion_base=completion_base(statement.completion_of, statement) if statement.completion else None,
        share=scene.free(statement.share),
        changes=change_records(statement.changes),
    )


def _named_kind(words: str, kind: SectionKind) -> SectionKind:
    """In sections about one budget the budget need not be named again (本年支出合计…)."""
    if kind in (SectionKind.GENERAL_PUBLIC, SectionKind.FUNCTIONAL) and re.search(r"本年(?:收入|支出)合计", words):
        return SectionKind.OTHER
    return kind


def _bind_part(scene: Scene, statement: Statement, state: _State) -> None:
    label = _SHARE_LABEL_TAIL.sub("", statement.label).strip('“”" ')
    if statement.figure is None and statement.share is None:
        return
    if _NOT_A_LABEL.match(label):
        return
    side = state.side
    if side == "both":
        side = "revenue" if re.search(r"收入|拨款", label) and "支出" not in label else "expenditure"
    scope = _PARTS.get((state.scope, side))
    if scope is None:
        return
    scene.add(
        CompositionItem,
        scope=scope,
        label=_printed(scene, label),
        amount=scene.free(statement.figure),
        share=scene.free(statement.share),
        completion=scene.free(statement.completion),
        changes=change_records(statement.changes),
    )


def _printed(scene: Scene, label: str) -> str | None:
    return label if label in scene.encoded.source else None


def _bind_carryover(scene: Scene, statement: Statement) -> None:
    words = statement.chunk or statement.label
    scene.add(
        Carryover,
        scope=scope_of(words, SectionKind(scene.passage.kind)),
        moment="opening" if _OPENING.search(words) else "closing",
        amount=scene.free(statement.figure),
    )


def _bind_none(scene: Scene, statement: Statement, kind: SectionKind) -> None:
    words = statement.chunk + statement.none_words
    if re.search(r"数据|增减|变化|差异|表", statement.none_words):
        return
    scope = scope_of(words, kind)
    if scope not in ("government_fund", "state_capital", "general_public", "fiscal_appropriation"):
        return
    side = side_of(words, scope, "both")
    if not re.search(r"收|支|拨款|预算|安排|资金", words):
        return
    scene.add(BudgetTotal, scope=scope, side=side, declared_none="yes")
