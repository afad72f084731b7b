"""Projects that a section on expenditure lists by their names, with what each costs (项目支出X，具体包括：A项目Y，B项目Z)."""

import re
from collections import defaultdict
from collections.abc import Iterator

from extractor.classification import economic, is_functional_name, printed_path
from extractor.documents.numbering import marker_of
from extractor.reading.routing import SectionKind
from extractor.reading.rules.encode import COUNT, MONEY, PERCENT
from extractor.reading.rules.lexicon import DOWN, UP
from extractor.reading.rules.performance import bind_projects
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.statements import Statement
from schemas.quantities import QuantityKind

_SECTIONS = (
    SectionKind.OVERVIEW,
    SectionKind.EXPENDITURE,
    SectionKind.FISCAL_OVERVIEW,
    SectionKind.GENERAL_PUBLIC,
    SectionKind.GOVERNMENT_FUND,
    SectionKind.FUNCTIONAL,
    SectionKind.BASIC,
    SectionKind.PROJECTS,
    SectionKind.PERFORMANCE,
)
_OPENS = re.compile(
    rf"(?:项目支出|项目开支|具体项目|(?:安排|实施)(?:的|了|财政)?(?:项目|专项)(?![资经]))[^。：；]{{0,60}}?"
    rf"(?:具体|其中|包括|包含|如下|情况|主要(?:有|是|为|用于|包括|安排))[^，。；：{MONEY}{COUNT}{PERCENT}]{{0,14}}?[：:]"
    rf"|项目支出(?:预算|决算|安排)?(?:为|共)?{MONEY}[，,；](?:其中|包括|具体(?:为|是|包括)|主要(?:是|为|包括|用于))(?!基本)"
)
_EXPLAINED = re.compile(rf"(?:{UP}|{DOWN})[^，,]{{0,6}}[{MONEY}{PERCENT}][，,]主要")
"""项目支出增加20万元，主要是：… lists what is new, not what all is spent on."""
_COUNTS = re.compile(r"(?:项目|专项)(?:支出)?(?:共|共计|有|为|数)*$")
_FUND = re.compile(
    r"(?:支出|收入|拨款|结转|结余|小计|合计|总计|[^专]类|类项目)$|^(?:一般公共预算|政府性基金|国有资本|财政|单位|自有|上级|本级|其他)[^，]{0,10}$"
)
_ENDS = re.compile(r"(?:基本|经营)支出")
_REST = re.compile("^(?:其余|其他)(?:为|是|包括)")
"""其余为血液安全、妇幼健康等项目，合计972.92万元."""
_NO_NAME = re.compile(r"^(?:按|每|人均|平均|标准)|标准$|^其[中他余]|^[^\u4e00-\u9fff]*$")


def bind_itemised(scene: Scene, statements: list[Statement]) -> list[Statement]:
    """ProjectItem for every project of a list, and ProjectCount where it says how many; returns the statements outside."""
    if scene.passage.kind not in _SECTIONS:
        return statements
    lines: defaultdict[int, list[Statement]] = defaultdict(list)
    for statement in statements:
        lines[statement.paragraph].append(statement)
    inside: set[int] = set()
    for paragraph in sorted(scene.encoded.by_paragraph):
        told = [s for s in _listed(scene, paragraph, lines) if s.order not in inside]
        items = _projects(told)
        if items:
            counted = _counted(lines[paragraph], items[0])
            bind_projects(scene, [*counted, *items])
            inside.update(statement.order for statement in (*counted, *told))
    return [s for s in statements if s.order not in inside]


def _listed(scene: Scene, paragraph: int, lines: dict[int, list[Statement]]) -> list[Statement]:
    """The statements behind the words that open a list in a paragraph: of its sentence, else of the lines below."""
    for sentence in scene.encoded.by_paragraph[paragraph]:
        opens = _OPENS.search(sentence.text)
        if opens is None or _EXPLAINED.search(opens.group()):
            continue
        places = {quantity.id: at for at, quantity in sentence.quantities.items()}
        found = [s for s in lines[paragraph] if s.figure is not None and places.get(s.figure.id, -1) >= opens.end()]
        if opens.end() >= len(sentence.text.rstrip("。")):
            found += [s for line in _lines_below(scene, paragraph) for s in lines.get(line, []) if s.figure is not None]
        ends = (number for number, s in enumerate(found) if _ENDS.match(s.label))
        return found[: next(ends, len(found))]
    return []


def _lines_below(scene: Scene, paragraph: int) -> Iterator[int]:
    """The numbered lines behind a line that ends with a colon, up to one that is numbered as that line is."""
    opening = marker_of(scene.line(paragraph))
    for number in range(paragraph + 1, len(scene.lines)):
        marker = marker_of(scene.line(number))
        if marker is None or (opening is not None and marker.level <= opening.level):
            return
        yield number


def _projects(statements: list[Statement]) -> list[Statement]:
    """The statements that name projects; none where the list is one of funds or of classes, not of projects."""
    named = []
    others = 0
    for statement in statements:
        money = statement.figure is not None and statement.figure.kind is QuantityKind.MONEY
        statement.label = _REST.sub("", statement.label)
        if not money or statement.base or statement.bracketed or _NO_NAME.search(statement.label):
            continue
        if _FUND.search(statement.label):
            others += 1
            continue
        others += _is_official(statement.label)
        named.append(statement)
    return named if others * 2 < len(named) else []


def _is_official(label: str) -> bool:
    return bool(is_functional_name(label) or printed_path(label) or economic(label))


def _counted(statements: list[Statement], first: Statement) -> list[Statement]:
    """安排项目5个、资金548.50万元，具体为：…: how many projects are listed, with their total."""
    before = [s for s in statements if s.order < first.order and s.figure is not None]
    for number, statement in enumerate(before):
        counts = statement.figure is not None and statement.figure.kind is QuantityKind.COUNT
        if counts and (_COUNTS.search(statement.chunk) or statement.after.startswith("项目")):
            for total in before[number + 1 : number + 2]:
                total.part = False  # 安排专项5个，用于专项业务工作的支出200万元
            return before[number : number + 2]
    return []
