"""All tables of a document."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractor.documents.lines import Line
from extractor.documents.loaded import LoadedDocument, LoadedTable
from extractor.documents.regions import Region, RegionKind
from extractor.documents.tables.assemble import Parts, PlacedFigure, printed_rows
from extractor.documents.tables.captions import RawTable, has_rows, note_of, raw_tables, same_table
from extractor.documents.tables.delimited import delimited_table
from extractor.documents.tables.grids import GridRow, GridSheet, grid_sheet
from extractor.documents.tables.labels import classification_codes, columned, described
from extractor.documents.tables.matrix import Matrix, has_other_head, matrix_of, title_rows
from extractor.documents.tables.model import PrintedTable
from extractor.documents.tables.placing import Board, Placed
from extractor.documents.tables.positions import place_by_position, spans_of
from extractor.documents.tables.printed import Sheet, sheets_of
from extractor.documents.tables.settle import settle


def tables_of(loaded: LoadedDocument, lines: Sequence[Line], regions: Sequence[Region]) -> list[PrintedTable]:
    """Every table that the document prints, in order."""
    printed: list[RawTable] = []
    known: list[_Known] = []
    for region in regions:
        if region.kind is RegionKind.TABLE:
            _collect(loaded, lines[region.start : region.end], printed, known)
    undelimited: list[RawTable] = []
    for raw in printed:
        cells = delimited_table(loaded.text, raw.lines)
        if cells is None:
            undelimited.append(raw)
        else:
            known.append(_Known([cells], raw, raw.notes))
    tables = [*_from_text(loaded, undelimited), *(_from_cells(loaded, each) for each in known)]
    return sorted(tables, key=lambda table: table.start)


@dataclass
class _Known:
    """A table of known cells, over one page or more, with what is printed above and below it."""

    parts: list[LoadedTable]
    heading: RawTable
    notes: list[Line] = field(default_factory=list)


def _collect(loaded: LoadedDocument, lines: Sequence[Line], printed: list[RawTable], known: list[_Known]) -> None:
    """Tell the tables of a region apart: those whose cells are known, and those printed as lines between them."""
    starts = [line.start for line in lines]
    inside = [table for table in loaded.tables if lines[0].start <= table.start <= lines[-1].end]
    before: _Known | None = None
    at = 0
    for table in inside:
        raws = raw_tables(lines[at : bisect_left(starts, table.start)])
        if before is not None and raws and not raws[0].title:
            before.notes += raws[0].notes
        heading = raws.pop() if raws and not has_rows(raws[-1]) else RawTable()
        printed += [raw for raw in raws if has_rows(raw)]
        if before is not None and not raws and _goes_on(loaded, before, table, heading):
            before.parts.append(table)
        else:
            before = _Known([table], heading)
            known.append(before)
        at = bisect_left(starts, table.end)
    rest = raw_tables(lines[at:])
    if before is not None and rest and not rest[0].title:
        before.notes += rest[0].notes
    printed += [raw for raw in rest if has_rows(raw) or (raw.title and before is None)]


def _goes_on(loaded: LoadedDocument, before: _Known, table: LoadedTable, heading: RawTable) -> bool:
    """Is a table the rest of the one above it? It has as many columns, and no header of its own but the same."""
    if heading.title and not same_table(before.heading.title, heading.title):
        return False
    above, below = matrix_of(loaded, before.parts[:1]), matrix_of(loaded, [table])
    return above.width == below.width and not before.notes and not has_other_head(above, below)


def _from_cells(loaded: LoadedDocument, known: _Known) -> PrintedTable:
    matrix = matrix_of(loaded, known.parts)
    sheet = grid_sheet(matrix)
    inner = raw_tables(list(_inner_lines(matrix)))
    title, unit = _title_and_unit(known.heading, inner, sheet)
    return PrintedTable(
        title,
        unit,
        tuple(printed_rows(loaded.text, [_parts_of_cells(row) for row in sheet.rows], unit)),
        min(known.heading.start or known.parts[0].start, known.parts[0].start),
        max([line.end for line in known.notes] + [known.parts[-1].end]),
        loaded.page_at(known.parts[0].start),
        note_of(known.notes),
        sheet.headings,
        tuple(sheet.indicators),
    )


def _inner_lines(matrix: Matrix) -> Iterator[Line]:
    """The table's caption and unit where they are printed in cells of the table itself."""
    for boxes in title_rows(matrix):
        for box in boxes:
            yield Line(box.start, box.end, box.text)


def _title_and_unit(heading: RawTable, inner: Sequence[RawTable], sheet: GridSheet) -> tuple[str, str | None]:
    title = heading.title or next((raw.title for raw in inner if raw.title), "")
    units = (heading.unit, *(raw.unit for raw in inner), sheet.unit)
    return title, next((unit for unit in units if unit), None)


def _parts_of_cells(row: GridRow) -> Parts:
    figures = tuple(
        PlacedFigure(heading, box.text, box.start, box.end, box.figure.value, box.figure.decimals, box.figure.unit)
        for heading, box in row.figures
        if box.figure is not None
    )
    return Parts(row.labels, described([(cell, role) for cell, role, _ in row.labels]), figures, row.block)


def _from_text(loaded: LoadedDocument, raws: Sequence[RawTable]) -> list[PrintedTable]:
    """Tables printed as lines; what one of them says of the document helps to read the others."""
    read = [[_LineSheet(raw, sheet) for sheet in sheets_of(raw.lines)] for raw in raws]
    boards = [sheet.board for sheets in read for sheet in sheets]
    span_of = spans_of(loaded, boards)
    if span_of is not None:
        for board in boards:
            place_by_position(board, span_of)
    settle(boards)
    return [_from_lines(loaded, *each) for each in zip(raws, read, strict=True)]


class _LineSheet:
    """A sheet read from lines, its rows described and on their way to columns."""

    def __init__(self, raw: RawTable, sheet: Sheet) -> None:
        self.sheet = sheet
        self.unit = raw.unit or sheet.unit
        self.labels = [tuple(columned(row.cells, sheet.blocks[row.block or 0])) for row in sheet.rows]
        self.words = [described([(cell, role) for cell, role, _ in labels]) for labels in self.labels]
        placed = [
            Placed(
                words.name,
                classification_codes(row.cells) or ((words.code,) if words.code else ()),
                row.figures,
                row.block,
            )
            for row, words in zip(sheet.rows, self.words, strict=True)
        ]
        self.board = Board(raw.title, self.unit, sheet.blocks, placed)

    def parts(self) -> Iterator[Parts]:
        """The rows with their figures placed."""
        for labels, words, row in zip(self.labels, self.words, self.board.rows, strict=True):
            yield Parts(labels, words, tuple(_placed_figures(self.board, row)), row.block)


def _from_lines(loaded: LoadedDocument, raw: RawTable, sheets: Sequence[_LineSheet]) -> PrintedTable:
    return PrintedTable(
        raw.title,
        raw.unit or next((each.unit for each in sheets if each.unit), None),
        tuple(row for each in sheets for row in printed_rows(loaded.text, list(each.parts()), each.unit)),
        raw.start,
        raw.end,
        loaded.page_at(raw.start),
        note_of(raw.notes),
        tuple(heading for each in sheets for block in each.sheet.blocks for heading in block.figures),
        tuple(indicator for each in sheets for indicator in each.sheet.indicators),
    )


def _placed_figures(board: Board, row: Placed) -> Iterator[PlacedFigure]:
    figures = [token for token in row.figures if token.figure is not None]
    for token, heading in zip(figures, board.headings(row), strict=True):
        assert token.figure is not None
        unit = "%" if token.text.endswith(("%", "％")) else None
        decimals = max(0, -int(token.figure.as_tuple().exponent))
        yield PlacedFigure(heading, token.text, token.start, token.end, token.figure, decimals, unit)
