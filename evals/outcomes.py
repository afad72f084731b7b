"""What became of every field: the answer's records against the labelled records they are aligned with."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from evals.align import Alignment, Pair, align_children
from evals.answers import Figure
from evals.matching import Match
from evals.sheets import Entry, Sheet, Value, specs
from evals.values import ErrorClass, error_class, same_value


class FieldOutcome(StrEnum):
    """What became of one field."""

    CORRECT = "correct"
    WRONG = "wrong"  # one false positive and one false negative
    MISSED = "missed"
    INVENTED = "invented"
    ABSENT = "absent"  # rightly absent


@dataclass(frozen=True, slots=True)
class Judged:
    """One field that was not read as labelled. `field` is like `amount` or `changes.amount`; `top` is the pair of records
    it belongs to, `inner` the pair of sub-records where it stands in one (else the same as `top`)."""

    outcome: FieldOutcome
    type: str
    field: str
    label: Value | None
    answer: Value | None
    top: Pair
    inner: Pair
    error: ErrorClass | None = None


@dataclass
class FieldOutcomes:
    """What was judged in one document: by type and field how often each outcome befell, in their order, and every
    error."""

    counts: dict[str, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(_no_outcomes))
    errors: list[Judged] = field(default_factory=list)


def _no_outcomes() -> dict[str, list[int]]:
    return defaultdict(_NO_OUTCOME.copy)


_COLUMNS = {outcome: column for column, outcome in enumerate(FieldOutcome)}
_CORRECT, _ABSENT = _COLUMNS[FieldOutcome.CORRECT], _COLUMNS[FieldOutcome.ABSENT]
_NO_OUTCOME = [0] * len(FieldOutcome)
_NONE: dict[str, Value] = {}


def judge(labels: Sheet, answer: Sheet, match: Match, alignment: Alignment) -> FieldOutcomes:
    """Judge every field of one document.

    Answered figures that the labels do not mark lie outside the labelled stretches and are not judged.
    """
    outcomes = FieldOutcomes()
    for shape, times in Counter(alignment.shapes).items():
        counts = outcomes.counts[shape.type]
        for path in shape.filled:
            counts[path][_CORRECT] += times
        for path in shape.absent:
            counts[path][_ABSENT] += times
    for pair in alignment.pairs:
        if pair.label is None and pair.answer is not None and not _in_reach(pair.answer, match):
            continue
        _compare(pair, pair, "", outcomes, labels, answer, match)
    return outcomes


def _in_reach(entry: Entry, match: Match) -> bool:
    return not entry.figures or any(figure.id in match.label for figure in entry.figures)


def _compare(
    pair: Pair, top: Pair, prefix: str, outcomes: FieldOutcomes, labels: Sheet, answer: Sheet, match: Match
) -> None:
    entry = pair.label or pair.answer
    assert entry is not None
    root = top.label or top.answer
    assert root is not None
    both, counts = pair.label is not None and pair.answer is not None, outcomes.counts[root.type]
    mine = pair.label.values if pair.label else _NONE
    theirs = pair.answer.values if pair.answer else _NONE
    for name, spec in specs(entry.type).items():
        if spec.items is not None:
            for child in _child_pairs(pair, name, match):
                _compare(child, top, f"{prefix}{name}.", outcomes, labels, answer, match)
            continue
        one, other = mine.get(name), theirs.get(name)
        path = prefix + name
        if one is None and other is None:
            if both:
                counts[path][_ABSENT] += 1
            continue
        error = None
        if one is None:
            if isinstance(other, Figure) and other.id not in match.label:
                continue
            outcome = FieldOutcome.INVENTED
        elif other is None:
            outcome = FieldOutcome.MISSED
        elif same_value(spec, one, other, match):
            outcome = FieldOutcome.CORRECT
        else:
            outcome = FieldOutcome.WRONG
            error = error_class(spec, one, other, labels, answer, match)
        counts[path][_COLUMNS[outcome]] += 1
        if outcome is not FieldOutcome.CORRECT:
            outcomes.errors.append(Judged(outcome, root.type, path, one, other, top, pair, error))


def _child_pairs(pair: Pair, name: str, match: Match) -> list[Pair]:
    left = pair.label.children.get(name, ()) if pair.label else ()
    right = pair.answer.children.get(name, ()) if pair.answer else ()
    return align_children(left, right, match) if left or right else []
