"""Lines of the functional classification: 类, 款, 项 with their figures."""

import re
from dataclasses import dataclass

from extractor.classification import Level, class_codes, economic, lookup, printed_path
from extractor.documents.numbering import Marker, marker_of
from extractor.reading.rules.clauses import label_of
from extractor.reading.rules.scene import Scene, change_records, completion_base
from extractor.reading.rules.statements import ChangeDraft, Statement, fill_base
from schemas.quantities import QuantityKind
from schemas.records import FunctionalExpenditure

_LEVEL = {"类": "class_name", "款": "section_name", "项": "item_name"}
_LEVELS = {"类": Level.CLASS, "款": Level.SECTION, "项": Level.ITEM}
_LEVEL_OF_CODE = {3: "class_name", 5: "section_name", 7: "item_name"}
_NAMED = re.compile(
    r"([^（(]*?(?:[（(](?!\s*\d*\s*[类款项]\s*[)）])[^（）()]*[)）][^（(]*?)*)[（(]\s*(\d*)\s*([类款项])\s*[)）]"
)
_CODED = re.compile(
    r"(?<!\d)(2\d{2}|2\d{4}|2\d{6})(?!\d)[-—\s.、:：]*(?![万亿元个年月日人名次辆台家项户件米])([\u4e00-\u9fff][\u4e00-\u9fff（）()、]*)"
)
_CODE_BEHIND = re.compile(
    r"([\u4e00-\u9fff][^（）()，。；：Ⓓ]{0,40}(?:[（(][\u4e00-\u9fff]{1,20}[)）])?[^（）()，。；：Ⓓ]{0,40}?)\s?[（(“\"]\s*(2\d{2}(?:\d\d){0,2})\s*[)）”\"]"
)
_CODE_AFTER = re.compile(r"\s?[（(]\s*(2\d{2}(?:\d\d){0,2})\s*[)）]")
_DASHED = re.compile(r"^([\u4e00-\u9fff]+支出)[-—–－/]+([\u4e00-\u9fff]+?)[-—–－/]+([\u4e00-\u9fff（）()]+)")
_SEVERAL = re.compile(r"[（(](?P<level>[类款项])[)）][、和及][^（()），。；]{2,30}[（(](?P=level)[)）]")
_NAME_EDGES = re.compile(
    r"^(?:[（(](?:\d+|[一二三四五六七八九十]+)[)）]|[一二三四五六七八九十]+、|[\s，,、。；;：:“”\"'‘’.·及和0-9-])+|(?:[”\"’]?科目)?[\s“”\"'‘’，,：:、-]*$"
)
_NAME_LEAD = re.compile(
    r"^.*(?:其中|包括|(?:全部|均)(?:为|是)|用于|方面|安排(?!的)|Ⓓ年?度?|\d年度?|本年|万元|(?=[：:]))[:：，,]?"
)
_TAIL_FIGURE = re.compile(r"(?:19|20)\d\d\s*年|\d+(?:\.\d+)?\s*万?元")
_OF_CLASS = re.compile(r"(?P<name>[\u4e00-\u9fff]+支出)(?:[（(]类[）)])?(?:中|按项|按款|的项|具体)")
_NUMBERED_CLASS = re.compile(
    r"(?P<name>[\u4e00-\u9fff]+支出)[^，。；\d]{0,6}[\d.,]+\s?[万亿]?元.*(?:其中|包括|如下|有)[：:]$"
)
_JOINED = re.compile(r"(?P<section>[\u4e00-\u9fff（）()、]+)[-—–－/:：·]+(?P<item>[\u4e00-\u9fff（）()、]+)")
_HEAD = re.compile(r"(?P<section>[\u4e00-\u9fff（）()、]+)[：:](?=.)")
_HEADED = re.compile(r"(?P<section>[\u4e00-\u9fff、]{2,30})[（(]款[)）][：:]")
"""Before the 项 of a 款: 行政事业单位养老支出（款）：行政单位离退休X、事业单位离退休Y."""
_SPENT_ON = re.compile("支出(?!决算|预算|数|年初)")
_MARK = re.compile(r"[（(]\s*[类款项]\s*[)）]")
_TOGETHER = re.compile(r"(?:[两二三四五六七八九]项)?(?:合计|共计)(?:支出|预算|决算)?(?:数|为)?$")
_LONGEST_CLASS = 30
_GENERIC = re.compile(r"Ⓓ|上年|去年|同期|支出|决算|预算|数|该项|较|年度|年|，")


@dataclass(frozen=True)
class Line:
    """One classification line: names as printed, without （类）（款）（项） and quotes."""

    class_name: str | None = None
    section_name: str | None = None
    item_name: str | None = None
    code: str | None = None

    @property
    def deepest(self) -> str | None:
        """The name of the lowest level that is printed."""
        return self.item_name or self.section_name or self.class_name


def line_of(text: str) -> Line | None:
    """The classification line that a text prints, None where it prints none."""
    names: dict[str, str] = {}
    code: str | None = None
    for match in _NAMED.finditer(text):
        name = _NAME_EDGES.sub("", match[1])
        if not names and not lookup(name, _LEVELS[match[3]]):
            name = _NAME_EDGES.sub("", _NAME_LEAD.sub("", match[1]))
        if _SPENT_ON.match(text, match.end()) and lookup(f"{name}支出", _LEVELS[match[3]]):
            name += "支出"  # 教育（类）支出
        if name and _LEVEL[match[3]] not in names:
            names[_LEVEL[match[3]]] = name
            code = match[2] or code
            if behind := _CODE_AFTER.match(text, match.end()):
                code = behind[1]  # 行政运行（项）（2010301）
            last = match
    if names:
        behind_it = _NAME_EDGES.sub("", label_of(text[last.end() :])) if last[3] == "款" else ""
        if "item_name" not in names and lookup(behind_it, Level.ITEM):
            names["item_name"] = behind_it  # 法院（款）行政运行
        return Line(**names, code=code)
    dashed = _DASHED.match(text)
    if dashed:
        return Line(dashed[1], dashed[2], dashed[3])
    coded = [(match[1], match[2]) for match in _CODED.finditer(text)]
    above = printed_path(_NAME_EDGES.sub("", text[: first.start()])) if (first := _CODED.search(text)) else ()
    for code, name in coded or [(match[2], match[1]) for match in _CODE_BEHIND.finditer(text)]:  # 行政运行（2200201）
        names[_LEVEL_OF_CODE[len(code)]] = _NAME_EDGES.sub("", name)
    for level, name in zip(_LEVEL.values(), above, strict=False):  # 农林水支出水利2130301行政运行
        names.setdefault(level, name)
    return Line(**names, code=code) if names and code else None


def bind_functional(scene: Scene, statements: list[Statement], classes: bool = True) -> list[Statement]:
    """One record for every classification line; returns the statements that belong to none.

    Without `classes`, a line that names nothing below the 类 is a part of a total, not one of ours. A line's statements are
    those of its own words and, behind it, those without a subject of their own.
    """
    walk = _Walk(scene, classes)
    for statement in statements:
        walk.take(statement)
    walk.close()
    return walk.rest


class _Walk:
    """Goes through the statements of a passage and gathers those of one line after the other."""

    def __init__(self, scene: Scene, classes: bool) -> None:
        self.scene = scene
        self.classes = classes
        self.rest: list[Statement] = []
        self.line: Line | None = None  # the line under way, and its statements so far
        self.group: list[Statement] = []
        self.above = Line()  # the 类 and 款 that a line without its own stands under
        self.turned = -1  # the paragraph that speaks of something else than the line above it
        self.told = -1  # the paragraph whose 类 is told with an amount of its own, its 项 behind it
        self.base: str | None = None  # what the lines before were compared with
        self.standing = _standing_classes(scene)

    def take(self, statement: Statement) -> None:
        """Add a statement to the line under way, begin a line with it, or leave it."""
        for change in statement.changes:
            self.base = change.base = change.base or self.base
        if _tells_of_several(self.scene, statement):
            return
        if statement.figure is not None and statement.figure.kind is QuantityKind.COUNT:
            self.rest.append(statement)  # 两项合计38.33万元
            return
        own = self._own(statement, self._stand(statement))
        if own is not None and not (own == self.line and self._is_beside_last(statement)):
            self.close()
            self.line = self.above = _within(own, _class_told(statement.whole + statement.lead) or self.above)
            self.group = [statement]
        elif self.line is not None and (own is not None or _goes_on(self.scene, statement, self.group)):
            self.group.append(statement)
        else:
            self._leave(statement)

    def close(self) -> None:
        """Add the records of the line under way."""
        _close(self.scene, self.line, self.group)
        self.line, self.group = None, []

    def _stand(self, statement: Statement) -> Line | None:
        """Take up what a statement stands under; returns the line that is printed above or right before it."""
        first = not self.group or self.group[-1].paragraph != statement.paragraph
        if first and self.told != statement.paragraph and statement.paragraph in self.standing:
            self.above = self.standing[statement.paragraph]
        if first and _turns_away(self.scene, statement):
            self.turned = statement.paragraph
        line = _line_above(self.scene, statement) if first and statement.paragraph != self.turned else None
        if line is not None and line.class_name and line.section_name:
            self.above = Line(line.class_name, line.section_name)  # …（类）…（款）：A（项）X，B（项）Y
        elif first and (section := _headed_section(self.scene, statement, self.above)):
            self.above = Line(self.above.class_name, section)
        if headed := _HEADED.search(statement.lead):
            self.above = Line(self.above.class_name, _NAME_EDGES.sub("", headed["section"]))
        return line or _line_before(self.scene, statement)

    def _own(self, statement: Statement, above_it: Line | None) -> Line | None:
        """The line that a statement names, or stands under at its paragraph's begin."""
        before = self.line or (self.above if self.told == statement.paragraph else None)
        named = _by_name(self.scene, statement, before, self.above)
        own = line_of(statement.chunk) or _fuller(named, above_it)
        if own is None and self.line is not None and self.line.item_name and _TOGETHER.search(statement.chunk):
            # 行政单位医疗（项）X、事业单位医疗（项）Y，两项合计Z
            return Line(self.line.class_name, self.line.section_name)
        is_class = own is not None and own == Line(own.class_name, code=own.code)
        if own is None or not is_class or _is_line(self.scene, statement, self.classes):
            return own
        self.above, self.told = Line(class_name=own.class_name), statement.paragraph
        return None

    def _is_beside_last(self, statement: Statement) -> bool:
        titles = self.scene.titles
        return bool(self.group) and titles[statement.paragraph] == titles[self.group[-1].paragraph]

    def _leave(self, statement: Statement) -> None:
        """What belongs to no line ends the one under way; a part of a total that is a 类 heads the lines behind it."""
        if self.group and self.group[-1].paragraph == statement.paragraph:
            self.turned = statement.paragraph
        self.close()
        self.rest.append(statement)
        if not statement.part and lookup(statement.label, Level.CLASS):
            self.above, self.told = Line(class_name=_MARK.sub("", statement.label)), statement.paragraph


def _is_line(scene: Scene, statement: Statement, classes: bool) -> bool:
    """Is a 类 compared with its budget or an earlier year, or parted into 款, as lines of the classification are? By its
    amount alone, with its share, or among what a total is made up of, it is a part of that total."""
    if statement.share or statement.part or not (classes or statement.initial):
        return False
    parted = "款" in scene.line(statement.paragraph)
    return bool(parted or statement.changes or statement.initial or statement.completion)


def _by_name(scene: Scene, statement: Statement, before: Line | None, above: Line) -> Line | None:
    """An official 项 that is printed by its name alone (机关事业单位基本养老保险缴费支出 X元) or behind those of its 类 and 款
    (住房保障支出住房改革支出住房公积金, 污染防治-大气); a name that is an economic class, too, only behind another line.
    A 类 by its name alone is a line where its budget is told beside it (农林水支出年初预算数为X，决算数为Y), or where a
    numbered line compares it; a 款, where a numbered line stands below its 类."""
    label = _MARK.sub("", statement.label)
    heads = not statement.part and marker_of(scene.line(statement.paragraph)) is not None
    if (statement.initial or (heads and statement.changes)) and lookup(label, Level.CLASS):
        return Line(class_name=label)
    if heads and _stands_under(label, above):
        return Line(section_name=label)
    path = printed_path(label)
    if path:
        return Line(*path)
    joined = _JOINED.fullmatch(label)
    if joined and lookup(joined["section"], Level.SECTION) and lookup(joined["item"], Level.ITEM):
        return Line(section_name=joined["section"], item_name=joined["item"])
    if not lookup(label, Level.ITEM) or lookup(label, Level.CLASS) or lookup(label, Level.SECTION):
        return None
    return None if before is None and economic(label) else Line(item_name=label)


def _fuller(named: Line | None, above: Line | None) -> Line | None:
    """The line that a statement names itself, or the one it stands under where that is the same item with more of its path."""
    return above if named is None or (above is not None and above.item_name == named.item_name) else named


def _class_told(lead: str) -> Line | None:
    """The 类 that the words before a list of 款 or 项 name (农林水支出中，…; 公共安全支出按项级科目看：…)."""
    return _class_of(_OF_CLASS.search(lead))


def _class_of(match: "re.Match[str] | None") -> Line | None:
    """The line of a 类 that words name, if they do and it is an official one."""
    return Line(class_name=match["name"]) if match and lookup(match["name"], Level.CLASS) else None


def _tells_of_several(scene: Scene, statement: Statement) -> bool:
    """行政运行（项）、机关服务（项）年初预算分别为…、…: told respectively of names that are not as many as the
    figures: which figure is whose is not said."""
    sentence = scene.encoded.sentences[statement.sentence]
    at = next((index for index, quantity in sentence.quantities.items() if quantity is statement.figure), None)
    told = sentence.text[:at]
    return not statement.respective and "分别" in told and bool(_SEVERAL.search(told))


def _standing_classes(scene: Scene) -> dict[int, Line]:
    """For every line the 类 that stands alone on a line above it (（一）教育支出（类）, its 款 and 项 below)."""
    found: dict[int, Line] = {}
    above: Line | None = None
    for number, text in enumerate(scene.passage.text.split("\n")):
        marker = marker_of(text)
        title = text[marker.length :] if marker else text
        stands = "类" in title and len(title) < _LONGEST_CLASS and not _TAIL_FIGURE.search(title)
        alone = line_of(title) if stands else _titled_class(marker, title)
        if alone is not None and alone == Line(class_name=alone.class_name):
            above = alone
        elif above is not None:
            found[number] = above
    return found


def _titled_class(marker: Marker | None, title: str) -> Line | None:
    """2.社会保障和就业支出X，…，其中：with its items in the lines below."""
    return _class_of(_NUMBERED_CLASS.match(title)) if marker is not None else None


def _within(line: Line, above: Line) -> Line:
    """A 款 or 项 without its 类 stands under the one printed before (“教育支出”（类）…其中：“进修及培训”（款）…)."""
    if line.class_name is not None or above.class_name is None:
        return line
    if line.code is not None and line.code[: Level.CLASS] not in class_codes(above.class_name):
        return line
    if line.item_name and not _may_stand_under(line.item_name, above.class_name):
        return line
    section = line.section_name or (above.section_name if line.item_name else None)
    return Line(above.class_name, section, line.item_name, line.code)


def _headed_section(scene: Scene, statement: Statement, above: Line) -> str | None:
    """The 款 that a numbered line below its 类 begins with (①普通教育：小学教育X，初中教育Y)."""
    line = scene.line(statement.paragraph)
    marker = marker_of(line)
    head = _HEAD.match(line, marker.length) if marker else None
    return head["section"] if head and _stands_under(head["section"], above) else None


def _stands_under(section: str, above: Line) -> bool:
    """Is a name that of a 款 below the 类 named above?"""
    classes = class_codes(above.class_name) if above.class_name else frozenset()
    return any(entry.code[: Level.CLASS] in classes for entry in lookup(section, Level.SECTION))


def _may_stand_under(item: str, class_name: str) -> bool:
    """False for an official 项 none of whose codes is of the class (住房公积金 is none of 农林水支出)."""
    classes = class_codes(class_name)
    codes = {entry.code[: Level.CLASS] for entry in lookup(item, Level.ITEM)}
    return not classes or not codes or bool(classes & codes)


def _line_above(scene: Scene, statement: Statement) -> Line | None:
    """The classification line that a paragraph's first statement stands under: printed before its first
    figure, or in the numbered line above."""
    title = scene.titles[statement.paragraph]
    cut = _TAIL_FIGURE.search(title, 5)
    return line_of(title[: cut.start()] if cut else title)


def _line_before(scene: Scene, statement: Statement) -> Line | None:
    """The line that the sentence before names without a figure: …（类）…（款）…（项）。支出决算为30万元."""
    before = scene.encoded.sentences[statement.sentence - 1] if statement.sentence else None
    if before is None or before.paragraph != statement.paragraph or before.quantities:
        return None
    return line_of(before.text) if _GENERIC.sub("", statement.label) == "" else None


def _turns_away(scene: Scene, statement: Statement) -> bool:
    """A paragraph of its own below the numbered line that names basic expenditure is no more about that line."""
    title, line = scene.titles[statement.paragraph], scene.line(statement.paragraph)
    return line != title and bool(re.search(r"(?:基本|项目)支出$", statement.label))


def _goes_on(scene: Scene, statement: Statement, group: list[Statement]) -> bool:
    """Does a statement without a classification line of its own speak of the line before it?"""
    if not group or scene.titles[statement.paragraph] != scene.titles[group[-1].paragraph]:
        return False
    if statement.part and statement.figure is not None and statement.purpose and any(s.figure for s in group):
        return False  # 小学教育80万元，其中25万元用于购置设备
    return _GENERIC.sub("", statement.label) == "" or statement.figure is None


def _close(scene: Scene, line: Line | None, group: list[Statement]) -> None:
    """The records of a line's statements: one for every amount of the line that is printed."""
    if line is None:
        return
    told: list[Statement] = []
    for statement in group:
        own = statement.figure is not None and statement.base is None
        if own and any(s.figure is not None and s.base is None for s in told):
            _add(scene, line, told)
            told = []
        told.append(statement)
    if told:
        _add(scene, line, told)


def _add(scene: Scene, line: Line, group: list[Statement]) -> None:
    if all(s.none and s.figure is None for s in group):
        return  # 本年度无此类支出
    amounts = [s for s in group if s.figure is not None and scene.free(s.figure)]
    main = next((s for s in amounts if s.base is None), amounts[0] if amounts else group[0])
    changes = [change for statement in group for change in statement.changes]
    for statement in group:
        if statement is not main and statement.figure is not None and statement.figure is not main.figure:
            _base_figure(scene, statement, changes)
    completed = next((s for s in group if s.completion is not None), None)
    planned = next((s for s in group if s.initial is not None), None)
    if planned is not None and planned.initial_base == "adjusted_budget":
        _adjusted(planned, changes)
    reason = next((s.reason for s in group if s.reason), None)
    scene.add(
        FunctionalExpenditure,
        class_name=scene.printed(line.class_name),
        section_name=scene.printed(line.section_name),
        item_name=scene.printed(line.item_name),
        code=line.code,
        amount=scene.free(main.figure),
        initial_budget=scene.free(planned.initial) if planned and planned.initial_base == "initial_budget" else None,
        completion=scene.free(completed.completion) if completed else None,
        completion_base=completion_base(completed.completion_of, planned or completed) if completed else None,
        purpose=next((s.purpose for s in group if s.purpose), None),
        changes=change_records(changes),
        reason=reason,
    )


def _adjusted(planned: Statement, changes: list[ChangeDraft]) -> None:
    """An adjusted budget printed beside the amount is the base of the change against it."""
    for change in changes:
        if (
            change.base in ("adjusted_budget", "initial_budget")
            and change.base_figure is None
            and change.amount is None
        ):
            change.base, change.base_figure = "adjusted_budget", planned.initial
            return
    changes.append(ChangeDraft(base="adjusted_budget", base_figure=planned.initial))


def _base_figure(scene: Scene, statement: Statement, changes: list[ChangeDraft]) -> None:
    """A second amount of a line that names an earlier year is the base of its change."""
    if statement.base is not None:
        fill_base(changes, statement.base, scene.free(statement.figure))
