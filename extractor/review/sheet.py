"""The records of a document under correction: edits are applied one after the other, by the rules of reading.

The same rules hold as for readers: a figure is a printed quantity of a kind that its field takes, and stands in
one field only; words stand in the document verbatim.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from extractor.documents.disclosure import Disclosure
from extractor.reading.resolve import ACCEPTED, CONVENTIONAL, SHARED_FIELDS, find_verbatim
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
)
from schemas.catalogue import RECORD_TYPES
from schemas.extraction import Extraction, Record
from schemas.fields import FieldKind, Fields, FieldSpec, QuantityRef, leaves, pointers, specs_of
from schemas.quantities import ContextKind, Role

READER = "review"
"""The reader of a record that a person made or changed."""

_PATH = re.compile(r"(?:(\w+)\[(\d+)\]\.)?(\w+)")
_WHITE = re.compile(r"\s+")


@dataclass
class Sheet:
    """Records by id, in order, and the figures that are no facts; `touched` are the ids that edits changed."""

    disclosure: Disclosure
    records: dict[str, Record]
    contexts: dict[str, ContextKind]
    touched: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, disclosure: Disclosure, extraction: Extraction) -> "Sheet":
        """The sheet of a reading; the disclosure's quantities have the reading's ids."""
        contexts = {each.id: each.context for each in extraction.quantities if each.context is not None}
        return cls(disclosure, {record.id: record for record in extraction.records}, contexts)

    def apply(self, edits: Iterable[Edit], prefix: str) -> None:
        """Apply edits in order; records that they add are called by the prefix and the edit's number.

        Raises EditRefused; edits before the refused one stay applied.
        """
        for number, edit in enumerate(edits, 1):
            self._apply(edit, f"{prefix}-{number}")
            for name in self.touched:
                if name in self.records:
                    self.records[name] = without_empty(self.records[name])

    def finish(self) -> None:
        """Places and sections of what was changed. Raises EditRefused for a record that says nothing."""
        for name in self.touched:
            record = self.records.get(name)
            if record is None:
                continue
            if not any(True for _ in leaves(record.fields)):
                raise EditRefused(f"{name}: 记录是空的，请填入数字或删除 (the record is empty; fill it or delete it)")
            places = _places(self.disclosure, record.fields)
            section = _section(self.disclosure, record, places)
            self.records[name] = record.model_copy(update={"places": places, "section": section, "reader": READER})

    def _apply(self, edit: Edit, new: str) -> None:
        match edit:
            case Put():
                self._put(edit.record, edit.path, edit.value)
            case Exchange():
                self._exchange(edit.first, edit.second)
            case Retype():
                record = self._record(edit.record)
                self._change(record, _fitted(_model(edit.type), record.fields), type=edit.type)
            case Delete():
                self._delete(edit.record)
            case Add():
                self._add(edit, new)
            case Split():
                self._split(edit, new)
            case Merge():
                self._merge(edit)
            case Context():
                self._set_context(edit)

    def _record(self, name: str) -> Record:
        if name not in self.records:
            raise EditRefused(f"{name}: 没有这条记录 (there is no such record)")
        return self.records[name]

    def _change(self, record: Record, fields: Fields, **other: Any) -> None:
        self.records[record.id] = record.model_copy(update={"fields": fields, **other})
        self.touched[record.id] = None

    def _delete(self, name: str) -> None:
        self._record(name)
        del self.records[name]
        self.touched[name] = None

    def _put(self, name: str, path: str, value: str | None) -> None:
        record = self._record(name)
        spec = spec_at(type(record.fields), path)
        where = f"{record.type}.{path}"
        if spec.kind is FieldKind.LIST:
            raise EditRefused(f"{where}: 请填写其中的字段 (fill the fields inside it)")
        if value is None:
            self._change(record, with_value(record.fields, path, None))
        elif spec.kind.points:
            self._point(record, path, spec, value)
        elif spec.kind is FieldKind.ENUM:
            if value not in spec.values:
                raise EditRefused(f"{where}: {value!r} 不在可选值中 (not one of {', '.join(spec.values)})")
            self._change(record, with_value(record.fields, path, value))
        else:
            words = _WHITE.sub("", value)
            if not self._is_printed(words) and words not in CONVENTIONAL.get(where, ()):
                raise EditRefused(f"{where}: 原文中没有“{words[:40]}” (these words do not stand in the document)")
            self._change(record, with_value(record.fields, path, words))

    def _is_printed(self, words: str) -> bool:
        disclosure = self.disclosure
        return any(
            find_verbatim(text, words) is not None for text in (disclosure.unwrapped.text, disclosure.loaded.text)
        )

    def _point(self, record: Record, path: str, spec: FieldSpec, quantity_id: str) -> None:
        where = f"{record.type}.{path}"
        quantity = self.disclosure.by_id.get(quantity_id)
        if quantity is None:
            raise EditRefused(f"{where}: 文件中没有数字 {quantity_id} (the document has no such figure)")
        if quantity.kind not in ACCEPTED[spec.kind]:
            raise EditRefused(
                f"{where}: {quantity.raw} 是{quantity.kind.value}，此处应为{spec.kind.value}"
                f" (this field takes a figure of the kind {spec.kind.value})"
            )
        if (quantity.role is Role.TABLE) != (record.type == "TableRow"):
            raise EditRefused(f"{where}: {quantity.raw} 在表格中 (figures of tables belong to rows of tables only)")
        if where not in SHARED_FIELDS:
            self._release(quantity_id)
        record = self._record(record.id)
        self._change(record, with_value(record.fields, path, QuantityRef(quantity=quantity_id)))

    def _release(self, quantity_id: str) -> None:
        """Take a quantity out of the field that holds it, or of the context."""
        self.contexts.pop(quantity_id, None)
        for record in list(self.records.values()):
            for path, held in pointers(record.fields):
                if held == quantity_id and f"{record.type}.{path}" not in SHARED_FIELDS:
                    self._change(record, with_value(record.fields, path, None))

    def _exchange(self, first: Place, second: Place) -> None:
        one, other = self._held(first), self._held(second)
        for place, quantity_id in ((first, other), (second, one)):
            spec = spec_at(type(self._record(place.record).fields), place.path)
            if self.disclosure.by_id[quantity_id].kind not in ACCEPTED[spec.kind]:
                raise EditRefused(f"{place.path}: 两个数字种类不同 (the two figures are of different kinds)")
            record = self._record(place.record)
            value = QuantityRef(quantity=quantity_id)
            self._change(record, with_value(record.fields, place.path, value))

    def _held(self, place: Place) -> str:
        held = dict(pointers(self._record(place.record).fields)).get(place.path)
        if held is None:
            raise EditRefused(f"{place.path}: 该字段没有数字 (the field holds no figure)")
        return held

    def _add(self, edit: Add, new: str) -> None:
        if edit.section is not None and edit.section not in {node.id for node in self.disclosure.sections}:
            raise EditRefused(f"{edit.section}: 没有这一节 (there is no such section)")
        fields = _model(edit.type)()
        self.records[new] = Record(id=new, type=edit.type, section=edit.section, reader=READER, fields=fields)
        self.touched[new] = None

    def _split(self, edit: Split, new: str) -> None:
        record = self._record(edit.record)
        filled = {leaf.path: leaf for leaf in leaves(record.fields)}
        missing = [path for path in edit.paths if path not in filled]
        if missing:
            raise EditRefused(f"{missing[0]}: 该字段是空的 (the field is empty)")
        kept, moved = record.fields, type(record.fields)()
        for leaf in filled.values():
            if not leaf.spec.kind.points and "[" not in leaf.path:
                moved = with_value(moved, leaf.path, leaf.value)
        for path in edit.paths:
            moved = with_value(moved, _renumbered(path, moved), filled[path].value)
            kept = with_value(kept, path, None)
        self._change(record, kept)
        self.records[new] = record.model_copy(update={"id": new, "fields": moved, "settled": None})
        self.touched[new] = None

    def _merge(self, edit: Merge) -> None:
        source, target = self._record(edit.record), self._record(edit.into)
        if source.id == target.id or source.type != target.type:
            raise EditRefused(f"{source.id}: 只能合并同类的两条记录 (only two records of one type can be merged)")
        merged = target.fields
        for name, spec in specs_of(type(merged)).items():
            here, there = getattr(merged, name), getattr(source.fields, name)
            if spec.kind is FieldKind.LIST:
                merged = merged.model_copy(update={name: (*here, *there)})
            elif here is None:
                merged = merged.model_copy(update={name: there})
            elif there not in (None, here):
                raise EditRefused(f"{name}: 两条记录此处不同，先清空其一 (the records differ here; empty one first)")
        self._delete(source.id)
        self._change(target, merged)

    def _set_context(self, edit: Context) -> None:
        for quantity_id in edit.quantities:
            quantity = self.disclosure.by_id.get(quantity_id)
            if quantity is None or quantity.role is Role.TABLE:
                raise EditRefused(f"{quantity_id}: 正文中没有这个数字 (the narrative has no such figure)")
            self._release(quantity_id)
            self.contexts[quantity_id] = edit.kind


def spec_at(model: type[Fields], path: str) -> FieldSpec:
    """What a path of a record type holds. Raises EditRefused."""
    match = _PATH.fullmatch(path)
    if match:
        outer, _, name = match.groups()
        holder: type[Fields] | None = model
        if outer:
            specs = specs_of(model)
            holder = specs[outer].items if outer in specs else None
        if holder is not None and name in specs_of(holder):
            return specs_of(holder)[name]
    raise EditRefused(f"{model.__name__}: 没有字段 {path} (there is no such field)")


def with_value(fields: Fields, path: str, value: object) -> Fields:
    """The fields with another value at a path; one item may be added at the end of a list."""
    match = _PATH.fullmatch(path)
    assert match
    outer, number, name = match.groups()
    if not outer:
        return fields.model_copy(update={name: value})
    items, index = list(getattr(fields, outer)), int(number)
    if index > len(items):
        raise EditRefused(f"{path}: 前面还有空项 (items are numbered without gaps)")
    if index == len(items):
        item_model = specs_of(type(fields))[outer].items
        assert item_model is not None
        items.append(item_model())
    items[index] = items[index].model_copy(update={name: value})
    return fields.model_copy(update={outer: tuple(items)})


def without_empty(record: Record) -> Record:
    """The record without list items that hold nothing."""
    lists = [spec.name for spec in specs_of(type(record.fields)).values() if spec.kind is FieldKind.LIST]
    update = {
        name: tuple(item for item in getattr(record.fields, name) if any(True for _ in leaves(item))) for name in lists
    }
    return record.model_copy(update={"fields": record.fields.model_copy(update=update)}) if lists else record


def _renumbered(path: str, fields: Fields) -> str:
    """The path with the number that its list item has among those already moved."""
    match = _PATH.fullmatch(path)
    assert match
    outer, _, name = match.groups()
    if not outer:
        return path
    items = getattr(fields, outer)
    free = bool(items) and getattr(items[-1], name) is None
    return f"{outer}[{len(items) - 1 if free else len(items)}].{name}"


def _model(type_name: str) -> type[Fields]:
    if type_name not in RECORD_TYPES:
        raise EditRefused(f"{type_name}: 没有这种记录 (there is no such record type)")
    return RECORD_TYPES[type_name]


def _fitted(model: type[Fields], fields: Fields) -> Fields:
    """What of some fields another record type has too: the same name, kind and values."""
    specs, others = specs_of(model), specs_of(type(fields))
    update = {}
    for name, spec in specs.items():
        value = getattr(fields, name, None)
        if name in others and others[name].kind is spec.kind and others[name].items is spec.items and value is not None:
            if spec.kind is FieldKind.ENUM and value not in spec.values:
                continue
            update[name] = value
    return model(**update)


def _section(disclosure: Disclosure, record: Record, places: Mapping[str, tuple[int, int]]) -> str | None:
    """The section of the record's first figure, or of its first words."""
    held = [disclosure.by_id[each] for _, each in pointers(record.fields) if each in disclosure.by_id]
    narrative = [quantity for quantity in held if quantity.section is not None]
    if narrative:
        return min(narrative, key=lambda quantity: quantity.start).section
    inside = [disclosure.unwrapped.index(start) for start, _ in places.values()]
    found = [index for index in inside if index is not None]
    return disclosure.section_at(min(found)).id if found and not held else record.section


def _places(disclosure: Disclosure, fields: Fields) -> dict[str, tuple[int, int]]:
    """Where the record's words stand in the loaded text: the occurrence nearest to its figures."""
    held = [disclosure.by_id[each].start for _, each in pointers(fields) if each in disclosure.by_id]
    anchor = min(held, default=0)
    places = {}
    for leaf in leaves(fields):
        if leaf.spec.kind is FieldKind.TEXT and isinstance(leaf.value, str):
            span = _nearest(disclosure, leaf.value, anchor)
            if span is not None:
                places[leaf.path] = span
    return places


def _nearest(disclosure: Disclosure, words: str, anchor: int) -> tuple[int, int] | None:
    """The stretch of the loaded text that prints some words, nearest to an offset."""
    text = disclosure.unwrapped.text
    found, span = [], find_verbatim(text, words)
    while span is not None:
        found.append(disclosure.unwrapped.source_span(*span))
        span = find_verbatim(text, words, span[1])
    if not found and (span := find_verbatim(disclosure.loaded.text, words)) is not None:
        found.append(span)
    return min(found, key=lambda each: abs(each[0] - anchor), default=None)
