"""One plain view of either side, labels or answer, that scoring works on.

A sheet is built straight from the JSON of an extraction, without the models: ten thousand documents have to be
scored in a minute, and validating one takes longer than scoring it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property, lru_cache
from typing import Any

from evals.labels import Labels, figure_id
from schemas.catalogue import RECORD_TYPES
from schemas.fields import FieldKind, Fields, FieldSpec, specs_of

LISTED = frozenset({"Duty", "GlossaryTerm", "UnitName", "ProjectItem"})
"""Records that list names and texts: the labels may cut their texts, so they are told apart from the facts."""
TABLED = frozenset({"TableRow", "PerformanceIndicator"})
"""Records of tables, which the labels leave out."""

_NUMBER = re.compile(r"[-－−]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?")
_HALF = str.maketrans("０１２３４５６７８９．－−", "0123456789.--")
_FACTORS = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """What a printed figure says: its number, its unit as printed, and yuan where it is money."""

    number: Decimal
    unit: str
    yuan: Decimal | None


@lru_cache(maxsize=100_000)
def amount_of(raw: str) -> Amount | None:
    """The amount that a figure prints; None for dates and Chinese numerals, which are compared as printed.

    Written apart from the extractor: labels are read with their own eyes.
    """
    match = _NUMBER.search(raw)
    if match is None or "年" in raw or "月" in raw:
        return None
    try:
        number = Decimal(match[0].translate(_HALF).replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    unit = raw[match.end() :].replace("％", "%")
    factor = _FACTORS.get(unit)
    return Amount(number, unit, number * factor if factor is not None else None)


@dataclass(slots=True)
class Figure:
    """A printed figure of one side, with what that side says it is worth (`None`: as printed)."""

    id: str
    raw: str
    start: int
    end: int
    amount: Amount | None


Value = Figure | str


@dataclass(slots=True, eq=False)
class Entry:
    """One record or sub-record: its filled fields, and the sub-records of its lists."""

    type: str
    id: str = ""
    section: str | None = None
    status: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    children: dict[str, list["Entry"]] = field(default_factory=dict)

    def figures(self) -> Iterator[Figure]:
        """Every figure it holds, its sub-records' too."""
        for value in self.values.values():
            if isinstance(value, Figure):
                yield value
        for entries in self.children.values():
            for entry in entries:
                yield from entry.figures()

    def size(self) -> int:
        """How many fields are filled."""
        return len(self.values) + sum(entry.size() for entries in self.children.values() for entry in entries)


@dataclass(frozen=True)
class Stretch:
    """A section of the answer: what it covers and which part of a disclosure it is."""

    id: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Sheet:
    """The figures and records of one side. `roles` and `sections` are known of answers only."""

    figures: dict[str, Figure]
    entries: list[Entry]
    contexts: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[Stretch, ...] = ()

    @cached_property
    def in_order(self) -> list[Figure]:
        """The figures in reading order."""
        return sorted(self.figures.values(), key=lambda figure: figure.start)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of every figure in reading order."""
        return {figure.id: rank for rank, figure in enumerate(self.in_order)}

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]

    def section_at(self, offset: int) -> Stretch | None:
        """The innermost section that holds an offset of the loaded text."""
        for index in range(bisect_right(self._section_starts, offset) - 1, -1, -1):
            if offset < self.sections[index].end:
                return self.sections[index]
        return None


def sheet_of_labels(labels: Labels) -> Sheet:
    """The labelled side."""
    figures = {
        name: Figure(name, figure.raw, figure.start, figure.end, amount_of(figure.raw))
        for name, figure in labels.figures.items()
    }
    entries = []
    for number, record in enumerate(labels.records, 1):
        entry = _entry(RECORD_TYPES[record.type], record.fields, figures)
        entry.id = f"g{number}"
        entries.append(entry)
    return Sheet(figures, entries, labels.context)


def sheet_of_answer(answer: Mapping[str, Any]) -> Sheet:
    """The answering side, from the JSON object of an extraction."""
    figures: dict[str, Figure] = {}
    roles: dict[str, str] = {}
    contexts: dict[str, str] = {}
    for each in answer["quantities"]:
        name, role = each["id"], each.get("role", "unclaimed")
        figures[name] = Figure(name, each["raw"], each["start"], each["end"], _stated(each))
        roles[name] = role
        if role == "context":
            contexts[name] = each.get("context") or "other"
    entries = []
    for record in answer["records"]:
        if record["type"] in TABLED or record["type"] not in RECORD_TYPES:
            continue
        entry = _entry(RECORD_TYPES[record["type"]], record["fields"], figures)
        entry.id, entry.section, entry.status = record["id"], record.get("section"), record.get("status", "")
        entries.append(entry)
    sections = sorted(
        (
            Stretch(each["id"], each.get("kind") or "other", each["start"], each["end"])
            for each in answer.get("sections", ())
        ),
        key=lambda section: (section.start, -section.end),
    )
    return Sheet(figures, entries, contexts, roles, tuple(sections))


def _stated(quantity: Mapping[str, Any]) -> Amount | None:
    value = quantity.get("value")
    if value is None:
        return None
    yuan = quantity.get("yuan")
    return Amount(Decimal(value), quantity.get("unit") or "", None if yuan is None else Decimal(yuan))


@cache
def specs(type_name: str) -> dict[str, FieldSpec]:
    """The declared fields of a record or sub-record type, by name."""
    return specs_of(_MODELS[type_name])


def _entry(model: type[Fields], fields: Mapping[str, Any], figures: Mapping[str, Figure]) -> Entry:
    entry = Entry(model.__name__)
    declared = specs(model.__name__)
    for name, value in fields.items():
        spec = declared.get(name)
        if spec is None or value is None:
            continue
        if spec.kind is FieldKind.LIST and spec.items is not None:
            if value:
                entry.children[name] = [_entry(spec.items, item, figures) for item in value]
        elif spec.kind.points:
            figure = figures.get(figure_id(value))
            if figure is not None:  # a label without a place can't be found in any answer
                entry.values[name] = figure
        else:
            entry.values[name] = str(value)
    return entry


def _models() -> dict[str, type[Fields]]:
    models = dict(RECORD_TYPES)
    for model in RECORD_TYPES.values():
        models.update({spec.items.__name__: spec.items for spec in specs_of(model).values() if spec.items})
    return models


_MODELS = _models()
