"""Edits of records: what each does, what is refused, and that the same list always makes the same records."""

from pathlib import Path

import pytest
from disclosures import disclosure
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.pipeline import extract, recheck
from extractor.review.edits import (
    Add,
    Context,
    Delete,
    Edit,
    EditRefused,
    Exchange,
    Merge,
    Place,
    Put,
    Retype,
    Split,
    edits_from_json,
    edits_to_json,
)
from extractor.review.sheet import Sheet
from schemas.extraction import Record
from schemas.fields import pointers


@pytest.fixture(scope="module")
def sheet_of(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    path: Path = disclosure(tmp_path_factory.mktemp("edits"))
    prepared, reading = prepare(load(path)), extract(path)
    return lambda: Sheet.of(prepared, reading), prepared, reading


def held(record: Record) -> dict[str, str]:
    return dict(pointers(record.fields))


def total(sheet: Sheet) -> Record:
    return next(each for each in sheet.records.values() if each.type == "BudgetTotal" and "amount" in held(each))


def part(sheet: Sheet) -> Record:
    return next(each for each in sheet.records.values() if each.type == "CompositionItem")


def done(sheet: Sheet, *edits: Edit) -> Sheet:
    sheet.apply(edits, "v1")
    sheet.finish()
    return sheet


def test_a_figure_moves_to_the_field_it_is_put_into(sheet_of) -> None:  # type: ignore[no-untyped-def]
    sheet = sheet_of[0]()
    figure = held(part(sheet))["amount"]
    before, holder = total(sheet), part(sheet)
    done(sheet, Put(op="put", record=before.id, path="initial_budget", value=figure))
    assert held(sheet.records[before.id])["initial_budget"] == figure
    assert figure not in held(sheet.records[holder.id]).values(), "a figure stands in one field"


def test_two_figures_are_exchanged(sheet_of) -> None:  # type: ignore[no-untyped-def]
    sheet = sheet_of[0]()
    one, other = total(sheet), part(sheet)
    first, second = Place(record=one.id, path="amount"), Place(record=other.id, path="amount")
    done(sheet, Exchange(op="exchange", first=first, second=second))
    assert held(sheet.records[one.id])["amount"] == held(other)["amount"]
    assert held(sheet.records[other.id])["amount"] == held(one)["amount"]


def test_a_record_is_added_filled_and_named_by_its_task(sheet_of) -> None:  # type: ignore[no-untyped-def]
    sheet = sheet_of[0]()
    figure = held(part(sheet))["amount"]
    done(sheet, Add(op="add", type="Procurement"), Put(op="put", record="v1-1", path="amount", value=figure))
    assert sheet.records["v1-1"].reader == "review"
    assert sheet.records["v1-1"].section is not None


def test_split_and_merge_undo_each_other(sheet_of) -> None:  # type: ignore[no-untyped-def]
    sheet = sheet_of[0]()
    before = part(sheet)
    done(sheet, Split(op="split", record=before.id, paths=("share",)))
    assert held(sheet.records["v1-1"]) == {"share": held(before)["share"]}
    assert sheet.records["v1-1"].fields.label == before.fields.label  # type: ignore[attr-defined]
    sheet.apply([Merge(op="merge", record="v1-1", into=before.id)], "v2")
    assert sheet.records[before.id].fields == before.fields
    assert "v1-1" not in sheet.records


def test_another_type_keeps_what_fits(sheet_of) -> None:  # type: ignore[no-untyped-def]
    sheet = sheet_of[0]()
    before = part(sheet)
    done(sheet, Retype(op="retype", record=before.id, type="OperatingExpense"))
    assert held(sheet.records[before.id]) == {"amount": held(before)["amount"]}


def test_figures_are_declared_no_facts(sheet_of) -> None:  # type: ignore[no-untyped-def]
    make, prepared, reading = sheet_of
    sheet = make()
    record = part(sheet)
    figures = tuple(held(record).values())
    done(sheet, Delete(op="delete", record=record.id), Context(op="context", quantities=figures, kind="other"))
    after, _ = recheck(prepared, reading, list(sheet.records.values()), sheet.contexts)
    assert {each.role for each in after.quantities if each.id in figures} == {"context"}


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda r: Put(op="put", record="r999", path="amount", value="q1"), "没有这条记录"),
        (lambda r: Put(op="put", record=r.id, path="amount", value="q999"), "没有数字"),
        (lambda r: Put(op="put", record=r.id, path="label", value="原文里没有的词"), "原文中没有"),
        (lambda r: Put(op="put", record=r.id, path="scope", value="galaxy"), "可选值"),
        (lambda r: Put(op="put", record=r.id, path="amount", value=dict(pointers(r.fields))["share"]), "此处应为"),
        (lambda r: Retype(op="retype", record=r.id, type="Spaceship"), "没有这种记录"),
        (lambda r: Merge(op="merge", record=r.id, into=r.id), "合并"),
        (lambda r: Split(op="split", record=r.id, paths=("completion",)), "空的"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(sheet_of, edit, words: str) -> None:  # type: ignore[no-untyped-def]
    sheet = sheet_of[0]()
    with pytest.raises(EditRefused, match=words):
        done(sheet, edit(part(sheet)))


EDITS = st.one_of(
    st.builds(
        Put,
        op=st.just("put"),
        record=st.integers(1, 12).map("r{}".format),
        path=st.sampled_from(
            ["amount", "share", "label", "changes[0].amount", "changes[1].percent", "scope", "x", "a[9].b"]
        ),
        value=st.one_of(st.none(), st.integers(1, 30).map("q{}".format), st.sampled_from(["yes", "本年收入", "部门"])),
    ),
    st.builds(Delete, op=st.just("delete"), record=st.integers(1, 12).map("r{}".format)),
    st.builds(
        Retype,
        op=st.just("retype"),
        record=st.integers(1, 12).map("r{}".format),
        type=st.sampled_from(["Procurement", "BudgetTotal"]),
    ),
    st.builds(
        Merge,
        op=st.just("merge"),
        record=st.integers(1, 12).map("r{}".format),
        into=st.integers(1, 12).map("r{}".format),
    ),
    st.builds(Add, op=st.just("add"), type=st.sampled_from(["CompositionItem", "Nothing"])),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDITS, max_size=6))
def test_edits_are_done_or_refused_and_no_figure_is_ever_invented_or_held_twice(sheet_of, edits: list[Edit]) -> None:  # type: ignore[no-untyped-def]
    make, prepared, _ = sheet_of
    assert edits_from_json(edits_to_json(tuple(edits))) == tuple(edits)
    sheets = []
    for sheet in (make(), make()):
        try:
            done(sheet, *edits)
        except EditRefused:
            return
        sheets.append(sheet.records)
    assert sheets[0] == sheets[1]
    figures = [quantity for record in sheets[0].values() for quantity in held(record).values()]
    assert set(figures) <= set(prepared.by_id)
    assert len(figures) == len(set(figures))
