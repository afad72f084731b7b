"""The unit of tables that print none.

A document prints the unit above its first table, and the text layer may lose the notes of the others. Taken as 元, figures in
万元 would contradict the whole narrative; a table is given the unit in which its figures are figures of the narrative, and none
where these do not tell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from extractor.documents.quantities import Mention
from extractor.documents.tables.assemble import unit_of_cell
from extractor.documents.tables.model import YUAN, PrintedCell, PrintedRow, PrintedTable

ENOUGH = 3
"""So many different figures of the narrative must stand in a table, and so many times those of any other unit."""


def with_units(tables: Sequence[PrintedTable], mentions: Iterable[Mention]) -> list[PrintedTable]:
    """The tables, those without a printed unit in the unit that the narrative tells."""
    if all(table.unit for table in tables):
        return list(tables)
    told = {mention.yuan for mention in mentions if mention.yuan}
    return [table if table.unit else _settled(table, told) for table in tables]


def _settled(table: PrintedTable, told: set[Decimal]) -> PrintedTable:
    values = {cell.value for row in table.rows for cell in row.cells if cell.value and cell.unit is None}
    found = sorted(
        ((len(told & {value * factor for value in values}), unit) for unit, factor in YUAN.items()), reverse=True
    )
    (most, unit), (next_most, _) = found[:2]
    if most < ENOUGH or most < ENOUGH * next_most:
        return table
    return replace(table, unit=unit, rows=tuple(_in_unit(row, unit) for row in table.rows))


def _in_unit(row: PrintedRow, unit: str) -> PrintedRow:
    return replace(row, cells=tuple(_cell_in(cell, row, unit) for cell in row.cells))


def _cell_in(cell: PrintedCell, row: PrintedRow, unit: str) -> PrintedCell:
    if cell.value is None or cell.unit is not None:
        return cell
    return cell._replace(unit=unit_of_cell(cell.column, row.name, row.path, unit))
