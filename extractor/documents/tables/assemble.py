"""From label cells and figures to the rows of a printed table."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from extractor.documents.tables.headwords import Role, unit_of
from extractor.documents.tables.labels import Description, LabelCell
from extractor.documents.tables.model import YUAN, PrintedCell, PrintedRow
from extractor.documents.tables.nesting import Named, parents_of

_COUNTED = re.compile(r"[（(](个|辆|台|台[（(]套[)）]|台/套|台套|人|人次|批次|次|户|家|套|项|件|%|％)[)）]$")


class PlacedFigure(NamedTuple):
    """A figure with the full heading of its column ("" where that is not known); `unit` is printed in its cell."""

    heading: str
    text: str
    start: int
    end: int
    value: Decimal
    decimals: int
    unit: str | None = None


class Parts(NamedTuple):
    """What a row consists of: label cells with what they hold and their headings, what they say of the row, its
    figures, and the block it stands in."""

    labels: tuple[tuple[LabelCell, Role, str], ...]
    words: Description
    figures: tuple[PlacedFigure, ...]
    block: int | None


def printed_rows(text: str, rows: Sequence[Parts], unit: str | None) -> list[PrintedRow]:
    """The rows that print figures, each with its name, its code and the group it stands under."""
    named = [
        Named(
            each.words.name,
            each.words.code is not None,
            each.block,
            _indent(each),
            (each.words.places or {}).get("name"),
        )
        for each in rows
    ]
    printed = [_row(text, parts, parent, unit) for parts, parent in zip(rows, parents_of(named), strict=True)]
    return [row for row in printed if any(cell.value is not None for cell in row.cells)]


def unit_of_cell(heading: str, name: str, parent: str | None, unit: str | None) -> str | None:
    """What a figure without a unit of its own counts, by its column, its row's name or the row above, and its table's unit."""
    printed = unit_of(heading, unit)
    counted = _COUNTED.search(name) or _COUNTED.search(parent or "")
    return counted[1] if counted and (printed is None or printed in YUAN) else printed


def _indent(parts: Parts) -> int:
    return parts.labels[-1][0].indent if parts.labels else 0


def _row(text: str, parts: Parts, parent: Named | None, unit: str | None) -> PrintedRow:
    words = parts.words
    path, places = words.path, dict(words.places or {})
    if path is None and parent is not None:
        path = parent.name
        if parent.place:
            places["path"] = parent.place
    cells = [PrintedCell(heading, cell.text, cell.start, cell.end) for cell, _, heading in parts.labels]
    for figure in parts.figures:
        printed = figure.unit or unit_of_cell(figure.heading, words.name, parent.name if parent else None, unit)
        cells.append(
            PrintedCell(figure.heading, figure.text, figure.start, figure.end, figure.value, figure.decimals, printed)
        )
    kept = verified(text, {"name": words.name, "code": words.code, "path": path}, places)
    start = min((cell.start for cell in cells), default=0)
    end = max((cell.end for cell in cells), default=0)
    return PrintedRow(words.name, tuple(cells), words.code, path, start, end, kept)


def verified(
    text: str, words: Mapping[str, str | None], places: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """The places at which exactly the words stand, white space aside."""
    return {
        field: (start, end)
        for field, (start, end) in places.items()
        if (word := words.get(field)) and (text[start:end] == word or "".join(text[start:end].split()) == word)
    }
