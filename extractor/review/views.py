"""What pages and API show of tasks, records and relations: one shape for both."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from extractor.review.actors import Actor
from extractor.review.names import field_name, type_name, value_name
from extractor.review.written import Written
from extractor.storage.models import TaskRow, TaskStatus, VerdictRow
from extractor.storage.people import Role
from extractor.storage.types import now
from schemas.base import Model
from schemas.catalogue import RECORD_TYPES
from schemas.checks import Outcome, RecordStatus
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, QuantityRef, leaves, specs_of
from schemas.quantities import Quantity
from schemas.settlement import Settlement


class TaskView(Model):
    """A task in a list. Who decided what is left out while another person is to decide blindly."""

    id: int
    version: int
    status: str
    kind: str
    document_id: str
    department: str | None
    region: str | None
    document_kind: str | None
    fiscal_year: int | None
    record_type: str | None
    family: str | None
    cause: str | None
    signature: str
    reason: str
    reason_en: str
    doubt: float
    amount: Decimal
    checks: int
    priority: float
    leased_by: str | None
    leased_until: datetime | None
    settled_by: str | None
    settled_at: datetime | None
    verdict: str | None


class FieldView(Model):
    """A field of a record: what stands in it, and where. `values` are what a listed field can have."""

    path: str
    label: str
    label_en: str
    kind: FieldKind
    value: str | None = None
    value_en: str | None = None
    choice: str | None = None
    quantity: str | None = None
    page: int | None = None
    place: tuple[int, int] | None = None
    values: tuple[tuple[str, str, str], ...] = ()


class RecordView(Model):
    """A record with its filled fields, and those that could be filled. `touched` says that a draft changed it."""

    id: str
    type: str
    label: str
    label_en: str
    status: RecordStatus
    reader: str
    section: str | None
    fields: tuple[FieldView, ...]
    empty: tuple[FieldView, ...] = ()
    touched: bool = False
    settled: Settlement | None = None


class RelationView(Model):
    """A relation: as a sentence, and written out with intervals once it was evaluated for this card."""

    check: str
    outcome: Outcome
    statement: str
    written: Written | None = None


class SuspectView(Model):
    """A figure that may be the wrong one, by rank."""

    quantity: str
    raw: str
    page: int | None
    suggested: str | None = None


class ActView(Model):
    """A line of a task's history."""

    actor: str
    at: datetime
    action: str
    round: int
    note: str | None
    seconds: float | None


def task_view(row: TaskRow, actor: Actor) -> TaskView:
    """A task as a person may see it."""
    values = {name: getattr(row, name) for name in TaskView.model_fields}
    if row.leased_until is not None and row.leased_until <= now():
        values.update(leased_by=None, leased_until=None)
    if row.status == TaskStatus.SECOND and not actor.role.includes(Role.LEAD) and row.settled_by != actor.name:
        values.update(settled_by=None, settled_at=None, verdict=None)
    return TaskView.model_validate(values)


def record_view(record: Record, quantities: Mapping[str, Quantity], touched: bool = False) -> RecordView:
    """A record with everything that can be filled in."""
    label, label_en = type_name(record.type)
    filled = {leaf.path: leaf for leaf in leaves(record.fields)}
    fields = [_field(path, record, leaf.spec.kind, leaf.value, quantities) for path, leaf in filled.items()]
    return RecordView(
        id=record.id,
        type=record.type,
        label=label,
        label_en=label_en,
        status=record.status,
        reader=record.reader,
        section=record.section,
        fields=tuple(fields),
        empty=tuple(_empty(RECORD_TYPES[record.type], record.fields, set(filled))),
        touched=touched,
        settled=record.settled,
    )


def _field(
    path: str, record: Record, kind: FieldKind, value: str | QuantityRef, quantities: Mapping[str, Quantity]
) -> FieldView:
    label, label_en = _label(path)
    view: dict[str, object] = {"path": path, "label": label, "label_en": label_en, "kind": kind}
    view.update(place=record.places.get(path))
    if isinstance(value, QuantityRef):
        quantity = quantities.get(value.quantity)
        view.update(quantity=value.quantity)
        if quantity is not None:
            place = (quantity.start, quantity.end)
            view.update(value=quantity.raw, value_en=quantity.raw, page=quantity.page, place=place)
    elif kind is FieldKind.ENUM:
        zh, en = value_name(value)
        view.update(value=zh, value_en=en, choice=value, values=_choices(record.type, path))
    else:
        view.update(value=value, value_en=value)
    return FieldView.model_validate(view)


def _empty(model: type[Fields], fields: Fields, filled: set[str]) -> Iterable[FieldView]:
    """Fields that hold nothing yet: those of the record, of its list items, and of one more item."""
    for name, spec in specs_of(model).items():
        if spec.kind is FieldKind.LIST and spec.items is not None:
            held = len(getattr(fields, name))
            for number in range(held + 1):
                for inner, inner_spec in specs_of(spec.items).items():
                    path = f"{name}[{number}].{inner}"
                    if path not in filled:
                        yield _vacant(path, inner_spec.kind, inner_spec.values)
        elif name not in filled:
            yield _vacant(name, spec.kind, spec.values)


def _vacant(path: str, kind: FieldKind, values: tuple[str, ...]) -> FieldView:
    label, label_en = _label(path)
    choices = tuple((value, *value_name(value)) for value in values)
    return FieldView(path=path, label=label, label_en=label_en, kind=kind, values=choices)


def _choices(record_type: str, path: str) -> tuple[tuple[str, str, str], ...]:
    outer, _, name = path.rpartition(".")
    model: type[Fields] = RECORD_TYPES[record_type]
    if outer:
        items = specs_of(model)[outer.split("[")[0]].items
        assert items is not None
        model = items
    return tuple((value, *value_name(value)) for value in specs_of(model)[name].values)


def _label(path: str) -> tuple[str, str]:
    """The field's name; items of lists are counted from the second one on."""
    zh, en = field_name(path)
    number = int(path.split("[")[1].split("]")[0]) + 1 if "[" in path else 1
    return (f"{zh} {number}", f"{en} {number}") if number > 1 else (zh, en)


def act_view(row: VerdictRow) -> ActView:
    """A line of the log as it is shown."""
    names = ("actor", "action", "round", "note", "seconds")
    return ActView(at=row.made_at, **{name: getattr(row, name) for name in names})
