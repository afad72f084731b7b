"""Settle the rows whose columns one line alone leaves open, by the rest of the table and of the document.

Three kinds of evidence, in this order: the document's own 收支总表 says which sources it has no money from; a code's row
in another table says whether it has basic or project expenditure; the rows below a total must add up to it, column
by column. What stays open stays open: nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.documents.tables.columns import Layout, Option, common, layout_of, narrowed, options_for, scaled
from extractor.documents.tables.heads import Block
from extractor.documents.tables.headwords import Sort, is_total, normal, sort_of
from extractor.documents.tables.tokens import Token

MOST_STEPS = 20_000
"""How many partial solutions of a column sum are looked at before it is left open."""

_SOURCES = (
    *("一般公共预算", "政府性基金", "国有资本经营", "财政专户", "上级补助", "附属单位"),
    *("事业单位经营", "经营收入", "事业收入", "其他收入", "上年结转", "年初结转"),
)
_PUBLIC_MONEY = ("一般公共预算", "政府性基金", "国有资本经营", "上年结转", "年初结转")
_CLOSING = re.compile(r"年末|年终|下年|分配")
_FUNCTION_CODE = re.compile(r"2\d{2}(?:\d{2}){0,2}")
_PARTS = (Sort.BASIC, Sort.PROJECTS)


@dataclass
class Line:
    """A row to be placed: its name, its classification codes (the most telling last), its figures, its block."""

    name: str
    codes: tuple[str, ...]
    figures: tuple[Token, ...]
    block: int | None
    options: tuple[Option, ...] = ()

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The printed figures, dashes left out."""
        return tuple(token.figure for token in self.figures if token.figure is not None)

    @property
    def settled(self) -> bool:
        """True when there is one way to place its figures."""
        return len(self.options) == 1


@dataclass
class Grid:
    """The rows of one table with its blocks of columns."""

    title: str
    blocks: tuple[Block, ...]
    lines: list[Line]
    layouts: list[Layout] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.layouts = [layout_of(block.figures) for block in self.blocks]

    def of_block(self, block: int) -> list[Line]:
        """The rows with figures that stand in a block."""
        return [line for line in self.lines if line.block == block and line.values]


def settle(grids: Sequence[Grid]) -> None:
    """Narrow the options of every row of a document's tables."""
    for grid in grids:
        for line in grid.lines:
            if line.block is not None and line.values and grid.blocks[line.block].certain:
                line.options = options_for(line.figures, grid.layouts[line.block])
        _add_up(grid)
    absent = _absent_sources(grids)
    for grid in grids:
        _leave_out(grid, absent)
        _add_up(grid)
    projects = _project_codes(grids)
    for grid in grids:
        _by_code(grid, projects)
        _by_definition(grid)
    parts = _parts_by_code(grids)
    for grid in grids:
        _by_code(grid, parts)


def headings_of(grid: Grid, line: Line) -> tuple[str, ...]:
    """The full heading over every figure of a row, "" where it is not known."""
    if line.block is None or not grid.blocks[line.block].certain:
        return (_shared_heading(grid),) * len(line.values)
    headings = grid.layouts[line.block].headings
    return tuple("" if at is None else headings[at] for at in common(line.options, len(line.values)))


def _shared_heading(grid: Grid) -> str:
    """The heading that all blocks have in common where each has one column of figures."""
    names = {block.figures for block in grid.blocks}
    only = next(iter(names))
    return only[0] if len(names) == 1 and len(only) == 1 and all(block.certain for block in grid.blocks) else ""


def _restrict(line: Line, options: Iterable[Option]) -> None:
    """Take over narrower options, unless none is left: then the evidence does not suit this row."""
    kept = tuple(options)
    if kept:
        line.options = kept


# sources the document has no money from


def _absent_sources(grids: Sequence[Grid]) -> frozenset[str]:
    """The sources that 收支总表 lists without a figure, or with nought."""
    filled: set[str] = set()
    listed: set[str] = set()
    for grid in grids:
        if "总表" in grid.title and len(grid.blocks) == 2 and "财政拨款" not in grid.title:
            for line in grid.lines:
                source = _source_of(line.name) if line.block == 0 else None
                if source:
                    listed.add(source)
                    filled |= {source} if any(line.values) else set()
    absent = listed - filled
    if listed and not filled - set(_PUBLIC_MONEY):
        absent.add("非财政资金")
    return frozenset(absent)


def _source_of(text: str) -> str | None:
    return next((source for source in _SOURCES if source in text), None)


def _leave_out(grid: Grid, absent: frozenset[str]) -> None:
    for block, layout in enumerate(grid.layouts):
        unused = frozenset(index for index, name in enumerate(layout.headings) if _is_absent(name, absent))
        if unused:
            for line in grid.of_block(block):
                if len(line.options) > 1:
                    _restrict(line, narrowed(line.options, unused))


def _is_absent(heading: str, absent: frozenset[str]) -> bool:
    for part in heading.split("/"):
        word = normal(part)
        source = _source_of(word)
        if source is None and sort_of(part) in (Sort.CARRYOVER, Sort.CARRIED_FUNDS) and not _CLOSING.search(word):
            source = "上年结转" if "上年结转" in absent else "年初结转"
        if source is None and sort_of(part) is Sort.SOURCE and "财政" not in word.replace("非财政", ""):
            source = "非财政资金"
        if source in absent:
            return True
    return False


# rows below a total


def _add_up(grid: Grid) -> None:
    """Settle the rows below every settled total by the sums of its columns."""
    for block in range(len(grid.blocks)):
        lines = grid.of_block(block)
        for total, parts in _families(lines):
            if total.settled and any(len(part.options) > 1 for part in parts):
                _solve(total, parts, len(grid.layouts[block].headings))


def _families(lines: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """Each total with the rows that make it up: 合计 with the highest codes, a code with the codes right below it."""
    below: dict[int, list[Line]] = {}
    tops: list[Line] = []
    stack: list[int] = []
    for index, line in enumerate(lines):
        if is_total(line.name):
            stack = []
            continue
        code = line.codes[0] if len(line.codes) == 1 else ""
        while stack and not (code.startswith(lines[stack[-1]].codes[0]) and code != lines[stack[-1]].codes[0]):
            stack.pop()
        if stack:
            below.setdefault(stack[-1], []).append(line)
        else:
            tops.append(line)
        if code:
            stack.append(index)
    totals = [line for line in lines if is_total(line.name)]
    families = [(totals[0], tops)] if len(totals) == 1 else []
    return families + [(lines[index], parts) for index, parts in below.items()]


def _solve(total: Line, parts: Sequence[Line], width: int) -> None:
    """Try the open rows' options against what the total leaves over in every column."""
    if any(not part.options for part in parts):
        return
    numbers = scaled([value for line in (total, *parts) for value in line.values])
    room = [0] * width
    for column, number in zip(total.options[0], numbers, strict=False):
        room[column] += number
    open_rows: list[tuple[Line, tuple[int, ...]]] = []
    at = len(total.values)
    for part in parts:
        own = numbers[at : at + len(part.values)]
        at += len(part.values)
        if part.settled:
            for column, number in zip(part.options[0], own, strict=True):
                room[column] -= number
        else:
            open_rows.append((part, own))
    if any(number < 0 for _, own in open_rows for number in own):
        return
    search = _Search(sorted(open_rows, key=lambda row: -max(row[1])), room, (len(parts) + 1) // 2 + 1)
    search.go(0)
    if search.complete and search.solutions:
        for index, (part, _) in enumerate(search.rows):
            found = dict.fromkeys(solution[index] for solution in search.solutions)
            _restrict(part, found)


class _Search:
    """All ways to fill the room that is left in every column; `complete` is False when there were too many steps."""

    def __init__(self, rows: Sequence[tuple[Line, tuple[int, ...]]], room: list[int], tolerance: int) -> None:
        self.rows = rows
        self.solutions: list[tuple[Option, ...]] = []
        self.complete = True
        self._room = room
        self._tolerance = tolerance
        self._steps = 0
        self._taken: list[Option] = []

    def go(self, index: int) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS or len(self.solutions) > 64:
            self.complete = False
            return
        if index == len(self.rows):
            if all(abs(left) <= self._tolerance for left in self._room):
                self.solutions.append(tuple(self._taken))
            return
        line, numbers = self.rows[index]
        for option in line.options:
            for column, number in zip(option, numbers, strict=True):
                self._room[column] -= number
            if all(self._room[column] >= -self._tolerance for column in option):
                self._taken.append(option)
                self.go(index + 1)
                self._taken.pop()
            for column, number in zip(option, numbers, strict=True):
                self._room[column] += number
            if not self.complete:
                return


# what holds where the columns then add up


def _suppose(grid: Grid, block: int, unused: Callable[[Line], frozenset[int]]) -> None:
    """Leave the columns blank that `unused` names for the open rows, if every total of the block then adds up."""
    lines = grid.of_block(block)
    families = _families(lines)
    if not families or all(len(line.options) <= 1 for line in lines):
        return
    before = [line.options for line in lines]
    for line in lines:
        if len(line.options) > 1:
            _restrict(line, narrowed(line.options, unused(line)))
    for total, parts in families:
        if total.settled:
            _solve(total, parts, len(grid.layouts[block].headings))
    if not all(_adds_up(total, rows) for total, rows in families):
        for line, options in zip(lines, before, strict=True):
            line.options = options


def _adds_up(total: Line, parts: Sequence[Line]) -> bool:
    if not total.settled or not all(part.settled for part in parts):
        return False
    numbers = scaled([value for line in (total, *parts) for value in line.values])
    columns = [column for line in (total, *parts) for column in line.options[0]]
    left: dict[int, int] = {}
    for index, (column, number) in enumerate(zip(columns, numbers, strict=True)):
        left[column] = left.get(column, 0) + (number if index < len(total.values) else -number)
    return all(abs(rest) <= (len(parts) + 1) // 2 + 1 for rest in left.values())


def _parts_by_code(grids: Sequence[Grid]) -> dict[str, set[Sort]]:
    """Whether the document's settled rows give a code basic expenditure, project expenditure, or both."""
    parts: dict[str, set[Sort]] = {}
    unsure: set[tuple[int, str]] = set()
    found: list[tuple[int, str, set[Sort]]] = []
    for number, grid in enumerate(grids):
        for block, layout in enumerate(grid.layouts):
            sorts = [_part_of(heading) for heading in layout.headings]
            if set(_PARTS) <= set(sorts):
                for line in grid.of_block(block):
                    if line.codes and line.settled:
                        pairs = zip(line.options[0], line.values, strict=True)
                        here = {part for column, value in pairs if value and (part := sorts[column])}
                        found.append((number, line.codes[0], here))
                    elif line.codes:
                        unsure.add((number, line.codes[0]))
    for number, code, here in found:
        if (number, code) not in unsure:
            parts.setdefault(code, set()).update(here)
    return parts


def _project_codes(grids: Sequence[Grid]) -> dict[str, set[Sort]]:
    """Codes that the document's list of projects does not have: they are basic expenditure only."""
    listed = {code for grid in grids if "项目支出" in grid.title for code in _function_codes(grid)}
    everywhere = {code for grid in grids for code in _function_codes(grid)}
    return {code: {Sort.BASIC} for code in everywhere - listed} if listed else {}


def _function_codes(grid: Grid) -> Iterator[str]:
    return (line.codes[0] for line in grid.lines if line.codes and _FUNCTION_CODE.fullmatch(line.codes[0]))


def _part_of(heading: str) -> Sort | None:
    return next((sort for part in heading.split("/") if (sort := sort_of(part)) in _PARTS), None)


def _by_code(grid: Grid, parts: dict[str, set[Sort]]) -> None:
    """A code that has only basic expenditure elsewhere has only basic expenditure here."""
    for block, layout in enumerate(grid.layouts):
        sorts = [_part_of(heading) for heading in layout.headings]

        def unused(line: Line, sorts: Sequence[Sort | None] = sorts) -> frozenset[int]:
            known = parts.get(line.codes[0]) if line.codes else None
            return frozenset(i for i, part in enumerate(sorts) if known and part is not None and part not in known)

        _suppose(grid, block, unused)


def _by_definition(grid: Grid) -> None:
    """Of the economic classes 301 and 303 are 人员经费, 302 and those behind 303 are 公用经费."""
    for block, layout in enumerate(grid.layouts):
        names = [normal(name.split("/")[-1]) for name in layout.headings]
        personnel = frozenset(i for i, name in enumerate(names) if name.startswith("人员"))
        public = frozenset(i for i, name in enumerate(names) if name.endswith("公用经费"))
        if len(personnel) == len(public) == 1:

            def unused(
                line: Line, personnel: frozenset[int] = personnel, public: frozenset[int] = public
            ) -> frozenset[int]:
                code = line.codes[-1] if line.codes else ""
                if not code.startswith("3"):
                    return frozenset()
                return public if code.startswith(("301", "303")) else personnel

            _suppose(grid, block, unused)
