"""The results of a job, streamed out of the database: memory does not grow with the number of documents.

Of every document the newest version that people settled is given, the reading where there is none; bytes that a
job names twice are one document.
"""

import itertools
import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa

from extractor.outputs.render import Rendered, render
from extractor.outputs.run import RunWriter
from extractor.storage.database import Database
from extractor.storage.models import BodyRow, ExtractionRow
from extractor.storage.packing import expand
from extractor.storage.work import ItemRow, ItemState
from schemas.extraction import Extraction

FORMATS = ("documents", "jsonl", "csv", "xlsx", "parquet")

PAGE = 50
"""Documents that are read from the database in one go."""

FEW = 40
"""Up to so many documents are rendered in this process: starting others takes longer."""


@dataclass(frozen=True)
class Exported:
    """How many documents went into an export, and how many files of the job have none."""

    documents: int
    failed: int


@dataclass(frozen=True)
class _Stored:
    """One document's results as the database holds them."""

    body: bytes
    address: str


def export(database: Database, job_id: int, folder: Path, formats: Sequence[str], processes: int) -> Exported:
    """Write the results of a job into a folder, as `gouji extract` does; a second export replaces the first."""
    documents = failed = 0
    with RunWriter(folder, formats) as writer:
        for rendered in _rendered(_stored(database, job_id), writer.tabular, processes):
            writer.add(rendered)
            documents += 1
        for address, reason in _failures(database, job_id):
            writer.fail(address, reason)
            failed += 1
    return Exported(documents, failed)


def stream(database: Database, job_id: int, target: TextIO) -> int:
    """Write the extractions of a job, one JSON object a line; returns how many."""
    return sum(1 for stored in _stored(database, job_id) if target.write(expand(stored.body) + "\n"))


def _rendered(stored: Iterator[_Stored], tabular: bool, processes: int) -> Iterator[Rendered]:
    few = list(itertools.islice(stored, FEW))
    yield from (_render(each, tabular) for each in few)
    if len(few) < FEW:
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        running: deque[Future[Rendered]] = deque()
        for each in stored:
            running.append(pool.submit(_render, each, tabular))
            if len(running) > 4 * processes:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _render(stored: _Stored, tabular: bool) -> Rendered:
    return render(Extraction.model_validate_json(expand(stored.body)), tabular, stored.address)


def _stored(database: Database, job_id: int) -> Iterator[_Stored]:
    """Every document of a job once, in the order in which its files were entered."""
    same, settled = sa.orm.aliased(ItemRow), sa.orm.aliased(ExtractionRow)
    before = sa.select(same.id).where(
        same.job_id == job_id, same.extraction_id == ItemRow.extraction_id, same.id < ItemRow.id
    )
    newest = sa.select(sa.func.max(settled.id)).where(settled.base_id == ItemRow.extraction_id).scalar_subquery()
    page = (
        sa.select(ItemRow.id, ItemRow.address, BodyRow.body)
        .join(BodyRow, BodyRow.extraction_id == sa.func.coalesce(newest, ItemRow.extraction_id))
        .where(ItemRow.job_id == job_id, ItemRow.state == ItemState.DONE, ~before.exists())
        .order_by(ItemRow.id)
        .limit(PAGE)
    )
    after = 0
    while True:
        with database.transaction() as session:
            rows = session.execute(page.where(ItemRow.id > after)).all()
        if not rows:
            return
        for row in rows:
            yield _Stored(row.body, row.address)
        after = rows[-1].id


def _failures(database: Database, job_id: int) -> Iterator[tuple[str, str]]:
    page = (
        sa.select(ItemRow.id, ItemRow.address, ItemRow.reason)
        .where(ItemRow.job_id == job_id, ItemRow.state == ItemState.FAILED)
        .order_by(ItemRow.id)
        .limit(1000)
    )
    after = 0
    while True:
        with database.transaction() as session:
            rows = session.execute(page.where(ItemRow.id > after)).all()
        if not rows:
            return
        yield from ((row.address, row.reason or "") for row in rows)
        after = rows[-1].id
