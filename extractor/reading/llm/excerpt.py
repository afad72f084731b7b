"""Which stretches of a passage have to be shown together, so that an answer can replace what is shown."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.reading.reader import Passage
from schemas.extraction import Record
from schemas.fields import pointers

CLAUSES = re.compile(r"[^，。；\n]+[，。；\n]*|[，。；\n]+")
PARAGRAPHS = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True)
class Excerpt:
    """Some stretches of a passage, in order, and the numbers of the records whose figures stand in them."""

    spans: tuple[tuple[int, int], ...]
    records: frozenset[int]

    def holds(self, offset: int) -> bool:
        """True when a character of the passage is shown."""
        return any(start <= offset < end for start, end in self.spans)


def excerpt_of(
    passage: Passage, records: Sequence[Record], quantities: Iterable[str], pieces: "re.Pattern[str]" = CLAUSES
) -> Excerpt:
    """The pieces around some figures, with all pieces of every record that has a figure in them.

    Clauses come with the one before them where that holds no figure: it often names the subject.
    """
    bounds = [match.span() for match in pieces.finditer(passage.text) if match.group()]
    starts = [start for start, _ in bounds]
    piece_of = {id: bisect_right(starts, span[0]) - 1 for id, span in passage.spans.items()}
    held = [{id for _, id in pointers(record.fields) if id in piece_of} for record in records]
    chosen = {piece_of[id] for id in quantities if id in piece_of}
    touched: set[int] = set()
    while more := {i for i, ids in enumerate(held) if i not in touched and any(piece_of[id] in chosen for id in ids)}:
        touched |= more
        chosen |= {piece_of[id] for index in more for id in held[index]}
    if pieces is CLAUSES:
        chosen |= {index - 1 for index in chosen if index} - set(piece_of.values())
    return Excerpt(tuple(_joined([bounds[index] for index in sorted(chosen)])), frozenset(touched))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
