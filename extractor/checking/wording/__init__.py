"""Judgements on words: names, numbering, units, dates, punctuation, what is promised and what is there."""

from collections.abc import Callable, Iterator

from extractor.checking.book import Book
from extractor.checking.claims import Claim

JUDGES: tuple[Callable[[Book], Iterator[Claim]], ...] = ()


def claims_of(book: Book) -> Iterator[Claim]:
    """Every judgement on a document's words."""
    for judge in JUDGES:
        yield from judge(book)
