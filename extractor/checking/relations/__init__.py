"""Every arithmetic relation that applies to a document's records and tables."""

from collections.abc import Callable, Iterator

from extractor.checking.book import Book
from extractor.checking.equations import Equation
from extractor.checking.relations.between import between
from extractor.checking.relations.changes import changes
from extractor.checking.relations.composition import composition
from extractor.checking.relations.counts import counts
from extractor.checking.relations.details import details
from extractor.checking.relations.economic import economic
from extractor.checking.relations.functional import functional
from extractor.checking.relations.inside import inside
from extractor.checking.relations.official import official
from extractor.checking.relations.performance import performance
from extractor.checking.relations.projects import projects
from extractor.checking.relations.repeats import repeats
from extractor.checking.relations.within import within_records

FAMILIES: tuple[Callable[[Book], Iterator[Equation]], ...] = (
    within_records,
    changes,
    composition,
    functional,
    economic,
    official,
    counts,
    performance,
    projects,
    repeats,
    inside,
    between,
    details,
)


def equations_of(book: Book) -> list[Equation]:
    """Every relation, each once: the same figures compared the same way under two rules are one relation."""
    found: dict[tuple[object, ...], Equation] = {}
    for family in FAMILIES:
        for equation in family(book):
            key = (
                equation.comparison,
                equation.target.id,
                tuple(sorted([term.id for term in equation.numerator])),
                tuple(sorted([term.id for term in equation.denominator])),
            )
            held = found.get(key)
            if held is None or _weight(equation) > _weight(held):
                found[key] = equation
    return list(found.values())


def _weight(equation: Equation) -> int:
    """The stronger of two statements of one relation is kept: one that must hold, then one that tells slips."""
    return 0 if equation.soft and not equation.tells_slips else 1 if equation.soft else 2
