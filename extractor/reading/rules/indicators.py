"""Surveys, satisfaction, rates and deadlines of performance reports."""

import re

from extractor.reading.rules.activities import bind_activities
from extractor.reading.rules.encode import DATE, PERCENT, SCORE, Sentence
from extractor.reading.rules.leads import LABEL_TAIL, OPERATORS, category_of, label_of_indicator, leads
from extractor.reading.rules.moved import MOVED_ON, label_moved
from extractor.reading.rules.scene import Scene
from schemas.performance import IndicatorResult, SurveyResult
from schemas.quantities import Quantity, QuantityKind

_SATISFACTION = re.compile(r"满意(?:度|率|占比)?")
_LIMIT = re.compile(f"[，,（(](?:小于|大于|低于|高于|超过|不超过|≤|≥|<|>)(?={PERCENT})")
_FULL_POINTS = re.compile(r"[计得]满分")
_SURVEYED = re.compile(r"调查|问卷|抽样|回收|反馈|访谈|回访")
_GRADES = re.compile(r"(?:一般|基本|非常|比较|不)满意|表示[“\"]?满意")
_SURVEY = re.compile(r"调查|问卷|抽样|发放|回收|反馈|访谈|回访")
_ASKED = re.compile(r"(?:电话[^，。；]{0,2}调查|访谈|回访)[^，。；]{0,14}$")
"""Before those who were asked without a questionnaire: 随机访谈当事人150人, 电话回访救助对象320人."""
_SHARE_OF_PEOPLE = re.compile(r"[，,（(]占比?(?:为|约)?")
_LEVEL = re.compile(
    r"(?:其中)?(?:[\u4e00-\u9fff]{0,8}?对)?(?P<aspect>[\u4e00-\u9fff、]{0,24}?)(?:表示|的?评价为?|选择)?[“\"]?(?P<level>非常满意|很满意|比较满意|较满意|一般满意|基本满意|不满意|满意)[”\"]?"
    r"(?:度|率|以上|及以上|占比|的人数|的人员|的群众|者|的?占|的比例|的)*(?:为|达到?|超过|：|:|在)*$"
)
_POINTS_GIVEN = re.compile(f"(?:得|扣|分值|计)[^，。；]{{0,4}}{SCORE}$")
_OF_OUTPUT = re.compile(r"[①-⑳]?(?:产出)?(?:质量|时效)(?:指标)?(?:方面|上)?[，,：:]|产出[：:]")
_RATE_SAID = re.compile(
    f"(?:^|[，,；;：:。.、）)])(?P<rate>(?!完成率)[^，,；;：:。.、（）()=＝{SCORE}{PERCENT}]{{2,16}}率)(?:[=＝].*[=＝]|为|是|达到?|[=＝：:])?$"
)
_GIVEN_BEHIND = re.compile(f"[^。；]{{0,30}}(?:得|分值|扣|计)[^，。；]{{0,4}}{SCORE}")

_DEADLINE = re.compile(
    rf"(?P<name>[^，。；：,;:]{{2,20}}时[间限])(?:为|在|[：:])?(?P<limit>不迟于|不晚于|早于|≤)?(?P<date>{DATE})"
)


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
            told = {"indicator": scene.printed(label), "actual": quantity}
            scene.add(IndicatorResult, project=project, category=category, **told)


def _survey_counts(scene: Scene, sentence: Sentence, project: str | None) -> None:
    values: dict[str, Quantity] = {}
    for lead, index, quantity in leads(scene, sentence):
        name = None
        if quantity.kind is QuantityKind.COUNT and quantity.bound is None:  # 发放问卷不少于300份 is to be
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
        if quantity.kind is not QuantityKind.PERCENT or MOVED_ON.match(sentence.text, index + 1):
            continue
        words = label_moved(sentence, lead, index)  # 居民满意度由85%提升到94%
        if not _SATISFACTION.search(words or lead):
            continue
        words = words or re.split(r"[，,；;。：:、]", lead)[-1]
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
                aspect=scene.printed(aspect),
                level=match["level"] if match else None if whole else "满意",
                percent=quantity,
                operator=operator,
            )
        else:
            label = LABEL_TAIL.sub("", words)
            scene.add(
                IndicatorResult,
                project=project,
                category=category,
                indicator=scene.printed(label),
                actual=quantity,
                actual_operator=operator,
            )


def bind_deadlines(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """时效指标：补助资金拨付时间不迟于12月25日: a target that is a day."""
    for match in _DEADLINE.finditer(sentence.text):
        category = category_of(scene, sentence, match.start())
        date = scene.free(sentence.quantities.get(match.start("date")))
        if category is not None and "时效" in category and date is not None:
            before = match["limit"] or sentence.text[match.end() : match.end() + 1] == "前"
            words = sentence.words(*match.span("name"), scene.encoded.source)
            operator = "le" if before else None
            told = {"indicator": words, "target": date, "target_operator": operator}
            scene.add(IndicatorResult, project=project, category=category, **told)
