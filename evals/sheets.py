"""One plain view of either side, labels or answer, that scoring works on."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from evals.answers import TABLED, Answer, AnsweredSection, Figure
from evals.labels import Labels
from evals.texts import plain
from schemas.catalogue import RECORD_TYPES
from schemas.fields import Fields, FieldSpec, specs_of

LISTED = frozenset({"Duty", "GlossaryTerm", "UnitName", "ProjectItem"})
"""Records that list names and texts: the labels may cut their texts, so they are told apart from the facts."""

OTHER_YEAR = frozenset({"base_amount", "initial_budget", "approved_budget", "adjusted_budget"})
"""Fields whose figures are of another year, or of the budget for the final figure."""

Value = Figure | str
Places = Mapping[str, str]
"""Leads from a labelled figure to the answer's figure at the same place."""


class Entry:
    """One record or sub-record: its fields as written (figures as `{"quantity": id}`), and over them the figures and
    words of the filled ones and the sub-records of its lists, made when they are first looked at."""

    __slots__ = ("_children", "_figures", "_known", "_values", "fields", "id", "section", "type")

    def __init__(
        self,
        type_name: str,
        fields: Mapping[str, Any],
        known: Mapping[str, Figure],
        entry_id: str = "",
        section: str | None = None,
    ) -> None:
        self.type, self.fields, self.id, self.section = type_name, fields, entry_id, section
        self._known = known
        self._values: dict[str, Value] | None = None
        self._children: dict[str, list[Entry]] | None = None
        self._figures: list[Figure] | None = None

    @property
    def values(self) -> dict[str, Value]:
        """The filled fields that are no lists; a figure without a place can't be found in any answer, so it is none."""
        if self._values is None:
            self._values = self._make_values()
        return self._values

    @property
    def children(self) -> dict[str, list["Entry"]]:
        """The sub-records by the list they stand in."""
        if self._children is None:
            declared = specs(self.type)
            self._children = {
                name: [Entry(items.__name__, item, self._known) for item in value]
                for name, value in self.fields.items()
                if value and isinstance(value, list) and name in declared and (items := declared[name].items)
            }
        return self._children

    def _make_values(self) -> dict[str, Value]:
        declared = specs(self.type)
        values: dict[str, Value] = {}
        for name, value in self.fields.items():
            if name not in declared:
                continue
            if isinstance(value, str):
                values[name] = value
            elif isinstance(value, dict):
                figure = self._known.get(value["quantity"])
                if figure is not None:
                    values[name] = figure
        return values

    @property
    def figures(self) -> list[Figure]:
        """Every figure it holds, its sub-records' too."""
        if self._figures is None:
            self._figures = [value for value in self.values.values() if isinstance(value, Figure)]
            for entries in self.children.values():
                for entry in entries:
                    self._figures += entry.figures
        return self._figures

    @property
    def first(self) -> Figure | None:
        """The figure that shows where it stands; None where it holds none."""
        return self.figures[0] if self.figures else None


def _with_children(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [fields, *(item for value in fields.values() if type(value) is list for item in value)]


def pointers_of(fields: Mapping[str, Any]) -> list[str]:
    """The ids of all figures that some fields as written point at."""
    pointers: list[str] = []
    for value in fields.values():
        if isinstance(value, dict):
            pointers.append(value["quantity"])
        elif isinstance(value, list):
            for item in value:
                pointers += pointers_of(item)
    return pointers


def signature(fields: Mapping[str, Any], places: Places | None) -> Hashable:
    """Everything that some fields say, figures by their place in the answer; equal on both sides where they agree in
    all. `places` leads there from the labels; the answer needs none."""
    said: list[Hashable] = []
    for name, value in fields.items():
        kind = type(value)
        if kind is str:
            said.append((name, plain(value)))
        elif kind is dict:
            figure = value["quantity"]
            said.append((name, figure if places is None else places.get(figure)))
        elif value:
            said.append((name, tuple([signature(item, places) for item in value])))
    return frozenset(said)


@dataclass(frozen=True)
class Sheet:
    """The figures and records of one side. `sections` are known of answers only; `contexts` are the figures that are
    no facts."""

    figures: dict[str, Figure]
    entries: list[Entry]
    contexts: frozenset[str] = frozenset()
    sections: tuple[AnsweredSection, ...] = ()
    unclaimed: int = 0
    held: int = 0

    @cached_property
    def in_order(self) -> list[Figure]:
        """The figures in reading order."""
        return sorted(self.figures.values(), key=lambda figure: figure.start)

    @cached_property
    def starts(self) -> list[int]:
        """Where the figures begin, in reading order."""
        return [figure.start for figure in self.in_order]

    @cached_property
    def ends(self) -> list[int]:
        """Where the figures end, in reading order: they don't overlap, so their ends are in order too."""
        return [figure.end for figure in self.in_order]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of every figure in reading order."""
        return {figure.id: rank for rank, figure in enumerate(self.in_order)}

    @cached_property
    def other_year(self) -> frozenset[str]:
        """The figures that stand for another year; by the fields as written, for most records are looked at for nothing
        else."""
        return frozenset(
            fields[name]["quantity"]
            for entry in self.entries
            for fields in _with_children(entry.fields)
            for name in OTHER_YEAR & fields.keys()
            if isinstance(fields[name], dict)
        )

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Which part of a disclosure each section is."""
        return {section.id: section.kind for section in self.sections}

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]

    def kind_at(self, figure: Figure, answered: str) -> str:
        """The part of the disclosure that a figure stands in: of the answered figure there, else by its place."""
        mate = self.figures.get(answered)
        if mate is not None and mate.section is not None:
            return self.kinds.get(mate.section, "other")
        section = self.section_at(figure.start)
        return section.kind if section else "other"

    def section_at(self, offset: int) -> AnsweredSection | None:
        """The innermost section that holds an offset of the loaded text."""
        for index in range(bisect_right(self._section_starts, offset) - 1, -1, -1):
            if offset < self.sections[index].end:
                return self.sections[index]
        return None


def sheet_of_labels(labels: Labels) -> Sheet:
    """The labelled side."""
    figures = {name: Figure(name, each.raw, each.start, each.end) for name, each in labels.figures.items()}
    entries = [
        Entry(record.type, record.fields, figures, f"g{number}") for number, record in enumerate(labels.records, 1)
    ]
    return Sheet(figures, entries, frozenset(labels.context))


def sheet_of_answer(answer: Answer) -> Sheet:
    """The answering side; the cells of tables are left out."""
    figures = {figure.id: figure for figure in answer.quantities if figure.role != "table"}
    entries = [
        Entry(record.type, record.fields, figures, record.id, record.section)
        for record in answer.records
        if record.type not in TABLED and record.type in RECORD_TYPES
    ]
    roles = [figure.role for figure in figures.values()]
    return Sheet(
        figures,
        entries,
        frozenset(figure.id for figure in figures.values() if figure.role == "context"),
        tuple(sorted(answer.sections, key=lambda section: (section.start, -section.end))),
        roles.count("unclaimed"),
        roles.count("field"),
    )


@cache
def specs(type_name: str) -> dict[str, FieldSpec]:
    """The declared fields of a record or sub-record type, by name."""
    return specs_of(_MODELS[type_name])


@cache
def field_paths(type_name: str) -> frozenset[str]:
    """The fields of a record type as reports name them: `amount`, `changes.amount`."""
    paths = set()
    for name, spec in specs(type_name).items():
        paths.update({f"{name}.{path}" for path in field_paths(spec.items.__name__)} if spec.items else {name})
    return frozenset(paths)


def _models() -> dict[str, type[Fields]]:
    models = dict(RECORD_TYPES)
    for model in RECORD_TYPES.values():
        models.update({spec.items.__name__: spec.items for spec in specs_of(model).values() if spec.items})
    return models


_MODELS = _models()
