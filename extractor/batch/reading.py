"""Reading one document, in a child process: from its file to the rows that are stored.

With the rules a child does all of it. With a model it only loads the file (what native code can crash on); the
prepared document then goes to a child that asks for many documents at once (`extractor.batch.asking`).
"""

import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.errors import ConfigurationError
from extractor.pipeline import conclude, read
from extractor.reading.rules import RulesReader
from extractor.settings import ModelSettings
from extractor.storage.packing import Packed, Source, pack
from extractor.version import VERSION
from prompts.loader import SHIPPED
from schemas.base import GoujiError, Model
from schemas.extraction import Extraction, Provenance

RULES = "rules"

SHAPING = ("profile", "mode", "temperature", "bundle_characters", "repair_rounds")
"""The settings, beside model and prompts, that change what a model answers; a job keeps those it was made with."""


class ReadingOptions(Model):
    """How the documents of a job are read. `shaping` and `prompts` (a SHA-256) go with a model."""

    reader: str = RULES
    model: str | None = None
    shaping: dict[str, str | float | int | None] | None = None
    prompts: str | None = None

    @property
    def fingerprint(self) -> str:
        """Stands for everything that makes two readings of the same document the same."""
        said = json.dumps({**self.model_dump(exclude_none=True), "version": VERSION}, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def options_for(reader: str, settings: ModelSettings) -> ReadingOptions:
    """How a job that is made now reads. Raises ConfigurationError when a model should read and none is named."""
    if reader == RULES:
        return ReadingOptions()
    if not settings.model:
        raise ConfigurationError(
            f"--reader {reader}: 没有指定模型，请设置 GOUJI_MODEL (no model is named; set GOUJI_MODEL, and GOUJI_BASE_URL for"
            " the workers)"
        )
    shaping = {name: getattr(settings, name) for name in SHAPING}
    return ReadingOptions(reader=reader, model=settings.model, shaping=shaping, prompts=prompts_of(settings))


def settings_for(options: ReadingOptions, settings: ModelSettings) -> ModelSettings:
    """The settings of this machine with what the job fixes. Raises ConfigurationError when its prompts are others."""
    if options.prompts != prompts_of(settings):
        raise ConfigurationError(
            "提示词与提交任务时的不同，请在各机器上用同一版本或同一 GOUJI_PROMPTS (the prompts here are not those that the job"
            " was submitted with; use the same version, or the same GOUJI_PROMPTS, on all machines)"
        )
    unbounded = {"budget_tokens": None, "budget_money": None}  # budgets are a job's, not a process's
    return settings.model_copy(update={"model": options.model, **(options.shaping or {}), **unbounded})


def prompts_of(settings: ModelSettings) -> str:
    """The SHA-256 of all prompt files in use."""
    digest = hashlib.sha256()
    for path in sorted((settings.prompts or SHIPPED).glob("*.md")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True)
class Task:
    """One document to be read: its file on this machine, and where that came from."""

    path: Path
    source: Source
    options: ReadingOptions


@dataclass(frozen=True)
class Spent:
    """What reading took: sections read by outcome, requests and tokens of a model, money, seconds."""

    sections: int = 0
    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    money: Decimal | None = None
    seconds: float = 0.0
    outcomes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of a document: its rows, or the reason why there are none.

    `away` says why it could not be read at present though nothing is wrong with it: the model server is down.
    """

    packed: Packed | None = None
    reason: str | None = None
    away: str | None = None
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True)
class Prepared:
    """A loaded document, for a model to read; `seconds` is what loading took."""

    disclosure: Disclosure
    seconds: float


async def read_file(task: Task) -> Result:
    """Read one document with the rules. Whatever is wrong with the file comes out as the reason, never as an error."""
    started = time.monotonic()
    try:
        disclosure = prepare(load(task.path))
        reader = RulesReader()
        provenance = Provenance(reader=reader.name, version=VERSION, created_at=datetime.now(UTC))
        extraction = conclude(disclosure, read(disclosure, reader), provenance)
        return result_of(extraction, disclosure, task, time.monotonic() - started)
    except Exception as error:
        return failure(task, error)


async def read_or_prepare(task: Task) -> Result | Prepared:
    """Read one document with the rules, or prepare it for the model that its job reads with."""
    if task.options.reader == RULES:
        return await read_file(task)
    started = time.monotonic()
    try:
        return Prepared(prepare(load(task.path)), time.monotonic() - started)
    except Exception as error:
        return failure(task, error)


def result_of(extraction: Extraction, disclosure: Disclosure, task: Task, seconds: float) -> Result:
    """An extraction as the rows that are stored."""
    packed = pack(extraction, disclosure.loaded.text, task.source, task.options.fingerprint)
    return Result(packed, spent=_spent(extraction, seconds))


def failure(task: Task, error: Exception) -> Result:
    """An error as a document's reason."""
    if isinstance(error, GoujiError):
        return Result(reason=str(error))
    if isinstance(error, MemoryError):
        return Result(reason=f"{task.path.name}: 内存不够 (not enough memory for this document)")
    return Result(
        reason=f"{task.path.name}: 程序出错，请报告 (an unforeseen error, please report it: {type(error).__name__}: {error})"
    )


def _spent(extraction: Extraction, seconds: float) -> Spent:
    provenance = extraction.provenance
    outcomes: dict[str, int] = {}
    for section in extraction.sections:
        if section.outcome is not None:
            outcomes[section.outcome.value] = outcomes.get(section.outcome.value, 0) + 1
    return Spent(
        sections=sum(outcomes.values()),
        requests=provenance.usage.requests,
        input_tokens=provenance.tokens.input,
        cached_tokens=provenance.tokens.cached,
        output_tokens=provenance.tokens.output,
        money=provenance.usage.money,
        seconds=seconds,
        outcomes=tuple(outcomes.items()),
    )
