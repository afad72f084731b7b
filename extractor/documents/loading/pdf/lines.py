"""From glyphs to lines of text: rows by height, words by the gaps between glyphs."""

import itertools
from array import array
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

from extractor.documents.loading.pdf.frame import Frame
from extractor.documents.loading.pdf.glyphs import Glyph

SAME_ROW = 0.4
"""Glyphs whose centres are nearer than this share of their height stand on one line."""

SAME_PLACE = 0.3
"""The same character again within this share of its width was printed twice to look bold."""

LATIN_GAP = 0.2
"""A gap this wide (in ems, beyond the letter spacing of the line) between two digits or letters is a space.
The space of Times is 0.25 em, that of Chinese fonts 0.5 em."""

CHINESE_GAP = 0.4
"""The same beside a Chinese character, where word processors set 0.25 em without any space."""

TYPED_GAP = 0.12
"""The same where a space was typed."""

APART = 1.2
"""A gap this wide (in ems) is white space that lays out: it is written as wide as it is."""

FIGURES_APART = 0.45
"""Two figures with such a gap (in ems) between them are two cells of a row."""

TOUCHING = 0.1
"""Glyphs nearer than this (in ems) touch: no border runs between them."""

WIDEST_GAP = 40
"""So many half-width columns at most stand for one gap."""


class TextLine(NamedTuple):
    """A line of text in the reading frame, with the boxes of its characters on the displayed page."""

    text: str
    boxes: "array[float]"
    x0: float
    y0: float
    x1: float
    y1: float
    em: float


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs by line from the top down, each line from left to right, double prints dropped."""
    rows: list[list[Glyph]] = []
    total = 0.0
    height = 0.0
    for glyph in sorted(glyphs, key=lambda each: each.y0 + each.y1):
        if rows:
            row = rows[-1]
            if glyph.middle - total / len(row) <= SAME_ROW * min(height, glyph.y1 - glyph.y0):
                row.append(glyph)
                total += glyph.middle
                continue
        rows.append([glyph])
        total, height = glyph.middle, glyph.y1 - glyph.y0
    return [_without_double_prints(sorted(row, key=lambda each: each.x0)) for row in rows]


def _without_double_prints(row: Sequence[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in row:
        place = glyph.x0 - SAME_PLACE * (glyph.x1 - glyph.x0)
        for before in reversed(kept):
            if before.x0 <= place:
                kept.append(glyph)
                break
            if before.text == glyph.text:
                break
        else:
            kept.append(glyph)
    return kept


def em_of(row: Sequence[Glyph]) -> float:
    """The size of a line's type: the width of a Chinese character, twice the width of a digit."""
    return median(min(glyph.y1 - glyph.y0, 2 * (glyph.x1 - glyph.x0)) for glyph in row)


def letter_spacing(row: Sequence[Glyph], em: float) -> float:
    """The gap that stands between any two characters of a spaced-out line; 0 in most lines."""
    gaps = [after.x0 - before.x1 for before, after in itertools.pairwise(row)]
    close = [gap for gap in gaps if gap < em / 2]
    return max(0.0, median(close)) if close else 0.0


def spaces_between(before: Glyph, after: Glyph, em: float, spacing: float) -> int:
    """How many spaces stand for the gap between two neighbours of a line."""
    gap = after.x0 - before.x1 - spacing
    latin = before.text.isascii() and after.text.isascii()
    if gap < (TYPED_GAP if after.spaced else LATIN_GAP if latin else CHINESE_GAP) * em:
        return 0
    if gap >= APART * em:
        return min(max(2, round(gap / em * 2)), WIDEST_GAP)
    figures = before.text in "0123456789%" and after.text in "-0123456789"
    return 2 if figures and gap >= FIGURES_APART * em else 1


def text_line(row: Sequence[Glyph], frame: Frame) -> TextLine:
    """One row of glyphs as text."""
    em = em_of(row)
    spacing = letter_spacing(row, em)
    parts: list[str] = []
    boxes: array[float] = array("f")
    as_shown = frame.read == frame.shown
    before: Glyph | None = None
    for glyph in row:
        spaces = spaces_between(before, glyph, em, spacing) if before is not None else 0
        if spaces:
            parts.append(" " * spaces)
            boxes.extend((0.0,) * (4 * spaces))
        parts.append(glyph.text)
        boxes.extend(glyph[1:5] if as_shown else frame.displayed(glyph[1:5]))
        before = glyph
    top, bottom = min(glyph.y0 for glyph in row), max(glyph.y1 for glyph in row)
    return TextLine("".join(parts), boxes, row[0].x0, top, max(glyph.x1 for glyph in row), bottom, em)


def tokens_of(row: Sequence[Glyph], walls: Sequence[float]) -> Iterator[list[Glyph]]:
    """The stretches of a row of a ruled table that belong together: parted by gaps, and at vertical rulings
    that no glyph is printed across (a figure too wide for its cell runs over its border and stays whole)."""
    em = em_of(row)
    spacing = letter_spacing(row, em)
    token: list[Glyph] = []
    for glyph in row:
        if token:
            before = token[-1]
            slack = TOUCHING * em
            parted = glyph.x0 - before.x1 > slack and any(
                before.x1 - slack <= wall <= glyph.x0 + slack for wall in walls
            )
            if parted or spaces_between(before, glyph, em, spacing):
                yield token
                token = []
        token.append(glyph)
    if token:
        yield token
