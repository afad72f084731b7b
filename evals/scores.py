"""What is measured of one document: typed counts, from which every report is drawn."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from pydantic import Field

from evals.findings import FindingScores
from evals.outcomes import FieldOutcome
from evals.risk import Bucket
from evals.values import ErrorClass
from schemas.base import Model


class Counts(NamedTuple):
    """True positives, false positives and false negatives; `[tp, fp, fn]` in JSON."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def f1(self) -> float | None:
        """None where there is nothing to find and nothing was found."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else None

    @property
    def precision(self) -> float | None:
        """The share of answers that are right."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """The share of labels that were found."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None


class Tally(NamedTuple):
    """How often each outcome befell a field; `[correct, wrong, missed, invented, absent]` in JSON."""

    correct: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0
    absent: int = 0

    @property
    def counts(self) -> Counts:
        """A wrong field is one false positive and one false negative."""
        return Counts(self.correct, self.wrong + self.invented, self.wrong + self.missed)

    @property
    def edits(self) -> int:
        """Fields that a person would have to edit."""
        return self.wrong + self.missed + self.invented


class Share(Model):
    """So many of so many."""

    count: int = 0
    of: int = 0

    @staticmethod
    def total(shares: Iterable["Share"]) -> "Share":
        """The sum of some shares."""
        pairs = [(each.count, each.of) for each in shares]
        return Share(count=sum(count for count, _ in pairs), of=sum(of for _, of in pairs))

    @property
    def rate(self) -> float | None:
        """None of nothing."""
        return self.count / self.of if self.of else None


class Grouping(Model):
    """Pairs of figures that stand in one record: by both sides, by the labels, by the answer."""

    common: int = 0
    labelled: int = 0
    answered: int = 0

    @staticmethod
    def total(groupings: Iterable["Grouping"]) -> "Grouping":
        """The sum of some documents' pairs."""
        counts = [(each.common, each.labelled, each.answered) for each in groupings]
        common, labelled, answered = map(sum, zip(*counts, strict=True)) if counts else (0, 0, 0)
        return Grouping(common=common, labelled=labelled, answered=answered)

    @property
    def f1(self) -> float:
        """1 where no two figures belong together."""
        whole = self.labelled + self.answered
        return 2 * self.common / whole if whole else 1.0


class Miss(Model):
    """One field that was not read as labelled.

    `key` names the field the same way in every run over the same labels. `start`/`end` are offsets in the loaded
    text of the labelled figure, or of the answered one where nothing is labelled; `before`, `printed` and `after`
    are the words there. `accepted` says that the answer would have gone through without a person.
    """

    key: str
    outcome: FieldOutcome
    type: str
    field: str
    labelled: str | None = None
    answered: str | None = None
    error: ErrorClass | None = None
    section: str | None = None
    start: int | None = None
    end: int | None = None
    before: str = ""
    printed: str = ""
    after: str = ""
    accepted: bool = False


class Cost(Model):
    """What reading one document took."""

    requests: int = 0
    retries: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    money: Decimal | None = None
    currency: str | None = None

    @staticmethod
    def total(costs: Sequence["Cost"]) -> "Cost":
        """The sum of some costs; money is none where none is known."""
        counted = ("requests", "retries", "input_tokens", "cached_tokens", "output_tokens", "seconds")
        known = [each.money for each in costs if each.money is not None]
        return Cost(
            **{name: sum(getattr(each, name) for each in costs) for name in counted},
            money=sum(known, Decimal(0)) if known else None,
            currency=next((each.currency for each in costs if each.currency), None),
        )


class DocumentScore(Model):
    """Everything measured of one document.

    `roles` (by record type, then field) and `sections` count figures by the role they were read in; `fields` (by
    type, then field) count fields of aligned records, enums and texts included, and `listed` those of records
    that only list texts, which don't enter the sums. `confusion` counts figures by labelled and answered type,
    `readings` answered figures by how their fact compares with the label (`evals.facts.Reading`).
    """

    name: str
    document_id: str = ""
    region: str = ""
    kind: str = ""
    fiscal_year: int | None = None
    split: str = ""
    failure: str | None = None
    roles: dict[str, dict[str, Counts]] = Field(default_factory=dict)
    sections: dict[str, Counts] = Field(default_factory=dict)
    grouping: Grouping = Grouping()
    enums: Share = Share()
    texts: Share = Share()
    fields: dict[str, dict[str, Tally]] = Field(default_factory=dict)
    listed: dict[str, dict[str, Tally]] = Field(default_factory=dict)
    confusion: dict[str, dict[str, int]] = Field(default_factory=dict)
    unclaimed: Share = Share()
    findings: FindingScores | None = None
    readings: dict[str, int] = Field(default_factory=dict)
    acceptance: tuple[Bucket, ...] = ()
    cost: Cost = Cost()
    misses: tuple[Miss, ...] = ()

    @cached_property
    def role_counts(self) -> Counts:
        """Figures by role, over all types."""
        return summed(counts for fields in self.roles.values() for counts in fields.values())

    @cached_property
    def tally(self) -> Tally:
        """Fields of aligned records, over all types."""
        return tallied(tally for fields in self.fields.values() for tally in fields.values())

    @property
    def exact(self) -> bool:
        """True when a person would have nothing to edit."""
        return self.failure is None and self.tally.edits == 0


def summed(counts: Iterable[Counts]) -> Counts:
    """The sum of some counts."""
    return Counts(*_totals(counts))


def tallied(tallies: Iterable[Tally]) -> Tally:
    """The sum of some tallies."""
    return Tally(*_totals(tallies))


def _totals(rows: Iterable[tuple[int, ...]]) -> Iterator[int]:
    """The sum of every column."""
    return map(sum, zip(*rows, strict=True))
