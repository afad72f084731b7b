"""Roles: which field of which record type every figure is. The measure that needs no alignment of records.

A figure's role is its record type and field (`OfficialExpense`, `changes<prior_year>.amount`). A figure read
in another role counts as one false positive and one false negative. Grouping asks which figures stand in one
record; enums and texts are compared between a labelled record and the answered record that holds most of its
figures. Figures that the labels do not mark, and records that only list texts, are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from evals.matching import Match
from evals.sheets import LISTED, Entry, Figure, Sheet, Value, specs
from evals.texts import plain, same_text
from schemas.fields import FieldKind

Role = tuple[str, str]
"""Record type and field."""


@dataclass(frozen=True)
class RoleScores:
    """How one document's figures were read. Counts are (true positive, false positive, false negative)."""

    by_role: dict[Role, tuple[int, int, int]]
    by_section: dict[str, tuple[int, int, int]]
    grouping: tuple[int, int, int]  # pairs in common, labelled pairs, answered pairs
    enums: tuple[int, int]  # right, wrong
    texts: tuple[int, int]
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)


CONTEXT = "(context)"
UNCLAIMED = "(unclaimed)"


@dataclass(frozen=True)
class _Side:
    """What one side says: the role of every figure, the record that holds it, and other fields by record."""

    roles: dict[str, Role]
    holders: dict[str, Entry]
    words: dict[Entry, dict[str, tuple[FieldKind, str]]]


def score_roles(labels: Sheet, answer: Sheet, match: Match) -> RoleScores:
    """Score the roles of one document."""
    gold, read = _side(labels), _side(answer)
    counts: dict[Role, list[int]] = defaultdict(lambda: [0, 0, 0])
    sections: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    confusion: Counter[tuple[str, str]] = Counter()

    def count(role: Role, figure: Figure, kind: int) -> None:
        section = answer.section_at(figure.start)
        counts[role][kind] += 1
        sections[section.kind if section else "other"][kind] += 1

    for figure_id, role in gold.roles.items():
        answered = match.answer.get(figure_id, "")
        got = read.roles.get(answered)
        count(role, labels.figures[figure_id], 0 if got == role else 2)
        confusion[role[0], got[0] if got else CONTEXT if answered in answer.contexts else UNCLAIMED] += 1
    for answered, role in read.roles.items():
        labelled = match.label.get(answered)
        if labelled is None:
            continue
        if gold.roles.get(labelled) != role:
            count(role, answer.figures[answered], 1)
        if labelled not in gold.roles:
            confusion[CONTEXT, role[0]] += 1
    right, wrong = _attributes(gold, read, match)
    return RoleScores(
        {role: (n[0], n[1], n[2]) for role, n in counts.items()},
        {kind: (n[0], n[1], n[2]) for kind, n in sections.items()},
        _grouping(gold, read, match),
        (right[FieldKind.ENUM], wrong[FieldKind.ENUM]),
        (right[FieldKind.TEXT], wrong[FieldKind.TEXT]),
        confusion,
    )


def all_roles(sheet: Sheet) -> dict[str, str]:
    """The role of every figure that a record holds, in words; records that only list texts included."""
    return {
        value.id: f"{entry.type}.{path}"
        for entry in sheet.entries
        for path, _, value in _flat(entry)
        if isinstance(value, Figure)
    }


def _side(sheet: Sheet) -> _Side:
    side = _Side({}, {}, {})
    for entry in sheet.entries:
        if entry.type in LISTED:
            continue
        words = side.words.setdefault(entry, {})
        for path, kind, value in _flat(entry):
            if isinstance(value, Figure):
                side.roles[value.id] = (entry.type, path)
                side.holders[value.id] = entry
            else:
                words[path] = (kind, value)
    return side


def _flat(entry: Entry, prefix: str = "") -> Iterator[tuple[str, FieldKind, Value]]:
    """Every filled field; a sub-record is told by its base, not by its place in the list."""
    declared = specs(entry.type)
    for name, value in entry.values.items():
        if not (prefix and name == "base"):
            yield prefix + name, declared[name].kind, value
    for name, children in entry.children.items():
        for child in children:
            base = child.values.get("base", "")
            yield from _flat(child, f"{prefix}{name}<{base}>.")


def _grouping(gold: _Side, read: _Side, match: Match) -> tuple[int, int, int]:
    """Pairs of labelled figures in one record: in common, by the labels, by the answer."""
    labelled = Counter(id(holder) for holder in gold.holders.values())
    answered: Counter[int] = Counter()
    common: Counter[tuple[int, int]] = Counter()
    for figure_id, holder in read.holders.items():
        mate = gold.holders.get(match.label.get(figure_id, ""))
        if mate is not None:
            answered[id(holder)] += 1
            common[id(mate), id(holder)] += 1
    return _pairs(common.values()), _pairs(labelled.values()), _pairs(answered.values())


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _attributes(gold: _Side, read: _Side, match: Match) -> tuple[Counter[FieldKind], Counter[FieldKind]]:
    """Enums and texts of labelled records, against the answered record that holds most of their figures."""
    votes: dict[Entry, Counter[Entry]] = defaultdict(Counter)
    for figure_id, holder in gold.holders.items():
        answered = read.holders.get(match.answer.get(figure_id, ""))
        if answered is not None:
            votes[holder][answered] += 1
    right: Counter[FieldKind] = Counter()
    wrong: Counter[FieldKind] = Counter()
    for holder, words in gold.words.items():
        if holder not in votes:
            continue
        mate = read.words[votes[holder].most_common(1)[0][0]]
        for path, (kind, label) in words.items():
            _, got = mate.get(path, (kind, ""))
            same = plain(got) == plain(label) if kind is FieldKind.ENUM else same_text(label, got)
            (right if same else wrong)[kind] += 1
    return right, wrong
