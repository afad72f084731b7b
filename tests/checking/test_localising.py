"""Properties of the search for who is wrong, on invented expenditure accounts."""

import time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from checked import Checked, Label, check_text  # type: ignore[import-not-found]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.checking.edits import PrintedFigures, digit_slips
from extractor.checking.figures import Figure
from extractor.checking.localise import localise
from schemas.checks import RecordStatus
from schemas.quantities import Quantity, QuantityKind

CENT = Decimal("0.01")
NAMES = ("教育支出", "科学技术支出", "卫生健康支出", "农林水支出", "住房保障支出", "城乡社区支出")
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

amounts = st.lists(
    st.integers(min_value=10_000, max_value=9_999_999).map(lambda cents: cents * CENT), min_size=2, max_size=len(NAMES)
)


def checked(total: Decimal, parts: list[Decimal], shares: list[Decimal]) -> Checked:
    items = "；".join(
        f"{name}⟦a{number} {part}万元⟧，占⟦s{number} {share}%⟧"
        for number, (name, part, share) in enumerate(zip(NAMES, parts, shares, strict=False))
    )
    labels: list[Label] = [("BudgetTotal", {"scope": "department", "side": "expenditure", "amount": "t"})]
    for number, name in enumerate(NAMES[: len(parts)]):
        fields = {"scope": "expenditure", "label": name, "amount": f"a{number}", "share": f"s{number}"}
        labels.append(("CompositionItem", fields))
    text = f"三、支出决算情况说明\n2024年度本年支出合计⟦t {total}万元⟧，其中：{items}。\n"
    with TemporaryDirectory() as folder:
        found: Checked = check_text(Path(folder) / "disclosure.txt", text, *labels)
    return found


def shares_of(total: Decimal, parts: list[Decimal]) -> list[Decimal]:
    return [(part / total * 100).quantize(CENT) for part in parts]


@SETTINGS
@given(amounts)
def test_a_consistent_account_raises_nothing(parts: list[Decimal]) -> None:
    total = sum(parts, Decimal(0))
    assert checked(total, parts, shares_of(total, parts)).findings == []


@SETTINGS
@given(amounts, st.data())
def test_one_slip_is_found_and_what_is_suggested_is_one_slip_away(parts: list[Decimal], data: st.DataObject) -> None:
    """A part that loses or gains hundreds: the relations that hold it fail, and whatever is offered for the suspect
    is printed elsewhere, or a sign, a unit, the last digit or one digit away from what is printed."""
    total = sum(parts, Decimal(0))
    shares = shares_of(total, parts)
    place = data.draw(st.integers(min_value=0, max_value=len(parts) - 1))
    wrong = [*parts[:place], parts[place] + data.draw(st.integers(1, 9)) * 100, *parts[place + 1 :]]
    found = checked(total, wrong, shares)
    assert any(found.ids[f"a{place}"] in finding.quantities for finding in found.findings)
    printed = {quantity.value for quantity in found.disclosure.quantities}
    for finding in found.findings:
        if finding.suspect is None or finding.suggested is None:
            continue
        quantity = found.disclosure.by_id[finding.suspect]
        value, suggested = quantity.value, Decimal(finding.suggested)
        assert value is not None
        near = {-value, *(value.scaleb(power) for power in range(-8, 9)), value + CENT, value - CENT}
        assert suggested in printed | near | set(digit_slips(Figure(quantity, value, CENT, Decimal(1))))


def test_a_hopeless_account_is_given_up_in_bounded_time() -> None:
    """Every figure contradicts every other: the search ends, says that it was cut short, and accuses nobody."""
    parts = [Decimal(number * 97 + 1234) + CENT for number in range(len(NAMES))]
    started = time.process_time()
    found = checked(Decimal("55555.55"), parts, [Decimal(number * 7 + 3) + CENT for number in range(len(NAMES))])
    assert time.process_time() - started < 5
    (group,) = localise([*found.verdict.evaluations.values()], PrintedFigures(()))
    assert group.cut
    assert not group.explanations
    assert found.findings == []
    assert set(found.verdict.statuses.values()) == {RecordStatus.CONTRADICTED}


@given(st.integers(min_value=1, max_value=9_999_999).map(lambda cents: cents * CENT))
def test_nothing_is_no_misprint_of_something(amount: Decimal) -> None:
    """1000.00 is never taken for 0.00 or 0.05: a digit that is lost leaves no zero at the front."""
    quantity = Quantity(id="q", raw=f"{amount}", kind=QuantityKind.MONEY, value=amount, decimals=2, start=0, end=1)
    variants = list(digit_slips(Figure(quantity, amount, CENT, Decimal(1))))
    assert all(variants)
    if amount >= 1000:
        assert min(variants) > 90
