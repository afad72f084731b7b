"""How records are spelled between us and a model: one short line a record, derived from the schemas alone.

    BT s=dep|d=rev|a=1          a BudgetTotal whose amount is figure 1
    +ch b=py|x=inc|a=2|pc=3     a Change of the record above
    #2                          what follows was read in section 2 of the request
    X year=4,5|threshold=6      figures that are no facts of their own

Lines instead of nested objects, because OpenAI's strict subset asks for every key of every object: the answer
for the fiscal sections of a real final account takes 5,320 characters so, 2,680 without the nulls, 1,850 as
lines; and because a line that is wrong costs one record, never the answer. Names are short and mean the same
everywhere; `words.csv` holds them with the Chinese words that explain them to the model.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.catalogue import RECORD_TYPES
from schemas.fields import FieldKind, Fields, FieldSpec, QuantityRef, pointers, specs_of
from schemas.quantities import ContextKind

CONTEXT_CODE = "X"
_CONTEXT_KINDS = frozenset(kind.value for kind in ContextKind)
_NEXT_PART = re.compile(r"\|(?=\s*[A-Za-z_]\w{0,30}\s*=)", re.ASCII)
_MARKS = {
    FieldKind.TEXT: '"',
    FieldKind.MONEY: "¥",
    FieldKind.PERCENT: "%",
    FieldKind.COUNT: "#",
    FieldKind.SCORE: "*",
    FieldKind.DATE: "@",
    FieldKind.QUANTITY: "?",
}


class Answer(BaseModel):
    """What a model answers, in every mode: a list of lines. Valid under OpenAI's strict subset."""

    model_config = ConfigDict(extra="forbid")

    r: list[str]


@dataclass(frozen=True)
class Word:
    """A name of the schemas as a model sees it: a short code and a Chinese gloss."""

    code: str
    gloss: str


@dataclass(frozen=True)
class SpelledRecord:
    """One record as answered: its lines, the section they stand under, and what they say.

    `fields` is None when the lines say nothing that can be understood; then, and whenever something in them
    is wrong, `problems` says what, in words for the model. `understood` are the ids that such lines point at.
    """

    section: int
    lines: tuple[str, ...]
    fields: Fields | None
    problems: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()

    @property
    def quantities(self) -> tuple[str, ...]:
        """The ids that the lines point at."""
        return self.understood if self.fields is None else tuple(id for _, id in pointers(self.fields))


@dataclass(frozen=True)
class Decoded:
    """An answer taken apart. `contexts` are (section, quantity id, kind)."""

    records: tuple[SpelledRecord, ...] = ()
    contexts: tuple[tuple[int, str, ContextKind], ...] = ()
    problems: tuple[str, ...] = ()


@cache
def words() -> dict[tuple[str, str], Word]:
    """Every (type | field | value, name) of the schemas with its word."""
    with (Path(__file__).parent / "words.csv").open(encoding="utf-8", newline="") as file:
        return {(row["of"], row["name"]): Word(row["key"], row["gloss"]) for row in csv.DictReader(file)}


def code_of(of: str, name: str) -> str:
    """The code of a type, field or value; a name without a word is its own code."""
    word = words().get((of, name))
    return word.code if word else name


@cache
def _types() -> dict[str, type[Fields]]:
    return {code_of("type", name): model for name, model in RECORD_TYPES.items()}


@cache
def _specs(model: type[Fields]) -> dict[str, FieldSpec]:
    """A model's fields by code and by full name: models mix the two up, and neither is a guess."""
    specs = specs_of(model)
    return {**specs, **{code_of("field", name): spec for name, spec in specs.items()}}


@cache
def _codes(values: tuple[str, ...]) -> dict[str, str]:
    """Enum values by code and by full name; kept, because every field of every answer looks one up."""
    return {**{value: value for value in values}, **{code_of("value", value): value for value in values}}


# ---- telling the model -------------------------------------------------------------------------------------


def describe(types: Iterable[str], kinds: Collection[FieldKind] = tuple(FieldKind)) -> str:
    """The table of record types for a prompt: codes, glosses, kinds and enum values, of fields of some kinds."""
    models = [RECORD_TYPES[name] for name in types]
    subs = {spec.items: name for model in models for name, spec in specs_of(model).items() if spec.items}
    lines = [f"{_term('type', model.__name__)}: {_describe_fields(model, kinds)}" for model in models]
    lines += [f"+{_term('field', name)}: {_describe_fields(model, kinds)}" for model, name in subs.items()]
    return "\n".join(lines)


def _term(of: str, name: str) -> str:
    word = words().get((of, name))
    return f"{word.code}{word.gloss}" if word else name


def _describe_fields(model: type[Fields], kinds: Collection[FieldKind]) -> str:
    return " ".join(_describe_field(spec) for spec in specs_of(model).values() if spec.kind in kinds)


def _describe_field(spec: FieldSpec) -> str:
    if spec.kind is FieldKind.LIST:
        return f"+{code_of('field', spec.name)}"
    if spec.kind is FieldKind.ENUM:
        return f"{_term('field', spec.name)}({' '.join(_term('value', value) for value in spec.values)})"
    word = words().get(("field", spec.name), Word(spec.name, ""))
    return f"{word.code}{_MARKS[spec.kind]}{word.gloss}"


# ---- writing -----------------------------------------------------------------------------------------------


def encode(fields: Fields, names: Mapping[str, str]) -> list[str]:
    """The lines of a record; `names` gives what the request calls each quantity. Raises KeyError for others."""
    return list(_encode(code_of("type", type(fields).__name__), fields, names))


def _encode(head: str, fields: Fields, names: Mapping[str, str]) -> Iterator[str]:
    parts: list[str] = []
    below: list[str] = []
    for name, spec in specs_of(type(fields)).items():
        value, key = getattr(fields, name), code_of("field", name)
        if value is None:
            continue
        if spec.kind is FieldKind.LIST:
            for item in value:
                below.extend(_encode(f"+{key}", item, names))
        elif isinstance(value, QuantityRef):
            parts.append(f"{key}={names[value.quantity]}")
        else:
            parts.append(f"{key}={code_of('value', value) if spec.kind is FieldKind.ENUM else value}")
    yield f"{head} {'|'.join(parts)}".rstrip()
    yield from below


def encode_contexts(contexts: Mapping[str, ContextKind], names: Mapping[str, str]) -> list[str]:
    """The line that names figures which are no facts, or none."""
    by_kind: dict[str, list[str]] = {}
    for quantity, kind in contexts.items():
        by_kind.setdefault(kind.value, []).append(names[quantity])
    parts = [f"{kind}={','.join(ids)}" for kind, ids in by_kind.items()]
    return [f"{CONTEXT_CODE} {'|'.join(parts)}"] if parts else []


# ---- reading -----------------------------------------------------------------------------------------------


@dataclass
class _Draft:
    """A record while its lines are read: values by field name, sub-records by list field."""

    model: type[Fields]
    section: int
    lines: list[str]
    values: dict[str, object] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def finish(self) -> SpelledRecord:
        fields: Fields | None = None
        if not self.values and not self.problems:
            self.problems.append(f"{self.lines[0]!r} states nothing")
        if not self.problems:
            try:
                fields = self.model.model_validate(self.values)
            except ValidationError as error:  # the parts were checked one by one: only a shape can be wrong
                self.problems.append(f"{self.lines[0]!r}: {error.errors()[0]['msg']}")
        understood = () if fields is not None else tuple(_ids(self.values))
        return SpelledRecord(self.section, tuple(self.lines), fields, tuple(self.problems), understood)


def _ids(value: object) -> Iterator[str]:
    """The quantity ids in what was read of a record, sub-records included."""
    if isinstance(value, QuantityRef):
        yield value.quantity
    elif isinstance(value, dict):
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for item in value:
            yield from (id for _, id in pointers(item))


def decode(lines: Sequence[str], ids: Mapping[str, str]) -> Decoded:
    """Take an answer apart; `ids` gives the quantity that each number of the request stands for.

    Nothing is repaired: what is not spelled as agreed becomes a problem of its record.
    """
    drafts: list[_Draft] = []
    contexts: list[tuple[int, str, ContextKind]] = []
    problems: list[str] = []
    section = 1
    for line in (line.strip() for line in lines):
        head, _, rest = line.partition(" ")
        if not line:
            continue
        if head.startswith("#") and head[1:].isdecimal():
            section = int(head[1:])
        elif head == CONTEXT_CODE:
            found, wrong = _contexts(rest, ids)
            contexts.extend((section, each, kind) for each, kind in found)
            problems.extend(wrong)
        elif head.startswith("+") and drafts:
            drafts[-1].lines.append(line)
            _add_sub_record(drafts[-1], head[1:], rest, ids)
        else:
            drafts.append(_record(head, rest, line, section, ids))
    return Decoded(tuple(draft.finish() for draft in drafts), tuple(contexts), tuple(problems))


def type_of(line: str) -> str | None:
    """The record type that a line begins with, None where it begins with none."""
    model = _types().get(line.partition(" ")[0])
    return model.__name__ if model else None


def _record(head: str, rest: str, line: str, section: int, ids: Mapping[str, str]) -> _Draft:
    model = _types().get(head) or RECORD_TYPES.get(head)
    if model is None:
        return _Draft(Fields, section, [line], problems=[f"{line[:20]!r}: there is no record type {head!r}"])
    draft = _Draft(model, section, [line])
    draft.values = _values(model, head, rest, ids, draft.problems)
    return draft


def _add_sub_record(draft: _Draft, key: str, rest: str, ids: Mapping[str, str]) -> None:
    spec = _specs(draft.model).get(key)
    if spec is None or spec.items is None:
        draft.problems.append(f"{draft.lines[0][:20]!r} takes no +{key}")
        return
    items = draft.values.setdefault(spec.name, [])
    assert isinstance(items, list)
    items.append(spec.items.model_validate(_values(spec.items, f"+{key}", rest, ids, draft.problems)))


def _values(
    model: type[Fields], head: str, rest: str, ids: Mapping[str, str], problems: list[str]
) -> dict[str, object]:
    """The values of one line by field name; what is wrong goes into `problems`."""
    values: dict[str, object] = {}
    specs = _specs(model)
    for part in _NEXT_PART.split(rest) if rest else ():  # a | inside copied words does not begin a new part
        key, _, printed = part.partition("=")
        spec = specs.get(key.strip())
        if spec is None or spec.items is not None:
            problems.append(f"{head} has no field {key.strip()[:20]!r}")
        elif spec.name in values:
            problems.append(f"{head}.{key} is given twice")
        elif printed := printed.strip():  # an empty value says that the field is absent
            value, wrong = _value(spec, printed, ids)
            if wrong:
                problems.append(f"{head}.{key}: {wrong}")
            else:
                values[spec.name] = value
    return values


def _value(spec: FieldSpec, printed: str, ids: Mapping[str, str]) -> tuple[object, str | None]:
    if spec.kind is FieldKind.TEXT:
        return printed, None
    if spec.values:
        codes = _codes(spec.values)
        if printed in codes:
            return codes[printed], None
        allowed = " ".join(code_of("value", value) for value in spec.values)
        return None, f"{printed[:20]!r} is none of {allowed}"
    quantity = ids.get(printed)
    if quantity is None:
        return None, f"there is no figure {printed[:20]!r} in this request; answer with a number that stands in ⟦ ⟧"
    return _pointer(quantity), None


@lru_cache(maxsize=4096)
def _pointer(quantity: str) -> QuantityRef:
    """A pointer, which never changes: every document has a q1, q2, …"""
    return QuantityRef(quantity=quantity)


def _contexts(rest: str, ids: Mapping[str, str]) -> tuple[list[tuple[str, ContextKind]], list[str]]:
    found: list[tuple[str, ContextKind]] = []
    problems: list[str] = []
    for part in rest.split("|"):
        kind, _, numbers = part.partition("=")
        if kind.strip() not in _CONTEXT_KINDS:
            problems.append(f"{CONTEXT_CODE} has no kind {kind.strip()[:20]!r}")
            continue
        for number in numbers.split(","):
            quantity = ids.get(number.strip())
            if quantity is None:
                problems.append(f"{CONTEXT_CODE}: there is no figure {number.strip()[:20]!r} in this request")
            else:
                found.append((quantity, ContextKind(kind.strip())))
    return found, problems
