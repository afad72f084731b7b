"""DOCX files: paragraphs with their list numbers, tables and text boxes in the order of the document.

The parts are read directly: python-docx refuses files that refer to missing parts (as WPS writes them), and shows
neither list numbers nor text boxes nor tracked changes. What a reader of the printed document does not see
(deleted and hidden text, field codes, headers and footers) is left out.
"""

from collections.abc import Iterator

from lxml import etree

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.blocks import WIDEST_SPAN, Block, GridPlaces, TableBlock, TableCell, write_blocks
from extractor.documents.loading.docx_numbering import ListNumbers, child, local, value
from extractor.documents.loading.package import Package
from extractor.documents.loading.writing import TextWriter
from extractor.errors import LoadError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_INSIDE_PARAGRAPHS = (
    "hyperlink",
    "smartTag",
    "ins",
    "moveTo",
    "fldSimple",
    "dir",
    "bdo",
    "customXml",
    "ruby",
    "rubyBase",
)
_AROUND_BLOCKS = ("ins", "moveTo", "customXml", "sdt", "sdtContent")
_OFF = ("0", "false", "off")


def load_docx(name: str, data: bytes, sha256: str) -> LoadedDocument:
    """A DOCX file, one line a paragraph and one line a table row, its cells parted by tabs."""
    package = Package(name, data)
    main = next((part for kind, part in package.related("") if kind == "officeDocument"), None)
    body = child(package.xml(main), "body") if main else None
    if main is None or body is None:
        raise LoadError(f"{name}: the file is damaged, it has no document inside; save it again as DOCX")
    parts = dict(package.related(main))
    roots = {kind: package.xml(parts[kind]) for kind in ("numbering", "styles") if kind in parts}
    reader = _Reader(name, ListNumbers(roots.get("numbering"), roots.get("styles")))
    writer = TextWriter(name)
    try:
        write_blocks(writer, reader.blocks(body))
        for kind in ("footnotes", "endnotes"):
            if kind in parts:
                write_blocks(writer, reader.notes(package.xml(parts[kind])))
    except RecursionError as error:
        raise LoadError(f"{name}: tables are nested too deeply in each other; save the file again") from error
    return writer.finish(MEDIA_TYPE, sha256, all_tables_known=True)


class _Reader:
    """Reads blocks from elements; keeps count of list numbers as it goes."""

    def __init__(self, name: str, numbers: ListNumbers) -> None:
        self._name = name
        self._numbers = numbers

    def blocks(self, parent: etree._Element) -> list[Block]:
        """Paragraphs and tables inside an element, in order."""
        found: list[Block] = []
        carried = ""  # text of a paragraph whose end mark was deleted: the next one goes on with it
        for element in parent:
            kind = local(element)
            if kind == "p":
                text, boxes = self._paragraph(element)
                if child(element, "pPr", "rPr", "del") is not None:
                    carried += text
                else:
                    found.append(carried + text)
                    carried = ""
                found += boxes
            elif kind == "tbl":
                found.append(self._table(element))
            elif kind in _AROUND_BLOCKS:
                found += self.blocks(element)
            elif kind == "AlternateContent":
                found += self.blocks(_chosen(element))
        return [*found, carried] if carried else found

    def notes(self, root: etree._Element) -> Iterator[Block]:
        """The texts of footnotes or endnotes."""
        for note in root:
            if value(note, "type") in (None, "normal"):
                yield from self.blocks(note)

    def _paragraph(self, element: etree._Element) -> tuple[str, list[Block]]:
        """The text of a paragraph with its list number, and what its text boxes hold."""
        boxes: list[Block] = []
        text = "".join(self._inline(element, boxes))
        number = self._numbers.before(child(element, "pPr")) if text.strip() else ""
        if number and not text.startswith((" ", "\u3000", "\t")) and (number[-1].isalnum() or number[-1] == "."):
            number += " "
        return number + text, boxes

    def _inline(self, parent: etree._Element, boxes: list[Block]) -> Iterator[str]:
        for element in parent:
            kind = local(element)
            if kind == "r":
                if not _is_hidden(element):
                    yield from self._run(element, boxes)
            elif kind in _INSIDE_PARAGRAPHS:
                yield from self._inline(element, boxes)
            elif kind == "sdt":
                content = child(element, "sdtContent")
                if content is not None:
                    yield from self._inline(content, boxes)
            elif kind in ("oMath", "oMathPara"):
                yield from (each.text or "" for each in element.iter() if local(each) == "t")
            elif kind == "AlternateContent":
                yield from self._inline(_chosen(element), boxes)

    def _run(self, run: etree._Element, boxes: list[Block]) -> Iterator[str]:
        for element in run:
            kind = local(element)
            if kind == "t":
                yield element.text or ""
            elif kind in ("tab", "ptab"):
                yield "\t"
            elif kind in ("br", "cr"):
                yield "\n"
            elif kind == "noBreakHyphen":
                yield "-"
            elif kind == "sym":
                yield _symbol(value(element, "char"))
            elif kind == "ruby":
                yield from self._inline(element, boxes)
            elif kind == "AlternateContent":
                yield from self._run(_chosen(element), boxes)
            elif kind in ("drawing", "pict", "object"):
                for box in element.iter():
                    if local(box) == "txbxContent":
                        boxes += self.blocks(box)

    def _table(self, table: etree._Element) -> TableBlock:
        places = GridPlaces()
        cells: list[TableCell] = []
        above: dict[int, int] = {}  # column -> number of the cell that may go on downwards from there
        for row in _rows(table):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            places.next_row()
            places.skip(_span(value(child(properties, "gridBefore")), 0))
            for element in _cells(row):
                span = _span(value(child(element, "tcPr", "gridSpan")), 1)
                at, column = places.place(1, span)
                merge = child(element, "tcPr", "vMerge")
                if merge is not None and value(merge) != "restart" and column in above:
                    number = above[column]
                    cells[number] = _one_row_more(cells[number], at)
                    continue
                above[column] = len(cells)
                cells.append(TableCell(at, column, tuple(self.blocks(element)), 1, span))
            if places.full:
                raise LoadError(f"{self._name}: a table in it has more cells than any real one; it is refused")
        return TableBlock(tuple(cells))


def _one_row_more(cell: TableCell, row: int) -> TableCell:
    return TableCell(cell.row, cell.column, cell.content, row - cell.row + 1, cell.column_span)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return _inside(table, "tr")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return _inside(row, "tc")


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children of a name, also inside the wrappers of content controls and tracked insertions."""
    for element in parent:
        if local(element) == name:
            yield element
        elif local(element) in _AROUND_BLOCKS:
            yield from _inside(element, name)


def _span(text: str | None, otherwise: int) -> int:
    return min(int(text), WIDEST_SPAN) if text is not None and text.isdecimal() else otherwise


def _chosen(alternatives: etree._Element) -> etree._Element:
    """The first choice of a part that is given twice, for newer and older programs."""
    choice = child(alternatives, "Choice")
    if choice is None:
        choice = child(alternatives, "Fallback")
    return choice if choice is not None else etree.Element("none")


def _is_hidden(run: etree._Element) -> bool:
    hidden = child(run, "rPr", "vanish")
    return hidden is not None and value(hidden) not in _OFF


def _symbol(code: str | None) -> str:
    """A character given by its number in a symbol font; the private ones are ticks and bullets."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= number <= 0xF8FF or number < 0x20 else chr(number)
