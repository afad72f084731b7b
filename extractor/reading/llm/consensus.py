"""Where two readings of the same sections differ, and in words for the person who decides."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from extractor.documents.disclosure import Disclosure
from extractor.reading.resolve import SectionReading
from schemas.fields import FieldKind, QuantityRef, leaves, pointers

Role = tuple[str, str, frozenset[tuple[str, str]]]
"""What a reading makes of a figure: the record type, the field, and what the record says beside it, words aside."""

MOST_NAMED = 8
"""Differences that a reason names; the rest is counted."""


def differences(disclosure: Disclosure, left: SectionReading, right: SectionReading) -> str | None:
    """What two readings make of the same figures, where it is not the same; None where they agree.

    Two readings agree on a figure when both put it into the same field of the same type, in the company of the
    same other figures and the same choices (scope, side, direction); words that they copied may differ in length.
    """
    first, second = _roles(left), _roles(right)
    differing = [id for id in sorted({*first, *second}, key=_number) if first.get(id) != second.get(id)]
    if not differing:
        return None
    named = [
        f"{disclosure.by_id[id].raw}: {left.reader} {_shown(first.get(id))}, {right.reader} {_shown(second.get(id))}"
        for id in differing[:MOST_NAMED]
    ]
    more = f"; …{len(differing) - MOST_NAMED} more" if len(differing) > MOST_NAMED else ""
    return f"两种读法不一致，请人工判定 (the readers differ): {'; '.join(named)}{more}"


def confirmed(readings: Iterable[SectionReading], others: Iterable[SectionReading]) -> list[SectionReading]:
    """The second reader's readings, with only the records that the first reader has likewise."""
    roles = roles_of(readings)
    return [
        replace(other, records=tuple(r for r in other.records if _is_in(roles, replace(other, records=(r,)))))
        for other in others
    ]


def _is_in(roles: Mapping[str, Role], one: SectionReading) -> bool:
    return all(roles.get(id) == role for id, role in _roles(one).items())


def roles_of(readings: Iterable[SectionReading]) -> dict[str, Role]:
    """The roles of all figures of some sections."""
    return {id: role for reading in readings for id, role in _roles(reading).items()}


def _roles(reading: SectionReading) -> dict[str, Role]:
    """The role of every figure of a section."""
    roles: dict[str, Role] = {}
    for record in reading.records:
        said = [
            (leaf.path, leaf.value.quantity if isinstance(leaf.value, QuantityRef) else leaf.value)
            for leaf in leaves(record.fields)
            if leaf.spec.kind is not FieldKind.TEXT
        ]
        company = frozenset(said)
        roles.update({id: (record.type, path, company) for path, id in pointers(record.fields)})
    return roles


def _shown(role: Role | None) -> str:
    return f"{role[0]}.{role[1]}" if role else "–"


def _number(quantity: str) -> int:
    digits = "".join(character for character in quantity if character.isdecimal())
    return int(digits) if digits else 0
