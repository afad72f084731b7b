"""How many of a model's errors get through: a simulated model that errs on purpose, kind by kind and rate by rate.

Every error ends in one of four ways. *Refused*: the answer did not resolve, was asked again, and came right.
*Repaired*: it resolved, the checks objected, and the section came right. *Flagged*: it stayed, but its figures are
unclaimed or not accepted without a person. *Silent*: it stayed in a figure that is accepted. This measures what
pointing and arithmetic are worth; it says nothing of any real model's accuracy.
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

from evals.collection import Fixture
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.slips import Made, Slip, Slips
from evals.simulation.truth import Library
from evals.strains import Fate, Strain, Stress
from evals.truth import labelled_records
from extractor.checking.acceptance import ACCEPTED
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.pipeline_model import extract_with_model
from extractor.reading.llm import Mode
from extractor.settings import ModelSettings
from schemas.extraction import Extraction, Record, SectionOutcome
from schemas.fields import FieldKind, Fields, leaves, pointers

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
    jobs: int = 1,
) -> Stress:
    """Every kind of error at every rate, and all kinds together."""
    known = list(slips)
    wanted: list[tuple[str, float, dict[Slip, float]]] = [(ALL, 0.0, {})]
    for rate in rates:
        wanted.append((ALL, rate, {slip: rate / len(known) for slip in known}))
        wanted.extend((slip.value, rate, {slip: rate}) for slip in known)
    paths = [(each.name, each.document, each.label_file) for each in fixtures]
    with ProcessPoolExecutor(max(1, jobs), mp_context=get_context("spawn")) as pool:
        done = [pool.submit(_strained, tuple(paths), rates_, mode, seed) for _, _, rates_ in wanted]
        outcomes = [future.result() for future in done]
    clean, records = outcomes[0]
    return Stress(
        reader=mode.value,
        documents=len(fixtures),
        records=records,
        seed=seed,
        created_at=datetime.now(UTC),
        strains=tuple(
            Strain(
                slip=name,
                rate=rate,
                made=sum(found.fates.values()),
                fates=dict(found.fates),
                accepted=found.accepted,
                silent_figures=len(found.wrong - clean.wrong),
            )
            for (name, rate, _), (found, _) in zip(wanted[1:], outcomes[1:], strict=True)
        ),
    )


# ---- one run ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What one run came to: the fates of its errors, how many figures are accepted and which of these are wrong."""

    fates: Counter[Fate]
    accepted: int
    wrong: frozenset[tuple[str, str]]


def _strained(
    paths: tuple[tuple[str, Path, Path], ...], rates: Mapping[Slip, float], mode: Mode, seed: int
) -> tuple[_Found, int]:
    """One run over all documents with errors at some rates, and the number of records there are to err on."""
    disclosures, truth, library = _known(paths)
    model = SimulatedModel(library, Slips(rates, seed))
    extractions = asyncio.run(_read(model, disclosures, mode))
    fates: Counter[Fate] = Counter(_fate(extractions[made.document], made) for made in model.made)
    accepted, wrong = 0, set()
    for disclosure in disclosures:
        extraction = extractions[disclosure.loaded.id]
        right = _roles(truth[disclosure.loaded.id])
        read = _roles(extraction.records)
        for quantity in extraction.quantities:
            if quantity.acceptance is not None and quantity.acceptance >= ACCEPTED:
                accepted += 1
                if read.get(quantity.id) != right.get(quantity.id):
                    wrong.add((extraction.document.id, quantity.id))
    return _Found(fates, accepted, frozenset(wrong)), sum(map(len, truth.values()))


@cache
def _known(
    paths: tuple[tuple[str, Path, Path], ...],
) -> tuple[list[Disclosure], dict[str, list[Record]], Library]:
    """The documents, their labelled records, and the library that the model answers from."""
    library = Library()
    disclosures, truth = [], {}
    for name, document, label_file in paths:
        disclosure = prepare(load(document))
        records = labelled_records(Fixture(name, document, label_file).labels, disclosure)
        library.add(disclosure, records)
        disclosures.append(disclosure)
        truth[disclosure.loaded.id] = records
    return disclosures, truth, library


async def _read(model: SimulatedModel, disclosures: Sequence[Disclosure], mode: Mode) -> dict[str, Extraction]:
    with SimulatedServer(model) as server, tempfile.TemporaryDirectory() as folder:
        settings = ModelSettings(
            base_url=server.base_url, model="simulated", cache=False, cache_file=Path(folder) / "answers.sqlite"
        )
        return {each.document.id: each async for each in extract_with_model(disclosures, settings, mode)}


def _fate(extraction: Extraction, made: Made) -> Fate:
    """What became of one error in the finished extraction."""
    if any(record.fields == made.record for record in extraction.records):
        return Fate.REFUSED if made.refused else Fate.REPAIRED
    doubtful = {
        section.id
        for section in extraction.sections
        if section.outcome in (SectionOutcome.FAILED, SectionOutcome.NEEDS_REVIEW)
    }
    if not made.quantities:
        return Fate.FLAGGED if made.section in doubtful else Fate.SILENT
    sure = {each.id for each in extraction.quantities if each.acceptance is not None and each.acceptance >= ACCEPTED}
    return Fate.SILENT if sure & _touched(extraction, made) else Fate.FLAGGED


def _touched(extraction: Extraction, made: Made) -> set[str]:
    """The figures that the error still affects: where their role or the words of their record are not the true ones."""
    true = _roles([Record(id="", type=type(made.record).__name__, reader="", fields=made.record)])
    read = _roles(extraction.records)
    return {each for each in made.quantities if read.get(each) != true.get(each)}


def _roles(records: Iterable[Record]) -> dict[str, tuple[str, str, str]]:
    """For every figure its record's type, its field, and what else the record says in words."""
    roles: dict[str, tuple[str, str, str]] = {}
    for record in records:
        words = _said(record.fields)
        for path, held in pointers(record.fields):
            roles.setdefault(held, (record.type, path, words))
    return roles


def _said(fields: Fields) -> str:
    """The values of a record's lists of values: what decides which thing its figures are about."""
    return "|".join(f"{leaf.path}={leaf.value}" for leaf in leaves(fields) if leaf.spec.kind is FieldKind.ENUM)
