"""Reading one document, in a child process: from its file to the rows that are stored."""

import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.pipeline import conclude, read
from extractor.reading.rules import RulesReader
from extractor.storage.packing import Packed, Source, pack
from extractor.version import VERSION
from schemas.base import GoujiError, Model
from schemas.extraction import Extraction, Provenance


class ReadingOptions(Model):
    """How the documents of a job are read."""

    reader: str = "rules"

    @property
    def fingerprint(self) -> str:
        """Stands for everything that makes two readings of the same document the same."""
        said = json.dumps({"reader": self.reader, "version": VERSION}, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Task:
    """One document to be read: its file on this machine, and where that came from."""

    path: Path
    source: Source
    options: ReadingOptions


@dataclass(frozen=True)
class Spent:
    """What reading took: sections read, requests and tokens of a model, money, seconds."""

    sections: int = 0
    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    money: Decimal | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Result:
    """What became of a document: its rows, or the reason why there are none."""

    packed: Packed | None = None
    reason: str | None = None
    spent: Spent = field(default_factory=Spent)


async def read_file(task: Task) -> Result:
    """Read one document with the rules. Whatever is wrong with the file comes out as the reason, never as an error."""
    started = time.monotonic()
    try:
        loaded = load(task.path)
        disclosure = prepare(loaded)
        reader = RulesReader()
        provenance = Provenance(reader=reader.name, version=VERSION, created_at=datetime.now(UTC))
        extraction = conclude(disclosure, read(disclosure, reader), provenance)
        packed = pack(extraction, loaded.text, task.source, task.options.fingerprint)
    except GoujiError as error:
        return Result(reason=str(error))
    except MemoryError:
        return Result(reason=f"{task.path.name}: 内存不够 (not enough memory for this document)")
    except Exception as error:
        return Result(
            reason=f"{task.path.name}: 程序出错，请报告 (an unforeseen error, please report it:"
            f" {type(error).__name__}: {error})"
        )
    return Result(packed, spent=_spent(extraction, time.monotonic() - started))


def _spent(extraction: Extraction, seconds: float) -> Spent:
    provenance = extraction.provenance
    return Spent(
        sections=sum(section.outcome is not None for section in extraction.sections),
        requests=provenance.usage.requests,
        input_tokens=provenance.tokens.input,
        cached_tokens=provenance.tokens.cached,
        output_tokens=provenance.tokens.output,
        money=provenance.usage.money,
        seconds=seconds,
    )
