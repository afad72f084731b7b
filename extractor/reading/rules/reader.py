"""The rules reader: statements of a passage, bound to record fields by the passage's kind."""

import re
from collections.abc import Callable

from extractor.documents.disclosure import Disclosure
from extractor.reading.profile import profile_of
from extractor.reading.reader import Passage, Reading
from extractor.reading.routing import SectionKind
from extractor.reading.rules.activities import (
    bind_activities,
    bind_areas,
    bind_meetings,
    bind_surroundings,
    bind_work,
    is_measure,
)
from extractor.reading.rules.allotted import bind_worked_out
from extractor.reading.rules.assets import as_of, bind_assets, bind_fleet, bind_holdings
from extractor.reading.rules.dispatch import OFFICIAL, runs
from extractor.reading.rules.economic import bind_economic
from extractor.reading.rules.encode import encode
from extractor.reading.rules.events import bind_dated
from extractor.reading.rules.functional import bind_functional
from extractor.reading.rules.indicators import bind_indicators
from extractor.reading.rules.itemised import bind_itemised
from extractor.reading.rules.lists import bind_duties, bind_glossary
from extractor.reading.rules.official_expense import bind_official_expense
from extractor.reading.rules.parser import statements_of
from extractor.reading.rules.performance import (
    bind_performance,
    bind_project_totals,
    bind_projects,
    bind_transfers,
    bind_whole,
)
from extractor.reading.rules.procurement import bind_operating, bind_procurement, bind_services
from extractor.reading.rules.projects import bind_project
from extractor.reading.rules.scene import Scene, topics_of
from extractor.reading.rules.scores import bind_scores
from extractor.reading.rules.statements import Setting, Statement
from extractor.reading.rules.subjects import (
    fund_plans_of,
    named_in,
    overall_of,
    projects_of,
    report_of,
    tells_projects,
    whole_body_of,
)
from extractor.reading.rules.targets import bind_announced_targets, bind_compared, bind_plans, bind_targets
from extractor.reading.rules.together import bind_scored_together, bind_together, named_together
from extractor.reading.rules.totals import bind_totals
from extractor.reading.rules.units import bind_units, count_units
from schemas.quantities import ContextKind
from schemas.records import DisclosureProfile

_NAMES_PROJECT = re.compile(r"^项目名称[：:]", re.MULTILINE)
_STAFF = re.compile(r"编制(?:数|人数)?$|(?:在职|在编|退休|实有)(?:职工|人员|人数)?数?$")
_OF_ASSETS = re.compile(r"国有资产|固定资产")
"""国有资产占用情况中固定资产车辆9辆: told beside “三公” to be compared with what is held there."""
_PROBLEMS = re.compile(r"问题|原因|建议|措施|整改|打算")

Binder = Callable[[Scene, list[Statement]], list[Statement]]


def _totals(scene: Scene, statements: list[Statement]) -> list[Statement]:
    bind_totals(scene, [s for s in statements if not OFFICIAL.search(s.chunk)])
    return _free(scene, statements)


def _items(scene: Scene, statements: list[Statement]) -> list[Statement]:
    return bind_functional(scene, statements, classes=False)


def _official(scene: Scene, statements: list[Statement]) -> list[Statement]:
    told = [s for s in statements if not _OF_ASSETS.search(s.chunk)]
    return [*bind_official_expense(scene, told), *(s for s in statements if s not in told)]


def _report(scene: Scene, statements: list[Statement]) -> list[Statement]:
    report = report_of(scene.passage.section.path)
    name = report.name if report else None
    bind_scores(scene, name)
    if report is not None and report.whole_body:
        for statement in scene.statements:
            if statement.figure is not None and _STAFF.search(statement.label):
                count_units(scene, statement, statement.figure)
        of_problems = _PROBLEMS.search(scene.title)  # counts projects that are late, and the like
        left = [] if of_problems else bind_performance(scene, _free(scene, statements))
        bind_plans(scene)
        bind_targets(scene, name)
        bind_indicators(scene, name)
        return left
    bind_plans(scene)
    _project(scene, name)
    return []


def _project(scene: Scene, name: str | None) -> None:
    bind_worked_out(scene, name)
    bind_targets(scene, name)
    bind_project(scene, name)
    bind_indicators(scene, name)


def _quoted(scene: Scene) -> None:
    for name, sentence in named_in(scene):
        own = scene.of(sentence)
        bind_scores(own, name)
        _project(own, name)


def _forms(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """项目名称：…, 预算安排规模：…, 资金分配情况：…: a form for each project."""
    if not _NAMES_PROJECT.search(scene.passage.text):
        return statements
    for name, lines in projects_of(scene):
        _project(scene.part(lines), name)
    return _free(scene, statements)


def _each(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """What is told of the body as a whole and of its projects one by one; returns the statements outside."""
    in_report = report_of(scene.passage.section.path) is not None
    bind_project(scene.part(fund_plans_of(scene)), None)
    for name, sentence in overall_of(scene):
        if not in_report and bind_whole(scene, sentence, name):
            continue
        bind_project(scene.of(sentence), name)
    for name, lines in projects_of(scene):
        part = scene.part(lines)
        names = named_together(part, name)
        for about, own in bind_together(part, names) if names else [(name, part)]:
            bind_scores(own, about)
            _project(own, about)
        statements = [s for s in statements if s.paragraph not in lines]
    bind_scored_together(scene)
    _quoted(scene)
    return _free(scene, statements)


def _performance(scene: Scene, statements: list[Statement]) -> list[Statement]:
    statements = bind_transfers(scene, _each(scene, statements))
    name = whole_body_of(scene)
    bind_scores(scene, name)
    bind_announced_targets(scene)
    bind_plans(scene)
    rest = bind_performance(scene, _free(scene, statements))
    bind_targets(scene, name)
    bind_indicators(scene, name)
    return rest


def _free(scene: Scene, statements: list[Statement]) -> list[Statement]:
    return [s for s in statements if s.figure is None or scene.free(s.figure)]


_BINDERS: dict[SectionKind, tuple[Binder, ...]] = {
    SectionKind.ORGANISATION: (bind_fleet, bind_units),
    SectionKind.OVERVIEW: (_items, _totals),
    SectionKind.REVENUE: (_items, _totals),
    SectionKind.EXPENDITURE: (_items, _totals),
    SectionKind.FISCAL_OVERVIEW: (_items, _totals),
    SectionKind.GOVERNMENT_FUND: (bind_functional, _totals),
    SectionKind.STATE_CAPITAL: (bind_functional, _totals),
    SectionKind.CARRYOVER: (_totals,),
    SectionKind.FUNCTIONAL: (bind_functional, _totals),
    SectionKind.GENERAL_PUBLIC: (bind_functional, _totals),
    SectionKind.BASIC: (bind_economic, _totals),
    SectionKind.OFFICIAL_EXPENSE: (_official,),
    SectionKind.OPERATING: (bind_operating,),
    SectionKind.PROCUREMENT: (bind_procurement,),
    SectionKind.PURCHASED_SERVICES: (bind_services,),
    SectionKind.ASSETS: (bind_assets, bind_holdings),
    SectionKind.PROJECTS: (_forms, bind_projects, _totals),
    SectionKind.PERFORMANCE: (_performance,),
    SectionKind.REPORT: (_report,),
}


_TOLD_FREELY = (SectionKind.TASKS, SectionKind.OTHER)
# a count that these sections leave is one of theirs in a wording that the grammar does not know
_COUNTS_OF_THEIR_OWN = (SectionKind.OFFICIAL_EXPENSE, SectionKind.ASSETS)
_TELLS_STEPS = (SectionKind.PERFORMANCE, SectionKind.REPORT, SectionKind.TASKS, SectionKind.OTHER)


def _counts(statement: Statement) -> bool:
    """Whether a statement that is left over states something, in a section on something else."""
    return statement.figure is not None or (bool(statement.changes) and "三公" in statement.chunk)


def _bind(scene: Scene, kind: SectionKind, statements: list[Statement]) -> None:
    for binder in _BINDERS.get(kind, ()):
        statements = binder(scene, statements)


def _is_of_whole_body(passage: Passage) -> bool:
    report = report_of(passage.section.path)
    return report is not None and report.whole_body


def _date_left(scene: Scene) -> None:
    """The day behind 截至 that no record holds only says of when its sentence speaks."""
    date = as_of(scene)
    if date is not None:
        scene.contexts.setdefault(date.id, ContextKind.YEAR)


class RulesReader:
    """Reads every kind of passage by grammar. Needs no model and no network."""

    name = "rules"

    def __init__(self) -> None:
        self._setting_of: tuple[Disclosure, Setting] | None = None

    def read(self, disclosure: Disclosure, passage: Passage) -> Reading:
        """Everything that the passage states in wordings the grammar knows."""
        scene = self._scene(disclosure, passage)
        kind = SectionKind(passage.kind)
        if kind is SectionKind.DUTIES:
            bind_duties(scene)
            bind_work(scene)
            _bind(scene, SectionKind.ORGANISATION, _free(scene, scene.statements))
            bind_surroundings(scene)
        elif kind is SectionKind.GLOSSARY:
            bind_glossary(scene)
        else:
            scene.statements = bind_itemised(scene, scene.statements)
            whole_body = _is_of_whole_body(passage)
            bind_project_totals(scene)
            scene.statements = _free(scene, scene.statements)
            if kind is not SectionKind.OFFICIAL_EXPENSE:
                scene.statements = [s for s in scene.statements if not is_measure(scene, s)]
            _bind(scene, kind, _each(scene, scene.statements) if whole_body else scene.statements)
            if kind in _TOLD_FREELY:
                scene.statements = bind_transfers(scene, scene.statements)
                if tells_projects(scene):
                    scene.statements = _each(scene, scene.statements)
                else:
                    _quoted(scene)
                bind_plans(scene)
                bind_compared(scene)
            if kind is not SectionKind.REPORT or whole_body:
                left = _free(scene, scene.statements)
                for own, run in runs(scene, [s for s in left if _counts(s)] if kind in _BINDERS else left):
                    if own is not kind:
                        _bind(scene, own, run)
                if kind in _TELLS_STEPS and passage.section.heading is not None:
                    bind_dated(scene)
                if kind not in _COUNTS_OF_THEIR_OWN:
                    bind_activities(scene)
                elif kind is SectionKind.ASSETS:
                    bind_areas(scene)
                else:
                    bind_meetings(scene)
        _date_left(scene)
        return Reading(tuple(scene.records), scene.contexts)

    def _scene(self, disclosure: Disclosure, passage: Passage) -> Scene:
        encoded = encode(passage)
        setting = self._setting(disclosure)
        statements, asides = statements_of(encoded, setting)
        topics, titles = topics_of(passage.text, passage.section.heading is not None)
        contexts = {quantity.id: ContextKind.OTHER for quantity in asides if quantity.context is None}
        scene = Scene(disclosure, passage, encoded, setting, statements, topics, titles, contexts=contexts)
        if setting.published is not None:
            scene.claimed.add(setting.published)
        return scene

    def _setting(self, disclosure: Disclosure) -> Setting:
        if self._setting_of is None or self._setting_of[0] is not disclosure:
            profile = profile_of(disclosure).fields
            assert isinstance(profile, DisclosureProfile)
            year = disclosure.by_id[profile.fiscal_year.quantity].date if profile.fiscal_year else None
            published = profile.published_on.quantity if profile.published_on else None
            setting = Setting(int(year[:4]) if year else None, profile.kind == "budget", published)
            self._setting_of = (disclosure, setting)
        return self._setting_of[1]
