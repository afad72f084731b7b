"""The kinds of record fields, and how to ask a record model for them.

A record's fields are declared with the aliases below (`amount: Money`). `specs_of` reads the declarations
back, so that resolving, prompting, scoring and exporting all work from the one declaration.
"""

import types
import typing
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal, get_args, get_origin

from pydantic import BaseModel

from schemas.base import Model


class FieldKind(StrEnum):
    """What a record field holds; all but text, enum and list point at a printed quantity."""

    TEXT = "text"
    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    SCORE = "score"
    DATE = "date"
    QUANTITY = "quantity"
    ENUM = "enum"
    LIST = "list"

    @property
    def points(self) -> bool:
        """True when the field holds a pointer to a quantity."""
        return self not in (FieldKind.TEXT, FieldKind.ENUM, FieldKind.LIST)


class QuantityRef(Model):
    """A pointer to the place where a figure is printed."""

    quantity: str


Text = Annotated[str | None, FieldKind.TEXT]
Money = Annotated[QuantityRef | None, FieldKind.MONEY]
Percent = Annotated[QuantityRef | None, FieldKind.PERCENT]
Count = Annotated[QuantityRef | None, FieldKind.COUNT]
Score = Annotated[QuantityRef | None, FieldKind.SCORE]
Date = Annotated[QuantityRef | None, FieldKind.DATE]
AnyQuantity = Annotated[QuantityRef | None, FieldKind.QUANTITY]


class Fields(Model):
    """The fields of a record or sub-record. Every field may be absent."""


@dataclass(frozen=True)
class FieldSpec:
    """One declared field: its kind, the values of an enum, the model of a list's items."""

    name: str
    kind: FieldKind
    values: tuple[str, ...] = ()
    items: "type[Fields] | None" = None


def _spec(name: str, annotation: object, metadata: typing.Sequence[object]) -> FieldSpec:
    for mark in metadata:
        if isinstance(mark, FieldKind):
            return FieldSpec(name, mark)
    options = get_args(annotation) if get_origin(annotation) in (typing.Union, types.UnionType) else (annotation,)
    for option in options:
        if get_origin(option) is Literal:
            return FieldSpec(name, FieldKind.ENUM, values=tuple(str(v) for v in get_args(option)))
        if get_origin(option) is tuple:
            item = get_args(option)[0]
            if isinstance(item, type) and issubclass(item, Fields):
                return FieldSpec(name, FieldKind.LIST, items=item)
    raise TypeError(f"field {name} has no known kind: {annotation!r}")


@cache
def specs_of(model: type[BaseModel]) -> dict[str, FieldSpec]:
    """The declared fields of a record or sub-record model, in order."""
    return {name: _spec(name, info.annotation, info.metadata) for name, info in model.model_fields.items()}


class Leaf(typing.NamedTuple):
    """One filled field of a record: `path` like `changes[0].amount`, and what stands there."""

    path: str
    spec: FieldSpec
    value: "str | QuantityRef"


def leaves(fields: Fields, prefix: str = "") -> typing.Iterator[Leaf]:
    """Every filled field of a record, those of its sub-records included, in declared order."""
    specs = specs_of(type(fields))
    for name, value in fields.__dict__.items():
        if value is None:
            continue
        if isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from leaves(item, f"{prefix}{name}[{index}].")
        else:
            yield Leaf(prefix + name, specs[name], value)


def held_by(fields: Fields) -> list[str]:
    """The ids of the quantities that a record points at, in declared order: `pointers` without the paths."""
    held: list[str] = []
    _hold(fields, held)
    return held


def _hold(fields: Fields, held: list[str]) -> None:
    for value in fields.__dict__.values():
        if value is None or isinstance(value, str):  # most fields; pydantic's own classes take 0.3 µs to ask
            continue
        if isinstance(value, tuple):
            for item in value:
                _hold(item, held)
        else:
            held.append(value.quantity)


def pointers(fields: Fields, prefix: str = "") -> typing.Iterator[tuple[str, str]]:
    """(path, quantity id) of every field of a record that points at a quantity, in declared order."""
    # by the values and not by `leaves`: this runs for every record many times, and most fields are absent
    for name, value in fields.__dict__.items():
        if value is None or isinstance(value, str):
            continue
        if isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from pointers(item, f"{prefix}{name}[{index}].")
        else:
            yield prefix + name, value.quantity
