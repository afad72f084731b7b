"""Puts a loaded document together: its text, and the places of its pages, tables, cells and characters."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from extractor.documents.loaded import Boxes, LoadedCell, LoadedDocument, LoadedTable, Page
from extractor.documents.loading.limits import TEXT_CHARACTERS
from extractor.errors import LoadError

_BREAKS = dict.fromkeys(map(ord, "\t\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029"), " ")


class CellText(NamedTuple):
    """A cell to be written: its grid place, its words, and the boxes of its characters if they are known."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    boxes: Sequence[float] | None = None


class TextWriter:
    """Appends lines, tables and pages to a text and keeps account of where they stand.

    With `boxed`, every character gets a box: the given one, or an empty one.
    """

    def __init__(self, name: str, boxed: bool = False) -> None:
        self._name = name
        self._parts: list[str] = []
        self._length = 0
        self._edges: array[float] | None = array("f") if boxed else None
        self._pages: list[Page] = []
        self._page: tuple[int, float, float] | None = None
        self._tables: list[LoadedTable] = []

    def write(self, text: str, boxes: Sequence[float] | None = None) -> None:
        """Append text as it is, with four box edges a character if they are known."""
        self._parts.append(text)
        self._length += len(text)
        if self._length > TEXT_CHARACTERS:
            raise LoadError(
                f"{self._name}: more than {TEXT_CHARACTERS:,} characters of text; split the file into its disclosures"
            )
        if self._edges is not None:
            self._edges.extend(boxes if boxes is not None else array("f", bytes(16 * len(text))))

    def line(self, text: str, boxes: Sequence[float] | None = None) -> None:
        """Append a line and its end."""
        self.write(text, boxes)
        self.write("\n")

    def start_page(self, width: float = 0.0, height: float = 0.0) -> None:
        """Begin the next page; a form feed parts it from the page before."""
        self._end_page()
        if self._pages:
            self.write("\f")
        self._page = (self._length, width, height)

    def _end_page(self) -> None:
        if self._page is not None:
            start, width, height = self._page
            self._pages.append(Page(len(self._pages) + 1, start, self._length, width, height))
            self._page = None

    def table(self, cells: Sequence[CellText]) -> None:
        """Append a table: one line for every row in which a cell begins, cells parted by tabs."""
        rows: dict[int, list[CellText]] = {}
        for cell in sorted(cells, key=lambda each: (each.row, each.column)):
            rows.setdefault(cell.row, []).append(cell)
        start = end = self._length
        written: list[LoadedCell] = []
        for row in rows.values():
            for number, cell in enumerate(row):
                if number:
                    self.write("\t")
                begin = self._length
                self.write(cell.text.translate(_BREAKS), cell.boxes)
                end = self._length
                written.append(LoadedCell(cell.row, cell.column, begin, end, cell.row_span, cell.column_span))
            self.write("\n")
        if written:
            page = len(self._pages) + 1 if self._page is not None else None
            self._tables.append(LoadedTable(start, end, tuple(written), page))

    def finish(
        self, media_type: str, sha256: str, warnings: Sequence[str] = (), all_tables_known: bool = False
    ) -> LoadedDocument:
        """The document as written."""
        self._end_page()
        return LoadedDocument(
            name=self._name,
            media_type=media_type,
            sha256=sha256,
            text="".join(self._parts),
            pages=tuple(self._pages),
            tables=tuple(self._tables),
            boxes=Boxes(self._edges) if self._edges is not None else None,
            warnings=tuple(warnings),
            all_tables_known=all_tables_known,
        )
