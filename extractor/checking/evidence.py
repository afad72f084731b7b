"""Where a finding can be seen: verbatim stretches of the document around the figures it speaks of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.documents.disclosure import Disclosure

_CLAUSE_START = re.compile(r"[，。；：:;\n（(、]")

JOIN_WITHIN = 24
"""Figures of one paragraph that stand so close together are shown in one stretch."""
SHORTEST = 4
LONGEST_ROW = 160


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of the loaded text, with its words without white space."""

    start: int
    end: int
    words: str


def stretches(disclosure: Disclosure, quantity_ids: Iterable[str]) -> list[Stretch]:
    """The clauses and table rows that hold some figures, in the order of the text."""
    narrative = [each for each in dict.fromkeys(quantity_ids) if each in disclosure.spans]
    cells = [each for each in dict.fromkeys(quantity_ids) if each not in disclosure.spans and each in disclosure.by_id]
    found = [narrative_stretch(disclosure, start, end) for start, end in _clauses(disclosure, narrative)]
    found.extend(_row(disclosure, each) for each in cells)
    return sorted({(each.start, each.end): each for each in found}.values(), key=lambda each: each.start)


def narrative_stretch(disclosure: Disclosure, start: int, end: int) -> Stretch:
    """A stretch of the unwrapped text as a stretch of the loaded text."""
    first, last = disclosure.unwrapped.source_span(start, end)
    return Stretch(first, last, squeezed(disclosure.unwrapped.text[start:end]))


def loaded_stretch(disclosure: Disclosure, start: int, end: int) -> Stretch:
    """A stretch of the loaded text as it stands."""
    return Stretch(start, end, squeezed(disclosure.loaded.text[start:end]))


def squeezed(text: str) -> str:
    """Words without white space."""
    return "".join(text.split())


def _clauses(disclosure: Disclosure, quantity_ids: Sequence[str]) -> list[tuple[int, int]]:
    """From the start of a figure's clause to the end of the figure; close neighbours joined."""
    spans: list[tuple[int, int]] = []
    for quantity_id in sorted(quantity_ids, key=lambda each: disclosure.spans[each]):
        start, end = disclosure.spans[quantity_id]
        start = _clause_start(disclosure.unwrapped.text, start)
        if spans and start <= spans[-1][1] + JOIN_WITHIN and "\n" not in disclosure.unwrapped.text[spans[-1][1] : end]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans


def _clause_start(text: str, figure_start: int) -> int:
    """The start of the clause before a figure that holds at least a few words."""
    start = figure_start
    while start > 0 and text[start - 1] != "\n":
        start -= 1
        if figure_start - start > SHORTEST and _CLAUSE_START.match(text[start - 1] if start else "\n"):
            break
    return start


def _row(disclosure: Disclosure, quantity_id: str) -> Stretch:
    """The printed row that holds a cell, or the cell with the words before it where the row is long."""
    quantity = disclosure.by_id[quantity_id]
    for table in disclosure.tables:
        if table.start <= quantity.start < table.end:
            for row in table.rows:
                if row.start <= quantity.start < row.end and row.end - row.start <= LONGEST_ROW:
                    return loaded_stretch(disclosure, row.start, row.end)
    text = disclosure.loaded.text
    line = max(text.rfind("\n", 0, quantity.start) + 1, quantity.start - LONGEST_ROW)
    return loaded_stretch(disclosure, line, quantity.end)
