"""From a model's answers to readings of sections."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extractor.documents.disclosure import Disclosure
from extractor.reading.llm.accounting import NOTHING, Cost
from extractor.reading.llm.asks import Ask, Part
from extractor.reading.reader import MODEL_READER, Passage, Reading
from extractor.reading.resolve import SectionReading, resolve
from prompts.wire import Decoded, SpelledRecord, decode
from schemas.extraction import SectionOutcome
from schemas.fields import held_by
from schemas.quantities import ContextKind


@dataclass(frozen=True)
class Response:
    """What became of one request: its lines, or why there are none.

    `speaks` is True when the server did answer, but with nothing usable: fewer sections at once may help.
    """

    key: str
    lines: tuple[str, ...] = ()
    failure: str | None = None
    cost: Cost = NOTHING
    speaks: bool = False


@dataclass(frozen=True)
class Refused:
    """A record that was not accepted: its lines, the quantities it pointed at, and why, for the model."""

    lines: tuple[str, ...]
    quantities: tuple[str, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True)
class ModelReading:
    """What a model made of one section so far."""

    passage: Passage
    reading: SectionReading
    refused: tuple[Refused, ...] = ()
    cost: Cost = NOTHING

    @cached_property
    def held(self) -> frozenset[str]:
        """The ids of the figures that the records hold."""
        return frozenset(id for record in self.reading.records for id in held_by(record.fields))

    @property
    def clean(self) -> bool:
        """True when nothing failed and nothing was refused."""
        return self.reading.outcome is not SectionOutcome.FAILED and not self.refused

    def settled(self) -> SectionReading:
        """The reading with its final outcome: what is still refused needs a person."""
        if not self.refused or self.reading.outcome is SectionOutcome.FAILED:
            return self.reading
        reasons = "; ".join(message for refused in self.refused for message in refused.messages)
        return replace(
            self.reading, outcome=SectionOutcome.NEEDS_REVIEW, reason=f"模型的部分回答未被接受 (refused): {reasons}"
        )


@dataclass(frozen=True)
class Piece:
    """The share of one request that concerns one part of a section, and the reading of that part."""

    part: Part
    records: tuple[SpelledRecord, ...]
    contexts: Mapping[str, ContextKind]
    problems: tuple[str, ...]
    called: Mapping[str, str]
    reading: ModelReading


@dataclass(frozen=True)
class Answered:
    """A request for sections with its response, and what that makes of each of its parts."""

    ask: Ask
    response: Response
    pieces: tuple[Piece, ...]

    @property
    def sections(self) -> set[str]:
        """The ids of the sections asked about."""
        return {part.passage.id for part in self.ask.parts}

    @property
    def clean(self) -> bool:
        """True when all of the answer was accepted."""
        return all(piece.reading.clean for piece in self.pieces)


def answered(disclosure: Disclosure, ask: Ask, response: Response) -> Answered:
    """Read a response, part by part."""
    called = {quantity: number for number, quantity in ask.ids.items()}
    pieces = (_piece(disclosure, response, called, *each) for each in _shares(ask, response))
    return Answered(ask, response, tuple(pieces))


def readings_of(disclosure: Disclosure, answers: Iterable[Answered]) -> list[ModelReading]:
    """The reading of every section that some requests asked for, in the order asked."""
    pieces: dict[str, list[Piece]] = {}
    for answer in answers:
        for piece in answer.pieces:
            pieces.setdefault(piece.part.passage.id, []).append(piece)
    return [parts[0].reading if len(parts) == 1 else _whole(disclosure, parts) for parts in pieces.values()]


def _whole(disclosure: Disclosure, pieces: Sequence[Piece]) -> ModelReading:
    """The reading of a section that was sent in several parts."""
    records = [record for piece in pieces for record in piece.records]
    contexts = {id: kind for piece in pieces for id, kind in piece.contexts.items()}
    called = {id: number for piece in pieces for id, number in piece.called.items()}
    problems = [problem for piece in pieces for problem in piece.problems]
    cost = sum((piece.reading.cost for piece in pieces), NOTHING)
    failures = [p.reading.reading.reason for p in pieces if p.reading.reading.outcome is SectionOutcome.FAILED]
    passage = pieces[0].part.passage
    reading = _with_problems(resolved(disclosure, passage, records, contexts, called), problems, cost)
    return _failed(reading, "; ".join(dict.fromkeys(reason for reason in failures if reason))) if failures else reading


def _shares(ask: Ask, response: Response) -> Iterator[tuple[Part, Decoded, Cost]]:
    """Every part of a request with what was answered for it, and its share of the cost."""
    decoded = decode(response.lines, ask.ids)
    whole, last = sum(part.length for part in ask.parts), len(ask.parts)
    records: list[list[SpelledRecord]] = [[] for _ in ask.parts]
    contexts: list[list[tuple[int, str, ContextKind]]] = [[] for _ in ask.parts]
    for record in decoded.records:  # those under a number that no section has are refused in the nearest one
        records[min(max(record.section, 1), last) - 1].append(record)
    for context in decoded.contexts:
        contexts[min(max(context[0], 1), last) - 1].append(context)
    for index, part in enumerate(ask.parts):
        own = Decoded(tuple(records[index]), tuple(contexts[index]), () if index else decoded.problems)
        yield part, own, response.cost.share(part.length, whole, first=not index)


def _piece(
    disclosure: Disclosure, response: Response, called: Mapping[str, str], part: Part, own: Decoded, cost: Cost
) -> Piece:
    contexts = {id: kind for _, id, kind in own.contexts}
    reading = _with_problems(resolved(disclosure, part.passage, own.records, contexts, called), own.problems, cost)
    if response.failure is not None:
        reading = _failed(reading, response.failure)
    return Piece(part, own.records, contexts, own.problems, called, reading)


def _with_problems(reading: ModelReading, problems: Iterable[str], cost: Cost) -> ModelReading:
    refused = (Refused((), (), (problem,)) for problem in problems)
    return ModelReading(reading.passage, reading.reading, (*reading.refused, *refused), cost)


def _failed(reading: ModelReading, reason: str) -> ModelReading:
    return replace(reading, reading=replace(reading.reading, outcome=SectionOutcome.FAILED, reason=reason))


def resolved(
    disclosure: Disclosure,
    passage: Passage,
    records: Sequence[SpelledRecord],
    contexts: Mapping[str, ContextKind],
    called: Mapping[str, str],
) -> ModelReading:
    """Resolve what was spelled for one section; what is refused keeps its lines and reasons."""
    spelled = [record for record in records if record.fields is not None]
    reading = resolve(
        disclosure, passage, Reading(tuple(r.fields for r in spelled if r.fields), contexts), MODEL_READER, called
    )
    messages: dict[int, list[str]] = {}
    for refusal in reading.refusals:
        messages.setdefault(refusal.record, []).append(refusal.message)
    refused = [Refused(r.lines, r.quantities, r.problems) for r in records if r.fields is None]
    refused += [Refused(spelled[i].lines, spelled[i].quantities, tuple(said)) for i, said in messages.items()]
    return ModelReading(passage, reading, tuple(refused))
