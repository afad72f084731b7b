"""Findings: one a root, the most serious first, with evidence from both sides."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from extractor.checking.claims import Claim
from extractor.checking.edits import Edit, Slip
from extractor.checking.equations import Evaluation, point_sum
from extractor.checking.evidence import stretches
from extractor.checking.localise import Explanation, Group
from extractor.checking.messages import finding_en, finding_zh, slip_en, slip_zh
from extractor.documents.disclosure import Disclosure
from schemas.checks import Cause, Family, Finding, FindingKind, Outcome
from schemas.quantities import QuantityKind

CauseOf = Callable[[Sequence[Evaluation], Explanation | None], Cause]

_GRAVITY = {
    FindingKind.ERROR: 0,
    FindingKind.MISROUNDED: 1,
    FindingKind.WORDING: 2,
    FindingKind.STRUCTURE: 3,
    FindingKind.COVERAGE: 4,
}
_SURENESS = {Cause.DOCUMENT: 0, Cause.UNKNOWN: 1, Cause.READING: 2}
MOST_TIED = 6
"""Suspects listed where several figures explain a contradiction equally well."""
MORE_SHOWN = 2
"""Other relations with the same root that a message tells."""


def group_findings(
    disclosure: Disclosure, groups: Sequence[Group], check_ids: dict[int, str], cause_of: CauseOf
) -> list[Finding]:
    """The findings of failed relations: a group that two slips explain makes two."""
    found = []
    for group in groups:
        for failed, explanation in _roots(group):
            found.append(_finding(disclosure, group, failed, explanation, check_ids, cause_of(failed, explanation)))
    return found


def _roots(group: Group) -> list[tuple[tuple[Evaluation, ...], Explanation | None]]:
    """The failed relations of a group by the figures that explain them, where the best explanation is one of parts."""
    if not group.best:
        return [(group.failed, None)]
    parts = _parts(group.best[0])
    roots: list[tuple[tuple[Evaluation, ...], Explanation | None]] = []
    left = list(group.failed)
    for part in parts:
        own = [each for each in left if set(part.figures) & set(each.equation.ids)]
        left = [each for each in left if each not in own]
        if own:
            roots.append((tuple(own), part))
    return roots


def _parts(explanation: Explanation) -> list[Explanation]:
    """An explanation by several slips as one explanation a slip; copies of one slip, and swaps, stay together."""
    parts: dict[tuple[Slip, Decimal | None], list[Edit]] = {}
    for edit in explanation.edits:
        together = edit.slip in (Slip.SWAP, Slip.SIGN)
        parts.setdefault((edit.slip, None if together else edit.value), []).append(edit)
    separate = [edits for edits in parts.values() if len(edits) > 1 and edits[0].slip is Slip.ROUNDING]
    found: list[Explanation] = []
    for edits in parts.values():
        if edits in separate:
            found.extend(Explanation((edit,), edit.cost) for edit in edits)
        else:
            found.append(Explanation(tuple(edits), sum((edit.cost for edit in edits), Decimal(0))))
    return found


def _finding(
    disclosure: Disclosure,
    group: Group,
    failed: Sequence[Evaluation],
    explanation: Explanation | None,
    check_ids: dict[int, str],
    cause: Cause,
) -> Finding:
    main = max(failed, key=lambda each: (each.outcome is Outcome.VIOLATED, _at_stake(each) or Decimal(-1)))
    edit = explanation.edits[0] if explanation else None
    ids = list(dict.fromkeys(each for evaluation in failed for each in evaluation.equation.ids if each))
    places = stretches(disclosure, ids)
    return Finding(
        id="",
        kind=_kind(main, edit),
        family=Family.DIRECTION if edit and edit.slip is Slip.SIGN else main.equation.rule.family,
        message=_message_zh(main, failed, edit, group.cut),
        message_en=_message_en(main, failed, edit, group.cut),
        checks=tuple(check_ids[id(each)] for each in failed),
        evidence=tuple(place.words for place in places),
        spans=tuple((place.start, place.end) for place in places),
        quantities=tuple(ids),
        suspect=edit.figure.id if edit else None,
        suspects=_suspects(group, explanation),
        suggested=edit.suggested if edit else None,
        cause=cause,
        amount_at_stake=_in_cents(max((at for each in failed if (at := _at_stake(each)) is not None), default=None)),
    )


def _in_cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


def _kind(main: Evaluation, edit: Edit | None) -> FindingKind:
    if edit is not None and edit.slip in (Slip.SIGN, Slip.UNIT) and main.outcome is Outcome.VIOLATED:
        return FindingKind.WORDING if _is_wording(edit) else FindingKind.ERROR
    return FindingKind.MISROUNDED if main.outcome is Outcome.MISROUNDED else FindingKind.ERROR


def _is_wording(edit: Edit) -> bool:
    """The figure is right and the word beside it is wrong: its unit, its direction."""
    if edit.slip is Slip.SIGN:
        return True
    return abs(edit.value / edit.figure.value) in (Decimal(10_000), Decimal("0.0001")) if edit.figure.value else False


def _suspects(group: Group, explanation: Explanation | None) -> tuple[str, ...]:
    """The figures of this explanation, then those of the explanations that cost the same, then the next."""
    ordered = list(explanation.figures) if explanation else []
    for each in group.explanations:
        if explanation is None or len(each.edits) <= len(explanation.edits):
            ordered.extend(each.figures)
    return tuple(dict.fromkeys(ordered))[:MOST_TIED]


def _message_zh(main: Evaluation, failed: Sequence[Evaluation], edit: Edit | None, cut: bool) -> str:
    sentences = [finding_zh(main)]
    others = [each for each in failed if each is not main]
    sentences.extend(finding_zh(each) for each in others[:MORE_SHOWN])
    if len(others) > MORE_SHOWN:
        sentences.append(f"另有{len(others) - MORE_SHOWN}处关系因此不符")
    if edit is not None and slip_zh(edit):
        sentences.append(slip_zh(edit))
    if cut:
        sentences.append("涉及的数字太多，未能逐一排查")
    return "；".join(sentences) + "。"


def _message_en(main: Evaluation, failed: Sequence[Evaluation], edit: Edit | None, cut: bool) -> str:
    sentences = [finding_en(main)]
    if len(failed) > 1:
        sentences.append(f"{len(failed) - 1} more relation(s) fail with it")
    if edit is not None and slip_en(edit):
        sentences.append(slip_en(edit))
    if cut:
        sentences.append("too many figures are involved to try them all")
    return "; ".join(sentences) + "."


def _at_stake(evaluation: Evaluation) -> Decimal | None:
    """The size of a contradiction in yuan: the gap of amounts, or the gap of a rate times what it is of."""
    equation, residual = evaluation.equation, evaluation.residual
    if residual is None:
        return None
    kind = equation.target.figure.quantity.kind
    if kind is QuantityKind.MONEY or (equation.target.figure.factor > 1 and kind is QuantityKind.NUMBER):
        return abs(residual)
    if kind is QuantityKind.PERCENT and equation.denominator:
        whole = abs(point_sum(equation.denominator))
        if equation.denominator[0].figure.quantity.kind is QuantityKind.MONEY:
            return abs(residual) / 100 * whole
    return None


def claim_findings(claims: Sequence[Claim], check_ids: dict[int, str]) -> list[Finding]:
    """The findings of judgements that failed."""
    return [
        Finding(
            id="",
            kind=FindingKind.MISROUNDED if claim.outcome is Outcome.MISROUNDED else claim.kind,
            family=claim.rule.family,
            message=claim.zh,
            message_en=claim.en,
            checks=(check_ids[id(claim)],),
            evidence=tuple(place.words for place in claim.places),
            spans=tuple((place.start, place.end) for place in claim.places),
            quantities=claim.quantities,
            suspect=claim.suspect,
            suspects=(claim.suspect,) if claim.suspect else (),
            suggested=claim.suggested,
            cause=Cause.DOCUMENT,
            amount_at_stake=claim.at_stake,
        )
        for claim in claims
        if claim.outcome.fails
    ]


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings numbered f1, f2, …: errors before wording, the largest contradiction first."""
    found = sorted(
        findings,
        key=lambda each: (
            _GRAVITY[each.kind],
            _SURENESS[each.cause],
            -(each.amount_at_stake if each.amount_at_stake is not None else Decimal(-1)),
            each.spans[0] if each.spans else (0, 0),
        ),
    )
    return tuple(each.model_copy(update={"id": f"f{number}"}) for number, each in enumerate(found, 1))
