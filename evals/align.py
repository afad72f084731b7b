"""Which answered record is which labelled record.

Records of one type are paired in three steps: those that agree in every field, place for place and word for word;
those with the same key (their enums and names) that share a printed figure, where each is the only one; and the
others by the assignment with the fewest field edits. A pair that has nothing in common is none, unless both stand
in one section.

Most records of a good reader agree in every field. They are right by every measure, and counted by their shape
(which fields are filled) instead of field by field: that is what makes ten thousand documents a minute possible.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.answers import Figure
from evals.matching import Match
from evals.shapes import Shape, shape_of
from evals.sheets import Entry, Sheet, pointers_of, signature, specs
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


@dataclass(frozen=True)
class Alignment:
    """The records of two sides: those that agree in every field, and all others with or without a counterpart."""

    same: list[tuple[Entry, Entry]]
    pairs: list[Pair]

    @cached_property
    def shapes(self) -> list[Shape]:
        """The shapes of the records that agree, in their order."""
        return [shape_of(label) for label, _ in self.same]

    @property
    def labels(self) -> list[Entry]:
        """The labelled records that no answered one agrees with."""
        return [pair.label for pair in self.pairs if pair.label is not None]

    @property
    def answers(self) -> list[Entry]:
        """The answered records that agree with no labelled one."""
        return [pair.answer for pair in self.pairs if pair.answer is not None]


def align(labels: Sheet, answer: Sheet, match: Match) -> Alignment:
    """Pair the records of the two sides; every record stands in exactly one pair."""
    same, left, right = _identical(labels.entries, answer.entries, match)
    by_type: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((left, right)):
        for entry in entries:
            by_type[entry.type][side].append(entry)
    pairs: list[Pair] = []
    for rest in by_type.values():
        keyed = _same_key(*rest, match)
        pairs += [*keyed, *_fewest_edits(*_without(keyed, *rest), match, _in_one_section(answer))]
    return Alignment(same, pairs)


def align_children(labels: Sequence[Entry], answers: Sequence[Entry], match: Match) -> list[Pair]:
    """Pair the sub-records in one list of two paired records with the fewest field edits."""
    if len(labels) == 1 == len(answers):
        return [Pair(labels[0], answers[0])]
    return _fewest_edits(labels, answers, match, lambda label, answer: True)


def saved_edits(label: Entry, answer: Entry, match: Match) -> int:
    """How many edits it saves to take the answered record for the labelled one, instead of striking the one out and
    writing the other: one for every field that both fill, and one more where they fill it alike."""
    declared, theirs = specs(label.type), answer.values
    saved = 0
    for name, one in label.values.items():
        other = theirs.get(name)
        if other is not None:
            saved += 2 if one == other or same_value(declared[name], one, other, match) else 1
    for name, children in label.children.items():
        for pair in align_children(children, answer.children.get(name, ()), match):
            if pair.label is not None and pair.answer is not None:
                saved += saved_edits(pair.label, pair.answer, match)
    return saved


def _without(pairs: Iterable[Pair], left: Sequence[Entry], right: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    taken = {id(entry) for pair in pairs for entry in (pair.label, pair.answer)}
    return [each for each in left if id(each) not in taken], [each for each in right if id(each) not in taken]


def _identical(
    left: Sequence[Entry], right: Sequence[Entry], match: Match
) -> tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]:
    """Pairs that agree in every field, and what is left of both sides."""
    waiting: dict[Hashable, list[Entry]] = defaultdict(list)
    for answer in reversed(right):
        waiting[answer.type, signature(answer.fields, None)].append(answer)
    pairs: list[tuple[Entry, Entry]] = []
    unpaired: list[Entry] = []
    taken: set[int] = set()
    for label in left:
        found = waiting.get((label.type, signature(label.fields, match.answer)))
        if found and (not match.misread or match.misread.isdisjoint(pointers_of(label.fields))):
            pairs.append((label, found.pop()))
            taken.add(id(pairs[-1][1]))
        else:
            unpaired.append(label)
    return pairs, unpaired, [answer for answer in right if id(answer) not in taken]


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
    return len({match.answer.get(figure.id) for figure in label.figures} & {each.id for each in answer.figures})


def _said(entry: Entry, places: Mapping[str, str] | None) -> set[Hashable]:
    """The places of an entry's figures in the answer, and its words by field. `places` leads there from the labels."""
    said: set[Hashable] = set()
    for name, value in entry.values.items():
        if isinstance(value, str):
            said.add((name, plain(value)))
        elif places is None or value.id in places:
            said.add(value.id if places is None else places[value.id])
    for children in entry.children.values():
        for child in children:
            said |= _said(child, places)
    return said


def _in_one_section(answer: Sheet) -> Callable[[Entry, Entry], bool]:
    def together(label: Entry, other: Entry) -> bool:
        section = answer.section_at(label.first.start) if label.first else None
        return section is not None and section.id == other.section

    return together


def _fewest_edits(
    left: Sequence[Entry], right: Sequence[Entry], match: Match, together: Callable[[Entry, Entry], bool]
) -> list[Pair]:
    """The assignment with the fewest edits, where leaving a record alone costs all its fields.

    Records that have neither a figure nor a word in common are paired only where they stand `together`.
    """
    if not left or not right:
        return [*(Pair(each, None) for each in left), *(Pair(None, each) for each in right)]
    gain = np.zeros((len(left), len(right)), dtype=np.int64)
    said = [_said(answer, None) for answer in right]
    for i, label in enumerate(left):
        says = _said(label, match.answer)
        for j, answer in enumerate(right):
            common = says & said[j]
            if common or together(label, answer):
                places = sum(type(each) is not tuple for each in common)
                order = max(0, _ORDER - abs(i - j))
                gain[i, j] = _EDIT * saved_edits(label, answer, match) + _SHARED * places + order
    rows, columns = linear_sum_assignment(gain, maximize=True)
    chosen = [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gain[i, j] >= _EDIT]
    pairs = [Pair(left[i], right[j]) for i, j in chosen]
    alone = _without(pairs, left, right)
    return [*pairs, *(Pair(each, None) for each in alone[0]), *(Pair(None, each) for each in alone[1])]
