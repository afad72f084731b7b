"""All tables of a document."""

from collections.abc import Sequence

from extractor.documents.lines import Line
from extractor.documents.loaded import LoadedDocument
from extractor.documents.regions import Region
from extractor.documents.tables.model import PrintedTable


def tables_of(loaded: LoadedDocument, lines: Sequence[Line], regions: Sequence[Region]) -> list[PrintedTable]:
    """Every table that the document prints, in order."""
    return []
