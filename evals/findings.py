"""Raised findings against the slips a document is known to hold."""

import re
from collections.abc import Iterable, Sequence

from pydantic import Field

from evals.answers import AnsweredFinding
from evals.labels import Defect
from evals.matching import Match
from schemas.base import Model

_FIGURE = re.compile(r"\d[\d,]*\.?\d*")
_STRETCH = 6
"""Characters of a quote that evidence must share with it."""
_NOT_RAISED = ("rounding", "coverage")
ARITHMETIC = ("error", "misrounded")
TOP = 3


class FindingScores(Model):
    """Known slips and raised findings of one document. Coverage findings speak of our reading and don't count.

    `found`/`known` are by status of the slip; `localised` counts slips of arithmetic with a known figure at
    fault, `first` and `top` those where it is the finding's suspect, or among the first three.
    """

    known: dict[str, int] = Field(default_factory=dict)
    found: dict[str, int] = Field(default_factory=dict)
    raised: int = 0
    confirmed: int = 0
    localised: int = 0
    first: int = 0
    top: int = 0
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def score_findings(defects: Sequence[Defect], findings: Iterable[AnsweredFinding], match: Match) -> FindingScores:
    """Match findings to slips: a finding speaks of a slip when its evidence overlaps one of the slip's quotes and,
    where a figure is printed wrongly, names that figure."""
    raised = [each for each in findings if each.kind not in _NOT_RAISED]
    words = [_finding_words(each) for each in raised] if defects else []
    known: dict[str, int] = {}
    found: dict[str, int] = {}
    missed: list[str] = []
    confirmed: set[int] = set()
    places = [0, 0, 0]
    for defect in defects:
        known[defect.status] = known.get(defect.status, 0) + 1
        quotes, wanted = defect.words, _figures(defect.printed)
        hits = [i for i, (evidence, said) in enumerate(words) if _speaks_of(quotes, wanted, evidence, said)]
        if not hits:
            missed.append(defect.id)
            continue
        confirmed.update(hits)
        found[defect.status] = found.get(defect.status, 0) + 1
        if defect.status in ARITHMETIC and defect.quantities:
            first, top = _localised(defect, [raised[i] for i in hits], match)
            places = [places[0] + 1, places[1] + first, places[2] + top]
    return FindingScores(
        known=known,
        found=found,
        raised=len(raised),
        confirmed=len(confirmed),
        localised=places[0],
        first=places[1],
        top=places[2],
        missed=tuple(missed),
        extra=tuple(each.message for i, each in enumerate(raised) if i not in confirmed),
    )


def _finding_words(finding: AnsweredFinding) -> tuple[list[str], set[str]]:
    evidence = [_squeezed(each) for each in finding.evidence]
    return evidence, _figures("".join(evidence) + _squeezed(finding.message))


def _speaks_of(quotes: Sequence[str], wanted: set[str], evidence: Sequence[str], said: set[str]) -> bool:
    if wanted and not wanted & said:
        return False
    return any(_overlap(quote, each) for quote in quotes for each in evidence)


def _overlap(quote: str, evidence: str) -> bool:
    if len(quote) < 3 or len(evidence) < 3:
        return False
    if quote in evidence or evidence in quote:
        return True
    return any(quote[at : at + _STRETCH] in evidence for at in range(0, max(1, len(quote) - _STRETCH + 1), 3))


def _localised(defect: Defect, findings: Sequence[AnsweredFinding], match: Match) -> tuple[bool, bool]:
    at_fault = {match.answer.get(each) for each in defect.quantities} - {None}
    first = any(finding.suspect in at_fault for finding in findings)
    ranked = [[finding.suspect, *finding.suspects] for finding in findings]
    return first, any(at_fault & set(list(dict.fromkeys(each))[:TOP]) for each in ranked)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(text.replace(",", "")))
