"""Judgements on words: names, numbering, units, dates, punctuation, what is promised and what is there."""

from collections.abc import Callable, Iterator

from extractor.checking.book import Book
from extractor.checking.claims import Claim
from extractor.checking.wording.contradictions import contradictions
from extractor.checking.wording.indicators import indicators
from extractor.checking.wording.lists import lists
from extractor.checking.wording.numbering import numbering
from extractor.checking.wording.periods import periods
from extractor.checking.wording.punctuation import punctuation
from extractor.checking.wording.structure import structure
from extractor.checking.wording.taxonomy import taxonomy
from extractor.checking.wording.template import template
from extractor.checking.wording.units import units

JUDGES: tuple[Callable[[Book], Iterator[Claim]], ...] = (
    periods,
    units,
    taxonomy,
    numbering,
    contradictions,
    lists,
    template,
    punctuation,
    indicators,
    structure,
)


def claims_of(book: Book) -> Iterator[Claim]:
    """Every judgement on a document's words."""
    for judge in JUDGES:
        yield from judge(book)
