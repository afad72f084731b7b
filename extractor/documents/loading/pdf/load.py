"""A PDF file as one text: every page's tables and lines from the top down."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.limits import PAGES
from extractor.documents.loading.pdf.frame import Frame
from extractor.documents.loading.pdf.glyphs import Glyph, page_text
from extractor.documents.loading.pdf.grid import Grid, grids_of
from extractor.documents.loading.pdf.lines import TextLine, rows_of, text_line
from extractor.documents.loading.pdf.rulings import rulings_of
from extractor.documents.loading.pdf.shapes import shapes_of
from extractor.documents.loading.pdf.tables import RuledTable, ruled_table
from extractor.documents.loading.writing import TextWriter
from extractor.errors import LoadError

MEDIA_TYPE = "application/pdf"

WIDE_LINE = 0.6
"""Lines at least this wide, as a share of the widest lines, tell where the column of text begins."""

MARGIN_SHARE = 0.15
"""The column begins at the leftmost place where this share of the wide lines begins."""

UNREADABLE_SHARE = 0.3
"""A text layer is garbled when this share of its characters is not to be told."""

PICTURED_TEXT = 20
"""A page with fewer characters shows its words, if any, as a picture."""


@dataclass(frozen=True)
class LaidPage:
    """One page's tables and lines from the top down."""

    width: float
    height: float
    blocks: tuple[TextLine | RuledTable, ...]
    characters: int
    unreadable: int
    pictures: int
    hidden_layer: bool
    damaged: bool = False


def load_pdf(name: str, data: bytes, sha256: str) -> LoadedDocument:
    """A PDF with a text layer. pdfium is not thread-safe: load PDFs in one thread of a process at a time.

    Raises LoadError for an encrypted or damaged file, and for one that holds pictures of its pages only.
    """
    document = _open(name, data)
    try:
        count = len(document)
        if count > PAGES:
            raise LoadError(f"{name}: {count:,} pages; split it, a file may have {PAGES:,}")
        pages = [_laid_page(document, number) for number in range(count)]
    finally:
        document.close()
    _require_text(name, pages)
    return _written(name, pages, sha256)


def _open(name: str, data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise LoadError(f"{name}: the PDF is encrypted; remove its password first") from error
        raise LoadError(f"{name}: the PDF is damaged and cannot be opened; get it once more") from error


def _laid_page(document: pypdfium2.PdfDocument, number: int) -> LaidPage:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return LaidPage(0.0, 0.0, (), 0, 0, 0, False, damaged=True)
    try:
        shapes = shapes_of(page)
        found = page_text(page, shapes.hidden_text)
        grids = grids_of(rulings_of(shapes, found.frame))
        tables, rest = _tables(grids, found.glyphs, found.frame)
        lines = [text_line(row, found.frame) for row in rows_of(rest)]
        blocks: list[TextLine | RuledTable] = sorted([*tables, *lines], key=lambda block: block.y0)
        width, height = found.frame.size
        pictures = 0 if len(found.glyphs) >= PICTURED_TEXT else shapes.pictures
        return LaidPage(width, height, tuple(blocks), len(found.glyphs), found.unreadable, pictures, found.hidden_layer)
    finally:
        page.close()


def _tables(grids: Sequence[Grid], glyphs: Sequence[Glyph], frame: Frame) -> tuple[list[RuledTable], list[Glyph]]:
    """The ruled tables of a page, and the glyphs that stand outside them. A glyph belongs to the smallest grid
    around it."""
    inside: list[list[Glyph]] = [[] for _ in grids]
    rest: list[Glyph] = []
    for glyph in glyphs:
        centre, middle = glyph.centre, glyph.middle
        holder = next((n for n, grid in enumerate(grids) if grid.contains(centre, middle)), None)
        (rest if holder is None else inside[holder]).append(glyph)
    tables = []
    for grid, held in zip(grids, inside, strict=True):
        table = ruled_table(grid, held, frame) if held else None
        if table is None:
            rest += held
        else:
            tables.append(table)
    return tables, rest


def _require_text(name: str, pages: Sequence[LaidPage]) -> None:
    characters = sum(page.characters for page in pages)
    pictured = [page for page in pages if page.pictures]
    if characters < PICTURED_TEXT * len(pages) and len(pictured) > len(pages) / 2:
        raise LoadError(
            f"{name}: the pages are pictures (a scan) without a text layer; run OCR on the file first, "
            "for example `ocrmypdf -l chi_sim`"
        )
    if all(page.damaged for page in pages):
        raise LoadError(f"{name}: the PDF is damaged, none of its {len(pages)} pages can be read; get it once more")
    if not characters:
        raise LoadError(f"{name}: the PDF has {len(pages)} pages and no text on any of them")
    unreadable = sum(page.unreadable for page in pages)
    if unreadable > UNREADABLE_SHARE * (characters + unreadable):
        raise LoadError(
            f"{name}: the fonts of this PDF do not say which characters they draw ({unreadable:,} are unreadable); "
            "export it again from its source, or run OCR on it"
        )


def _written(name: str, pages: Sequence[LaidPage], sha256: str) -> LoadedDocument:
    margins = _margins(pages)
    writer = TextWriter(name, boxed=True)
    for number, page in enumerate(pages):
        writer.start_page(page.width, page.height)
        for block in page.blocks:
            if isinstance(block, RuledTable):
                writer.table(block.cells)
            else:
                writer.write("\u3000" * _indent(block, margins[number]))
                writer.line(block.text, block.boxes)
    return writer.finish(MEDIA_TYPE, sha256, _warnings(pages))


def _margins(pages: Sequence[LaidPage]) -> list[float]:
    """Where the column of text begins on every page: told from all pages of its width, left and right pages
    apart, because a page by itself may hold nothing but indented lines."""
    groups: dict[tuple[int, int], list[TextLine]] = {}
    keys = [(round(page.width), number % 2) for number, page in enumerate(pages)]
    for key, page in zip(keys, pages, strict=True):
        groups.setdefault(key, []).extend(block for block in page.blocks if isinstance(block, TextLine))
    found = {key: _margin(lines) for key, lines in groups.items()}
    return [found[key] for key in keys]


def _margin(lines: Sequence[TextLine]) -> float:
    if not lines:
        return 0.0
    widths = sorted(line.x1 - line.x0 for line in lines)
    least = WIDE_LINE * widths[int(0.9 * (len(widths) - 1))]
    lefts = sorted(line.x0 for line in lines if line.x1 - line.x0 >= least)
    for left in lefts:
        near = bisect_left(lefts, left + 2.0) - bisect_left(lefts, left - 0.01)
        if near >= max(1, MARGIN_SHARE * len(lefts)):
            return left
    return lefts[0]


def _indent(line: TextLine, margin: float) -> int:
    """How many ideographic spaces a line is set in from its column."""
    return min(max(0, round((line.x0 - margin) / line.em)), 40)


def _warnings(pages: Sequence[LaidPage]) -> list[str]:
    pictured = [number for number, page in enumerate(pages, 1) if page.pictures]
    recognised = [number for number, page in enumerate(pages, 1) if page.hidden_layer]
    damaged = [number for number, page in enumerate(pages, 1) if page.damaged]
    warnings = []
    if damaged:
        warnings.append(f"pages {_listed(damaged)} are damaged and were not read")
    if pictured:
        warnings.append(f"pages {_listed(pictured)} hold pictures and hardly any text: what they show was not read")
    if recognised:
        warnings.append(f"pages {_listed(recognised)} are scans; their text was recognised by a machine")
    return warnings


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
