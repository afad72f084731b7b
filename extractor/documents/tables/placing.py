"""Rows on their way to columns: what is known of each, and which rows make up which total."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from extractor.documents.numbering import marker_of
from extractor.documents.tables.columns import Layout, Option, common, layout_of, options_for, scaled
from extractor.documents.tables.heads import Block
from extractor.documents.tables.headwords import Sort, is_total, sort_of, unit_of
from extractor.documents.tables.tokens import Token

MOST_STEPS = 20_000
"""How many partial solutions of a column sum are looked at before it is left open."""

MOST_SOLUTIONS = 64

_HEADS_PARTS = re.compile(r"^[一二]、本年(?:收入|支出)$")


@dataclass
class Placed:
    """A row to be placed: its name, its classification codes (the most telling last), its figures, its block, and
    the ways its figures may be spread over the columns."""

    name: str
    codes: tuple[str, ...]
    figures: tuple[Token, ...]
    block: int | None
    options: tuple[Option, ...] = ()

    @cached_property
    def values(self) -> tuple[Decimal, ...]:
        """The printed figures, dashes left out."""
        return tuple(token.figure for token in self.figures if token.figure is not None)

    @property
    def settled(self) -> bool:
        """True when there is one way to place its figures."""
        return len(self.options) == 1

    def restrict(self, options: Iterable[Option]) -> None:
        """Take over narrower options, unless none is left: then the evidence does not suit this row."""
        self.options = tuple(options) or self.options


@dataclass
class Board:
    """The rows of one table with its blocks of columns and the unit of its figures."""

    title: str
    unit: str | None
    blocks: tuple[Block, ...]
    rows: list[Placed]
    layouts: list[Layout] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.layouts = [layout_of(block.figures) for block in self.blocks]
        for row in self.rows:
            if row.block is not None and row.values and self.blocks[row.block].certain:
                row.options = options_for(row.figures, self.layouts[row.block])

    def of_block(self, block: int) -> list[Placed]:
        """The rows with figures that stand in a block."""
        return [row for row in self.rows if row.block == block and row.values]

    def headings(self, row: Placed) -> tuple[str, ...]:
        """The full heading over every figure of a row, "" where it is not known."""
        if row.block is None or not self.blocks[row.block].certain:
            return (self._shared_heading(),) * len(row.values)
        headings = self.layouts[row.block].headings
        return tuple("" if at is None else headings[at] for at in common(row.options, len(row.values)))

    def _shared_heading(self) -> str:
        """The heading that all blocks have in common where each has one column of figures."""
        names = {block.figures for block in self.blocks}
        only = next(iter(names))
        return only[0] if len(names) == 1 and len(only) == 1 and all(block.certain for block in self.blocks) else ""


@dataclass(frozen=True)
class Family:
    """A total and the rows that make it up; `columns` are those that can be added up."""

    total: Placed
    parts: tuple[Placed, ...]
    columns: frozenset[int]

    @property
    def tolerance(self) -> int:
        """How many units of the last digit rounding of so many rows may leave over."""
        return (len(self.parts) + 1) // 2 + 1

    def numbers(self) -> list[tuple[int, ...]]:
        """The figures of the total and of every part, in the smallest printed unit."""
        rows = (self.total, *self.parts)
        flat = iter(scaled([value for row in rows for value in row.values]))
        return [tuple(next(flat) for _ in row.values) for row in rows]

    def adds_up(self) -> bool:
        """True when all rows are settled and every column's parts make its total."""
        rows = (self.total, *self.parts)
        if not all(row.settled for row in rows):
            return False
        left: dict[int, int] = {}
        for index, (row, numbers) in enumerate(zip(rows, self.numbers(), strict=True)):
            for column, number in zip(row.options[0], numbers, strict=True):
                left[column] = left.get(column, 0) + (-number if index else number)
        return all(abs(rest) <= self.tolerance for column, rest in left.items() if column in self.columns)


def families(rows: Sequence[Placed], layout: Layout) -> list[Family]:
    """The first total of a block with the rows it sums up, 本年支出 with the rows below it, and every code with the
    codes right below it."""
    columns = frozenset(index for index, name in enumerate(layout.headings) if _adds_up(name))
    below: dict[int, list[Placed]] = {}
    tops: list[tuple[int, Placed]] = []
    stack: list[int] = []
    head: int | None = None
    for index, row in enumerate(rows):
        marker = marker_of(row.name)
        if is_total(row.name):
            stack, head = [], None
            continue
        if _HEADS_PARTS.search(row.name):
            stack, head = [], index
        elif head is not None and (marker is None or marker.level > (marker_of(rows[head].name) or marker).level):
            below.setdefault(head, []).append(row)
            continue
        code = row.codes[0] if len(row.codes) == 1 else ""
        while stack and not _is_below(code, rows[stack[-1]].codes[0]):
            stack.pop()
        if stack:
            below.setdefault(stack[-1], []).append(row)
        else:
            tops.append((index, row))
        if code:
            stack.append(index)
    found = [Family(rows[index], tuple(parts), columns) for index, parts in below.items()]
    totals = [index for index, row in enumerate(rows) if is_total(row.name)]
    if totals:
        second = totals[1] if len(totals) > 1 else len(rows)
        above = tuple(row for index, row in tops if index < totals[0])
        under = tuple(row for index, row in tops if totals[0] < index < second)
        if above or under:
            found.insert(0, Family(rows[totals[0]], above or under, columns))
    return found


def _adds_up(heading: str) -> bool:
    """True for a column of amounts; shares, points and changes do not make their total's."""
    changes = (Sort.CHANGE, Sort.CHANGE_PART)
    return unit_of(heading, "") == "" and not any(sort_of(part) in changes for part in heading.split("/"))


def _is_below(code: str, parent: str) -> bool:
    return code.startswith(parent) and code != parent


def solve(family: Family, width: int) -> None:
    """Narrow the open parts of a settled total to what it leaves room for in every column: nothing, not even a printed
    nought, where it is blank."""
    if not family.total.settled or any(not part.options for part in family.parts):
        return
    blank = family.columns.difference(family.total.options[0])
    for part in family.parts:
        part.restrict(option for option in part.options if blank.isdisjoint(option))
    whole, *numbers = family.numbers()
    room = [0] * width
    for column, number in zip(family.total.options[0], whole, strict=True):
        room[column] += number
    still_open: list[tuple[Placed, tuple[int, ...]]] = []
    for part, own in zip(family.parts, numbers, strict=True):
        if not part.settled:
            still_open.append((part, own))
            continue
        for column, number in zip(part.options[0], own, strict=True):
            room[column] -= number
    if not still_open or any(_is_negative(part, own, family.columns) for part, own in still_open):
        return
    search = _Search(sorted(still_open, key=lambda each: -max(each[1])), room, family)
    search.go(0)
    if search.complete and search.solutions:
        for index, (part, _) in enumerate(search.rows):
            part.restrict(dict.fromkeys(solution[index] for solution in search.solutions))


def _is_negative(row: Placed, numbers: Sequence[int], columns: frozenset[int]) -> bool:
    """True when a figure below nought may stand in a column to be added up: room then says nothing."""
    return any(
        number < 0 and column in columns
        for option in row.options
        for column, number in zip(option, numbers, strict=True)
    )


def settle_total(family: Family) -> None:
    """Place an open total where its settled parts add up to it."""
    if family.total.settled or not all(part.settled for part in family.parts):
        return
    before = family.total.options
    fitting = []
    for option in before:
        family.total.options = (option,)
        if family.adds_up():
            fitting.append(option)
    family.total.options = tuple(fitting) if len(fitting) == 1 else before


def _inside(columns: frozenset[int], option: Option, numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The columns that are added up, each with the number that an option puts there."""
    return [(column, number) for column, number in zip(option, numbers, strict=True) if column in columns]


class _Search:
    """All ways to fill the room that is left in every column; `complete` is False when there were too many steps."""

    def __init__(self, rows: Sequence[tuple[Placed, tuple[int, ...]]], room: list[int], family: Family) -> None:
        self.rows = rows
        self.solutions: list[tuple[Option, ...]] = []
        self.complete = True
        self._room = room
        self._columns = family.columns
        self._choices = [
            [(option, _inside(family.columns, option, numbers)) for option in row.options] for row, numbers in rows
        ]
        self._tolerance = family.tolerance
        self._steps = 0
        self._taken: list[Option] = []

    def go(self, index: int) -> None:
        """Place the rows from `index` on."""
        self._steps += 1
        if self._steps > MOST_STEPS or len(self.solutions) > MOST_SOLUTIONS:
            self.complete = False
            return
        if index == len(self.rows):
            if all(abs(self._room[column]) <= self._tolerance for column in self._columns):
                self.solutions.append(tuple(self._taken))
            return
        for option, pairs in self._choices[index]:
            for column, number in pairs:
                self._room[column] -= number
            if all(self._room[column] >= -self._tolerance for column, _ in pairs):
                self._taken.append(option)
                self.go(index + 1)
                self._taken.pop()
            for column, number in pairs:
                self._room[column] += number
            if not self.complete:
                return
