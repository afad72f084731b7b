"""Official tables: from ruling lines, file structure or printed rows to rows of cells with places."""

from extractor.documents.tables.assemble import verified
from extractor.documents.tables.model import PrintedCell, PrintedIndicator, PrintedRow, PrintedTable, PrintedText

__all__ = ["PrintedCell", "PrintedIndicator", "PrintedRow", "PrintedTable", "PrintedText", "verified"]
