"""Whether a contradiction is the document's, or our reading's."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from extractor.checking.book import Book
from extractor.checking.doubts import Doubts
from extractor.checking.edits import Slip
from extractor.checking.equations import Evaluation
from extractor.checking.localise import Explanation
from extractor.checking.suspicions import Suspicions
from extractor.reading.reader import MODEL_READER
from schemas.checks import Cause
from schemas.extraction import Record
from schemas.fields import pointers
from schemas.quantities import ContextKind


class Causes:
    """Tells causes from what confirms the reading of each figure.

    A figure is confirmed by a relation that holds, by a table cell (which no reader assigned), or by a
    second reader who gives it the same role. A contradiction is the document's if all figures but the
    suspect are confirmed and nothing in the words speaks against our reading (`Doubts`); it is the reading's if
    the figure that would make it right stands right beside the suspect and no record holds it, or if no slip of the
    pen explains it and anything speaks against us (`Suspicions`). What a language model read is blamed on the
    document only where a second reader says the same of the suspect too.
    """

    def __init__(
        self,
        book: Book,
        evaluations: Sequence[Evaluation],
        other: Sequence[Record] = (),
        contexts: Mapping[str, ContextKind] | None = None,
    ) -> None:
        self._book = book
        self._disclosure = book.disclosure
        self._evaluations = evaluations
        self._contexts = contexts or {}
        self._second = _agreed(book.records, other) if other else set()

    # what follows is asked for only where a relation fails

    @cached_property
    def _doubts(self) -> Doubts:
        return Doubts(self._book, self._contexts, Suspicions(self._book, self._evaluations))

    @cached_property
    def _claimed(self) -> set[str]:
        return {each for ids in self._book.held.values() for each in ids}

    @cached_property
    def _confirmed(self) -> set[str]:
        return {each for found in self._evaluations if found.outcome.holds for each in found.equation.ids}

    @cached_property
    def _fallible(self) -> set[str]:
        return {record.id for record in self._book.records if record.reader == MODEL_READER}

    def of(self, failed: Sequence[Evaluation], explanation: Explanation | None) -> Cause:
        """The probable cause of some failed relations with one root."""
        wrong = set(explanation.figures) if explanation else set()
        if explanation is not None and self._misread(explanation):
            return Cause.READING
        doubt = self._doubts.of(failed, explanation)
        if doubt is not None:
            return doubt
        figures = {term.id for each in failed for term in each.equation.terms if term.id}
        if any(record in self._fallible for each in failed for record in each.equation.records):
            seconded = all(self._in_table(each) or each in self._second for each in wrong or figures)
            sure = seconded and all(self._is_sure(each) for each in figures - wrong)
            return Cause.DOCUMENT if sure else Cause.UNKNOWN
        within_one = all(len(set(each.equation.records)) == 1 for each in failed)
        if within_one or all(self._is_sure(each) for each in figures - wrong):
            return Cause.DOCUMENT
        return Cause.UNKNOWN

    def _is_sure(self, quantity_id: str) -> bool:
        return self._in_table(quantity_id) or quantity_id in self._confirmed or quantity_id in self._second

    def _in_table(self, quantity_id: str) -> bool:
        return quantity_id not in self._disclosure.spans

    def _misread(self, explanation: Explanation) -> bool:
        """The figure that is wanted stands in the suspect's own paragraph, and nothing accounts for it."""
        edit = explanation.edits[0]
        if edit.slip not in (Slip.PRINTED, Slip.SWAP) or edit.figure.id not in self._disclosure.spans:
            return False
        unwrapped = self._disclosure.unwrapped
        paragraph = unwrapped.paragraphs[unwrapped.paragraph_at(self._disclosure.spans[edit.figure.id][0])]
        return any(
            quantity.id not in self._claimed
            and quantity.value is not None
            and quantity.kind is edit.figure.quantity.kind
            and quantity.value * edit.figure.factor == edit.value
            for quantity in self._disclosure.quantities
            if (span := self._disclosure.spans.get(quantity.id)) and paragraph.start <= span[0] < paragraph.end
        )


def _agreed(records: Sequence[Record], other: Sequence[Record]) -> set[str]:
    """The figures that two readers gave the same role."""
    roles = {each: (record.type, path) for record in other for path, each in pointers(record.fields)}
    return {
        each for record in records for path, each in pointers(record.fields) if roles.get(each) == (record.type, path)
    }
