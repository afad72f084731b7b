"""What a perfect reader would answer for any stretch of the documents that a simulated model knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.gold import fixture_records, gold_records
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.reading.reader import Passage, Reading
from extractor.reading.resolve import find_verbatim
from extractor.reading.routing import passages_of
from extractor.reading.rules import RulesReader
from prompts.loader import prompt_for
from schemas.extraction import Record
from schemas.fields import FieldKind, Fields, leaves, pointers
from schemas.quantities import ContextKind


@dataclass(frozen=True)
class Known:
    """A passage and the true reading of it."""

    disclosure: Disclosure
    passage: Passage
    reading: Reading


class Library:
    """The passages that a simulated model knows by heart, found again by their text."""

    def __init__(self) -> None:
        self._by_text: dict[str, Known] = {}

    def __len__(self) -> int:
        return len(self._by_text)

    def add(self, disclosure: Disclosure, labels: Sequence[Record] | None = None) -> None:
        """Learn a document from its labels, or from the rules reader where there are none."""
        rules = RulesReader()
        passages = passages_of(disclosure)
        truth = _by_passage(disclosure, passages, labels) if labels is not None else {}
        for passage in passages:
            reading = truth[passage.id] if labels is not None else rules.read(disclosure, passage)
            self._by_text.setdefault(shown(passage.text).strip("\n"), Known(disclosure, passage, reading))

    def find(self, *texts: str) -> Known | None:
        """The passage that holds all of some texts."""
        known = self._by_text.get(texts[0]) if len(texts) == 1 else None
        if known is None and any(texts):
            known = next((k for whole, k in self._by_text.items() if all(text in whole for text in texts)), None)
        return known


def shown(text: str) -> str:
    """A text as requests show it: brackets of its own do not look like marks."""
    return text.replace("⟦", "[").replace("⟧", "]")


def library_of(paths: Iterable[Path], gold: Path | None = None) -> Library:
    """Learn documents: labelled ones (a bundled disclosure beside its labels.json, or a document whose number
    leads its name and has a folder in `gold`) from their labels, all others from the rules reader."""
    library = Library()
    for path in paths:
        disclosure = prepare(load(path))
        folder = gold / path.name[:3] if gold else None
        if (path.parent / "labels.json").exists():
            library.add(disclosure, fixture_records(path.parent, disclosure))
        elif folder is not None and (folder / "gold.json").exists():
            library.add(disclosure, gold_records(folder, disclosure))
        else:
            library.add(disclosure)
    return library


def _by_passage(disclosure: Disclosure, passages: Sequence[Passage], labels: Sequence[Record]) -> Mapping[str, Reading]:
    """Labels by passage. What no label points at is context: labellers account for every figure."""
    records: dict[str, list[Fields]] = {passage.id: [] for passage in passages}
    claimed: set[str] = set()
    for label in labels:
        if label.type == "DisclosureProfile":  # told from titles by code, never asked for
            continue
        held = [quantity for _, quantity in pointers(label.fields)]
        claimed.update(held)
        section = disclosure.by_id[held[0]].section if held else _section_of_words(passages, label)
        if section is not None:
            records[section].append(label.fields)
    return {passage.id: Reading(tuple(records[passage.id]), _unclaimed(passage, claimed)) for passage in passages}


def _unclaimed(passage: Passage, claimed: set[str]) -> dict[str, ContextKind]:
    return {q.id: ContextKind.OTHER for q in passage.quantities if q.context is None and q.id not in claimed}


def _section_of_words(passages: Sequence[Passage], label: Record) -> str | None:
    """The section of a record without figures: one that asks for its type and holds all its words."""
    words = [str(leaf.value) for leaf in leaves(label.fields) if leaf.spec.kind is FieldKind.TEXT]
    for passage in passages:
        here = words and label.type in prompt_for(passage.kind).records
        if here and all(find_verbatim(passage.text, each) for each in words):
            return passage.id
    return None
