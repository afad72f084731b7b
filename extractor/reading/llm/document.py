"""One document read with a model: which sections are asked, and which reading of each is kept."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from extractor.documents.disclosure import Disclosure
from extractor.errors import ConfigurationError
from extractor.reading.llm.accounting import NOTHING, Cost
from extractor.reading.llm.answers import ModelReading
from extractor.reading.llm.asking import Asker, Checked, Session, together
from extractor.reading.llm.asks import LISTS, asks_of, worth_asking
from extractor.reading.llm.consensus import confirmed, differences
from extractor.reading.llm.excerpt import PARAGRAPHS, Excerpt, excerpt_of
from extractor.reading.llm.repair import Defects, RepairAsk, defects_of, repair_ask
from extractor.reading.llm.store import Ended
from extractor.reading.reader import MODEL_READER, Passage
from extractor.reading.resolve import SectionReading, read_passage
from extractor.reading.routing import passages_of
from prompts.loader import prompt_for, repair_instructions
from schemas.checks import Cause, Check, Outcome
from schemas.extraction import SectionOutcome

_log = logging.getLogger(__name__)


class Mode(StrEnum):
    """How a model takes part in the reading."""

    LLM = "llm"  # every section that holds figures; lists stay with the rules unless those find nothing
    CASCADE = "cascade"  # the model only where the rules left figures unclaimed or broke relations
    CONSENSUS = "consensus"  # both read; where they differ a person decides


@dataclass(frozen=True)
class DocumentReading:
    """A document with the readings of all its sections, what they cost, and the hashes of the prompts sent.

    `others` are the rules' records that confirm the model's, of the sections whose relations broke: a contradiction
    between figures that both read alike is the document's.
    """

    disclosure: Disclosure
    readings: list[SectionReading]
    others: list[SectionReading]
    cost: Cost
    prompts: Mapping[str, str]


_Relation = tuple[str | None, frozenset[str]]


def _relation(check: Check) -> _Relation:
    return check.rule, frozenset(check.operands)


async def read_document(session: Session, disclosure: Disclosure, mode: Mode) -> DocumentReading:
    """Read all sections of a document. A section that fails costs no other one, a document that fails no other one.

    Raises ConfigurationError when the server refuses the configured key or model.
    """
    run = _DocumentRun(session, disclosure, mode)
    try:
        readings = await run.read()
    except ConfigurationError:
        raise
    except Exception as error:  # a fault of ours must not end a batch: the document comes out as failed, with it
        _log.exception("reading %s failed", disclosure.loaded.name)
        readings = run.failed(f"程序出错 (a fault of the program, please report it): {type(error).__name__}: {error}")
    session.store.record(disclosure.loaded.id, mode.value, session.client.model, run.ended(readings))
    return DocumentReading(
        disclosure, readings, run.others(readings), run.asker.cost, dict(sorted(run.asker.prompts.items()))
    )


class _DocumentRun:
    """The state of one document while it is read: per section the rules' reading and the model's."""

    def __init__(self, session: Session, disclosure: Disclosure, mode: Mode) -> None:
        self.asker = Asker(session, disclosure)
        self._session = session
        self._disclosure = disclosure
        self._mode = mode
        self._reader = session.rules()
        self._passages = passages_of(disclosure)
        self._by_rules: dict[str, SectionReading] = {}
        self._by_model: dict[str, ModelReading] = {}
        self._broken_by_rules: set[_Relation] | None = None
        self._last: tuple[list[SectionReading], Checked] | None = None

    async def read(self) -> list[SectionReading]:
        settings, prompts = self._session.settings, self._session.prompts
        worth = [passage for passage in self._passages if self._worth_asking(passage)]
        left = self._left_by_rules(worth) if self._mode is Mode.CASCADE else {}
        asked = [passage for passage in worth if passage.id in left] if self._mode is Mode.CASCADE else worth
        only = {section: excerpt.spans for section, excerpt in left.items()}
        for reading in await self.asker.ask(asks_of(asked, settings.bundle_characters, prompts, only)):
            section = reading.passage.id
            filled = self._filled(reading, left[section]) if section in left else reading
            self._by_model[section] = filled
        for _ in range(settings.repair_rounds):
            if not await self._repair_round():
                break
        self.asker.keep_settled(self._by_model)
        return self._readings() if self._mode is Mode.LLM else self._compared()

    def failed(self, reason: str) -> list[SectionReading]:
        """Every section as failed."""
        return [
            SectionReading(p.id, MODEL_READER, outcome=SectionOutcome.FAILED, reason=reason) for p in self._passages
        ]

    def ended(self, readings: Iterable[SectionReading]) -> list[Ended]:
        """How the sections ended, each with its share of the cost."""
        costs = {section: reading.cost for section, reading in self._by_model.items()}
        return [
            Ended(r.section, r.outcome, r.reason, c.input, c.cached, c.output, c.seconds)
            for r in readings
            for c in [costs.get(r.section, NOTHING)]
        ]

    def others(self, readings: Sequence[SectionReading]) -> list[SectionReading]:
        """The rules' records that confirm the model's, in sections whose broken relations the rules break too."""
        if not self._by_model:
            return []
        sure = {
            section for section, defects in self._defects(self._by_model).items() if not self._doubted(defects.violated)
        }
        both = [self._by_rules[section] for section in self._by_rules if section in sure]
        return confirmed([reading for reading in readings if reading.section in sure], both) if both else []

    # ---- which sections ------------------------------------------------------------------------------------

    def _worth_asking(self, passage: Passage) -> bool:
        if passage.kind not in LISTS:
            return worth_asking(passage, self._session.prompts)
        heading = len(passage.section.heading.text) if passage.section.heading else 0
        return bool(passage.text[heading:].strip()) and not self._rules(passage).records

    def _left_by_rules(self, worth: Iterable[Passage]) -> dict[str, Excerpt]:
        """The paragraphs that the rules could not read, or read so that relations break, by section.

        Relations that the document itself breaks are not asked about: asking costs and cannot mend them.
        """
        checked = self._checked({})
        blamed = {id for finding in checked.findings if finding.cause is Cause.DOCUMENT for id in finding.checks}
        doubted = [check for check in checked.checks if check.id not in blamed]
        left: dict[str, Excerpt] = {}
        for passage in worth:
            reading = self._rules(passage)
            defects = defects_of(ModelReading(passage, reading), doubted, checked.uncertain)
            if passage.kind in LISTS:
                left[passage.id] = Excerpt(((0, len(passage.text)),), frozenset())
            elif defects:
                left[passage.id] = excerpt_of(passage, reading.records, defects.quantities, PARAGRAPHS)
        return left

    def _rules(self, passage: Passage) -> SectionReading:
        if passage.id not in self._by_rules:
            self._by_rules[passage.id] = read_passage(self._disclosure, passage, self._reader)
        return self._by_rules[passage.id]

    def _filled(self, model: ModelReading, asked: Excerpt) -> ModelReading:
        """A reading of some paragraphs, with what the rules read in the others."""
        rules, spans = self._rules(model.passage), model.passage.spans
        kept = tuple(record for index, record in enumerate(rules.records) if index not in asked.records)
        contexts = {id: kind for id, kind in rules.contexts.items() if not asked.holds(spans[id][0])}
        reading = model.reading
        filled = replace(reading, records=(*kept, *reading.records), contexts={**contexts, **reading.contexts})
        if filled.records and filled.outcome is SectionOutcome.EMPTY:
            filled = replace(filled, outcome=SectionOutcome.OK)
        return replace(model, reading=filled)

    # ---- repair --------------------------------------------------------------------------------------------

    async def _repair_round(self) -> bool:
        """Ask again about what is wrong; True when something became better."""
        before = self._defects(self._by_model)
        asks = {section: ask for section, defects in before.items() if (ask := self._repair_ask(section, defects))}
        if not asks:
            return False
        tried = await together(self.asker.repair(self._by_model[section], ask) for section, ask in asks.items())
        candidates = {**self._by_model, **{reading.passage.id: reading for reading in tried}}
        after = self._defects(candidates)
        better = {section for section in asks if after[section].weight < before[section].weight}
        for reading in tried:
            old = self._by_model[reading.passage.id]
            kept = reading if reading.passage.id in better else replace(old, cost=reading.cost)
            self._by_model[reading.passage.id] = kept
        return bool(better)

    def _repair_ask(self, section: str, defects: Defects) -> RepairAsk | None:
        reading = self._by_model[section]
        doubted = replace(defects, violated=self._doubted(defects.violated), uncertain=())  # a name is no error
        if not doubted or reading.reading.outcome is SectionOutcome.FAILED:
            return None
        folder = self._session.prompts
        prompt, instructions = prompt_for(reading.passage.kind, folder), repair_instructions(folder)
        return repair_ask(reading, doubted, prompt, instructions, self.asker.first_characters(section))

    def _doubted(self, violated: Sequence[Check]) -> tuple[Check, ...]:
        """The broken relations that the rules' reading of the document does not break.

        Where both readings break a relation between the same figures, the document contradicts itself. That the
        figures have the same roles is not enough: a sum also breaks when one of its parts was filed elsewhere.
        """
        if not violated:
            return ()
        if self._broken_by_rules is None:
            checked = self._session.check(self._disclosure, [self._rules(passage) for passage in self._passages])
            self._broken_by_rules = {_relation(c) for c in checked.checks if c.outcome is Outcome.VIOLATED}
        return tuple(check for check in violated if _relation(check) not in self._broken_by_rules)

    def _defects(self, by_model: Mapping[str, ModelReading]) -> dict[str, Defects]:
        if not by_model:
            return {}
        checked = self._checked(by_model)
        uncertain = checked.uncertain if self._mode is Mode.CASCADE else ()
        return {each: defects_of(reading, checked.checks, uncertain) for each, reading in by_model.items()}

    def _checked(self, by_model: Mapping[str, ModelReading]) -> Checked:
        """The verdict on the readings; the last one is kept, since rounds end with what they begin with."""
        readings = self._readings(by_model)
        if self._last is None or self._last[0] != readings:
            self._last = (readings, self._session.check(self._disclosure, readings))
        return self._last[1]

    # ---- what is kept --------------------------------------------------------------------------------------

    def _readings(self, by_model: Mapping[str, ModelReading] | None = None) -> list[SectionReading]:
        """The model's reading of what it was asked, the rules' of everything else."""
        by_model = self._by_model if by_model is None else by_model
        return [by_model[p.id].settled() if p.id in by_model else self._rules(p) for p in self._passages]

    def _compared(self) -> list[SectionReading]:
        """Of the sections that both have read the better reading (see `Defects.weight`).

        A tie goes to the rules in a cascade, since they read the same way every time, and to the model in a consensus.
        """
        by_rules = {p.id: ModelReading(p, self._rules(p)) for p in self._passages if p.id in self._by_model}
        model, rules = self._defects(self._by_model), self._defects(by_rules)
        readings = {section: self._better(section, model[section], rules[section]) for section in self._by_model}
        return [readings.get(p.id) or self._rules(p) for p in self._passages]

    def _better(self, section: str, model: Defects, rules: Defects) -> SectionReading:
        reading, other = self._by_model[section].settled(), self._by_rules[section]
        if reading.outcome is SectionOutcome.FAILED:
            return replace(other, outcome=SectionOutcome.FAILED, reason=reading.reason)
        if self._mode is Mode.CASCADE:
            return reading if model.weight < rules.weight else other
        best = reading if model.weight <= rules.weight else other
        reason = differences(self._disclosure, reading, other)
        return replace(best, outcome=SectionOutcome.NEEDS_REVIEW, reason=reason) if reason else best
