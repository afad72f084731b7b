"""The record models and the record catalogue agree field by field; extractions survive their JSON."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.catalogue import RECORD_TYPES
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, FieldSpec, QuantityRef, leaves, pointers, specs_of
from schemas.jsonschema import all_schemas
from schemas.records import BudgetTotal, Change, NoneDeclared
from schemas.tables import Cell

MODELS: dict[str, type[Fields]] = {**RECORD_TYPES, "Change": Change, "NoneDeclared": NoneDeclared, "Cell": Cell}


def _as_catalogue(spec: FieldSpec) -> str:
    if spec.kind is FieldKind.ENUM:
        return f"enum[{', '.join(spec.values)}]"
    if spec.kind is FieldKind.LIST and spec.items is not None:
        return f"list[{spec.items.__name__}]"
    return spec.kind.value


GROWN = {"Carryover": {"changes": "list[Change]"}, "EconomicItem": {"share": "percent"}}
"""What the models hold beyond the catalogue: 年末结转和结余较上年减少745.67万元; 人员经费1666.52万元，占基本支出的84.74%."""


def test_models_agree_with_the_catalogue(shared: Path) -> None:
    catalogue = yaml.safe_load((shared / "design" / "records.yaml").read_text(encoding="utf-8"))
    wanted = {**catalogue["records"], **catalogue["tables"], **catalogue["sub_records"]}
    assert set(MODELS) == set(wanted)
    for name, fields in wanted.items():
        held = {spec.name: _as_catalogue(spec) for spec in specs_of(MODELS[name]).values()}
        assert held == {**fields, **GROWN.get(name, {})}, name


def test_every_record_type_has_a_json_schema_and_a_description() -> None:
    schemas = all_schemas()
    assert set(schemas) == {"Extraction", *RECORD_TYPES}
    for name, model in RECORD_TYPES.items():
        assert schemas[name]["type"] == "object"
        assert model.__doc__


def _value(spec: FieldSpec) -> st.SearchStrategy[object]:
    if spec.kind is FieldKind.ENUM:
        return st.sampled_from(spec.values)
    if spec.kind is FieldKind.TEXT:
        return st.text(min_size=1, max_size=8)
    if spec.kind is FieldKind.LIST and spec.items is not None:
        return st.lists(_fields(spec.items), max_size=2).map(tuple)
    return st.integers(1, 999).map(lambda number: QuantityRef(quantity=f"q{number}"))


def _fields(model: type[Fields]) -> st.SearchStrategy[Fields]:
    optional = {spec.name: _value(spec) for spec in specs_of(model).values()}
    return st.fixed_dictionaries({}, optional=optional).map(lambda values: model(**values))


@given(
    st.sampled_from(sorted(RECORD_TYPES)).flatmap(lambda name: st.tuples(st.just(name), _fields(RECORD_TYPES[name])))
)
def test_a_record_survives_its_json(named: tuple[str, Fields]) -> None:
    name, fields = named
    record = Record(id="r1", type=name, reader="rules", fields=fields)
    again = Record.model_validate_json(record.model_dump_json(exclude_none=True))
    assert again == record
    assert type(again.fields) is RECORD_TYPES[name]


def test_pointers_and_leaves_reach_into_lists() -> None:
    change = Change(base="prior_year", amount=QuantityRef(quantity="q2"), reason="人员增加")
    total = BudgetTotal(scope="department", amount=QuantityRef(quantity="q1"), changes=(change,))
    assert dict(pointers(total)) == {"amount": "q1", "changes[0].amount": "q2"}
    assert {leaf.path for leaf in leaves(total)} == {
        "scope",
        "amount",
        "changes[0].base",
        "changes[0].amount",
        "changes[0].reason",
    }


def test_unknown_fields_and_types_are_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        BudgetTotal.model_validate({"amonut": {"quantity": "q1"}})
    with pytest.raises(ValueError, match="no record type"):
        Record.model_validate({"id": "r1", "type": "Total", "reader": "rules", "fields": {}})
