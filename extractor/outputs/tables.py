"""Records as tidy tables: which columns a record type has, and the row of a record.

A quantity field becomes columns for its printed value, its unit and, where it can be money, yuan. A list of sub-records is a
table of its own (`BudgetTotal.changes`), whose rows name their record. Findings, figures and checks have tables, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from schemas.catalogue import RECORD_TYPES
from schemas.extraction import Extraction, Record
from schemas.fields import FieldKind, Fields, FieldSpec, QuantityRef, pointers, specs_of
from schemas.quantities import Quantity

Value = str | int | Decimal | None
Row = dict[str, Value]

DOCUMENT_COLUMNS = ("document_id", "document", "department", "kind", "fiscal_year")
RECORD_COLUMNS = (*DOCUMENT_COLUMNS, "record", "status", "reader", "section", "page")


@dataclass(frozen=True)
class Table:
    """A table of the export: its name, its columns in order, and what each column holds."""

    name: str
    columns: tuple[str, ...]
    kinds: Mapping[str, FieldKind]


FINDINGS = Table(
    "findings",
    (
        *(*DOCUMENT_COLUMNS, "finding", "what", "family", "cause", "message", "message_en", "suspect", "suggested"),
        *("amount_at_stake_yuan", "evidence", "page"),
    ),
    {},
)
FACTS = Table(
    "facts",
    (
        *(*DOCUMENT_COLUMNS, "quantity", "raw", "what", "value", "unit", "yuan", "date", "page", "start", "end"),
        *("section", "role", "context", "record", "record_type", "field", "status"),
    ),
    {},
)
CHECKS = Table(
    "checks",
    (
        *(*DOCUMENT_COLUMNS, "check", "family", "rule", "outcome", "statement", "printed", "computed"),
        *("residual", "tolerance", "reason"),
    ),
    {},
)


@cache
def tables_of(type_name: str) -> tuple[Table, ...]:
    """The table of a record type, and one for each of its lists of sub-records."""
    model = RECORD_TYPES[type_name]
    lists = [
        _table(f"{type_name}.{spec.name}", spec.items, ("number",))
        for spec in specs_of(model).values()
        if spec.kind is FieldKind.LIST and spec.items is not None
    ]
    return (_table(type_name, model, ()), *lists)


def _table(name: str, model: type[Fields], extra: tuple[str, ...]) -> Table:
    columns: list[str] = [*RECORD_COLUMNS, *extra]
    kinds: dict[str, FieldKind] = {}
    for spec in specs_of(model).values():
        if spec.kind is FieldKind.LIST:
            continue
        names = _quantity_columns(spec) if spec.kind.points else (spec.name,)
        columns.extend(names)
        kinds.update(dict.fromkeys(names, spec.kind))
    return Table(name, tuple(columns), kinds)


def _quantity_columns(spec: FieldSpec) -> tuple[str, ...]:
    names = (spec.name, f"{spec.name}_unit")
    return (*names, f"{spec.name}_yuan") if spec.kind in (FieldKind.MONEY, FieldKind.QUANTITY) else names


def table_named(name: str) -> Table:
    """The table of a name as `rows_of` gives it. Raises KeyError for a name that is none."""
    return _by_name()[name]


@cache
def _by_name() -> dict[str, Table]:
    return {table.name: table for table in (FINDINGS, *all_tables(), FACTS, CHECKS)}


def all_tables() -> tuple[Table, ...]:
    """Every table of records, in the catalogue's order."""
    return tuple(table for name in RECORD_TYPES for table in tables_of(name))


def rows_of(extraction: Extraction) -> Iterator[tuple[str, Row]]:
    """(table name, row) of every record of a document, those of its sub-records behind it."""
    quantities = {quantity.id: quantity for quantity in extraction.quantities}
    paths, common = _paths(extraction), document_row(extraction)
    for record in extraction.records:
        head = {**common, **_record_row(record, paths), "page": _page(record, quantities)}
        yield record.type, {**head, **_fields_row(record.fields, quantities)}
        for spec in specs_of(type(record.fields)).values():
            if spec.kind is FieldKind.LIST:
                for number, item in enumerate(getattr(record.fields, spec.name), 1):
                    row = {**head, "number": number, **_fields_row(item, quantities)}
                    yield f"{record.type}.{spec.name}", row


def finding_rows(extraction: Extraction) -> Iterator[Row]:
    """The row of every finding, in the table FINDINGS."""
    pages = {quantity.id: quantity.page for quantity in extraction.quantities}
    common = document_row(extraction)
    for finding in extraction.findings:
        places = (finding.suspect, *finding.quantities)
        yield {
            **common,
            "finding": finding.id,
            "what": finding.kind.value,
            "family": finding.family.value if finding.family else None,
            "cause": finding.cause.value,
            "message": finding.message,
            "message_en": finding.message_en,
            "suspect": finding.suspect,
            "suggested": finding.suggested,
            "amount_at_stake_yuan": finding.amount_at_stake,
            "evidence": " ‖ ".join(finding.evidence),
            "page": next((pages[place] for place in places if place in pages), None),
        }


def fact_rows(extraction: Extraction) -> Iterator[Row]:
    """The row of every printed figure, in the table FACTS."""
    held = {quantity: (record, path) for record in extraction.records for path, quantity in pointers(record.fields)}
    paths, common = _paths(extraction), document_row(extraction)
    for quantity in extraction.quantities:
        row: Row = {
            **common,
            "quantity": quantity.id,
            "what": quantity.kind.value,
            "role": quantity.role.value,
            "section": paths.get(quantity.section or ""),
            "context": quantity.context.value if quantity.context else None,
        }
        row |= {name: getattr(quantity, name) for name in ("raw", "value", "unit", "yuan", "date", "page")}
        row |= {"start": quantity.start, "end": quantity.end}
        if quantity.id in held:
            record, path = held[quantity.id]
            row |= {"record": record.id, "record_type": record.type, "field": path, "status": record.status.value}
        yield row


def check_rows(extraction: Extraction) -> Iterator[Row]:
    """The row of every evaluated relation, in the table CHECKS."""
    common = document_row(extraction)
    names = ("rule", "statement", "printed", "computed", "residual", "tolerance", "reason")
    for check in extraction.checks:
        own = {"check": check.id, "family": check.family.value, "outcome": check.outcome.value}
        yield {**common, **own, **{name: getattr(check, name) for name in names}}


def _paths(extraction: Extraction) -> dict[str, str]:
    return {section.id: " / ".join(section.path) for section in extraction.sections}


def _page(record: Record, quantities: Mapping[str, Quantity]) -> int | None:
    """The page of a record's first figure."""
    return next((quantities[id].page for _, id in pointers(record.fields)), None)


def document_row(extraction: Extraction) -> Row:
    """The columns that every row carries, to tell documents apart."""
    document = extraction.document
    return {
        "document_id": document.id,
        "document": document.name,
        "department": document.department,
        "kind": document.kind,
        "fiscal_year": document.fiscal_year,
    }


def _record_row(record: Record, paths: Mapping[str, str]) -> Row:
    return {
        "record": record.id,
        "status": record.status.value,
        "reader": record.reader,
        "section": paths.get(record.section) if record.section else None,
    }


def _fields_row(fields: Fields, quantities: Mapping[str, Quantity]) -> Row:
    row: Row = {}
    for spec in specs_of(type(fields)).values():
        value = getattr(fields, spec.name)
        if spec.kind is FieldKind.LIST or value is None:
            continue
        if isinstance(value, QuantityRef):
            quantity = quantities[value.quantity]
            number = quantity.value if quantity.value is not None else quantity.date or quantity.raw
            row |= dict(zip(_quantity_columns(spec), (number, quantity.unit, quantity.yuan), strict=False))
        else:
            row[spec.name] = value
    return row
