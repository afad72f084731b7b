"""The fixture format: what a document says, written by hand.

A label file is JSON (see `Labels`). Its figures are stretches of the document's text as loaded, its records
point at them by id, its defects are the slips that the document is known to hold. The bundled fixtures keep
their figures in `source.md` instead; `evals.placing` finds them in the built file.
"""

import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from schemas.base import GoujiError, Model
from schemas.catalogue import RECORD_TYPES
from schemas.fields import FieldKind, Fields, specs_of
from schemas.quantities import ContextKind

_WHITE = re.compile(r"\s+")


class LabelError(GoujiError):
    """A label file cannot be read, or does not fit its document."""


class Split(StrEnum):
    """What a fixture may be used for: `dev` to work on rules and prompts, `held_out` only to measure."""

    DEV = "dev"
    HELD_OUT = "held_out"


class DocumentKey(Model):
    """Which document the labels belong to: a file beside them, or any file with this SHA-256."""

    file: str | None = None
    sha256: str | None = None


class PlacedFigure(Model):
    """A printed figure: `start`/`end` are offsets in the loaded text, `raw` the stretch without white space."""

    start: int
    end: int
    raw: str


class RecordLabel(Model):
    """One labelled record: fields by name, figures by id, texts as printed without white space.

    A text may be given by its place in the loaded text instead, `{"at": [start, end]}`: so labels can be kept
    apart from a document that must not be copied.
    """

    type: str
    fields: dict[str, Any]

    @model_validator(mode="after")
    def _pointers(self) -> "RecordLabel":
        """Figures may be written `"q4"` or `{"q": "x1", "raw": …}`; they are kept as `{"quantity": "q4"}`."""
        model = RECORD_TYPES.get(self.type)
        if model is not None:
            self.fields.update(_pointed(model, self.fields))
        return self


class Defect(Model):
    """A place where the document contradicts itself or slips.

    `quotes` are verbatim stretches without white space (or their places), `quantities` the figures at fault,
    `printed` what stands there and `should_be` what probably should.
    """

    id: str
    status: Literal["error", "misrounded", "wording", "structure"]
    family: str
    title: str = ""
    quotes: tuple[str | dict[str, tuple[int, int]], ...] = ()
    relation: str = ""
    printed: str = ""
    should_be: str = ""
    quantities: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The quotes as text. Raises LabelError where a place was not looked up yet (see `with_text`)."""
        if not all(isinstance(quote, str) for quote in self.quotes):
            raise LabelError(f"{self.id}: quotes are given by place; the document is needed to read them")
        return tuple("".join(str(quote).split()) for quote in self.quotes)


class Labels(Model):
    """Everything that is known of one document.

    Each figure stands in one field of one record or in `context`. `notes` are for people.
    """

    document: DocumentKey = DocumentKey()
    region: str = ""
    kind: Literal["budget", "final_account"] | None = None
    fiscal_year: int | None = None
    split: Split = Split.HELD_OUT
    figures: dict[str, PlacedFigure] = Field(default_factory=dict)
    records: tuple[RecordLabel, ...] = ()
    context: dict[str, ContextKind] = Field(default_factory=dict)
    defects: tuple[Defect, ...] = ()
    notes: tuple[str, ...] = ()

    def with_text(self, text: str) -> "Labels":
        """The labels with every text that is given by its place read from the loaded text."""
        told = (*(record.fields for record in self.records), *(defect.quotes for defect in self.defects))
        if not any(map(_is_placed, told)):
            return self
        return self.model_copy(
            update={
                "records": tuple(
                    record.model_copy(update={"fields": _read(record.fields, text)}) for record in self.records
                ),
                "defects": tuple(
                    defect.model_copy(update={"quotes": tuple(_read(quote, text) for quote in defect.quotes)})
                    for defect in self.defects
                ),
            }
        )


def read_labels(path: Path) -> Labels:
    """Read a label file. Raises LabelError that says which value is wrong and where."""
    try:
        return Labels.model_validate_json(path.read_bytes())
    except OSError as error:
        raise LabelError(f"{path}: 读不了标注文件 (the label file cannot be read): {error.strerror}") from None
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)[:5]
        )
        raise LabelError(f"{path}: 标注文件有误 (the label file is wrong): {wrong}") from None


def write_labels(labels: Labels, path: Path) -> None:
    """Write a label file: one record a line, so that differences can be read."""
    data = labels.model_dump(mode="json", exclude_defaults=True)
    for record in data.get("records", ()):
        record["fields"] = _short(record["fields"])
    many = {"records", "defects", "figures"}
    lines = [f" {_json(key)}: {_json(value)}" for key, value in data.items() if key not in many]
    for key in ("figures", "records", "defects"):
        value = data.get(key)
        if isinstance(value, dict):
            inner = ",\n".join(f"  {_json(name)}: {_json(each)}" for name, each in value.items())
            lines.append(f' "{key}": {{\n{inner}\n }}')
        elif value:
            inner = ",\n".join(f"  {_json(each)}" for each in value)
            lines.append(f' "{key}": [\n{inner}\n ]')
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def fields_of(record: RecordLabel) -> Fields:
    """The record as its model. Raises ValidationError or KeyError where a label is wrong."""
    return RECORD_TYPES[record.type].model_validate(record.fields)


def labelled_texts(record: RecordLabel) -> Iterator[tuple[str, str]]:
    """(field, text) of every text of a record."""
    yield from _texts(RECORD_TYPES[record.type], record.fields)


def _texts(model: type[Fields], fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        spec = specs_of(model).get(name)
        if spec is None:
            continue
        if spec.kind is FieldKind.LIST and spec.items is not None:
            for item in value:
                yield from _texts(spec.items, item)
        elif spec.kind is FieldKind.TEXT:
            yield name, str(value)


def _pointed(model: type[Fields], fields: Mapping[str, Any]) -> dict[str, Any]:
    pointers, lists = _structure(model)
    pointed: dict[str, Any] = {}
    for name, value in fields.items():
        if name in pointers:
            pointed[name] = {
                "quantity": str(value.get("quantity") or value.get("q")) if isinstance(value, dict) else value
            }
        elif name in lists and isinstance(value, (list, tuple)):
            pointed[name] = [_pointed(lists[name], item) for item in value]
        else:
            pointed[name] = value
    return pointed


@cache
def _structure(model: type[Fields]) -> tuple[frozenset[str], dict[str, type[Fields]]]:
    """The fields of a model that point at figures, and those that are lists, with the model of what they list."""
    specs = specs_of(model)
    lists = {name: spec.items for name, spec in specs.items() if spec.items is not None}
    return frozenset([name for name, spec in specs.items() if spec.kind.points]), lists


def _short(value: Any) -> Any:
    """Pointers as bare ids."""
    if isinstance(value, dict):
        return value["quantity"] if set(value) == {"quantity"} else {name: _short(each) for name, each in value.items()}
    return [_short(each) for each in value] if isinstance(value, list) else value


def _is_placed(value: Any) -> bool:
    """Whether any text is given by its place, so that there is something to read."""
    if isinstance(value, dict):
        return value.keys() == {"at"} or any(map(_is_placed, value.values()))
    return isinstance(value, (list, tuple)) and any(map(_is_placed, value))


def _read(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"at"}:
            start, end = value["at"]
            return _WHITE.sub("", text[start:end])
        return {name: _read(each, text) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_read(each, text) for each in value]
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
