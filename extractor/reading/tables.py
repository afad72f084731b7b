"""Records of the rows of official tables."""

from extractor.documents.disclosure import Disclosure
from schemas.extraction import Record
from schemas.fields import QuantityRef
from schemas.tables import Cell, TableRow

READER = "tables"


def table_records(disclosure: Disclosure) -> list[Record]:
    """One TableRow for every printed row that holds a figure, with its cells as pointers."""
    records = []
    for table in disclosure.tables:
        for row in table.rows:
            cells = tuple(
                Cell(column=cell.column, value=QuantityRef(quantity=disclosure.by_place[cell.start, cell.end].id))
                for cell in row.cells
                if cell.value is not None
            )
            if cells:
                fields = TableRow(table=table.title, code=row.code, name=row.name, path=row.path, cells=cells)
                records.append(Record(id="", type="TableRow", reader=READER, fields=fields))
    return records
