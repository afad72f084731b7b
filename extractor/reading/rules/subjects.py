"""Which project a report, a section or a paragraph speaks of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from extractor.documents.headings import NUMBERED_PROJECT, REPORT_TITLE, ends_as_title
from extractor.documents.numbering import marker_of
from extractor.reading.routing import SectionKind
from extractor.reading.rules.encode import COUNT, DATE, MONEY, PERCENT, SCORE, Sentence
from extractor.reading.rules.forms import FIGURES
from extractor.reading.rules.scene import Scene

_TITLE_LEAD = re.compile(
    r"^(?:[^“”，。]{2,24}?关于|[^年“”，。]{2,24}?(?:省|市|县|区|旗|州|局|委|厅|部|院|校|中心|会|政府|办|镇|乡|街道)(?=(?:19|20)\d\d\s*年)|关于|第[一二三四五六七八九十]+部分\s*(?:附件|附录|附表)?|(?:19|20)\d\d(?:年?[-—–~～至到](?:19|20)\d\d)?\s*年度?|附件\d*[:：]?|[一二三四五六七八九十]+[、.]|[（(][一二三四五六七八九十]+[)）]|\d+[.、．]|[（(]\d+[)）]|项目\d*[：:])+"
)
_KIND = r"(?:专项预算|专项(?=项目)|部门预算|部门(?=项目))?"
_REPORT_TITLE = re.compile(
    rf"^[“\"]?(?P<project>.+?)[”\"]?(?:{_KIND}(?:项目)?(?:支出)?(?:部门)?的?(?:{REPORT_TITLE})|项目经费(?:支出)?情况说明)$"
)
_ABRIDGED = re.compile(r"[（(](?:摘要|节选|简版|简本)[)）]$")
_REPORT_ON = re.compile(rf"^(?:项目|专项)(?:支出)?(?:{REPORT_TITLE})[：:](?P<project>[^：:]{{4,40}})$")
"""项目支出绩效自评报告：2020年高标准农田建设项目."""
_WHOLE_NAMED = re.compile(r"(?:部门|单位)整体支出")
_WHOLE_BODY = re.compile(r"部门(?:整体|预算)|整体(?:支出|绩效)|单位整体")
_NAME = r"[“\"]?(?P<project>(?:[^，。；：:“”\"]|“[^“”]+”){3,40}?)[”\"]?"
_NO_FUND = "(?!.{0,30}(?:经费|资产|资金|采购|收入|支出|三公|总额|合计|基金|拨款))"
_OPENINGS = (
    re.compile(
        rf"^{_NAME}{_KIND}项目(?:支出)?(?:的)?(?:年度)?(?:部门|财政|重点|绩效)*(?:自评|评价)(?:综述|情况|结果|得分)"
    ),
    re.compile(
        rf"^{_NAME}{_KIND}项目[，,：:]?(?:全年|年初|年度|调整后|总)?(?:预算数|预算安排|资金量|资金总额|安排资金)"
    ),
    re.compile(
        rf"^{_NAME}(?:项目)?(?:财政|部门)?(?:重点|绩效)*(?<!效)(?:自评|评价)(?:综述|情况|结果|得分)[。：:](?=(?:该|本)项目)"
    ),
    re.compile(rf"^以{_NAME}项目为例"),
    re.compile(rf"^{_NAME}项目由[^，。；：]{{2,40}}(?:开展|实施|进行)[^，。；：]{{0,8}}评价"),
    re.compile(r"^项目名称[：:]\s?(?P<project>[^，。；：]{4,40}?)(?:项目)?$"),
    re.compile(r"^[“\"](?P<project>[^“”\"，。；]{4,40})[”\"]项目[。：:]?$"),
    re.compile(
        rf"^{_NAME}项目(?:总投资|安排|预算|(?:共计?|实际|累计|全年)(?:投入|安排|支出|下达|到位)(?:财政|专项)*(?:资金|经费)?(?:共计?|为)?)"
        r"(?=\s?[\d.,]+\s?[万亿])"
    ),  # 干部教育培训项目安排560万元，年度目标…; 慰问补助项目共投入资金120万元
    re.compile(
        rf"^{_NAME}项目[。：:，,](?=[^。]*(?:预算|执行|支出|资金|得分|总投资|安排))"
    ),  # 2.川剧惠民演出项目。全年预算160万元，…
)
_ANNOUNCED = re.compile(r"^项目(?:支出)?(?:绩效)?(?:自评|评价)(?:结果|情况)。(?=.)")
"""2.项目绩效自评结果。办案业务经费项目自评综述：…: before the first of the projects announced, on its line."""
_NUMBERED = re.compile(r"项目[一二三四五六七八九十\d]{1,2}[：:、．.\s](?P<project>[^，,。；;：:\d]{4,40})")
"""项目一：高校毕业生就业创业专项资金，2023年安排2430万元。"""
_PLANNED_WITH = re.compile(
    rf"^{_NO_FUND}(?P<project>[\u4e00-\u9fff（）]{{4,30}})\s?[\d.,]+\s?[万亿]?元[，,](?=计划|年度目标|[^，。；、]{{0,20}}\d)"
)
"""Where a budget lists what it manages by targets: 藏药浴中心设备购置120万元，计划2018年9月底前完成安装."""
_QUOTED = re.compile(
    rf"(?:(?<![^，；：。])[“\"](?P<project>[^“”\"，。；：{FIGURES}]{{4,40}})[”\"](?:专项)?(?:项目)?"
    rf"|[“\"](?P<named>[^“”\"，。；：{FIGURES}]{{4,40}})[”\"]项目(?:开展|实施)?(?:重点|绩效|财政)*(?:评价)?[，,])(?=[^，。；：{FIGURES}“”]{{0,14}}[{MONEY}{SCORE}])"
)
_OPENS = re.compile(
    rf"(?:[一二三四]是)?(?:其中[：:，,]?|[^，。；]{{0,40}}如下[：:])?(?![一二三四]是)(?P<project>[\u4e00-\u9fff（）][\u4e00-\u9fff（）“”]{{3,30}}?)项目(?:(?:年初|全年|年度|调整后?)?(?:预算|安排|概算|总投资|资金)(?:数|资金|金额)?(?:为)?{MONEY}|[^，。；{MONEY}]{{0,10}}[，,]?(?:预算)?执行率(?:只有|仅有|仅|为)*{PERCENT})"
)
_NUMBERED_ISSUE = re.compile("[一二三四]是")
_ISSUE_ENDS = re.compile("[；;]")
_EVALUATED = re.compile(
    r"对(?:我[局委院校办]|本单位|本部门)?(?:Ⓓ[-—–~～至到])?(?:Ⓓ)?[“\"]?(?P<project>[^，。；“”\"对ⓂⒸ]{4,40}?)[”\"]?(?:项目|(?<=工程)|(?<=专项资金)|(?<=补助资金))(?:支出)?(?:开展|进行|实施)(?:了)?[^，。；,;]{0,8}?评价"
)
"""…对高标准农田建设项目开展部门评价。项目批复总投资…: what follows is about that project."""
_FUND_PLAN = re.compile(r"资金的?(?:使用|安排)(?:计划|方案)")
_THE_SAME = re.compile(r"(?:[（(]?[\d一二三四五六七八九十]+[)）]?[.、．]?)?(?:该|本)项目|评价(?:发现|认为|指出)")
_NAMED_AS = re.compile(
    rf"[^，。；：{FIGURES}]{{0,30}}?(?:项目|专项|资金)(?:名称)?[为是][“\"]?(?P<project>[\u4e00-\u9fff（）]{{4,30}}?)[”\"]?(?:专项|项目)?[，,]"
    rf"(?=(?:{DATE})?(?:年度|当年|全年|本年)?(?:安排|预算|投入|总投资|下达)[^，。；{FIGURES}]{{0,6}}{MONEY})"
)
"""本部门重点管理的专项资金为山洪灾害防治专项，2024年安排45万元: what follows is about that project."""
_COUNTED_AGAIN = re.compile(f"{COUNT}项目|项目(?:共|有|数|为)*{COUNT}")
"""…。全年共对32个项目开展自评: a sentence that counts projects speaks no longer of the one before."""
_AMONG = re.compile(
    rf"其中[：:，,]?{_NO_FUND}(?P<project>[\u4e00-\u9fff（）]{{4,30}}?)(?:{DATE})?(?:总投资|年度预算|预算安排|预算|安排)?{MONEY}[，,](?=计划|(?:年度|总体|绩效)+目标|{DATE}|[^，。；、]{{0,20}}[{COUNT}{PERCENT}])"
)
"""…绩效目标管理的项目3个，涉及资金210万元。其中：藏药浴中心设备购置120万元，计划…"""
_EXAMPLE = re.compile(r"(?:其中[，,])?以[“\"]?(?P<project>[^，。；：“”\"]{4,40}?)[”\"]?项目为例")
"""…涉及预算资金210万元。以基层医疗服务补助项目为例，主要绩效指标为：…"""
_NOT_A_PROJECT = re.compile(
    r"部门|单位|决算|预算|评价|自评|整体|财政|重点(?:支出|资金|$)|所有|全部|^(?:其中)?(?:各|本|该|我|其他|年度)|项目$|开展|^组织|组织(?:实施|开展|对)|个$"
)
_ONE_PROJECT = re.compile(r"全年预算数|执行数为|(?:本|该)项目(?:全年|年初|资金|预算|自评|绩效)")
_COUNTED_PROJECTS = re.compile(r"\d\s?[个项](?:[^，。；]{0,6})?项目|项目(?:共|有|为|数)*\s?\d+\s?[个项]")
_SEVERAL_PROJECTS = re.compile(r"\d\s?[个项]项目的?[^，。；]{0,8}平均|上述(?:各)?项目")
_OF_WHOLE = re.compile(r"(?:部门|单位)整体(?:支出)?|整体支出|整体预算")
_EXECUTED = re.compile(
    rf"预算[^，。；{FIGURES}]{{0,6}}{MONEY}.*(?:支出|执行|支付)[^，。；{FIGURES}]{{0,6}}{MONEY}.*(?:执行率|完成率|完成预算)"
)
_PROGRESS = re.compile(rf"(?:季度|半年)[^，。；]{{0,8}}进度[^，。；]{{0,4}}{PERCENT}")
_NARROWER = re.compile(r"基本支出|项目支出|三公|公用经费|人员经费|专项|收入")
_OF_PROJECTS = re.compile(
    r"项目(?:支出)?(?:绩效)?(?:自评|评价|支出情况|组织实施|实施情况|绩效情况|完成情况|使用情况)|项目(?:安排|绩效目标)?情况(?:说明)?$"
    r"|项目(?:支出)?(?:预算|年度|绩效|总体)*目标(?:设[定置])?(?:情况)?(?:说明)?$"
)
_ITEM = re.compile(r"(?P<project>[“”\u4e00-\u9fff（）、—-]{4,30})[。：:](?=[^。]*\d)")
"""A numbered line under such a title: 1、实训设备购置。采用公开招标方式采购，…"""
_TOLD_OF_MONEY = re.compile(r"[。：:][^。]{0,60}?(?:资金|预算|投入|安排|经费)[^，。；\d]{0,8}\d[\d.,]*\s?[万亿]?元")
"""Behind the name of a project among those that a budget counts: 审判法庭维修。为解决…问题，计划投入96万元."""
_TOGETHER = re.compile(
    r"(?P<project>[“”\u4e00-\u9fff（）、]{6,60}?)(?:等)?(?:[两二三四五六]个|\d个)项目(?=[，,]?(?:预算)?(?:分别|依次|各))"
)
"""5.困难学生补助、教师生活补贴两个项目分别安排120万元和80万元: projects that a numbered line names in one."""
_PART_OF_REPORT = re.compile(
    "(?:项目)?(?:基本|资金|绩效|组织|实施|管理|评价|完成|使用|支出|立项|产出|效益|过程|目标|主要|存在|的|和|及|与|、|到位)*"
    "(?:情况|概况|概述|背景|简介|结果|结论|问题|建议|做法|成效|措施)[。：:]"
)
"""1.项目基本情况。养老服务项目总投资680万元，…: a numbered line that tells a part of what a report has to tell of a project."""
_LISTS_TARGETS = re.compile(r"项目的?(?:支出)?(?:年度|绩效)*目标(?:设[定置])?(?:情况)?(?:如下)?[：:]$")
_FUNDED = re.compile(
    r"(?!.{0,30}(?:拨款|收入|支出|合计|总额|预算|三公|运行经费|公用经费|采购|车辆|资产|基金))(?P<project>[“”\u4e00-\u9fff（）]{4,30})\s?[\d.,]+\s?[万亿]?元[，,。]"
)
"""1.审计外勤经费60万元，…: under a number among the projects of a budget."""
_MANAGEMENT = re.compile(
    r"^(?:加强|完善|规范|做好|强化|健全|严格|落实|压实|夯实)[^，。]{0,6}(?:绩效|预算|制度|支出|资产|监[控督管]|自评|责任)|(?:情况|组织|管理|程序|制度|监督|落实|使用|概况|依据|做法|成效|实施|问题|招投标|验收|效益|产出|指标|目标|满意度|结论|结果|措施|建议)[”]?$"
)
_OVERALL = re.compile(
    r"^(?:我|本|全)(?:部门|单位|局|委|院|校|镇|街道|系统|市|区|县)|整体支出|部门整体|^(?:年度)?整体(?:绩效)?目标"
)

_KEY_PROJECTS = re.compile(r"重[点大]项目|主要项目|项目(?:绩效目标|具体)?情况?如下")
_KEY_PROJECT = re.compile(
    r"(?:^|[。：:；]|(?<=[)）.、．]))\s*(?:其中[：:，]?)?(?:重点项目[一二三四五六七八九十\d]*[：:、.．])?"
    r"(?P<project>[“”\u4e00-\u9fff（）、]{4,30}?)(?:项目)?[，。：:]?\s*"
    r"(?=(?:总投资|(?:年度|全年|当年|本年)?预算|(?:(?:19|20)\d\d\s?年)?安排|使用)[^，。；\d]{0,12}\d[\d.,]*\s?[万亿]?元)"
)
"""Where a list of key projects names one, before the money that is planned for it."""


@dataclass(frozen=True)
class Report:
    """What a report evaluates: a project or a whole body, by name as the report's title prints it."""

    name: str | None
    whole_body: bool


@lru_cache(maxsize=4096)  # asked for several times a section
def report_of(path: tuple[str, ...]) -> Report | None:
    """The report that a section belongs to, by the report's title; None outside reports."""
    project = None
    for title in reversed(path):
        words = _ABRIDGED.sub("", _TITLE_LEAD.sub("", title))
        project = project or NUMBERED_PROJECT.fullmatch(title)
        match = _REPORT_ON.match(words) or _REPORT_TITLE.match(words)
        if match:
            if project is not None:
                return Report(project["project"], False)
            whole = _WHOLE_NAMED.search(title)
            name = whole.group() if whole else match["project"].strip("“”")
            return Report(name if len(name) >= 3 else None, bool(_WHOLE_BODY.search(title)))
    return None


def projects_of(scene: Scene) -> list[tuple[str | None, set[int]]]:
    """The projects that a passage about many speaks of one after the other, each with the numbers of its lines.

    A project is named where a line or the section's title opens with it (…项目绩效自评综述：…); the lines that
    follow go on about it up to a line numbered alike. A line that states one project's budget and spending
    without its name makes a project of unknown name.
    """
    path = scene.passage.section.path
    whole = _named(path[-1]) or _titled(path) if path else None
    found: list[tuple[str | None, set[int]]] = [(whole, set())] if whole else []
    of_projects = bool(path) and bool(_OF_PROJECTS.search(path[-1]))
    counted = scene.setting.budget and scene.passage.kind == SectionKind.PERFORMANCE
    counted = counted and bool(_COUNTED_PROJECTS.search(scene.passage.text))
    level: int | None = None
    parted = False
    open_ = whole is not None
    for number, line in enumerate(scene.passage.text.split("\n")):
        marker = marker_of(line)
        named = _named(line)
        if named is None and scene.setting.budget:
            named = _opened(_PLANNED_WITH, _TITLE_LEAD.sub("", line))
        words = line[marker.length :] if marker is not None else ""
        if (
            marker is not None and not number and not whole
        ):  # （二）环卫保洁经费。项目资金150万元，…: a section of its own
            plans = scene.setting.budget and scene.passage.kind == SectionKind.PERFORMANCE
            named = named or (_item(words) if plans and _TOLD_OF_MONEY.search(words) else None)
            of_projects = of_projects or (plans and named is not None)
        if named is None and marker is not None and number and (of_projects or counted):
            listed = of_projects or (counted and _TOLD_OF_MONEY.search(words))
            named = (_item(words) if listed and not whole else None) or _opened(_FUNDED, words)
            named = named or (_opened(_TOGETHER, words) if listed else None)
        of_projects = of_projects or (
            scene.setting.budget and bool(_KEY_PROJECTS.search(line) or _LISTS_TARGETS.search(line))
        )
        part = marker is not None and _PART_OF_REPORT.match(words)
        if named is None and part:
            named = _named(words[part.end() :])
            parted = named is not None or parted
        if named is not None:
            found.append((named, set()))
            level, open_ = (marker.level if marker else None), True
        elif open_ and parted and part:
            pass  # 2.资金使用情况。…: the report goes on about the project that its first part names
        elif open_ and (
            _OVERALL.search(line)
            or _SEVERAL_PROJECTS.search(line)
            or (marker is not None and number and (level is None or marker.level <= level))
        ):
            open_ = whole is not None and not _OVERALL.search(line)
        if not open_ and _ONE_PROJECT.search(line) and not _OVERALL.search(line) and not _COUNTED_PROJECTS.search(line):
            found.append((None, {number}))
        elif open_:
            found[-1][1].add(number)
    return [(name, lines) for name, lines in found if lines]


def overall_of(scene: Scene) -> Iterator[tuple[str | None, Sentence]]:
    """The sentences that tell of the body's whole budget and how much of it was spent (部门整体支出年初预算X，调整后预算Y，
    实际支出Z，预算执行率99%。上半年支出进度43%。), each with what it calls the body as a whole."""
    report = report_of(scene.passage.section.path)
    whole = report is not None and report.whole_body and _titled(scene.passage.section.path) is None
    whole = whole or whole_body_of(scene) is not None
    name, about = None, -1
    for sentence in scene.encoded.sentences:
        if sentence.paragraph == about and _PROGRESS.search(sentence.text):
            yield name, sentence
        line = scene.line(sentence.paragraph)
        told = _EXECUTED.search(sentence.text) and not _NARROWER.search(sentence.text) and _named(line) is None
        called = _OF_WHOLE.search(sentence.text)
        if told and (whole or called or _OF_WHOLE.search(line[:40])):
            name, about = called.group() if called else None, sentence.paragraph
            yield name, sentence


def whole_body_of(scene: Scene) -> str | None:
    """What the title of a section calls the body as a whole (部门整体支出绩效自评情况), if the section is about that."""
    called = _OF_WHOLE.search(scene.title)
    return called.group() if called and "项目" not in scene.title else None


def named_in(scene: Scene) -> Iterator[tuple[str, Sentence]]:
    """The projects that sentences tell of one after the other by their quoted names, each with its part of the
    sentence (“学员宿舍维修”项目预算99万元，支出86万元，得分80.5分；“…”项目…)."""
    about: tuple[int, str] | None = None
    for sentence in scene.encoded.sentences:
        evaluated = _EVALUATED.search(sentence.text)
        if evaluated and not _NOT_A_PROJECT.search(evaluated["project"]):
            words = sentence.words(*evaluated.span("project"), scene.encoded.source)
            name = re.sub(r"^[\d—–~～至到-]+年?度?", "", words)
            about = (sentence.paragraph, name)
            yield name, sentence.part(evaluated.end(), len(sentence.text))
            continue
        if _COUNTED_AGAIN.search(sentence.text):
            about = None
        if about is not None and _goes_on(sentence, about[0]) and not _QUOTED.search(sentence.text):
            about = (sentence.paragraph, about[1])
            yield about[1], sentence
            continue
        example = _EXAMPLE.match(sentence.text)
        if example and not _NOT_A_PROJECT.search(example["project"]):
            about = (sentence.paragraph, example["project"])
            yield example["project"], sentence.part(example.end(), len(sentence.text))
            continue
        named = _NAMED_AS.match(sentence.text)
        if named and not _NOT_A_PROJECT.search(named["project"]):
            about = (sentence.paragraph, named["project"])
            yield named["project"], sentence.part(named.end(), len(sentence.text))
            continue
        among = _AMONG.match(sentence.text)
        if among and not _NOT_A_PROJECT.search(among["project"].removesuffix("项目")):
            yield among["project"], sentence.part(among.start("project"), len(sentence.text))
            continue
        opening = _OPENS.match(sentence.text)
        if opening and not _NOT_A_PROJECT.search(opening["project"]):
            numbered = _NUMBERED_ISSUE.match(sentence.text)  # 一是…项目进度慢，执行率84%，…；二是…: only that part
            ends = _ISSUE_ENDS.search(sentence.text) if numbered else None
            behind = ends.start() if ends else len(sentence.text)
            about = None if numbered else (sentence.paragraph, opening["project"])
            yield opening["project"], sentence.part(opening.start("project"), behind)
            continue
        told = ((each, each["project"] or each["named"]) for each in _QUOTED.finditer(sentence.text))
        names = [(each, name) for each, name in told if not _NOT_A_PROJECT.search(name)]
        for number, (match, name) in enumerate(names):
            end = names[number + 1][0].start() if number + 1 < len(names) else len(sentence.text)
            yield name, sentence.part(match.start(), end)


def _goes_on(sentence: Sentence, paragraph: int) -> bool:
    """Does a sentence go on about the project that a paragraph speaks of: in it, or in the next (该项目产出情况：…)?"""
    if sentence.paragraph == paragraph:
        return True
    return sentence.paragraph == paragraph + 1 and bool(_THE_SAME.match(sentence.text))


def fund_plans_of(scene: Scene) -> set[int]:
    """The lines that tell how a fund is to be used (上年结转资金使用计划), of no project."""
    return {number for number, topic in enumerate(scene.topics) if _FUND_PLAN.search(topic)}


def lists_key_projects(scene: Scene, paragraph: int) -> bool:
    """Is a line of the passage one of those that tell of the year's key projects (重点项目一：…，预算540万元。…)?"""
    return bool(
        _KEY_PROJECTS.search(scene.topics[paragraph]) or _KEY_PROJECTS.match(_TITLE_LEAD.sub("", scene.line(paragraph)))
    )


def key_project(scene: Scene, sentence: Sentence, at: int) -> str | None:
    """The key project that a place of a sentence speaks of: the last that its line names before it."""
    if scene.passage.kind != SectionKind.TASKS and not lists_key_projects(scene, sentence.paragraph):
        return None
    begin = scene.passage.text.rfind("\n", 0, sentence.at[0]) + 1
    before = scene.passage.text[begin : sentence.at[at]]
    named = list(_KEY_PROJECT.finditer(before))
    name = named[-1]["project"].strip("“”") if named else ""
    return name if name and not _NOT_A_PROJECT.search(name) else None


def _titled(path: tuple[str, ...]) -> str | None:
    """五、项目绩效自评情况 / （一）森林防灭火专项: the title below names a project."""
    if len(path) < 2:
        return None
    name = _TITLE_LEAD.sub("", path[-1])
    if not _OF_PROJECTS.search(path[-2]) and not ("绩效" in path[-2] and name.endswith("项目")):
        return None
    names = len(name) > 3 and (name.endswith("项目") or not ends_as_title(name))
    return name.removesuffix("项目") if names and not _NOT_A_PROJECT.search(name.removesuffix("项目")) else None


def tells_projects(scene: Scene) -> bool:
    """Does a section tell of projects one by one, by its own title or by the title above it?"""
    path = scene.passage.section.path
    return bool(path) and (_titled(path) is not None or bool(_OF_PROJECTS.search(path[-1])))


def _item(words: str) -> str | None:
    match = _ITEM.match(words)
    name = match["project"].removesuffix("项目") if match else ""
    if not name or _NOT_A_PROJECT.search(name) or _MANAGEMENT.search(name):
        return None
    whole = re.fullmatch("“([^“”]*)”", name)
    return whole[1] if whole else name


def _opened(pattern: "re.Pattern[str]", words: str) -> str | None:
    """The project that words open with by a pattern, unless its name is that of something else."""
    match = pattern.match(words)
    return match["project"] if match and not _NOT_A_PROJECT.search(match["project"]) else None


def _named(line: str) -> str | None:
    numbered = _NUMBERED.match(line.strip())
    if numbered:
        return numbered["project"]
    words = _ANNOUNCED.sub("", _TITLE_LEAD.sub("", line))
    for pattern in _OPENINGS:
        match = pattern.match(words)
        if match and (words[0] in '“"' or not _NOT_A_PROJECT.search(match["project"])):
            return match["project"]
    return None
