"""The sentences of checks and findings, in Chinese with English beside."""

from collections.abc import Sequence
from decimal import Decimal

from extractor.checking.edits import Edit, Slip
from extractor.checking.equations import ONE, Comparison, Equation, Evaluation, Term
from schemas.checks import Family, Outcome
from schemas.quantities import QuantityKind

SHOWN_PARTS = 6
"""A sum with more parts than this is told by their number."""


def statement(evaluation: Evaluation) -> str:
    """The relation written out with its figures."""
    equation = evaluation.equation
    right = _side(equation.numerator)
    if equation.denominator:
        above = f"（{right}）" if len(equation.numerator) > 1 else right
        below = _side(equation.denominator)
        right = f"{above} ÷ " + (f"（{below}）" if len(equation.denominator) > 1 else below)
    return f"{_name(equation.target)} {equation.comparison} {right}"


def _side(terms: Sequence[Term]) -> str:
    words = "".join(
        [
            f"{' − ' if term.sign is not ONE and term.sign < 0 else ' + '}{term.label}{term.figure.quantity.raw}"
            for term in terms
        ]
    )
    return words[3:] if words.startswith(" + ") else words.replace(" − ", "−", 1)


def _name(term: Term) -> str:
    return term.label + term.figure.quantity.raw


def finding_zh(evaluation: Evaluation) -> str:
    """What does not agree, and what it should be."""
    equation = evaluation.equation
    if equation.comparison is not Comparison.EQUAL:
        return _order_zh(equation)
    printed, should = _name(equation.target), _should(evaluation)
    others = _others(equation.numerator + equation.denominator)
    family = equation.rule.family
    if family in (Family.EQUAL, Family.DIRECTION) or (len(equation.numerator) == 1 and not equation.denominator):
        return f"{printed}与{others}不一致{_rounded_zh(evaluation)}"
    if family is Family.DELTA:
        return f"{printed}与{others}不符：差额应为{should}"
    if equation.denominator:
        return f"{printed}与{others}不符：应为{should}"
    if not equation.target.id:
        return f"{others}之和为{should}，不等于{equation.target.figure.quantity.raw}%"
    return f"{printed}与{others}之和不符：合计应为{should}，相差{_gap(evaluation)}"


def finding_en(evaluation: Evaluation) -> str:
    """The same in English; names stay as printed."""
    equation = evaluation.equation
    printed, others = _name(equation.target), _others(equation.numerator + equation.denominator, "; ")
    if equation.comparison is not Comparison.EQUAL:
        word = "more" if equation.comparison is Comparison.AT_MOST else "less"
        return f"{printed} is {word} than {others} ({equation.rule.en})"
    if evaluation.outcome is Outcome.MISROUNDED:
        return f"{printed} is a wrong rounding of {others}: it should be {_should(evaluation)}"
    return f"{printed} disagrees with {others} ({equation.rule.en}): {_should(evaluation)} expected"


def _order_zh(equation: Equation) -> str:
    word = "大于" if equation.comparison is Comparison.AT_MOST else "小于"
    return f"{_name(equation.target)}{word}{_others(equation.numerator)}：{equation.rule.zh}"


def _others(terms: Sequence[Term], mark: str = "、") -> str:
    named = [_name(term) for term in dict.fromkeys(terms) if term.id]
    distinct = list(dict.fromkeys(named))
    if len(distinct) > SHOWN_PARTS:
        return f"{mark.join(distinct[:2])}等{len(distinct)}项"
    return mark.join(distinct)


def _should(evaluation: Evaluation) -> str:
    return evaluation.computed_text() + (evaluation.printed_unit or _percent(evaluation))


def _percent(evaluation: Evaluation) -> str:
    return "%" if evaluation.equation.target.figure.quantity.kind is QuantityKind.PERCENT else ""


def _gap(evaluation: Evaluation) -> str:
    figure = evaluation.equation.target.figure
    return figure.with_unit(abs(evaluation.residual or Decimal(0)))


def _rounded_zh(evaluation: Evaluation) -> str:
    if evaluation.outcome is Outcome.MISROUNDED:
        return f"：四舍五入应为{_should(evaluation)}"
    if evaluation.computed is not None and evaluation.equation.numerator[0].id:
        return f"：相差{_gap(evaluation)}"
    return ""


_SLIPS_ZH = {
    Slip.ROUNDING: "{printed}的末位疑有误，应为{suggested}",
    Slip.SIGN: "{printed}的增减方向疑写反",
    Slip.UNIT: "{printed}的单位或小数点疑有误，应为{suggested}",
    Slip.SWAP: "{printed}疑与另一数字互换，应为{suggested}",
    Slip.PRINTED: "{printed}疑为{suggested}之误",
    Slip.DIGIT: "{printed}疑为{suggested}之误",
}
_SLIPS_EN = {
    Slip.ROUNDING: "the last digit of {printed} is probably wrong, {suggested} meant",
    Slip.SIGN: "increase and decrease are probably mixed up at {printed}",
    Slip.UNIT: "the unit or the point of {printed} is probably wrong, {suggested} meant",
    Slip.SWAP: "{printed} probably changed places with another figure, {suggested} meant",
    Slip.PRINTED: "{printed} is probably {suggested}, printed elsewhere",
    Slip.DIGIT: "{printed} is probably a misprint of {suggested}",
}


def slip_zh(edit: Edit) -> str:
    """What probably happened; empty where nothing can be said."""
    return _slip(_SLIPS_ZH, edit)


def slip_en(edit: Edit) -> str:
    """What probably happened, in English."""
    return _slip(_SLIPS_EN, edit)


def _meant(edit: Edit) -> str:
    """What was meant, with its unit; a slip of unit keeps the printed number and changes the unit."""
    unit = edit.figure.quantity.unit or ""
    if edit.slip is Slip.UNIT:
        for other, power in _OTHER_UNITS.get(unit, ()):
            if edit.value == edit.figure.value.scaleb(power):
                return edit.figure.quantity.raw.removesuffix(unit) + other
    return (edit.suggested or "") + unit


_OTHER_UNITS = {"元": (("万元", 4),), "万元": (("元", -4), ("亿元", 4)), "亿元": (("万元", -4),)}


def _slip(texts: dict[Slip, str], edit: Edit) -> str:
    if edit.slip is Slip.OTHER:
        return ""
    suggested = _meant(edit)
    return texts[edit.slip].format(printed=edit.figure.quantity.raw, suggested=suggested)
