"""Which figure of the answer is which figure of the labels: the one that shares most of its stretch."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from evals.amounts import Amount, equal_amounts, factor_of, is_unit
from evals.answers import Figure
from evals.sheets import Sheet


@dataclass(frozen=True)
class Match:
    """Figures of the two sides at the same place: label id → answer id, and back. `misread` are labelled figures
    that the answer takes for another amount than is printed."""

    answer: Mapping[str, str]
    label: Mapping[str, str]
    misread: frozenset[str] = frozenset()


def match_figures(labels: Sheet, answer: Sheet) -> Match:
    """Match by place in the loaded text; a label without an overlapping figure stays unmatched."""
    at = {(figure.start, figure.end): figure for figure in answer.figures.values()}
    found: dict[str, str] = {}
    misread: set[str] = set()
    for name, figure in labels.figures.items():
        best = at.get((figure.start, figure.end)) or _most_shared(figure, answer)
        if best is not None:
            found[name] = best.id
            if not (_is_as_printed(figure, best) or _means_what_is_printed(figure, best)):
                misread.add(name)
    return Match(found, dict(zip(found.values(), found, strict=True)), frozenset(misread))


def _most_shared(figure: Figure, answer: Sheet) -> Figure | None:
    first = bisect_left(answer.ends, figure.start + 1)
    last = bisect_left(answer.starts, figure.end)
    return max(
        answer.in_order[first:last],
        key=lambda each: (min(figure.end, each.end) - max(figure.start, each.start), each.id),
        default=None,
    )


def _is_as_printed(label: Figure, answer: Figure) -> bool:
    """Whether the label prints just the answer's number and unit, and the yuan come to that: so it is most often, and
    then there is nothing to parse."""
    value, unit, yuan = answer.value, answer.unit or "", answer.yuan
    if value is None or label.raw != value + unit:
        return False
    factor = factor_of(unit)
    if factor is None or yuan is None:
        return factor is None and yuan is None and is_unit(unit)
    return Decimal(value) * factor == Decimal(yuan)


def _means_what_is_printed(label: Figure, answer: Figure) -> bool:
    """Whether the answer takes the figure for what is printed there, in whatever form."""
    if answer.kind is not None and answer.value is None and answer.yuan is None:
        return True  # dates: nothing to compare with, so the label is not parsed (matching: 0.35 → 0.31 ms a document)
    one = label.amount
    if one is not None and one.yuan is not None and answer.yuan is not None:
        return one.yuan == Decimal(answer.yuan)
    other = answer.amount
    return one is None or other is None or equal_amounts(one, other) or _is_range_dash(label, one, answer, other)


def _is_range_dash(label: Figure, one: Amount, answer: Figure, other: Amount) -> bool:
    """The dash of a range (80-100分) that the label's stretch took in is no minus."""
    dashes = ("-", "－")
    opposite = one.yuan is None and one.number == -other.number
    return opposite and label.raw.startswith(dashes) and not answer.raw.startswith(dashes)
