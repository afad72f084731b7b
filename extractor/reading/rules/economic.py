"""Basic expenditure by economic class: 基本支出, 人员经费, 公用经费 and their items."""

import re

from extractor.reading.rules.forms import ONE_FUND
from extractor.reading.rules.lexicon import budget_named
from extractor.reading.rules.scene import Scene, change_records
from extractor.reading.rules.statements import ChangeDraft, Statement
from schemas.quantities import ContextKind, QuantityKind
from schemas.records import EconomicItem

_GROUPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("total", re.compile(r"基本支出(?:预算|决算|合计|总额)?$")),
    ("personnel", re.compile(r"人员(?:经费|支出|费用)(?:支出|预算|合计)?$")),
    ("public", re.compile(r"公用(?:经费|支出|费用)(?:支出|预算|合计)?$")),
    ("wages", re.compile(r"(?<!其他)工资福利(?:性)?支出$|工资和福利支出$")),
    ("goods_services", re.compile(r"(?<!其他)商品(?:和|与)?服务支出$")),
    ("individuals", re.compile(r"(?<!其他)对?个人和家庭的?(?:补助)?(?:支出)?$")),
    ("capital", re.compile(r"(?<!其他)资本性支出$")),
)
MEETINGS = re.compile(
    r"(?:^|拨款|安排的|部门|单位)(?:会议|培训|差旅)(?:费|经费)(?:支出)?$|^[（(]?[一二三四五六七八九十\d]*[)）、.]?\s?(?:会议费|培训费)"
)
"""Items of goods and services that many regions report beside “三公”."""
_MEETING = re.compile(r"(?:财政拨款|安排的|^)(?P<label>(?:会议|培训|差旅)(?:费|经费))(?:支出)?$")
_SOURCED = re.compile(r"使用(?P<source>[^，。；]*?(?:拨款|资金|收入))(?:安排|支付)的?")
_BORNE = re.compile(
    r"(?:^|[；;，,：:]|基本支出)由(?P<fund>[^，。；由]{2,24}(?:拨款|资金|收入))(?:安排|负担|承担|解决|保障)(?:了|的)?$"
)
_ONLY = re.compile(r"(?:全部|均)(?:为|是|用于)(?P<group>人员经费|公用经费)")
_BUDGET_WORDS = re.compile(r"^.*?(?:财政拨款|财政)?(?:安排的?)?(?=基本支出)")
_LABEL_LEAD = re.compile(r"^(?:日常|开支|本|其中|主要|包括|为|是|部门|单位|用于|另|的)+(?=.{2})")
_BRACKET = re.compile(r"[（(][^（）()]{3,}[)）]$")
MEMBERS = {"personnel", "public", "wages", "goods_services", "individuals", "capital"}


def bind_economic(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """One record for every economic class with a printed amount; returns the statements that name none."""
    rest: list[Statement] = []
    group, official = "", -1
    fund, funded = None, -1  # what bears basic expenditure, and the sentence that says so
    for statement in statements:
        named = group_of(statement.label)
        if "三公" in statement.chunk:
            official = statement.sentence
        if statement.sentence == official:  # “三公”经费预算45万元，实际支出38万元，其中：公务接待费8万元
            rest.append(statement)
            continue
        if statement.bracketed and ONE_FUND.fullmatch(statement.label):
            _by_fund(scene, statement)
            continue
        if borne := _borne(scene, statement):
            named, fund, funded = "total", borne, statement.sentence
        elif statement.sentence != funded or not statement.part:
            fund = None
        alone = not group and bool(MEETINGS.search(statement.label or scene.title))
        if alone:
            named = None
        if named in MEMBERS:
            group = named or ""
        elif named is None and (only := _ONLY.search(statement.whole + statement.lead)):
            group = group_of(only["group"]) or group  # 基本支出X，全部为人员经费，其中：工资Y
        label = _label(scene, statement, named)
        meetings = MEETINGS.search(statement.label)
        if label is None and meetings and (alone or group == "public"):
            label = meetings.group()
        says = statement.figure is not None or ((statement.changes or statement.share) and named is not None)
        if (
            not says
            or not label
            or (named is None and not (group or alone))
            or statement.none
            or not _is_money(statement)
        ):
            rest.append(statement)
            continue
        if statement.completion is not None:  # the catalogue has no place for it
            scene.contexts[statement.completion.id] = ContextKind.OTHER
        source = _SOURCED.search(statement.chunk)
        scene.add(
            EconomicItem,
            group=named or group or "goods_services",
            label=label,
            source=scene.printed(source["source"]) if source else fund,
            amount=scene.free(statement.figure),
            share=scene.free(statement.share),
            changes=change_records(_with_budget(statement)),
        )
    return rest


def _borne(scene: Scene, statement: Statement) -> str | None:
    """What bears basic expenditure (按资金来源，基本支出由事业收入安排X；由财政拨款安排Y，其中人员经费Z)."""
    borne = _BORNE.search(statement.lead)
    said = "基本支出" in scene.encoded.sentences[statement.sentence].text
    return scene.printed(borne["fund"]) if borne and said and statement.figure is not None else None


def _by_fund(scene: Scene, statement: Statement) -> None:
    """培训费支出决算18万元（其中：一般公共预算支出18万元；…）: the item once more, by the fund that bears it."""
    last = scene.records[-1] if scene.records else None
    if isinstance(last, EconomicItem) and statement.figure is not None and last.amount is not None:
        spent = scene.disclosure.by_id[last.amount.quantity]
        if spent.start < statement.figure.start:
            values = {"group": last.group, "label": last.label, "source": statement.label}
            scene.add(EconomicItem, amount=statement.figure, **values)
            return
    if statement.figure is not None:  # the budget's share of a fund: the catalogue has no place for it
        scene.contexts[statement.figure.id] = ContextKind.OTHER


def _with_budget(statement: Statement) -> list[ChangeDraft]:
    """The changes of a statement; a budget figure printed beside the amount is the base of its own change."""
    if statement.initial is None:
        return statement.changes
    base = budget_named(statement.completion_of) if statement.completion else statement.initial_base
    for change in statement.changes:
        if change.base in (base, statement.initial_base) and change.base_figure is None:
            change.base, change.base_figure = base, statement.initial
            return statement.changes
    own = ChangeDraft(base=base, base_figure=statement.initial, reason=None if statement.changes else statement.reason)
    return [own, *statement.changes]


def group_of(label: str) -> str | None:
    """The group that a label names, None for a single item."""
    label = _BRACKET.sub("", label)
    for group, pattern in _GROUPS:
        if pattern.search(label):
            return group
    return None


def _label(scene: Scene, statement: Statement, named: str | None) -> str | None:
    label = _BRACKET.sub("", statement.label)
    if not label and MEETINGS.search(scene.title):
        label = "会议费" if "会议费" in scene.title else "培训费"
    if named == "total":
        label = "基本支出"
    elif named == "public" and "日常公用经费" in label:
        label = "日常公用经费"
    else:
        label = _LABEL_LEAD.sub("", label)
        if meeting := _MEETING.search(label):
            label = meeting["label"]
        if named is not None:
            match = next(pattern.search(label) for each, pattern in _GROUPS if each == named)
            label = label[match.start() :] if match else label
    return scene.printed(label)


def _is_money(statement: Statement) -> bool:
    return statement.figure is None or statement.figure.kind in (QuantityKind.MONEY, QuantityKind.NUMBER)
