"""The shape of a record: which fields are filled, whatever with. Records that both sides agree on are counted by it."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evals.answers import Figure
from evals.sheets import Entry, specs
from schemas.fields import FieldKind


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Fields of a record of one shape: `roles` of its figures (`changes<prior_year>.amount`), the `filled` and the
    `absent` fields of it and its sub-records (`changes.amount`), and how many different enums and texts it has.
    There is one object a shape."""

    type: str
    roles: tuple[str, ...]
    filled: tuple[str, ...]
    absent: tuple[str, ...]
    enums: int
    texts: int


def shape_of(entry: Entry) -> Shape:
    """The shape of a record whose figures all have places."""
    key = entry.type, _outline(entry.fields)
    shape = _SHAPES.get(key)
    if shape is None:
        shape = _SHAPES[key] = _make(entry)
    return shape


_SHAPES: dict[Hashable, Shape] = {}


def _outline(fields: Mapping[str, Any]) -> Hashable:
    """The names of the filled fields; sub-records by their base and their own."""
    return tuple(
        [
            (name, tuple([(item.get("base"), _outline(item)) for item in value])) if isinstance(value, list) else name
            for name, value in fields.items()
        ]
    )


def _make(entry: Entry) -> Shape:
    roles, words = [], {}
    for path, kind, value in flat(entry):
        if isinstance(value, Figure):
            roles.append(path)
        else:
            words[path] = kind
    filled: list[str] = []
    absent: list[str] = []
    for path, is_filled in _fields(entry):
        (filled if is_filled else absent).append(path)
    kinds = list(words.values())
    return Shape(
        entry.type,
        tuple(roles),
        tuple(filled),
        tuple(absent),
        kinds.count(FieldKind.ENUM),
        kinds.count(FieldKind.TEXT),
    )


def base_of(entry: Entry) -> str:
    """What a change is compared with, empty for other sub-records."""
    return str(entry.values.get("base", ""))


def flat(entry: Entry, prefix: str = "") -> Iterator[tuple[str, FieldKind, "Figure | str"]]:
    """Every filled field as (path, kind, value); a sub-record is told by its base, not by its place in the list."""
    declared = specs(entry.type)
    for name, value in entry.values.items():
        if not (prefix and name == "base"):
            yield prefix + name, declared[name].kind, value
    for name, children in entry.children.items():
        for child in children:
            yield from flat(child, f"{prefix}{name}<{base_of(child)}>.")


def _fields(entry: Entry, prefix: str = "") -> Iterator[tuple[str, bool]]:
    for name, spec in specs(entry.type).items():
        if spec.kind is not FieldKind.LIST:
            yield prefix + name, name in entry.values
        for child in entry.children.get(name, ()):
            yield from _fields(child, f"{prefix}{name}.")
