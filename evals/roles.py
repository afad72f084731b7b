"""Roles: which field of which record type every figure is. A measure that does not depend on how records are aligned.

A figure's role is its record type and field (`OfficialExpense`, `changes<prior_year>.amount`). A figure read
in another role counts as one false positive and one false negative. Grouping asks which figures stand in one
record; enums and texts are compared between a labelled record and the answered record that holds most of its
figures. Figures that the labels do not mark, and records that only list texts, are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from evals.align import Alignment
from evals.answers import Figure
from evals.matching import Match
from evals.shapes import flat
from evals.sheets import LISTED, Entry, Sheet, specs
from evals.texts import same_words
from evals.told import Role, Told, base_of
from schemas.fields import FieldKind


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


def score_roles(labels: Sheet, answer: Sheet, match: Match, alignment: Alignment) -> RoleScores:
    """Score the roles of one document."""
    scores = _agreed(answer, alignment)
    gold, read = alignment.labelled, alignment.answered
    for figure_id, told in gold.items():
        answered = match.answer.get(figure_id, "")
        got = read.get(answered)
        right = got is not None and got.role == told.role
        scores.count(told.role, answer.kind_at(told.figure, answered), 0 if right else 2)
        read_as = got.role[0] if got else CONTEXT if answered in answer.contexts else UNCLAIMED
        scores.confusion[told.role[0], read_as] += 1
    for answered, told in read.items():
        labelled = match.label.get(answered)
        if labelled is None:
            continue
        wanted = gold.get(labelled)
        if wanted is None or wanted.role != told.role:
            scores.count(told.role, answer.kind_at(told.figure, answered), 1)
        if wanted is None:
            scores.confusion[CONTEXT, told.role[0]] += 1
    _group(gold, read, match, scores)
    _compare_words(gold, read, match, scores)
    return scores


def _agreed(answer: Sheet, alignment: Alignment) -> RoleScores:
    """The scores of the records that both sides agree on."""
    scores = RoleScores()
    for shape, times in alignment.shapes.items():
        if shape.type in LISTED:
            continue
        figures = len(shape.roles)
        for role in shape.roles:
            scores.by_role[role][0] += times
        scores.confusion[shape.type, shape.type] += figures * times
        if figures:  # records without a figure are found by none
            scores.enums[0] += shape.enums * times
            scores.texts[0] += shape.texts * times
        for side in range(3):
            scores.grouping[side] += times * figures * (figures - 1) // 2
    for agreed in alignment.same:
        if agreed.figures and agreed.shape.type not in LISTED:
            scores.by_section[_kind_of(agreed.answer, answer)][0] += len(agreed.shape.roles)
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


Side = Mapping[str, Told]
"""What one side tells of its figures."""


def _group(gold: Side, read: Side, match: Match, scores: RoleScores) -> None:
    """Pairs of labelled figures in one record: in common, by the labels, by the answer."""
    labelled = Counter([id(told.entry) for told in gold.values()])
    answered: Counter[int] = Counter()
    common: Counter[tuple[int, int]] = Counter()
    for figure_id, told in read.items():
        mate = gold.get(match.label.get(figure_id, ""))
        if mate is not None:
            answered[id(told.entry)] += 1
            common[id(mate.entry), id(told.entry)] += 1
    for side, sizes in enumerate((common.values(), labelled.values(), answered.values())):
        scores.grouping[side] += sum([size * (size - 1) // 2 for size in sizes])


def _compare_words(gold: Side, read: Side, match: Match, scores: RoleScores) -> None:
    """Enums and texts of labelled records, against the answered record that holds most of their figures."""
    votes: dict[Entry, Counter[Entry]] = defaultdict(Counter)
    for figure_id, told in gold.items():
        answered = read.get(match.answer.get(figure_id, ""))
        if answered is not None:
            votes[told.entry][answered.entry] += 1
    for holder, mates in votes.items():
        said = _words(mates.most_common(1)[0][0])
        for path, (kind, label) in _words(holder).items():
            _, got = said.get(path, (kind, ""))
            if kind is FieldKind.ENUM:
                scores.enums[0 if got == label else 1] += 1
            else:
                scores.texts[0 if same_words(label, got) else 1] += 1


def _words(entry: Entry, prefix: str = "") -> dict[str, tuple[FieldKind, str]]:
    """The words, plain, as `flat` names their fields."""
    declared, parts = specs(entry.type), entry.parts
    words = {
        prefix + name: (declared[name].kind, value)
        for name, value in parts.plain.items()
        if not (prefix and name == "base")
    }
    for name, children in parts.children.items():
        for child in children:
            words |= _words(child, f"{prefix}{name}<{base_of(child)}>.")
    return words
