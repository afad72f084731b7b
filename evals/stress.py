"""How many of a model's errors get through: a simulated model that errs on purpose, kind by kind and rate by rate.

Every error ends in one of four ways. *Refused*: the answer did not resolve, was asked again, and came right.
*Repaired*: it resolved, the checks objected, and the section came right. *Flagged*: it stayed, but its figures are
unclaimed or not accepted without a person. *Silent*: it stayed, and a figure it spoilt is accepted. A figure is spoilt
by any wrong word of its record, also by one that changes no fact, such as a purpose; of the wrong figures among the
accepted ones only those are counted that are read as another fact (`evals.facts`).
This measures what pointing and arithmetic are worth; it says nothing of any real model's accuracy.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from evals.align import align
from evals.collection import Fixture
from evals.facts import Reading, compare_facts
from evals.labels import Labels, read_labels
from evals.matching import match_figures
from evals.readers import as_answer
from evals.sheets import sheet_of_answer, sheet_of_labels
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.slips import Made, Slip, Slips
from evals.simulation.truth import Library
from evals.strains import Escape, Fate, Strain, Stress
from evals.truth import labelled_records
from extractor.checking.acceptance import ACCEPTED
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.pipeline_model import extract_with_model
from extractor.reading.llm import Mode
from extractor.settings import ModelSettings
from schemas.extraction import Extraction, Record, SectionOutcome
from schemas.fields import leaves, pointers

DOUBTFUL = (SectionOutcome.FAILED, SectionOutcome.NEEDS_REVIEW)

RATES = (0.01, 0.05, 0.1, 0.2)
"""Errors a record, at each of which every kind is tried."""

ALL = "all"
"""Errors of every kind together, each as often as the others; the rate is that of all."""


def stress(
    fixtures: Sequence[Fixture],
    rates: Sequence[float] = RATES,
    slips: Iterable[Slip] = tuple(Slip),
    mode: Mode = Mode.CASCADE,
    seed: int = 1,
    repeats: int = 1,
    jobs: int = 1,
    each_alone: bool = True,
) -> Stress:
    """All kinds of errors together at every rate and, if `each_alone`, every kind by itself; `repeats` times, each with
    a seed of its own."""
    known = list(slips)
    wanted: list[tuple[str, float, dict[Slip, float]]] = []
    for rate in rates:
        wanted.append((ALL, rate, {slip: rate / len(known) for slip in known}))
        if each_alone and len(known) > 1:
            wanted.extend((slip.value, rate, {slip: rate}) for slip in known)
    papers = tuple((each.name, each.document, each.label_file) for each in fixtures)
    seeds = range(seed, seed + repeats)
    done = _all([_Run(papers, each, mode, at) for _, _, each in wanted for at in seeds], jobs)
    found = [done[at : at + repeats] for at in range(0, len(done), repeats)]
    return Stress(
        reader=mode.value,
        documents=len(fixtures),
        records=done[0].records,
        seed=seed,
        repeats=repeats,
        created_at=datetime.now(UTC),
        strains=tuple(_strain(name, rate, each) for (name, rate, _), each in zip(wanted, found, strict=True)),
    )


def _strain(name: str, rate: float, runs: Sequence["_Found"]) -> Strain:
    fates = sum((each.fates for each in runs), Counter[tuple[Slip, Fate]]())
    by_kind: dict[str, dict[Fate, int]] = {}
    for (slip, fate), count in sorted(fates.items()):
        by_kind.setdefault(slip.value, {})[fate] = count
    return Strain(
        slip=name,
        rate=rate,
        made=sum(fates.values()),
        fates={fate: count for fate in Fate if (count := sum(each.get(fate, 0) for each in by_kind.values()))},
        by_kind=by_kind if name == ALL else {},
        accepted=sum(each.accepted for each in runs),
        silent_figures=sum(each.silent for each in runs),
        escaped=tuple(escape for each in runs for escape in each.escaped),
    )


# ---- one run ------------------------------------------------------------------------------------------------


_Papers = tuple[tuple[str, Path, Path], ...]
"""Name, file and label file of every document."""


@dataclass(frozen=True)
class _Run:
    """All documents once, with errors at some rates."""

    papers: _Papers
    rates: Mapping[Slip, float]
    mode: Mode
    seed: int


@dataclass(frozen=True)
class _Found:
    """What one run came to: the fates of its errors, those that escaped, how many figures are accepted and how many of
    these are wrong because of the errors, and how many records there were to err on."""

    fates: Counter[tuple[Slip, Fate]]
    escaped: tuple[Escape, ...]
    accepted: int
    silent: int
    records: int


def _all(runs: Sequence[_Run], jobs: int) -> list[_Found]:
    if jobs == 1:
        return [_strained(each) for each in runs]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_strained, runs))


def _strained(run: _Run) -> _Found:
    known, clean = _known(run.papers), _clean(run.papers, run.mode)
    model = SimulatedModel(known.library, Slips(run.rates, run.seed))
    extractions = asyncio.run(_read(model, known.disclosures, run.mode))
    fates: Counter[tuple[Slip, Fate]] = Counter()
    escaped = []
    for made in model.made:
        extraction = extractions[made.document]
        fate, silent = _fate(extraction, made, clean.said)
        fates[made.slip, fate] += 1
        if fate is Fate.SILENT:
            escaped.append(_escape(extraction, known.names[made.document], made, silent))
    return _Found(
        fates=fates,
        escaped=tuple(escaped),
        accepted=sum(len(_accepted(each)) for each in extractions.values()),
        silent=len(_wrong(known, extractions.values()) - clean.wrong),
        records=known.records,
    )


@dataclass(frozen=True)
class _Known:
    """The documents with their names and labels, and the library that the model answers from."""

    disclosures: list[Disclosure]
    names: dict[str, str]
    labels: dict[str, Labels]
    library: Library
    records: int


@cache
def _known(papers: _Papers) -> _Known:
    known = _Known([], {}, {}, Library(), sum(len(read_labels(file).records) for _, _, file in papers))
    for name, document, label_file in papers:
        disclosure = prepare(load(document))
        labels = Fixture(name, document, label_file).labels
        known.library.add(disclosure, labelled_records(labels, disclosure))
        known.disclosures.append(disclosure)
        known.names[disclosure.loaded.id] = name
        known.labels[disclosure.loaded.id] = labels
    return known


@dataclass(frozen=True)
class _Clean:
    """What comes out where the model makes no errors: what is said of every figure, and the accepted ones that are wrong
    all the same (the rules' own errors)."""

    said: dict[str, dict[str, "_Said"]]
    wrong: set[tuple[str, str]]


@cache
def _clean(papers: _Papers, mode: Mode) -> _Clean:
    known = _known(papers)
    extractions = asyncio.run(_read(SimulatedModel(known.library), known.disclosures, mode))
    said = {name: _said(each.records) for name, each in extractions.items()}
    return _Clean(said, _wrong(known, extractions.values()))


async def _read(model: SimulatedModel, disclosures: Sequence[Disclosure], mode: Mode) -> dict[str, Extraction]:
    with SimulatedServer(model) as server, tempfile.TemporaryDirectory() as folder:
        settings = ModelSettings(
            base_url=server.base_url, model="simulated", cache=False, cache_file=Path(folder) / "answers.sqlite"
        )
        return {each.document.id: each async for each in extract_with_model(disclosures, settings, mode)}


def _wrong(known: _Known, extractions: Iterable[Extraction]) -> set[tuple[str, str]]:
    """The accepted figures that are not read as labelled (see `evals.facts`), by document and id."""
    wrong: set[tuple[str, str]] = set()
    for extraction in extractions:
        gold, read = sheet_of_labels(known.labels[extraction.document.id]), sheet_of_answer(as_answer(extraction))
        match = match_figures(gold, read)
        readings = compare_facts(match, align(gold, read, match))
        accepted = _accepted(extraction)
        wrong.update(
            (extraction.document.id, each)
            for each, reading in readings.items()
            if reading is not Reading.RIGHT and each in accepted
        )
    return wrong


def _fate(extraction: Extraction, made: Made, clean: Mapping[str, dict[str, "_Said"]]) -> tuple[Fate, set[str]]:
    """What became of one error in the finished extraction, and the accepted figures that it spoilt."""
    if any(record.fields == made.record for record in extraction.records):
        return (Fate.REFUSED if made.refused else Fate.REPAIRED), set()
    if not made.quantities:
        doubtful = {each.id for each in extraction.sections if each.outcome in DOUBTFUL}
        return (Fate.FLAGGED if made.section in doubtful else Fate.SILENT), set()
    true = _said([Record(id="", type=type(made.record).__name__, reader="", fields=made.record)])
    right = clean[extraction.document.id]
    read = _said(extraction.records)
    spoilt = {each for each in made.quantities if read.get(each) not in (true.get(each), right.get(each))}
    if not spoilt:
        return (Fate.REFUSED if made.refused else Fate.REPAIRED), set()
    silent = spoilt & _accepted(extraction)
    return (Fate.SILENT if silent else Fate.FLAGGED), silent


def _escape(extraction: Extraction, name: str, made: Made, silent: set[str]) -> Escape:
    return Escape(
        slip=made.slip.value,
        document=name,
        type=type(made.record).__name__,
        figures=tuple(each.raw for each in extraction.quantities if each.id in silent),
    )


def _accepted(extraction: Extraction) -> set[str]:
    """The figures that go through without a person."""
    return {each.id for each in extraction.quantities if each.acceptance is not None and each.acceptance >= ACCEPTED}


_Said = tuple[str, str, frozenset[tuple[str, str]]]
"""What is said of a figure: its record's type, its field, and all words of the record and of its sub-record."""


def _said(records: Iterable[Record]) -> dict[str, _Said]:
    said: dict[str, _Said] = {}
    for record in records:
        words = [(*_split(leaf.path), str(leaf.value)) for leaf in leaves(record.fields) if isinstance(leaf.value, str)]
        for path, held in pointers(record.fields):
            within, name = _split(path)
            about = frozenset((each, value) for inside, each, value in words if inside in ("", within))
            said.setdefault(held, (record.type, f"{within.partition('[')[0]}.{name}", about))
    return said


def _split(path: str) -> tuple[str, str]:
    """The sub-record and the field of a path: `changes[0]`, `amount`."""
    within, _, name = path.rpartition(".")
    return within, name
