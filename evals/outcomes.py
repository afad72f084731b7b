"""What became of every field: the answer's records against the labelled records they are aligned with."""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from evals.align import Alignment, Pair, align_children
from evals.answers import Figure
from evals.matching import Match
from evals.sheets import Entry, Sheet, Value, specs
from evals.values import ErrorClass, error_class, same_value
from schemas.fields import FieldSpec


class FieldOutcome(StrEnum):
    """What became of one field."""

    CORRECT = "correct"
    WRONG = "wrong"  # one false positive and one false negative
    MISSED = "missed"
    INVENTED = "invented"
    ABSENT = "absent"  # rightly absent


class Judged(msgspec.Struct, frozen=True, gc=False):
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


_CORRECT, _WRONG, _MISSED, _INVENTED, _ABSENT = range(len(FieldOutcome))
_OUTCOMES = tuple(FieldOutcome)
_NO_OUTCOME = [0] * len(FieldOutcome)


def judge(labels: Sheet, answer: Sheet, match: Match, alignment: Alignment) -> FieldOutcomes:
    """Judge every field of one document.

    Answered figures that the labels do not mark lie outside the labelled stretches and are not judged.
    """
    outcomes = FieldOutcomes()
    for shape, times in alignment.shapes.items():
        counts = outcomes.counts[shape.type]
        for path in shape.filled:
            counts[path][_CORRECT] += times
        for path in shape.absent:
            counts[path][_ABSENT] += times
    for pair in alignment.pairs:
        entry = pair.label or pair.answer
        if entry is None or (pair.label is None and not _in_reach(entry, match)):
            continue
        _Judge(outcomes, outcomes.counts[entry.type], labels, answer, match, entry.type, pair).compare(pair, "")
    return outcomes


def _in_reach(entry: Entry, match: Match) -> bool:
    return not entry.figures or any(figure.id in match.label for figure in entry.figures)


class _Judge(msgspec.Struct, gc=False):
    """Judges one pair of records, `top`, of a type whose outcomes it counts in `counts`."""

    outcomes: FieldOutcomes
    counts: dict[str, list[int]]
    labels: Sheet
    answer: Sheet
    match: Match
    type: str
    top: Pair

    def compare(self, pair: Pair, prefix: str) -> None:
        """Judge the fields of a record or, with the list that it stands in as the prefix, of a sub-record."""
        label, answer = pair.label, pair.answer
        entry = label or answer
        assert entry is not None
        mine, theirs = label.values if label else {}, answer.values if answer else {}
        both = label is not None and answer is not None
        for name, spec in specs(entry.type).items():
            one, other = mine.get(name), theirs.get(name)
            if spec.items is not None:
                self._compare_children(pair, name, prefix)
            elif one is not None or other is not None:
                self._count(spec, one, other, prefix + name, pair)
            elif both:
                self.counts[prefix + name][_ABSENT] += 1

    def _compare_children(self, pair: Pair, name: str, prefix: str) -> None:
        left = pair.label.children.get(name, ()) if pair.label else ()
        right = pair.answer.children.get(name, ()) if pair.answer else ()
        if left or right:
            for child in align_children(left, right, self.match):
                self.compare(child, f"{prefix}{name}.")

    def _count(self, spec: FieldSpec, one: Value | None, other: Value | None, path: str, pair: Pair) -> None:
        error = None
        if one is None:
            if isinstance(other, Figure) and other.id not in self.match.label:
                return
            column = _INVENTED
        elif other is None:
            column = _MISSED
        elif same_value(spec, one, other, self.match):
            column = _CORRECT
        else:
            column, error = _WRONG, error_class(spec, one, other, self.labels, self.answer, self.match)
        self.counts[path][column] += 1
        if column != _CORRECT:
            self.outcomes.errors.append(Judged(_OUTCOMES[column], self.type, path, one, other, self.top, pair, error))
