"""Roles: which field of which record type every figure is. A measure that does not depend on how records are aligned.

A figure's role is its record type and field (`OfficialExpense`, `changes<prior_year>.amount`). A figure read
in another role counts as one false positive and one false negative. Grouping asks which figures stand in one
record; enums and texts are compared between a labelled record and the answered record that holds most of its
figures. Figures that the labels do not mark, and records that only list texts, are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from evals.align import Alignment
from evals.answers import Figure
from evals.matching import Match
from evals.shapes import Shape, flat
from evals.sheets import LISTED, Entry, Sheet
from evals.texts import plain, same_text
from schemas.fields import FieldKind

Role = tuple[str, str]
"""Record type and field."""


@dataclass
class RoleScores:
    """How one document's figures were read. Roles and sections count [true positive, false positive, false
    negative], grouping pairs [in common, labelled, answered], enums and texts [right, wrong], and confusion
    figures by (labelled type, answered type)."""

    by_role: dict[Role, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    by_section: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    grouping: list[int] = field(default_factory=lambda: [0, 0, 0])
    enums: list[int] = field(default_factory=lambda: [0, 0])
    texts: list[int] = field(default_factory=lambda: [0, 0])
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, role: Role, section: str, kind: int) -> None:
        """Count a figure of a role in a kind of section: 0 true positive, 1 false positive, 2 false negative."""
        self.by_role[role][kind] += 1
        self.by_section[section][kind] += 1


CONTEXT = "(context)"
UNCLAIMED = "(unclaimed)"


@dataclass(frozen=True)
class _Side:
    """What one side says: the role of every figure, the record that holds it, and other fields by record."""

    roles: dict[str, Role]
    holders: dict[str, Entry]
    words: dict[Entry, dict[str, tuple[FieldKind, str]]]


def score_roles(labels: Sheet, answer: Sheet, match: Match, alignment: Alignment) -> RoleScores:
    """Score the roles of one document."""
    scores = _agreed(answer, alignment)
    gold, read = _side(alignment.labels), _side(alignment.answers)
    for figure_id, role in gold.roles.items():
        answered = match.answer.get(figure_id, "")
        got = read.roles.get(answered)
        scores.count(role, answer.kind_at(labels.figures[figure_id], answered), 0 if got == role else 2)
        read_as = got[0] if got else CONTEXT if answered in answer.contexts else UNCLAIMED
        scores.confusion[role[0], read_as] += 1
    for answered, role in read.roles.items():
        labelled = match.label.get(answered)
        if labelled is None:
            continue
        if gold.roles.get(labelled) != role:
            scores.count(role, answer.kind_at(answer.figures[answered], answered), 1)
        if labelled not in gold.roles:
            scores.confusion[CONTEXT, role[0]] += 1
    _group(gold, read, match, scores)
    _compare_words(gold, read, match, scores)
    return scores


def _agreed(answer: Sheet, alignment: Alignment) -> RoleScores:
    """The scores of the records that both sides agree on."""
    scores = RoleScores()
    by_place: Counter[tuple[Shape, str]] = Counter()
    for shape, (_, read) in zip(alignment.shapes, alignment.same, strict=True):
        if shape.type not in LISTED:
            by_place[shape, _kind_of(read, answer)] += 1
    for (shape, section), times in by_place.items():
        figures = len(shape.roles)
        for path in shape.roles:
            scores.by_role[shape.type, path][0] += times
        scores.confusion[shape.type, shape.type] += figures * times
        if figures:  # records without a figure are found by none
            scores.by_section[section][0] += figures * times
            scores.enums[0] += shape.enums * times
            scores.texts[0] += shape.texts * times
        for side in range(3):
            scores.grouping[side] += times * figures * (figures - 1) // 2
    return scores


def _kind_of(read: Entry, answer: Sheet) -> str:
    """The part of the disclosure that a record stands in."""
    kind = answer.kinds.get(read.section or "")
    if kind is None:
        kind = answer.kind_at(read.first, read.first.id) if read.first else "other"
    return kind


def all_roles(sheet: Sheet) -> dict[str, str]:
    """The role of every figure that a record holds, in words; records that only list texts included."""
    return {
        value.id: f"{entry.type}.{path}"
        for entry in sheet.entries
        for path, _, value in flat(entry)
        if isinstance(value, Figure)
    }


def _side(entries: Iterable[Entry]) -> _Side:
    side = _Side({}, {}, {})
    for entry in entries:
        if entry.type in LISTED:
            continue
        words = side.words.setdefault(entry, {})
        for path, kind, value in flat(entry):
            if isinstance(value, Figure):
                side.roles[value.id] = (entry.type, path)
                side.holders[value.id] = entry
            else:
                words[path] = (kind, value)
    return side


def _group(gold: _Side, read: _Side, match: Match, scores: RoleScores) -> None:
    """Pairs of labelled figures in one record: in common, by the labels, by the answer."""
    labelled = Counter(id(holder) for holder in gold.holders.values())
    answered: Counter[int] = Counter()
    common: Counter[tuple[int, int]] = Counter()
    for figure_id, holder in read.holders.items():
        mate = gold.holders.get(match.label.get(figure_id, ""))
        if mate is not None:
            answered[id(holder)] += 1
            common[id(mate), id(holder)] += 1
    for side, sizes in enumerate((common.values(), labelled.values(), answered.values())):
        scores.grouping[side] += sum(size * (size - 1) // 2 for size in sizes)


def _compare_words(gold: _Side, read: _Side, match: Match, scores: RoleScores) -> None:
    """Enums and texts of labelled records, against the answered record that holds most of their figures."""
    votes: dict[Entry, Counter[Entry]] = defaultdict(Counter)
    for figure_id, holder in gold.holders.items():
        answered = read.holders.get(match.answer.get(figure_id, ""))
        if answered is not None:
            votes[holder][answered] += 1
    for holder, words in gold.words.items():
        if holder not in votes:
            continue
        mate = read.words[votes[holder].most_common(1)[0][0]]
        for path, (kind, label) in words.items():
            _, got = mate.get(path, (kind, ""))
            same = plain(got) == plain(label) if kind is FieldKind.ENUM else same_text(label, got)
            (scores.enums if kind is FieldKind.ENUM else scores.texts)[0 if same else 1] += 1
