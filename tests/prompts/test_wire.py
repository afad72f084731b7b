"""Records as lines: what is written reads back the same, and what is not spelled as agreed is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.lib._pydantic import to_strict_json_schema

from extractor.reading.llm.profiles import ANSWER_SCHEMA
from prompts.wire import Answer, code_of, decode, encode, encode_contexts, words
from schemas.catalogue import RECORD_TYPES
from schemas.fields import FieldKind, Fields, QuantityRef, specs_of
from schemas.quantities import ContextKind
from schemas.records import BudgetTotal, Change, OfficialExpense

WORDS = st.text(st.sampled_from("支出收入（类）“”0.万元A|=+#"), min_size=1, max_size=12).filter(
    lambda text: text.strip("|= ") == text and "|" not in text
)


@st.composite
def fields_of(draw: st.DrawFn, model: type[Fields], ids: st.SearchStrategy[str]) -> Fields:
    """Any record of a type, with at least one field."""
    values: dict[str, object] = {}
    for name, spec in specs_of(model).items():
        if not draw(st.booleans()):
            continue
        if spec.kind is FieldKind.TEXT:
            values[name] = draw(WORDS)
        elif spec.kind is FieldKind.ENUM:
            values[name] = draw(st.sampled_from(spec.values))
        elif spec.items is not None:
            values[name] = tuple(draw(st.lists(fields_of(spec.items, ids), max_size=2)))
        else:
            values[name] = QuantityRef(quantity=draw(ids))
    return model.model_validate(values)


@given(st.data())
def test_what_is_written_reads_back(data: st.DataObject) -> None:
    ids = {str(number): f"q{number * 7}" for number in range(1, 30)}
    names = {id: number for number, id in ids.items()}
    model = data.draw(st.sampled_from(list(RECORD_TYPES.values())))
    records = data.draw(st.lists(fields_of(model, st.sampled_from(list(names))).filter(_states_something), max_size=4))
    decoded = decode([line for fields in records for line in encode(fields, names)], ids)
    assert decoded.problems == ()
    assert [record.problems for record in decoded.records] == [()] * len(records)
    assert [record.fields for record in decoded.records] == records


def _states_something(fields: Fields) -> bool:
    return any(getattr(fields, name) not in (None, ()) for name in specs_of(type(fields)))


def test_lines_are_short() -> None:
    total = BudgetTotal(
        scope="department",
        side="revenue",
        amount=QuantityRef(quantity="q31"),
        changes=(Change(base="prior_year", direction="increase", amount=QuantityRef(quantity="q32")),),
    )
    assert encode(total, {"q31": "1", "q32": "2"}) == ["BT s=dep|d=rev|a=1", "+ch b=py|x=inc|a=2"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["ZZ a=1"], "no record type 'ZZ'"),
        (["BT zz=1"], "no field 'zz'"),
        (["BT s=moon|a=1"], "'moon' is none of dep fa gp gf sc"),
        (["BT a=77"], "no figure '77'"),
        (["BT a=5267.44万元"], "no figure '5267.44万元'"),
        (["BT a=q31"], "no figure 'q31'"),
        (["BT a=A"], "no figure 'A'"),
        (["BT a=1|a=2"], "given twice"),
        (["BT"], "states nothing"),
        (["BT a=1", "+xx b=py"], "takes no +xx"),
        (["BT a=1", "+ch b=py|a=99"], "no figure '99'"),
        (["DROP TABLE"], "no record type 'DROP'"),
    ],
)
def test_what_is_not_agreed_is_refused(lines: list[str], said: str) -> None:
    (record,) = decode(lines, {"1": "q31", "2": "q32"}).records
    assert record.fields is None
    assert said in " ".join(record.problems)


def test_one_bad_line_costs_one_record() -> None:
    decoded = decode(["BT a=1", "nonsense", "BT a=2"], {"1": "q1", "2": "q2"})
    assert [record.fields is not None for record in decoded.records] == [True, False, True]


def test_words_with_bars_and_equals_signs_stay_whole() -> None:
    (record,) = decode(["OE i=vo|pu=燃料费|维修费，A=B|a=1"], {"1": "q1"}).records
    assert isinstance(record.fields, OfficialExpense)
    assert record.fields.purpose == "燃料费|维修费，A=B"


def test_sections_and_contexts() -> None:
    ids = {"1": "q1", "2": "q2", "3": "q3"}
    decoded = decode(["#1", "BT a=1", "#2", "X year=2|threshold=3,9", "BT dn=yes|s=gf"], ids)
    assert [record.section for record in decoded.records] == [1, 2]
    assert decoded.contexts == ((2, "q2", ContextKind.YEAR), (2, "q3", ContextKind.THRESHOLD))
    assert "no figure '9'" in decoded.problems[0]
    assert encode_contexts({"q2": ContextKind.YEAR}, {"q2": "2"}) == ["X year=2"]


def test_every_name_of_the_schemas_has_a_word() -> None:
    known = words()
    for name, model in RECORD_TYPES.items():
        assert ("type", name) in known
        for model_ in (model, *(spec.items for spec in specs_of(model).values() if spec.items)):
            for field, spec in specs_of(model_).items():
                assert ("field", field) in known
                assert all(("value", value) in known for value in spec.values)


def test_codes_tell_names_apart() -> None:
    for of in ("type", "field"):
        codes = [word.code for (kind, _), word in words().items() if kind == of]
        assert len(codes) == len(set(codes))
    for model in RECORD_TYPES.values():
        for spec in specs_of(model).values():
            assert len({code_of("value", value) for value in spec.values}) == len(spec.values)
    assert all(re.fullmatch(r"\w+", word.code) for word in words().values())


def test_the_answer_is_valid_under_the_strict_subset() -> None:
    """The schema that is sent says what the model's does, and OpenAI's own conversion leaves it as it is."""
    strict = to_strict_json_schema(Answer)
    strict.pop("title")
    strict.pop("description")
    strict["properties"]["r"].pop("title")
    assert strict == ANSWER_SCHEMA
