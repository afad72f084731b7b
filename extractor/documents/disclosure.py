"""A document made ready for reading: everything that code finds before any reader looks at it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from extractor.documents.contexts import with_contexts
from extractor.documents.lines import lines_of
from extractor.documents.loaded import LoadedDocument
from extractor.documents.quantities import Mention, find_mentions
from extractor.documents.regions import regions_of
from extractor.documents.sections import Promise, SectionNode, promises_of, sections_of
from extractor.documents.tables import PrintedCell, PrintedTable
from extractor.documents.tables.model import YUAN
from extractor.documents.unwrap import Unwrapped, unwrap
from schemas.quantities import Quantity, QuantityKind, Role

_CELL_KINDS = {"": QuantityKind.NUMBER, "%": QuantityKind.PERCENT, "分": QuantityKind.SCORE}
"""What a figure of a table is by its unit; money aside, any other unit counts things."""


@dataclass(frozen=True, eq=False)
class Disclosure:
    """Text, sections, quantities and tables of one document.

    `quantities` are in reading order, narrative and tables alike; `spans` gives the stretch of the unwrapped
    text of every quantity of the narrative (table figures have none).
    """

    loaded: LoadedDocument
    unwrapped: Unwrapped
    sections: tuple[SectionNode, ...]
    promises: tuple[Promise, ...]
    tables: tuple[PrintedTable, ...]
    quantities: tuple[Quantity, ...]
    spans: dict[str, tuple[int, int]]

    @cached_property
    def by_id(self) -> dict[str, Quantity]:
        """Every quantity by its id."""
        return {quantity.id: quantity for quantity in self.quantities}

    @cached_property
    def by_place(self) -> dict[tuple[int, int], Quantity]:
        """Every quantity by its (start, end) in the loaded text."""
        return {(quantity.start, quantity.end): quantity for quantity in self.quantities}

    @cached_property
    def _section_starts(self) -> list[int]:
        return [node.start for node in self.sections]

    def section_at(self, index: int) -> SectionNode:
        """The innermost section that holds a character of the unwrapped text."""
        return self.sections[max(0, bisect_right(self._section_starts, index) - 1)]


def prepare(loaded: LoadedDocument) -> Disclosure:
    """Find sections, quantities and tables in a loaded document."""
    from extractor.documents.tables.build import tables_of
    from extractor.documents.tables.units import with_units

    lines = lines_of(loaded)
    regions = regions_of(loaded, lines)
    unwrapped = unwrap(lines, regions)
    sections = sections_of(unwrapped)
    mentions = with_contexts(unwrapped.text, find_mentions(unwrapped.text))
    tables = with_units(tables_of(loaded, lines, regions), mentions)
    quantities, spans = _number(loaded, unwrapped, sections, mentions, tables)
    return Disclosure(
        loaded,
        unwrapped,
        tuple(sections),
        tuple(promises_of(lines, regions)),
        tuple(tables),
        tuple(quantities),
        spans,
    )


def _number(
    loaded: LoadedDocument,
    unwrapped: Unwrapped,
    sections: Sequence[SectionNode],
    mentions: Sequence[Mention],
    tables: Sequence[PrintedTable],
) -> tuple[list[Quantity], dict[str, tuple[int, int]]]:
    """Give every figure its id in reading order: q1, q2, …"""
    starts = [node.start for node in sections]
    found: list[tuple[int, int, Mention | PrintedCell, str | None]] = []
    for mention in mentions:
        start, end = unwrapped.source_span(mention.start, mention.end)
        found.append((start, end, mention, sections[max(0, bisect_right(starts, mention.start) - 1)].id))
    for table in tables:
        for row in table.rows:
            found.extend((cell.start, cell.end, cell, None) for cell in row.cells if cell.value is not None)
    quantities: list[Quantity] = []
    spans: dict[str, tuple[int, int]] = {}
    for start, end, figure, section in sorted(found, key=lambda each: (each[0], each[1])):
        quantity_id = f"q{len(quantities) + 1}"
        place = (start, end, loaded.page_at(start), loaded.boxes.around(start, end) if loaded.boxes else None)
        if isinstance(figure, Mention):
            quantities.append(_narrative(quantity_id, figure, section, *place))
            spans[quantity_id] = (figure.start, figure.end)
        else:
            quantities.append(_cell(quantity_id, figure, *place))
    return quantities, spans


_Place = tuple[float, float, float, float]


def _narrative(
    quantity_id: str, mention: Mention, section: str | None, start: int, end: int, page: int | None, bbox: _Place | None
) -> Quantity:
    return Quantity(
        id=quantity_id,
        raw=mention.raw,
        kind=mention.kind,
        value=mention.value,
        unit=mention.unit,
        decimals=mention.decimals,
        yuan=mention.yuan,
        date=mention.date,
        bound=mention.bound,
        start=start,
        end=end,
        page=page,
        bbox=bbox,
        section=section,
        role=Role.UNCLAIMED if mention.context is None else Role.CONTEXT,
        context=mention.context,
    )


def _cell(quantity_id: str, cell: PrintedCell, start: int, end: int, page: int | None, bbox: _Place | None) -> Quantity:
    factor = YUAN.get(cell.unit or "")
    return Quantity(
        id=quantity_id,
        raw=cell.text,
        kind=QuantityKind.MONEY if factor else _CELL_KINDS.get(cell.unit or "", QuantityKind.COUNT),
        value=cell.value,
        unit=cell.unit,
        decimals=cell.decimals,
        yuan=cell.value * factor if factor and cell.value is not None else None,
        start=start,
        end=end,
        page=page,
        bbox=bbox,
        role=Role.TABLE,
    )
