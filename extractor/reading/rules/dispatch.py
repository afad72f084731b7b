"""Which part of a disclosure a statement is about, told from its own words.

Sections have titles in most documents; where a title says nothing, or a section speaks of something else in
passing, the words of the statement and of its line decide.
"""

import re
from collections.abc import Iterator

from extractor.reading.routing import SectionKind
from extractor.reading.rules.economic import MEETINGS, MEMBERS, group_of
from extractor.reading.rules.functional import line_of
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.statements import Statement
from schemas.quantities import QuantityKind

OFFICIAL = re.compile(
    r"三公|出国|出境|公务接待|接待费|接待(?:\w{0,4})(?:批|人)|外事接待|公务用车|公车|公务车|用车购置|车辆?运行"
)
_PROCUREMENT = re.compile(r"政府采购|集中采购|分散采购|采购预算|采购支出|采购(?:货物|工程|服务)|中小企业|小微企业")
_SERVICES = re.compile(r"购买服务")
_OPERATING = re.compile(r"机关运行(?:经费|费)|机构运行经费|事业运行经费|日常公用经费")
_ASSETS = re.compile(r"国有资产|固定资产|车辆|车|设备|台（套）|台\(套\)")
_PERFORMANCE = re.compile(r"涉及[^，。；]{0,10}(?:金额|资金)|绩效|自评|评价|监控|评为")
_SETS_TARGETS = re.compile(r"(?:年度|绩效|总体)目标(?:为|是|[：:])")
_PEOPLE = re.compile(r"编制|在职|在编|退休|离休|职工|人员|实有|聘用|遗属|教师|职数|学生|干部|工勤|编外")
_ON_STAFF = re.compile(r"编制|在编|在职|实有|内设|下设|下属")
"""Told of the body itself even among its work; other people and bodies there are those it works for or with."""
_FUND_WORDS = re.compile(r"收入|支出|拨款|预算|决算|结转|结余|总计|合计|经费|资金")
_OF_BUDGETS = {
    SectionKind.OVERVIEW: re.compile(r"预算|决算|拨款|支出|收支|结转|结余"),
    SectionKind.ASSETS: re.compile(r"资产"),
}
"""In what is told of a year's work only these words speak of the body's own money and assets."""
_ASSET_UNITS = ("辆", "台", "台（套）", "台(套)", "台套", "套", "辆（台）", "台/套")
_OF_RESULTS = (SectionKind.PERFORMANCE, SectionKind.REPORT, SectionKind.TASKS)
_PEOPLE_UNITS = ("人", "名", "位")


def kind_of_statement(scene: Scene, statement: Statement) -> SectionKind | None:
    """The part that a statement belongs to, None where its words do not say."""
    figure = statement.figure
    words = statement.chunk + statement.none_words
    line = scene.line(statement.paragraph)
    if figure is not None and figure.kind is QuantityKind.SCORE:
        return SectionKind.PERFORMANCE
    if figure is not None and figure.kind is QuantityKind.COUNT:
        return _kind_of_count(scene, statement, words, line)
    for near in (words, scene.topics[statement.paragraph], line[:60]):
        kind = _kind_of_words(near, statement, line)
        if (
            kind is SectionKind.OVERVIEW
            and near is words
            and "三公" in scene.encoded.sentences[statement.sentence].text
        ):
            kind = SectionKind.OFFICIAL_EXPENSE  # “三公”经费预算45万元，实际支出38万元
        if kind is SectionKind.BASIC and scene.parts_by_use() and not MEETINGS.search(statement.label):
            kind = SectionKind.OVERVIEW
        if scene.tells_work and kind in _OF_BUDGETS and not _OF_BUDGETS[kind].search(near):
            kind = None  # 横向到账经费320万元, 更新实验设备，挽回损失1.2亿元
        if kind is not None:
            return kind
    return None


def _kind_of_count(scene: Scene, statement: Statement, words: str, line: str) -> SectionKind | None:
    unit = statement.figure.unit if statement.figure else ""
    near = words + statement.after[:8]
    if unit in _ASSET_UNITS:
        if (scene.tells_work or scene.passage.kind in _OF_RESULTS) and "资产" not in line:
            return None  # 购置教学设备402台（套）, 出动执法车辆320台次
        if OFFICIAL.search(line) and not re.search(r"国有资产|单价|单位价值|设备|实有车辆|车辆编制|定编车辆", line):
            return SectionKind.OFFICIAL_EXPENSE
        return SectionKind.ASSETS
    visits = re.search(r"批次|人次|团组", near + (unit or "")) and re.search(r"接待|来访|来宾|出国|团组", line)
    if visits or (OFFICIAL.search(words) and not _PEOPLE.search(words)):
        return SectionKind.OFFICIAL_EXPENSE
    if (
        _PERFORMANCE.search(near)
        or _SETS_TARGETS.search(line)
        or (re.search(r"项目", near) and _PERFORMANCE.search(line))
    ):
        return SectionKind.PERFORMANCE
    if unit in _PEOPLE_UNITS and OFFICIAL.search(line) and re.search(r"接待|出国", line):
        return SectionKind.OFFICIAL_EXPENSE
    if scene.tells_work and not _ON_STAFF.search(words):
        return None  # 建成充电站24座, 惠及4806名农牧民, 从各单位抽调1200名医务人员
    if unit in _PEOPLE_UNITS or re.search(r"机构|单位|科室|股室|处室|部门|学校|编制|中心|所|站", near):
        return SectionKind.ORGANISATION
    return SectionKind.PURCHASED_SERVICES if _SERVICES.search(words) else None


def _kind_of_words(words: str, statement: Statement, line: str) -> SectionKind | None:
    if line_of(words) is not None:
        return SectionKind.FUNCTIONAL
    if statement.part and statement.label == "日常公用经费":
        return SectionKind.BASIC
    if statement.part and statement.label in ("基本支出", "项目支出") and "绩效目标" in line:
        return SectionKind.PERFORMANCE
    for kind, pattern in (
        (SectionKind.PURCHASED_SERVICES, _SERVICES),
        (SectionKind.PROCUREMENT, _PROCUREMENT),
        (SectionKind.OPERATING, _OPERATING),
        (SectionKind.OFFICIAL_EXPENSE, OFFICIAL),
        (SectionKind.PERFORMANCE, _PERFORMANCE),
    ):
        if pattern.search(words):
            return kind
    basic = group_of(statement.label) == "total" and statement.label.startswith("一般公共")
    if basic or MEETINGS.search(statement.label) or group_of(statement.label) in MEMBERS:
        return SectionKind.BASIC
    if re.search(r"设备|车辆", words):
        return SectionKind.ASSETS
    return SectionKind.OVERVIEW if _FUND_WORDS.search(words) else None


def runs(scene: Scene, statements: list[Statement]) -> Iterator[tuple[SectionKind, list[Statement]]]:
    """Consecutive statements of one kind; one whose words say nothing goes with those before it."""
    kind: SectionKind | None = None
    run: list[Statement] = []
    for statement in statements:
        own = kind_of_statement(scene, statement)
        silent = own is None or (statement.label == "" and run and run[-1].paragraph == statement.paragraph)
        if run and not silent and own is not kind:
            if kind is not None:
                yield kind, run
            run = []
        if not silent or not run:
            kind = own or kind
        run.append(statement)
    if run and kind is not None:
        yield kind, run
