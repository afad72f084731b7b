"""All tables of a document."""

import re
from collections.abc import Mapping, Sequence

from extractor.documents.lines import Line
from extractor.documents.loaded import LoadedDocument
from extractor.documents.numerals import decimals_of
from extractor.documents.regions import Region, RegionKind
from extractor.documents.tables.captions import RawTable, note_of, raw_tables
from extractor.documents.tables.headwords import unit_of
from extractor.documents.tables.labels import columned, described
from extractor.documents.tables.model import PrintedCell, PrintedRow, PrintedTable
from extractor.documents.tables.nesting import Named, parents_of
from extractor.documents.tables.printed import Sheet, sheets_of
from extractor.documents.tables.rows import RawRow
from extractor.documents.tables.settle import Grid, headings_of, settle
from extractor.documents.tables.settle import Line as Placed

_WHITE = re.compile(r"\s+")
_COUNTED = re.compile(r"[（(](个|辆|台|台[（(]套[)）]|人|人次|批次|次|户|家|套|项|件|%|％)[)）]$")


def tables_of(loaded: LoadedDocument, lines: Sequence[Line], regions: Sequence[Region]) -> list[PrintedTable]:
    """Every table that the document prints, in order."""
    raws = [
        raw
        for region in regions
        if region.kind is RegionKind.TABLE
        for raw in raw_tables(lines[region.start : region.end])
    ]
    read = [sheets_of(raw.lines) for raw in raws]
    grids = [[_grid(raw.title, sheet) for sheet in sheets] for raw, sheets in zip(raws, read, strict=True)]
    settle([grid for each in grids for grid in each])
    return [_table(loaded, *each) for each in zip(raws, read, grids, strict=True)]


def _grid(title: str, sheet: Sheet) -> Grid:
    placed = []
    for row in sheet.rows:
        words = described([(cell, role) for cell, role, _ in columned(row.cells, sheet.blocks[row.block or 0])])
        placed.append(Placed(words.name, codes_of(row, words.code), row.figures, row.block))
    return Grid(title, sheet.blocks, placed)


def codes_of(row: RawRow, code: str | None) -> tuple[str, ...]:
    """The classification codes of a row, the function first."""
    found = [match[0] for cell in row.cells if (match := re.match(r"[235]\d{2}(?:\d{2}){0,2}(?=[-—－])", cell.text))]
    return tuple(found) or ((code,) if code else ())


def _table(loaded: LoadedDocument, raw: RawTable, sheets: Sequence[Sheet], grids: Sequence[Grid]) -> PrintedTable:
    rows: list[PrintedRow] = []
    for sheet, grid in zip(sheets, grids, strict=True):
        unit = raw.unit or sheet.unit
        each = [_row(loaded.text, unit, sheet, *pair) for pair in zip(sheet.rows, grid.lines, [grid] * len(sheet.rows))]
        rows.extend(_nested(each, sheet.rows))
    return PrintedTable(
        raw.title,
        raw.unit or next((sheet.unit for sheet in sheets if sheet.unit), None),
        tuple(rows),
        raw.start,
        raw.end,
        loaded.page_at(raw.start),
        note_of(raw),
        tuple(heading for sheet in sheets for block in sheet.blocks for heading in block.figures),
        tuple(indicator for sheet in sheets for indicator in sheet.indicators),
    )


def _row(text: str, table_unit: str | None, sheet: Sheet, row: RawRow, placed: Placed, grid: Grid) -> PrintedRow:
    labels = columned(row.cells, sheet.blocks[row.block or 0])
    words = described([(cell, role) for cell, role, _ in labels])
    counted = _COUNTED.search(words.name)
    cells = [PrintedCell(heading, cell.text, cell.start, cell.end) for cell, _, heading in labels]
    figures = [token for token in row.figures if token.figure is not None]
    for token, heading in zip(figures, headings_of(grid, placed), strict=True):
        unit = "%" if token.text.endswith(("%", "％")) else unit_of(heading, counted[1] if counted else table_unit)
        cells.append(
            PrintedCell(heading, token.text, token.start, token.end, token.figure, decimals_of(token.text.rstrip("%％")), unit)
        )
    places = verified(text, {"name": words.name, "code": words.code, "path": words.path}, words.places or {})
    return PrintedRow(words.name, tuple(cells), words.code, words.path, row.start, row.end, places)


def verified(
    text: str, words: Mapping[str, str | None], places: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """The places at which exactly the words stand, white space aside."""
    return {
        field: (start, end)
        for field, (start, end) in places.items()
        if words.get(field) and _WHITE.sub("", text[start:end]) == words[field]
    }


def _nested(rows: Sequence[PrintedRow], raws: Sequence[RawRow]) -> list[PrintedRow]:
    """The rows with figures, each with the group it stands under."""
    named = [
        Named(row.name, row.code is not None, raw.block, raw.cells[-1].indent if raw.cells else 0, row.places.get("name"))
        for row, raw in zip(rows, raws, strict=True)
    ]
    nested = []
    for row, parent in zip(rows, parents_of(named), strict=True):
        if row.path is None and parent is not None:
            places = {**row.places, **({"path": parent.place} if parent.place else {})}
            row = PrintedRow(row.name, row.cells, row.code, parent.name, row.start, row.end, places)
        nested.append(row)
    return [row for row in nested if any(cell.value is not None for cell in row.cells)]
