"""Asking again about what failed: only the clauses concerned, with what is wrong, for a quarter of the prompt.

The answer replaces the records of those clauses. Whether the new reading is better is for the checks to say
(`Defects`), not for the model.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractor.documents.disclosure import Disclosure
from extractor.reading.llm.answers import ModelReading, Refused, resolved
from extractor.reading.llm.asks import marked, numbered
from extractor.reading.llm.excerpt import excerpt_of
from extractor.reading.reader import Passage
from extractor.reading.resolve import ACCEPTED
from prompts.loader import Prompt
from prompts.wire import SpelledRecord, decode, describe, encode, type_of
from schemas.checks import Check, Outcome
from schemas.fields import FieldKind, pointers
from schemas.quantities import ContextKind, Quantity

SHARE = 0.25
"""A repair sends at most this share of what the first request sent."""


@dataclass(frozen=True)
class Defects:
    """What is wrong with the reading of a section; less is better."""

    violated: tuple[Check, ...] = ()
    unclaimed: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    uncertain: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.violated or self.unclaimed or self.refused or self.uncertain)

    @property
    def quantities(self) -> set[str]:
        """Every figure concerned."""
        concerned = {id for check in self.violated for id in check.operands}
        concerned.update(self.unclaimed, self.uncertain)
        return concerned | {id for refused in self.refused for id in refused.quantities}

    @property
    def weight(self) -> tuple[int, int, int]:
        """Sorts readings from good to bad.

        A figure that nothing accounts for weighs two broken relations: else a reading would get better by leaving
        out what contradicts, and worse by reading what the document itself got wrong.
        """
        left = len(self.unclaimed) + len(self.refused)
        return 2 * left + len(self.violated), len(self.violated), len(self.uncertain)


def defects_of(reading: ModelReading, checks: Iterable[Check], uncertain: Collection[str] = ()) -> Defects:
    """The relations that a section's records break, and its figures that nothing accounts for; `uncertain` are figures
    of which it is not sure what they are of.

    A misrounded figure is one unit of its last digit off: no figure read for another is that near.
    """
    held = reading.held
    violated = tuple(
        check for check in checks if check.outcome is Outcome.VIOLATED and held.intersection(check.operands)
    )
    unclaimed = tuple(
        quantity.id
        for quantity in reading.passage.quantities
        if quantity.context is None and quantity.id not in held and quantity.id not in reading.reading.contexts
    )
    unsure = tuple(quantity.id for quantity in reading.passage.quantities if quantity.id in uncertain)
    return Defects(violated, unclaimed, reading.refused, unsure)


@dataclass(frozen=True)
class RepairAsk:
    """One repair request: what is sent, what its numbers stand for, and which records it puts in question."""

    system: str
    user: str
    ids: Mapping[str, str]
    replaced: frozenset[int]

    @property
    def characters(self) -> int:
        """What the request sends."""
        return len(self.system) + len(self.user)


def repair_ask(
    reading: ModelReading, defects: Defects, prompt: Prompt, instructions: str, first_characters: int
) -> RepairAsk | None:
    """The request for as many of a section's defects as fit, worst first; None when not even one does.

    `first_characters` is what the section's first request sent.
    """
    limit = int(first_characters * SHARE)
    best: RepairAsk | None = None
    chosen: list[_Item] = []
    for item in _items(reading.passage, defects):
        ask = _ask(reading, [*chosen, item], prompt, instructions)
        if ask is not None and ask.characters <= limit:
            best = ask
            chosen.append(item)
    return best


def repaired(disclosure: Disclosure, reading: ModelReading, ask: RepairAsk, lines: Sequence[str]) -> ModelReading:
    """The reading with what a repair answered in the place of what it was asked about."""
    asked = frozenset(ask.ids.values())
    decoded = decode(lines, ask.ids)
    kept = [record for index, record in enumerate(reading.reading.records) if index not in ask.replaced]
    records = [SpelledRecord(1, (), record.fields) for record in kept] + list(decoded.records)
    contexts: dict[str, ContextKind] = {
        **{id: kind for id, kind in reading.reading.contexts.items() if id not in asked},
        **{id: kind for _, id, kind in decoded.contexts},
    }
    called = {quantity: number for number, quantity in ask.ids.items()}
    new = resolved(disclosure, reading.passage, records, contexts, called)
    # a record that was refused elsewhere in the section stays refused; one that pointed at nothing is let go
    untouched = tuple(r for r in reading.refused if r.quantities and not asked.intersection(r.quantities))
    return ModelReading(reading.passage, new.reading, (*new.refused, *untouched), reading.cost)


@dataclass(frozen=True)
class _Item:
    """One defect: the quantities concerned, what to tell the model, the record type if one was meant."""

    quantities: tuple[str, ...]
    message: str | None = None
    type: str | None = None


def _items(passage: Passage, defects: Defects) -> list[_Item]:
    items = [
        _Item(tuple(id for id in check.operands if id in passage.spans), f"不成立：{check.statement}")
        for check in defects.violated
    ]
    items += [
        _Item(
            tuple(id for id in refused.quantities if id in passage.spans),
            "；".join(refused.messages),
            type_of(refused.lines[0]) if refused.lines else None,
        )
        for refused in defects.refused
    ]
    told = {id for item in items for id in item.quantities}
    return [item for item in items if item.quantities] + [_Item((id,)) for id in defects.unclaimed if id not in told]


def _ask(reading: ModelReading, items: Sequence[_Item], prompt: Prompt, instructions: str) -> RepairAsk | None:
    passage, records = reading.passage, reading.reading.records
    quantities = numbered(passage, prompt)
    excerpt = excerpt_of(passage, records, {id for item in items for id in item.quantities})
    ids: dict[str, str] = {}
    stretches = [
        marked(passage, start, end, [q for q in quantities if start <= passage.spans[q.id][0] < end], ids)
        for start, end in excerpt.spans
    ]
    called = {quantity: number for number, quantity in ids.items()}
    touched = [records[index] for index in sorted(excerpt.records)]
    if any(quantity not in called for record in touched for _, quantity in pointers(record.fields)):
        return None
    before = [line for record in touched for line in encode(record.fields, called)]
    left = [called[id] for item in items if item.message is None for id in item.quantities if id in called]
    problems = [item.message for item in items if item.message]
    problems += [f"编号{' '.join(left)}没有归入任何记录"] if left else []
    title = [passage.section.path[-1]] if passage.section.path else []
    user = "\n".join(["原文：", *title, *stretches, "原答：", *before, "问题：", *problems])
    types = [record.type for record in touched] + [item.type for item in items if item.type]
    types = types or [_nearest_type(reading, items[0].quantities[0]) or prompt.records[0]]
    shown = [quantity for quantity in quantities if quantity.id in called]
    system = f"{instructions}\n{describe(dict.fromkeys(types), _field_kinds(shown))}"
    return RepairAsk(system, user, ids, excerpt.records)


def _field_kinds(quantities: Iterable[Quantity]) -> set[FieldKind]:
    """The kinds of field that some figures can be in, and all that are no figures."""
    kinds = {quantity.kind for quantity in quantities}
    return {kind for kind in FieldKind if not kind.points or ACCEPTED[kind] & kinds}


def _nearest_type(reading: ModelReading, quantity: str) -> str | None:
    """The type of the record whose figures stand nearest to a figure."""
    spans = reading.passage.spans
    here = spans[quantity][0]
    distances = [
        (abs(spans[id][0] - here), record.type)
        for record in reading.reading.records
        for _, id in pointers(record.fields)
        if id in spans
    ]
    return min(distances)[1] if distances else None
