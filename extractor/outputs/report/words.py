"""What the report calls things, in Chinese and English, and how it writes figures."""

from decimal import Decimal

from schemas.checks import Cause, Family, FindingKind, Outcome, RecordStatus
from schemas.extraction import SectionOutcome
from schemas.quantities import Role

Words = tuple[str, str]
"""The same in Chinese and in English."""

KINDS: dict[FindingKind, Words] = {
    FindingKind.ERROR: ("错误", "error"),
    FindingKind.MISROUNDED: ("尾数", "misrounded"),
    FindingKind.WORDING: ("文字", "wording"),
    FindingKind.STRUCTURE: ("结构", "structure"),
    FindingKind.COVERAGE: ("未读", "coverage"),
}
KIND_MEANINGS: dict[FindingKind, Words] = {
    FindingKind.ERROR: ("数字互相矛盾，四舍五入不能解释", "figures contradict each other beyond rounding"),
    FindingKind.MISROUNDED: ("同一数字重述时末位不对", "a restated figure is off in its last digit"),
    FindingKind.WORDING: (
        "单位、科目、年份、编号、增减用词有误",
        "unit, label, year, numbering or direction word is wrong",
    ),
    FindingKind.STRUCTURE: ("目录列出的表或说明缺失", "a promised table or note is missing"),
    FindingKind.COVERAGE: ("有数字没有读入任何记录", "figures that are in no record"),
}
CAUSES: dict[Cause, Words] = {
    Cause.DOCUMENT: ("文件自身", "the document"),
    Cause.UNKNOWN: ("原因不明", "unknown"),
    Cause.READING: ("可能是误读", "probably our reading"),
}
FAMILIES: dict[Family, Words] = {
    Family.SUM: ("合计", "sum"),
    Family.SHARE: ("占比", "share"),
    Family.DELTA: ("增减额", "difference"),
    Family.GROWTH: ("增减率", "growth"),
    Family.COMPLETION: ("完成率", "completion"),
    Family.AVERAGE: ("平均数", "average"),
    Family.EQUAL: ("前后一致", "agreement"),
    Family.ORDER: ("大小", "order"),
    Family.DIRECTION: ("增减方向", "direction"),
    Family.COUNT: ("计数", "count"),
    Family.SCORE: ("得分", "score"),
    Family.PERIOD: ("年份", "period"),
    Family.UNIT: ("单位", "unit"),
    Family.TAXONOMY: ("科目", "classification"),
    Family.TABLE: ("表内", "table"),
    Family.STRUCTURE: ("结构", "structure"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.EXACT: ("相符", "exact"),
    Outcome.ROUNDING: ("舍入内相符", "within rounding"),
    Outcome.MISROUNDED: ("尾数不符", "misrounded"),
    Outcome.VIOLATED: ("不符", "violated"),
    Outcome.NOT_APPLICABLE: ("不适用", "not applicable"),
}
STATUSES: dict[RecordStatus, Words] = {
    RecordStatus.PROVEN: ("证实", "proven"),
    RecordStatus.CONSISTENT: ("一致", "consistent"),
    RecordStatus.UNCHECKED: ("未核", "unchecked"),
    RecordStatus.CONTRADICTED: ("矛盾", "contradicted"),
}
SECTION_OUTCOMES: dict[SectionOutcome, Words] = {
    SectionOutcome.OK: ("已读", "read"),
    SectionOutcome.EMPTY: ("无可读", "nothing to read"),
    SectionOutcome.FAILED: ("读取失败", "failed"),
    SectionOutcome.NEEDS_REVIEW: ("待复核", "needs review"),
}
ROLES: dict[Role, Words] = {
    Role.FIELD: ("记录", "in records"),
    Role.TABLE: ("表格", "in tables"),
    Role.CONTEXT: ("语境", "context"),
    Role.UNCLAIMED: ("未认领", "unclaimed"),
}
DOCUMENT_KINDS: dict[str, Words] = {"budget": ("预算", "budget"), "final_account": ("决算", "final account")}

_ZH_STEPS = ((Decimal(10) ** 8, "亿元"), (Decimal(10) ** 4, "万元"), (Decimal(1), "元"))
_EN_STEPS = ((Decimal(10) ** 12, " trillion"), (Decimal(10) ** 9, " billion"), (Decimal(10) ** 6, " million"))


def amount(yuan: Decimal) -> Words:
    """An amount in yuan, in the largest unit that leaves something before the point."""
    size = abs(yuan)
    step, unit = next((each for each in _ZH_STEPS if size >= each[0]), _ZH_STEPS[-1])
    zh = f"{yuan / step:,.2f}{unit}"
    large, word = next((each for each in _EN_STEPS if size >= each[0]), (Decimal(1), ""))
    return zh, f"¥{yuan / large:,.2f}{word}"


def figure(number: str, least_decimals: int = 0) -> str:
    """A decimal string with separators of thousands, a real minus and no zeros that say nothing."""
    value = Decimal(number)
    shown = value.normalize()
    exponent = shown.as_tuple().exponent
    decimals = max(least_decimals, -exponent if isinstance(exponent, int) else 0)
    return f"{value:,.{decimals}f}".replace("-", "−")
