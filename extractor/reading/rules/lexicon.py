"""The words with which disclosures compare, explain and deny, in any region's wording."""

import re

UP = "[（(]增(?:加|长)?[)）]幅?|增加|增长|上升|提高|增支|上涨|增多|扩大|增(?=[ⓂⓅ])|多支出|多(?=[ⓂⓅ])|追加|调增|超支|高于|超出|超(?=[ⓂⓅ])|净增"
DOWN = "[（(]减(?:少)?[)）]幅?|减少|下降|降低|减支|压减|压缩|节减|缩减|削减|减低|缩小|减(?=[ⓂⓅ])|少支出|少(?=[ⓂⓅ])|调减|低于|负增长|降(?=[ⓂⓅ])|下调|净减|降幅|减幅|节约(?=[ⓂⓅ])|节支(?=[ⓂⓅ])"
SAME = (
    "持平|相同|一致|相等|无变化|无增减|没有变化|没有增减|没有增加|未增加|未减少|未变化|未发生(?:增减)?(?:变化|变动)|不变|无变动|无增减变动|无差异|"
    "没有差异|没有变动|无任何变化|一样|相当|未变动|无增加|无减少|不存在增减|没变化|保持不变"
)
BASE_WORD = "上年|去年|上一年|前一年|上年度|同期|年初|预算|决算|Ⓓ|往年|上期|执行数|批复|上一预算"

_UP = re.compile(rf"(?:{UP}|增幅|大于|超过|超出|多于)")
_DOWN = re.compile(rf"(?:{DOWN}|节约|节支|小于|少于|未超过|不足)")


def direction_of(words: str) -> str | None:
    """`increase`, `decrease` or `unchanged` for a word of comparison; None for 增减 and the like."""
    if re.search(rf"{SAME}|等于|持平", words):
        return "unchanged"
    if re.search(r"增减|变动|差异", words):
        return None
    if _DOWN.search(words):
        return "decrease"
    if _UP.search(words):
        return "increase"
    return None


def moved_to(words: str) -> str:
    """`increase` or `decrease` for the verb between two amounts (由…增至…, 由…压减至…)."""
    return "increase" if re.search("[增升高涨扩]", words) else "decrease"


_BUDGET_WORD = re.compile(r"预算|批复")
_FINAL_WORD = re.compile(r"决算|执行|完成|实际")
_PRIOR_WORD = re.compile(r"上年|去年|上一年|前一年|往年|上期|同期|上一预算")
_ADJUSTED_WORD = re.compile(r"调整|全年预算|变动|追加后")


AND = "(?:[、，和及与]|以及)"
"""Between the items of a list."""


def base_of(words: str, year: int | None, fiscal_year: int | None, budget_document: bool) -> str | None:
    """Which base a comparison names: the prior year, its budget, the year's initial or adjusted budget.

    `words` are encoded; `year` is the year they print, if any. None where no base can be told.
    """
    prior = bool(_PRIOR_WORD.search(words)) or (year is not None and fiscal_year is not None and year < fiscal_year)
    if _BUDGET_WORD.search(words) and not _FINAL_WORD.search(words):
        if _ADJUSTED_WORD.search(words):
            return "adjusted_budget"
        if prior:
            return "prior_year_budget"
        if budget_document and year is None and not re.search("年初", words):
            return None
        return "initial_budget"
    if prior or _FINAL_WORD.search(words):
        return "prior_year"
    if "Ⓓ" in words:
        return "prior_year" if year is None or fiscal_year is None or year < fiscal_year else None
    return None


def budget_named(words: str) -> str:
    """Which of the year's own budgets words name: `adjusted_budget` (调整预算, 全年预算) or `initial_budget`."""
    return "adjusted_budget" if re.search("调整|全年", words) else "initial_budget"


REASON_LEAD = (
    r"(?:其)?(?:(?:支出|收入|预算|决算|经费|金额|数|总计|收支)*(?:增长|增加|减少|下降|变动|变化|上升|降低|差异|增减|持平|不同|增减变动|较大|小于|大于|不一致|偏差|超支|节约|结余|与[^，。；ⓂⓅ]{0,14}(?:不一致|差异|持平)|未完成)?"
    r"(?:的)?(?:主要|具体|直接|其中)?(?:变动|增减|增长|下降)?原因(?:分析)?(?:主要)?(?:是|为|在于|系|:|：|有|如下)+)"
    r"|(?:主要)?(?:是)?(?:因为|由于|系因)(?=[^，。；])|主要(?:系|因|是因|是由于|是因为)|原因(?:主要)?(?:是|为|：|:)|原因(?=同上)"
)
PURPOSE_LEAD = r"开支内容(?:主要)?(?:包括|为|是)[:：]?|主要(?:是)?(?:用于|用作|为了|为|是|包括|包含|保障|反映)(?:以下|：|:|了)?|用于(?:以下)?[:：]?"

NONE_WORD = r"(?:未安排|(?<!再)不安排|没有安排|无安排|未发生|没有发生|没有使用|未使用|没有|不涉及|不存在|未列入|未有|未产生|无(?!法|需|论|偿|障|线|形|人|关|违|房|锡|为|极|业|差异|变化|增减|害|缝|烟|纸|截留|挤占|任何))"
OF_THE_ECONOMY = r"财政总收入|人均|居民|农民|产值|销售|成交额|交易额|全社会|(?:旅游|营业)(?:综合|总)?收入|利润|税收|生产总值|增加值|(?:固定资产|社会|招商)\S{0,4}投资|贷款"
"""Money of others than the body: 农村居民人均可支配收入, 旅游综合收入."""
