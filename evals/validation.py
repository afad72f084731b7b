"""Are labels fit to measure with? Every figure accounted for once, fields valid, texts verbatim, arithmetic sound;
and how far two labellings of one document agree."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from pydantic import ValidationError

from evals.answers import AnsweredFinding
from evals.collection import Fixture
from evals.findings import score_findings
from evals.labels import Labels, fields_of, labelled_texts
from evals.matching import Match, match_figures
from evals.roles import CONTEXT, UNCLAIMED, all_roles
from evals.sheets import sheet_of_labels
from evals.truth import labelled_contexts, labelled_records, quantity_ids
from extractor.checking import check_records
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from schemas.base import Model
from schemas.catalogue import RECORD_TYPES
from schemas.fields import pointers

_WHITE = re.compile(r"\s+")
CONVENTIONAL = frozenset({"总计"})
"""Words that the labelling guide prescribes where a document names none."""
SHARED_FIELD = ("DisclosureProfile", "fiscal_year")
"""The one field whose figure may be context as well."""


@dataclass(frozen=True)
class Validation:
    """What was found in one fixture: a line for each problem, and for each relation that only a slip breaks."""

    name: str
    figures: int
    records: int
    checks: int
    problems: tuple[str, ...]
    remarks: tuple[str, ...]


def validate(fixture: Fixture) -> Validation:
    """Check the labels of a fixture. Raises GoujiError when its files cannot be read.

    `problems` are faults of the labels; `remarks` are contradictions among the labelled figures that no known slip
    explains, and figures that the extractor does not find: which may be the document's or the extractor's doing.
    """
    labels, disclosure = fixture.labels, prepare(load(fixture.document))
    texts = (disclosure.loaded.text, disclosure.unwrapped.text)
    problems = [
        *_figures(labels, fixture.text),
        *_records(labels),
        *_accounting(labels),
        *_verbatim(labels, [_WHITE.sub("", text) for text in texts]),
    ]
    checks, remarks = _arithmetic(labels, disclosure) if not problems else (0, [])
    return Validation(fixture.name, len(labels.figures), len(labels.records), checks, tuple(problems), tuple(remarks))


def _figures(labels: Labels, text: str) -> Iterator[str]:
    for name, figure in labels.figures.items():
        printed = _WHITE.sub("", text[figure.start : figure.end])
        if printed != figure.raw:
            yield f"{name}: 标注为 {figure.raw}，该处印的是 {printed!r} (the text there differs from the label)"


def _records(labels: Labels) -> Iterator[str]:
    for number, record in enumerate(labels.records, 1):
        if record.type not in RECORD_TYPES:
            yield f"g{number}: 没有记录类型 {record.type} (no such record type)"
            continue
        try:
            fields_of(record)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                yield f"g{number} {record.type}.{'.'.join(map(str, each['loc']))}: {each['msg']}"


def _accounting(labels: Labels) -> Iterator[str]:
    used: Counter[str] = Counter(labels.context.keys())
    for record in labels.records:
        if record.type not in RECORD_TYPES:
            continue
        try:
            held = list(pointers(fields_of(record)))
        except ValidationError:
            continue
        used.update(each for path, each in held if (record.type, path) != SHARED_FIELD or each not in labels.context)
    for name, figure in labels.figures.items():
        if used[name] != 1:
            yield f"{name} {figure.raw}: 用了 {used[name]} 次，应恰好一次 (in {used[name]} fields or contexts; wanted: one)"
    yield from (f"{name}: 没有这个数字 (no such figure)" for name in used if name not in labels.figures)


def _verbatim(labels: Labels, texts: Sequence[str]) -> Iterator[str]:
    """Words that stand neither in the loaded text nor in the unwrapped one (without running heads)."""
    for number, record in enumerate(labels.records, 1):
        if record.type not in RECORD_TYPES:
            continue
        for name, words in labelled_texts(record):
            if words not in CONVENTIONAL and not any(_WHITE.sub("", words) in text for text in texts):
                yield f"g{number} {record.type}.{name}: 文中没有这些字 (these words do not stand in the text): {words}"
    for defect in labels.defects:
        for words in defect.words:
            if not any(words in text for text in texts):
                yield f"{defect.id}: 文中没有这段引文 (the quote does not stand in the text): {words}"


def _arithmetic(labels: Labels, disclosure: Disclosure) -> tuple[int, list[str]]:
    """Evaluate the relations of the labelled records."""
    verdict = check_records(disclosure, labelled_records(labels, disclosure), labelled_contexts(labels, disclosure))
    ids = quantity_ids(labels, disclosure)
    findings = [msgspec.convert(finding.model_dump(mode="json"), AnsweredFinding) for finding in verdict.findings]
    scores = score_findings(labels.defects, findings, Match(ids, {held: name for name, held in ids.items()}))
    remarks = [f"未标为差错的发现 (a finding that is no known slip): {message}" for message in scores.extra]
    unmet = [f"{name} {figure.raw}" for name, figure in labels.figures.items() if name not in ids]
    if unmet:
        remarks.append(f"抽取器没有找到的数字 (figures that the extractor does not find): {', '.join(unmet)}")
    return len(verdict.checks), remarks


class Disagreement(Model):
    """One figure that two labellings understand differently."""

    figure: str
    raw: str
    first: str
    second: str


class Agreement(Model):
    """How far two labellings agree: figures with one role in both, of all figures of the first; Cohen's kappa over
    roles; and where they differ."""

    figures: int
    same: int
    kappa: float | None
    differences: tuple[Disagreement, ...]


def agreement(first: Labels, second: Labels) -> Agreement:
    """Compare two labellings figure by figure: record type and field, or context of any kind."""
    one, other = sheet_of_labels(first), sheet_of_labels(second)
    match = match_figures(one, other)
    roles, counterparts = all_roles(one), all_roles(other)
    pairs = []
    for name in one.figures:
        mate = match.answer.get(name)
        theirs = UNCLAIMED if mate is None else counterparts.get(mate, CONTEXT if mate in second.context else UNCLAIMED)
        pairs.append((name, roles.get(name, CONTEXT if name in first.context else UNCLAIMED), theirs))
    same = sum(mine == theirs for _, mine, theirs in pairs)
    return Agreement(
        figures=len(pairs),
        same=same,
        kappa=_kappa([(mine, theirs) for _, mine, theirs in pairs], same),
        differences=tuple(
            Disagreement(figure=name, raw=one.figures[name].raw, first=mine, second=theirs)
            for name, mine, theirs in pairs
            if mine != theirs
        ),
    )


def _kappa(pairs: list[tuple[str, str]], same: int) -> float | None:
    """Cohen (1960): agreement beyond chance; None where chance alone would give full agreement."""
    if not pairs:
        return None
    mine, theirs = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(mine[role] * theirs[role] for role in mine) / len(pairs) ** 2
    return (same / len(pairs) - chance) / (1 - chance) if chance < 1 else None
