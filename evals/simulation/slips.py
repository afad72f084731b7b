"""The mistakes that models make when they read, made on purpose and by seed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from extractor.reading.reader import Passage
from schemas.fields import FieldKind, Fields, FieldSpec, Leaf, QuantityRef, leaves, pointers, specs_of

UNKNOWN = "unknown"
"""Stands for a quantity that the request does not hold."""


class Slip(StrEnum):
    """A kind of reading error."""

    NEIGHBOUR = "neighbour"  # points at the figure beside the right one
    SWAP = "swap"  # two figures of the same kind change places
    MISSED = "missed"  # a record is left out
    MERGED = "merged"  # a record swallows the next one of its type
    SPLIT = "split"  # a record falls into two
    ENUM = "enum"  # another value of the list
    TEXT = "text"  # words of another record
    PARAPHRASE = "paraphrase"  # words that do not stand there
    UNKNOWN_ID = "unknown_id"
    WRONG_KIND = "wrong_kind"  # points at a figure of another kind


@dataclass(frozen=True)
class Made:
    """One error that was made: its kind, the record it was made on, and that record's quantities.

    `document` is the document's id; `refused` says that the answer it stands in does not resolve.
    """

    slip: Slip
    section: str
    quantities: tuple[str, ...]
    record: Fields
    document: str = ""
    refused: bool = False


@dataclass
class Slips:
    """Makes errors, each kind with its own rate a record."""

    rates: Mapping[Slip, float]
    seed: int = 0

    def make(self, passage: Passage, records: Sequence[Fields], key: str) -> tuple[list[Fields], list[Made]]:
        """The records with errors in them, and what they are. The same key gives the same errors."""
        random = Random(f"{self.seed}:{key}")
        out: list[Fields] = []
        made: list[Made] = []
        pending = list(records)
        while pending:
            fields = pending.pop(0)
            slip = next((slip for slip in Slip if random.random() < self.rates.get(slip, 0.0)), None)
            changed = _MAKERS[slip](passage, fields, pending, random) if slip else None
            if slip is None or changed is None:
                out.append(fields)
                continue
            made.append(Made(slip, passage.id, tuple(id for _, id in pointers(fields)), fields))
            out.extend(changed)
        return out, made


Maker = Callable[[Passage, Fields, list[Fields], Random], list[Fields] | None]
"""Makes one error on a record; may take from the records that follow. None where it cannot be made."""


def _neighbour(passage: Passage, fields: Fields, _: list[Fields], random: Random) -> list[Fields] | None:
    return _repointed(passage, fields, random, lambda same, at: same[at - 1 : at] + same[at + 1 : at + 2], True)


def _wrong_kind(passage: Passage, fields: Fields, _: list[Fields], random: Random) -> list[Fields] | None:
    return _repointed(passage, fields, random, lambda others, _: others, False)


def _repointed(
    passage: Passage,
    fields: Fields,
    random: Random,
    candidates: Callable[[list[str], int], list[str]],
    same_kind: bool,
) -> list[Fields] | None:
    held = list(pointers(fields))
    random.shuffle(held)
    by_id = {quantity.id: quantity for quantity in passage.quantities}
    for path, id in held:
        if id not in by_id:
            continue
        kinds = [q.id for q in passage.quantities if (q.kind is by_id[id].kind) is same_kind and q.context is None]
        options = candidates(kinds, kinds.index(id) if id in kinds else 0)
        if options:
            return [_with(fields, path, {"quantity": random.choice(options)})]
    return None


def _swap(passage: Passage, fields: Fields, pending: list[Fields], random: Random) -> list[Fields] | None:
    """Two figures of the record, or one with the same field of the next record."""
    kind = {quantity.id: quantity.kind for quantity in passage.quantities}
    held = list(pointers(fields))
    pairs = [(a, b) for i, a in enumerate(held) for b in held[i + 1 :] if kind.get(a[1]) == kind.get(b[1])]
    if pairs:
        (first, one), (second, two) = random.choice(pairs)
        return [_with(_with(fields, first, {"quantity": two}), second, {"quantity": one})]
    if pending and type(pending[0]) is type(fields):
        others = dict(pointers(pending[0]))
        for path, id in held:
            if path in others and kind.get(others[path]) == kind.get(id):
                pending[0] = _with(pending[0], path, {"quantity": id})
                return [_with(fields, path, {"quantity": others[path]})]
    return None


def _missed(*_: Any) -> list[Fields]:
    return []


def _merged(_: Passage, fields: Fields, pending: list[Fields], __: Random) -> list[Fields] | None:
    if not pending or type(pending[0]) is not type(fields):
        return None
    swallowed = pending.pop(0)
    values = {**_values(swallowed), **_values(fields)}
    return [type(fields).model_validate(values)]


def _split(_: Passage, fields: Fields, __: list[Fields], ___: Random) -> list[Fields] | None:
    names = [name for name, spec in specs_of(type(fields)).items() if spec.kind.points and getattr(fields, name)]
    if len(names) < 2:
        return None
    values = _values(fields)
    rest = {name: values.pop(name) for name in names[1:]}
    enums = {n: v for n, v in values.items() if specs_of(type(fields))[n].kind is FieldKind.ENUM}
    return [type(fields).model_validate(values), type(fields).model_validate({**enums, **rest})]


def _enum(_: Passage, fields: Fields, __: list[Fields], random: Random) -> list[Fields] | None:
    found = [leaf for leaf in leaves(fields) if leaf.spec.kind is FieldKind.ENUM and len(leaf.spec.values) > 1]
    if not found:
        return None
    leaf = random.choice(found)
    return [_with(fields, leaf.path, random.choice([v for v in leaf.spec.values if v != leaf.value]))]


def _text(passage: Passage, fields: Fields, pending: list[Fields], random: Random) -> list[Fields] | None:
    others = {str(leaf.value) for each in pending for leaf in _texts(each)}
    found = [(leaf, other) for leaf in _texts(fields) for other in sorted(others) if other != leaf.value]
    if not found:
        return None
    leaf, other = random.choice(found)
    return [_with(fields, leaf.path, other)] if other in passage.text else None


def _paraphrase(passage: Passage, fields: Fields, _: list[Fields], random: Random) -> list[Fields] | None:
    found = list(_texts(fields))
    if not found:
        return None
    leaf = random.choice(found)
    return [_with(fields, leaf.path, f"有关{leaf.value}等方面")]


def _unknown_id(_: Passage, fields: Fields, __: list[Fields], random: Random) -> list[Fields] | None:
    held = [path for path, _ in pointers(fields)]
    return [_with(fields, random.choice(held), {"quantity": UNKNOWN})] if held else None


_MAKERS: Mapping[Slip, Maker] = {
    Slip.NEIGHBOUR: _neighbour,
    Slip.SWAP: _swap,
    Slip.MISSED: _missed,
    Slip.MERGED: _merged,
    Slip.SPLIT: _split,
    Slip.ENUM: _enum,
    Slip.TEXT: _text,
    Slip.PARAPHRASE: _paraphrase,
    Slip.UNKNOWN_ID: _unknown_id,
    Slip.WRONG_KIND: _wrong_kind,
}


def _texts(fields: Fields) -> list[Leaf]:
    return [leaf for leaf in leaves(fields) if leaf.spec.kind is FieldKind.TEXT]


def _values(fields: Fields) -> dict[str, Any]:
    return {name: getattr(fields, name) for name in specs_of(type(fields)) if getattr(fields, name) not in (None, ())}


def _with(fields: Fields, path: str, value: Any) -> Fields:
    """The record with another value at a path like `changes[0].amount`."""
    name, _, rest = path.partition(".")
    listed = re.fullmatch(r"(\w+)\[(\d+)\]", name)
    values = _values(fields)
    if listed:
        items = list(values[listed[1]])
        items[int(listed[2])] = _with(items[int(listed[2])], rest, value)
        values[listed[1]] = tuple(items)
    else:
        values[name] = value
    return type(fields).model_validate(values)


def restricted(fields: Fields, known: Mapping[str, str]) -> Fields | None:
    """A record without the figures that a request does not hold; None when that leaves nothing of it."""
    held = [id for _, id in pointers(fields)]
    if all(id in known or id == UNKNOWN for id in held):
        return fields
    values: dict[str, Any] = {}
    for name, spec in specs_of(type(fields)).items():
        value = getattr(fields, name)
        if isinstance(value, QuantityRef) and value.quantity not in known:
            continue
        values[name] = _items(value, spec, known) if spec.items else value
    left = type(fields).model_validate(values)
    return left if any(True for _ in pointers(left)) else None


def _items(items: Sequence[Fields], spec: FieldSpec, known: Mapping[str, str]) -> tuple[Fields, ...]:
    return tuple(left for item in items if (left := restricted(item, known)) is not None)
