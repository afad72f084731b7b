"""One plain view of either side, labels or answer, that scoring works on."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import msgspec

from evals.answers import TABLE, TABLED, Answer, AnsweredSection, Figure
from evals.labels import Labels
from evals.texts import plain
from schemas.catalogue import RECORD_TYPES
from schemas.fields import FieldKind, Fields, FieldSpec, specs_of

LISTED = frozenset({"Duty", "GlossaryTerm", "UnitName", "ProjectItem"})
"""Records that list names and texts: the labels may cut their texts, so they are told apart from the facts."""

OTHER_YEAR = ("base_amount", "initial_budget", "approved_budget", "adjusted_budget")
"""Fields whose figures are of another year, or of the budget for the final figure."""

Value = Figure | str


class Entry(msgspec.Struct, eq=False, gc=False):
    """One record or sub-record: its fields as written (figures as `{"quantity": id}`), and over them its words and
    figures by field and the sub-records of its lists, made when they are first looked at: of most records, which agree
    with a labelled one in everything, they never are."""

    type: str
    fields: Mapping[str, Any]
    known: Mapping[str, Figure]
    id: str = ""
    section: str | None = None
    _parts: "_Parts | None" = None

    @property
    def parts(self) -> "_Parts":
        """What it holds; a figure without a place can't be found in any answer, so it is none."""
        if self._parts is None:
            self._parts = _parts(self)
        return self._parts

    @property
    def values(self) -> Mapping[str, Value]:
        """The filled fields that are no lists."""
        return self.parts.words | self.parts.figures

    @property
    def children(self) -> Mapping[str, list["Entry"]]:
        """The sub-records by the list they stand in."""
        return self.parts.children

    @property
    def figures(self) -> list[Figure]:
        """Every figure it holds, its sub-records' too."""
        return self.parts.all_figures

    @property
    def first(self) -> Figure | None:
        """The figure that shows where it stands; None where it holds none."""
        figures = self.parts.all_figures
        return figures[0] if figures else None


class _Parts(msgspec.Struct, gc=False):
    """The filled fields of a record: its words as printed and plain, its figures, its sub-records, and all figures that
    it and they hold."""

    words: dict[str, str]
    plain: dict[str, str]
    figures: dict[str, Figure]
    children: dict[str, list[Entry]]
    all_figures: list[Figure]


def _parts(entry: Entry) -> _Parts:
    declared, known = specs(entry.type), entry.known
    words: dict[str, str] = {}
    figures: dict[str, Figure] = {}
    children: dict[str, list[Entry]] = {}
    for name, value in entry.fields.items():
        kind = type(value)
        if name not in declared:
            continue
        if kind is str:
            words[name] = value
        elif kind is dict:
            figure = known.get(value["quantity"])
            if figure is not None:
                figures[name] = figure
        elif value and kind is list and (items := declared[name].items):
            children[name] = [Entry(items.__name__, item, known) for item in value]
    plain_words = {name: plain(value) for name, value in words.items()}
    all_figures = list(figures.values())
    for entries in children.values():
        for each in entries:
            all_figures += each.figures
    return _Parts(words, plain_words, figures, children, all_figures)


def _with_children(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [fields, *[item for value in fields.values() if type(value) is list for item in value]]


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

    def rank(self, figure_id: str) -> int | None:
        """The place of a figure in reading order; None where there is no such figure."""
        figure = self.figures.get(figure_id)
        if figure is None:
            return None
        rank = bisect_left(self.starts, figure.start)
        while self.in_order[rank] is not figure:
            rank += 1
        return rank

    @cached_property
    def other_year(self) -> frozenset[str]:
        """The figures that stand for another year; by the fields as written, for most records are looked at for nothing
        else."""
        held = [
            fields.get(name) for entry in self.entries for fields in _with_children(entry.fields) for name in OTHER_YEAR
        ]
        return frozenset([pointer["quantity"] for pointer in held if isinstance(pointer, dict)])

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
    figures = {figure.id: figure for figure in answer.quantities if figure.role != TABLE}
    entries = [
        Entry(record.type, record.fields, figures, record.id, record.section)
        for record in answer.records
        if record.type not in TABLED and record.type in RECORD_TYPES
    ]
    roles = [figure.role for figure in figures.values()]
    return Sheet(
        figures,
        entries,
        frozenset([figure.id for figure in figures.values() if figure.role == "context"]),
        tuple(sorted(answer.sections, key=lambda section: (section.start, -section.end))),
        roles.count("unclaimed"),
        roles.count("field"),
    )


@cache
def specs(type_name: str) -> dict[str, FieldSpec]:
    """The declared fields of a record or sub-record type, by name."""
    return specs_of(_MODELS[type_name])


@cache
def enum_names(type_name: str) -> frozenset[str]:
    """The fields of a record or sub-record type that are enums."""
    return frozenset([name for name, spec in specs(type_name).items() if spec.kind is FieldKind.ENUM])


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
