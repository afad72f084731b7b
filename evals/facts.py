"""Facts: what one printed figure is said to be, whatever record it was put in.

A figure is read rightly when it has the labelled record type and field, the enums that say what it is a figure
of (whose, which side, compared with what), and the name of its subject. How figures are grouped into records is
measured elsewhere: a statement that two paragraphs make may be one record or two, and is right either way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from evals.align import Alignment
from evals.answers import Figure
from evals.matching import Match
from evals.sheets import LISTED, Entry, pointers_of
from evals.texts import same_text

TELLING = frozenset({"scope", "side", "item", "group", "measure", "moment", "stage", "basis", "base", "direction"})
"""Enums without which a figure is another fact."""
NAMING = frozenset({"label", "class_name", "section_name", "item_name", "category", "dimension", "indicator", "name"})
"""Texts without which a figure is another fact."""


Word = tuple[str, str]
"""A field and what it says."""


class Reading(StrEnum):
    """How an answered figure compares with its label."""

    RIGHT = "right"
    WRONG_FIELD = "wrong_field"  # another type or field, or no fact at all
    WRONG_ENUM = "wrong_enum"
    WRONG_NAME = "wrong_name"


@dataclass(frozen=True, slots=True)
class Fact:
    """The type, the field (`changes.amount`), and the enums and names that tell which figure this is."""

    type: str
    field: str
    enums: frozenset[Word]
    names: tuple[Word, ...]


def facts_of(entries: Iterable[Entry]) -> dict[str, Fact]:
    """The fact behind every figure that a record of fact holds."""
    return {
        figure.id: fact
        for entry in entries
        if entry.type not in LISTED
        for figure, fact in _facts(entry, entry.type, "", frozenset(), _names(entry))
    }


def compare_facts(match: Match, alignment: Alignment) -> dict[str, Reading]:
    """How every answered figure that the labels mark was read, by its id in the answer."""
    readings = {
        figure: Reading.RIGHT
        for label, answer in alignment.same
        if label.type not in LISTED
        for figure in pointers_of(answer.fields)
    }
    gold, read = facts_of(alignment.labels), facts_of(alignment.answers)
    for figure_id, fact in read.items():
        if figure_id in match.label:
            readings[figure_id] = _compare(gold.get(match.label[figure_id]), fact)
    return readings


def _facts(
    entry: Entry, top_type: str, prefix: str, above: frozenset[Word], names: tuple[Word, ...]
) -> Iterator[tuple[Figure, Fact]]:
    enums = above | {
        (prefix + name, value) for name, value in entry.values.items() if name in TELLING and isinstance(value, str)
    }
    for name, value in entry.values.items():
        if isinstance(value, Figure):
            yield value, Fact(top_type, prefix + name, enums, names)
    for name, children in entry.children.items():
        for child in children:
            yield from _facts(child, top_type, f"{prefix}{name}.", enums, names)


def _names(entry: Entry) -> tuple[Word, ...]:
    return tuple(
        sorted((name, value) for name, value in entry.values.items() if name in NAMING and isinstance(value, str))
    )


def _compare(label: Fact | None, answer: Fact) -> Reading:
    if label is None or (label.type, label.field) != (answer.type, answer.field):
        return Reading.WRONG_FIELD
    if label.enums != answer.enums:
        return Reading.WRONG_ENUM
    named = dict(answer.names)
    same = set(named) == {name for name, _ in label.names} and all(
        same_text(value, named[name]) for name, value in label.names
    )
    return Reading.RIGHT if same else Reading.WRONG_NAME
