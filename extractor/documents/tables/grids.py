"""Tables whose cells are known (DOCX, HTML, XLSX, ruled PDF): header, columns, rows, indicators."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractor.documents.tables.headwords import Role, Sort, is_total, normal, role_of, sort_of, unit_of
from extractor.documents.tables.indicators import heads_indicators, project_words, value_words
from extractor.documents.tables.labels import LabelCell, is_code
from extractor.documents.tables.matrix import (
    Box,
    Matrix,
    heads_columns,
    is_column_numbers,
    opens_section,
    parts_headings,
    title_rows,
)
from extractor.documents.tables.model import PrintedIndicator, PrintedText

_KEYS = (Role.CODE, Role.NAME, Role.FUNCTION, Role.DEPARTMENT, Role.PROJECT)
_SIDES = ("收入", "支出")
_WORDS = (Role.LEVEL1, Role.LEVEL2, Role.LEVEL3, Role.NATURE, Role.MEASURE, Role.DIRECTION)
_FIELD = {Role.MEASURE: "unit"}
_PROJECT_NAMES = ("项目名称", "预算项目名称", "项目支出名称", "二级项目名称")


@dataclass(frozen=True)
class Column:
    """A column: its full heading, and what it holds if it holds labels (None for figures)."""

    heading: str
    role: Role | None


@dataclass(frozen=True)
class GridRow:
    """A row: label cells with what they hold and their headings, figures with their headings."""

    labels: tuple[tuple[LabelCell, Role, str], ...]
    figures: tuple[tuple[str, Box], ...]
    block: int = 0


@dataclass
class GridSheet:
    """What a table of known cells prints."""

    headings: tuple[str, ...] = ()
    rows: list[GridRow] = field(default_factory=list)
    indicators: list[PrintedIndicator] = field(default_factory=list)
    unit: str | None = None


def grid_sheet(matrix: Matrix) -> GridSheet:
    """Read a table of known cells."""
    sheet = GridSheet()
    project: dict[str, PrintedText] = {}
    start = sum(1 for _ in title_rows(matrix))
    while start < len(matrix.rows):
        end = start
        while end < len(matrix.rows) and (
            heads_columns(matrix, end, end == start) or parts_headings(matrix, end, start)
        ):
            end += 1
        stop = next((row for row in range(max(end, start + 1), len(matrix.rows)) if opens_section(matrix, row)), None)
        columns = _columns(matrix, start, end, stop or len(matrix.rows))
        body = range(end, stop or len(matrix.rows))
        project = _named_project(matrix, range(start, stop or len(matrix.rows))) or project
        _read_section(sheet, matrix, columns, body, project)
        sheet.unit = sheet.unit or next((unit for each in columns if (unit := unit_of(each.heading, None))), None)
        start = stop or len(matrix.rows)
    return sheet


def _columns(matrix: Matrix, start: int, end: int, stop: int) -> list[Column]:
    """The columns that the heading rows from `start` to `end` name, the rows down to `stop` told apart by them."""
    columns = []
    for index in range(matrix.width):
        parts: list[str] = []
        for row in range(start, end):
            box = matrix.rows[row][index]
            if box is not None and box.text and (not parts or parts[-1] != box.text):
                parts.append(box.text)
        while len(parts) > 1 and is_total(parts[-1]) and any(role_of(part) in _KEYS for part in parts[:-1]):
            parts.pop()  # 合计 under 科目编码: the row of totals, printed beside the last row of headings
        heading = "/".join(part.rstrip("：:") for part in parts)
        columns.append(Column(heading, _role(parts, matrix, index, range(end, stop))))
    return columns


def _role(parts: Sequence[str], matrix: Matrix, index: int, body: Sequence[int]) -> Role | None:
    """What a column holds, by its lowest heading, else by its cells; None for figures."""
    boxes = [box for row in body if (box := matrix.rows[row][index]) is not None and box.text]
    if parts:
        role = role_of(parts[-1])
        if role is not None:
            return role
        if parts[-1] in _SIDES and boxes and all(box.figure is None for box in boxes):
            return Role.NAME
        if sort_of(parts[-1]) is not None:
            return None
        if any(sort_of(part) is not None for part in parts) and all(box.figure is not None for box in boxes):
            return None  # a part that no list names of what a heading of figures says
    figures = [box for box in boxes if box.figure is not None and (box.figure.decimals or "," in box.text)]
    if figures and len(figures) >= 0.3 * len(boxes):
        return None
    return next((role for part in reversed(parts) if (role := role_of(part)) is not None), Role.OTHER)


def _blocks(columns: Sequence[Column]) -> list[range]:
    """Cut the columns where the labels start again behind figures, or go by another name below a title of their own
    (支出: 支出功能分类科目, 支出经济分类科目)."""
    starts, seen, figures = [0], set[Role](), False
    for index, column in enumerate(columns):
        again = column.role in seen or column.heading.startswith(_SIDES)
        if column.role in _KEYS and figures and again and any(each.role is None for each in columns[index:]):
            starts.append(index)
            seen, figures = set(), False
        if column.role is None:
            figures = True
        else:
            seen.add(column.role)
    return [range(start, stop) for start, stop in zip(starts, [*starts[1:], len(columns)], strict=True)]


def _read_section(
    sheet: GridSheet, matrix: Matrix, columns: Sequence[Column], body: range, project: dict[str, PrintedText]
) -> None:
    indicating = heads_indicators([column.role for column in columns])
    sheet.headings += tuple(column.heading for column in columns if column.role is None and column.heading)
    blocks = _blocks(columns)
    head = [column.heading.rsplit("/", 1)[-1] for column in columns]
    reader = _Indicators(columns, project) if indicating else None
    for row in body:
        boxes = matrix.starting(row)
        if is_column_numbers(boxes) or _is_head_again(boxes, head):
            continue
        if not any(column.heading for column in columns):
            sheet.rows.extend(_pairs(matrix.boxes(row), row))
            continue
        indicator = reader.read(matrix, row) if reader else None
        if indicator is not None:
            sheet.indicators.append(indicator)
        for number, block in enumerate(blocks):
            found = _row(matrix, row, columns, block, number, indicator, reader)
            if found is not None:
                sheet.rows.append(found)


def _is_head_again(boxes: Sequence[Box], head: Sequence[str]) -> bool:
    """The header printed again at the top of a page."""
    named = [box for box in boxes if box.column < len(head) and normal(head[box.column]) == normal(box.text)]
    return len(named) >= 2 and len(named) >= 0.7 * len(boxes)


def _row(
    matrix: Matrix,
    row: int,
    columns: Sequence[Column],
    block: range,
    number: int,
    indicator: PrintedIndicator | None,
    reader: "_Indicators | None",
) -> GridRow | None:
    labels: list[tuple[LabelCell, Role, str]] = []
    behind: list[tuple[LabelCell, Role, str]] = []  # what stands behind the figures tells less of the row
    figures: list[tuple[str, Box]] = []
    for box in dict.fromkeys(box for index in block if (box := matrix.rows[row][index]) is not None and box.text):
        column = columns[box.column]
        if column.role is None and box.figure is not None:
            if box.row == row and box.column in block:
                figures.append((column.heading if _one_column(box, columns) else "", box))
        elif column.role is not None or not figures:
            (behind if figures else labels).append((box.label, column.role or Role.OTHER, column.heading))
    labels = [*behind, *labels]
    if not labels and not figures:
        return None
    if reader is not None:
        labels = reader.labels(labels, figures, indicator)
    return GridRow(tuple(labels), tuple(figures), number)


def _one_column(box: Box, columns: Sequence[Column]) -> bool:
    return len({columns[index].heading for index in range(box.column, box.column + box.column_span)}) == 1


def _pairs(boxes: Sequence[Box], row: int) -> list[GridRow]:
    """In a table without header: figures with the words to their left."""
    rows: list[GridRow] = []
    words: list[Box] = []
    figures: list[tuple[str, Box]] = []
    for box in boxes:
        if box.figure is not None and (words or figures) and box.row == row and not is_code(box.text):
            figures.append(("", box))
        elif figures:
            rows.append(_pair(words, figures))
            words, figures = [box], []
        else:
            words.append(box)
    return [*rows, _pair(words, figures)] if figures else rows


def _pair(words: Sequence[Box], figures: Sequence[tuple[str, Box]]) -> GridRow:
    roles = [Role.CODE if is_code(box.text) else Role.OTHER for box in words]
    return GridRow(tuple((box.label, role, "") for box, role in zip(words, roles, strict=True)), tuple(figures))


def _named_project(matrix: Matrix, rows: range) -> dict[str, PrintedText] | None:
    """The project that a form names beside the words 项目名称."""
    for row in rows:
        boxes = matrix.boxes(row)
        for box, after in pairwise(boxes):
            if normal(box.text).rstrip(":") in _PROJECT_NAMES and role_of(after.text) is None and after.row == row:
                return project_words(after.label)
    return None


class _Indicators:
    """Reads the indicators of a section; cells that are left blank go on with the words above."""

    def __init__(self, columns: Sequence[Column], project: dict[str, PrintedText]) -> None:
        self._columns = columns
        self._project = project
        self._above: dict[str, PrintedText] = {}
        self._totals: set[str] = set()

    def read(self, matrix: Matrix, row: int) -> PrintedIndicator | None:
        """The indicator of a row, None where it prints none."""
        words: dict[str, PrintedText] = {}
        for index, column in enumerate(self._columns):
            box = matrix.rows[row][index]
            if box is None or not box.text or column.role is None:
                continue
            printed = PrintedText(box.text, box.start, box.end)
            if column.role is Role.PROJECT:
                self._project = project_words(box.label)
            elif column.role is Role.TARGET and "target" not in words:
                words |= {**value_words(printed), **words}
            elif column.role in _WORDS:
                words[_FIELD.get(column.role, column.role.value)] = printed
        self._above = {name: words.get(name, self._above.get(name)) or words[name] for name in self._kept(words)}
        if "level3" not in words or "target" not in words:
            return None
        boxes = matrix.boxes(row)
        return PrintedIndicator({**self._project, **self._above, **words}, boxes[0].start, boxes[-1].end)

    def _kept(self, words: dict[str, PrintedText]) -> Sequence[str]:
        """一级指标 goes on until the next one, 二级指标 as long as its 一级指标."""
        kept = [name for name in ("level1", "level2") if name in words or name in self._above]
        if "level1" in words and words["level1"] != self._above.get("level1") and "level2" not in words:
            kept = [name for name in kept if name != "level2"]
        return kept

    def labels(
        self,
        labels: list[tuple[LabelCell, Role, str]],
        figures: Sequence[tuple[str, Box]],
        indicator: PrintedIndicator | None,
    ) -> list[tuple[LabelCell, Role, str]]:
        """What names the figures of a row: the indicator for points, the project for money."""
        points = any(sort_of(heading.rsplit("/", 1)[-1]) in (Sort.SCORE, Sort.SHARE) for heading, _ in figures)
        if points and indicator is not None:
            wanted = {Role.LEVEL3: Role.NAME, Role.LEVEL2: Role.OTHER}
            return [(cell, wanted[role], heading) for cell, role, heading in labels if role in wanted]
        return [(cell, role, heading) for cell, role, heading in labels if role in (Role.PROJECT, Role.UNIT)] or labels
