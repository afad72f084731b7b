"""Official tables: from ruling lines, file structure or printed rows to rows of cells with places."""

from extractor.documents.tables.model import PrintedCell, PrintedRow, PrintedTable

__all__ = ["PrintedCell", "PrintedRow", "PrintedTable"]
