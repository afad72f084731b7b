"""PDF files with a text layer: glyphs from the page, lines from geometry, tables from ruling lines."""

from extractor.documents.loading.pdf.load import load_pdf

__all__ = ["load_pdf"]
