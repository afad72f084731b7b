"""Workload: every counted thing that no other record holds."""

import re

from extractor.reading.routing import SectionKind
from extractor.reading.rules.encode import COUNT, DATE, Sentence
from extractor.reading.rules.leads import FARTHEST, LEGAL_UNITS, behind, counted_of, label_of_indicator, leads
from extractor.reading.rules.lexicon import DOWN, OF_THE_ECONOMY, PURPOSE_LEAD, REASON_LEAD, UP
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.statements import Statement
from schemas.performance import ActivityFigure, IndicatorResult
from schemas.quantities import Quantity, QuantityKind

_NO_SUBJECT = re.compile(
    rf"完成[^，。；]{{0,12}}(?:预算|支出)的?$|(?:[较比与同](?:上年度?|去年|Ⓓ)(?:相比|同期)?)?(?:同比|环比|总体|均|各)*(?:{UP}|{DOWN}|[多少])(?:了|出|幅度|率|比例)*$"
)
_SHARE_OF = re.compile(
    r"^占比?$|(?:为|占|达到?)(?:年度|全年)?(?:计划|目标|任务)(?:数|值)?的?$|占[^，。]{1,30}的$|^完成(?:年度)?目标(?:值)?的?$"
)
_OF_STATE = re.compile(
    r"资产(?:总额|总计|净值|原值)|净值|原值|罚款|罚没|损失|价值|报酬|劳务费|产值|[人村户]均|每[人户亩村]|标准|执行到位"
    r"|撬动|带动|为(?:企业|群众|农户|农民|居民|百姓|当事人|市场主体|经营主体|纳税人)"
    r"|(?:新增|在用|处置|报废|盘活)\S{0,4}资产|(?:资产\S{0,6}|[，,])(?:报废|处置)|收回\S{0,4}(?:资金|结余)"
)
"""Money that is no budget's: what there is, what somebody got, what was lost or taken back."""
_FOR_EACH = re.compile(
    r"(?<!支付)每(?![年月季]|次[^，。；]{0,4}支付)[^，。；：、]{1,8}$|每[^，。；：]{1,8}、[^，。；：、]{1,6}平均$"
)
"""Money for each of many is a measure, not an amount (按每户1500元, 每个村、社区平均3万元)."""
_OF_BUDGET = re.compile(r"预算|决算|拨款|概算|工程款|合同|造价|支出|(?:专项|项目|财政|补助|建设)资金|[付以]$")
"""Before money that a year's work is given or costs; other money told there is work done (发放奖助学金, 减免税费, 挽回损失)."""
_YEAR_OPENS = re.compile(rf"{DATE}[，,]?(?!.*(?:职责|职能))")
_COUNTED_UNITS = {
    "期": re.compile(r"培训|举办|开展|组织|班|编发|编印|简报|讲座"),
    "天": re.compile(r"(?:天数|住院日)(?:为|达到?|共|约|缩短[至到]|降[至到低]*|平均|[由从])*$|超标$"),
    "小时": re.compile(r"(?:机时|时长|工时|课时|学时|时数)(?:为|达到?|共|约|[只仅]有?|[由从]|提高[至到]|增加[至到])*$"),
}
"""Before what counts though its unit rarely does: 举办培训班16期, unlike 二期工程."""
_GOES_ON = re.compile(r"(?:以上|以下|以内|余|左右)?[、和及与，,]?(?:(?:参[会训加])?人[数员](?:为|约|共)?)?")
"""Between two figures of one thing: 受益1243户5120人, 修渠12.6公里、9.4公里和7.2公里, 召开3次会议，人数320人."""
_REACHED_WHOM = re.compile("[，,](?:惠及|受益|覆盖|服务|涉及)")
"""Before those whom the thing just told was for (发放补贴312.48万元，惠及286户)."""
_ALIKE = re.compile("[、和及与至到~～—-]|以及")
"""Between standards told of one another after the other (每亩500元、240元和100元) or as a range (每人每月300元至600元)."""
_SPELT = re.compile(r"[一二两三四五六七八九十](?![百千万亿])")
"""A small number in words belongs to its phrase (最高的一个, 石岗、上围两个村, 分四次支付)."""
_TOLD_LEAD = re.compile(f"^.*(?:{REASON_LEAD}|{PURPOSE_LEAD})")
_WHEN = re.compile(r"^(?:(?:本|当|去|上|今|前)年度?|年|[初中内底末]|[上下]半年|期间)+")
_COVERED = re.compile(r"自评\S{0,4}覆盖率(?:达到?|为)?$")
_APART = re.compile(r"(?:[高低]于|高出|相比)[^，。；]*$")
"""Before points by which something stands above a standard (高于全省平均水平0.4个百分点)."""
_MOVED_TO = re.compile(r"(?:提升|提高|增加|增长|上升|扩大|下降|降低|减少|压减|缩短|增|降|减)(?:至|到|为)")
_WORTH = re.compile(r"[，,](?:账面)?(?:价值|原值|净值)(?:为)?")
_COSTS = re.compile(r"[，,](?:所需|活动)?经费(?:预算)?(?:为|约)?")
_EVENT_COSTS = re.compile(rf"{COUNT}[^，,。；;：:]{{2,20}}{_COSTS.pattern}$")
_OF_LAST = re.compile(rf"[，,](?:同比|比上年|较上年|较年初)?(?:{UP}|{DOWN})(?:了)?")
_RECENT = 40
"""So many of the records before may hold the figure that one goes on from; work on endless lists grows with it."""
_TELLS_STATE = (SectionKind.PERFORMANCE, SectionKind.REPORT, SectionKind.TASKS, SectionKind.ASSETS)
_OF_PROBLEMS = re.compile(r"问题|困难|不足")
_AREAS = ("平方米", "㎡", "亩", "公顷", "平方公里")
_MEETINGS = re.compile(r"会议|培训|参会|参训")
_SURROUNDINGS = re.compile(r"面积|人口|下辖|辖区|户籍|在校")


def bind_activities(scene: Scene) -> None:
    """ActivityFigure for every counted thing that no other record holds."""
    for sentence in scene.encoded.sentences:
        _activities(scene, sentence)


def is_measure(scene: Scene, statement: Statement) -> bool:
    """Is a statement's money none of a budget: so much for each of many (按每户1500元), or what an event costs (举办1场次文艺汇演，经费2万元)?"""
    figure = statement.figure
    if figure is None or figure.kind is not QuantityKind.MONEY:
        return False
    if _FOR_EACH.search(statement.chunk):
        return True
    sentence = scene.encoded.sentences[statement.sentence]
    at = next((index for index, quantity in sentence.quantities.items() if quantity is figure), 0)
    return "经费" in statement.chunk and bool(_EVENT_COSTS.search(sentence.text[max(0, at - FARTHEST) : at]))


def bind_areas(scene: Scene) -> None:
    """ActivityFigure for the areas that a passage tells, and for what things are worth (办公用房2186.30平方米，价值742万元)."""
    for sentence in scene.encoded.sentences:
        if "价值" in sentence.text or any(quantity.unit in _AREAS for quantity in sentence.quantities.values()):
            _activities(scene, sentence, _AREAS)


def bind_meetings(scene: Scene) -> None:
    """ActivityFigure for what a passage on other expenses tells of meetings and training (参加会议285人次)."""
    for sentence in scene.encoded.sentences:
        if _MEETINGS.search(sentence.text):
            _activities(scene, sentence)


def bind_surroundings(scene: Scene) -> None:
    """What a town or a school tells of itself among its duties (辖区面积8.6平方公里，下辖14个社区，常住人口约11.3万人)."""
    for sentence in scene.encoded.sentences:
        if _SURROUNDINGS.search(sentence.text):
            _activities(scene, sentence)


def bind_work(scene: Scene) -> None:
    """ActivityFigure of what a body tells of a year's work among its duties."""
    for sentence in scene.encoded.sentences:
        if _tells_work(scene, sentence):
            _activities(scene, sentence)


def _tells_work(scene: Scene, sentence: Sentence) -> bool:
    """Is it a section on work, or a paragraph among the duties that opens with the year (2024年，受理审查起诉512件683人)?"""
    opening = scene.encoded.by_paragraph[sentence.paragraph][0].text
    return scene.tells_work or (scene.passage.kind == SectionKind.DUTIES and bool(_YEAR_OPENS.match(opening)))


def _activities(scene: Scene, sentence: Sentence, units: tuple[str, ...] | None = None) -> None:
    last: tuple[int, str] | None = None  # behind the last such figure, and what it counts
    for lead, index, quantity in leads(scene, sentence):
        if units is not None and quantity.unit not in units and not lead.endswith("价值"):
            continue
        if not _counts(lead, quantity) or _explains(scene, quantity) or sentence.text.startswith("届", index + 1):
            continue  # 2024届毕业生
        own = counted_of(sentence, index, quantity)
        held = _held(scene, sentence.quantities.get(index - len(lead) - 1), quantity)
        last = (index - len(lead), held) if held else last
        if last is not None and not own and _is_of_same(sentence.text[last[0] : index].removeprefix(last[1]), quantity):
            subject = last[1]
        elif quantity.kind is QuantityKind.MONEY and not _is_no_budget(scene, sentence, lead):
            continue
        else:
            subject = own or _named(scene, lead, quantity) or behind(sentence, index)
            if _is_left(scene, sentence, lead, quantity, subject):
                scene.leave(quantity)
                continue
            if len(subject) < 2 or _NO_SUBJECT.match(subject):
                continue
        scene.add(ActivityFigure, subject=scene.printed(subject), quantity=quantity)
        last = (index + 1, subject)


def _counts(lead: str, quantity: Quantity) -> bool:
    """Does a figure count or measure something, by itself and the words before it?"""
    if quantity.context is not None or _SPELT.match(quantity.raw):
        return False
    if quantity.unit in LEGAL_UNITS:
        counted = _COUNTED_UNITS.get(quantity.unit or "")
        return counted is not None and bool(counted.search(lead) or _MOVED_TO.fullmatch(lead))
    return quantity.kind is not QuantityKind.NUMBER or bool(quantity.decimals) or (quantity.value or 0) >= 100


def _is_no_budget(scene: Scene, sentence: Sentence, lead: str) -> bool:
    """Is money told of others, of what there is, or of work done?"""
    if (
        re.search(OF_THE_ECONOMY, lead)
        or _FOR_EACH.search(lead)
        or (scene.passage.kind in _TELLS_STATE and _OF_STATE.search(lead))
    ):
        return True
    return _tells_work(scene, sentence) and not _OF_BUDGET.search(re.split("[，；。]", lead)[-1] or lead)


def _is_left(scene: Scene, sentence: Sentence, lead: str, quantity: Quantity, subject: str) -> bool:
    """Has the catalogue no place for a percentage: a coverage, points above a standard, a share of what no record is about?"""
    if _COVERED.search(lead) or (quantity.unit in ("个百分点", "百分点") and _APART.search(lead)):
        return True
    if quantity.kind is not QuantityKind.PERCENT or not _SHARE_OF.search(subject):
        return False
    return not _OF_PROBLEMS.search(scene.line(sentence.paragraph))  # 四季度支出占全年支出的54.6%


def _explains(scene: Scene, quantity: Quantity) -> bool:
    """Does a figure stand inside the reason of an amount, other than things counted (主要原因是新录用公务员5名)? Reports tell
    reasons for their own sake."""
    if quantity.id not in scene.contexts or scene.passage.kind in (SectionKind.PERFORMANCE, SectionKind.REPORT):
        return False
    return quantity.kind is not QuantityKind.COUNT or scene.passage.kind is SectionKind.OFFICIAL_EXPENSE


def _named(scene: Scene, lead: str, quantity: Quantity) -> str:
    """What the words before a figure name; in a reason or purpose only the last thing told there (主要用于聘请专家、新建站点12个)."""
    label = label_of_indicator(lead)
    if quantity.id not in scene.contexts:
        return label
    told = _TOLD_LEAD.sub("", label.split("、")[-1])
    return _WHEN.sub("", told) or label


def _is_of_same(between: str, quantity: Quantity) -> bool:
    """Does a figure go on about what the one before it counts, by the words between the two?"""
    if quantity.kind is QuantityKind.PERCENT:
        return bool(_OF_LAST.fullmatch(between) or _MOVED_TO.fullmatch(between))
    if quantity.kind is QuantityKind.MONEY:
        return any(way.fullmatch(between) for way in (_WORTH, _COSTS, _MOVED_TO, _ALIKE))
    ways = (_GOES_ON, _MOVED_TO, _REACHED_WHOM, _OF_LAST)
    return quantity.kind is QuantityKind.COUNT and any(way.fullmatch(between) for way in ways)


def _held(scene: Scene, before: Quantity | None, quantity: Quantity) -> str:
    """What the figure before counts, where a record of workload holds it already, or, before a rate of growth (成交额68亿元，
    同比增长21.6%), one of a result; '' elsewhere."""
    if before is None or scene.free(before) is not None:
        return ""
    for record in reversed(scene.records[-_RECENT:]):
        if isinstance(record, ActivityFigure) and record.quantity and record.quantity.quantity == before.id:
            return record.subject or ""
        if isinstance(record, IndicatorResult) and record.actual and record.actual.quantity == before.id:
            return (record.indicator or "") if quantity.kind is QuantityKind.PERCENT else ""
    return ""
