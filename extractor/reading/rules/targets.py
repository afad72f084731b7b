"""Targets with what was reached: 年初指标…实际…, 计划改造75个，实际改造73个, 4.86万人，超额完成4.5万人的年度目标."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.reading.routing import SectionKind
from extractor.reading.rules.candidates import COUNTS_INDICATORS, candidates
from extractor.reading.rules.encode import COUNT, DATE, PERCENT, Sentence
from extractor.reading.rules.indicators import bind_deadlines
from extractor.reading.rules.leads import (
    FARTHEST,
    OPERATORS,
    behind,
    category_of,
    label_of_indicator,
    leads,
    speaks_of_indicators,
)
from extractor.reading.rules.lexicon import AND, OF_THE_ECONOMY
from extractor.reading.rules.moved import label_moved, was_before
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.subjects import key_project, lists_key_projects
from schemas.performance import IndicatorResult
from schemas.quantities import Quantity, QuantityKind

_TARGET = re.compile(r"目标|计划(?!项目|专项)|不少于|不低于|不超过|年初指标|年度指标|指标值|预期|应|控制在|高于|≥|≤")
_ACTUAL = re.compile(r"实际|完成|已|达到?|制作|开展|完成值|累计|共|为$")
_TARGET_AFTER = re.compile(
    r"(?:以内|以上|以下|左右)?的?(?:年度|年初|全年|预期|既定|计划|绩效|建设)*(?:目标|任务|计划|指标值?|(?<=预期)值)"
)
_STATES_TARGETS = re.compile(r"年初指标|年度指标|绩效指标|目标")
_REACHED = re.compile(r"实际|(?<!超额)(?<!应)完成(?!率)|达到|为$|[:：]$|[只仅][有开组完举]\S{0,3}$")
_SET = re.compile(
    r"(?:计划(?!项目|专项)|目标(?!(?:任务)?(?:完成|实现)情况)|指标值|预期|预计|拟|年初设定|控制在)[^，。；;]{0,16}$|(?:合同约定|原定)的?$|应(?:不|达)\S{0,6}$"
)
_TARGET_BESIDE = re.compile(
    r"[，,（(](?:与|为|占|较|比)?(?:全年|年度|年初)?(?:计划|目标|指标)值?的?[（(]?(?:为|是|[:：≥≤＝=>＞]|不低于|不少于|不超过)*"
)
_ANSWERS = re.compile(r"(?:以上|以内)?[，,]实际(?:完成|达到|为)?[^，。；]{0,8}$")
_OF_THAT_TARGET = re.compile("完成(?:了|全年|年度|年初|预期)*(?:目标|计划|任务)值?$")
_NOT_A_RESULT = re.compile(r"率(?:为|达|达到)?$|节约|结余|增长|增加|减少|下降|比|占|得$|问卷|份")
_OPENS_TARGETS = re.compile(
    rf"(?:^|[。；，：)）.、的{DATE}]|(?:部门|单位)整体|整体支出)(?:项目|(?:部门|单位)?整体|年度|总体|绩效|阶段性?|预期|当年|本年|具体)*目标(?:为|是|[：:])"
)
_OF_WHOLE = re.compile("(?:部门|单位)整体支出")
_TARGETS_TITLE = re.compile(r"(?:绩效|年度|总体|项目|阶段性?)目标(?:设[定置]|内容)?(?:情况)?[。：:]?$")
_SAYS_REACHED = re.compile(r"实际|已|完成(?:了|情况|率|值)|超额|全部完成|均(?:达到|完成)|较好|共完成|得分|年末")
_DESCRIBES = re.compile("地处|位于|总面积|(?<![实出体])现有|仍有")
"""In a sentence on what there is: 我县地处…，林地186万亩，森林覆盖率12.8%."""
_OPENING_YEAR = re.compile(rf"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d+[.、．])?\s*{DATE}")
_ANNOUNCES = re.compile(r"力争|计划(?!生育|项目|专项|资金)|目标(?:为|是|：|:)")
_MANAGED = re.compile(r"绩效|评价|自评|监控|评估")
_SETS_BOUND = re.compile("(?:不[少低]于|不[超高][过于]|控制在|[≥≤])$")
_REACHES = re.compile(r"(?:达到?|突破|控制在|保持在|稳定在|[高升展加大低降少缩][到至])(?:约)?$")
"""Before what work is to lead to, unlike what is to be done (完成绿化1200亩)."""
_COSTS = re.compile(r"不[低少]于|力争|每[人户座亩件次生]")
"""Before money that is a target itself; other money of a plan is what it is given."""
_REACHED_ALREADY = re.compile(r"实际|已|完成了|上年|未达到|未完成")
_PROPOSED = re.compile(r"建议|下一?步|改进|整改|今后")
_TO_REACH = re.compile(r"确保[^，,；;。]*?(?:到|至|在)$|不低于$|不少于$|不超过$")
_SETS = re.compile("计划(?!项目|专项)|目标|指标值?|预期|应")
_SHARE_OF_PLAN = re.compile(r"(?:为|占|完成|达到?)(?:年度|全年)?(?:计划|目标|任务)(?:数|值)?的$")
_NO_VALUE = re.compile(f"相比|高出|{_SHARE_OF_PLAN.pattern}")
_SURVEY = re.compile(r"问卷|抽样|调查(?!）)|访谈")


_SURPASSED = re.compile("(?<!不)(?:超过|高于|低于|多于|大于|超额完成)$")
"""Before a target that is named behind its figure (超过120人次的目标): by what was reached, not what was to be."""
_SAYS_CHANGE = re.compile("(?:比|较|同比)[^，。；]*(?:增长|增加|提高|下降|减少)$")
_STATE = re.compile("(?:用于|覆盖|惠及|涉及)[^，,。；;]*$")
"""Before counts of what there is or whom money is for, in a budget's words on a project: no targets."""
_EXPLAINS = re.compile("执行|(?:存在|主要|发现|反映)[^，。；]{0,12}问题|问题[：:]|原因")
"""Of lines that look back; 为解决漏雨问题 is what a project is for."""
_RAISED = re.compile("目标值?(?:扩展|扩大|增加|提高|提升)[到至]$")
"""Between a target and what became of it: 由46项的建设目标扩展到53项."""
_BOUND_OF_EACH = re.compile("不(?:(?P<most>高于|超过|大于|多于)|低于|少于|小于)每[^，,。；;]{1,8}$")
"""单位造价不高于每平方米1000元: the bound stands before what the money is for each of."""
_EQUAL = re.compile("[＝=]$|应为$")
_BARE_VERB = re.compile("保障|服务|惠及|完成|实施|建设|新建|改造|开展|组织|举办|召开|新增|扶持")
_EACH = f"{COUNT}(?:{AND}{COUNT})+"
_ANSWERED_IN_ORDER = re.compile(
    f"[，,；;]实际(?:完成|达到)?(?:分别|依次)(?:完成|达到|为|是)*(?P<actuals>[{COUNT}{PERCENT}](?:{AND}[{COUNT}{PERCENT}])+)"
)
_NAMED_IN_ORDER = re.compile(
    f"(?P<names>[^，,。；;：:{COUNT}{PERCENT}]{{4,60}}?)(?:分别|均)(?:达到?|为|不低于|不少于|不超过|控制在)*(?P<targets>[{COUNT}{PERCENT}](?:{AND}[{COUNT}{PERCENT}])+)"
)
_RESPECTIVE = re.compile(
    f"(?:计划|目标|指标)值?(?:任务)?分别(?:为|是)?(?P<targets>{_EACH})[，,；;]实际(?:完成|达到)?值?分别(?:为|是|完成)?(?P<actuals>{_EACH})"
)


@dataclass
class _Value:
    label: str
    quantity: Quantity
    at: int = 0  # in its sentence
    operator: str | None = None

    @classmethod
    def told(cls, label: str, quantity: Quantity, lead: str, at: int = 0) -> "_Value":
        """A value with what the words around its figure make of it: at least, at most, just so."""
        bound = OPERATORS.get(quantity.bound) if quantity.bound else None
        each = _BOUND_OF_EACH.search(lead)
        if each:
            bound = "le" if each["most"] else "ge"
        return cls(label, quantity, at, "eq" if _EQUAL.search(lead) else bound)


def bind_targets(scene: Scene, project: str | None) -> None:
    """IndicatorResult of the sentences that state targets; before the project's money is read, since cost
    indicators print money as well."""
    for sentence in scene.encoded.sentences:
        category = category_of(scene, sentence)
        paired = False
        if not scene.setting.budget:
            _hopes(scene, sentence, project)
        _respective(scene, sentence, project)
        _answered_in_order(scene, sentence, project)
        if not scene.setting.budget or _REACHED_ALREADY.search(sentence.text):  # a budget has reached nothing yet
            paired = _pairs(scene, sentence, project)
        if _SURVEY.search(sentence.text):
            continue
        if _is_planned(scene, sentence, project) or _sets_targets(scene, sentence):
            bind_deadlines(scene, sentence, project)
            _named_in_order(scene, sentence, project)
            _only_targets(scene, sentence, project)
            if _OPENS_TARGETS.search(sentence.text):
                continue
        if category is not None or speaks_of_indicators(sentence):
            if scene.setting.budget:
                _named_in_order(scene, sentence, project)
            _listed(scene, sentence, project, category, paired)
    if scene.setting.budget and scene.passage.kind == SectionKind.PERFORMANCE:
        _bounds(scene, project)


def bind_announced_targets(scene: Scene) -> None:
    """IndicatorResult of the sentences that announce targets (年度目标为：…): before counts are taken for others."""
    for sentence in scene.encoded.sentences:
        if _OPENS_TARGETS.search(sentence.text) and _sets_targets(scene, sentence):
            _only_targets(scene, sentence, None)


def _bounds(scene: Scene, project: str | None) -> None:
    """每年盘点不少于1次: a bound that a budget sets is a target wherever it tells of its performance."""
    for sentence in scene.encoded.sentences:
        for lead, index, quantity in candidates(scene, sentence):
            if _SETS_BOUND.search(lead) and quantity.kind is not QuantityKind.MONEY:
                _add_target(scene, sentence, (lead, index, quantity), project)


def bind_compared(scene: Scene) -> None:
    """IndicatorResult of what an account tells of a year's work beside the target it had (95.7%，好于年初确定的93%的目标)."""
    if not scene.setting.budget:
        for sentence in scene.encoded.sentences:
            _pairs(scene, sentence, None)


def bind_plans(scene: Scene) -> None:
    """IndicatorResult of what a budget says is to be reached: all figures of 重点项目; of 重点工作 what has a bound or is a rate,
    for bare quantities of work (新建口袋公园4个) are workload; else those behind a word that announces them (力争全年新增…260家,
    计划更换节能灯具3,200盏). An account plans nothing but what it hopes for."""
    if not scene.setting.budget:
        for sentence in scene.encoded.sentences:
            _hopes(scene, sentence, None)
        return
    for sentence in _to_come(scene):
        tasks = scene.passage.kind == SectionKind.TASKS
        listed = lists_key_projects(scene, sentence.paragraph)
        managed = not tasks and not listed and _MANAGED.search(sentence.text)
        if _SAYS_REACHED.search(sentence.text) or _DESCRIBES.search(sentence.text) or managed:
            continue
        for lead, index, quantity in candidates(scene, sentence):
            project = key_project(scene, sentence, index)
            announced = _ANNOUNCES.search(re.split("[；;]", sentence.text[:index])[-1])
            planned = listed or project or announced or (tasks and _is_to_reach(lead, quantity))
            told = quantity.kind is not QuantityKind.MONEY or _COSTS.search(lead) or re.search(OF_THE_ECONOMY, lead)
            if planned and told:
                _add_target(scene, sentence, (lead, index, quantity), project)


def _is_to_reach(lead: str, quantity: Quantity) -> bool:
    """Is a figure of planned work one to be reached: a rate, bounded, or named as what is reached?"""
    return quantity.kind is QuantityKind.PERCENT or quantity.bound in OPERATORS or bool(_REACHES.search(lead))


def _to_come(scene: Scene) -> Iterator[Sentence]:
    """The sentences of a budget that do not look back: not those from one that opens with an earlier year (2023年，全市…) up to the
    next that opens with a year, or to the end of its paragraph."""
    back, paragraph = False, -1
    for sentence in scene.encoded.sentences:
        opening = _OPENING_YEAR.match(sentence.text)
        year = sentence.quantities[opening.end() - 1].date if opening else None
        if opening or sentence.paragraph != paragraph:
            back = year is not None and year[:4].isdigit() and int(year[:4]) < (scene.setting.fiscal_year or 0)
        paragraph = sentence.paragraph
        if not back:
            yield sentence


def _hopes(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """力争2023年将预算调整率控制在10%以内, and what is proposed (确保年初预算到位率不低于85%): what is to be better next year."""
    above = (scene.topics[sentence.paragraph], scene.title)
    proposed = any(_PROPOSED.search(words) for words in (sentence.text, *above))
    if not proposed and "力争" not in sentence.text:
        return
    for lead, index, quantity in candidates(scene, sentence):
        clause = re.split("[；;。]", sentence.text[max(0, index - FARTHEST) : index])[-1]
        hoped = "力争" in clause or (proposed and _TO_REACH.search(re.split("[，,]", clause)[-1]))
        if hoped and quantity.kind is not QuantityKind.MONEY and not _SAYS_REACHED.search(clause):
            _add_target(scene, sentence, (lead, index, quantity), project)


def _sets_targets(scene: Scene, sentence: Sentence) -> bool:
    """Does the sentence stand under 绩效目标 or open with 年度目标：, and say nothing of what was reached?"""
    opening = _OPENS_TARGETS.search(sentence.text)
    if opening:
        return not _SAYS_REACHED.search(sentence.text, opening.end())
    line = scene.line(sentence.paragraph)
    line = line.replace("均达到", "") if scene.setting.budget else line
    return bool(_TARGETS_TITLE.search(scene.title)) and not _SAYS_REACHED.search(line)


def _is_planned(scene: Scene, sentence: Sentence, project: str | None) -> bool:
    """Is it one of the sentences with which a budget lists a project among others, with what it is to do?"""
    listed = scene.setting.budget and project is not None and scene.passage.kind != SectionKind.REPORT
    line = scene.line(sentence.paragraph)
    return listed and not _SAYS_REACHED.search(line.replace("完成率", "")) and not _EXPLAINS.search(line)


def _only_targets(scene: Scene, sentence: Sentence, project: str | None) -> None:
    opening = _OPENS_TARGETS.search(sentence.text)
    called = _OF_WHOLE.search(scene.passage.text) if opening and "整体" in opening.group() else None
    whole = called.group() if called else None
    for lead, index, quantity in candidates(scene, sentence):
        if opening is None and (_STATE.search(lead) or "现有" in sentence.text):
            continue
        of_economy = opening is not None and re.search(OF_THE_ECONOMY, lead)
        bound = quantity.bound or _BOUND_OF_EACH.search(lead)
        settable = quantity.kind is not QuantityKind.MONEY or bound or of_economy
        if settable and (opening is None or index > opening.start()):
            own = project or key_project(scene, sentence, index) or whole
            _add_target(scene, sentence, (lead, index, quantity), own)


def _add_target(scene: Scene, sentence: Sentence, told: tuple[str, int, Quantity], project: str | None) -> None:
    """One of the `leads` of a sentence as a target of which nothing is said to be reached."""
    lead, index, quantity = told
    label = label_moved(sentence, lead, index) or label_of_indicator(lead)
    if not label or _BARE_VERB.fullmatch(label):
        label = behind(sentence, index) or label  # 全年保障18个行政村正常运转
    _add(scene, project, category_of(scene, sentence, index), _Value.told(label, quantity, lead), None)


def _respective(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """人工造林、封山育林年度计划分别为2.8万亩、3万亩，实际完成分别为2.36万亩、3万亩: the names in order, where they are as many."""
    match = _RESPECTIVE.search(sentence.text)
    if match is None:
        return
    targets, actuals = (
        [sentence.quantities[at] for at in sentence.places(match.span(group), COUNT)]
        for group in ("targets", "actuals")
    )
    if len(targets) != len(actuals) or any(scene.free(each) is None for each in targets + actuals):
        return
    listed = re.split("[。；;：:，,]", sentence.text[: match.start()])[-1].removesuffix("年度")
    names = re.split("、|和|及|与", listed)
    labels = names if len(names) == len(targets) else [""] * len(targets)
    for label, target, actual in zip(labels, targets, actuals, strict=True):
        _add(scene, project, category_of(scene, sentence, match.start()), _Value.told(label, target, ""), actual)


def _answered_in_order(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """计划新建实训室12个、购置设备不少于380台，实际分别完成14个和402台: the targets before, in order, where they are alike."""
    match = _ANSWERED_IN_ORDER.search(sentence.text)
    if match is None or not _SETS.search(sentence.text, 0, match.start()):
        return
    actuals = [sentence.quantities[at] for at in sentence.places(match.span("actuals"), COUNT + PERCENT)]
    told = [each for each in leads(scene, sentence) if each[1] < match.start()][-len(actuals) :]
    if [each[2].unit for each in told] != [each.unit for each in actuals]:
        return
    for (lead, index, target), actual in zip(told, actuals, strict=True):
        value = _Value.told(label_of_indicator(lead), target, lead)
        _add(scene, project, category_of(scene, sentence, index), value, actual)


def _named_in_order(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """采集准确率、按时处置率分别达到98%和99%以上: targets of the names before them."""
    for match in _NAMED_IN_ORDER.finditer(sentence.text):
        targets = [sentence.quantities[at] for at in sentence.places(match.span("targets"), COUNT + PERCENT)]
        names = re.split(AND, match["names"])
        if len(targets) > 1 and len(names) != len(targets):
            names = [match["names"]] * len(targets)  # 森林、草原火灾受害率分别控制在0.9‰和2‰以下, of no more names
        if len(names) == len(targets) and all(scene.free(each) for each in targets):
            bounds = [bound for each in targets if (bound := _Value.told("", each, "").operator)]
            for name, target in zip(names, targets, strict=True):
                value = _Value(name, target, operator=bounds[-1] if bounds else None)
                _add(scene, project, category_of(scene, sentence, match.start()), value, None)


def _pairs(scene: Scene, sentence: Sentence, project: str | None) -> bool:
    """A target and what was reached, printed side by side in one sentence, in either order; were there any?"""
    entries = leads(scene, sentence)
    used: set[str] = set()
    for position, (lead, index, target) in enumerate(entries):
        follower = entries[position + 1] if position + 1 < len(entries) else None
        alike = follower is not None and follower[2].unit == target.unit and target.kind is not QuantityKind.MONEY
        answered = alike and follower is not None and _ANSWERS.match(follower[0])
        if target.id in used or not (answered or _is_target(sentence, lead, index)):
            continue
        for near in _beside(entries, position):
            other_lead, other_index, actual = entries[near]
            fits = (
                actual.kind is target.kind
                and actual.id not in used
                and not _is_target(sentence, other_lead, other_index)
                and (_reached(sentence, other_lead, other_index, index) or _named_again(lead, other_lead))
            )
            if fits:
                used |= {target.id, actual.id}
                first = min(position, near)
                told = entries[first][0]
                told = entries[first - 1][0] if first and _SAYS_CHANGE.search(told) else told
                label = label_of_indicator(told) or label_of_indicator(other_lead)
                category = category_of(scene, sentence, min(index, other_index))
                surveyed = near < position and "满意" in other_lead and _SURVEY.search(scene.line(sentence.paragraph))
                named = _Value.told(label, target, lead)
                if _SURPASSED.search(lead) and _TARGET_AFTER.match(sentence.text, index + 1):
                    named.operator = None
                _add(scene, project, category, named, None if surveyed else actual)
                break
    return bool(used)


def _beside(entries: list[tuple[str, int, Quantity]], position: int) -> Iterator[int]:
    """Where the figure may stand that a target is compared with: next to it, or behind figures of other things (合格率目标为95%以上，
    评查140件，合格率为98.57%)."""
    target = entries[position][2]
    alike = (at for at in range(position + 2, len(entries)) if entries[at][2].kind is target.kind)
    after = next(alike, None)
    told = () if after is None or any("；" in lead for lead, _, _ in entries[position + 1 : after + 1]) else (after,)
    before = (at for at in range(position - 2, -1, -1) if entries[at][2].unit == target.unit)
    if _OF_THAT_TARGET.search(entries[position][0]):  # 成交额68亿元，同比增长21.6%，完成年度目标60亿元的113.92%
        told = (*told, *itertools.islice(before, 1))
    yield from (at for at in (position + 1, position - 1, *told) if 0 <= at < len(entries))


def _named_again(lead: str, other: str) -> bool:
    """案件质量评查合格率目标为95%以上，…，合格率为98.57%: is what is told the last word of what the target was set for?"""
    name = label_of_indicator(other)
    return bool(name) and label_of_indicator(lead).endswith(name)


def _is_target(sentence: Sentence, lead: str, index: int) -> bool:
    clause = re.split(r"[，,；;。]", lead)[-1]
    if _SHARE_OF_PLAN.search(clause) or _RAISED.search(clause):  # 实际办理1,284件，为计划的111.65%
        return False
    return bool(_SET.search(clause)) or bool(_TARGET_AFTER.match(sentence.text, index + 1))


def _reached(sentence: Sentence, lead: str, index: int, target_at: int) -> bool:
    """Is the figure at `index` what was reached, against the target at `target_at`?"""
    clause = re.split(r"[；;。]", lead)[-1]
    last = re.split(r"[，,]", clause)[-1]
    if index > target_at:
        return not re.search(r"[；;]", lead) and (
            bool(_RAISED.search(last)) or (bool(_REACHED.search(last)) and not _NOT_A_RESULT.search(last))
        )
    between = sentence.text[index + 1 : target_at]
    return bool(
        _TARGET_BESIDE.fullmatch(between)
        or _OF_THAT_TARGET.search(between)
        or re.match(
            r"(?:以上|以下)?[，,（(]?(?:超额|已|圆满|高于|超过|低于|优于|好于|完成|达到|控制在|实现|较好|未达到?|未完成|不及)",
            between,
        )
    )


def _listed(scene: Scene, sentence: Sentence, project: str | None, category: str | None, paired: bool) -> None:
    """Targets (年初指标：…) matched in order with what was done (实际…); `paired` where some have their results already."""
    targets, actuals = _collect(scene, sentence, paired)
    for target in targets:
        actual = next((a for a in actuals if _alike(a, target)), None)
        if actual is not None:
            actuals.remove(actual)
        own = category_of(scene, sentence, target.at) or category
        _add(scene, project, own, target, actual.quantity if actual else None)


def _add(scene: Scene, project: str | None, category: str | None, target: _Value, actual: Quantity | None) -> None:
    scene.add(
        IndicatorResult,
        project=project,
        category=category,
        indicator=scene.printed(target.label),
        target=target.quantity,
        target_operator=target.operator,
        actual=actual,
        actual_operator=OPERATORS.get(actual.bound) if actual and actual.bound else None,
    )


def _collect(scene: Scene, sentence: Sentence, paired: bool) -> tuple[list[_Value], list[_Value]]:
    """Targets of the sentence, and actual values of it and of the rest of its line."""
    targets: list[_Value] = []
    actuals: list[_Value] = []
    saved = False
    to_come = scene.setting.budget and not _REACHED_ALREADY.search(sentence.text)
    first = min((index for index, each in sentence.quantities.items() if each.kind is not QuantityKind.DATE), default=0)
    stage = "target" if not paired and _STATES_TARGETS.search(sentence.text[:first]) else ""
    line = [s for s in scene.encoded.by_paragraph[sentence.paragraph] if s.at[0] >= sentence.at[0]]
    for part in line:
        for lead, index, quantity in leads(scene, part):
            if was_before(scene, part, index):
                continue
            if stage == "target" and not to_come and re.search("实际|达到", part.text[:index]):
                stage = "actual"  # told of other indicators of the sentence, whose figures are taken
            saved = saved or bool(re.search(r"节约|结余", lead))
            lead = re.split("[；;]", lead)[-1]
            if not to_come and _ACTUAL.search(lead) and "指标" not in lead:
                stage = "actual"
            elif _TARGET.search(lead):
                stage = "target"
            if saved or not stage or COUNTS_INDICATORS.search(lead) or _NO_VALUE.search(lead):
                continue
            label = label_moved(part, lead, index) or label_of_indicator(lead) or behind(part, index)
            found = _Value.told(label, quantity, lead, index)
            if stage == "target" and part is sentence:
                targets.append(found)
            elif stage == "actual":
                actuals.append(found)
    return targets, actuals


def _alike(actual: _Value, target: _Value) -> bool:
    same_kind = actual.quantity.kind is target.quantity.kind and actual.quantity.id != target.quantity.id
    return same_kind and (
        actual.quantity.kind is not QuantityKind.COUNT or actual.quantity.unit == target.quantity.unit
    )
