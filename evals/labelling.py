"""Making labels: a template to fill in, or a folder of gold labels becomes a label file."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.labels import Defect, DocumentKey, Labels, PlacedFigure, RecordLabel, Split
from extractor.documents.disclosure import Disclosure
from extractor.reading.resolve import find_verbatim
from schemas.catalogue import RECORD_TYPES
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, pointers, specs_of
from schemas.quantities import Quantity, Role
from schemas.tables import TABLE_RECORDS

TABLES = frozenset(model.__name__ for model in TABLE_RECORDS)
"""Records that labels leave out: rows of tables."""
_FIGURE = re.compile(r"\d[\d,]*\.?\d*")
_PLAIN_FIGURE = re.compile(r"[≥≤<>-]?\d[\d,.]*\D{0,4}")


def template(disclosure: Disclosure, records: Sequence[Record] = ()) -> tuple[Labels, str]:
    """A label file to fill in, and the text with every figure marked (`⟦q12 5267.44万元⟧`).

    Figures that code knows to be no facts are in `context` already. With `records`, a reader's answer is filled
    in as a draft: such labels measure how far a person corrects that reader, and are no independent truth.
    """
    quantities = [each for each in disclosure.quantities if each.role is not Role.TABLE]
    held = {each for record in records for _, each in pointers(record.fields)}
    notes = ["A reader's answer was the draft of these labels: don't measure that reader with them."] if records else []
    labels = Labels(
        document=DocumentKey(file=disclosure.loaded.name, sha256=disclosure.loaded.sha256),
        split=Split.DEV,
        figures={each.id: placed(each) for each in quantities},
        records=tuple(label_of(record) for record in records if record.type not in TABLES),
        context={each.id: each.context for each in quantities if each.context and each.id not in held},
        notes=tuple(notes),
    )
    return labels, marked_text(disclosure, quantities)


def marked_text(disclosure: Disclosure, quantities: Sequence[Quantity]) -> str:
    """The unwrapped text with the figures marked by their ids."""
    text, pieces, position = disclosure.unwrapped.text, [], 0
    for quantity in quantities:
        start, end = disclosure.spans[quantity.id]
        pieces += [text[position:start], f"⟦{quantity.id} {text[start:end]}⟧"]
        position = end
    return "".join([*pieces, text[position:]])


def label_of(record: Record) -> RecordLabel:
    """A record as a label: pointers as ids, absent fields left out."""
    return RecordLabel(type=record.type, fields=_plain(record.fields))


def _plain(fields: Fields) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, spec in specs_of(type(fields)).items():
        value = getattr(fields, name)
        if spec.kind is FieldKind.LIST:
            if value:
                plain[name] = [_plain(item) for item in value]
        elif value is not None:
            plain[name] = value.quantity if spec.kind.points else value
    return plain


def placed(quantity: Quantity) -> PlacedFigure:
    """A quantity's place and print, as labels keep them."""
    return PlacedFigure(start=quantity.start, end=quantity.end, raw=quantity.raw)


def from_gold(folder: Path, text: str, sha256: str) -> Labels:
    """The labels of a gold folder (`gold.json`, `mentions.tsv`, defects in `../defects.json`) without a word of the
    document: texts and quotes are given by their places."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    figures = {}
    for line in (folder / "mentions.tsv").read_text(encoding="utf-8").splitlines():
        name, raw, start, end = line.split("\t")[:4]
        figures[name] = PlacedFigure(start=int(start), end=int(end), raw=raw)
    records = tuple(
        RecordLabel(type=label.type, fields=_located(RECORD_TYPES[label.type], label.fields, figures, text))
        for label in (RecordLabel(type=each["type"], fields=each["fields"]) for each in gold["records"])
    )
    profile: Mapping[str, Any] = next((r.fields for r in records if r.type == "DisclosureProfile"), {})
    year = figures.get(profile.get("fiscal_year", {}).get("quantity", ""))
    return Labels(
        document=DocumentKey(sha256=sha256),
        kind=profile.get("kind"),
        fiscal_year=int(year.raw[:4]) if year else None,
        figures=figures,
        records=records,
        context={name: kind for name, kind in gold["context"].items() if name in figures},
        defects=tuple(_gold_defects(folder, text, figures)),
    )


def _located(
    model: type[Fields], fields: Mapping[str, Any], figures: Mapping[str, PlacedFigure], text: str
) -> dict[str, Any]:
    anchor = min((figures[each].start for each in _ids(model, fields) if each in figures), default=0)
    located: dict[str, Any] = {}
    for name, value in fields.items():
        spec = specs_of(model)[name]
        if spec.kind is FieldKind.LIST and spec.items is not None:
            located[name] = [_located(spec.items, item, figures, text) for item in value]
        elif spec.kind.points:
            located[name] = value
        elif spec.kind is FieldKind.TEXT:
            span = _nearest(text, value, anchor)
            located[name] = {"at": list(span)} if span else value
        else:
            located[name] = value
    return located


def _ids(model: type[Fields], fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        spec = specs_of(model)[name]
        if spec.kind.points:
            yield value["quantity"]
        elif spec.items is not None:
            for item in value:
                yield from _ids(spec.items, item)


def _nearest(text: str, words: str, anchor: int) -> tuple[int, int] | None:
    """Where words stand in a text, white space disregarded, nearest to an offset."""
    best = span = find_verbatim(text, words)
    while span is not None:
        if best is None or abs(span[0] - anchor) < abs(best[0] - anchor):
            best = span
        span = find_verbatim(text, words, span[1])
    return best


def _gold_defects(folder: Path, text: str, figures: Mapping[str, PlacedFigure]) -> Iterator[Defect]:
    path = folder.parent / "defects.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    for each in known:
        if not each["doc"].startswith(f"{folder.name}_"):
            continue
        spans = [_nearest(text, quote["quote"], lines[quote["line"] - 1]) for quote in each["quotes"]]
        places = [span for span in spans if span is not None]
        culprit = each["likely_culprit"] if _PLAIN_FIGURE.fullmatch(each["likely_culprit"]) else None
        yield Defect(
            id=each["id"],
            status=each["status"],
            family=each["family"],
            quotes=tuple({"at": span} for span in places),
            printed=_figures_of(each["printed"]),
            should_be=_figures_of(each["should_be"]),
            quantities=tuple(_figures_at(culprit, places, text, figures)) if culprit else (),
        )


def _figures_of(words: str) -> str:
    """A figure as printed; of other words only the figures in them."""
    return words if _PLAIN_FIGURE.fullmatch(words) else " ".join(_FIGURE.findall(words))


def _figures_at(
    culprit: str, places: Sequence[tuple[int, int]], text: str, figures: Mapping[str, PlacedFigure]
) -> list[str]:
    """The labelled figures that print the culprit inside one of the quotes."""
    ordered = sorted(figures.items(), key=lambda item: item[1].start)
    starts = [figure.start for _, figure in ordered]
    found = []
    for start, end in places:
        span = find_verbatim(text[start:end], culprit)
        if span is not None:
            index = bisect_right(starts, start + span[0]) - 1
            if index >= 0 and ordered[index][1].end > start + span[0]:
                found.append(ordered[index][0])
    return list(dict.fromkeys(found))
