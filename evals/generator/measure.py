"""What the engine makes of planted slips and of clean papers."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evals.generator.accounts import draw
from evals.generator.compose import compose
from evals.generator.paper import Paper, Printed
from evals.generator.slips import SLIPS, Planted, plant
from evals.generator.styles import STYLES
from extractor.checking import Verdict, check_records
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loaded import LoadedDocument
from extractor.reading.tables import table_records
from schemas.catalogue import RECORD_TYPES
from schemas.checks import Finding, FindingKind
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, specs_of


@dataclass(frozen=True)
class Case:
    """One generated disclosure, as read and as judged; `ids` leads from keys of figures to quantities."""

    paper: Paper
    disclosure: Disclosure
    records: tuple[Record, ...]
    verdict: Verdict
    ids: dict[str, str]

    @property
    def findings(self) -> list[Finding]:
        """What was raised, figures without a record aside."""
        return [finding for finding in self.verdict.findings if finding.kind is not FindingKind.COVERAGE]


@dataclass
class Tally:
    """Counts of one kind of slip."""

    cases: int = 0
    reached: int = 0
    detected: int = 0
    first: int = 0
    suggestible: int = 0
    suggested: int = 0
    missed: list[int] = field(default_factory=list)
    misplaced: list[int] = field(default_factory=list)
    unsuggested: list[int] = field(default_factory=list)


def judged(paper: Paper) -> Case:
    """A paper read with its perfect records, and checked."""
    disclosure = prepare(LoadedDocument("generated.txt", "text/plain", "0" * 64, paper.text))
    starts = {quantity.start: quantity.id for quantity in disclosure.quantities}
    ids = {key: starts[figure.start] for key, figure in paper.figures.items() if figure.start in starts}
    records = [_record(disclosure, *label, ids) for label in paper.labels]
    records.extend(table_records(disclosure))
    numbered = tuple(record.model_copy(update={"id": f"r{number}"}) for number, record in enumerate(records, 1))
    return Case(paper, disclosure, numbered, check_records(disclosure, numbered), ids)


def _record(disclosure: Disclosure, record_type: str, values: dict[str, Any], ids: dict[str, str]) -> Record:
    fields = RECORD_TYPES[record_type].model_validate(_pointed(RECORD_TYPES[record_type], values, ids))
    sections = [
        disclosure.by_id[ids[each]].section for each in values.values() if isinstance(each, str) and each in ids
    ]
    return Record(id="", type=record_type, section=sections[0] if sections else None, reader="generated", fields=fields)


def _pointed(model: type[Fields], values: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        spec = specs_of(model)[name]
        if spec.kind.points:
            if value in ids:
                found[name] = {"quantity": ids[value]}
        elif spec.kind is FieldKind.LIST and spec.items is not None:
            found[name] = tuple(_pointed(spec.items, each, ids) for each in value)
        else:
            found[name] = value
    return found


def paper_of(seed: int) -> Paper:
    """The clean paper of a seed: its style goes round."""
    style = STYLES[seed % len(STYLES)]
    return compose(draw(random.Random(seed), style.fine), style)


def planted_of(seed: int) -> Planted | None:
    """The paper of a seed with one slip: the kinds go round."""
    kinds = tuple(SLIPS)
    return plant(random.Random(seed * 7919 + 1), paper_of(seed), kinds[(seed // len(STYLES)) % len(kinds)])


def false_alarms(seeds: Iterable[int]) -> Iterator[tuple[int, Finding]]:
    """Everything raised on clean papers."""
    for seed in seeds:
        for finding in judged(paper_of(seed)).findings:
            yield seed, finding


def tallies(seeds: Iterable[int]) -> dict[str, Tally]:
    """Detection, localisation and suggestion by kind of slip."""
    found: dict[str, Tally] = defaultdict(Tally)
    for seed in seeds:
        planted = planted_of(seed)
        if planted is not None:
            _count(found[planted.kind], seed, planted)
    return found


def _count(tally: Tally, seed: int, planted: Planted) -> None:
    tally.cases += 1
    case = judged(planted.paper)
    if not is_reached(seed, planted, case):
        return
    tally.reached += 1
    hits = [finding for finding in case.findings if _speaks_of(finding, planted, case)]
    if not hits:
        tally.missed.append(seed)
        return
    tally.detected += 1
    wrong = {case.ids[key] for key in planted.keys if key in case.ids}
    if not planted.truth or planted.kind in ("direction", "year", "missing_item"):
        tally.first += 1
        return
    if not any(finding.suspect in wrong for finding in hits):
        tally.misplaced.append(seed)
    else:
        tally.first += 1
    if not _can_be_suggested(planted):
        return
    tally.suggestible += 1
    if any(_is_right(finding, planted, case) for finding in hits):
        tally.suggested += 1
    else:
        tally.unsuggested.append(seed)


def is_reached(seed: int, planted: Planted, case: Case) -> bool:
    """True when some relation that held before the slip holds one of the slipped figures.

    Words and years are always within reach; so is a total whose part is left out, if a relation held it.
    """
    if not planted.keys or planted.kind == "year":
        return True
    clean = judged(paper_of(seed))
    wrong = {clean.ids[key] for key in planted.keys if key in clean.ids}
    return any(check.outcome.holds and wrong & set(check.operands) for check in clean.verdict.checks)


def _speaks_of(finding: Finding, planted: Planted, case: Case) -> bool:
    wrong = {case.ids[key] for key in planted.keys if key in case.ids}
    if wrong & {*finding.quantities, *finding.suspects}:
        return True
    if planted.place is None:
        return False
    start, end = planted.place
    return any(first < end and start < last for first, last in finding.spans)


def _is_right(finding: Finding, planted: Planted, case: Case) -> bool:
    """True when a finding suggests what was there before: by value, whatever unit the slip left."""
    for key, truth in planted.truth.items():
        if finding.suspect == case.ids.get(key) and finding.suggested is not None:
            printed = case.paper.figures[key]
            if Decimal(finding.suggested) * _yuan(printed) == truth.value * _yuan(truth):
                return True
    return False


def _can_be_suggested(planted: Planted) -> bool:
    """True when the engine may suggest the right value at all: it is printed elsewhere, or it is a sign, a unit
    or a digit away from what is printed."""
    if planted.kind in ("digit", "neighbours", "unit", "sign"):
        return True
    figures = planted.paper.figures
    return all(
        any(
            other.value * _yuan(other) == truth.value * _yuan(truth) and other.unit in (truth.unit, "")
            for other_key, other in figures.items()
            if other_key != key
        )
        for key, truth in planted.truth.items()
    )


def _yuan(figure: Printed) -> Decimal:
    return {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}.get(figure.unit, Decimal(1))


def summary(found: dict[str, Tally]) -> list[str]:
    """One line a kind, then all kinds together."""
    lines = []
    total: Counter[str] = Counter()
    for kind, tally in [*found.items(), ("all", None)]:
        if tally is not None:
            numbers = Counter({name: getattr(tally, name) for name in _COUNTED})
            total.update(numbers)
        else:
            numbers = total
        lines.append(
            f"{kind:14} cases {numbers['cases']:5} reached {numbers['reached']:5} "
            f"detected {_rate(numbers['detected'], numbers['reached'])} "
            f"first suspect {_rate(numbers['first'], numbers['detected'])} "
            f"suggestion {_rate(numbers['suggested'], numbers['suggestible'])}"
        )
    return lines


_COUNTED = ("cases", "reached", "detected", "first", "suggestible", "suggested")


def _rate(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "–"
