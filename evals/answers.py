"""A saved extraction as scoring needs it, decoded straight from its JSON.

Only what is scored is decoded: ten thousand documents have to be scored in a minute, and the models of the
extraction take several times as long to build as the scoring takes.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from evals.amounts import Amount, amount_of
from schemas.base import GoujiError

TABLED = frozenset({"TableRow", "PerformanceIndicator"})
"""Records of tables, which the labels leave out."""


TABLE = "table"
"""The role of the figures in those records."""


class AnswerError(GoujiError):
    """A file is no extraction of gouji."""


class Figure(msgspec.Struct, gc=False):
    """A printed figure of one side. Answers say what it is worth (`value`, `unit`, `yuan` as decimal strings), which
    section it stands in, what accounts for it and how sure that is; labels know only print and place."""

    id: str
    raw: str
    start: int
    end: int
    kind: str | None = None
    value: str | None = None
    unit: str | None = None
    yuan: str | None = None
    section: str | None = None
    role: str = "unclaimed"
    acceptance: str | None = None

    @property
    def amount(self) -> Amount | None:
        """What the figure is worth: as the answer says, or as a label prints."""
        if self.kind is None:
            return amount_of(self.raw)
        return None if self.value is None else _said_amount(self.value, self.unit, self.yuan)


@lru_cache(maxsize=50_000)
def _said_amount(value: str, unit: str | None, yuan: str | None) -> Amount:
    return Amount(Decimal(value), unit or "", None if yuan is None else Decimal(yuan))


class AnsweredRecord(msgspec.Struct, gc=False):
    """One record, its fields as written."""

    id: str
    type: str
    fields: dict[str, Any]
    section: str | None = None


class AnsweredSection(msgspec.Struct, gc=False):
    """A section: what it covers in the loaded text, and which part of a disclosure it is."""

    id: str
    start: int
    end: int
    kind: str = "other"


class AnsweredFinding(msgspec.Struct):
    """One finding."""

    kind: str = ""
    message: str = ""
    evidence: list[str] = []
    quantities: list[str] = []
    suspect: str | None = None
    suspects: list[str] = []


class Identity(msgspec.Struct):
    """Which document was read."""

    id: str
    kind: str | None = None


class TokenCounts(msgspec.Struct):
    """What a model was sent and answered."""

    input: int = 0
    cached: int = 0
    output: int = 0


class UsageCounts(msgspec.Struct):
    """What the reading took."""

    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    money: str | None = None
    currency: str | None = None


class Origin(msgspec.Struct):
    """Who read it, with what."""

    reader: str = ""
    model: str | None = None
    prompts: dict[str, str] = {}
    tokens: TokenCounts = msgspec.field(default_factory=TokenCounts)
    usage: UsageCounts = msgspec.field(default_factory=UsageCounts)


class Answer(msgspec.Struct):
    """One extraction."""

    document: Identity
    quantities: list[Figure]
    records: list[AnsweredRecord]
    sections: list[AnsweredSection] = []
    findings: list[AnsweredFinding] = []
    provenance: Origin = msgspec.field(default_factory=Origin)


class _SavedRecord(msgspec.Struct, gc=False):
    id: str
    type: str
    fields: msgspec.Raw
    section: str | None = None


class _Saved(Answer):
    records: list[_SavedRecord]  # type: ignore[assignment]


_DECODER = msgspec.json.Decoder(_Saved)
_FIELDS = msgspec.json.Decoder(dict[str, Any])


def read_answer(data: bytes | str, name: str) -> Answer:
    """Decode an extraction, without the figures and records of its tables: half of it, and not scored.

    Raises AnswerError that says what is wrong where.
    """
    try:
        saved = _DECODER.decode(data)
        records = [
            AnsweredRecord(each.id, each.type, _FIELDS.decode(each.fields), each.section)
            for each in saved.records
            if each.type not in TABLED
        ]
        quantities = [figure for figure in saved.quantities if figure.role != TABLE]
        return Answer(saved.document, quantities, records, saved.sections, saved.findings, saved.provenance)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AnswerError(f"{name}: 不是 gouji 的抽取结果 (not an extraction of gouji): {error}") from None
