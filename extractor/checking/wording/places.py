"""Stretches of the narrative for judgements on words."""

from extractor.checking.evidence import Stretch, loaded_stretch, narrative_stretch
from extractor.documents.disclosure import Disclosure

BEFORE = 14
AFTER = 10


def around(disclosure: Disclosure, start: int, end: int, before: int = BEFORE, after: int = AFTER) -> Stretch:
    """A stretch of the unwrapped text with some words around it, inside its paragraph."""
    text = disclosure.unwrapped.text
    first = max(text.rfind("\n", 0, start) + 1, start - before)
    line_end = text.find("\n", end)
    last = min(line_end if line_end >= 0 else len(text), end + after)
    return narrative_stretch(disclosure, first, last)


def around_loaded(disclosure: Disclosure, start: int, end: int, before: int = BEFORE, after: int = AFTER) -> Stretch:
    """A stretch of the loaded text with some words around it, inside its line."""
    text = disclosure.loaded.text
    first = max(text.rfind("\n", 0, start) + 1, start - before)
    line_end = text.find("\n", end)
    last = min(line_end if line_end >= 0 else len(text), end + after)
    return loaded_stretch(disclosure, first, last)


def figure_place(disclosure: Disclosure, quantity_id: str, before: int = BEFORE, after: int = AFTER) -> Stretch:
    """A figure of the narrative or of a table with some words around it."""
    span = disclosure.spans.get(quantity_id)
    if span is not None:
        return around(disclosure, *span, before, after)
    quantity = disclosure.by_id[quantity_id]
    return around_loaded(disclosure, quantity.start, quantity.end, before, after)
