"""Targets and actual values, surveys, and other workload figures of performance reports."""

import re

from extractor.reading.routing import SectionKind
from extractor.reading.rules.encode import ASIDE, DATE, NUMBER, PERCENT, SCORE, Sentence
from extractor.reading.rules.lexicon import DOWN, OF_THE_ECONOMY, UP
from extractor.reading.rules.scene import Scene
from schemas.performance import ActivityFigure, IndicatorResult, SurveyResult
from schemas.quantities import Bound, ContextKind, Quantity, QuantityKind

_CATEGORY = re.compile(
    r"(?P<category>(?:产出)?(?:数量|质量|时效|成本|经济效益|社会效益|生态效益|可持续(?:影响|性|发展)?|服务对象满意度|满意度)(?:指标)?|(?:社会|经济|生态)效益)"
)
_SATISFACTION = re.compile(r"满意(?:度|率|占比)?")
_NO_SUBJECT = re.compile(
    rf"完成[^，。；]{{0,12}}(?:预算|支出)的?$|(?:[较比与同](?:上年度?|去年|Ⓓ)(?:相比|同期)?)?(?:同比|环比|总体|均|各)*(?:{UP}|{DOWN})(?:了|幅度|率|比例)*$"
)
_SHARE_OF = re.compile(
    r"^占比?$|(?:为|占|达到?)(?:年度|全年)?(?:计划|目标|任务)(?:数|值)?的?$|占[^，。]{1,30}的$|^完成(?:年度)?目标(?:值)?的?$"
)
_LIMIT = re.compile(f"[，,（(](?:小于|大于|低于|高于|超过|不超过|≤|≥|<|>)(?={PERCENT})")
_FULL_POINTS = re.compile(r"[计得]满分")
_OF_STATE = re.compile(
    r"资产(?:总额|总计|净值|原值)|净值|原值|罚款|罚没|损失|价值|报酬|劳务费|产值|[人村户]均|每[人户亩村]|标准|执行到位"
    r"|(?:新增|在用|处置|报废|盘活)\S{0,4}资产|(?:资产\S{0,6}|[，,])(?:报废|处置)|收回\S{0,4}(?:资金|结余)"
)
"""Money that is no budget's: what there is, what somebody got, what was lost or taken back."""
_OF_DAYS = re.compile("天数(?:为|达到?|共)?$|超标$")
_OF_WORK = re.compile(f"{_OF_STATE.pattern}|投资|救助金|补偿|奖励|追缴|挽回|争取|兑现|融资|清欠|罚没|劳务|募集|捐赠")
"""Money of work done, that is others' or of no budget told here."""
_YEAR_OPENS = re.compile(rf"{DATE}[，,]?(?!.*(?:职责|职能))")
_IN_ISSUES = re.compile(r"培训|举办|开展|组织|班|编发|编印|简报|讲座")
"""Before a count of courses or issues: 举办培训班16期, unlike 二期工程."""
_GOES_ON = re.compile(r"(?:以上|以下|以内|余|左右)?[、和及与，,]?")
"""Between two figures of one thing: 受益1243户5120人, 修渠12.6公里、9.4公里和7.2公里."""
_COVERED = re.compile(r"自评\S{0,4}覆盖率(?:达到?|为)?$")
_APART = re.compile(r"(?:[高低]于|高出|相比)[^，。；]*$")
"""Before points by which something stands above a standard (高于全省平均水平0.4个百分点)."""
_MOVED_TO = re.compile(r"(?:提升|提高|增加|增长|上升|扩大|下降|降低|减少|压减|缩短|增|降)(?:至|到|为)")
_WORTH = re.compile(r"[，,](?:账面)?(?:价值|原值|净值)(?:为)?")
_OF_LAST = re.compile(rf"[，,](?:同比|比上年|较上年)(?:{UP}|{DOWN})(?:了)?")
_TELLS_STATE = (SectionKind.PERFORMANCE, SectionKind.REPORT, SectionKind.TASKS, SectionKind.ASSETS)
_SURVEYED = re.compile(r"调查|问卷|抽样|回收|反馈|访谈|回访")
_GRADES = re.compile(r"(?:一般|基本|非常|比较|不)满意|表示[“\"]?满意")
_SURVEY = re.compile(r"调查|问卷|抽样|发放|回收|反馈|访谈|回访")
_ASKED = re.compile(r"(?:电话[^，。；]{0,2}调查|访谈|回访)[^，。；]{0,14}$")
"""Before those who were asked without a questionnaire: 随机访谈当事人150人, 电话回访救助对象320人."""
_OF_PROBLEMS = re.compile(r"问题|困难|不足")
_SHARE_OF_PEOPLE = re.compile(r"[，,（(]占比?(?:为|约)?")
_LABEL_LEAD = re.compile(
    r"^.*?(?:年初指标|年度指标|指标值|目标值?|实际(?:完成)?|计划|其中|[：:])+|^(?:[，,；;。：:、\s]|\d{1,2}[.、．]|[①-⑳]|[（(]\d{1,2}[)）]|[一二三四五六七八九]是|共|共计|已|将|和|及|该项目?|该|本项目|[我本全](?:院|局|委|办|校|单位|部门|中心|市|县|区|镇|乡|街道|部|站|所)(?=.{2})|本|截至Ⓓ|Ⓓ年?|力争|确保|实现(?=财政)|累计|全年|系统目前|目前|(?:年|月)?底前)+"
)
_LABEL_TAIL = re.compile(
    r"(?:由(?:上年|实施前|原来)?的?|不少于|不低于|不超过|控制在|目标值?|指标值|年度指标|年初指标|达到?|为|共计|共|约|近|突破|稳定在|保持在|(?:提升|提高|增加|下降|降低)[至到]|超过?|分别|大于|小于|≥|≤|:|：|，|,|实际|完成|计划|目标|年度|了|是|有)+$"
)
_LEVEL = re.compile(
    r"(?:其中)?对?(?P<aspect>[\u4e00-\u9fff、]{0,24}?)(?:表示|的?评价为?|选择)?[“\"]?(?P<level>非常满意|很满意|比较满意|较满意|一般满意|基本满意|不满意|满意)[”\"]?"
    r"(?:度|率|以上|及以上|占比|的人数|的人员|的群众|者|的?占|的比例|的)*(?:为|达到?|超过|：|:|在)*$"
)
_POINTS_GIVEN = re.compile(f"(?:得|扣|分值|计)[^，。；]{{0,4}}{SCORE}$")
_OF_OUTPUT = re.compile(r"[①-⑳]?(?:产出)?(?:质量|时效)(?:指标)?(?:方面|上)?[，,：:]|产出[：:]")
_RATE_SAID = re.compile(
    f"(?:^|[，,；;：:。.、）)])(?P<rate>(?!完成率)[^，,；;：:。.、（）()=＝{SCORE}{PERCENT}]{{2,16}}率)(?:[=＝].*[=＝]|为|是|达到?|[=＝：:])?$"
)
_GIVEN_BEHIND = re.compile(f"[^。；]{{0,30}}(?:得|分值|扣|计)[^，。；]{{0,4}}{SCORE}")
OPERATORS = {Bound.AT_LEAST: "ge", Bound.AT_MOST: "le"}
_AREAS = ("平方米", "㎡", "亩", "公顷", "平方公里")
_LEGAL_UNITS = ("年", "月", "个月", "号", "级", "期", "款", "天", "日", "小时", "分钟", "倍", "层", "版")


def bind_indicators(scene: Scene, project: str | None) -> None:
    """SurveyResult and satisfaction of a passage, then ActivityFigure for its other counted things."""
    for sentence in scene.encoded.sentences:
        category = category_of(scene, sentence)
        if _SURVEY.search(sentence.text) and _SATISFACTION.search(scene.line(sentence.paragraph)):
            _survey_counts(scene, sentence, project)
        _satisfaction(scene, sentence, project, category)
        _rates(scene, sentence, project)
        _outputs(scene, sentence, project)
    bind_activities(scene)


def _rates(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """预算执行率为97.80%，该指标分值8分，得7分。 and 预算完成率（8分）：…预算完成率98.87%，得8分。: the rate that points were
    given for."""
    scored = [index for index, quantity in sorted(sentence.quantities.items()) if quantity.kind is QuantityKind.SCORE]
    full = _FULL_POINTS.search(sentence.text)
    if not full and (not scored or not _POINTS_GIVEN.search(sentence.text[: scored[-1] + 1])):
        return
    for _, index, quantity in leads(scene, sentence):
        rate = _RATE_SAID.search(sentence.text[:index])
        if (
            quantity.kind is not QuantityKind.PERCENT
            or rate is None
            or not (full or _GIVEN_BEHIND.match(sentence.text, index + 1))
        ):
            continue
        words = sentence.words(rate.start("rate"), rate.end("rate"), scene.encoded.source)
        limit = _LIMIT.match(sentence.text, index + 1)  # 控制率=93.55%，小于100%，计5分
        target = scene.free(sentence.quantities.get(limit.end())) if limit else None
        scene.add(IndicatorResult, project=project, indicator=words, target=target, actual=quantity)


def _outputs(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """产出质量方面，工程验收合格率100%: a rate told as the output of its category, whose target goes without saying."""
    if not _OF_OUTPUT.match(sentence.text):
        return
    for lead, index, quantity in leads(scene, sentence):
        label = label_of_indicator(lead)
        if quantity.kind is QuantityKind.PERCENT and label.endswith("率"):
            category = category_of(scene, sentence, index)
            label = label if label in scene.encoded.source else ""
            scene.add(IndicatorResult, project=project, category=category, indicator=label or None, actual=quantity)


def bind_activities(scene: Scene) -> None:
    """ActivityFigure for every counted thing that no other record holds."""
    for sentence in scene.encoded.sentences:
        _activities(scene, sentence)


def bind_areas(scene: Scene) -> None:
    """ActivityFigure for the areas that a passage tells, and for what things are worth (办公用房2186.30平方米，价值742万元)."""
    for sentence in scene.encoded.sentences:
        if "价值" in sentence.text or any(quantity.unit in _AREAS for quantity in sentence.quantities.values()):
            _activities(scene, sentence, _AREAS)


_SURROUNDINGS = re.compile(r"面积|人口|下辖|辖区|户籍|在校")


def bind_surroundings(scene: Scene) -> None:
    """What a town or a school tells of itself among its duties (辖区面积8.6平方公里，下辖14个社区，常住人口约11.3万人)."""
    for sentence in scene.encoded.sentences:
        if _SURROUNDINGS.search(sentence.text):
            _activities(scene, sentence)


def category_of(scene: Scene, sentence: Sentence, at: int | None = None) -> str | None:
    """The category of indicators that a sentence is about, or the part of it between semicolons where a figure stands."""
    topic = scene.topics[sentence.paragraph] if sentence.paragraph < len(scene.topics) else ""
    own = sentence.text if at is None else re.split("[；;]", sentence.text[:at])[-1]
    for words in (topic, scene.line(sentence.paragraph)[:20], own):
        match = _CATEGORY.search(words)
        if match:
            return match["category"] if match["category"] in scene.encoded.source else None
    return None


_COUNTED_BEHIND = re.compile(
    rf"(?:[{ASIDE}{NUMBER}](?:周岁|岁)?(?:以[上下]|及以[上下]))?(?P<name>(?!以上|以下|以内|及以|左右|余)[\u4e00-\u9fff]{{2,12}})"
)


def leads(scene: Scene, sentence: Sentence) -> list[tuple[str, int, Quantity]]:
    """The free counted and percent figures of a sentence, each with the words since the last figure."""
    found = []
    position = 0
    for index, quantity in sorted(sentence.quantities.items()):
        lead = sentence.text[position:index]
        position = index + 1
        counted = quantity.kind in (QuantityKind.COUNT, QuantityKind.PERCENT, QuantityKind.MONEY, QuantityKind.NUMBER)
        aside = quantity.context is not None and quantity.unit not in _LEGAL_UNITS
        if counted and not aside and scene.free(quantity) is not None:
            found.append((lead, index, quantity))
    return found


def label_of_indicator(lead: str) -> str:
    """What is measured, by the words before a figure: without targets, actuals and verbs of achievement."""
    told = re.sub("[，,]分别(?:为|是)?$", "", lead)
    words = _LABEL_TAIL.sub("", re.split(r"[，,；;。：:]", told.rstrip("，,；;。：: "))[-1])
    while (shorter := _LABEL_LEAD.sub("", words)) != words and len(shorter) >= 2:
        words = shorter
    words = words.strip('“”"、 ')
    return words if len(words) > 1 else ""  # 二是有2条小巷


def behind(sentence: Sentence, index: int) -> str:
    """The words behind the figure at an index of the sentence, where they name what is counted (整改通知2份 is told by
    its lead, 3个小区 is not)."""
    match = _COUNTED_BEHIND.match(sentence.text, index + 1)
    return match["name"] if match else ""


def _survey_counts(scene: Scene, sentence: Sentence, project: str | None) -> None:
    values: dict[str, Quantity] = {}
    for lead, index, quantity in leads(scene, sentence):
        name = None
        if quantity.kind is QuantityKind.COUNT:
            of_these = re.match(r"[^，。；]{0,6}(?:问卷|抽样)?调查", sentence.text[index + 1 :])  # 对120户农户问卷调查
            if (
                of_these or re.search(r"发放|发出|向(?:全|各|本)?.{0,4}$|调查对象", lead)
            ) and "distributed" not in values:
                name = "distributed"
            elif _ASKED.search(lead) and "问卷" not in sentence.text:
                name = "responses"
            elif re.search(r"回收|收回|反馈|有效", lead):
                name = "returned_units" if quantity.unit in ("家", "个", "户") else "responses"
            elif values and quantity.unit in ("份", "人", "张"):
                name = "responses"
        elif quantity.kind is QuantityKind.PERCENT and re.search(r"回收率|反馈率|有效率|应答率", lead):
            name = "response_rate"
        if name is not None and name not in values:
            values[name] = quantity
    if values:
        scene.add(SurveyResult, project=project, **values)


def _satisfaction(scene: Scene, sentence: Sentence, project: str | None, category: str | None) -> None:
    surveyed = bool(_SURVEYED.search(scene.line(sentence.paragraph)))
    surveyed = surveyed or len(_GRADES.findall(scene.line(sentence.paragraph))) > 1
    graded = bool(_GRADES.search(scene.line(sentence.paragraph)))
    aspect = level = ""
    for lead, index, quantity in leads(scene, sentence):
        told = _LEVEL.search(lead) if surveyed and quantity.kind is QuantityKind.COUNT else None
        if told is not None:
            level = told["level"]
        elif level and quantity.kind is QuantityKind.PERCENT and _SHARE_OF_PEOPLE.fullmatch(lead):
            scene.add(SurveyResult, project=project, level=level, percent=quantity)  # 表示“满意”的201人，占69.79%
            continue
        if quantity.kind is not QuantityKind.PERCENT or not _SATISFACTION.search(lead):
            continue
        words = re.split(r"[，,；;。：:、]", lead)[-1]
        operator = OPERATORS.get(quantity.bound) if quantity.bound else None
        if surveyed:
            match = _LEVEL.search(words)
            whole = re.match("[，,（(]其中", sentence.text[index + 1 :])  # 群众满意度为94.8%，其中非常满意62.5%
            if match is None or ((whole or not graded) and re.match("满意[度率]", words[match.start("level") :])):
                match, aspect = None, label_of_indicator(words)
            elif match["aspect"] or match.start():
                aspect = match["aspect"] or label_of_indicator(words)
            scene.add(
                SurveyResult,
                project=project,
                aspect=aspect if aspect in scene.encoded.source else None,
                level=match["level"] if match else None if whole else "满意",
                percent=quantity,
                operator=operator,
            )
        else:
            label = _LABEL_TAIL.sub("", words)
            scene.add(
                IndicatorResult,
                project=project,
                category=category,
                indicator=label if label in scene.encoded.source else None,
                actual=quantity,
                actual_operator=operator,
            )


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
        issues = (quantity.unit == "期" and _IN_ISSUES.search(lead)) or (
            quantity.unit == "天" and _OF_DAYS.search(lead)
        )
        pronoun = quantity.raw.startswith("一") and lead.endswith("的")  # 最高的一个为58.2万元
        if (
            (quantity.unit in _LEGAL_UNITS and not issues)
            or quantity.context is not None
            or pronoun
            or _explains(scene, quantity)
        ):
            continue
        between = sentence.text[last[0] : index] if last else None
        if last is not None and between is not None and _is_of_same(between, quantity):
            scene.add(ActivityFigure, subject=last[1] if last[1] in scene.encoded.source else None, quantity=quantity)
            last = (index + 1, last[1])
            continue
        told = (
            re.search(OF_THE_ECONOMY, lead)
            or (scene.passage.kind in _TELLS_STATE and _OF_STATE.search(lead))
            or (_tells_work(scene, sentence) and _OF_WORK.search(lead))
        )
        if quantity.kind is QuantityKind.MONEY and not told:
            continue
        if (
            quantity.kind is QuantityKind.NUMBER
            and not quantity.decimals
            and quantity.value is not None
            and quantity.value < 100
        ):
            continue
        points = quantity.unit in ("个百分点", "百分点")
        if _COVERED.search(lead) or (points and _APART.search(lead)):
            scene.leave(quantity)
            continue
        subject = label_of_indicator(lead) or behind(sentence, index)
        problem = _OF_PROBLEMS.search(scene.line(sentence.paragraph))  # 四季度支出占全年支出的54.6%
        if (
            quantity.kind is QuantityKind.PERCENT and _SHARE_OF.search(subject) and not problem
        ):  # of what no record holds
            scene.contexts[quantity.id] = ContextKind.OTHER
        elif len(subject) >= 2 and not _NO_SUBJECT.match(subject):
            scene.add(ActivityFigure, subject=subject if subject in scene.encoded.source else None, quantity=quantity)
            last = (index + 1, subject)


def _explains(scene: Scene, quantity: Quantity) -> bool:
    """Does a figure stand inside the reason of an amount (主要原因是新录用公务员5名)? Reports tell reasons for their own sake."""
    return quantity.id in scene.contexts and scene.passage.kind not in (SectionKind.PERFORMANCE, SectionKind.REPORT)


def _is_of_same(between: str, quantity: Quantity) -> bool:
    """Does a figure go on about what the one before it counts, by the words between the two?"""
    if quantity.kind is QuantityKind.PERCENT:
        return bool(_OF_LAST.fullmatch(between) or _MOVED_TO.fullmatch(between))
    if quantity.kind is QuantityKind.MONEY:
        return bool(_WORTH.fullmatch(between) or _MOVED_TO.fullmatch(between))
    return quantity.kind is QuantityKind.COUNT and bool(_GOES_ON.fullmatch(between) or _MOVED_TO.fullmatch(between))
