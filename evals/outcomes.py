"""What became of every field: the answer's records against the labelled records they are aligned with."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from evals.align import Pair, align, align_children
from evals.matching import Match
from evals.sheets import Entry, Figure, Sheet, Value, specs
from evals.values import ErrorClass, error_class, same_value
from schemas.fields import FieldKind


class FieldOutcome(StrEnum):
    """What became of one field."""

    CORRECT = "correct"
    WRONG = "wrong"  # one false positive and one false negative
    MISSED = "missed"
    INVENTED = "invented"
    ABSENT = "absent"  # rightly absent

    @property
    def is_error(self) -> bool:
        """True for what a person would have to edit."""
        return self not in (FieldOutcome.CORRECT, FieldOutcome.ABSENT)


@dataclass(frozen=True, slots=True)
class Judged:
    """One filled field of either side. `field` is like `amount` or `changes.amount`; `top` is the pair of records
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
    """Everything that was judged in one document; fields absent on both sides are only counted."""

    judged: list[Judged] = field(default_factory=list)
    absent: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def errors(self) -> list[Judged]:
        """The fields that a person would have to edit."""
        return [each for each in self.judged if each.outcome.is_error]


def judge(labels: Sheet, answer: Sheet, match: Match) -> FieldOutcomes:
    """Judge every field of one document.

    Answered figures that the labels do not mark lie outside the labelled stretches and are not judged.
    """
    outcomes = FieldOutcomes()
    for pair in align(labels, answer, match):
        if pair.label is None and pair.answer is not None and not _in_reach(pair.answer, match):
            continue
        _compare(pair, pair, "", outcomes, labels, answer, match)
    return outcomes


def _in_reach(entry: Entry, match: Match) -> bool:
    figures = list(entry.figures())
    return not figures or any(figure.id in match.label for figure in figures)


def _compare(
    pair: Pair, top: Pair, prefix: str, outcomes: FieldOutcomes, labels: Sheet, answer: Sheet, match: Match
) -> None:
    entry = pair.label or pair.answer
    assert entry is not None
    root = top.label or top.answer
    assert root is not None
    for name, spec in specs(entry.type).items():
        if spec.kind is FieldKind.LIST:
            for child in _child_pairs(pair, name, match):
                _compare(child, top, f"{prefix}{name}.", outcomes, labels, answer, match)
            continue
        one = pair.label.values.get(name) if pair.label else None
        other = pair.answer.values.get(name) if pair.answer else None
        path = prefix + name
        if one is None and other is None:
            outcomes.absent[root.type, path] += pair.label is not None and pair.answer is not None
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
        outcomes.judged.append(Judged(outcome, root.type, path, one, other, top, pair, error))


def _child_pairs(pair: Pair, name: str, match: Match) -> list[Pair]:
    left = pair.label.children.get(name, ()) if pair.label else ()
    right = pair.answer.children.get(name, ()) if pair.answer else ()
    return align_children(left, right, match) if left or right else []
