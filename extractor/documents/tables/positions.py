"""Columns told by where the figures stand on the page, where the file keeps that: PDFs, and text laid out with spaces.

The rows that fill all columns show where each column stands; a figure of a shorter row stands in the column it lies
below or above.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from extractor.documents.lines import display_width
from extractor.documents.loaded import LoadedDocument
from extractor.documents.tables.columns import Option
from extractor.documents.tables.placing import Board, Placed

LAID_OUT = 0.7
"""A text is laid out where this share of its tables' figures has more than one space before it."""

Span = tuple[float, float]
"""Left and right edge."""


def spans_of(loaded: LoadedDocument, boards: Sequence[Board]) -> Callable[[int, int], Span | None] | None:
    """How to tell where a stretch of text stands across the page; None where the file does not keep it."""
    boxes = loaded.boxes
    if boxes is not None:

        def boxed(start: int, end: int) -> Span | None:
            box = boxes.around(start, end)
            return (box[0], box[2]) if box else None

        return boxed
    gaps = [token.gap > 1 for board in boards for row in board.rows for token in row.figures]
    if not gaps or sum(gaps) <= LAID_OUT * len(gaps):
        return None

    def laid_out(start: int, end: int) -> Span | None:
        line = loaded.text.rfind("\n", 0, start) + 1
        left = display_width(loaded.text[line:start])
        return left, left + display_width(loaded.text[start:end])

    return laid_out


def place_by_position(board: Board, span_of: Callable[[int, int], Span | None]) -> None:
    """Settle the rows of a table that its full rows show the columns of."""
    for block, layout in enumerate(board.layouts):
        rows = board.of_block(block)
        edges = _edges([row for row in rows if len(row.values) == len(layout.headings)], span_of)
        if edges is not None:
            for row in rows:
                option = _option(row, edges, span_of)
                if not row.settled and option is not None:
                    row.options = (option,)


def _edges(rows: Sequence[Placed], span_of: Callable[[int, int], Span | None]) -> list[float] | None:
    """Where one column ends and the next begins; None where the full rows' figures do not stand in columns."""
    spans = [[span_of(token.start, token.end) for token in row.figures if token.figure is not None] for row in rows]
    known = [[span for span in row if span is not None] for row in spans]
    if not known or any(len(row) != len(spans[0]) for row in known):
        return None
    columns = [
        (min(left for left, _ in column), max(right for _, right in column)) for column in zip(*known, strict=True)
    ]
    if any(right > left for (_, right), (left, _) in pairwise(columns)):
        return None
    return [(right + left) / 2 for (_, right), (left, _) in pairwise(columns)]


def _option(row: Placed, edges: Sequence[float], span_of: Callable[[int, int], Span | None]) -> Option | None:
    """The columns that a row's figures stand in; None where two stand in one."""
    spans = [span_of(token.start, token.end) for token in row.figures if token.figure is not None]
    option = tuple(sum(edge < (span[0] + span[1]) / 2 for edge in edges) for span in spans if span is not None)
    return option if len(option) == len(spans) == len(set(option)) else None
