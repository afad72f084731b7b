"""Overall figures of performance management, and counts of projects."""

import re
from dataclasses import dataclass, field
from typing import Any

from extractor.reading.rules.encode import COUNT, MONEY, PERCENT, Sentence
from extractor.reading.rules.forms import FIGURES, STOP
from extractor.reading.rules.leads import FARTHEST
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.statements import Statement
from schemas.performance import PerformanceOverview, ProjectCount, ProjectItem, RatingCount
from schemas.quantities import Quantity, QuantityKind

_STAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ex_ante", re.compile(r"事前(?:绩效)?评估|事前评价")),
    ("monitoring", re.compile(r"监控|跟踪|运行监测")),
    ("self_evaluation", re.compile(r"自评|自我评价")),
    (
        "evaluation",
        re.compile(
            r"(?:重点|部门|财政|绩效|事后|第三方|项目支出)评价|评价项目|实施.{0,4}评价|开展.{0,8}评价|再评价|抽评"
        ),
    ),
    ("target_setting", re.compile(r"绩效目标|目标管理|纳入[^，。；]{0,6}绩效管理|绩效指标|目标设[置定]|目标编[制报]")),
    ("execution", re.compile(r"预算执行|项目执行|执行结果|决算执行|年初预算(?:项目)?|项目绩效分析|执行(?:总体)?进度")),
)
_RATING = r"优秀|良好|优|良|中等|中|及格|合格|较差|差|不合格|一般|达标|未达标"
_RATED_BEFORE = re.compile(
    rf"(?:等级|评级|等次|结果|结论|评为|评定|级别|档次|为|是)?[为：:（(]?[“\"'‘]?(?P<rating>{_RATING})[”\"'’）)]?(?:等级|等次|级|档|的)?(?:的)?(?:项目)?(?:有|共|数量?|为|：|:)*$"
)
_RATED_AFTER = re.compile(
    rf"^(?:的)?(?:项目)?(?:被)?(?:(?:自评|评价|绩效)*(?:评为|评定为|评价为|(?:等级|结果|结论|等次)(?:为|是)|为)[“\"]?|[“\"])(?P<rating>{_RATING})[”\"]?"
)
_RATING_SAID = re.compile(
    rf"(?:等级|评级|等次|结果|结论|评价|评定|级别)(?:均|都|全部|综合)?(?:评定)?(?:结果)?(?:均|都)?(?:为|是|：|:)[“\"'‘]?(?P<rating>{_RATING})[”\"'’]?(?=[，。；,;])"
)
_PROJECT = re.compile(r"项目|专项|评价|自评|绩效目标|监控|政策|评估|绩效|子项")
_INDICATORS = re.compile(r"(?:^|绩效|级)指标(?:共|有|为)?(?:$|[，。；])|^(?:[一二三四]级)?指标")
"""设置部门整体支出绩效指标26项: indicators, not projects."""
_ISSUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("issues_open", re.compile(r"未整改|尚未|尚在|正在整改|未完成整改|待整改")),
    ("issues_fixed", re.compile(r"已(?:完成)?整改|完成整改|整改完成|整改到位")),
)
_CATEGORY = re.compile(
    r"(?P<category>[\u4e00-\u9fff]{1,8}程序|常年项目|阶段(?:（一次性）)?(?:性)?项目|[一二三]级项目|经常性项目|一次性项目|部门整体(?:支出)?|"
    r"年初预算项目|年末决算执行项目|年初预算|年末决算执行|重点项目|特定目标类项目|其他运转类项目|人员类项目|专项资金|转移支付|政府性基金|一般公共预算)"
)
_WHOLE_BODY = re.compile("部门整体(?:支出)?")
_BUDGETED = re.compile(r"预算$|(?<!四本)(?<!公共)(?<!基金)预算(?:总)?(?:金额|资金|数|额|总额)|涉及(?:财政)?预算|批复")
"""四本预算资金 is money of all four budgets, not what was budgeted."""
_ONE_BUDGET = re.compile(r"(?:一般公共预算|政府性基金|国有资本经营)(?:预算)?(?:当年|本年)?(?:财政)?(?:拨款|资金|支出)?")
_SPENT = re.compile("(?:[，,]|(?=实际|累计))(?:实际|累计|全年|本年)*(?:支出|执行)(?:数|金额|资金)?为?")
_EXECUTED = re.compile(
    f"(?P<budget_amount>{MONEY})[，,][^，。；]{{0,6}}(?:支出|执行)[^，。；]{{0,6}}(?P<amount>{MONEY})[，,][^，。；]{{0,10}}(?P<completion>{PERCENT})"
)
_OF_ITS_OWN = re.compile(r"控制在|三公|接待|出国|公务用车|采购|公用经费|运行经费|资产|撬动|带动|社会资[金本]")
_WHOLE = re.compile(r"[，,（(]?占(?:全部|部门|本部门|本单位|单位|所有)?\S{0,8}项目(?:总数)?$")
_TRANSFERS = re.compile(r"转移支付(?:项目|资金|预算|安排)*(?:情况)?(?:说明)?$")
_PLACES = re.compile("[区县市州旗乡镇]")
_LONGEST_CLAUSE = 60
_UNITS = ("个", "项", "户", "家", "支", "条")
_BODIES = ("户", "家")
_NO_PROJECT = re.compile("制度|办法|措施|指标|文件|规定|会议|问题")
"""Behind a count of something else than projects: 修订专项资金管理办法等5项制度."""
_OF_THINGS = re.compile(
    "[\u4e00-\u9fff]{0,6}(?:机构|村|社区|学校|中心|企业|基地|平台|点|站|所|园|县|乡镇|小区|街道|家庭)"
)
_ANNOUNCED = re.compile("项目[^，。；]{0,16}(?:如下|公[开示布])")
"""现将其中4个项目的自评情况公开如下: how many are shown, not how many were evaluated."""
_OTHER_WORK = re.compile("[^，。；]{0,4}单位[^，。；绩项]{0,8}(?:检查|培训|盘点|审计|巡察|调研)")
_REST = re.compile("(?:其余|剩余|余下|还有|另有|尚有|仍有)的?$")
"""Before the issues that are still open, behind those found: 发现问题5个，已整改4个，其余1个…."""
_FINDS = re.compile("发现|存在|反映|指出")
_OF_COUNTED = re.compile(
    "[，,]?(?:共|合计|当年|年度)*(?:财政|项目)?(?:拨款|预算|资金)(?:拨款|预算|安排)*(?:共计?|合计|为)?"
)
"""全面实施绩效目标管理，共涉及项目12个，财政拨款预算1.35亿元: money told beside the count of projects is theirs."""
_COVERED = re.compile("覆盖[率面](?:达到?|为)?$")
_SOME = rf"[^绩评{STOP}{FIGURES}]{{0,8}}(?:项目|专项)"
_PROJECT_TOTAL = re.compile(
    rf"(?:安排|实施|批复|下达)了?(?P<before>{_SOME})?(?:共计?|有|数为|为)?(?P<count>{COUNT})(?P<behind>{_SOME})?[，、]"
    rf"(?:用于[^{STOP}{FIGURES}]{{0,16}}的?)?(?:项目|涉及|共|合?计|总计|总?金额|总额|总投资|资金|预算|经费|支出|为)*(?P<amount>{MONEY})"
)
"""共安排项目11个，金额733.40万元; projects under evaluation are told of otherwise."""


@dataclass
class _State:
    stage: str | None = None
    category: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    paragraph: int = -1
    parted: int = -1  # the sentence whose parts are told
    whole: int = -1  # the sentence that counts all projects beside some of them
    counted: int = -1  # the sentence that counts projects
    involved: int = -1  # the sentence that says what money is involved


def bind_performance(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """PerformanceOverview, RatingCount and listed projects; returns the statements about something else."""
    state = _State(stage=_stage(scene.title))
    rest: list[Statement] = []
    for statement in statements:
        if statement.paragraph != state.paragraph:
            _flush(scene, state)
            state.paragraph = statement.paragraph
            state.category = _category_of(scene.topics[statement.paragraph] or scene.line(statement.paragraph)[:24])
        words = statement.lead
        told = statement.figure is not None or statement.share
        stage = _stage_near(scene, words, statement) if told else None
        if told and stage is None and state.stage is None:
            state.stage = _stage(_sentence_before(scene, statement))
        if stage is not None and stage != state.stage:
            if any(isinstance(value, Quantity) for value in state.values.values()):
                _flush(scene, state)
            state.stage = stage
        if not _overview(scene, statement, state):
            rest.append(statement)
        _said_rating(scene, statement, state)
    _flush(scene, state)
    return rest


def _stage_near(scene: Scene, words: str, statement: Statement) -> str | None:
    """选取3个项目开展绩效监控: the clause behind a count says its stage, else the words before it do."""
    at = scene.passage.spans[statement.figure.id][1] if statement.figure is not None else 0
    behind = re.split(r"[，,。；;]", scene.passage.text[at : at + _LONGEST_CLAUSE])[0]
    counted = statement.figure is not None and statement.figure.kind is QuantityKind.COUNT
    if counted and _issues(statement.chunk or words, statement.after):  # 自评中发现绩效指标不够量化等问题5个
        return _stage(_FINDS.split(statement.chunk)[0]) or _stage(_FINDS.split(words)[0])
    return (_stage(behind) if counted else None) or _stage(statement.chunk) or _stage(words)


def _sentence_before(scene: Scene, statement: Statement) -> str:
    """The words of a statement's sentence before its figure: 对项目支出开展绩效自评，其中，一级项目2个."""
    sentence = scene.encoded.sentences[statement.sentence]
    at = next((index for index, each in sentence.quantities.items() if each is statement.figure), 0)
    return sentence.text[max(0, at - FARTHEST) : at]


def _stage(words: str) -> str | None:
    """The stage that words name last."""
    found: tuple[int, str] | None = None
    for stage, pattern in _STAGES:
        for match in pattern.finditer(words):
            if found is None or match.start() > found[0]:
                found = (match.start(), stage)
    return found[1] if found else None


def _category_of(words: str) -> str | None:
    match = _CATEGORY.search(words)
    return match["category"] if match and match["category"] not in ("一般公共预算", "政府性基金") else None


def _overview(scene: Scene, statement: Statement, state: _State) -> bool:
    figure = statement.figure
    used = False
    if figure is not None:
        if figure.kind is QuantityKind.COUNT and _WHOLE.match(statement.chunk):
            scene.leave(figure)  # 占全部预算项目117个的100%
            state.whole = statement.sentence
            return True
        if figure.kind is QuantityKind.PERCENT and statement.sentence == state.whole and statement.lead == "的":
            _put(scene, state, "projects_share", figure, statement)
            return True
        if figure.kind is QuantityKind.PERCENT and "projects" in state.values and _COVERED.search(statement.lead):
            state.values.setdefault("projects_share", figure)  # 全部纳入绩效自评，自评覆盖率100%
            return True
        name = _field(statement, figure, statement.sentence == state.involved, "budget_amount" in state.values)
        if name == "budget_amount" and statement.initial is not None:
            name = "amount"  # 项目支出全年预算数X，全年执行数Y
        if name is None and figure.kind is QuantityKind.MONEY and state.counted == statement.sentence:
            beside = _OF_COUNTED.fullmatch(statement.chunk)
            name = "budget_amount" if beside and "预算" in beside.group() else "amount" if beside else None
        if name == "projects":
            state.counted = statement.sentence
        if figure.kind is QuantityKind.COUNT and "issues_found" in state.values and _REST.search(statement.chunk):
            name = "issues_open"
        if name == "rating_count":
            rated = (
                _RATED_AFTER.match(statement.after)
                or _RATED_BEFORE.search(statement.chunk.rstrip("项目有共数量为：:"))
                or _RATED_BEFORE.search(statement.lead.rstrip("，,项目有共数量为：:"))
            )
            rating = rated["rating"] if rated else None
            if rating:
                scene.add(RatingCount, rating=rating, count=figure)
                return True
        elif name is not None:
            if name == "amount":
                state.involved = statement.sentence
            _put(scene, state, name, figure, statement)
            used = True
    if statement.initial is not None and state.values and "budget_amount" not in state.values:
        state.values["budget_amount"] = statement.initial
        used = True
    for name, rate in (("projects_share", statement.share), ("completion", statement.completion)):
        if rate is not None and state.values and name not in state.values and "满意" not in statement.chunk:
            state.values[name] = rate
            used = True
    return used


def _field(statement: Statement, figure: Quantity, involved: bool, budgeted: bool) -> str | None:
    before, after = statement.chunk, statement.after
    words = before or statement.lead
    rated = re.split("[；;。]", statement.lead)[-1].rstrip("，,项目有共数量为：:")  # 80分至90分为“良”，共3个
    if figure.kind is QuantityKind.SCORE:
        return "average_score" if re.search(r"平均", words) else None
    if figure.kind is QuantityKind.MONEY:
        if (statement.part or involved) and (_ONE_BUDGET.fullmatch(statement.label) or _is_nature(statement, involved)):
            return "amount"
        if budgeted and _SPENT.fullmatch(words):
            return "amount"  # 年初预算4138万元，实际支出3672万元，执行率88.74%
        if _OF_ITS_OWN.search(words) or not re.search(
            r"涉及|金额|资金|项目|预算(?:数|总额)|决算数|执行数|^[，,]?共?计?$", words
        ):
            return None
        return "budget_amount" if _BUDGETED.search(words) and "决算" not in words and "拨款" not in words else "amount"
    if figure.kind is not QuantityKind.COUNT or figure.unit not in _UNITS:
        return None
    issues = _issues(words, after)
    if issues is not None:
        return issues
    if re.search(r"结余率", statement.lead) or re.search(r"结余率", words):
        return "excess_surplus_projects"
    if (
        _RATED_AFTER.match(after)
        or _RATED_BEFORE.search(before.rstrip("项目有共数量为：:"))
        or re.search(rf"[“\"](?:{_RATING})[”\"]的?(?:项目)?(?:有|共)?$", before)
        or re.search(rf"为[“\"]?(?:{_RATING})[”\"]?$", rated)
    ):
        return "rating_count"
    if _OTHER_WORK.match(after):
        return None
    if re.match(r"(?:预算|所属|下属|二级|基层)?(?:预算)?单位", after) or re.search(r"单位$", before):
        return "units"
    if _INDICATORS.search(before) or _INDICATORS.match(after):
        return None
    if figure.unit in _BODIES or _ANNOUNCED.match(after) or _NO_PROJECT.match(after):
        return None
    if _PROJECT.search(words + after[:10]) or (not before and not _OF_THINGS.match(after)):
        return "projects"
    return None


def _issues(words: str, after: str) -> str | None:
    """Which field of issues a count fills: 未整改2项, 已整改5个, 发现问题7个."""
    if re.match(r"(?:正在|尚未|未|列入)(?:完成)?整改", after):  # 另有1个正在整改
        return "issues_open"
    for name, pattern in _ISSUES:
        if pattern.search(words):
            return name
    found = after.startswith("问题") or re.search("(?:发现|存在|指出|反映|查出)[^：:]*问题[^：:]*$", words)
    return "issues_found" if found else None


def _is_nature(statement: Statement, involved: bool) -> bool:
    """…绩效目标的金额为X，其中，基本支出Y，项目支出Z: what the money before is made up of."""
    return involved and statement.part and statement.label in ("基本支出", "项目支出")


def _put(scene: Scene, state: _State, name: str, figure: Quantity, statement: Statement) -> None:
    if name == "amount" and "budget_amount" not in state.values and re.match("[，,]执行", statement.chunk):
        state.values["budget_amount"] = state.values.pop("amount", None)  # 涉及资金6466万元，…，执行数为6234万元
    category = _category_of(statement.chunk)
    parts = _ONE_BUDGET.fullmatch(statement.label) or _is_nature(statement, statement.sentence == state.involved)
    if name == "amount" and "amount" in state.values and parts:
        _flush(scene, state)
        state.category, state.parted = statement.label, statement.sentence
    restarts = (
        state.parted not in (-1, statement.sentence)
        or name in state.values
        or (name == "projects" and state.values and (statement.part or category or "；" in statement.lead))
    )
    if restarts:
        _flush(scene, state)
    whole = _WHOLE_BODY.match(statement.after) if name == "projects" else _WHOLE_BODY.search(statement.lead)
    if whole and not state.values and name in ("projects", "amount"):
        state.category = whole.group()  # 开展1项部门整体支出绩效自评价
    if category is not None and name == "projects":
        state.category = category
    state.values[name] = figure


def _said_rating(scene: Scene, statement: Statement, state: _State) -> None:
    if not state.values:
        return
    if statement.figure is None:
        return
    at = scene.passage.spans[statement.figure.id][1]
    behind = re.split("。|其中|得分(?:分别|依次)", scene.passage.text[at : at + 60])[0] + "。"
    match = _RATING_SAID.search(behind)
    if match and "rating" not in state.values:
        state.values["rating"] = match["rating"]


def _flush(scene: Scene, state: _State) -> None:
    values = {
        name: value for name, value in state.values.items() if not isinstance(value, Quantity) or scene.free(value)
    }
    if any(isinstance(value, Quantity) for value in values.values()):
        scene.add(PerformanceOverview, stage=state.stage, category=scene.printed(state.category), **values)
    state.values = {}
    state.category = None
    state.parted = -1


def bind_whole(scene: Scene, sentence: Sentence, category: str | None) -> bool:
    """PerformanceOverview of the body's whole budget and how much of it was spent, where that is all a sentence tells
    (部门整体支出全年预算数X，执行数Y，执行率99%)."""
    match = _EXECUTED.search(sentence.text)
    if match is None or len(sentence.places((0, len(sentence.text)), MONEY + PERCENT)) != 3:
        return False
    values = {name: sentence.quantities[match.start(name)] for name in match.groupdict()}
    told = scene.add(PerformanceOverview, stage="execution", category=scene.printed(category), **values)
    return told is not None


def bind_transfers(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """How many transfers with which total, under a title that names them (对县转移支付情况); returns the statements elsewhere."""
    told = [s for s in statements if _TRANSFERS.search(scene.topics[s.paragraph] or scene.title)]
    bind_projects(scene, told)
    return [s for s in statements if s not in told]


def bind_project_totals(scene: Scene) -> None:
    """共安排项目11个，金额733.40万元: how many projects with which total, wherever a sentence tells the two side by side."""
    for sentence in scene.encoded.sentences:
        for match in _PROJECT_TOTAL.finditer(sentence.text):
            count, amount = (sentence.quantities[match.start(name)] for name in ("count", "amount"))
            label = match["before"] or match["behind"]
            if label and scene.free(count) is not None and scene.free(amount) is not None:
                scene.add(ProjectCount, label=scene.printed(label), count=count, amount=amount)


def bind_projects(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """How many projects with which total (共批复…项目预算35项，总额…), and projects listed with an amount."""
    rest: list[Statement] = []
    for statement in statements:
        figure = statement.figure
        last = scene.records[-1] if scene.records else None
        if figure is None:
            rest.append(statement)
        elif figure.kind is QuantityKind.COUNT and figure.unit in ("个", "项") and not _PLACES.match(statement.after):
            label = _project_label(statement) or (
                statement.after[:4].rstrip("，。；,") if statement.after.startswith("项目") else ""
            )
            scene.add(ProjectCount, label=scene.printed(label), count=figure)
        elif (
            figure.kind is QuantityKind.MONEY
            and isinstance(last, ProjectCount)
            and last.amount is None
            and not statement.part
        ):
            scene.give("amount", figure)
        elif (
            figure.kind is QuantityKind.MONEY
            and isinstance(last, ProjectCount)
            and re.search(r"拨款|资金|预算|收入", statement.label)
        ):
            label = re.sub(r"^其中[：:]?", "", statement.chunk).strip("：:，,")
            scene.add(ProjectCount, label=scene.printed(label), amount=figure)
        elif figure.kind is QuantityKind.MONEY and re.search(
            r"项目支出|支出预算|合计|总计|拨款|的经费支出$", statement.label or statement.chunk
        ):
            rest.append(statement)
        elif figure.kind is QuantityKind.MONEY and scene.printed(statement.label):
            scene.add(ProjectItem, name=statement.label, amount=figure)
        else:
            rest.append(statement)
    return rest


def _project_label(statement: Statement) -> str:
    words = re.sub(r"^(?:Ⓓ|年度?|共|批复|安排|实施|纳入|编报|申报|本部门|本单位|部门|其中|，|：)+", "", statement.chunk)
    words = re.sub(r"(?:共计|共|有|为|：|:|，)+$", "", words)
    return re.sub(r"(?<=[^共]{4})共(?:安排|实施|编报|批复)项目$", "", words)
