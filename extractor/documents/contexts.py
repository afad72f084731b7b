"""Printed figures that are no facts of their own, decided by the words around them.

These are hints: a reader may still claim a date or a figure for a field. What no record claims and no hint
explains stays unclaimed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.documents.quantities import Mention
from schemas.quantities import ContextKind, QuantityKind

_COUNTED_OFF_BEFORE = re.compile(r"(?:^|[，,；;。、：:）)])[前后]$")
_COUNTED_OFF = re.compile(r"[一两二三四五六七八九十]\s?[项类者]")
_ORDINAL_BEFORE = re.compile(r"(?:图|表|附件|附表|附|第|预算|公开|目标|阶段|标段|方案)[:：]?$")
_LEGAL_BEFORE = re.compile(r"[〔\[【（(]$")
_LEGAL_NUMBER_BEFORE = re.compile(r"[〕\]】）)]\s?(?:第)?$|(?:字|发|办|函|令|号文)\s?第?$")
_LEGAL_AFTER = re.compile(r"^\s?[〕\]】]|^号(?:文|令|函)?")
_IN_TITLE = re.compile(r"《[^》]*$")
_MEETING_AFTER = re.compile(
    r"^(?:次)?(?:全会|会议|届|次会议|全国人民|中全会|[^，。；]{0,24}(?:审议通过|修订通过|表决通过))"
)
_LAW_STEP = re.compile(r"^[^，。；]{0,24}(?:审议通过的?《|印发的?《|实施的?《|施行的?《|发布的?《|修订的?《|颁布的?《)")
_THRESHOLD_AFTER = re.compile(
    r"^\s?(?:[（(][不]?含[^（）()]{0,8}[)）])?\s?(?:[（(]?不?含?[)）]?)\s?(?:及)?(?:以上|以下|以内|及以上)"
)
_THRESHOLD_BEFORE = re.compile(
    r"(?:单价|单位价值|价值|单台|限额标准|单项|合同金额|采购金额|金额|投资额|大于|超过|低于|小于)(?:在|为|达到|超过|大于)?$"
)
_CLAUSE_ENDS = re.compile(r"[，,。；;、）)\n]|\Z")
_LIMIT_BEFORE = re.compile(r"(?:控制|限制|压缩|压减|压降)[在到至]$")
_ASSET_WORDS = re.compile(r"(?:单价|单位价值|单台价值|限额|单台)[^，。；]{0,6}$")
_PERIOD_BEFORE = re.compile(
    r"(?:历时|为期|连续|长达|近|共|满|每隔|工期|期限为?|周期为?|服务期|任期|质保期|用时|滚动|未来|过去|以来)$"
)
_PERIOD_UNITS = ("年", "个月", "月", "周", "天", "日", "小时", "分钟", "个工作日", "工作日", "秒")
_RANGE_DASH = re.compile(r"^(?:月)?\s?[-—–~～至到]+\s?\d")
_CLASSIFICATION = re.compile(r"2(?:\d{2}|\d{4}|\d{6})[类款项]")
_TERM_AFTER = re.compile(r"^(?:[*×xX]\d|[A-Za-z]|热线|政府服务热线|工单|便民|市民热线|规划|远景|接诉|平台)")
_TERM_BEFORE = re.compile(r"(?:[*×xX]|[A-Za-z+])$")
_SUBJECT_NUMBER = re.compile(r"(?:1[0-2]\d{3}|12\d{3}|110|119|120|122)$")
_ONCE = re.compile(r"^(?:性|验收|交验|通过)")
_PHONE = re.compile(r"(?:电话|传真|邮编|网址|邮政编码|账号|区号|联系(?:方式|人))[:：][^，。；\n]{0,20}$")
_AREA_CODE = re.compile(r"0\d{2,3}$")
_DIALLED = re.compile(r"\s?[-—–]\s?\d{7,8}(?!\d)")
_DIALLED_BEFORE = re.compile(r"(?<!\d)0\d{2,3}\s?[-—–]\s?$")
_STRUCTURE_AFTER = re.compile(r"^(?:等级|阶段|方面|数值|部分|层次|环节|维度|步骤|档次|等次|层面|级次)")
_EVALUATED_PERIOD = re.compile(
    r"(?:评价|统计|评估)(?:的)?(?:时间|期间|基准日|时段)(?:范围)?(?:为|是|:|：)[^，。；]{0,14}$"
)


def with_contexts(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, each with the context kind that the words around it give; most have none."""
    return [mention if mention.context is not None else _with_context(text, mention) for mention in mentions]


def _with_context(text: str, mention: Mention) -> Mention:
    context = _context(text, mention)
    return mention if context is None else replace(mention, context=context)


def _context(text: str, mention: Mention) -> ContextKind | None:
    before = text[max(0, mention.start - 24) : mention.start]
    after = text[mention.end : mention.end + 40]
    if _is_legal(before, after, mention):
        return ContextKind.LEGAL
    if _is_term(before, after, mention):
        return ContextKind.TERM
    if mention.kind is QuantityKind.NUMBER and _ORDINAL_BEFORE.search(before):
        return ContextKind.ORDINAL
    if _COUNTED_OFF.fullmatch(mention.raw) and _COUNTED_OFF_BEFORE.search(before):
        return ContextKind.ORDINAL  # 前两项分别完成年初预算的…
    if _CLASSIFICATION.fullmatch(mention.raw) and before.endswith(("（", "(")) and after.startswith(("）", ")")):
        return ContextKind.ORDINAL
    if _is_threshold(before, after, mention):
        return ContextKind.THRESHOLD
    if _is_period(before, after, mention):
        return ContextKind.PERIOD
    if mention.kind is QuantityKind.DATE and re.fullmatch(r"[^月]*年度?", mention.raw):
        return ContextKind.YEAR
    if _is_telephone(before, after, mention) or (mention.kind is QuantityKind.COUNT and _STRUCTURE_AFTER.match(after)):
        return ContextKind.OTHER
    return None


def _is_telephone(before: str, after: str, mention: Mention) -> bool:
    if _PHONE.search(before):
        return True
    area = _AREA_CODE.match(mention.raw) and _DIALLED.match(after)
    return mention.kind is QuantityKind.NUMBER and bool(area or _DIALLED_BEFORE.search(before))


def _is_legal(before: str, after: str, mention: Mention) -> bool:
    bare = mention.kind is QuantityKind.NUMBER or mention.unit in ("号", "款", "条") or mention.raw.endswith("号")
    if bare and (_LEGAL_BEFORE.search(before) and _LEGAL_AFTER.match(after)):
        return True
    if mention.raw.endswith("号") or (bare and (_LEGAL_NUMBER_BEFORE.search(before) or _LEGAL_AFTER.match(after))):
        return True
    if _IN_TITLE.search(before):
        return True
    if mention.kind is QuantityKind.DATE and _LAW_STEP.match(after):
        return True
    return before.endswith("第") and bool(_MEETING_AFTER.match(after))


def _is_term(before: str, after: str, mention: Mention) -> bool:
    if mention.kind is QuantityKind.NUMBER:
        if _TERM_AFTER.match(after) or _TERM_BEFORE.search(before) or _SUBJECT_NUMBER.match(mention.raw):
            return True
    elif mention.unit in _PERIOD_UNITS and _TERM_BEFORE.search(before):
        return True
    if (mention.raw.startswith("一") and _ONCE.match(after)) or (mention.raw == "四本" and after.startswith("预算")):
        return True
    return mention.kind is QuantityKind.DATE and after.startswith(("远景目标", "年远景"))


def _is_threshold(before: str, after: str, mention: Mention) -> bool:
    if mention.unit in ("岁", "周岁"):  # 65岁以上老年人健康管理率
        return bool(_THRESHOLD_AFTER.match(after))
    if mention.kind not in (QuantityKind.MONEY, QuantityKind.NUMBER, QuantityKind.PERCENT):
        return False
    bound = _THRESHOLD_AFTER.match(after) if mention.kind is QuantityKind.MONEY else None
    if bound and not _LIMIT_BEFORE.search(before):  # 完成投资1.2亿元以上，… bounds no things: it is a fact with a hedge
        return bool(_THRESHOLD_BEFORE.search(before) or not _CLAUSE_ENDS.match(after, bound.end()))
    if _ASSET_WORDS.search(before):
        return True
    return bool(
        re.search(r"(?:大于|超过|高于|低于|小于)$", before)
        and re.match(r"^[)）]?的(?!\S{0,4}(?:目标|任务|计划|指标|预期))", after)
    )


def _is_period(before: str, after: str, mention: Mention) -> bool:
    if mention.unit in ("年", "个月") and mention.kind is QuantityKind.COUNT:
        return True
    if mention.kind is QuantityKind.NUMBER and re.match(r"^\s?[-—–~～至到]+\s?\d{1,2}月", after):
        return True
    if (
        mention.kind is QuantityKind.DATE
        and re.fullmatch(r"\d{1,2}月", mention.raw)
        and re.search(r"\d月?\s?[-—–~～至到]+\s?$", before)
    ):
        return True
    if mention.kind is QuantityKind.DATE and _EVALUATED_PERIOD.search(before):
        return True
    return mention.unit in _PERIOD_UNITS and bool(_PERIOD_BEFORE.search(before))
