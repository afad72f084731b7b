"""Pictures of the PDF pages that findings speak of: strips around the figures, with a box for each of them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from extractor.documents.loaded import Box, Boxes, LoadedDocument
from extractor.outputs.report.arithmetic import Part
from extractor.outputs.report.source import Marks
from schemas.checks import Finding
from schemas.quantities import Quantity

SCALE = 1.6
"""Pixels a point: 950 across an A4 page, in which 8-point figures can still be read."""

SHADES = 8
"""Grey levels kept: a strip of print takes 7 instead of 14 kB, and looks the same."""

MOST_PAGES = 10
"""Pages drawn of a document, the gravest findings first: each takes about 30 ms."""

MOST_STRIPS = 4
"""Strips shown of a finding."""

AROUND = 34.0
"""Points shown above and below a box: two lines."""

SNAP = 30
"""Pixels that a strip may be longer at either end, not to cut a line of text."""

TOGETHER = 90.0
"""Boxes no further apart (in points) are shown in one strip."""

LONGEST_STRETCH = 300
"""Characters of a stretch of words that are boxed."""


MOST_LINES = 2
"""Lines that a figure can run over; one that seems to run over more is printed sideways, and has one box."""


@dataclass(frozen=True)
class MarkedBox:
    """A box on a page in points from its top left corner, and what it marks."""

    box: Box
    part: Part
    suspect: bool


@dataclass(frozen=True)
class Strip:
    """A part of a page as PNG; `left`, `top`, `width` and `height` in points of the page, as its boxes."""

    page: int
    left: float
    top: float
    width: float
    height: float
    png: bytes
    boxes: tuple[MarkedBox, ...]


@dataclass
class PagePictures:
    """Draws the pages of one PDF as they are needed. pdfium is not thread-safe: one thread of a process at a time."""

    path: Path
    loaded: LoadedDocument
    _pages: dict[int, Image.Image] = field(default_factory=dict)
    _document: pypdfium2.PdfDocument | None = None

    def strips(self, boxes: dict[int, list[MarkedBox]]) -> list[Strip]:
        """The strips that show some boxes by page, the first of them; fewer where enough pages were drawn."""
        wanted = [(page, group) for page in sorted(boxes) for group in _groups(boxes[page])]
        wanted.sort(key=lambda each: not any(box.suspect for box in each[1]))
        chosen = sorted(wanted[:MOST_STRIPS], key=lambda each: (each[0], each[1][0].box[1]))
        return [strip for page, group in chosen if (strip := self._strip(page, group)) is not None]

    def close(self) -> None:
        """Give the file back."""
        if self._document is not None:
            self._document.close()

    def _strip(self, number: int, boxes: Sequence[MarkedBox]) -> Strip | None:
        page = self._page(number)
        if page is None:
            return None
        top = _blank(page, int((min(each.box[1] for each in boxes) - AROUND) * SCALE), -1)
        bottom = _blank(page, int((max(each.box[3] for each in boxes) + AROUND) * SCALE), 1)
        strip = page.crop((0, top, page.width, bottom))
        printed = ImageOps.invert(strip).getbbox()
        if printed is None:
            return None
        left, right = max(0, printed[0] - 12), min(page.width, printed[2] + 12)
        strip = strip.crop((left, 0, right, strip.height))
        stream = io.BytesIO()
        strip.save(stream, "PNG", compress_level=6)
        size = (left / SCALE, top / SCALE, strip.width / SCALE, strip.height / SCALE)
        return Strip(number, *size, stream.getvalue(), tuple(boxes))

    def _page(self, number: int) -> Image.Image | None:
        if number in self._pages:
            return self._pages[number]
        if len(self._pages) >= MOST_PAGES:
            return None
        if self._document is None:
            self._document = pypdfium2.PdfDocument(self.path)
        page = self._document[number - 1]
        try:
            bitmap: Any = page.render(scale=SCALE, grayscale=True)
            step = 256 // SHADES
            shades = [min(255, value // step * 255 // (SHADES - 1)) for value in range(256)]
            self._pages[number] = bitmap.to_pil().convert("L").point(shades)
        finally:
            page.close()
        return self._pages[number]


def _blank(page: Image.Image, row: int, step: int) -> int:
    """The next row of pixels without print in a direction, so that no line of text is cut; the row itself where a
    table's rulings leave none near."""
    row = max(0, min(row, page.height))
    for near in range(row, row + step * SNAP, step):
        if not 0 < near < page.height - 1:
            return max(0, min(near, page.height))
        if page.crop((0, near, page.width, near + 1)).getextrema()[0] == 255:
            return near
    return row


def boxes_of(
    loaded: LoadedDocument, finding: Finding, quantities: dict[str, Quantity], marks: Marks
) -> dict[int, list[MarkedBox]]:
    """The boxes of a finding by page: of its figures, or of its words where it is about words."""
    found: dict[int, list[MarkedBox]] = {}
    for each in finding.quantities:
        quantity = quantities.get(each)
        if quantity is None or quantity.bbox is None or quantity.page is None:
            continue
        part, suspect = marks.parts.get(each, Part.FIGURE), each in marks.suspects
        lines = _lines(loaded.boxes, quantity.start, quantity.end) if loaded.boxes else []
        boxes = lines if 0 < len(lines) <= MOST_LINES else [quantity.bbox]
        found.setdefault(quantity.page, []).extend(MarkedBox(box, part, suspect) for box in boxes)
    if found or loaded.boxes is None:
        return found
    for start, end in finding.spans:
        page = loaded.page_at(start)
        if page is not None:
            lines = _lines(loaded.boxes, start, min(end, start + LONGEST_STRETCH, loaded.pages[page - 1].end))
            found.setdefault(page, []).extend(MarkedBox(box, Part.WORDS, False) for box in lines)
    return {page: boxes for page, boxes in found.items() if boxes}


def _lines(boxes: Boxes, start: int, end: int) -> list[Box]:
    """The boxes of the lines that a stretch of text takes."""
    lines: list[Box] = []
    for at in range(start, end):
        box = boxes.around(at, at + 1)
        if box is None:
            continue
        middle = (box[1] + box[3]) / 2
        if lines and lines[-1][1] <= middle <= lines[-1][3] and box[0] >= lines[-1][0]:
            last = lines[-1]
            lines[-1] = last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])
        else:
            lines.append(box)
    return lines


def _groups(boxes: Sequence[MarkedBox]) -> list[list[MarkedBox]]:
    """Boxes of a page that one strip shows, from the top down."""
    groups: list[list[MarkedBox]] = []
    bottom = 0.0
    for box in sorted(boxes, key=lambda each: each.box[1]):
        if groups and box.box[1] - bottom <= TOGETHER:
            groups[-1].append(box)
        else:
            groups.append([box])
        bottom = max(bottom, box.box[3]) if len(groups[-1]) > 1 else box.box[3]
    return groups
