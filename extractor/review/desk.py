"""What pages and API work with: the database, the workbench, and a document's state of review."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.batch.files import FileStore
from extractor.review.evaluating import Correction, Evaluate, Original
from extractor.review.originals import Originals
from extractor.review.pictures import PictureCache
from extractor.review.queue import find, is_doubled
from extractor.review.settings import ReviewSettings
from extractor.review.standing import Standing, basis_of, correction, edits_of, log_of, standings
from extractor.review.workbench import Workbench
from extractor.storage.database import Database
from extractor.storage.models import BodyRow, DocumentRow, TaskRow, TextRow, VerdictRow
from extractor.storage.packing import expand
from extractor.storage.repository import NotStored, settled
from schemas.extraction import Extraction

KEPT = 32
"""Extractions kept in memory; tasks of one document follow upon each other. One takes 1 to 10 MB."""


@dataclass(frozen=True)
class State:
    """A reading, what was decided about it so far, and the version that resulted, as of one moment.

    `rows` are all its tasks, `log` all that was decided about them. `body` is the reading as stored. `now` is the
    settled version, the reading itself where nothing was decided.
    """

    document: DocumentRow
    extraction_id: int
    rows: Mapping[int, TaskRow]
    log: Sequence[VerdictRow]
    body: bytes
    text: bytes
    doubled: frozenset[int]
    reading: Extraction = field(repr=False)
    now: Extraction = field(repr=False)

    @property
    def basis(self) -> int:
        """Stands for the state of the document: the number of the last verdict."""
        return basis_of(self.log)

    @cached_property
    def standings(self) -> dict[int, Standing]:
        """Where each task that the log speaks of stands."""
        return standings(self.log)

    def standing(self, task_id: int) -> Standing:
        """Where a task stands."""
        return self.standings.get(task_id, Standing())

    @cached_property
    def decided(self) -> list[VerdictRow]:
        """The decisions that count, in their order."""
        return decided_by(self.standings, self.doubled)


def decided_by(standings: Mapping[int, Standing], doubled: frozenset[int]) -> list[VerdictRow]:
    """The decisions that count, in their order."""
    found = [each.deciding(task_id in doubled) for task_id, each in standings.items()]
    return sorted((row for row in found if row is not None), key=lambda row: row.id)


def corrections_of(decided: Sequence[VerdictRow]) -> tuple[Correction, ...]:
    """The decisions that change records."""
    return tuple(correction(row) for row in decided if edits_of(row))


@dataclass(frozen=True)
class _Stored:
    """A reading and the text it refers to, both compressed."""

    body: bytes
    text: bytes


@dataclass
class Desk:
    """One per server process."""

    database: Database
    settings: ReviewSettings
    store: FileStore | None = None
    workbench: Workbench = field(init=False)
    originals: Originals = field(init=False)
    _kept: "OrderedDict[int, Extraction]" = field(init=False, default_factory=OrderedDict)
    _raw: "OrderedDict[int, _Stored]" = field(init=False, default_factory=OrderedDict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        settings = self.settings
        pictures = PictureCache(settings.cache, settings.cache_megabytes)
        self.workbench = Workbench(
            settings.review_children, settings.document_megabytes, settings.child_seconds, pictures
        )
        self.originals = Originals(self.store, settings.cache, settings.fetch_seconds)

    def close(self) -> None:
        """End the children and close the database."""
        self.workbench.close()
        self.database.close()

    def state(self, session: Session, task_id: int) -> State:
        """The state of the document of a task. Raises NotStored."""
        task = find(session, task_id)
        document = session.get_one(DocumentRow, task.document_id)
        rows = session.scalars(sa.select(TaskRow).where(TaskRow.extraction_id == task.extraction_id))
        tasks = {row.id: row for row in rows}
        stored = self._stored_of(session, task.extraction_id, document.id)
        by_people = settled(session, task.extraction_id)
        return State(
            document=document,
            extraction_id=task.extraction_id,
            rows=tasks,
            log=log_of(session, task.extraction_id),
            body=stored.body,
            text=stored.text,
            doubled=frozenset(row.id for row in tasks.values() if is_doubled(self.settings, row)),
            reading=self.extraction(session, task.extraction_id),
            now=self.extraction(session, by_people),
        )

    def extraction(self, session: Session, extraction_id: int) -> Extraction:
        """An extraction, which never changes under its number; the last ones are kept."""
        with self._lock:
            known = self._kept.pop(extraction_id, None)
        if known is None:
            known = Extraction.model_validate_json(expand(_body(session, extraction_id)))
        self.keep(extraction_id, known)
        return known

    def _stored_of(self, session: Session, extraction_id: int, document_id: str) -> "_Stored":
        """A reading and its document's text as stored; the last ones are kept, like extractions."""
        with self._lock:
            known = self._raw.pop(extraction_id, None)
        if known is None:
            known = _Stored(_body(session, extraction_id), _text(session, document_id))
        with self._lock:
            self._raw[extraction_id] = known
            while len(self._raw) > KEPT:
                self._raw.popitem(last=False)
        return known

    def keep(self, extraction_id: int, extraction: Extraction) -> None:
        """Keep an extraction that is in the database, committed, under this number."""
        with self._lock:
            self._kept[extraction_id] = extraction
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def original(self, state: State) -> Original:
        """The document's file and text, for the workbench."""
        return self.originals.of(state.document, state.text)

    def question(self, state: State, draft: Correction | None = None, focus: frozenset[str] = frozenset()) -> Evaluate:
        """What to ask the workbench about the document as decided so far, with a draft behind it."""
        return Evaluate(
            self.original(state), state.extraction_id, state.body, corrections_of(state.decided), draft, focus
        )


def _body(session: Session, extraction_id: int) -> bytes:
    body = session.execute(sa.select(BodyRow.body).where(BodyRow.extraction_id == extraction_id)).scalar()
    if body is None:
        raise NotStored(f"{extraction_id}: 库中没有这个版本 (the database holds no such extraction)")
    return body


def _text(session: Session, document_id: str) -> bytes:
    text = session.execute(sa.select(TextRow.text).where(TextRow.document_id == document_id)).scalar()
    if text is None:
        raise NotStored(f"{document_id}: 库中没有这份文件 (the database holds no such document)")
    return text
