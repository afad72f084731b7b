"""Judgements that are no arithmetic: words, numbering, units, dates, parts that are missing."""

from dataclasses import dataclass
from decimal import Decimal

from extractor.checking.equations import Rule
from extractor.checking.evidence import Stretch
from schemas.checks import FindingKind, Outcome


@dataclass(frozen=True, slots=True)
class Claim:
    """One judgement: how it came out, in both languages, and where it can be seen.

    `zh` states what was compared, with both sides where there are two. A claim that fails becomes a finding
    of its kind; `suspect` is the quantity that is wrong, if it is one, `suggested` what should stand there.
    """

    rule: Rule
    outcome: Outcome
    zh: str
    en: str
    places: tuple[Stretch, ...] = ()
    kind: FindingKind = FindingKind.WORDING
    quantities: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    suspect: str | None = None
    suggested: str | None = None
    at_stake: Decimal | None = None
    reason: str | None = None
