"""The shape of a record: which fields are filled, whatever with. Records that both sides agree on are counted by it."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from evals.answers import Figure
from evals.sheets import Entry, specs
from evals.told import Role, base_of
from schemas.fields import FieldKind


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Fields of a record of one shape: the `roles` of its figures, the `filled` and the `absent` fields of it and its
    sub-records (`changes.amount`), and how many different enums and texts it has. There is one object a shape."""

    type: str
    roles: tuple[Role, ...]
    filled: tuple[str, ...]
    absent: tuple[str, ...]
    enums: int
    texts: int


def shape_of(entry: Entry, outline: Hashable) -> Shape:
    """The shape of a record whose figures all have places. `outline` tells records of different shapes apart."""
    shape = _SHAPES.get(outline)
    if shape is None:
        shape = _SHAPES[outline] = _make(entry)
    return shape


_SHAPES: dict[Hashable, Shape] = {}


def _make(entry: Entry) -> Shape:
    roles, words = [], {}
    for path, kind, value in flat(entry):
        if isinstance(value, Figure):
            roles.append((entry.type, path))
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
