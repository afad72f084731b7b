"""Which budget words or a section speak of, and which side of it."""

import re

from extractor.reading.routing import SectionKind

_SCOPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("state_capital", re.compile(r"国有资本")),
    ("government_fund", re.compile(r"政府性?基金|基金预算")),
    ("general_public", re.compile(r"一般公共(?:服务)?预算|公共财政预算|公共预算")),
    ("fiscal_appropriation", re.compile(r"财政拨款|财政收支|财政性资金")),
)
SECTION_SCOPES = {
    SectionKind.FISCAL_OVERVIEW: "fiscal_appropriation",
    SectionKind.GENERAL_PUBLIC: "general_public",
    SectionKind.FUNCTIONAL: "general_public",
    SectionKind.GOVERNMENT_FUND: "government_fund",
    SectionKind.STATE_CAPITAL: "state_capital",
}
SECTION_SIDES = {
    SectionKind.REVENUE: "revenue",
    SectionKind.EXPENDITURE: "expenditure",
    SectionKind.GENERAL_PUBLIC: "expenditure",
    SectionKind.FUNCTIONAL: "expenditure",
    SectionKind.GOVERNMENT_FUND: "expenditure",
    SectionKind.STATE_CAPITAL: "expenditure",
}
_BOTH = re.compile(
    r"收[、，和与及]?\s*支|收入(?:总计|合计)?(?:[、，和与及]|总计和)?\s*支出|收入.{0,4}支出(?:总|合)计|收支"
)


def scope_of(words: str, kind: SectionKind) -> str:
    """The budget that words name, else the one that the section is about."""
    for scope, pattern in _SCOPES:
        if pattern.search(words):
            return scope
    return SECTION_SCOPES.get(kind, "department")


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
