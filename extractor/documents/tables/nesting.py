"""The group that a row stands under, where the row does not say it: told by numbering, 其中 and indentation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extractor.documents.numbering import marker_of
from extractor.documents.tables.headwords import is_total

_OF_WHICH = re.compile(r"其中[:：]?")

DEEPER = 4
"""A label this many columns further in than the outermost ones stands under the one before it."""


class Named(NamedTuple):
    """A row's name and code as far as nesting needs them; `indent` is the white space before the name."""

    name: str
    coded: bool
    block: int | None
    indent: int
    place: tuple[int, int] | None


@dataclass
class _Column:
    """What stands open in one block of columns."""

    numbered: list[tuple[int, Named]] = field(default_factory=list)
    outer: Named | None = None
    latest: Named | None = None


def parents_of(rows: Sequence[Named]) -> list[Named | None]:
    """For every row the row that heads its group, None where nothing printed says so."""
    outermost = min((row.indent for row in rows if row.name), default=0)
    columns: dict[int | None, _Column] = {}
    return [_parent(row, columns.setdefault(row.block, _Column()), outermost) for row in rows]


def _parent(row: Named, column: _Column, outermost: int) -> Named | None:
    if row.block is None or row.coded or not row.name:
        return None
    if _OF_WHICH.match(row.name):
        return column.latest
    marker = marker_of(row.name)
    if marker is not None:
        while column.numbered and column.numbered[-1][0] >= marker.level:
            column.numbered.pop()
        parent = column.numbered[-1][1] if column.numbered else None
        column.numbered.append((marker.level, row))
    elif row.indent >= outermost + DEEPER:
        parent = column.outer
    else:
        parent, column.outer, column.numbered = None, row, []
    column.latest = row
    return None if is_total(row.name) else parent
