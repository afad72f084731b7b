"""A failed relation written out for people: its operands by their parts, both sides, their intervals, the gap."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from extractor.outputs.report.words import OUTCOMES, Words, figure
from schemas.checks import Check
from schemas.quantities import Quantity, QuantityKind

_COMPARISON = re.compile(r" (?:=|≤|≥) ")
_OVER = " ÷ "


class Part(StrEnum):
    """What a figure is in a relation; each has a colour of its own."""

    STATED = "stated"  # the side that is printed as the result
    TERM = "term"  # what the result is computed from
    WHOLE = "whole"  # what a share or rate is of
    FIGURE = "figure"  # a figure that a finding names without arithmetic
    WORDS = "words"  # words that a finding is about


@dataclass(frozen=True)
class Piece:
    """A stretch of shown text; a part of the relation where it is one, `suspect` where it is probably wrong."""

    text: str
    part: Part | None = None
    suspect: bool = False


@dataclass(frozen=True)
class Side:
    """One side of a relation: its value, and between which values it lies before rounding (None: it is exact)."""

    value: str
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class Arithmetic:
    """One relation, written out."""

    check: str
    rule: str
    pieces: tuple[Piece, ...]
    printed: Side
    computed: Side
    residual: str
    tolerance: str
    outcome: Words


def arithmetic_of(check: Check, quantities: Mapping[str, Quantity], suspects: Iterable[str]) -> Arithmetic | None:
    """A relation as it is shown; None for a judgement that is no arithmetic."""
    if check.printed is None or check.computed is None or check.residual is None:
        return None
    try:
        printed, computed = Decimal(check.printed), Decimal(check.computed)
        tolerance = Decimal(check.tolerance or 0)
    except InvalidOperation:
        return None
    target = quantities.get(check.operands[0]) if check.operands else None
    unit = _unit(target)
    decimals = _decimals(check.printed)
    own = min(Decimal(1).scaleb(-decimals) / 2, tolerance)
    return Arithmetic(
        check=check.id,
        rule=check.rule or "",
        pieces=tuple(_pieces(check, quantities, frozenset(suspects))),
        printed=_side(printed, own, unit, decimals),
        computed=_side(computed, tolerance - own, unit, decimals),
        residual=figure(check.residual) + unit,
        tolerance="±" + figure(str(tolerance)) + unit,
        outcome=OUTCOMES[check.outcome],
    )


def parts_of(checks: Sequence[Check], quantities: Mapping[str, Quantity]) -> dict[str, Part]:
    """The part that every figure plays, in the first of the relations that holds it."""
    parts: dict[str, Part] = {}
    for check in checks:
        for operand, part in _placed(check, quantities):
            parts.setdefault(operand, part)
    return parts


def _side(value: Decimal, half: Decimal, unit: str, decimals: int) -> Side:
    shown = figure(str(value), decimals) + unit
    if not half:
        return Side(shown)
    return Side(shown, figure(str(value - half), decimals), figure(str(value + half), decimals))


def _unit(quantity: Quantity | None) -> str:
    if quantity is None:
        return ""
    return quantity.unit or ("%" if quantity.kind is QuantityKind.PERCENT else "")


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _placed(check: Check, quantities: Mapping[str, Quantity]) -> list[tuple[str, Part]]:
    return [(operand, part) for _, _, operand, part in _found(check, quantities)]


def _pieces(check: Check, quantities: Mapping[str, Quantity], suspects: frozenset[str]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for start, end, operand, part in _found(check, quantities):
        if start > at:
            pieces.append(Piece(check.statement[at:start]))
        pieces.append(Piece(check.statement[start:end], part, operand in suspects))
        at = end
    if at < len(check.statement):
        pieces.append(Piece(check.statement[at:]))
    return pieces


def _found(check: Check, quantities: Mapping[str, Quantity]) -> list[tuple[int, int, str, Part]]:
    """Where the operands stand in the statement, which prints them in their order; one may stand there twice."""
    statement = check.statement
    equals = _COMPARISON.search(statement)
    if equals is None:
        return []
    over = statement.find(_OVER, equals.end())
    waiting = [each for each in check.operands if each in quantities]
    raws = sorted({quantities[each].raw for each in waiting}, key=len, reverse=True)
    if not raws:
        return []
    found = []
    done: dict[str, str] = {}
    for match in re.finditer(rf"(?<![\d.,])(?:{'|'.join(map(re.escape, raws))})(?!\d)", statement):
        operand = next((each for each in waiting if quantities[each].raw == match[0]), None)
        if operand is not None:
            waiting.remove(operand)
            done[match[0]] = operand
        part = Part.STATED if match.start() < equals.start() else Part.TERM
        if 0 <= over < match.start():
            part = Part.WHOLE
        found.append((match.start(), match.end(), done[match[0]], part))
    return found
