"""One item of a list in 万元 where 元 is printed: found among many, and only where it makes the list come right."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.checking.equations import Equation, Rule, Term, evaluate, holds
from extractor.checking.figures import Figure
from extractor.checking.slips import raised
from schemas.checks import Family, Outcome
from schemas.quantities import Quantity, QuantityKind

RULE = Rule("list", Family.SUM, "合计等于各项之和", "the total is the sum")
STEP = Decimal(100)  # 0.01万元

large = st.integers(100_001, 9_999_999).map(lambda cents: Decimal(cents) / 100)  # a small one vanishes in 元
amounts = st.builds(Decimal.__mul__, large, st.sampled_from((Decimal(1), Decimal(-1))))


def _term(number: int, value: Decimal, exact: bool = False) -> Term:
    quantity = Quantity(id=f"q{number}", raw=str(value), kind=QuantityKind.MONEY, value=value, start=0, end=1)
    return Term(Figure(quantity, value * 10_000, Decimal(0) if exact else STEP, Decimal(10_000)), "项")


def _list(total: Decimal, items: list[Decimal]) -> Equation:
    parts = tuple(_term(number, value, not value) for number, value in enumerate(items, 1))
    return Equation(RULE, _term(0, total), parts, soft=True, unless="列出的部分可能不全")


def _comes_right(equation: Equation) -> bool:
    """The definition, tried with every item and both units."""
    return any(
        abs(figure.value.scaleb(power)) > STEP * 10
        and holds(equation, {figure.id: (figure.value.scaleb(power), figure.step.scaleb(power))})
        for figure in (term.figure for term in equation.numerator)
        for power in (4, -4)
    )


@settings(max_examples=200)
@given(st.lists(amounts, min_size=2, max_size=9), st.data())
def test_a_list_is_raised_where_one_item_in_another_unit_makes_it_come_right(
    items: list[Decimal], data: st.DataObject
) -> None:
    wrong = data.draw(st.integers(0, len(items) - 1))
    moved = items[wrong].scaleb(data.draw(st.sampled_from((4, -4))))
    off = data.draw(st.integers(-len(items), len(items))) * Decimal("0.01")  # rounding explains half of that
    total = (sum(items, Decimal(0)) - items[wrong] + moved + off).quantize(Decimal("0.01"))
    equation = _list(total, items)
    found = evaluate(equation)
    if found.outcome is Outcome.NOT_APPLICABLE:
        assert (raised(found).outcome is Outcome.VIOLATED) == _comes_right(equation)


def test_a_long_list_is_told_by_its_one_slip() -> None:
    items = [Decimal(number * 1000) + Decimal("0.37") for number in range(300)]
    total = sum(items, Decimal(0)) - items[200] + items[200].scaleb(-4).quantize(Decimal("0.01"))
    assert raised(evaluate(_list(total, items))).outcome is Outcome.VIOLATED
    assert raised(evaluate(_list(total + 90, items))).outcome is Outcome.NOT_APPLICABLE
