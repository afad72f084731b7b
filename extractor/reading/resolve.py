"""From what a reader answered to records with places; what does not resolve is refused, never repaired.

A refusal is a sentence that a model can act on: which field, what was answered, what is wanted.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extractor.documents.disclosure import Disclosure
from extractor.reading.reader import Passage, Reader, Reading
from schemas.extraction import Record, SectionOutcome
from schemas.fields import FieldKind, Fields, Leaf, QuantityRef, leaves
from schemas.quantities import ContextKind, Quantity, QuantityKind

ACCEPTED: dict[FieldKind, frozenset[QuantityKind]] = {
    # a figure printed without its unit still is what its sentence says it is
    FieldKind.MONEY: frozenset({QuantityKind.MONEY, QuantityKind.NUMBER}),
    FieldKind.PERCENT: frozenset({QuantityKind.PERCENT, QuantityKind.NUMBER}),
    FieldKind.COUNT: frozenset({QuantityKind.COUNT, QuantityKind.NUMBER}),
    FieldKind.SCORE: frozenset({QuantityKind.SCORE, QuantityKind.NUMBER}),
    FieldKind.DATE: frozenset({QuantityKind.DATE, QuantityKind.NUMBER}),
    FieldKind.QUANTITY: frozenset(QuantityKind),
}
"""Which kinds of quantity a field takes."""

# a document's first year is its fiscal year as well as the context of the sentence it stands in
SHARED_FIELDS = frozenset({"DisclosureProfile.fiscal_year"})
# words that stand for what no label prints: the count of everyone
CONVENTIONAL = {"UnitCount.category": ("总计",)}
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True)
class Refusal:
    """Why a record or one of its fields was not accepted, in words for the reader."""

    record: int
    path: str
    message: str


@dataclass(frozen=True)
class SectionReading:
    """The resolved reading of one section: records without ids, and how it ended."""

    section: str
    reader: str
    records: tuple[Record, ...] = ()
    contexts: dict[str, ContextKind] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    outcome: SectionOutcome = SectionOutcome.OK
    reason: str | None = None


def read_passage(disclosure: Disclosure, passage: Passage, reader: Reader) -> SectionReading:
    """What a reader makes of a section. One that it stumbles over comes out as failed, and costs no other one."""
    try:
        return resolve(disclosure, passage, reader.read(disclosure, passage), reader.name)
    except Exception as error:  # whatever a reader stumbles over, the other sections are read
        reason = f"an unforeseen error while reading this section ({type(error).__name__}: {error}); please report it"
        return SectionReading(passage.id, reader.name, outcome=SectionOutcome.FAILED, reason=reason)


def resolve(
    disclosure: Disclosure,
    passage: Passage,
    reading: Reading,
    reader: str,
    called: Mapping[str, str] | None = None,
) -> SectionReading:
    """Accept the records whose ids and texts resolve in the passage; refuse the others with reasons.

    An id must be one of the passage's, of the kind its field wants, and used once; a text must stand in the
    passage verbatim, white space aside. `called` gives what the reader calls an id, for the reasons.
    """
    called = called or {}
    used: dict[str, str] = {}
    accepted: list[Record] = []
    refusals: list[Refusal] = []
    for index, fields in enumerate(reading.records):
        filled = list(leaves(fields))
        problems = list(_problems(disclosure, passage, index, fields, filled, used, called))
        refusals.extend(problems)
        if problems:
            continue
        for leaf in filled:
            if isinstance(leaf.value, QuantityRef):
                used[leaf.value.quantity] = f"{type(fields).__name__}.{leaf.path}"
        accepted.append(
            Record(
                id="",
                type=type(fields).__name__,
                section=passage.id,
                reader=reader,
                fields=fields,
                places=_places(disclosure, passage, filled),
            )
        )
    contexts = {each: kind for each, kind in reading.contexts.items() if each in passage.spans and each not in used}
    outcome = SectionOutcome.OK if accepted or not passage.quantities else SectionOutcome.EMPTY
    return SectionReading(passage.id, reader, tuple(accepted), contexts, tuple(refusals), outcome)


def _problems(
    disclosure: Disclosure,
    passage: Passage,
    index: int,
    fields: Fields,
    filled: Sequence[Leaf],
    used: dict[str, str],
    called: Mapping[str, str],
) -> Iterable[Refusal]:
    here: set[str] = set()
    for leaf in filled:
        name = f"{type(fields).__name__}.{leaf.path}"
        if isinstance(leaf.value, QuantityRef):
            message = _pointer_problem(disclosure, passage, leaf, leaf.value.quantity, name, used, here, called)
            here.add(leaf.value.quantity)
        elif leaf.spec.kind is FieldKind.TEXT:
            found = _stands_in(passage, str(leaf.value)) or leaf.value in CONVENTIONAL.get(name, ())
            message = None if found else f"{name}: the words {leaf.value!r} do not stand in the section; copy them"
        else:
            message = None
        if message:
            yield Refusal(index, leaf.path, message)


def _pointer_problem(
    disclosure: Disclosure,
    passage: Passage,
    leaf: Leaf,
    quantity_id: str,
    name: str,
    used: dict[str, str],
    here: set[str],
    called: Mapping[str, str],
) -> str | None:
    shown = called.get(quantity_id, quantity_id)
    quantity: Quantity | None = disclosure.by_id.get(quantity_id)
    if quantity is None or quantity_id not in passage.spans:
        return f"{name}: there is no quantity {shown} in this section"
    if quantity.kind not in ACCEPTED[leaf.spec.kind]:
        return f"{name}: {shown} is {quantity.raw} ({quantity.kind.value}), the field wants {leaf.spec.kind.value}"
    if name in SHARED_FIELDS:
        return None
    if quantity_id in here or quantity_id in used:
        return f"{name}: {shown} is already used for {used.get(quantity_id, 'another field of this record')}"
    return None


def _stands_in(passage: Passage, words: str) -> bool:
    """Verbatim in the passage, or in one of the headings that it stands under."""
    return any(find_verbatim(text, words) is not None for text in (passage.text, *passage.section.path))


def find_verbatim(text: str, words: str, start: int = 0) -> tuple[int, int] | None:
    """Where words stand in a text, white space on either side disregarded; None where they don't."""
    wanted = _WHITE.sub("", words)
    if not wanted:
        return None
    bare, offsets = _without_space(text)
    at = bare.find(wanted, start if offsets is None else bisect_left(offsets, start))
    if at < 0:
        return None
    end = at + len(wanted)
    return (at, end) if offsets is None else (offsets[at], offsets[end - 1] + 1)


@lru_cache(maxsize=512)
def _without_space(text: str) -> tuple[str, "array[int] | None"]:
    """A text without its white space, and where each character stood (None where there is no white space)."""
    if not _WHITE.search(text):
        return text, None
    kept = array("l", (index for index, character in enumerate(text) if not character.isspace()))
    return _WHITE.sub("", text), kept


def _places(disclosure: Disclosure, passage: Passage, filled: Sequence[Leaf]) -> dict[str, tuple[int, int]]:
    """Where a record's texts stand in the loaded text: the occurrence nearest to the record's figures."""
    anchors = [passage.spans[leaf.value.quantity][0] for leaf in filled if isinstance(leaf.value, QuantityRef)]
    anchor = min(anchors, default=0)
    places = {}
    for leaf in filled:
        if leaf.spec.kind is FieldKind.TEXT and isinstance(leaf.value, str):
            span = _nearest(passage.text, leaf.value, anchor)
            if span is not None:
                start, end = passage.start + span[0], passage.start + span[1]
                places[leaf.path] = disclosure.unwrapped.source_span(start, end)
    return places


def _nearest(text: str, words: str, anchor: int) -> tuple[int, int] | None:
    """Where words stand nearest to a place, white space on either side disregarded; None where they don't."""
    wanted = _WHITE.sub("", words)
    bare, offsets = _without_space(text)
    here = anchor if offsets is None else bisect_left(offsets, anchor)
    found = [at for at in (bare.rfind(wanted, 0, here + len(wanted)), bare.find(wanted, here)) if wanted and at >= 0]
    spans = [
        (at, at + len(wanted)) if offsets is None else (offsets[at], offsets[at + len(wanted) - 1] + 1) for at in found
    ]
    return min(spans, key=lambda span: abs(span[0] - anchor), default=None)
