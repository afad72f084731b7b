"""Score one answer against the labels of its document."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from evals.align import align
from evals.answers import Answer, Figure, Origin
from evals.facts import Reading, compare_facts
from evals.findings import score_findings
from evals.labels import Labels
from evals.matching import match_figures
from evals.outcomes import FieldOutcomes, Judged, judge
from evals.risk import Bucket
from evals.roles import RoleScores, score_roles
from evals.scores import Cost, Counts, DocumentScore, Grouping, Miss, Share, Tally
from evals.sheets import LISTED, Sheet, Value, sheet_of_answer, sheet_of_labels

AROUND = 45
"""Characters of the text shown on either side of a miss."""

_counts_of, _tally_of = lru_cache(maxsize=10_000)(Counts), lru_cache(maxsize=10_000)(Tally)
"""The documents of a run share their counts, most of which are alike: two million tuples fill memory that the summary
has to walk through."""


def score(
    name: str,
    labels: Labels,
    answer: Answer,
    text: str | None = None,
    threshold: Decimal | None = None,
) -> DocumentScore:
    """Score an extraction. `text` is the loaded text, for the words around each miss; figures
    with at least the acceptance score `threshold` count as accepted."""
    gold, read = sheet_of_labels(labels), sheet_of_answer(answer)
    match = match_figures(gold, read)
    alignment = align(gold, read, match)
    roles = score_roles(gold, read, match, alignment)
    outcomes = judge(gold, read, match, alignment)
    readings = compare_facts(match, alignment)
    sure = {each.id: each.acceptance for each in read.figures.values() if each.acceptance is not None}
    fields, listed = _tallies(outcomes)
    return DocumentScore.model_construct(  # made of what is right already: checking it again took a tenth of the time
        name=name,
        document_id=answer.document.id,
        region=labels.region,
        kind=labels.kind or answer.document.kind or "",
        fiscal_year=labels.fiscal_year,
        split=labels.split.value,
        **_role_fields(roles),
        fields=fields,
        listed=listed,
        unclaimed=Share(count=read.unclaimed, of=read.unclaimed + read.held),
        findings=score_findings(labels.defects, answer.findings, match),
        readings=_tally(list(readings.values())),
        acceptance=_buckets(readings, sure),
        cost=_cost(answer.provenance),
        misses=_misses(outcomes, gold, read, text, sure, threshold),
    )


def _role_fields(roles: RoleScores) -> dict[str, Any]:
    by_type: dict[str, dict[str, Counts]] = defaultdict(dict)
    for (record_type, path), numbers in sorted(roles.by_role.items()):
        by_type[record_type][path] = _counts_of(*numbers)
    confusion: dict[str, dict[str, int]] = defaultdict(dict)
    for (labelled, answered), count in sorted(roles.confusion.items()):
        confusion[labelled][answered] = count
    common, labelled_pairs, answered_pairs = roles.grouping
    return {
        "roles": dict(by_type),
        "sections": {kind: Counts(*numbers) for kind, numbers in sorted(roles.by_section.items())},
        "grouping": Grouping(common=common, labelled=labelled_pairs, answered=answered_pairs),
        "enums": Share(count=roles.enums[0], of=sum(roles.enums)),
        "texts": Share(count=roles.texts[0], of=sum(roles.texts)),
        "confusion": dict(confusion),
    }


def _tallies(outcomes: FieldOutcomes) -> tuple[dict[str, dict[str, Tally]], dict[str, dict[str, Tally]]]:
    """Outcomes by type and field: of records of fact, and of records that only list."""
    facts: dict[str, dict[str, Tally]] = {}
    listed: dict[str, dict[str, Tally]] = {}
    for record_type, fields in sorted(outcomes.counts.items()):
        tallies = {name: _tally_of(*fields[name]) for name in sorted(fields)}
        if tallies:
            (listed if record_type in LISTED else facts)[record_type] = tallies
    return facts, listed


def _tally(readings: Sequence[Reading]) -> dict[str, int]:
    return {each.value: count for each in Reading if (count := readings.count(each))}


def _cost(origin: Origin) -> Cost:
    return Cost(
        requests=origin.usage.requests,
        retries=origin.usage.retries,
        input_tokens=origin.tokens.input,
        cached_tokens=origin.tokens.cached,
        output_tokens=origin.tokens.output,
        seconds=origin.usage.seconds,
        money=None if origin.usage.money is None else Decimal(origin.usage.money),
        currency=origin.usage.currency,
    )


def _buckets(readings: Mapping[str, Reading], sure: Mapping[str, str]) -> tuple[Bucket, ...]:
    """The judged figures by acceptance score."""
    figures = Counter([sure[each] for each in readings if each in sure])
    wrong = Counter([sure[each] for each, it in readings.items() if it is not Reading.RIGHT and each in sure])
    return tuple([_bucket(each, figures[each], wrong[each]) for each in sorted(figures, key=Decimal, reverse=True)])


@lru_cache(maxsize=10_000)  # the same few scores in every document, with much the same numbers of figures
def _bucket(score: str, figures: int, wrong: int) -> Bucket:
    return Bucket(score=Decimal(score), figures=figures, wrong=wrong)


def _misses(
    outcomes: FieldOutcomes,
    labels: Sheet,
    answer: Sheet,
    text: str | None,
    sure: Mapping[str, str],
    threshold: Decimal | None,
) -> tuple[Miss, ...]:
    errors = [each for each in outcomes.errors if each.type not in LISTED]
    misses = [_miss(each, answer, text, sure, threshold) for each in errors]
    return tuple(sorted(misses, key=lambda miss: (miss.start is None, miss.start or 0, miss.key)))


def _miss(judged: Judged, answer: Sheet, text: str | None, sure: Mapping[str, str], threshold: Decimal | None) -> Miss:
    place = _place(judged)
    start, end = (place.start, place.end) if place else (None, None)
    section = answer.section_at(start) if start is not None else None
    around = {}
    if text is not None and start is not None and end is not None:
        around = {
            "before": text[max(0, start - AROUND) : start],
            "printed": text[start:end],
            "after": text[end : end + AROUND],
        }
    return Miss(
        key=_key(judged, start),
        outcome=judged.outcome,
        type=judged.type,
        field=judged.field,
        labelled=_words(judged.label),
        answered=_words(judged.answer),
        error=judged.error,
        section=section.kind if section else None,
        start=start,
        end=end,
        accepted=threshold is not None and judged.answer is not None and _is_accepted(judged, sure, threshold),
        **around,
    )


def _is_accepted(judged: Judged, sure: Mapping[str, str], threshold: Decimal) -> bool:
    """Whether the answered figure, or every figure of the record whose word it is, would have been accepted."""
    if isinstance(judged.answer, Figure):
        return _reaches(sure.get(judged.answer.id, "0"), threshold)
    figures = judged.inner.answer.figures if judged.inner.answer else []
    return bool(figures) and all(_reaches(sure.get(figure.id, "0"), threshold) for figure in figures)


@lru_cache(maxsize=1_000)  # the scores of all documents are few: `extractor.checking.acceptance` has a short table
def _reaches(score: str, threshold: Decimal) -> bool:
    return Decimal(score) >= threshold


def _key(judged: Judged, start: int | None) -> str:
    """The labelled figure or record and the field; where nothing is labelled, the place of the answer."""
    field = f"{judged.type}.{judged.field}"
    if isinstance(judged.label, Figure):
        return f"{judged.label.id}:{field}"
    if judged.top.label is not None:
        figure = judged.inner.label.first if judged.inner.label else None
        return f"{judged.top.label.id}{f'/{figure.id}' if figure else ''}:{field}"
    return f"@{'?' if start is None else start}:{field}"


def _place(judged: Judged) -> Figure | None:
    """The figure that shows where a field stands: its own, or the first of its record."""
    if isinstance(judged.label, Figure):
        return judged.label
    if isinstance(judged.answer, Figure):
        return judged.answer
    for entry in (judged.inner.label, judged.inner.answer, judged.top.label, judged.top.answer):
        if entry is not None and entry.figures:
            return entry.figures[0]
    return None


def _words(value: Value | None) -> str | None:
    return value.raw if isinstance(value, Figure) else value
