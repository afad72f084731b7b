"""Contradictions that no slip of the pen explains: when they are our reading's.

A wrong digit, unit, sign or last place, or two figures exchanged, is evidence in itself: a misreading hardly ever hits one.
Any other value can as well come of a figure that was taken for another thing, and it does so oftener than documents are
wrong: on 52 collected disclosures without slips, lines broken and marks changed, all but one of about a hundred false
contradictions were of this sort. So such a contradiction is told only where the words, the make-up of the sum and the figures nearby leave no room.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from extractor.checking.book import Book
from extractor.checking.edits import Edit, Slip, digit_slips
from extractor.checking.equations import HUNDRED, Comparison, Equation, Evaluation, Term, holds
from extractor.checking.figures import Figure
from extractor.checking.localise import Explanation
from extractor.checking.relations.wholes import kind_of_part
from extractor.documents.numbering import marker_of
from schemas.checks import Family
from schemas.fields import QuantityRef
from schemas.quantities import QuantityKind

_SLIPS = (Slip.ROUNDING, Slip.SIGN, Slip.UNIT, Slip.SWAP, Slip.DIGIT)
LARGEST_GAP = Decimal("0.5")
"""Sides further apart than this share of the larger are hardly one fact."""

AGREEING = 2
"""So many kinds of relations that one other value of one figure would repair hold their figures together."""

FEWEST_DIGITS = 3
"""Shorter figures are one digit apart by chance."""

MANY_PARTS = 8
"""From so many parts on a digit slip that repairs a sum may be chance."""

_GATHERED = frozenset(
    {
        *(
            "composition.sum",
            "composition.shares",
            "units.parts",
            "vehicles.parts",
            "vehicles.purchased",
            "counts.listed",
        ),
        *("functional.items", "functional.class", "functional.levels", "functional.listed"),
        *("overview.projects", "overview.amount", "overview.budget", "project.uses", "score.sum", "score.full_sum"),
    }
)
"""Sums whose parts were gathered from several records, by labels and neighbourhood: one part too many breaks them."""

_PARTS_OF_SCORE = tuple(re.compile(each) for each in ("决策|投入", "过程|管理", "产出", "效益|效果"))
_HELD_AMOUNTS = ("BudgetTotal", "CompositionItem", "FunctionalExpenditure", "OfficialExpense", "EconomicItem")
_BUDGETED = re.compile(r"(?:年初|全年|调整(?:后)?)预算(?:数|安排)?(?:为|是)?$|预算数(?:为|是)?$")
_CHANGED = re.compile(r"(?:增加|减少|增长|下降)(?:了)?$")
_NAME = re.compile(r"[^\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"[。；：:;!?！？.]$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Suspicions:
    """What speaks for our reading being at fault where no slip of the pen explains a contradiction."""

    def __init__(self, book: Book, evaluations: Sequence[Evaluation]) -> None:
        self._book = book
        self._evaluations = evaluations

    def of(self, failed: Sequence[Evaluation], explanation: Explanation | None) -> bool:
        """True when the reading is likelier wrong than the document, as far as figures and words tell."""
        equations = [each.equation for each in failed]
        if is_slip(failed, explanation):
            return not is_sure_slip(failed, explanation) and self._is_denied(equations)
        kinds = {each.rule.code for each in equations}
        agreeing = explanation is not None and len(explanation.edits) == 1 and len(kinds) >= AGREEING
        return (
            (not agreeing and self._is_unrelated(failed))
            or self._is_bare_equality(equations)
            or self._is_gathered(equations, explanation)
            or self._is_denied(equations)
        )

    def _is_denied(self, equations: Sequence[Equation]) -> bool:
        return self._is_of_another_role(equations) or self._is_broken_off(equations)

    def _is_unrelated(self, failed: Sequence[Evaluation]) -> bool:
        return any(self._is_far_apart(each) or self._is_anothers_rate(each.equation) for each in failed)

    def _spans(self, equation: Equation) -> list[tuple[int, int]]:
        """The places of the operands that the narrative prints."""
        spans = self._book.disclosure.spans
        return sorted(spans[term.id] for term in equation.terms if term.id in spans)

    def _is_far_apart(self, evaluation: Evaluation) -> bool:
        """True when the two sides have nothing to do with each other, and no breath of the text holds them together."""
        return gap_is_large(evaluation) and not self._is_told_together(evaluation.equation)

    def _is_told_together(self, equation: Equation) -> bool:
        """True for figures of one table, and for figures of one unit in one sentence with nothing between them."""
        spans = self._spans(equation)
        if not spans:
            return True
        units = _units(equation)
        if len(spans) < len([term for term in equation.terms if term.id]) or len(units) > 1:
            return False
        text, ids = self._book.disclosure.unwrapped.text, {term.id for term in equation.terms}
        if re.search(r"[。\n]", text[spans[0][0] : spans[-1][1]]):
            return False
        return not any(
            figure.id not in ids and figure.quantity.unit in units
            for figure in self._nearby(equation)
            if spans[0][0] < self._book.disclosure.spans[figure.id][0] < spans[-1][0]
        )

    def _is_bare_equality(self, equations: Sequence[Equation]) -> bool:
        """True when two sentences merely say different figures of what was taken for one thing: that the one printed
        in the place of the other would do is no evidence."""
        return all(
            not each.denominator
            and len(each.numerator) == 1
            and each.comparison is Comparison.EQUAL
            and len(self._spans(each)) == 2
            for each in equations
        )

    def _is_gathered(self, equations: Sequence[Equation], explanation: Explanation | None) -> bool:
        """True when a sum of parts that a reader gathered fails, and nothing vouches for its make-up: no other relation
        that needs the same value, no other figure of the same parts that adds up (their numbers, their shares)."""
        gathered = [each for each in equations if each.rule.code in _GATHERED]
        if not gathered:
            return False
        if explanation is None:
            return True
        wrong = set(explanation.figures)
        seconded = any(
            each.rule.code not in _GATHERED and wrong & {term.id for term in each.terms} for each in equations
        )
        return not (seconded or all(_is_whole_by_name(each) or self._adds_up_elsewhere(each) for each in gathered))

    def _adds_up_elsewhere(self, equation: Equation) -> bool:
        records = set(equation.records)
        return any(
            records <= self._vouched(each) for each in self._complete if each.equation.target.id != equation.target.id
        )

    @cached_property
    def _complete(self) -> list[Evaluation]:
        """The sums of gathered parts that hold."""
        return [
            each
            for each in self._evaluations
            if each.outcome.holds and each.equation.rule.code in _GATHERED and each.equation.tells
        ]

    def _vouched(self, evaluation: Evaluation) -> set[str]:
        """The records of a sum; shares that come to 100 % name no whole."""
        records = set(evaluation.equation.records)
        if evaluation.equation.target.id:
            return records
        return records | {record.id for record in self._book.records if record.type == "BudgetTotal"}

    def _is_of_another_role(self, equations: Sequence[Equation]) -> bool:
        """True when the words right before an amount say that it is a budget or a change, or before a total that it is
        one class of it."""
        records = {record for each in equations for record in each.records}
        operands = {term.id for each in equations for term in each.terms}
        for record in self._book.records:
            if record.id not in records or record.type not in _HELD_AMOUNTS:
                continue
            amount = getattr(record.fields, "amount", None)
            if isinstance(amount, QuantityRef) and amount.quantity in operands:
                words = "".join(self._book.before(amount.quantity, 20).split())
                if _CHANGED.search(words) or (self._book.is_final_account and _BUDGETED.search(words)):
                    return True
                if record.type == "BudgetTotal" and kind_of_part(_NAME.split(words)[-1]) == "class":
                    return True
        return False

    def _is_broken_off(self, equations: Sequence[Equation]) -> bool:
        """True when an operand stands in a sentence whose lines did not come together."""
        unwrapped = self._book.disclosure.unwrapped
        numbers = {unwrapped.paragraph_at(start) for each in equations for start, _ in self._spans(each)}
        return any(self._goes_on(number - 1) or self._goes_on(number) for number in numbers)

    def _goes_on(self, number: int) -> bool:
        """True when a paragraph ends amid a sentence and the next one goes on with it."""
        paragraphs, text = self._book.disclosure.unwrapped.paragraphs, self._book.disclosure.unwrapped.text
        if number < 0 or number + 1 >= len(paragraphs):
            return False
        here, after = (text[each.start : each.end].strip() for each in paragraphs[number : number + 2])
        heads = self._headings
        if paragraphs[number].start in heads or paragraphs[number + 1].start in heads:
            return False
        prose = bool(_CHINESE.search(after)) and bool(re.search("[，,、]", here))
        return prose and not _SENTENCE_END.search(here) and marker_of(after) is None

    @cached_property
    def _headings(self) -> frozenset[int]:
        """Where headings begin in the unwrapped text."""
        return frozenset(node.heading.start for node in self._book.disclosure.sections if node.heading)

    def _is_anothers_rate(self, equation: Equation) -> bool:
        """True when a rate comes right with another figure of its section in the place of an operand: it is a rate of
        that. Rates of 0 and 100 % come right with any two figures alike, and whole percents by chance."""
        target = equation.target.figure
        if not equation.denominator or target.step >= 1 or target.value in (0, HUNDRED):
            return False
        if target.quantity.kind is not QuantityKind.PERCENT:
            return False
        operands = [term for term in equation.terms if term.id and term.id != equation.target.id]
        values = {term.figure.value for term in operands}
        for figure in self._nearby(equation):
            if figure.value in values or not figure.value:
                continue
            if any(_comes_right(equation, term, figure) for term in operands):
                return True
        return False

    def _nearby(self, equation: Equation) -> Iterator[Figure]:
        """The other figures of the narrative in the section of the figure compared."""
        ids = {term.id for term in equation.terms}
        section = equation.target.figure.quantity.section
        for each in self._book.disclosure.spans:
            figure = self._book.figures.get(each)
            if figure is not None and figure.quantity.section == section and each not in ids:
                yield figure


def _is_whole_by_name(equation: Equation) -> bool:
    """True when the points of all four parts of an evaluation are listed."""
    labels = [term.label for term in equation.numerator]
    return equation.rule.family is Family.SCORE and all(
        any(part.search(label) for label in labels) for part in _PARTS_OF_SCORE
    )


def is_slip(failed: Sequence[Evaluation], explanation: Explanation | None) -> bool:
    """True when slips of the pen explain a contradiction: another figure printed in its place is one only where it
    looks alike, and short figures that two sentences state look alike by chance."""
    if explanation is None or not all(_is_slip_of_pen(edit) for edit in explanation.edits):
        return False
    equal = all(not each.equation.denominator and len(each.equation.numerator) == 1 for each in failed)
    short = all(_digits(edit.figure) < FEWEST_DIGITS for edit in explanation.edits)
    return not (equal and short and all(edit.slip in (Slip.DIGIT, Slip.PRINTED) for edit in explanation.edits))


def is_sure_slip(failed: Sequence[Evaluation], explanation: Explanation | None) -> bool:
    """True when slips explain a contradiction, and it is no long sum alone: of the hundreds of values one digit away from
    its parts, one closes nearly any gap."""
    long = all(len(each.equation.numerator) >= MANY_PARTS and each.equation.rule.code in _GATHERED for each in failed)
    return is_slip(failed, explanation) and not long


def _is_slip_of_pen(edit: Edit) -> bool:
    return edit.slip in _SLIPS or (edit.slip is Slip.PRINTED and edit.value in set(digit_slips(edit.figure)))


def _digits(figure: Figure) -> int:
    return len((figure.quantity.value or Decimal(0)).as_tuple().digits)


def gap_is_large(evaluation: Evaluation) -> bool:
    """True when the two sides are further apart than half of the larger."""
    larger = max(abs(evaluation.equation.target.figure.value), abs(evaluation.computed or Decimal(0)))
    return evaluation.residual is not None and abs(evaluation.residual) > larger * LARGEST_GAP


def _units(equation: Equation) -> set[str | None]:
    """What the figures of a relation count, rates aside."""
    return {
        term.figure.quantity.unit
        for term in equation.terms
        if term.id and term.figure.quantity.kind is not QuantityKind.PERCENT
    }


def _comes_right(equation: Equation, term: Term, figure: Figure) -> bool:
    """Whether another figure of the same sort in the place of an operand, or of all below the line, repairs a rate."""
    one, other = term.figure.quantity, figure.quantity
    if one.kind is not other.kind or (one.kind is QuantityKind.COUNT and one.unit != other.unit):
        return False
    if holds(equation, {term.id: (figure.value, figure.step)}) is True:
        return True
    below = Equation(equation.rule, equation.target, equation.numerator, (Term(figure, ""),), equation.scale)
    return len(equation.denominator) > 1 and holds(below) is True
