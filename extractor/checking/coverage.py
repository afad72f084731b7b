"""Figures that nothing accounts for: holes in the reading, section by section."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from extractor.checking.book import Book
from extractor.checking.evidence import Stretch, narrative_stretch
from extractor.documents.disclosure import Disclosure
from schemas.checks import Cause, Finding, FindingKind
from schemas.quantities import ContextKind, Quantity, Role

HEAD = "标题之前"
"""What the words before the first heading are called."""

SHOWN = 8
"""Unclaimed figures shown of one section."""
_AROUND = 14


def coverage_findings(book: Book, contexts: Mapping[str, ContextKind]) -> list[Finding]:
    """One finding for each section with figures that no record, table or context accounts for."""
    disclosure = book.disclosure
    claimed = {each for ids in book.held.values() for each in ids}
    unclaimed: dict[str, list[Quantity]] = defaultdict(list)
    for quantity in disclosure.quantities:
        accounted = quantity.id in claimed or quantity.role is Role.TABLE
        if not accounted and quantity.context is None and quantity.id not in contexts and quantity.section:
            unclaimed[quantity.section].append(quantity)
    titles = {node.id: node.path[-1] if node.path else HEAD for node in disclosure.sections}
    return [_finding(disclosure, titles[section], quantities) for section, quantities in unclaimed.items()]


def _finding(disclosure: Disclosure, title: str, quantities: Sequence[Quantity]) -> Finding:
    shown = quantities[:SHOWN]
    places = [_around(disclosure, quantity) for quantity in shown]
    listed = "、".join(quantity.raw for quantity in shown) + ("等" if len(quantities) > SHOWN else "")
    return Finding(
        id="",
        kind=FindingKind.COVERAGE,
        message=f"“{title}”中有{len(quantities)}个数字没有读入任何记录：{listed}。",
        message_en=f"{len(quantities)} figure(s) of section “{title}” are in no record: {listed}.",
        evidence=tuple(place.words for place in places),
        spans=tuple((place.start, place.end) for place in places),
        quantities=tuple(quantity.id for quantity in quantities),
        cause=Cause.READING,
    )


def _around(disclosure: Disclosure, quantity: Quantity) -> Stretch:
    start, end = disclosure.spans[quantity.id]
    text = disclosure.unwrapped.text
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    return narrative_stretch(disclosure, first, end)
