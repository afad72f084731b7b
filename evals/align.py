"""Which answered record is which labelled record.

Records of one type are paired in three steps: those that agree in every field, place for place and word for word;
those with the same key (their enums and names) that share a printed figure, where each is the only one; and the
others by the assignment with the fewest field edits. A pair that has nothing in common is none, unless both stand
in one section.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.agreed import Agreed, agreed_records
from evals.matching import Match
from evals.shapes import Shape
from evals.sheets import Entry, Sheet, enum_names, specs
from evals.told import Told, told_figures
from evals.values import same_figure, same_plain

_DETAILS = frozenset(
    {"reason", "purpose", "definition", "completion_base", "declared_none", "target_operator", "actual_operator"}
)
"""Enums and texts that say something of a record, but not which one it is."""
_EDIT, _SHARED, _ORDER = 1000, 10, 9  # one edit outweighs any number of shared places, and one of those any order


class Pair(msgspec.Struct, frozen=True, gc=False):
    """A labelled and an answered record; one of them is None where it has no counterpart."""

    label: Entry | None
    answer: Entry | None


@dataclass(frozen=True)
class Alignment:
    """The records of two sides: those that agree in every field, and all others with or without a counterpart."""

    same: list[Agreed]
    pairs: list[Pair]

    @cached_property
    def shapes(self) -> Counter[Shape]:
        """How many records of each shape agree."""
        return Counter([agreed.shape for agreed in self.same])

    @cached_property
    def labelled(self) -> dict[str, Told]:
        """What the labels tell of the figures in records that no answered one agrees with."""
        return told_figures(pair.label for pair in self.pairs if pair.label is not None)

    @cached_property
    def answered(self) -> dict[str, Told]:
        """What the answer tells of the figures in records that agree with no labelled one."""
        return told_figures(pair.answer for pair in self.pairs if pair.answer is not None)


def align(labels: Sheet, answer: Sheet, match: Match) -> Alignment:
    """Pair the records of the two sides; every record stands in exactly one pair."""
    same, left, right = agreed_records(labels.entries, answer.entries, match)
    by_type: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((left, right)):
        for entry in entries:
            by_type[entry.type][side].append(entry)
    pairs: list[Pair] = []
    for rest in by_type.values():
        keyed = _same_key(*rest, match)
        pairs += [*keyed, *_fewest_edits(*_without(keyed, *rest), match, answer)]
    return Alignment(same, pairs)


def align_children(labels: Sequence[Entry], answers: Sequence[Entry], match: Match) -> list[Pair]:
    """Pair the sub-records in one list of two paired records with the fewest field edits."""
    if len(labels) == 1 == len(answers):
        return [Pair(labels[0], answers[0])]
    return _fewest_edits(labels, answers, match)


def saved_edits(label: Entry, answer: Entry, match: Match) -> int:
    """How many edits it saves to take the answered record for the labelled one, instead of striking the one out and
    writing the other: one for every field that both fill, and one more where they fill it alike."""
    mine, theirs = label.parts, answer.parts
    words, figures = theirs.plain, theirs.figures
    declared, enums = specs(label.type), enum_names(label.type)
    saved = 0
    for name, one in mine.plain.items():
        other = words.get(name)
        if other is None:
            saved += name in figures
        elif one == other:
            saved += 2
        else:
            saved += 1 + (name not in enums and same_plain(declared[name], one, other))
    for name, figure in mine.figures.items():
        held = figures.get(name)
        if held is None:
            saved += name in words
        else:
            saved += 1 + same_figure(figure, held, match)
    if mine.children and theirs.children:
        for name, children in mine.children.items():
            others = theirs.children.get(name, ())
            if len(children) == 1 == len(others):
                saved += saved_edits(children[0], others[0], match)
                continue
            for pair in align_children(children, others, match):
                if pair.label is not None and pair.answer is not None:
                    saved += saved_edits(pair.label, pair.answer, match)
    return saved


def _without(pairs: Iterable[Pair], left: Sequence[Entry], right: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    taken = {id(entry) for pair in pairs for entry in (pair.label, pair.answer)}
    return [each for each in left if id(each) not in taken], [each for each in right if id(each) not in taken]


def _same_key(left: Sequence[Entry], right: Sequence[Entry], match: Match) -> list[Pair]:
    if not left or not right:
        return []
    keyed: dict[Hashable, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((left, right)):
        for entry in entries:
            keyed[_key(entry)][side].append(entry)
    return [
        Pair(labels[0], answers[0])
        for labels, answers in keyed.values()
        if len(labels) == 1 == len(answers) and _places(labels[0], match) & _held(answers[0])
    ]


def _key(entry: Entry) -> Hashable:
    return frozenset([word for word in entry.parts.plain.items() if word[0] not in _DETAILS])


def _held(answer: Entry) -> set[str]:
    return {figure.id for figure in answer.figures}


def _places(label: Entry, match: Match) -> set[str]:
    """Where a label's figures stand in the answer."""
    return {match.answer[figure.id] for figure in label.figures if figure.id in match.answer}


def _words(entry: Entry) -> set[tuple[str, str]]:
    """The words by field, those of sub-records too."""
    words = set(entry.parts.plain.items())
    for children in entry.children.values():
        for child in children:
            words |= _words(child)
    return words


def _fewest_edits(
    left: Sequence[Entry], right: Sequence[Entry], match: Match, answer: Sheet | None = None
) -> list[Pair]:
    """The assignment with the fewest edits, where leaving a record alone costs all its fields.

    Records that have neither a figure nor a word in common are paired only where they stand in one section of the
    `answer`; sub-records, without it, always.
    """
    if not left or not right:
        return [*(Pair(each, None) for each in left), *(Pair(None, each) for each in right)]
    gains = _gains(left, right, match, answer)
    if len(left) == 1 == len(right):
        chosen = [(0, 0)] if gains[0][0] >= _EDIT else []
    else:
        rows, columns = linear_sum_assignment(np.array(gains, dtype=np.int64), maximize=True)
        chosen = [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if gains[i][j] >= _EDIT]
    pairs = [Pair(left[i], right[j]) for i, j in chosen]
    alone = _without(pairs, left, right)
    return [*pairs, *(Pair(each, None) for each in alone[0]), *(Pair(None, each) for each in alone[1])]


def _gains(left: Sequence[Entry], right: Sequence[Entry], match: Match, answer: Sheet | None) -> list[list[int]]:
    """What each labelled record gains by each answered one: edits, then shared places, then alike order."""
    held, said = [_held(each) for each in right], [_words(each) for each in right]
    gains = []
    for i, label in enumerate(left):
        places, words = _places(label, match), _words(label)
        section = answer.section_at(label.first.start) if answer and label.first else None
        beside = section.id if section else None
        row = []
        for j, other in enumerate(right):
            shared = len(places & held[j])
            together = answer is None or (beside is not None and beside == other.section)
            if shared or together or not words.isdisjoint(said[j]):
                saved = saved_edits(label, other, match)
                row.append(_EDIT * saved + _SHARED * shared + max(0, _ORDER - abs(i - j)))
            else:
                row.append(0)
        gains.append(row)
    return gains
