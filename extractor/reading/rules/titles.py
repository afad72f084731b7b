"""What the titles above a statement say of it, where its own words leave that out."""

import re

from extractor.documents.numbering import marker_of
from extractor.reading.routing import SectionKind, kind_of
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.statements import Statement

_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]*")
_TITLE_LABEL = re.compile(
    r"(?P<label>基本支出|项目支出|财政拨款收入|事业收入|经营收入|其他收入|上级补助收入|上缴上级支出|经营支出)(?:情况|预算|决算)?(?:说明)?$"
)
_TITLED_CLASS = re.compile(
    r"(?P<label>(?!.*(?:预算|决算|拨款|财政|收入|本年|总|具体|公用|人员|三公|运行|购买|采购|基本|主要))[\u4e00-\u9fff]{4,16}支出)[。：:]?"
)
"""The class of expenditure that a numbered line is about (3.住房保障支出。2021年决算数为…)."""
_OF_FUNDS = re.compile(r"支出|收入|预算|决算|拨款|基金|资本|结转|结余|情况")
_WHOLES = (SectionKind.OVERVIEW, SectionKind.EXPENDITURE, SectionKind.REVENUE)


def title_of(scene: Scene, statement: Statement) -> str:
    """The title of a statement's numbered item, else of its section."""
    return scene.topics[statement.paragraph] or scene.title


def title_label(scene: Scene, statement: Statement) -> str:
    """The label that a statement without one takes from its item's or its section's title (（一）基本支出)."""
    title = _NUMBER.sub("", title_of(scene, statement))
    match = _TITLE_LABEL.search(title) or _TITLED_CLASS.fullmatch(title)
    return match["label"] if match else ""


def subject_of(scene: Scene, statement: Statement) -> str:
    """The words that name what is counted: the statement's own, else its item's or the section's title."""
    return statement.chunk if statement.label or re.search(r"收|支", statement.chunk) else title_of(scene, statement)


def is_of_unit(scene: Scene, statement: Statement) -> bool:
    """三、公共服务中心 under 部门支出具体情况: 公共服务中心预算X is the part of one unit that has a section of its own."""
    path = scene.passage.section.path
    marker = marker_of(path[-1]) if len(path) > 1 else None
    if marker is None or kind_of(path[:-1]) not in _WHOLES:
        return False
    unit = path[-1][marker.length :].rstrip("。：: ")
    return bool(unit) and statement.label == unit and not _OF_FUNDS.search(unit)
