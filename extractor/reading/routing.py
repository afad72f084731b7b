"""Which part of a disclosure a section is, told from its headings."""

import re
from enum import StrEnum
from functools import lru_cache

from extractor.documents.disclosure import Disclosure
from extractor.documents.headings import REPORT_TITLE
from extractor.documents.sections import SectionNode
from extractor.reading.reader import Passage


class SectionKind(StrEnum):
    """The parts that budgets and final accounts are made of, whatever each region calls them."""

    DUTIES = "duties"
    ORGANISATION = "organisation"
    OVERVIEW = "overview"  # 收支总体
    REVENUE = "revenue"
    EXPENDITURE = "expenditure"
    FISCAL_OVERVIEW = "fiscal_overview"  # 财政拨款收支总体
    GENERAL_PUBLIC = "general_public"  # 一般公共预算: 总体, 规模, 结构
    FUNCTIONAL = "functional"  # 一般公共预算: 类/款/项
    BASIC = "basic"  # 基本支出 by economic class
    OFFICIAL_EXPENSE = "official_expense"  # “三公”
    GOVERNMENT_FUND = "government_fund"
    STATE_CAPITAL = "state_capital"
    OPERATING = "operating"  # 机关运行经费
    PROCUREMENT = "procurement"
    ASSETS = "assets"
    PURCHASED_SERVICES = "purchased_services"
    PROJECTS = "projects"  # 项目支出
    CARRYOVER = "carryover"
    TASKS = "tasks"  # 重点工作, 重点项目: what is planned, in an account what was done
    PERFORMANCE = "performance"  # 预算绩效管理: overall figures
    REPORT = "report"  # a report that evaluates one project or body
    GLOSSARY = "glossary"
    TABLES = "tables"
    OTHER = "other"


_TITLES: tuple[tuple[SectionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (SectionKind.GLOSSARY, r"名词解释|名词说明|术语|专业性?名词"),
        (SectionKind.REPORT, rf"{REPORT_TITLE}|[\u4e00-\u9fff]{{3}}项目经费(?:支出)?情况说明"),
        (SectionKind.PERFORMANCE, r"绩效"),
        (
            SectionKind.TASKS,
            r"(?:重点|主要)(?:工作|任务|项目)(?!完成|开展|进展|成[绩效])|年度(?:工作)?任务|工作(?:目标|要点|任务|计划)",
        ),
        (
            SectionKind.OTHER,
            r"(?:^|[、.．）)\s])其他(?:重要|需要?说明的?)*(?:事项|情况)|工作(?:完成|开展|进展)?(?:情况|成效|总结|亮点)|主要(?:工作)?成[绩效]",
        ),
        (SectionKind.OFFICIAL_EXPENSE, r"三公|因公出国|公务用车|公务接待"),
        (SectionKind.OPERATING, r"机关运行(?:经费|费)|(?:日常)?公用经费|运行经费"),
        (SectionKind.PURCHASED_SERVICES, r"政府购买服务|购买服务"),
        (SectionKind.PROCUREMENT, r"政府采购|采购(?:支出|预算|情况)"),
        (SectionKind.ASSETS, r"国有资[产源]|资产(?:占|使用|情况|总量|管理)|固定资产|(?<!人员)(?<!人员[和及、])车辆"),
        (SectionKind.GOVERNMENT_FUND, r"政府性?基金"),
        (SectionKind.STATE_CAPITAL, r"国有资本"),
        (
            SectionKind.BASIC,
            r"基本支出|经济分类|一般性支出|会议费|培训费|工资福利支出|商品(?:和|与)?服务支出|对个人和家庭的?补助",
        ),
        (SectionKind.CARRYOVER, r"结转结?余?|结余"),
        (SectionKind.PROJECTS, r"项目支出|转移支付项目"),
        (SectionKind.EXPENDITURE, r"部门(?:预算|决算)?支出(?:预算|决算)?(?:的)?具体"),
        (
            SectionKind.FUNCTIONAL,
            r"(?:一般公共|财政拨款).*(?:具体|明细|用途)|具体(?:使用|支出)?情况|支出功能分类|按功能",
        ),
        (SectionKind.GENERAL_PUBLIC, r"一般公共预算|公共财政预算"),
        (SectionKind.FISCAL_OVERVIEW, r"财政拨款.*(?:收入.*支出|收、?支|收支|总体)|财政拨款"),
        (SectionKind.DUTIES, r"职责|职能|任务"),
        (SectionKind.ORGANISATION, r"机构|单位(?:构成|组成|概况|情况)|人员|编制|组成|部门(?:预算|决算)单位|基本情况"),
        (SectionKind.OVERVIEW, r"收入支出.*总体|收支.*(?:总体|总表|总预算|决算情况|预算情况)|收、支|总体情况"),
        (SectionKind.REVENUE, r"收入"),
        (SectionKind.EXPENDITURE, r"支出"),
        (SectionKind.TABLES, r"(?:预算|决算|公开)?(?:报)?表$|附表"),
    )
)
# a title of these kinds says what its sub-sections are about, whatever their own titles say
_OVERRIDING = (SectionKind.GLOSSARY, SectionKind.REPORT)
_ASPECT = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]?\s*(?:总体|结构|规模|变化|规模变化)情况(?:说明)?[。：:]?"
)
"""A title that only says which aspect of the title above it a section tells of."""
_SPENDING_ASPECT = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]?\s*支出(?:决算|预算)?(?:总体|结构|规模|变化|规模变化)情况(?:说明)?[。：:]?"
)
_WHOLE_DISCLOSURE = re.compile(r"部门(?:预算|决算)(?:和|及|与|、)[^，。]{0,4}三公")
"""A title that stands above all parts: 部门预算和“三公”经费预算安排情况说明."""
_DETAILS = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]?\s*(?P<side>收入|支出)(?:决算|预算)?(?:的)?具体(?:使用)?情况(?:说明)?[。：:]?"
)
"""Under 三、支出决算情况说明 the details are those of all expenditure, under one budget those of that budget."""
_ONE_BUDGETS = (
    SectionKind.GENERAL_PUBLIC,
    SectionKind.FISCAL_OVERVIEW,
    SectionKind.GOVERNMENT_FUND,
    SectionKind.STATE_CAPITAL,
)
_WHOLE_BODY = re.compile(r"部门(?:整体|预算)|整体(?:支出|绩效)|单位整体")
_PART_OF_EXPENDITURE = re.compile(r"\S{0,4}[、.．)）]?(?:基本|项目)支出(?:预算|决算)?(?:情况)?")
_BASIC = re.compile(r"\S{0,4}[、.．)）]?基本支出(?:预算|决算)?(?:情况)?(?:说明)?[。：:]?")
_BY_CLASS = re.compile(r"(?:人员|公用)经费(?:支出|预算|决算|合计)?(?:为|共)?\s?\d")
_EXPENDITURE_KINDS = (
    SectionKind.GENERAL_PUBLIC,
    SectionKind.EXPENDITURE,
    SectionKind.FISCAL_OVERVIEW,
    SectionKind.OVERVIEW,
    SectionKind.FUNCTIONAL,
)
# inside a report on a whole body these sections read as they do elsewhere
_KEPT_IN_REPORTS = (
    SectionKind.ORGANISATION,
    SectionKind.REVENUE,
    SectionKind.EXPENDITURE,
    SectionKind.CARRYOVER,
    SectionKind.OVERVIEW,
    SectionKind.BASIC,
    SectionKind.OFFICIAL_EXPENSE,
    SectionKind.DUTIES,
    SectionKind.GENERAL_PUBLIC,
    SectionKind.FISCAL_OVERVIEW,
    SectionKind.GOVERNMENT_FUND,
    SectionKind.STATE_CAPITAL,
    SectionKind.PROJECTS,
    SectionKind.PROCUREMENT,
    SectionKind.OPERATING,
    SectionKind.ASSETS,
)


def kind_of(path: tuple[str, ...]) -> SectionKind:
    """The kind of a section by its own title, or by the nearest title above that says something."""
    kinds = [None if _ASPECT.fullmatch(title) else _kind_of_title(title) for title in path]
    if not any(kinds) and path:
        return _kind_of_title(path[-1]) or SectionKind.OTHER
    if _SPENDING_ASPECT.fullmatch(path[-1] if path else ""):
        kinds[-1] = next((kind for kind in reversed(kinds[:-1]) if kind in _ONE_BUDGETS), kinds[-1])
    details = _DETAILS.fullmatch(path[-1] if path else "")
    if details and not any(kind in _ONE_BUDGETS for kind in kinds[:-1]):
        kinds[-1] = SectionKind.REVENUE if details["side"] == "收入" else SectionKind.EXPENDITURE
    for title, kind in zip(path, kinds, strict=True):
        if kind is SectionKind.REPORT and _WHOLE_BODY.search(title):
            below = next((each for each in reversed(kinds) if each is not None), kind)
            if below in _KEPT_IN_REPORTS:
                return below
        if kind in _OVERRIDING:
            return kind
    if _PART_OF_EXPENDITURE.fullmatch(path[-1] if path else ""):
        # under 支出预算 and the like these are parts of the total, not the list of economic classes or of projects
        whole = next((kind for kind in reversed(kinds[:-1]) if kind in _EXPENDITURE_KINDS), None)
        if whole is not None:
            return whole
    for kind in reversed(kinds):
        if kind is not None:
            return kind
    return SectionKind.OTHER


@lru_cache(maxsize=4096)  # the titles above a section are asked for with each section
def _kind_of_title(title: str) -> SectionKind | None:
    if _WHOLE_DISCLOSURE.search(title):
        return None
    for kind, pattern in _TITLES:
        if pattern.search(title):
            return kind
    return None


def passages_of(disclosure: Disclosure) -> list[Passage]:
    """The sections of a document as readers see them, in reading order."""
    by_section: dict[str, list[str]] = {}
    for quantity in disclosure.quantities:
        if quantity.section is not None:
            by_section.setdefault(quantity.section, []).append(quantity.id)
    return [_passage(disclosure, node, by_section.get(node.id, [])) for node in disclosure.sections]


def _passage(disclosure: Disclosure, node: SectionNode, ids: list[str]) -> Passage:
    text = disclosure.unwrapped.text[node.start : node.own_end]
    kind = kind_of(node.path)
    if kind in _EXPENDITURE_KINDS and _BASIC.fullmatch(node.path[-1]) and _BY_CLASS.search(text):
        kind = SectionKind.BASIC  # （一）基本支出情况 under 支出决算 goes into classes, too
    return Passage(
        section=node,
        kind=kind,
        text=text,
        start=node.start,
        quantities=tuple(disclosure.by_id[each] for each in ids),
        spans={each: (disclosure.spans[each][0] - node.start, disclosure.spans[each][1] - node.start) for each in ids},
    )
