"""From what a reader answered to records with places; what does not resolve is refused, never repaired.

A refusal is a sentence that a model can act on: which field, what was answered, what is wanted.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extractor.documents.disclosure import Disclosure
from extractor.reading.reader import Passage, Reader, Reading
from schemas.extraction import Record, SectionOutcome
from schemas.fields import FieldKind, Fields, Leaf, leaves
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
_SPACE = re.compile(r"\s+")
_LEVELS = re.compile(r"\s+|[（(]\s*[类款项]\s*[）)]")


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
        placed = _placed(disclosure, passage, fields, used, called)
        if placed.problems:
            refusals.extend(Refusal(index, path, message) for path, message in placed.problems)
            continue
        used.update(placed.held)
        accepted.append(
            Record(
                id="",
                type=type(fields).__name__,
                section=passage.id,
                reader=reader,
                fields=fields,
                places=placed.texts,
            )
        )
    contexts = {each: kind for each, kind in reading.contexts.items() if each in passage.spans and each not in used}
    outcome = SectionOutcome.OK if accepted or not passage.quantities else SectionOutcome.EMPTY
    return SectionReading(passage.id, reader, tuple(accepted), contexts, tuple(refusals), outcome)


@dataclass
class _Placed:
    """What a record's fields come to: the field of each figure by id, where its texts stand in the loaded text by
    path, and (path, message) of what is wrong."""

    held: dict[str, str] = field(default_factory=dict)
    texts: dict[str, tuple[int, int]] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


def _placed(
    disclosure: Disclosure, passage: Passage, fields: Fields, used: Mapping[str, str], called: Mapping[str, str]
) -> _Placed:
    """A record placed in its passage; of several occurrences of a text the one nearest to the record's figures."""
    placed = _Placed()
    spans, type_name = passage.spans, type(fields).__name__
    filled = list(leaves(fields))
    held = [leaf.value.quantity for leaf in filled if not isinstance(leaf.value, str)]
    anchor = min((spans[quantity][0] for quantity in held if quantity in spans), default=0)
    for leaf in filled:
        message = None
        if not isinstance(leaf.value, str):  # pydantic's own classes are slow to ask
            quantity, name = leaf.value.quantity, f"{type_name}.{leaf.path}"
            message = _pointer_problem(disclosure, passage, leaf, quantity, name, used, placed.held, called)
            placed.held[quantity] = name
        elif leaf.spec.kind is FieldKind.TEXT:
            span = _nearest(passage.text, leaf.value, anchor)
            if span is not None:
                start, end = passage.start + span[0], passage.start + span[1]
                placed.texts[leaf.path] = disclosure.unwrapped.source_span(start, end)
            else:
                message = _words_problem(passage, f"{type_name}.{leaf.path}", leaf.value)
        if message:
            placed.problems.append((leaf.path, message))
    return placed


def _pointer_problem(
    disclosure: Disclosure,
    passage: Passage,
    leaf: Leaf,
    quantity_id: str,
    name: str,
    used: Mapping[str, str],
    here: Container[str],
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


def _words_problem(passage: Passage, name: str, words: str) -> str | None:
    """What is wrong with words that do not stand in a passage's text: they may stand in one of the headings above."""
    if words in CONVENTIONAL.get(name, ()) or any(find_verbatim(title, words) for title in passage.section.path):
        return None
    return f"{name}: the words {words!r} do not stand in the section; copy them"


def find_verbatim(text: str, words: str, start: int = 0) -> tuple[int, int] | None:
    """Where words stand in a text, white space on either side disregarded; None where they don't.

    A name may be given without the marks of its levels: 教育支出 where 教育（类）支出 is printed.
    """
    wanted = "".join(words.split())
    for bare, offsets in _bare(text, wanted):
        at = bare.find(wanted, bisect_left(offsets, start) if start else 0)
        if at >= 0:
            return offsets[at], offsets[at + len(wanted) - 1] + 1
    return None


def _nearest(text: str, words: str, anchor: int) -> tuple[int, int] | None:
    """Where words stand nearest to a place, as `find_verbatim` finds them."""
    wanted = "".join(words.split())
    for bare, offsets in _bare(text, wanted):
        here = bisect_left(offsets, anchor)
        at, behind = bare.rfind(wanted, 0, here + len(wanted)), bare.find(wanted, here)
        if at < 0 or (behind >= 0 and abs(offsets[behind] - anchor) < abs(offsets[at] - anchor)):
            at = behind
        if at >= 0:
            return offsets[at], offsets[at + len(wanted) - 1] + 1
    return None


def _bare(text: str, wanted: str) -> Iterator[tuple[str, Sequence[int]]]:
    """The text to seek words in: without white space, then without the marks of levels, too."""
    if wanted:
        yield _without(text, _SPACE)
        if "类" in text or "款" in text or "项" in text:
            yield _without(text, _LEVELS)


@lru_cache(maxsize=512)
def _without(text: str, left_out: re.Pattern[str]) -> tuple[str, Sequence[int]]:
    """A text without what is left out, and where each character stood."""
    kept, end = array("l"), 0
    for gap in left_out.finditer(text):
        kept.extend(range(end, gap.start()))
        end = gap.end()
    kept.extend(range(end, len(text)))
    return left_out.sub("", text), kept
