"""The last run of `gouji extract`, brought into a database of its own beside it, so that it can be reviewed."""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError

from extractor.documents.loading import load
from extractor.errors import ConfigurationError
from extractor.storage.database import Database
from extractor.storage.models import DocumentRow, VerdictRow
from extractor.storage.packing import Packed, Source, pack
from extractor.storage.repository import delete_document, find, store
from schemas.base import GoujiError
from schemas.extraction import Extraction

DATABASE = "review.sqlite"
CACHE = ".review-cache"

_FEW = 8
"""Up to so many new documents are brought in by this process: starting others takes longer."""


@dataclass(frozen=True)
class Imported:
    """What became of a run's documents: brought in now, there before, and those that could not be, with the reason."""

    new: int
    known: int
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Document:
    path: Path
    address: str
    fingerprint: str


def import_run(database: Database, folder: Path) -> Imported:
    """Bring the documents of a run in. A document whose results are there already keeps what was decided about it.

    Documents of an earlier run in the same folder go, unless something was decided about them. Raises
    ConfigurationError where there is no run.
    """
    found = sorted((folder / "documents").glob("*.json"))
    if not found:
        raise ConfigurationError(
            f"{folder}: 这里没有提取结果，请先运行 gouji extract … --out {folder} (there is no extraction here; run that first)"
        )
    addresses = _addresses(folder)
    new, known, failed = [], 0, list[str]()
    for path in found:
        fingerprint = _fingerprint(path)
        with database.transaction() as session:
            if find(session, path.stem, fingerprint) is not None:
                known += 1
                continue
        address = addresses.get(path.stem)
        if address is None:
            failed.append(f"{path.name}: 不知道原文件在哪里 (the run does not say where the file is; extract it again)")
        else:
            new.append(_Document(path, address, fingerprint))
    stored = 0
    for packed in _packed(new):
        if isinstance(packed, str):
            failed.append(packed)
            continue
        with database.transaction() as session:
            store(session, packed)
        stored += 1
    _drop_others(database, {path.stem for path in found})
    return Imported(stored, known, tuple(failed))


def _addresses(folder: Path) -> dict[str, str]:
    """Where each document's file was when it was read."""
    path = folder / "sources.jsonl"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as lines:
        return {line["document_id"]: line["address"] for line in map(json.loads, lines)}


def _fingerprint(path: Path) -> str:
    """Stands for the results alone: the same results of another run are the same."""
    try:
        body = json.loads(path.read_bytes())
        provenance = body["provenance"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{path}: 读不了提取结果 (the extraction cannot be read: {error})") from error
    for varying in ("created_at", "usage", "tokens"):
        provenance.pop(varying, None)
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _packed(documents: list[_Document]) -> Iterator[Packed | str]:
    """The rows of every document, or the reason why there are none."""
    pool: Executor = ThreadPoolExecutor(1)
    if len(documents) > _FEW:
        pool = ProcessPoolExecutor(os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn"))
    with pool:
        yield from pool.map(_pack, documents)


def _pack(document: _Document) -> Packed | str:
    try:
        extraction = Extraction.model_validate_json(document.path.read_bytes())
        loaded = load(document.address)
        if loaded.sha256 != extraction.document.sha256:
            return f"{document.address}: 提取之后文件被改动，请重新提取 (the file was changed since; extract it again)"
        source = Source(document.address, Path(document.address).stat().st_size)
        return pack(extraction, loaded.text, source, document.fingerprint)
    except ValidationError as error:
        return f"{document.path}: 不是提取结果 (not an extraction: {error.error_count()} errors)"
    except (GoujiError, OSError) as error:
        return str(error)


def _drop_others(database: Database, ids: set[str]) -> None:
    decided = sa.select(VerdictRow.id).where(VerdictRow.document_id == DocumentRow.id).exists()
    with database.transaction() as session:
        for document_id in session.scalars(sa.select(DocumentRow.id).where(~decided)).all():
            if document_id not in ids:
                delete_document(session, document_id)
