"""What a person can do to the records of a document, as small edits that are applied in order.

A record field is named by its path (`amount`, `changes[0].percent`), a figure by the id of a printed quantity.
An added record gets an id from its task and its place in the list of edits, so that the same list always makes
the same records.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from schemas.base import GoujiError, Model
from schemas.quantities import ContextKind

Id = Annotated[str, Field(min_length=1, max_length=40)]
Path = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^(\w+\[\d{1,4}\]\.)?\w+$")]

MOST_EDITS = 500
"""Edits of one task; a person makes a few dozen at most."""


class EditRefused(GoujiError):
    """An edit that cannot be done, in a sentence that says why."""


class Place(Model):
    """A field of a record."""

    record: Id
    path: Path


class Put(Model):
    """Put a value into a field: the id of a quantity, words of the document, one of the listed values; null empties it.

    A quantity that another field holds is taken from there.
    """

    op: Literal["put"]
    record: Id
    path: Path
    value: Annotated[str, Field(max_length=4000)] | None


class Exchange(Model):
    """Let two fields change their quantities."""

    op: Literal["exchange"]
    first: Place
    second: Place


class Retype(Model):
    """Make a record one of another type; fields that the type does not have are emptied."""

    op: Literal["retype"]
    record: Id
    type: Id


class Delete(Model):
    """Delete a record; its quantities are unclaimed again."""

    op: Literal["delete"]
    record: Id


class Add(Model):
    """Add an empty record that the reading missed."""

    op: Literal["add"]
    type: Id
    section: Id | None = None


class Split(Model):
    """Move fields of a record into a new one of the same type, which also gets its words and listed values."""

    op: Literal["split"]
    record: Id
    paths: Annotated[tuple[Path, ...], Field(min_length=1, max_length=60)]


class Merge(Model):
    """Fill the empty fields of a record from another one, which is deleted."""

    op: Literal["merge"]
    record: Id
    into: Id


class Context(Model):
    """Say of quantities that they are no facts of their own, and why."""

    op: Literal["context"]
    quantities: Annotated[tuple[Id, ...], Field(min_length=1, max_length=2000)]
    kind: ContextKind


Edit = Annotated[Put | Exchange | Retype | Delete | Add | Split | Merge | Context, Field(discriminator="op")]
Edits = Annotated[tuple[Edit, ...], Field(max_length=MOST_EDITS)]

_EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(Edits)


def edits_from_json(text: str | bytes) -> tuple[Edit, ...]:
    """A list of edits. Raises EditRefused that says which is wrong."""
    try:
        return _EDITS.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise EditRefused(f"{place}: 修改无法识别 (not an edit: {first['msg']})") from None


def edits_to_json(edits: tuple[Edit, ...]) -> str:
    """The list as kept in the database."""
    return _EDITS.dump_json(edits).decode()
