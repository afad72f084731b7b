"""Which answered record is which labelled record.

Records of one type are paired in three steps: those that agree in every field; those with the same key (their
enums and names) that share a printed figure, where each is the only one; and the others by the assignment
with the fewest field edits. A pair that has nothing in common is none, unless both stand in one section.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.matching import Match
from evals.sheets import Entry, Figure, Sheet, specs
from evals.texts import plain
from evals.values import same_value

_DETAILS = frozenset(
    {"reason", "purpose", "definition", "completion_base", "declared_none", "target_operator", "actual_operator"}
)
"""Enums and texts that say something of a record, but not which one it is."""
_EDIT, _SHARED, _ORDER = 1000, 10, 9  # one edit outweighs any number of shared places, and one of those any order


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled and an answered record; one of them is None where it has no counterpart."""

    label: Entry | None
    answer: Entry | None


def align(labels: Sheet, answer: Sheet, match: Match) -> list[Pair]:
    """Pair the records of the two sides; every record stands in exactly one pair."""
    by_type: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, sheet in enumerate((labels, answer)):
        for entry in sheet.entries:
            by_type[entry.type][side].append(entry)
    pairs: list[Pair] = []
    for left, right in by_type.values():
        identical = _identical(left, right, match)
        rest = _without(identical, left, right)
        keyed = _same_key(*rest, match)
        rest = _without(keyed, *rest)
        pairs += [*identical, *keyed, *_fewest_edits(*rest, match, _in_one_section(answer))]
    return pairs


def align_children(labels: Sequence[Entry], answers: Sequence[Entry], match: Match) -> list[Pair]:
    """Pair the sub-records in one list of two paired records with the fewest field edits."""
    if len(labels) == 1 == len(answers):
        return [Pair(labels[0], answers[0])]
    return _fewest_edits(labels, answers, match, lambda label, answer: True)


def edits(label: Entry, answer: Entry, match: Match) -> int:
    """How many fields must be changed, filled or emptied to turn the answered record into the labelled one."""
    declared = specs(label.type)
    count = 0
    for name in label.values.keys() | answer.values.keys():
        one, other = label.values.get(name), answer.values.get(name)
        count += one is None or other is None or not same_value(declared[name], one, other, match)
    for name in label.children.keys() | answer.children.keys():
        for pair in align_children(label.children.get(name, ()), answer.children.get(name, ()), match):
            if pair.label is not None and pair.answer is not None:
                count += edits(pair.label, pair.answer, match)
            else:
                count += sum(entry.size() for entry in (pair.label, pair.answer) if entry is not None)
    return count


def _without(pairs: Iterable[Pair], left: Sequence[Entry], right: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    taken = {id(entry) for pair in pairs for entry in (pair.label, pair.answer)}
    return [each for each in left if id(each) not in taken], [each for each in right if id(each) not in taken]


def _identical(left: Sequence[Entry], right: Sequence[Entry], match: Match) -> list[Pair]:
    waiting: dict[Hashable, list[Entry]] = defaultdict(list)
    for answer in reversed(right):
        waiting[_signature(answer, lambda figure: figure.id)].append(answer)
    pairs = []
    for label in left:
        found = waiting.get(_signature(label, lambda figure: match.answer.get(figure.id)))
        if found:
            pairs.append(Pair(label, found.pop()))
    return pairs


def _signature(entry: Entry, place: Callable[[Figure], str | None]) -> Hashable:
    values = frozenset(
        (name, place(value) if isinstance(value, Figure) else plain(value)) for name, value in entry.values.items()
    )
    if not entry.children:
        return values
    children = frozenset(
        (name, tuple(_signature(child, place) for child in children)) for name, children in entry.children.items()
    )
    return values, children


def _same_key(left: Sequence[Entry], right: Sequence[Entry], match: Match) -> list[Pair]:
    keyed: dict[Hashable, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((left, right)):
        for entry in entries:
            keyed[_key(entry)][side].append(entry)
    return [
        Pair(labels[0], answers[0])
        for labels, answers in keyed.values()
        if len(labels) == 1 == len(answers) and _shared(labels[0], answers[0], match)
    ]


def _key(entry: Entry) -> Hashable:
    return frozenset(
        (name, plain(value))
        for name, value in entry.values.items()
        if name not in _DETAILS and not isinstance(value, Figure)
    )


def _shared(label: Entry, answer: Entry, match: Match) -> int:
    """How many printed figures both records hold."""
    return len({match.answer.get(figure.id) for figure in label.figures()} & {each.id for each in answer.figures()})


def _in_one_section(answer: Sheet) -> Callable[[Entry, Entry], bool]:
    def together(label: Entry, other: Entry) -> bool:
        start = next((figure.start for figure in label.figures()), None)
        section = None if start is None else answer.section_at(start)
        return section is not None and section.id == other.section

    return together


def _fewest_edits(
    left: Sequence[Entry], right: Sequence[Entry], match: Match, together: Callable[[Entry, Entry], bool]
) -> list[Pair]:
    """The assignment with the fewest edits, where leaving a record alone costs all its fields.

    Records that have nothing in common are paired only where they stand `together`.
    """
    gain = np.zeros((len(left), len(right)), dtype=np.int64)
    for i, label in enumerate(left):
        for j, answer in enumerate(right):
            needed, most = edits(label, answer, match), max(label.size(), answer.size())
            if needed < most or together(label, answer):
                saved = label.size() + answer.size() - needed
                gain[i, j] = _EDIT * saved + _SHARED * _shared(label, answer, match) + max(0, _ORDER - abs(i - j))
    rows, columns = linear_sum_assignment(gain, maximize=True) if gain.size else ((), ())
    chosen = [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gain[i, j] >= _EDIT]
    pairs = [Pair(left[i], right[j]) for i, j in chosen]
    alone = _without(pairs, left, right)
    return [*pairs, *(Pair(each, None) for each in alone[0]), *(Pair(None, each) for each in alone[1])]
