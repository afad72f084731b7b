"""Mistakes of reading planted into the perfect records of clean papers: none may be blamed on the document."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from evals.generator.measure import Case, judged, paper_of
from extractor.checking import check_records
from schemas.checks import Cause, Finding, FindingKind
from schemas.extraction import Record
from schemas.fields import FieldKind, pointers, specs_of
from schemas.quantities import Quantity

NEAR = 5
"""A mispointed field takes one of so many neighbouring figures."""

Misreading = Callable[[random.Random, Case, int], list[Record] | None]
"""Misread one record, by its index; None where it cannot be misread so."""

_DIRECTIONS = {"increase": "decrease", "decrease": "increase"}
_BASES = ("prior_year", "initial_budget", "adjusted_budget")


def _dropped(rng: random.Random, case: Case, index: int) -> list[Record]:
    return [*case.records[:index], *case.records[index + 1 :]]


def _left_empty(rng: random.Random, case: Case, index: int) -> list[Record] | None:
    found = list(pointers(case.records[index].fields))
    return _pointed(case, index, {rng.choice(found)[0]: None}) if found else None


def _mispointed(rng: random.Random, case: Case, index: int) -> list[Record] | None:
    """A field that holds a neighbour of its figure, of the same kind."""
    found = list(pointers(case.records[index].fields))
    if not found:
        return None
    path, held = rng.choice(found)
    order = case.disclosure.quantities
    place = next(number for number, quantity in enumerate(order) if quantity.id == held)
    around: list[Quantity] = [*order[max(0, place - NEAR) : place], *order[place + 1 : place + 1 + NEAR]]
    near = [each.id for each in around if each.kind is order[place].kind]
    return _pointed(case, index, {path: rng.choice(near)}) if near else None


def _exchanged(rng: random.Random, case: Case, index: int) -> list[Record] | None:
    """Two figures of one kind in each other's field."""
    found = list(pointers(case.records[index].fields))
    kinds = {held: case.disclosure.by_id[held].kind for _, held in found}
    pairs = [(one, other) for one in found for other in found if one < other and kinds[one[1]] is kinds[other[1]]]
    if not pairs:
        return None
    (first, one), (second, other) = rng.choice(pairs)
    return _pointed(case, index, {first: other, second: one})


def _mislabelled(rng: random.Random, case: Case, index: int) -> list[Record] | None:
    """Another scope, side, item, group …."""
    fields = case.records[index].fields
    known = [
        (name, value)
        for name, spec in specs_of(type(fields)).items()
        if spec.kind is FieldKind.ENUM and getattr(fields, name) is not None
        for value in spec.values
        if value != getattr(fields, name)
    ]
    return _replaced(case, index, dict([rng.choice(known)])) if known else None


def _turned(rng: random.Random, case: Case, index: int) -> list[Record] | None:
    """A change with the other direction, or against another base."""
    dumped = case.records[index].fields.model_dump()
    if not dumped.get("changes"):
        return None
    change = rng.choice(dumped["changes"])
    if change.get("direction") in _DIRECTIONS and rng.random() < 0.5:
        change["direction"] = _DIRECTIONS[change["direction"]]
    else:
        change["base"] = rng.choice([base for base in _BASES if base != change.get("base")])
    return _replaced(case, index, dumped)


MISREADINGS: Mapping[str, Misreading] = {
    "dropped": _dropped,
    "left_empty": _left_empty,
    "mispointed": _mispointed,
    "exchanged": _exchanged,
    "mislabelled": _mislabelled,
    "turned": _turned,
}


def _replaced(case: Case, index: int, values: Mapping[str, Any]) -> list[Record]:
    record = case.records[index]
    fields = type(record.fields).model_validate({**record.fields.model_dump(), **values})
    return [*case.records[:index], record.model_copy(update={"fields": fields}), *case.records[index + 1 :]]


def _pointed(case: Case, index: int, wanted: Mapping[str, str | None]) -> list[Record]:
    dumped = case.records[index].fields.model_dump()
    for path, held in wanted.items():
        *steps, name = path.replace("[", ".").replace("]", "").split(".")
        holder: Any = dumped
        for step in steps:
            holder = holder[int(step)] if step.isdigit() else holder[step]
        holder[name] = None if held is None else {"quantity": held}
    return _replaced(case, index, dumped)


def misread(seed: int, case: Case, kind: str) -> list[Record] | None:
    """The records of a case with one of them misread; None where no record can be misread so."""
    rng = random.Random(seed)
    narrative = [index for index, record in enumerate(case.records) if record.reader == "generated"]
    rng.shuffle(narrative)
    found = (MISREADINGS[kind](rng, case, index) for index in narrative)
    return next((records for records in found if records is not None), None)


def blamed(case: Case, records: list[Record]) -> list[Finding]:
    """The contradictions that are laid on the document, which is consistent."""
    verdict = check_records(case.disclosure, records)
    return [each for each in verdict.findings if each.kind is not FindingKind.COVERAGE and each.cause is Cause.DOCUMENT]


def misblamed(seeds: Iterable[int], papers: int = 20) -> tuple[Counter[str], Counter[str]]:
    """Cases, and those in which the document is blamed, by kind of misreading; the papers go round."""
    cases: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    known: dict[int, Case] = {}
    for seed in seeds:
        number = seed % papers
        if number not in known:
            known[number] = judged(paper_of(number))
        kind = tuple(MISREADINGS)[seed // papers % len(MISREADINGS)]
        records = misread(seed, known[number], kind)
        if records is not None:
            cases[kind] += 1
            wrong[kind] += bool(blamed(known[number], records))
    return cases, wrong
