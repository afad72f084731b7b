"""When an answered field says what the label says, and what kind of error it is where it does not."""

from decimal import Decimal
from enum import StrEnum

from evals.amounts import Amount, equal_amounts
from evals.answers import Figure
from evals.matching import Match
from evals.sheets import Sheet, Value
from evals.texts import plain, same_listed_words, same_words
from schemas.fields import FieldKind, FieldSpec

_SHORTENED_FIELDS = frozenset({"content", "definition"})
NEIGHBOURHOOD = 2
"""How many figures away a figure still is a neighbour."""


class ErrorClass(StrEnum):
    """What kind of mistake a wrong value is."""

    UNIT = "unit"  # a power of ten
    SIGN = "sign"  # minus for plus, increase for decrease
    OTHER_YEAR = "other_year"  # the figure of another year, or of the budget for the final figure
    NEIGHBOUR = "neighbour"  # a figure printed beside the right one
    DIGIT = "digit"  # one digit changed, dropped, added, or two neighbours swapped
    ENUM = "enum"
    TEXT = "text"
    OTHER = "other"


def same_value(spec: FieldSpec, label: Value, answer: Value, match: Match) -> bool:
    """Figures by what they are worth, texts up to punctuation and small differences of extent, enums exactly."""
    if isinstance(label, Figure) or isinstance(answer, Figure):
        return isinstance(label, Figure) and isinstance(answer, Figure) and same_figure(label, answer, match)
    return same_plain(spec, plain(label), plain(answer))


def same_plain(spec: FieldSpec, label: str, answer: str) -> bool:
    """As `same_value`, for words that are plain already."""
    if spec.kind is FieldKind.ENUM:
        return label == answer
    return (same_listed_words if spec.name in _SHORTENED_FIELDS else same_words)(label, answer)


def same_figure(label: Figure, answer: Figure, match: Match) -> bool:
    """At the same place, what the answer says the figure is worth counts; elsewhere it must also be printed alike."""
    if match.answer.get(label.id) == answer.id:
        return label.id not in match.misread
    one, other = label.amount, answer.amount
    if one is None or other is None:
        return plain(label.raw) == plain(answer.raw)
    return equal_amounts(one, other) and (one.yuan is not None or one.unit == other.unit)


def error_class(
    spec: FieldSpec, label: Value, answer: Value, labels: Sheet, answers: Sheet, match: Match
) -> ErrorClass:
    """The kind of a wrong value."""
    if not isinstance(label, Figure) or not isinstance(answer, Figure):
        if spec.kind is not FieldKind.ENUM:
            return ErrorClass.TEXT
        return {"direction": ErrorClass.SIGN, "base": ErrorClass.OTHER_YEAR}.get(spec.name, ErrorClass.ENUM)
    by_value = _by_value(label.amount, answer.amount)
    if by_value in (ErrorClass.UNIT, ErrorClass.SIGN):
        return by_value
    if _stands_for_other_year(label, labels) or _stands_for_other_year(answer, labels, match):
        return ErrorClass.OTHER_YEAR
    if _distance(label, answer, answers, match) <= NEIGHBOURHOOD:
        return ErrorClass.NEIGHBOUR
    return by_value or ErrorClass.OTHER


def _by_value(one: Amount | None, other: Amount | None) -> ErrorClass | None:
    if one is None or other is None:
        return None
    first, second = (
        (one.yuan, other.yuan) if one.yuan is not None and other.yuan is not None else (one.number, other.number)
    )
    if first == -second and first:
        return ErrorClass.SIGN
    if first and second and _is_power_of_ten(first / second):
        return ErrorClass.UNIT
    return ErrorClass.DIGIT if _one_digit_apart(first, second) else None


def _is_power_of_ten(ratio: Decimal) -> bool:
    digits = abs(ratio).normalize().as_tuple().digits
    return digits == (1,) and ratio not in (1, -1)


def _one_digit_apart(one: Decimal, other: Decimal) -> bool:
    a, b = (f"{each.normalize():f}".replace(".", "") for each in (abs(one), abs(other)))
    if len(a) == len(b):
        differ = [i for i in range(len(a)) if a[i] != b[i]]
        swapped = (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and a[differ[0]] == b[differ[1]]
            and a[differ[1]] == b[differ[0]]
        )
        return len(differ) == 1 or swapped
    if abs(len(a) - len(b)) != 1:
        return False
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _stands_for_other_year(figure: Figure, labels: Sheet, match: Match | None = None) -> bool:
    name = match.label.get(figure.id) if match else figure.id
    return name in labels.other_year


def _distance(label: Figure, answer: Figure, answers: Sheet, match: Match) -> int:
    """How many figures lie from the labelled one to the answered one, in reading order."""
    place = answers.rank(match.answer.get(label.id, ""))
    answered = answers.rank(answer.id)
    return NEIGHBOURHOOD + 1 if place is None or answered is None else abs(place - answered)
