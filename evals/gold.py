"""The labels of a folder as records over a document's quantities: gold folders, and bundled disclosures."""

from pathlib import Path

from evals.labelling import from_gold
from evals.labels import read_labels
from evals.placing import place_figures
from evals.truth import labelled_records
from extractor.documents.disclosure import Disclosure
from schemas.extraction import Record


def gold_records(folder: Path, disclosure: Disclosure) -> list[Record]:
    """The labelled records of a gold folder; a figure that no quantity meets is left out."""
    loaded = disclosure.loaded
    return labelled_records(from_gold(folder, loaded.text, loaded.sha256).with_text(loaded.text), disclosure)


def fixture_records(folder: Path, disclosure: Disclosure) -> list[Record]:
    """The labelled records of a bundled disclosure; a figure that no quantity meets is left out."""
    figures = place_figures((folder / "source.md").read_text(encoding="utf-8"), disclosure.loaded.text)
    labels = read_labels(folder / "labels.json").model_copy(update={"figures": figures})
    return labelled_records(labels, disclosure)
