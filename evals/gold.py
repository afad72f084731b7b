"""Hand labels as records: a gold folder or a bundled disclosure, in the shape that every reader answers in.

Gold labels point at the figures of `mentions.tsv` by their place in the document, the labels of a bundled
disclosure at the marks of its `source.md` in reading order; here both point at the quantities of a
`Disclosure`.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from evals.fixtures.markup import MARK
from extractor.documents.disclosure import Disclosure
from extractor.reading.resolve import find_verbatim
from schemas.catalogue import RECORD_TYPES
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, leaves, pointers, specs_of

READER = "gold"


def gold_records(folder: Path, disclosure: Disclosure) -> list[Record]:
    """The labelled records of a gold folder; a figure that no quantity meets is left out."""
    labels = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return _records(labels, dict(same_place(folder, disclosure)), disclosure)


def fixture_records(folder: Path, disclosure: Disclosure) -> list[Record]:
    """The labelled records of a bundled disclosure; a figure that no quantity matches is left out."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return _records(labels, dict(same_order(folder, disclosure)), disclosure)


def _records(labels: dict[str, Any], ids: dict[str, str], disclosure: Disclosure) -> list[Record]:
    """Labels as records numbered g1, g2, …, pointing at quantities."""
    records = []
    for number, label in enumerate(labels["records"], 1):
        model = RECORD_TYPES[label["type"]]
        fields = model.model_validate(_pointed(model, label["fields"], ids))
        records.append(_placed(Record(id=f"g{number}", type=label["type"], reader=READER, fields=fields), disclosure))
    return records


def same_place(folder: Path, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    """(gold id, quantity id) of figures that share most of their stretch."""
    spans = sorted((quantity.start, quantity.end, quantity.id) for quantity in disclosure.quantities)
    for line in (folder / "mentions.tsv").read_text(encoding="utf-8").splitlines():
        gold_id, _, start, end = line.split("\t")[:4]
        meeting = [
            (min(int(end), last) - max(int(start), first), quantity_id)
            for first, last, quantity_id in spans
            if first < int(end) and last > int(start)
        ]
        if meeting:
            yield gold_id, max(meeting)[1]


def same_order(folder: Path, disclosure: Disclosure) -> Iterator[tuple[str, str]]:
    """(label id, quantity id) of figures that are printed the same at the same point of the reading order."""
    marks = MARK.findall((folder / "source.md").read_text(encoding="utf-8"))
    narrative = [quantity for quantity in disclosure.quantities if quantity.id in disclosure.spans]
    labelled, printed = [_bare(raw) for _, raw in marks], [_bare(quantity.raw) for quantity in narrative]
    for block in SequenceMatcher(None, labelled, printed, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            yield marks[block.a + step][0], narrative[block.b + step].id


def _bare(raw: str) -> str:
    return re.sub(r"[\s,，()（）]", "", unicodedata.normalize("NFKC", raw))


def _pointed(model: type[Fields], values: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """The field values with gold ids turned into pointers."""
    pointed: dict[str, Any] = {}
    for name, value in values.items():
        spec = specs_of(model)[name]
        if spec.kind.points:
            gold_id = value if isinstance(value, str) else value["q"]
            if gold_id in ids:
                pointed[name] = {"quantity": ids[gold_id]}
        elif spec.kind is FieldKind.LIST and spec.items is not None:
            pointed[name] = tuple(_pointed(spec.items, item, ids) for item in value)
        else:
            pointed[name] = value
    return pointed


def _placed(record: Record, disclosure: Disclosure) -> Record:
    """The record with its section and the places of its texts."""
    places = {}
    anchors = [disclosure.by_id[each].start for _, each in pointers(record.fields)]
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
