"""Which figure of the answer is which figure of the labels: the one that shares most of its stretch."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from evals.amounts import Amount, equal_amounts
from evals.answers import Figure
from evals.sheets import Sheet


@dataclass(frozen=True)
class Match:
    """Figures of the two sides at the same place: label id → answer id, and back. `misread` are labelled figures
    that the answer takes for another amount than is printed."""

    answer: Mapping[str, str]
    label: Mapping[str, str]
    misread: frozenset[str] = frozenset()

    def same_place(self, label: Figure, answer: Figure) -> bool:
        """True when both sides mean the same printed figure."""
        return self.answer.get(label.id) == answer.id


def match_figures(labels: Sheet, answer: Sheet) -> Match:
    """Match by place in the loaded text; a label without an overlapping figure stays unmatched."""
    ordered = answer.in_order
    starts = [figure.start for figure in ordered]
    ends = [figure.end for figure in ordered]
    found: dict[str, str] = {}
    misread: set[str] = set()
    for figure in labels.figures.values():
        # figures of one side don't overlap, so their ends are in order too
        first = bisect_left(ends, figure.start + 1)
        last = bisect_left(starts, figure.end)
        if first < last:
            best = ordered[first] if last - first == 1 else _most_shared(figure, ordered[first:last])
            found[figure.id] = best.id
            if not _as_printed(figure, best):
                misread.add(figure.id)
    return Match(found, {answered: labelled for labelled, answered in found.items()}, frozenset(misread))


def _most_shared(figure: Figure, candidates: Iterable[Figure]) -> Figure:
    return max(candidates, key=lambda each: (min(figure.end, each.end) - max(figure.start, each.start), each.id))


def _as_printed(label: Figure, answer: Figure) -> bool:
    """Whether the answer takes the figure for what is printed there."""
    one = label.amount
    if one is not None and one.yuan is not None and answer.yuan is not None:  # most: spares making the other amount
        return one.yuan == Decimal(answer.yuan)
    other = answer.amount
    return one is None or other is None or equal_amounts(one, other) or _is_range_dash(label, one, answer, other)


def _is_range_dash(label: Figure, one: Amount, answer: Figure, other: Amount) -> bool:
    """The dash of a range (80-100分) that the label's stretch took in is no minus."""
    dashes = ("-", "－")
    opposite = one.yuan is None and one.number == -other.number
    return opposite and label.raw.startswith(dashes) and not answer.raw.startswith(dashes)
