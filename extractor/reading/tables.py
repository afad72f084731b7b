"""Records of the rows and indicators of official tables."""

from extractor.documents.disclosure import Disclosure
from extractor.documents.tables import PrintedIndicator, PrintedRow, PrintedTable, verified
from schemas.extraction import Record
from schemas.fields import QuantityRef
from schemas.tables import Cell, PerformanceIndicator, TableRow

READER = "tables"


def table_records(disclosure: Disclosure) -> list[Record]:
    """One TableRow for every printed row that holds a figure, one PerformanceIndicator for every indicator.

    Cells point at their figures; `places` says where the texts stand that stand in one piece.
    """
    records: list[Record] = []
    for table in disclosure.tables:
        records.extend(_row_record(disclosure, table, row) for row in table.rows)
        records.extend(_indicator_record(disclosure, indicator) for indicator in table.indicators)
    return records


def _row_record(disclosure: Disclosure, table: PrintedTable, row: PrintedRow) -> Record:
    cells = tuple(
        Cell(column=cell.column, value=QuantityRef(quantity=disclosure.by_place[cell.start, cell.end].id))
        for cell in row.cells
        if cell.value is not None
    )
    fields = TableRow(table=table.title, code=row.code, name=row.name or None, path=row.path, cells=cells)
    return Record(id="", type="TableRow", reader=READER, fields=fields, places=dict(row.places))


def _indicator_record(disclosure: Disclosure, indicator: PrintedIndicator) -> Record:
    words = {field: printed.text for field, printed in indicator.words.items()}
    spans = {field: (printed.start, printed.end) for field, printed in indicator.words.items()}
    return Record(
        id="",
        type="PerformanceIndicator",
        reader=READER,
        fields=PerformanceIndicator(**words),
        places=verified(disclosure.loaded.text, words, spans),
    )
