"""The visible characters of a PDF page with their boxes, through pdfium's raw functions.

The raw functions are called a character at a time (about 1 microsecond each); pdfium's own text order, spaces and line
ends are not used, because they are unreliable for tables and for letter-spaced text.
"""

import ctypes
import unicodedata
from collections import Counter
from functools import cache
from math import pi
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from extractor.documents.loading.pdf.frame import Frame
from extractor.documents.loading.pdf.shapes import INVISIBLE

UPRIGHT_WITHIN = pi / 36
"""Characters turned by another angle than a multiple of 90° (within 5°) are watermarks."""

_SPELLED_APART = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F))
"""Radicals, compatibility ideographs and vertical forms, which some PDFs print ordinary characters with."""

_SPACES = (0x20, 0xA0, 0x3000)

_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-"}
"""What pdfium makes of a hyphen at the end of a line."""


class Glyph(NamedTuple):
    """One printed character and its box in the reading frame (origin top left, points)."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    spaced: bool = False
    """Was a space typed before it?"""

    @property
    def middle(self) -> float:
        """Height of its centre below the top of the page."""
        return (self.y0 + self.y1) / 2

    @property
    def centre(self) -> float:
        """Distance of its centre from the left edge of the page."""
        return (self.x0 + self.x1) / 2


class PageText(NamedTuple):
    """The characters of one page in the order of its content, whether they are only a hidden layer, and how
    many characters the page draws without saying which they are."""

    glyphs: list[Glyph]
    frame: Frame
    hidden_layer: bool
    unreadable: int


def page_text(page: pypdfium2.PdfPage, hidden_text: bool) -> PageText:
    """The characters that a page shows; those of its hidden layer where it shows none. `hidden_text` says
    whether the page has such a layer: asking every character is slow.

    Characters outside the page, watermarks printed askew and white space are left out.
    """
    textpage = page.get_textpage()
    try:
        handle, count = textpage.raw, textpage.count_chars()
        codes = _codes(handle, count)
        angles = list(map(pdfium.FPDFText_GetCharAngle, [handle] * count, range(count)))
        hidden = _hidden(handle, count) if hidden_text else set()
        unreadable = sum(1 for code in codes if code in (0, 0xFFFD) or 0xE000 <= code <= 0xF8FF)
        frame = _frame(page, codes, angles)
        visible = [n for n in range(count) if n not in hidden]
        glyphs = _glyphs(handle, frame, codes, angles, visible)
        if not glyphs and hidden:
            return PageText(_glyphs(handle, frame, codes, angles, sorted(hidden)), frame, True, unreadable)
        return PageText(glyphs, frame, False, unreadable)
    finally:
        textpage.close()


def _codes(handle: Any, count: int) -> list[int]:
    """The code points of all characters, 0 where there is none to show."""
    codes = list(map(pdfium.FPDFText_GetUnicode, [handle] * count, range(count)))
    for n, code in enumerate(codes):
        if 0xD800 <= code < 0xDC00 and n + 1 < count and 0xDC00 <= codes[n + 1] < 0xE000:
            codes[n] = 0x10000 + ((code - 0xD800) << 10) + (codes[n + 1] - 0xDC00)
            codes[n + 1] = 0
    return codes


def _frame(page: pypdfium2.PdfPage, codes: list[int], angles: list[float]) -> Frame:
    """The page's frame, turned so that most of its characters stand upright (pdfium gives angles clockwise)."""
    left, bottom, right, top = page.get_bbox()
    shown = page.get_rotation() // 90
    turns = Counter(-round(angle / (pi / 2)) % 4 for code, angle in zip(codes, angles, strict=True) if code > 0x20)
    read = turns.most_common(1)[0][0] if turns else shown
    return Frame(left, bottom, right, top, shown, read)


def _hidden(handle: Any, count: int) -> set[int]:
    """The numbers of the characters that are not painted."""
    shapes = (pdfium.FPDFText_GetTextObject(handle, n) for n in range(count))
    return {n for n, shape in enumerate(shapes) if shape and pdfium.FPDFTextObj_GetTextRenderMode(shape) == INVISIBLE}


def _glyphs(handle: Any, frame: Frame, codes: list[int], angles: list[float], numbers: list[int]) -> list[Glyph]:
    width, height = frame.size if (frame.read - frame.shown) % 2 == 0 else frame.size[::-1]
    rect = pdfium.FS_RECTF()
    reference = ctypes.byref(rect)
    found = []
    spaced = False
    for n in numbers:
        text = _character(codes[n])
        if text is None:
            spaced = spaced or (codes[n] in _SPACES and not pdfium.FPDFText_IsGenerated(handle, n))
            continue
        pdfium.FPDFText_GetLooseCharBox(handle, n, reference)
        x0, y0, x1, y1 = frame.reading(rect.left, rect.bottom, rect.right, rect.top)
        if x1 <= x0 or y1 <= y0 or not (0 <= x0 + x1 <= 2 * width and 0 <= y0 + y1 <= 2 * height):
            continue
        angle = angles[n] % (pi / 2)
        if UPRIGHT_WITHIN < angle < pi / 2 - UPRIGHT_WITHIN:
            continue
        found.append(Glyph(text, x0, y0, x1, y1, spaced))
        spaced = False
    return found


@cache
def _character(code: int) -> str | None:
    """A character as text files spell it; None for white space and control characters."""
    if code in _HYPHENS:
        return _HYPHENS[code]
    if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF or code in (0xFEFF, 0xFFFF):
        return None
    text = chr(code)
    if any(first <= code <= last for first, last in _SPELLED_APART):
        plain = unicodedata.normalize("NFKC", text)
        text = plain if len(plain) == 1 else text
    return None if text.isspace() or unicodedata.category(text) in ("Cc", "Cf", "Zs") else text
