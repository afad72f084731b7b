"""Labels in the shape of answers: what a perfect reader would say about a document."""

from collections.abc import Mapping
from typing import Any

from evals.amounts import amount_of
from evals.answers import Answer, AnsweredRecord, AnsweredSection, Figure, Identity, Origin
from evals.labels import Labels, PlacedFigure, fields_of
from evals.matching import match_figures
from evals.sheets import Sheet, sheet_of_labels
from extractor.documents.disclosure import Disclosure
from extractor.reading.resolve import find_verbatim
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, QuantityRef, leaves, pointers, specs_of
from schemas.quantities import ContextKind

READER = "labels"


def quantity_ids(labels: Labels, disclosure: Disclosure) -> dict[str, str]:
    """The quantity that stands where each labelled figure stands; figures that no quantity meets are left out."""
    figures = {each.id: Figure(each.id, each.raw, each.start, each.end) for each in disclosure.quantities}
    return dict(match_figures(sheet_of_labels(labels), Sheet(figures, [])).answer)


def labelled_records(labels: Labels, disclosure: Disclosure) -> list[Record]:
    """The labelled records over the document's quantities, numbered g1, g2, …, with sections and places."""
    ids = quantity_ids(labels, disclosure)
    records = []
    for number, label in enumerate(labels.records, 1):
        fields = _repointed(fields_of(label), ids)
        records.append(_placed(Record(id=f"g{number}", type=label.type, reader=READER, fields=fields), disclosure))
    return records


def labelled_contexts(labels: Labels, disclosure: Disclosure) -> dict[str, ContextKind]:
    """The figures that the labels call no facts of their own, by quantity id."""
    ids = quantity_ids(labels, disclosure)
    return {ids[name]: kind for name, kind in labels.context.items() if name in ids}


def _repointed(fields: Fields, ids: Mapping[str, str]) -> Fields:
    """The fields with pointers to quantities; pointers to figures that no quantity meets are left out."""
    values: dict[str, Any] = {}
    for name, spec in specs_of(type(fields)).items():
        value = getattr(fields, name)
        if isinstance(value, QuantityRef):
            if value.quantity in ids:
                values[name] = QuantityRef(quantity=ids[value.quantity])
        elif spec.kind is FieldKind.LIST:
            values[name] = tuple(_repointed(item, ids) for item in value)
        elif value is not None:
            values[name] = value
    return type(fields).model_validate(values)


def _placed(record: Record, disclosure: Disclosure) -> Record:
    """The record with its section and the places of its texts."""
    anchors = [disclosure.by_id[each].start for _, each in pointers(record.fields)]
    places = {}
    for leaf in leaves(record.fields):
        if leaf.spec.kind is FieldKind.TEXT and isinstance(leaf.value, str):
            span = _nearest(disclosure, leaf.value, min(anchors, default=0))
            if span is not None:
                places[leaf.path] = span
    start = min(anchors or [span[0] for span in places.values()], default=None)
    inside = None if start is None else disclosure.unwrapped.span(start, start + 1)[0]
    section = None if inside is None else disclosure.section_at(inside).id
    return record.model_copy(update={"places": places, "section": section})


def _nearest(disclosure: Disclosure, words: str, anchor: int) -> tuple[int, int] | None:
    """Where words stand in the loaded text, nearest to an offset."""
    best: tuple[int, int] | None = None
    text = disclosure.unwrapped.text
    span = find_verbatim(text, words)
    while span is not None:
        place = disclosure.unwrapped.source_span(*span)
        if best is None or abs(place[0] - anchor) < abs(best[0] - anchor):
            best = place
        span = find_verbatim(text, words, span[1])
    return best


def answer_of(labels: Labels) -> Answer:
    """The extraction that says exactly what the labels say; one section covers everything."""
    return Answer(
        document=Identity("0" * 16),
        quantities=[_figure(name, figure, name not in labels.context) for name, figure in labels.figures.items()],
        records=[
            AnsweredRecord(f"r{number}", label.type, _known(label.fields, labels), "s1")
            for number, label in enumerate(labels.records, 1)
        ],
        sections=[AnsweredSection("s1", 0, 1_000_000_000)],
        provenance=Origin(READER),
    )


def _figure(name: str, figure: PlacedFigure, held: bool) -> Figure:
    amount = amount_of(figure.raw)
    yuan = amount.yuan if amount else None
    return Figure(
        id=name,
        raw=figure.raw,
        start=figure.start,
        end=figure.end,
        kind="number",
        value=str(amount.number) if amount else None,
        unit=amount.unit if amount else None,
        yuan=None if yuan is None else str(yuan),
        section="s1",
        role="field" if held else "context",
    )


def _known(fields: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    """A copy of the fields without pointers to figures that have no place."""
    known: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, list):
            known[name] = [_known(item, labels) for item in value]
        elif not isinstance(value, dict) or value["quantity"] in labels.figures:
            known[name] = dict(value) if isinstance(value, dict) else value
    return known
