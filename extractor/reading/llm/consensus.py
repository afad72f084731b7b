"""Where two readings of the same sections differ, and in words for the person who decides."""

from collections.abc import Iterable, Mapping

from extractor.documents.disclosure import Disclosure
from extractor.reading.resolve import SectionReading
from schemas.checks import Check
from schemas.fields import pointers

Role = tuple[str, str, frozenset[str]]
"""What a reading makes of a figure: the record type, the field, and the figures beside it in its record."""

MOST_NAMED = 8
"""Differences that a reason names; the rest is counted."""


def differences(disclosure: Disclosure, left: SectionReading, right: SectionReading) -> str | None:
    """What two readings make of the same figures, where it is not the same; None where they agree.

    Two readings agree on a figure when both put it into the same field of the same type, in the company of the
    same other figures.
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


def agreed(check: Check, left: Mapping[str, Role], right: Mapping[str, Role]) -> bool:
    """True when two readings gave the figures of a relation the same roles; figures that neither read count as sure."""
    return all(left.get(id) == right.get(id) for id in check.operands)


def roles_of(readings: Iterable[SectionReading]) -> dict[str, Role]:
    """The roles of all figures of some sections."""
    return {id: role for reading in readings for id, role in _roles(reading).items()}


def _roles(reading: SectionReading) -> dict[str, Role]:
    """Of every figure: the record type, the field, and the figures beside it in its record."""
    roles: dict[str, Role] = {}
    for record in reading.records:
        held = list(pointers(record.fields))
        company = frozenset(id for _, id in held)
        roles.update({id: (record.type, path, company) for path, id in held})
    return roles


def _shown(role: Role | None) -> str:
    return f"{role[0]}.{role[1]}" if role else "–"


def _number(quantity: str) -> int:
    digits = "".join(character for character in quantity if character.isdecimal())
    return int(digits) if digits else 0
