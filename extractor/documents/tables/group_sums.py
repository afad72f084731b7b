"""Which column a lone row stands in, told by the sums of its group: 工资福利支出 is the sum of the items below it.

In tables of economic items side by side the columns end one after the other; a line then holds fewer rows than there
are columns. The columns that go on are those with which every group still makes its head's figure.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from extractor.documents.tables.headwords import is_total
from extractor.documents.tables.nesting import DEEPER
from extractor.documents.tables.rows import RawRow

MOST_READINGS = 200
"""More ways than this in which the columns may have ended are not looked through."""

_Places = dict[int, int]
"""The column of every open row, by its index."""


def settle_by_groups(rows: Sequence[RawRow], columns: int) -> None:
    """Give open rows their column where all readings with which most groups add up agree on it."""
    indents = [row.cells[-1].indent for row in rows if row.cells]
    if not indents or max(indents) < min(indents) + DEEPER or any(len(row.figures) > 1 for row in rows):
        return
    phases = _phases(rows, columns)
    if not phases:
        return
    readings = list(_readings(phases, tuple(range(columns))))[: MOST_READINGS + 1]
    if len(readings) > MOST_READINGS:
        return
    scores = [_groups_that_add_up(rows, reading, columns, min(indents)) for reading in readings]
    best = [reading for reading, score in zip(readings, scores, strict=True) if score == max(scores)]
    for index in best[0]:
        found = {reading[index] for reading in best}
        if len(found) == 1 and max(scores) > min(scores):
            rows[index].block = found.pop()


def _phases(rows: Sequence[RawRow], columns: int) -> list[list[list[int]]]:
    """Runs of printed lines that hold the same number of open rows, totals left out."""
    lines: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        if row.block is None and row.cells and not is_total(row.cells[-1].text) and "合计" not in row.cells[-1].text:
            lines.setdefault(row.line, []).append(index)
    phases: list[list[list[int]]] = []
    for line in lines.values():
        if len(line) < columns:
            if phases and len(phases[-1][0]) == len(line):
                phases[-1].append(line)
            else:
                phases.append([line])
    return phases


def _readings(phases: Sequence[Sequence[Sequence[int]]], going_on: tuple[int, ...]) -> Iterator[_Places]:
    """Every way in which columns may have ended, none of them to begin again."""
    if not phases:
        yield {}
        return
    for columns in combinations(going_on, len(phases[0][0])):
        here = {index: column for line in phases[0] for index, column in zip(line, columns, strict=True)}
        for rest in _readings(phases[1:], columns):
            yield {**here, **rest}


def _groups_that_add_up(rows: Sequence[RawRow], places: _Places, columns: int, outermost: int) -> int:
    """How many groups make their head's figure, those that don't taken off."""
    score = 0
    for column in range(columns):
        head: Decimal | None = None
        items: list[Decimal] = []
        for index, row in enumerate(rows):
            if places.get(index, row.block) != column or not row.cells or not row.figures:
                continue
            figure = row.figures[0].figure or Decimal(0)
            if row.cells[-1].indent < outermost + DEEPER:
                score += _verdict(head, items)
                head, items = figure, []
            else:
                items.append(figure)
        score += _verdict(head, items)
    return score


def _verdict(head: Decimal | None, items: Sequence[Decimal]) -> int:
    if head is None or len(items) < 2:
        return 0
    unit = Decimal(1).scaleb(int(head.as_tuple().exponent))
    return 1 if abs(head - sum(items)) <= unit * (len(items) + 1) / 2 else -1
