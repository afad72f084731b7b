"""Scores of answers whose faults are known: perfect ones, and ones with so many planted errors."""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.amounts import amount_of
from evals.answers import Answer, AnsweredRecord, AnswerError, Figure, read_answer
from evals.collection import Fixture, bundled
from evals.labels import Labels
from evals.outcomes import FieldOutcome
from evals.scoring import score
from evals.sheets import LISTED
from evals.truth import answer_of
from evals.values import ErrorClass
from schemas.catalogue import RECORD_TYPES
from schemas.fields import FieldKind, Fields, FieldSpec, specs_of

Leaf = tuple[dict[str, Any], str, FieldSpec]


@cache
def fixtures() -> dict[str, Fixture]:
    return {fixture.name: fixture for fixture in bundled()}


@pytest.mark.parametrize("name", sorted(fixtures()))
def test_labels_score_one_against_themselves(name: str) -> None:
    labels = fixtures()[name].labels
    scored = score(name, labels, answer_of(labels))
    assert scored.role_counts.f1 == 1
    assert scored.tally.counts.f1 == 1
    assert scored.grouping.f1 == 1
    assert scored.enums.rate == scored.texts.rate == 1
    assert scored.exact
    assert not scored.misses
    assert all(count == 0 or kind == "right" for kind, count in scored.readings.items())


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(fixtures())),
    k=st.integers(min_value=1, max_value=12),
    seed=st.integers(min_value=0, max_value=2**32),
)
def test_planted_errors_are_counted_exactly(name: str, k: int, seed: int) -> None:
    labels = fixtures()[name].labels
    answer = answer_of(labels)
    _corrupt(answer, labels, k, Random(seed))
    scored = score(name, labels, answer)
    assert scored.tally.edits == k
    assert len(scored.misses) == k


def _corrupt(answer: Answer, labels: Labels, k: int, random: Random) -> None:
    """Change k fields of records of fact, each by one edit."""
    leaves = [leaf for record in answer.records if record.type not in LISTED for leaf in _leaves(record)]
    for fields, name, spec in random.sample(leaves, k):
        if random.random() < 0.2:
            del fields[name]
        elif spec.kind.points:
            fields[name] = {"quantity": _other_figure(labels, fields[name]["quantity"], random)}
        elif spec.kind is FieldKind.ENUM and len(spec.values) > 1:
            fields[name] = random.choice([each for each in spec.values if each != fields[name]])
        elif spec.kind is FieldKind.TEXT:
            fields[name] = f"毫不相干的文字{random.random()}"
        else:
            del fields[name]


def _leaves(record: AnsweredRecord) -> Iterator[Leaf]:
    yield from _leaves_of(RECORD_TYPES[record.type], record.fields)


def _leaves_of(model: type[Fields], fields: dict[str, Any]) -> Iterator[Leaf]:
    for name, value in fields.items():
        spec = specs_of(model)[name]
        if spec.items is not None:
            for item in value:
                yield from _leaves_of(spec.items, item)
        else:
            yield fields, name, spec


def _other_figure(labels: Labels, figure: str, random: Random) -> str:
    """A figure that says something else."""
    own = labels.figures[figure].raw
    amount = amount_of(own)
    others = [
        name
        for name, each in labels.figures.items()
        if each.raw != own
        and (amount is None or (other := amount_of(each.raw)) is None or other.number != amount.number)
    ]
    return random.choice(others)


Make = Callable[..., Labels]
CHANGE = {"base": "prior_year", "direction": "increase", "amount": "q2", "percent": "q3"}


@pytest.fixture
def total(labelled: Make) -> Labels:
    """One total with its change."""
    return labelled(
        ["120.50万元", "20.50万元", "20.50%", "2050万元", "100.00万元"],
        ("BudgetTotal", {"scope": "department", "side": "both", "amount": "q1", "changes": [CHANGE]}),
        context={"q4": "other", "q5": "other"},
    )


def _first(scored: Any) -> tuple[FieldOutcome, str, ErrorClass | None]:
    assert len(scored.misses) == 1, scored.misses
    miss = scored.misses[0]
    return miss.outcome, miss.field, miss.error


def _changed(total: Labels, **change: Any) -> Answer:
    answer = answer_of(total)
    answer.records[0].fields["changes"][0].update(change)
    return answer


def test_a_wrong_figure_is_one_false_positive_and_one_false_negative(total: Labels) -> None:
    scored = score("made", total, _changed(total, amount={"quantity": "q5"}))
    assert _first(scored) == (FieldOutcome.WRONG, "changes.amount", ErrorClass.OTHER)
    assert scored.tally.counts == (6, 1, 1)


def test_a_slip_of_the_unit_is_told(total: Labels) -> None:
    figures = {**total.figures, "q4": total.figures["q4"].model_copy(update={"raw": "20.50亿元"})}
    labels = total.model_copy(update={"figures": figures})
    assert _first(score("made", labels, _changed(labels, amount={"quantity": "q4"})))[2] is ErrorClass.UNIT


def test_a_wrong_direction_is_a_slip_of_sign_and_a_wrong_base_another_year(total: Labels) -> None:
    assert _first(score("made", total, _changed(total, direction="decrease")))[2] is ErrorClass.SIGN
    wrong = score("made", total, _changed(total, base="initial_budget"))
    assert _first(wrong) == (FieldOutcome.WRONG, "changes.base", ErrorClass.OTHER_YEAR)


def test_the_same_amount_elsewhere_is_the_right_value_but_another_role(labelled: Make) -> None:
    labels = labelled(
        ["412.00万元", "412万元"],
        ("BudgetTotal", {"scope": "department", "side": "both", "amount": "q1"}),
        ("OperatingExpense", {"amount": "q2"}),
    )
    answer = answer_of(labels)
    answer.records[0].fields["amount"] = {"quantity": "q2"}
    answer.records[1].fields["amount"] = {"quantity": "q1"}
    scored = score("made", labels, answer)
    assert scored.tally.edits == 0
    assert scored.role_counts == (0, 2, 2)


def test_what_the_answer_says_a_figure_is_worth_counts_at_the_right_place_too(total: Labels) -> None:
    answer = answer_of(total)
    answer.quantities[0].yuan = "120.50"
    assert _first(score("made", total, answer)) == (FieldOutcome.WRONG, "amount", ErrorClass.UNIT)


def test_missed_and_invented_records(labelled: Make) -> None:
    labels = labelled(
        ["1.00万元", "2.00万元", "2023年"],
        ("OperatingExpense", {"amount": "q1"}),
        ("PurchasedServices", {"amount": "q2"}),
        context={"q3": "year"},
    )
    answer = answer_of(labels)
    answer.records[1] = AnsweredRecord("r2", "Carryover", {"amount": {"quantity": "q2"}}, "s1")
    scored = score("made", labels, answer)
    assert sorted(miss.outcome for miss in scored.misses) == [FieldOutcome.INVENTED, FieldOutcome.MISSED]
    assert scored.confusion["PurchasedServices"] == {"Carryover": 1}


def test_figures_outside_the_labelled_stretches_are_not_judged(total: Labels) -> None:
    answer = answer_of(total)
    answer.quantities.append(Figure("q99", "9.00万元", 5000, 5006, role="field"))
    answer.records.append(AnsweredRecord("r9", "OperatingExpense", {"amount": {"quantity": "q99"}}))
    assert score("made", total, answer).exact


def test_records_of_one_key_are_told_apart_by_their_places(labelled: Make) -> None:
    same = {"scope": "department", "side": "both"}
    labels = labelled(
        ["5.00万元", "7.00万元", "5.00万元"],
        ("BudgetTotal", {**same, "amount": "q1"}),
        ("BudgetTotal", {**same, "amount": "q2"}),
        ("BudgetTotal", {**same, "amount": "q3"}),
    )
    answer = answer_of(labels)
    del answer.records[0]
    scored = score("made", labels, answer)
    assert [(miss.key, miss.outcome) for miss in scored.misses if miss.field == "amount"] == [
        ("q1:BudgetTotal.amount", FieldOutcome.MISSED)
    ]


def test_order_of_fields_punctuation_and_empty_lists_make_no_difference(labelled: Make) -> None:
    reason = "主要原因是：人员增加，项目减少。"
    labels = labelled(
        ["120.50万元", "20.50万元", "20.50%", "3.00万元"],
        ("BudgetTotal", {"scope": "department", "amount": "q1", "changes": [{**CHANGE, "reason": reason}]}),
        ("OperatingExpense", {"amount": "q4"}),
    )
    answer = answer_of(labels)
    total, other = (record.fields for record in answer.records)
    change = total["changes"][0]
    change["reason"] = "主要原因是人员增加、项目减少"
    total["changes"][0] = dict(reversed(change.items()))
    other["changes"] = []
    scored = score("made", labels, answer)
    assert scored.exact
    assert scored.texts.count == 1


def test_of_two_records_that_say_the_same_each_is_counted_once(total: Labels) -> None:
    answer = answer_of(total)
    answer.records.append(copy.deepcopy(answer.records[0]))
    scored = score("made", total, answer)
    assert scored.tally.counts == (7, 7, 0)
    assert {miss.outcome for miss in scored.misses} == {FieldOutcome.INVENTED}


def test_rightly_absent_fields_are_counted(total: Labels) -> None:
    scored = score("made", total, answer_of(total))
    assert scored.fields["BudgetTotal"]["completion"].absent == 1
    assert "initial_budget" in scored.fields["BudgetTotal"]


def test_scoring_leaves_the_answer_as_it_is(total: Labels) -> None:
    answer = answer_of(total)
    before = copy.deepcopy(answer)
    score("made", total, answer)
    assert answer == before


def test_figures_and_records_of_tables_are_left_out_of_what_is_read_and_others_kept_whole() -> None:
    saved = """{"document": {"id": "d"}, "quantities": [
        {"id": "q1", "raw": "5万元", "start": 9, "end": 12, "role": "field"},
        {"id": "q2", "raw": "7", "start": 20, "end": 21, "role": "table"}], "records": [
        {"id": "r1", "type": "TableRow", "fields": {"label": "合计"}},
        {"id": "r2", "type": "OperatingExpense", "fields": {"amount": {"quantity": "q1"}}, "section": "s1"}]}"""
    record = AnsweredRecord("r2", "OperatingExpense", {"amount": {"quantity": "q1"}}, "s1")
    answer = read_answer(saved, "made")
    assert answer.records == [record]
    assert [figure.id for figure in answer.quantities] == ["q1"]
    with pytest.raises(AnswerError, match="made"):
        read_answer(saved.replace('{"amount": {"quantity": "q1"}}', '"amount"'), "made")


def test_figures_are_matched_by_most_shared_characters(labelled: Make) -> None:
    labels = labelled(["12.50万元"], ("OperatingExpense", {"amount": "q1"}))
    answer = answer_of(labels)
    start = labels.figures["q1"].start
    answer.quantities.insert(0, Figure("qa", "12", start - 3, start + 1, role="field"))
    assert score("made", labels, answer).role_counts.f1 == 1


def test_a_figure_parses_the_same_whatever_its_form() -> None:
    wide, plain = amount_of("１,２３４．５０万元"), amount_of("1234.50万元")
    assert wide is not None
    assert plain is not None
    assert wide.yuan == plain.yuan == 12345000
    assert amount_of("2024年5月") is None
