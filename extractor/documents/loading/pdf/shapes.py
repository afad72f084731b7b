"""What a PDF page draws: one pass over its objects, those inside forms included."""

from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MOST_SHAPES = 30_000
"""A page with more drawn paths holds a drawing, whose lines are no tables: they are not looked at."""

DEEPEST_FORM = 8
"""Forms nested deeper are not entered."""

INVISIBLE = 3
"""Text rendering mode of text that is not painted: the recognised text under a scanned page."""

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass
class Shapes:
    """The paths of a page with the matrices that place them, its number of pictures, and whether it holds text
    that is not painted."""

    paths: list[tuple[Any, Matrix]] = field(default_factory=list)
    pictures: int = 0
    hidden_text: bool = False


def shapes_of(page: pypdfium2.PdfPage) -> Shapes:
    """Look at every object of a page once. The paths are valid as long as the page is open."""
    found = Shapes()
    raw = page.raw
    get = pdfium.FPDFPage_GetObject
    for number in range(pdfium.FPDFPage_CountObjects(raw)):
        _look_at(get(raw, number), _IDENTITY, 0, found)
    if len(found.paths) > MOST_SHAPES:
        found.paths.clear()
    return found


def _look_at(shape: Any, outer: Matrix, depth: int, found: Shapes) -> None:
    kind = pdfium.FPDFPageObj_GetType(shape)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        if not found.hidden_text and pdfium.FPDFTextObj_GetTextRenderMode(shape) == INVISIBLE:
            found.hidden_text = True
    elif kind == pdfium.FPDF_PAGEOBJ_PATH:
        if len(found.paths) <= MOST_SHAPES:
            found.paths.append((shape, _product(_matrix(shape), outer)))
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        found.pictures += 1
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
        matrix = _product(_matrix(shape), outer)
        for number in range(pdfium.FPDFFormObj_CountObjects(shape)):
            _look_at(pdfium.FPDFFormObj_GetObject(shape, number), matrix, depth + 1, found)


def _matrix(shape: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(shape, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    if outer == _IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
