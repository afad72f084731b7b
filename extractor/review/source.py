"""The source of a document as people see it: its text with every figure coloured, and the boxes of its pages."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractor.review.indexed import index_of
from schemas.extraction import Extraction
from schemas.quantities import Quantity

AROUND = 500
"""Characters shown on either side of what a task is about."""

MOST_SHOWN = 40_000
"""Characters shown at once; the rest is folded and loads when it is opened."""

FOLD = 300
"""A gap that is shorter is not folded."""


@dataclass(frozen=True)
class Piece:
    """Characters from `start` on: a figure with its colour, or what stands between figures."""

    start: int
    text: str
    quantity: str | None = None
    colour: str = ""


@dataclass(frozen=True)
class Stretch:
    """Consecutive text, shown or folded; a folded one has no pieces yet."""

    start: int
    end: int
    pieces: tuple[Piece, ...] = ()

    @property
    def folded(self) -> bool:
        """Whether it still has to be loaded."""
        return not self.pieces and self.end > self.start


@dataclass(frozen=True)
class PlacedBox:
    """A figure on a page, in points from the top left corner."""

    quantity: str
    raw: str
    colour: str
    box: tuple[float, float, float, float]


def stretches(text: str, extraction: Extraction, spans: Iterable[tuple[int, int]]) -> list[Stretch]:
    """The whole text, what lies around the spans shown and the rest folded; without spans its beginning is shown."""
    colours = index_of(extraction).colours
    shown, found, at = _windows(text, spans), [], 0
    for start, end in shown:
        if start > at:
            found.append(Stretch(at, start))
        found.append(Stretch(start, end, tuple(pieces(text, extraction, colours, start, end))))
        at = end
    if at < len(text):
        found.append(Stretch(at, len(text)))
    return found


def pieces(text: str, extraction: Extraction, colours: dict[str, str], start: int, end: int) -> Iterator[Piece]:
    """A stretch of the text, cut at its figures."""
    quantities = in_order(extraction.quantities)
    at = start
    for quantity in quantities[bisect_left(quantities, start, key=lambda each: each.start) :]:
        if quantity.end > end:
            break
        if quantity.start < at:
            continue  # it begins inside another one
        if quantity.start > at:
            yield Piece(at, text[at : quantity.start])
        yield Piece(quantity.start, text[quantity.start : quantity.end], quantity.id, colours.get(quantity.id, ""))
        at = quantity.end
    if at < end:
        yield Piece(at, text[at:end])


def in_order(quantities: Sequence[Quantity]) -> list[Quantity]:
    """Figures by their place."""
    return sorted(quantities, key=lambda each: each.start)


def boxes_on(extraction: Extraction, page: int) -> list[PlacedBox]:
    """The figures of a page."""
    colours = index_of(extraction).colours
    return [
        PlacedBox(each.id, each.raw, colours.get(each.id, ""), each.bbox)
        for each in extraction.quantities
        if each.page == page and each.bbox is not None
    ]


def _windows(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is shown at first, in order, ends at line ends; never more than `MOST_SHOWN` characters."""
    wanted = sorted(spans) or [(0, 0)]
    windows: list[tuple[int, int]] = []
    for start, end in wanted:
        left = text.rfind("\n", 0, max(0, start - AROUND)) + 1
        right = text.find("\n", min(len(text), end + AROUND))
        right = len(text) if right < 0 else right + 1
        right = min(right, end + 2 * AROUND)  # a file may have no line ends at all
        left = max(left, start - 2 * AROUND, 0)
        if len(text) - right < FOLD:
            right = len(text)
        if windows and left - windows[-1][1] < FOLD:
            windows[-1] = (windows[-1][0], max(right, windows[-1][1]))
        else:
            windows.append((0 if left < FOLD else left, right))
    return _bounded(windows)


def _bounded(windows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    left, found = MOST_SHOWN, []
    for start, end in windows:
        if left <= 0:
            break
        found.append((start, min(end, start + left)))
        left -= end - start
    return found
