"""Which figure of the answer is which figure of the labels: the one that shares most of its stretch."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evals.sheets import Figure, Sheet


@dataclass(frozen=True)
class Match:
    """Figures of the two sides at the same place: label id → answer id, and back."""

    answer: Mapping[str, str]
    label: Mapping[str, str]

    def same_place(self, label: Figure, answer: Figure) -> bool:
        """True when both sides mean the same printed figure."""
        return self.answer.get(label.id) == answer.id


def match_figures(labels: Sheet, answer: Sheet) -> Match:
    """Match by place in the loaded text; a label without an overlapping figure stays unmatched."""
    ordered = answer.in_order
    starts = [figure.start for figure in ordered]
    ends = [figure.end for figure in ordered]
    found: dict[str, str] = {}
    for figure in labels.figures.values():
        # figures of one side don't overlap, so their ends are in order too
        first = bisect_left(ends, figure.start + 1)
        last = bisect_left(starts, figure.end)
        best = _most_shared(figure, ordered[first:last])
        if best is not None:
            found[figure.id] = best
    return Match(found, {answered: labelled for labelled, answered in found.items()})


def _most_shared(figure: Figure, candidates: Iterable[Figure]) -> str | None:
    shared = [(min(figure.end, each.end) - max(figure.start, each.start), each.id) for each in candidates]
    return max(shared)[1] if shared else None
