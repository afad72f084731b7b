"""The ruling lines of a PDF page: what its strokes, boxes and thin filled bars draw horizontally or vertically."""

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extractor.documents.loading.pdf.frame import Frame
from extractor.documents.loading.pdf.shapes import Matrix, Shapes

THIN = 3.0
"""A filled shape at most this thick (points) is a line; a thicker one is shading."""

STRAIGHT = 1.0
"""How far the ends of a line may be off the straight (points)."""

SHORTEST = 3.0
"""Shorter strokes are dots and marks."""

SAME_LINE = 3.0
"""Parallel rulings nearer than this (points) are one: double borders, borders drawn cell by cell."""

_Point = tuple[float, float]


class Ruling(NamedTuple):
    """A straight line in the reading frame: at height (or distance from the left) `at`, from `start` to `end`."""

    at: float
    start: float
    end: float


class Rulings(NamedTuple):
    """All ruling lines of a page, collinear ones joined, in order of their place."""

    horizontal: list[Ruling]
    vertical: list[Ruling]


def rulings_of(shapes: Shapes, frame: Frame) -> Rulings:
    """The ruling lines of a page."""
    horizontal: list[Ruling] = []
    vertical: list[Ruling] = []
    for start, end in _strokes(shapes):
        x0, y0, x1, y1 = frame.reading(*_ordered(start, end))
        if y1 - y0 <= STRAIGHT and x1 - x0 >= SHORTEST:
            horizontal.append(Ruling((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= STRAIGHT and y1 - y0 >= SHORTEST:
            vertical.append(Ruling((x0 + x1) / 2, y0, y1))
    return Rulings(_joined(horizontal), _joined(vertical))


def _ordered(start: _Point, end: _Point) -> tuple[float, float, float, float]:
    return min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def _joined(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Rulings on the same line as one where they touch, so that a border drawn cell by cell is one line."""
    joined: list[Ruling] = []
    band: list[Ruling] = []
    for ruling in sorted(rulings):
        if band and ruling.at - band[-1].at > SAME_LINE:
            joined += _joined_band(band)
            band = []
        band.append(ruling)
    return joined + _joined_band(band)


def _joined_band(band: Sequence[Ruling]) -> list[Ruling]:
    if not band:
        return []
    longest = max(band, key=lambda ruling: ruling.end - ruling.start)
    joined: list[Ruling] = []
    for ruling in sorted(band, key=lambda each: each.start):
        if joined and ruling.start <= joined[-1].end + SAME_LINE:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, ruling.end))
        else:
            joined.append(Ruling(longest.at, ruling.start, ruling.end))
    return joined


def _strokes(shapes: Shapes) -> Iterator[tuple[_Point, _Point]]:
    """The straight strokes of a page, and the middle lines of its thin bars, in PDF coordinates."""
    for shape, matrix in shapes.paths:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(shape, fill, stroke)
        if not _is_seen(shape, bool(stroke.value)):
            continue
        for points in _subpaths(shape, matrix):
            bar = _bar(points)
            if bar is not None:
                yield bar
            elif stroke.value:
                yield from itertools.pairwise(points)


def _is_seen(shape: Any, stroked: bool) -> bool:
    """False for white and for fully transparent paint."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    ask = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    if not ask(shape, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < 250


def _subpaths(shape: Any, matrix: Matrix) -> Iterator[list[_Point]]:
    """The corners of each part of a path, closed parts ending where they begin; curves are cut out."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[_Point] = []
    for number in range(pdfium.FPDFPath_CountSegments(shape)):
        segment = pdfium.FPDFPath_GetPathSegment(shape, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        place = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(place)
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            yield [*points, points[0]]
            points = []
    if len(points) > 1:
        yield points


def _bar(points: Sequence[_Point]) -> tuple[_Point, _Point] | None:
    """The middle line of a thin shape, None for a shape with an inside."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if height <= THIN and width > height:
        middle = (max(ys) + min(ys)) / 2
        return (min(xs), middle), (max(xs), middle)
    if width <= THIN and height > width:
        middle = (max(xs) + min(xs)) / 2
        return (middle, min(ys)), (middle, max(ys))
    return None
