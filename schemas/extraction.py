"""The whole result of one document: the stable output contract."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, SerializeAsAny, model_validator

from schemas.base import Model
from schemas.catalogue import RECORD_TYPES
from schemas.checks import Check, Finding, RecordStatus
from schemas.fields import Fields
from schemas.quantities import Quantity
from schemas.settlement import Settlement


class DocumentInfo(Model):
    """What was loaded. `id` is the first 16 hex digits of the SHA-256 of the file's bytes."""

    id: str
    name: str
    media_type: str
    pages: int | None = None
    sha256: str
    text_sha256: str
    department: str | None = None
    kind: Literal["budget", "final_account"] | None = None
    fiscal_year: int | None = None


class SectionOutcome(StrEnum):
    """How the reading of a section ended."""

    OK = "ok"
    EMPTY = "empty"  # nothing to read in it
    FAILED = "failed"  # its quantities are unclaimed, `reason` says why
    NEEDS_REVIEW = "needs_review"


class Section(Model):
    """A heading and the stretch of text under it, up to the next heading of the same or a higher level.

    `path` holds the headings from the top down to this one; `start`/`end` are offsets in the loaded text.
    """

    id: str
    path: tuple[str, ...]
    start: int
    end: int
    page: int | None = None
    kind: str | None = None
    outcome: SectionOutcome | None = None
    reason: str | None = None


class Record(Model):
    """One row of fact. `places` gives the offsets of its text fields in the loaded text, by field path.

    `settled` is set where a person confirmed the record, or put it in the place of what was read.
    """

    id: str
    type: str
    section: str | None = None
    reader: str
    status: RecordStatus = RecordStatus.UNCHECKED
    fields: SerializeAsAny[Fields]
    places: dict[str, tuple[int, int]] = Field(default_factory=dict)
    settled: Settlement | None = None

    @model_validator(mode="before")
    @classmethod
    def _typed_fields(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("fields"), dict):
            model = RECORD_TYPES.get(str(data.get("type")))
            if model is None:
                raise ValueError(f"no record type is called {data.get('type')!r}")
            return {**data, "fields": model.model_validate(data["fields"])}
        return data


class Tokens(Model):
    """What a language model was sent and answered."""

    input: int = 0
    cached: int = 0
    output: int = 0


class Usage(Model):
    """What the reading of a document cost."""

    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    money: Decimal | None = None
    currency: str | None = None


class Provenance(Model):
    """Who read the document, with what, and when."""

    reader: str
    model: str | None = None
    prompts: dict[str, str] = Field(default_factory=dict)
    tokens: Tokens = Tokens()
    usage: Usage = Usage()
    version: str
    created_at: datetime


class PromisedPart(Model):
    """A line of the table of contents: what the document says it holds."""

    title: str
    start: int
    end: int
    page: int | None = None


class Extraction(Model):
    """Everything that was read out of one document, checked."""

    document: DocumentInfo
    sections: tuple[Section, ...] = ()
    contents: tuple[PromisedPart, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    records: tuple[Record, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    provenance: Provenance
    complete: bool = True

    def to_json(self, indent: int | None = 1) -> str:
        """The document as written to `documents/<id>.json`; absent fields are left out."""
        return self.model_dump_json(indent=indent, exclude_none=True)
