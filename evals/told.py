"""What each figure is told to be, by the records that both sides don't agree on: its role and its fact, read off once."""

from collections.abc import Iterable

import msgspec

from evals.answers import Figure
from evals.sheets import LISTED, Entry

TELLING = frozenset({"scope", "side", "item", "group", "measure", "moment", "stage", "basis", "base", "direction"})
"""Enums without which a figure is another fact."""

Role = tuple[str, str]
"""Record type and field."""
Word = tuple[str, str]
"""A field and what it says."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """One figure of a record: its role tells the sub-record it stands in (`changes<prior_year>.amount`), its field
    doesn't (`changes.amount`); `enums` are those of the record and the sub-record without which it is another fact."""

    figure: Figure
    entry: Entry
    role: Role
    field: str
    enums: frozenset[Word]


def told_figures(entries: Iterable[Entry]) -> dict[str, Told]:
    """What the figures of records of fact are told to be, by their id; the last record that holds one counts."""
    told: dict[str, Told] = {}
    for entry in entries:
        if entry.type not in LISTED:
            _tell(entry, entry, "", "", frozenset(), told)
    return told


def _tell(entry: Entry, top: Entry, role: str, field: str, above: frozenset[Word], told: dict[str, Told]) -> None:
    """Tell the figures of a record or sub-record; `role` and `field` are what their names begin with."""
    parts = entry.parts
    enums = above.union([(field + name, value) for name, value in parts.words.items() if name in TELLING])
    for name, figure in parts.figures.items():
        told[figure.id] = Told(figure, top, (top.type, role + name), field + name, enums)
    for name, children in parts.children.items():
        for child in children:
            _tell(child, top, f"{role}{name}<{base_of(child)}>.", f"{field}{name}.", enums, told)


def base_of(entry: Entry) -> str:
    """What a change is compared with, empty for other sub-records."""
    return entry.parts.words.get("base", "")
