"""Performance indicators printed as lines of text: 项目支出绩效表, 绩效目标表, 自评表.

An indicator's words are broken over lines and end with its value; its project stands above it, with the project's money,
and is printed again on every page that it runs over.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from extractor.documents.lines import display_width
from extractor.documents.tables.heads import Block
from extractor.documents.tables.headwords import Role, Sort, is_headword, role_of, sort_of
from extractor.documents.tables.labels import LabelCell, cut_of
from extractor.documents.tables.model import PrintedIndicator, PrintedText
from extractor.documents.tables.rows import RawRow, cell_of, is_word
from extractor.documents.tables.tokens import Token

NATURES = frozenset("≥ ≤ ＝ = ＞ ＜ > < ≧ ≦ ⩾ ⩽".replace(" ", "")) | {
    *(">=", "<=", "定性", "定量", "大于等于", "小于等于", "等于", "大于", "小于"),
    *("不低于", "不高于", "不超过", "不少于"),
}
"""What stands in the column 指标性质."""

_LEVEL1 = re.compile(
    r"(?:产出|效益|满意度|成本|投入|过程|决策|管理|履职效能|社会效应|管理效率|可持续性|运行成本)指标(?:[（(]\d+分?[)）])?"
)
_LEVEL2 = re.compile(
    r"(?:数量|质量|时效|成本|经济成本|社会成本|生态环境成本|经济效益|社会效益|生态效益|环境效益|可持续影响|(?:[\u4e00-\u9fff]{0,12})满意度)指标"
    r"(?:[（(]\d+分?[)）])?"
)
_BARE_LEVEL2 = re.compile(
    r"(?:经济|社会|生态|环境)效益|可持续影响|(?:服务对象|[\u4e00-\u9fff]{2,6})满意度|数量|质量|时效"
)
"""二级指标 as some forms print it behind 一级指标, without the word."""

_LEVEL2_START = re.compile(r"(?:数|质|时|成|经|社|生|环|可|[\u4e00-\u9fff]{0,10}满意)[\u4e00-\u9fff]{0,9}")
_OPERATOR = re.compile(r"^(≥|≤|＝|=|＞|＜|>=|<=|>|<|≧|≦|⩾|⩽)(.+)$")
_DIRECTION = re.compile(r"^(.*?)((?:正|反|逆|负)向(?:指标)?)$")
_VALUE = re.compile(r"^(?:[≥≤＝=＞＜><≧≦]|\d|\d*%|100)|^(?:优|良|好|是|合格|达标|定性|高中低|优良中低差)")
_CODED_PROJECT = re.compile(r"(?P<code>\d{6,}[A-Z]\d{6,}|\d{12,})[-—－](?P<name>.+)$")
_TOTAL = re.compile(r"(?:总分|合计|总计|小计|得分)")
_SECTION_TITLE = re.compile(r"(?:整体|年度|总体)?绩效(?:目标|指标)")  # printed again at the top of a page
_PROJECT_KEY = re.compile(r"^(?:[（(]?[一二三\d][)）、.．]?)?(?:预算)?项目(?:支出)?名称[:：]?")


_INDICATING = (Role.LEVEL1, Role.LEVEL2, Role.LEVEL3, Role.NATURE, Role.TARGET)
"""What the columns of an indicator hold."""


@dataclass
class IndicatorSheet:
    """What an indicator table prints: a row of figures for each project that has them, and all indicators."""

    rows: list[RawRow] = field(default_factory=list)
    indicators: list[PrintedIndicator] = field(default_factory=list)


@dataclass(frozen=True)
class Project:
    """The project that indicators belong to, and the unit that carries it out."""

    words: Mapping[str, PrintedText] = field(default_factory=dict)
    unit: LabelCell | None = None


def heads_indicators(roles: Container[Role | None]) -> bool:
    """True for a header that heads indicators and their values, told by what its columns hold."""
    return Role.TARGET in roles and any(role in roles for role in (Role.LEVEL1, Role.LEVEL2, Role.LEVEL3, Role.NATURE))


def indicator_sheet(lines: Sequence[Sequence[Token]], block: Block, project: Project | None = None) -> IndicatorSheet:
    """Read the body of an indicator table."""
    return _Reader(lines, block, project or Project()).read()


class _Reader:
    """Goes through the lines once; `open` are the words of a project or an indicator that has not ended yet."""

    def __init__(self, lines: Sequence[Sequence[Token]], block: Block, project: Project) -> None:
        self._lines = lines
        self._block = block
        self._project = project
        self._has_nature = block.has(Role.NATURE)
        self._reach, self._extras = _columns_behind_nature(block)
        self._has_direction = block.has(Role.DIRECTION)
        self._has_levels = block.has(Role.LEVEL1, Role.LEVEL2)
        self._scores = sum(sort_of(name) is Sort.SCORE for name in block.figures)
        self._actual = any(label.heading.startswith(("实际", "全年实际", "年度实际")) for label in block.labels)
        money = [name for name in block.figures if sort_of(name.split("/")[-1]) not in (Sort.SCORE, Sort.SHARE)]
        self._with_money = bool(money)
        self._widest = max((display_width(t.text) for line in lines for t in line if is_word(t)), default=0)
        self._sheet = IndicatorSheet()
        self._open: list[list[Token]] = []
        self._levels: dict[str, PrintedText] = {}

    def read(self) -> IndicatorSheet:
        for tokens in self._lines:
            if len(tokens) == 1 and _SECTION_TITLE.fullmatch(tokens[0].text):
                continue
            tokens = _unglued(tokens) if self._has_direction else list(tokens)
            behind = self._behind_project(tokens)
            if behind:
                self._open.append(tokens[:behind])
                self._take_project()
                tokens = tokens[behind:]
            self._open.append(tokens)
            if self._is_project(tokens):
                self._take_project()
            elif self._ends_indicator(tokens):
                self._take_indicator()
        return self._sheet

    def _behind_project(self, tokens: Sequence[Token]) -> int:
        """Where an indicator begins in the line that prints its project and the project's money; 0 for most lines."""
        at = next((i for i, token in enumerate(tokens) if _LEVEL1.fullmatch(token.text)), 0)
        if not self._with_money or not at or tokens[at - 1].figure is None:
            return 0
        return at if any(is_word(token) for line in (*self._open, tokens[:at]) for token in line) else 0

    def _is_project(self, tokens: Sequence[Token]) -> bool:
        """A line of a project's figures: words, then nothing but figures, and no sign of an indicator."""
        behind = takewhile(lambda token: not is_word(token), reversed(tokens))
        if not self._with_money or not any(token.figure is not None and "." in token.text for token in behind):
            return False
        return not any(token.text in NATURES or _LEVEL1.fullmatch(token.text) for token in tokens)

    def _take_project(self) -> None:
        tokens = [token for line in self._open for token in line]
        self._open, self._levels = [], {}
        last = max((index for index, token in enumerate(tokens) if is_word(token)), default=-1)
        figures = tuple(token for token in tokens[last + 1 :])
        labels = tokens[: last + 1]
        start = next((i for i, token in enumerate(labels) if re.match(r"\d{6,}[A-Z]\d|\d{12,}", token.text)), None)
        if start is None:
            start = max(0, len(labels) - 2) if len(labels) > 1 else 0
        unit = cell_of(labels[:start]) if start else self._project.unit
        own = labels[start:-1] if len(labels) - start > 1 else labels[start:]
        roles = [label.role for label in takewhile(lambda label: label.role not in _INDICATING, self._block.labels)]
        if Role.ORDINAL in roles:
            roles.remove(Role.ORDINAL)
            labels = labels[1:] if labels and labels[0].text.isdecimal() else labels
        if roles == [Role.PROJECT]:
            unit, own = self._project.unit, labels
        elif roles == [Role.UNIT, Role.PROJECT] and len(labels) == 2:
            unit, own = cell_of(labels[:1]), labels[1:]
        project = Project(project_words(cell_of(own)), unit) if own else self._project
        known = self._project.words.get("project")
        repeated = (
            known is not None and project.words["project"].text == known.text and _same_code(project, self._project)
        )
        self._project = project
        if not repeated:
            cells = [unit] if unit else []
            self._sheet.rows.append(RawRow([*cells, cell_of(own)] if own else cells, figures))

    def _ends_indicator(self, tokens: Sequence[Token]) -> bool:
        if self._has_direction:
            return bool(_direction(tokens[-1].text)) and any(t.text in NATURES for line in self._open for t in line)
        if self._has_nature:
            return any(self._is_nature(token) for token in tokens[-self._reach :])
        last = tokens[-1]
        if is_word(last) and (_LEVEL1.fullmatch(last.text) or _LEVEL2.fullmatch(last.text)):
            return False
        words = [token for line in self._open for token in line]
        return len(words) - _levels_length(words) >= 2 and (len(tokens) > 1 or bool(_VALUE.match(last.text)))

    def _is_nature(self, token: Token) -> bool:
        return token.text in NATURES or (not self._has_levels and bool(_LEVEL1.fullmatch(token.text)))

    def _take_indicator(self) -> None:
        lines, self._open = self._open, []
        opens = next((i for i, line in enumerate(lines) if _LEVEL1.fullmatch(line[0].text)), None)
        tokens = [token for line in lines[opens or 0 :] for token in line]
        words: dict[str, PrintedText] = {}
        rest, tail = self._cut(tokens, words)
        if not rest and not tail:
            return
        rest = self._take_levels(rest) if self._has_levels else self._take_activity(rest, lines)
        words |= self._levels
        if rest:
            words["level3"] = text_of(rest)
        if "level3" in words and "target" in words and not _TOTAL.fullmatch(words["level3"].text):
            self._points(words, tail)
            words = {**self._project.words, **words}
            self._sheet.indicators.append(PrintedIndicator(words, tokens[0].start, tokens[-1].end))

    def _cut(self, tokens: list[Token], words: dict[str, PrintedText]) -> tuple[list[Token], list[Token]]:
        """Cut the value off an indicator's words: (the words, the value)."""
        if self._has_direction and (found := _direction(tokens[-1].text)) and not found[1]:
            words["direction"] = text_of([tokens.pop()])
        if self._has_nature:
            at = max((i for i, token in enumerate(tokens) if self._is_nature(token)), default=None)
            if at is None:
                return tokens, []
            rest, tail = tokens[:at], tokens[at + 1 :]
            tail = tail[: -self._extras] if 0 < self._extras < len(tail) else tail
            words["nature"] = text_of([tokens[at]])
            if len(tail) > 1:
                words["target"], words["unit"] = text_of(tail[:-1]), text_of(tail[-1:])
            elif tail:
                words["target"] = text_of(tail)
            return rest, tail
        at = self._value_at(tokens)
        words |= value_words(text_of([tokens[at]]))
        return tokens[:at], tokens[at:]

    def _value_at(self, tokens: Sequence[Token]) -> int:
        """Where an indicator's value stands: before what was achieved and the points, else last."""
        run = 0
        for index in range(len(tokens) - 1, 0, -1):
            run = run + 1 if tokens[index].figure is not None else 0
            if self._scores and run == self._scores:
                return max(0, index - 1 - self._actual)
        return max(0, len(tokens) - 1 - self._actual)

    def _points(self, words: Mapping[str, PrintedText], tail: Sequence[Token]) -> None:
        """A row for the points of an indicator, named after it."""
        figures = [token for token in tail if token.figure is not None][-self._scores :] if self._scores else []
        name = words.get("level3")
        if name is not None and len(figures) == self._scores > 0:
            cells = [LabelCell(name.text, ((name.start, name.end),))]
            self._sheet.rows.append(RawRow(cells, tuple(figures)))

    def _take_levels(self, tokens: list[Token]) -> list[Token]:
        """Take 一级指标 and 二级指标 off the front; where they are not printed again those above go on."""
        if tokens and _LEVEL1.fullmatch(tokens[0].text) and (len(tokens) > 1 or "level1" not in self._levels):
            broken = len(tokens) > 2 and tokens[2].text.startswith("指标")  # the rest of 服务对象满意度指标
            bare = len(tokens) > 2 and not broken and bool(_BARE_LEVEL2.fullmatch(tokens[1].text))
            heads_level2 = bare or (len(tokens) > 1 and _level2_length(tokens[1:]) > 0)
            if heads_level2 or not _LEVEL2.fullmatch(tokens[0].text) or not self._levels:
                self._levels = {"level1": text_of(tokens[:1])}
                tokens = tokens[1:]
                if bare:
                    self._levels["level2"] = text_of(tokens[:1])
                    return tokens[1:]
        length = _level2_length(tokens)
        if length:
            self._levels = {**self._levels, "level2": text_of(tokens[:length])}
            tokens = tokens[length:]
        return tokens

    def _take_activity(self, tokens: list[Token], lines: Sequence[Sequence[Token]]) -> list[Token]:
        """In a table of activities the first words name the activity, unless they fill their line and go on."""
        if len(tokens) > 1 and display_width(tokens[0].text) < 0.8 * self._widest:
            self._project = Project({"project": text_of(tokens[:1])}, self._project.unit)
            return tokens[1:]
        return tokens


def _columns_behind_nature(block: Block) -> tuple[int, int]:
    """Within how many words from its end a row prints its nature, and how many of them stand behind value and unit
    (指标属性, 指标内容)."""
    roles = [label.role for label in block.labels]
    behind = roles[roles.index(Role.NATURE) + 1 :] if Role.NATURE in roles else []
    extras = behind[behind.index(Role.MEASURE) + 1 :] if Role.MEASURE in behind else []
    return max(4, 1 + len(behind)), len([role for role in extras if role is not Role.DIRECTION])


def _levels_length(tokens: Sequence[Token]) -> int:
    """How many tokens at the front are 一级指标 and 二级指标."""
    first = 1 if tokens and _LEVEL1.fullmatch(tokens[0].text) else 0
    return first + _level2_length(tokens[first:])


def _level2_length(tokens: Sequence[Token]) -> int:
    """How many tokens at the front make 二级指标."""
    for length in (1, 2, 3):
        joined = "".join(token.text for token in tokens[:length])
        if length <= len(tokens) and _LEVEL2.fullmatch(joined):
            return length
        if not _LEVEL2_START.fullmatch(joined):
            return 0
    return 0


def _unglued(tokens: Sequence[Token]) -> list[Token]:
    """Split a direction off a unit that is printed without a space before it."""
    last = tokens[-1]
    found = _direction(last.text)
    if found is None or not found[1] or last.end - last.start != len(last.text):
        return list(tokens)
    cut = last.start + len(found[1])
    return [*tokens[:-1], Token(found[1], last.start, cut), Token(found[2], cut, last.end)]


def _direction(text: str) -> "re.Match[str] | None":
    """The direction at the end of a word, and what stands before it; None for most words."""
    return _DIRECTION.match(text) if "向" in text else None


def project_words(cell: LabelCell) -> dict[str, PrintedText]:
    """A project's name, and its code where it is printed before the name."""
    found = _CODED_PROJECT.search(cell.text)
    if found is None:
        return {"project": PrintedText(cell.text, cell.start, cell.end)}
    return {field: _part(cell, *found.span(group)) for field, group in (("project_code", "code"), ("project", "name"))}


def _part(cell: LabelCell, start: int, end: int) -> PrintedText:
    pieces = cut_of(cell, start, end)
    return PrintedText(cell.text[start:end], pieces[0][0], pieces[-1][1])


def value_words(printed: PrintedText) -> dict[str, PrintedText]:
    """A value as nature and target: `≥95%` is ≥ and 95%."""
    found = _OPERATOR.match(printed.text)
    if found is None:
        return {"target": printed}
    if printed.end - printed.start != len(printed.text):
        return {
            "nature": PrintedText(found[1], printed.start, printed.start + len(found[1])),
            "target": PrintedText(found[2], printed.start, printed.end),
        }
    cut = printed.start + len(found[1])
    return {"nature": PrintedText(found[1], printed.start, cut), "target": PrintedText(found[2], cut, printed.end)}


def named_project(tokens: Sequence[Token]) -> dict[str, PrintedText] | None:
    """The project that a line 项目名称 … names; None for other lines."""
    first = tokens[0]
    key = _PROJECT_KEY.match(first.text) if "名称" in first.text else None
    if key is None or (key.end() == len(first.text) and len(tokens) < 2):
        return None
    if _names_columns([token.text for token in tokens]):
        return None
    if key.end() < len(first.text):
        name = PrintedText(first.text[key.end() :], first.start + key.end(), first.end)
        return {"project": name}
    return project_words(cell_of(tokens[1:2]))


def _names_columns(words: Sequence[str]) -> bool:
    """True for a line of headings, where a form prints a value behind each of its keys (培训费 may be one)."""
    values = words[1::2]
    if len(words) == 2:
        return role_of(values[0]) is not None or sort_of(values[0]) is Sort.AMOUNT
    keyed = all(is_headword(word.rstrip("：:")) for word in words[::2])
    return "三级指标" in words or (len(words) > 3 and not keyed) or any(is_headword(word) for word in values)


def text_of(tokens: Sequence[Token]) -> PrintedText:
    """Adjoining tokens as one text."""
    return PrintedText("".join(token.text for token in tokens), tokens[0].start, tokens[-1].end)


def _same_code(project: Project, other: Project) -> bool:
    codes = [each.words.get("project_code") for each in (project, other)]
    return codes[0] is None or codes[1] is None or codes[0].text == codes[1].text
