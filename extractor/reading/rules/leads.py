"""The figures of a sentence with the words that lead to them, and what those words say is measured."""

import re

from extractor.reading.rules.encode import ASIDE, COUNT, DATE, NUMBER, Sentence
from extractor.reading.rules.scene import Scene
from schemas.quantities import Bound, Quantity, QuantityKind

_CATEGORY = re.compile(
    r"(?P<category>(?:产出)?(?:数量|质量|时效|成本|经济效益|社会效益|生态效益|可持续(?:影响|性|发展)?|服务对象满意度|满意度)(?:指标)?|(?:社会|经济|生态)效益)"
)
_CATEGORY_TITLED = re.compile(rf"{_CATEGORY.pattern}(?=类|指标|方面|情况|目标|完成|实现|上|[，,、：:。；;（(]|$)")
"""In a title; 现代职业教育质量提升计划 is none."""
_CATEGORY_SAID = re.compile(
    rf"(?:(?<![^，,；;：:。、）)])(?:{_CATEGORY.pattern})(?=[，,：:（(])|{_CATEGORY.pattern.replace('?P<category>', '?P<named>')}(?=类|指标|方面|情况|[：:]))"
)
"""In a sentence; 受益农户满意度94.6% and 工程质量合格率100% name what is measured, no category."""
_CATEGORY_OPENS = re.compile(rf"{_CATEGORY.pattern}(?:方面|上)?[，,：:]")
_BY_DUTY = re.compile("分项(?:绩效)?目标|职责(?:分类)?(?:绩效)?目标|工作活动(?:绩效)?目标")
_INDICATORS_OF = re.compile("(?:绩效|评价|考核)*指标[：:]")
"""Where targets are set duty by duty (分项绩效目标), the duty that a line of indicators stands under is their category."""
_LABEL_LEAD = re.compile(
    r"^.*?(?:年初指标|年度指标|指标值|目标值?[为是]?|实际(?:完成)?|计划|其中|[：:])+|^[^，。；]{0,12}(?:现有|共有|拥有|下辖)(?=.{2})|^[^，。；]{2,16}(?<![高初其集年])中(?![小心医央型学专职级共国药西期年标华文介等的])(?=.{3})|^(?:[，,；;。：:、\s]|\d{1,2}[.、．]|[①-⑳]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[一二三四五六七八九]是|共|共计|已|将|预计|和|及|该项目?|该|本项目|[我本全](?:院|局|委|办|校|单位|部门|中心|市|县|区|镇|乡|街道|部|站|所)(?=.{2})|[本当]年度?|本(?!科)|截至Ⓓ|Ⓓ年?|力争|确保|按(?=每)|(?:实现|完成)(?=财政|产值|收入|固定资产)|完成了(?=.{2})|累计|全年|系统目前|目前|(?:年|月)?底前)+"
)
LABEL_TAIL = re.compile(
    r"(?:[由从](?:上年|去年|年初|实施前|原来|最初)?的?|不少于|不低于|不超过|不高于|不大于|不(?:高于|超过|低于|少于)每[\u4e00-\u9fff]{1,6}|控制在|(?<=[率度比例])均|目标值?|指标值|年度指标|年初指标|达到?|为|共计|共|约|近|突破|稳定在|保持在|(?:提升|提高|增加|下降|降低?|压缩|缩短|压减)[至到]|须在|应为|应达到?|(?<=..)全年|超过?|分别|大于|小于|≥|≤|:|：|，|,|实际|完成|计划|目标|年度|了|是|有|[只仅]有?|(?<=..)的?占)+$"
)
_PLANNED_TO = re.compile(
    "(?P<name>[\u4e00-\u9fff]{2,20})(?:计划|目标)(?:新[建修增]|改造|完成|建设|修建|实施|培训|开展|治理|发放)"
)
"""防渗渠道计划新修36公里: named before the word that announces the figure."""
_ONLY_SAYS_WHOM = re.compile("(?:资金|预算|主要)*(?:用于|覆盖|惠及)(?:全部|全|所有)?")
LEGAL_UNITS = ("年", "月", "个月", "号", "级", "期", "款", "天", "日", "小时", "分钟", "倍", "层", "版")
_COUNTED_BEHIND = re.compile(
    rf"(?:[{ASIDE}{NUMBER}](?:周岁|岁)?(?:以[上下]|及以[上下]))?(?P<name>(?!以上|以下|以内|及以|左右|余)[\u4e00-\u9fff]{{2,12}})"
)
_IN_BRACKET = re.compile(r"^.*[（(](?=[^（()）]{2,}$)")
_NO_NAME = re.compile(
    r"以[上下内及来]|左右|[为是有由达占少多均已到至和与及或的按]|从(?!业)|在(?![校职编岗建册押读])|比(?![赛武])|提(?!案)|未(?!成年|婚)"
    r"|[减增降升超较用并但其]|[高低]于|高出|不(?:足|到|少|低|超|含|变)|全[部覆]|[内中后前](?=[，,。；;、]|$)|品种|标段|类别|门类|批次"
)
"""Behind a figure what goes on about it, or a noun that is a measure itself (药品112个品种)."""
_NAME_BEHIND = re.compile(
    rf"[村镇乡县区市州](?=[（(、，,。；;])|[“\u4e00-\u9fff][“”\u4e00-\u9fff]{{0,22}}?[”\u4e00-\u9fff](?=的|全部|均|共(?!建|同|享)|等(?!级)|中[，,]|[，,。；;、：:（(）)]|[和及与]?[{COUNT}{NUMBER}{ASIDE}]|$)"
)
_SPAN_OF_YEARS = re.compile(f"[-—–~～至到]+{DATE}")
"""Behind the first of two years: 实施周期2018—2020年."""
FARTHEST = 300
"""So many characters before a figure its own clause begins at the most; work on endless lines grows with it."""
OPERATORS = {Bound.AT_LEAST: "ge", Bound.AT_MOST: "le"}


def category_of(scene: Scene, sentence: Sentence, at: int | None = None) -> str | None:
    """The category of indicators that a sentence is about, or the part of it between semicolons where a figure stands."""
    topic = scene.topics[sentence.paragraph] if sentence.paragraph < len(scene.topics) else ""
    own = sentence.text if at is None else re.split("[；;]", sentence.text[max(0, at - FARTHEST) : at])[-1]
    opens = _CATEGORY_OPENS.search(own) if at is not None else None
    titles = (opens.group() if opens else "", topic, scene.line(sentence.paragraph)[:20])
    named = (match["category"] for title in titles if (match := _CATEGORY_TITLED.search(title)))
    said = (match["category"] or match["named"] for match in _CATEGORY_SAID.finditer(own))
    duty = topic if _BY_DUTY.search(scene.title) and _INDICATORS_OF.match(scene.line(sentence.paragraph)) else None
    return scene.printed(next(named, None) or next(said, None) or duty)


def speaks_of_indicators(sentence: Sentence) -> bool:
    """Does a sentence use a word of the indicator system, if only in the name of what it measures?"""
    return "指标" in sentence.text or bool(_CATEGORY.search(sentence.text))


def leads(scene: Scene, sentence: Sentence) -> list[tuple[str, int, Quantity]]:
    """The free counted and percent figures of a sentence, each with the words since the last figure."""
    found = []
    position = 0
    for index, quantity in sorted(sentence.quantities.items()):
        lead = sentence.text[position:index]
        position = index + 1
        counted = quantity.kind in (QuantityKind.COUNT, QuantityKind.PERCENT, QuantityKind.MONEY, QuantityKind.NUMBER)
        aside = quantity.context is not None and quantity.unit not in LEGAL_UNITS
        aside = aside or (quantity.kind is QuantityKind.NUMBER and bool(_SPAN_OF_YEARS.match(sentence.text, index + 1)))
        if counted and not aside and scene.free(quantity) is not None:
            found.append((lead, index, quantity))
    return found


def label_of_indicator(lead: str) -> str:
    """What is measured, by the words before a figure: without targets, actuals and verbs of achievement."""
    told = re.sub("[，,]分别(?:为|是)?$", "", lead)
    words = LABEL_TAIL.sub("", re.split(r"[，,；;。：:]", told.rstrip("，,；;。：: "))[-1])
    planned = _PLANNED_TO.fullmatch(words)
    words = planned["name"] if planned else words
    while (shorter := _LABEL_LEAD.sub("", words)) != words and len(shorter) >= 2:
        words = shorter
    words = "" if _ONLY_SAYS_WHOM.fullmatch(words) else _unquoted(_IN_BRACKET.sub("", words).strip("、 "))
    return words if len(words) > 1 and words not in ("其中", "其余", "另有") else ""  # 二是有2条小巷


def _unquoted(words: str) -> str:
    """Words without the quotes around them, or the one that was cut from its other half; “三公”经费变动率 keeps its own."""
    whole = re.fullmatch('[“"]([^“”"]*)[”"]', words)
    if whole:
        return whole[1]
    return words if words.count("“") == words.count("”") else words.strip('“”"')


def behind(sentence: Sentence, index: int) -> str:
    """The words behind the figure at an index of the sentence, where they name what is counted (整改通知2份 is told by
    its lead, 3个小区 is not)."""
    match = _COUNTED_BEHIND.match(sentence.text, index + 1)
    return match["name"] if match else ""


def counted_of(sentence: Sentence, index: int, quantity: Quantity) -> str:
    """The noun that a count stands before (拟召开3次会议, 辖16个行政村): it is what is counted, whatever leads to the figure."""
    if quantity.kind is not QuantityKind.COUNT or _NO_NAME.match(sentence.text, index + 1):
        return ""
    match = _NAME_BEHIND.match(sentence.text, index + 1)
    return _unquoted(match.group()) if match else ""
