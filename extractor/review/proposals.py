"""Corrections that would make the failing relations of a finding hold: tried out, the best offered by one key each."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.checking.book import Book
from extractor.checking.equations import Equation, Evaluation
from extractor.checking.figures import factor_of
from extractor.checking.intervals import Interval
from extractor.checking.solve import solve
from extractor.documents.disclosure import Disclosure
from extractor.pipeline import recheck
from extractor.reading.resolve import ACCEPTED
from extractor.review.edits import Edit, EditRefused, Exchange, Place, Put
from extractor.review.evaluating import Evaluate, ready
from extractor.review.names import field_name, type_name
from extractor.review.sheet import Sheet, spec_at
from schemas.extraction import Extraction, Record
from schemas.fields import pointers
from schemas.quantities import Quantity, QuantityKind, Role

MOST = 5
"""Corrections offered."""

MOST_TRIED = 8
SECONDS = 2.0
"""Bounds of the search: every trial checks the document once, in 0.05 to 0.4 s."""

NEAR = 400
"""Characters on either side of a figure in which another one may have been meant."""


@dataclass(frozen=True)
class Proposal:
    """Edits that would help: `settles` of the failing relations would hold, `breaks` others would not."""

    edits: tuple[Edit, ...]
    zh: str
    en: str
    settles: int
    breaks: int


@dataclass(frozen=True)
class Propose:
    """The question: which corrections would settle the checks of a finding, with these figures and suspects?"""

    state: Evaluate
    quantities: tuple[str, ...]
    suspects: tuple[str, ...]


def propose(question: Propose) -> tuple[Proposal, ...]:
    """Corrections that settle more relations than they break, best first."""
    reading, disclosure = ready(question.state)
    sheet = _sheet(question.state, reading, disclosure)
    now, verdict = recheck(disclosure, reading, list(sheet.records.values()), sheet.contexts)
    figures = set(question.quantities)
    failing = {
        name: each
        for name, each in verdict.evaluations.items()
        if each.outcome.fails and not figures.isdisjoint(each.equation.ids)
    }
    failed_before = _failing(now)
    started, found = time.monotonic(), []
    for count, trial in enumerate(_distinct(_trials(question, sheet, list(failing.values())))):
        if count >= MOST_TRIED or time.monotonic() > started + SECONDS:
            break
        changed = Sheet(disclosure, dict(sheet.records), dict(sheet.contexts))
        try:
            changed.apply(trial.edits, "trial")
            changed.finish()
        except EditRefused:
            continue
        after, _ = recheck(disclosure, reading, list(changed.records.values()), changed.contexts)
        failed_after = _failing(after)
        settles, breaks = len(failed_before - failed_after), len(failed_after - failed_before)
        if settles > breaks:
            found.append(Proposal(trial.edits, trial.zh, trial.en, settles, breaks))
    found.sort(key=lambda each: each.breaks - each.settles)
    return tuple(found[:MOST])


def _sheet(state: Evaluate, reading: Extraction, disclosure: Disclosure) -> Sheet:
    sheet = Sheet.of(disclosure, reading)
    for correction in (*state.corrections, *((state.draft,) if state.draft else ())):
        sheet.apply(correction.edits, correction.prefix)
    return sheet


def _failing(extraction: Extraction) -> set[tuple[str | None, frozenset[str]]]:
    """The failing relations, told by their rule and figures: their numbers change from check to check."""
    return {(check.rule, frozenset(check.operands)) for check in extraction.checks if check.outcome.fails}


@dataclass(frozen=True)
class _Trial:
    edits: tuple[Edit, ...]
    zh: str
    en: str


def _trials(question: Propose, sheet: Sheet, failing: list[Evaluation]) -> Iterator[_Trial]:
    """Other directions, then other figures: each suspect's field could point at what would make its relations hold."""
    holders = {held: (record, path) for record in sheet.records.values() for path, held in pointers(record.fields)}
    ordered = list(dict.fromkeys((*question.suspects, *question.quantities)))
    for suspect in ordered:
        if suspect in holders:
            yield from _turned(*holders[suspect])
    book = Book(sheet.disclosure, list(sheet.records.values()))
    for suspect in ordered:
        equations = [each.equation for each in failing if suspect in each.equation.ids]
        if suspect in holders and equations:
            yield from _repointed(book, holders, suspect, equations)


def _distinct(trials: Iterator[_Trial]) -> Iterator[_Trial]:
    """Each trial once: two suspects of one relation yield the same exchange, from either side."""
    seen: set[object] = set()
    for trial in trials:
        edit = trial.edits[0]
        key: object = trial.edits
        if isinstance(edit, Exchange):
            key = frozenset((place.record, place.path) for place in (edit.first, edit.second))
        if key not in seen:
            seen.add(key)
            yield trial


def _turned(record: Record, path: str) -> Iterator[_Trial]:
    """The direction word beside a changed amount, the other way round."""
    if "[" not in path:
        return
    outer = path.rpartition(".")[0]
    name, _, number = outer.partition("[")
    item = getattr(record.fields, name)[int(number.rstrip("]"))]
    turned = {"increase": "decrease", "decrease": "increase"}.get(getattr(item, "direction", None) or "")
    if turned:
        word = {"increase": "增加", "decrease": "减少"}[turned]
        edit = Put(op="put", record=record.id, path=f"{outer}.direction", value=turned)
        yield _Trial((edit,), f"方向改为{word}", f"read the direction as {turned}")


def _repointed(
    book: Book, holders: dict[str, tuple[Record, str]], suspect: str, equations: list[Equation]
) -> Iterator[_Trial]:
    wanted: Interval | None = None
    for equation in equations:
        solution = solve(equation, {suspect})
        if solution is not None:
            wanted = solution if wanted is None else wanted.meet(solution)
            if wanted is None:
                return
    if wanted is None:
        return
    record, path = holders[suspect]
    here = book.disclosure.by_id[suspect]
    kinds = ACCEPTED[spec_at(type(record.fields), path).kind]
    for other in _nearby(book.disclosure, here):
        if other.kind not in kinds or not _fits(other, wanted, equations, suspect):
            continue
        if other.id not in holders:
            edits: tuple[Edit, ...] = (Put(op="put", record=record.id, path=path, value=other.id),)
            zh, en = _place_name(record, path)
            yield _Trial(edits, f"{zh}：{here.raw} 改指 {other.raw}", f"{en}: read {other.raw} instead of {here.raw}")
        else:
            holder, held_path = holders[other.id]
            first, second = Place(record=record.id, path=path), Place(record=holder.id, path=held_path)
            edits = (Exchange(op="exchange", first=first, second=second),)
            zh, en = _place_name(record, path)
            their_zh, their_en = _place_name(holder, held_path)
            yield _Trial(
                edits,
                f"{zh} {here.raw} 与 {their_zh} {other.raw} 对调",
                f"exchange {en} {here.raw} and {their_en} {other.raw}",
            )


def _place_name(record: Record, path: str) -> tuple[str, str]:
    """What people call a field of a record."""
    (type_zh, type_en), (zh, en) = type_name(record.type), field_name(path)
    return f"{type_zh}·{zh}", f"{type_en}, {en}"


def _nearby(disclosure: Disclosure, here: Quantity) -> list[Quantity]:
    near = [
        each
        for each in disclosure.quantities
        if each.id != here.id
        and (each.role is Role.TABLE) == (here.role is Role.TABLE)
        and (abs(each.start - here.start) <= NEAR or (each.section is not None and each.section == here.section))
    ]
    return sorted(near, key=lambda each: abs(each.start - here.start))


def _fits(other: Quantity, wanted: Interval, equations: list[Equation], suspect: str) -> bool:
    """Whether a figure lies in the wanted interval, give or take the last digit it prints."""
    term = next(term for equation in equations for term in equation.terms if term.id == suspect)
    printed = term.figure.quantity
    if other.value is None or (printed.kind is QuantityKind.COUNT and other.unit != printed.unit):
        return False
    factor = factor_of(other)
    if factor == 1 and term.figure.factor > 1 and other.kind is not printed.kind:
        factor = term.figure.factor
    step = factor.scaleb(-other.decimals)
    return wanted.meets(Interval.rounded(other.value * factor, step))
