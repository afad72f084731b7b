"""Signs in the document's own words that a contradiction is our reading's, not the document's.

Dropping, mispointing or mislabelling one record of a consistent disclosure breaks relations just as a slip of the
pen does. What tells them apart stands in the text: figures that nothing accounts for or that two records claim,
the amount that a sum lacks printed beside its parts, a direction word that says the opposite of the record, two
figures of one record that would come right in each other's place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations

from extractor.checking.book import Book, Entry
from extractor.checking.edits import Slip
from extractor.checking.equations import Comparison, Equation, Evaluation, holds
from extractor.checking.figures import Figure
from extractor.checking.localise import Explanation
from extractor.checking.suspicions import Suspicions, gap_is_large, is_sure_slip
from schemas.checks import Cause
from schemas.fields import Fields, QuantityRef, pointers, specs_of
from schemas.quantities import ContextKind, Quantity
from schemas.records import Change

_UP = re.compile(r"(?:增加|增长|上升|提高|上涨|增|升|高|多)[^，,。；;增减升降]{0,6}$")
_DOWN = re.compile(r"(?:减少|下降|降低|压减|减|降|低|少)[^，,。；;增减升降]{0,6}$")
_COMPARED = re.compile(r"[比较与](?P<base>[^，,。；;比较]{2,30})$")
_WORDS_BEFORE = 10

_IDENTITY = (
    *("scope", "side", "moment", "group", "item", "label", "source", "basis", "category", "measure", "stage"),
    *("class_name", "section_name", "item_name", "dimension", "subject", "name", "project"),
)
"""The words and choices that say what a record is about."""

_NO_SLIP = (Slip.OTHER, Slip.PRINTED)


class Doubts:
    """What speaks against blaming the document for a failed relation."""

    def __init__(self, book: Book, contexts: Mapping[str, ContextKind], suspicions: Suspicions) -> None:
        self._book = book
        self._contexts = contexts
        self._suspicions = suspicions
        self._claims = Counter(each for entries in book.by_type.values() for entry in entries for each in entry.ids)
        self._by_section: dict[str | None, list[Figure]] = defaultdict(list)
        for each in book.disclosure.spans:
            figure = book.figures.get(each)
            if figure is not None:
                self._by_section[figure.quantity.section].append(figure)

    def of(self, failed: Sequence[Evaluation], explanation: Explanation | None) -> Cause | None:
        """READING where the words contradict the record, UNKNOWN where our reading may be at fault, None if neither."""
        equations = [each.equation for each in failed]
        if self._is_misdirected(equations):
            return Cause.READING
        muddled = self._is_claimed_twice(equations) or self._leaves_figures(equations) or self._has_rivals(equations)
        if self._suspicions.of(failed, explanation) or (muddled and not is_sure_slip(failed, explanation)):
            return Cause.READING
        doubtful = (
            muddled
            or any(self._lacks_printed(each) for each in failed)
            or _is_cut_list(equations)
            or self._is_exchanged(equations)
            or _is_far_apart(failed, explanation)
        )
        return Cause.UNKNOWN if doubtful else None

    def _narrative(self, equations: Iterable[Equation]) -> list[Figure]:
        """The operands that a reader assigned."""
        found = {term.id: term.figure for each in equations for term in each.terms}
        return [figure for id, figure in found.items() if id in self._book.disclosure.spans]

    def _is_misdirected(self, equations: Sequence[Equation]) -> bool:
        """True when the words before each figure of a change say the opposite of the record."""
        records = {record for each in equations for record in each.records}
        operands = {term.id for each in equations for term in each.terms}
        return any(
            self._contradicts(change)
            for record in self._book.records
            if record.id in records
            for change in getattr(record.fields, "changes", ())
            if operands & {each.quantity for each in (change.base_amount, *_figures_of(change)) if each is not None}
        )

    def _contradicts(self, change: Change) -> bool:
        return self._is_other_way(change) or self._is_other_base(change)

    def _is_other_base(self, change: Change) -> bool:
        """True when a record compares with the budget, and its words only with the year before; or the reverse."""
        figures = _figures_of(change)
        compared = _COMPARED.search(self._book.before(figures[0].quantity, 40)) if figures else None
        if compared is None:
            return False
        words, year = compared["base"], self._book.year
        last_year = "上年" in words or "去年" in words or (year is not None and str(year - 1) in words)
        if last_year is ("预算" in words):
            return False
        return change.base in (("initial_budget", "adjusted_budget") if last_year else ("prior_year",))

    def _is_other_way(self, change: Change) -> bool:
        against = {"increase": _DOWN, "decrease": _UP}.get(change.direction or "")
        words = [self._book.before(each.quantity, _WORDS_BEFORE) for each in _figures_of(change)]
        return against is not None and bool(words) and all(against.search(each) for each in words)

    def _is_claimed_twice(self, equations: Sequence[Equation]) -> bool:
        return any(self._claims[figure.id] > 1 for figure in self._narrative(equations))

    def _leaves_figures(self, equations: Sequence[Equation]) -> bool:
        """True when a paragraph with an operand holds a figure of the same kind that nothing accounts for."""
        unwrapped, spans = self._book.disclosure.unwrapped, self._book.disclosure.spans
        places: set[tuple[int, str]] = set()
        sections: set[str | None] = set()
        for figure in self._narrative(equations):
            places.add((unwrapped.paragraph_at(spans[figure.id][0]), figure.quantity.kind))
            sections.add(figure.quantity.section)
        return any(
            self._is_left(figure.quantity)
            and (unwrapped.paragraph_at(spans[figure.id][0]), figure.quantity.kind) in places
            for section in sections
            for figure in self._by_section[section]
        )

    def _is_left(self, quantity: Quantity) -> bool:
        return not self._claims[quantity.id] and quantity.context is None and quantity.id not in self._contexts

    def _has_rivals(self, equations: Sequence[Equation]) -> bool:
        """True when another record of an operand's section is labelled the same and says another figure of it: one of
        the two labels is wrong."""
        own = {record for each in equations for record in each.records}
        operands = {figure.id: figure.value for figure in self._narrative(equations)}
        suspects = [
            entry
            for entries in self._book.by_type.values()
            for entry in entries
            if entry.record.id in own and any(each in operands for each in entry.ids)
        ]
        return any(
            held in operands and held != said and not self._is_worth(said, operands[held])
            for entry in suspects
            for other in self._book.by_type[entry.record.type]
            if other.section == entry.section and other.record.id not in own and _is_labelled_like(other, entry)
            for held, said in _same_fields(entry.fields, other.fields)
        )

    def _is_worth(self, quantity_id: str, value: Decimal) -> bool:
        figure = self._book.figures.get(quantity_id)
        return figure is not None and figure.value == value

    def _lacks_printed(self, evaluation: Evaluation) -> bool:
        """True when what a sum lacks, or has too much, is printed in the sections of its operands."""
        equation, residual = evaluation.equation, evaluation.residual
        if equation.denominator or not residual or equation.comparison is not Comparison.EQUAL:
            return False
        own = {term.id for term in equation.terms}
        kind, slack = equation.target.figure.quantity.kind, equation.target.figure.step + (evaluation.tolerance or 0)
        if abs(residual) <= slack * 2:  # a rounding: no item is so small
            return False
        sections = {figure.quantity.section for figure in self._narrative([equation])}
        return any(
            figure.id not in own
            and figure.quantity.kind is kind
            and figure.value
            and abs(abs(figure.value) - abs(residual)) <= slack
            for section in sections
            for figure in self._by_section[section]
        )

    def _is_exchanged(self, equations: Sequence[Equation]) -> bool:
        """True when two figures of one record in each other's place make everything hold."""
        operands = {figure.id: figure for figure in self._narrative(equations)}
        return any(
            all(holds(each, {one.id: (other.value, other.step), other.id: (one.value, one.step)}) for each in equations)
            for one, other in self._pairs(equations, operands)
        )

    def _pairs(self, equations: Sequence[Equation], operands: Mapping[str, Figure]) -> Iterator[tuple[Figure, Figure]]:
        """Two figures of one kind in one record, one of them an operand at least."""
        for record in dict.fromkeys(record for each in equations for record in each.records):
            ids = [each for each in self._book.held.get(record, ()) if each in self._book.disclosure.spans]
            figures = [operands.get(each) or self._book.figures.get(each) for each in ids]
            for one, other in combinations([figure for figure in figures if figure is not None], 2):
                same = one.quantity.kind is other.quantity.kind and one.value != other.value
                if same and (one.id in operands or other.id in operands):
                    yield one, other


def _is_labelled_like(one: Entry, other: Entry) -> bool:
    """True when two records of one type have the same words and choices, and some."""
    names = _identity_of(type(one.fields))
    labels = [one.text(name) for name in names]
    return any(labels) and labels == [other.text(name) for name in names]


@cache
def _identity_of(model: type[Fields]) -> tuple[str, ...]:
    return tuple(name for name in _IDENTITY if name in specs_of(model))


def _same_fields(one: Fields, other: Fields) -> Iterator[tuple[str, str]]:
    """The figures that two records hold in the same field."""
    second = dict(pointers(other))
    for path, held in pointers(one):
        if path in second:
            yield held, second[path]


def _figures_of(change: Change) -> list[QuantityRef]:
    return [each for each in (change.amount, change.percent) if each is not None]


def _is_cut_list(equations: Sequence[Equation]) -> bool:
    """True when one total is said to be the sum of two sets of parts that have nothing in common."""
    sums: dict[tuple[str, str], list[set[str]]] = defaultdict(list)
    for each in equations:
        if not each.denominator and each.comparison is Comparison.EQUAL:
            sums[each.rule.code, each.target.id].append({term.id for term in each.numerator})
    return any(not one & other for parts in sums.values() for one, other in combinations(parts, 2))


def _is_far_apart(failed: Sequence[Evaluation], explanation: Explanation | None) -> bool:
    """True when the two sides have nothing to do with each other and no slip of the pen leads from one to the other."""
    if explanation is not None and any(edit.slip not in _NO_SLIP for edit in explanation.edits):
        return False
    return any(gap_is_large(each) for each in failed)
