"""Evaluated relations and what follows from them."""

from decimal import Decimal
from enum import StrEnum

from schemas.base import Model
from schemas.settlement import Settlement


class Family(StrEnum):
    """What kind of relation a check evaluates."""

    SUM = "sum"
    SHARE = "share"
    DELTA = "delta"  # change = amount - base
    GROWTH = "growth"
    COMPLETION = "completion"
    AVERAGE = "average"
    EQUAL = "equal"  # the same fact stated in two places
    ORDER = "order"  # a part is not larger than its whole
    DIRECTION = "direction"  # 增加/减少/大于/小于 against the figures
    COUNT = "count"
    SCORE = "score"
    PERIOD = "period"
    UNIT = "unit"
    TAXONOMY = "taxonomy"
    TABLE = "table"  # rows and columns inside an official table
    STRUCTURE = "structure"


class Outcome(StrEnum):
    """How a relation came out."""

    EXACT = "exact"
    ROUNDING = "rounding"  # off, within what rounding of the printed figures explains
    MISROUNDED = "misrounded"  # a restatement with fewer decimals that is one unit of its last digit off
    VIOLATED = "violated"
    NOT_APPLICABLE = "not_applicable"

    @property
    def holds(self) -> bool:
        """True when the relation is satisfied by the printed figures."""
        return self in _HOLDING

    @property
    def fails(self) -> bool:
        """True when the printed figures contradict each other."""
        return self in _FAILING


_HOLDING = (Outcome.EXACT, Outcome.ROUNDING)  # asked of every relation many times, and naming a member is slow
_FAILING = (Outcome.VIOLATED, Outcome.MISROUNDED)


class RecordStatus(StrEnum):
    """What the checks say of a record."""

    PROVEN = "proven"  # each of its quantities stands in a check that holds
    CONSISTENT = "consistent"  # some do, none is violated
    UNCHECKED = "unchecked"  # no check reaches it
    CONTRADICTED = "contradicted"  # one is violated


class Check(Model):
    """One evaluated relation.

    `statement` writes the relation out with its figures; `printed` and `computed` are its two sides as
    decimal strings in the unit of the printed side, `residual` their difference, `tolerance` the width that
    rounding of the printed figures allows. `reason` says why a relation was not applicable.
    """

    id: str
    family: Family
    outcome: Outcome
    statement: str
    operands: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    rule: str | None = None
    printed: str | None = None
    computed: str | None = None
    residual: str | None = None
    tolerance: str | None = None
    reason: str | None = None


class FindingKind(StrEnum):
    """What is wrong."""

    ERROR = "error"  # arithmetic that rounding can't explain
    MISROUNDED = "misrounded"
    WORDING = "wording"  # unit, label, year, numbering, direction word
    STRUCTURE = "structure"  # something promised is missing
    COVERAGE = "coverage"  # unclaimed quantities


class Cause(StrEnum):
    """Who is wrong."""

    DOCUMENT = "document"
    READING = "reading"
    UNKNOWN = "unknown"


class Finding(Model):
    """Something a person should look at, in Chinese with English beside it.

    `evidence` are verbatim stretches (white space removed), `spans` their offsets in the loaded text,
    `suspect` the quantity that is probably wrong, `suggested` the figure it probably should be, in the
    suspect's printed unit, and `amount_at_stake` the size of the contradiction in yuan. `settled` is set where
    a person confirmed that the document is wrong.
    """

    id: str
    kind: FindingKind
    family: Family | None = None
    message: str
    message_en: str
    checks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    quantities: tuple[str, ...] = ()
    suspect: str | None = None
    suspects: tuple[str, ...] = ()
    suggested: str | None = None
    cause: Cause = Cause.UNKNOWN
    amount_at_stake: Decimal | None = None
    settled: Settlement | None = None
