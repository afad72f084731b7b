"""Who is wrong: the cheapest slips that would make all relations hold (generalised Fellegi-Holt).

After Scholtus, "A generalised Fellegi-Holt paradigm for automatic error localization" (2016): not the number
of changed figures is minimised but the cost of edit operations. Every figure of a failed relation is asked
which values would make all its relations hold; exact interval arithmetic gives them, so nothing is guessed.
Failed relations fall into groups that no figure connects; a group is explained by one figure, or a figure
with its restatements, then by two, then by three. The search is bounded; a group that exceeds the bound says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extractor.checking.edits import COSTS, Edit, PrintedFigures, Slip, edits_of
from extractor.checking.equations import Equation, Evaluation, Overrides, holds
from extractor.checking.figures import Figure
from extractor.checking.intervals import Interval
from extractor.checking.solve import solve
from schemas.checks import Family

MOST_SUSPECTS = 12
MOST_SWAPPED = 40
MOST_TRIALS = 600
"""Bounds of the search: figures considered together in one group and for swaps, and combinations tried."""

COPY_COST = Decimal("0.2")
"""A slip copied into a restatement costs little more than the slip itself."""

SETTLED_COST = Decimal("0.15")
"""Each relation that a figure satisfies as printed makes it a less likely suspect."""
MOST_SETTLED = 4

TWO_SLIPS = Decimal("2.0")
"""An explanation dearer than this is compared with those by two slips."""

DERIVED_BONUS = Decimal("0.1")
"""What was computed from the others (a total, a rate) is a little likelier to be wrong than what it was computed from."""

TABLE_COST = Decimal("0.4")
"""Tables are printed by the accounting system, sentences are typed."""

_Variable = tuple[str, ...]
"""A figure, or a figure with its restatements, that one slip would have made wrong together."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Slips that together make every relation of a group hold, and what they cost."""

    edits: tuple[Edit, ...]
    cost: Decimal

    @property
    def figures(self) -> tuple[str, ...]:
        """The ids of the figures that would be wrong."""
        return tuple(edit.figure.id for edit in self.edits)


@dataclass(frozen=True, slots=True)
class Group:
    """Failed relations with one root, and its explanations, cheapest first; `cut` if the search was cut short."""

    failed: tuple[Evaluation, ...]
    explanations: tuple[Explanation, ...] = ()
    cut: bool = False

    @property
    def best(self) -> tuple[Explanation, ...]:
        """All explanations of the lowest cost."""
        return tuple(each for each in self.explanations if each.cost == self.explanations[0].cost)


def localise(
    evaluations: Sequence[Evaluation], printed: PrintedFigures, twins: Mapping[str, _Variable] | None = None
) -> list[Group]:
    """The failed relations in groups, each with who is probably wrong.

    `twins` names figures that change sign together: the amount and the rate under one direction word.
    """
    return _Search(evaluations, printed, twins or {}).groups()


class _Search:
    """The relations as a graph over figures, with what was worked out so far."""

    def __init__(
        self, evaluations: Sequence[Evaluation], printed: PrintedFigures, twins: Mapping[str, _Variable]
    ) -> None:
        self.failed = [each for each in evaluations if each.outcome.fails]
        self.printed = printed
        self.twins = twins
        self.figures: dict[str, Figure] = {}
        self.settled: dict[str, list[Equation]] = defaultdict(list)
        self.broken: dict[str, list[Equation]] = defaultdict(list)
        for evaluation in self.failed:
            self._enter(evaluation.equation, self.broken)
        for evaluation in evaluations:
            equation = evaluation.equation
            touched = not self.broken.keys().isdisjoint(equation.ids)
            if touched and evaluation.outcome.holds and _settles(equation):
                self._enter(equation, self.settled)

    def _enter(self, equation: Equation, index: dict[str, list[Equation]]) -> None:
        for term in equation.terms:
            if term.id:
                index[term.id].append(equation)
                self.figures.setdefault(term.id, term.figure)

    def groups(self) -> list[Group]:
        """Every group of failed relations that a suspect connects, explained; first those that a swap explains."""
        found, left = self._swapped()
        suspects = {id(each): self._suspects(each.equation) for each in left}
        return found + [self._explain(members, suspects) for members in _connected(left, suspects)]

    def _swapped(self) -> tuple[list[Group], list[Evaluation]]:
        """Relations that two figures in each other's place would all put right, each swap by the most it repairs."""
        groups: list[Group] = []
        left = list(self.failed)
        while len(left) > 1:
            best = max(self._swaps(left), key=lambda each: len(each[0]), default=None)
            if best is None or len(best[0]) < 2:
                break
            repaired, explanation = best
            groups.append(Group(tuple(repaired), (explanation,)))
            left = [each for each in left if not any(each is other for other in repaired)]
        return groups, left

    def _swaps(self, failed: Sequence[Evaluation]) -> Iterator[tuple[list[Evaluation], Explanation]]:
        """(relations repaired, the swap) for every two figures of one kind that no one relation could tell apart."""
        where: dict[str, set[int]] = defaultdict(set)
        for number, evaluation in enumerate(failed):
            for term in evaluation.equation.terms:
                if term.id:
                    where[term.id].add(number)
        ids = list(where)[:MOST_SWAPPED]
        wanted = {(each, number): solve(failed[number].equation, {each}) for each in ids for number in where[each]}
        for position, one in enumerate(ids):
            for other in ids[:position]:
                touched = where[one] | where[other]
                first, second = self.figures[one], self.figures[other]
                if len(touched) < 2 or first.quantity.kind is not second.quantity.kind or first.value == second.value:
                    continue
                if where[one] == where[other] or not (
                    _fits(second, one, where[one] - where[other], wanted)
                    and _fits(first, other, where[other] - where[one], wanted)
                ):
                    continue
                if self._is_one_sided(one, other, first, second):
                    continue
                overrides = {one: (second.value, second.step), other: (first.value, first.step)}
                if self._all_hold(overrides):
                    edits = (
                        Edit(second, Slip.SWAP, first.value, COSTS[Slip.SWAP]),
                        Edit(first, Slip.SWAP, second.value, COSTS[Slip.SWAP]),
                    )
                    yield [failed[number] for number in sorted(touched)], Explanation(edits, COSTS[Slip.SWAP])

    def _is_one_sided(self, one: str, other: str, first: Figure, second: Figure) -> bool:
        """True when changing one of the two alone would do as well: then nothing speaks for a swap."""
        return self._all_hold({one: (second.value, second.step)}) or self._all_hold({other: (first.value, first.step)})

    def _suspects(self, equation: Equation) -> list[_Variable]:
        """The figures that could explain one failed relation without breaking another that holds."""
        singles: list[_Variable] = [(term.id,) for term in equation.terms if term.id]
        able = [each for each in singles if self._wanted(each, [equation]) is not None]
        copies = [each for each in map(self._with_copies, singles) if len(each) > 1]
        return able + [each for each in copies if self._wanted(each, [equation]) is not None]

    def _with_copies(self, variable: _Variable) -> _Variable:
        """A figure with the figures that restate its value in relations that hold."""
        found = dict.fromkeys(variable)
        for equation in self.settled.get(variable[0], ()):
            if equation.rule.family in (Family.EQUAL, Family.SCORE) and not equation.denominator:
                others = [term for term in equation.terms if term.id and term.id != variable[0]]
                if len(others) == 1 and others[0].figure.value == self.figures[variable[0]].value:
                    found[others[0].id] = None
                    self.figures.setdefault(others[0].id, others[0].figure)
        return tuple(found)

    def _wanted(
        self, variable: _Variable, failed: Iterable[Equation], overrides: Overrides | None = None
    ) -> Interval | None:
        """The values of a variable that repair the given relations and leave the others that it settles alone."""
        unknown = frozenset(variable)
        wanted: Interval | None = None
        for equation in (*failed, *self._settled_outside(variable)):
            solution = solve(equation, unknown, overrides or {})
            if solution is None:
                continue
            wanted = solution if wanted is None else wanted.meet(solution)
            if wanted is None:
                return None
        return wanted

    def _settled_outside(self, variable: _Variable) -> list[Equation]:
        """Relations that hold and that a change of the variable would put at risk."""
        unknown = set(variable)
        found = {id(each): each for member in variable for each in self.settled.get(member, ())}
        return [each for each in found.values() if not {term.id for term in each.terms} <= unknown]

    def _explain(self, members: Sequence[Evaluation], suspects: Mapping[int, list[_Variable]]) -> Group:
        variables = list(dict.fromkeys(variable for each in members for variable in suspects[id(each)]))
        equations = [each.equation for each in members]
        found = self._by_direction(equations) + self._by_one(equations, variables)
        cut = False
        if _cheapest(found) > COSTS[Slip.SWAP]:
            found += self._by_swap(equations)
        if _cheapest(found) > TWO_SLIPS and len(members) > 1:
            pairs, cut = self._by_two(equations, variables)
            found += pairs
        if not found and not cut and len(members) > 2:
            found, cut = self._by_three(equations, variables)
        found.sort(key=lambda each: each.cost)
        return Group(tuple(members), tuple(_distinct(found)), cut)

    def _by_one(self, failed: Sequence[Equation], variables: Sequence[_Variable]) -> list[Explanation]:
        """Explanations by one variable that stands in every failed relation."""
        found: list[Explanation] = []
        for variable in variables:
            if all(_touches(equation, variable) for equation in failed):
                wanted = self._wanted(variable, failed)
                if wanted is not None:
                    found.extend(self._edited(variable, edit) for edit in self._edits(variable, wanted, failed))
        return found

    def _edits(self, variable: _Variable, wanted: Interval, failed: Sequence[Equation]) -> list[Edit]:
        """The cheapest edits of a variable. That a rate of 100 % comes right where its two parts are made the
        same says nothing, so no figure is replaced by its counterpart in a fraction."""
        counterparts = (
            set[Decimal]()
            if any(not each.denominator for each in failed)
            else {term.figure.value for each in failed for term in each.terms if term.id not in variable}
        )
        edits = [
            edit
            for edit in edits_of(self.figures[variable[0]], wanted, self.printed)
            if edit.slip is not Slip.PRINTED or edit.value not in counterparts
        ] or [Edit(self.figures[variable[0]], Slip.OTHER, (wanted.low + wanted.high) / 2, COSTS[Slip.OTHER])]
        derived = any(each.target.id in variable for each in failed)
        cheapest = [edit for edit in edits if edit.cost == edits[0].cost]
        return [replace(edit, cost=edit.cost - DERIVED_BONUS) for edit in cheapest] if derived else cheapest

    def _edited(self, variable: _Variable, edit: Edit) -> Explanation:
        """The same slip on every member of a variable."""
        settled = min(MOST_SETTLED, len(self._settled_outside(variable)))
        cost = edit.cost + COPY_COST * (len(variable) - 1) + SETTLED_COST * settled
        cost += TABLE_COST if edit.figure.in_table else 0
        copies = tuple(Edit(self.figures[each], edit.slip, edit.value, edit.cost) for each in variable[1:])
        return Explanation((edit, *copies), cost)

    def _by_direction(self, failed: Sequence[Equation]) -> list[Explanation]:
        """增加 for 减少: the amount and the rate under one direction word change sign together."""
        found = []
        tried: set[_Variable] = set()
        for twins in (self.twins[each] for each in self.broken if each in self.twins):
            if twins in tried or not all(_touches(equation, twins) for equation in failed):
                continue
            tried.add(twins)
            figures = [self.figures[each] for each in twins if each in self.figures]
            overrides = {each.id: (-each.value, each.step) for each in figures}
            if self._all_hold(overrides):
                edits = tuple(Edit(each, Slip.SIGN, -each.value, COSTS[Slip.SIGN]) for each in figures)
                found.append(Explanation(edits, COSTS[Slip.SIGN]))
        return found

    def _by_swap(self, failed: Sequence[Equation]) -> list[Explanation]:
        """Two figures of one kind in each other's place."""
        ids = list(dict.fromkeys(term.id for equation in failed for term in equation.terms if term.id))
        found: list[Explanation] = []
        for position, one in enumerate(ids[: MOST_SUSPECTS * 2]):
            for other in ids[:position]:
                first, second = self.figures[one], self.figures[other]
                if first.quantity.kind is not second.quantity.kind or first.value == second.value:
                    continue
                if self._all_hold({one: (second.value, second.step), other: (first.value, first.step)}, failed):
                    edits = (
                        Edit(second, Slip.SWAP, first.value, COSTS[Slip.SWAP]),
                        Edit(first, Slip.SWAP, second.value, COSTS[Slip.SWAP]),
                    )
                    found.append(Explanation(edits, COSTS[Slip.SWAP]))
        return found

    def _all_hold(self, overrides: Overrides, failed: Iterable[Equation] = ()) -> bool:
        """Whether the given relations, and all that the changed figures stand in, hold with their new values.

        A relation that cannot be computed any more is not repaired; one that held is not broken by that.
        """
        repaired = {id(each): each for each in failed}
        kept: dict[int, Equation] = {}
        for changed in overrides:
            repaired.update((id(each), each) for each in self.broken.get(changed, ()))
            kept.update((id(each), each) for each in self.settled.get(changed, ()))
        return all(holds(each, overrides) is True for each in repaired.values()) and all(
            holds(each, overrides) is not False for each in kept.values()
        )

    def _by_two(
        self, failed: Sequence[Equation], variables: Sequence[_Variable], fixed: Explanation | None = None
    ) -> tuple[list[Explanation], bool]:
        """Explanations by two variables; `fixed` are slips already assumed."""
        chosen = variables[:MOST_SUSPECTS]
        trials = 0
        found: list[Explanation] = []
        for one in chosen:
            for other in chosen:
                if set(one) & set(other) or not all(_touches(each, one + other) for each in failed):
                    continue
                trials += 1
                if trials > MOST_TRIALS:
                    return found, True
                found.extend(self._pair(failed, one, other, fixed))
        return found, len(variables) > MOST_SUSPECTS and not found

    def _pair(
        self, failed: Sequence[Equation], one: _Variable, other: _Variable, fixed: Explanation | None
    ) -> list[Explanation]:
        """The first variable from the relations that it has alone, then the second from all of its own."""
        before = _overrides(fixed)
        alone = [each for each in failed if _touches(each, one) and not _touches(each, other)]
        if not alone:
            return []
        wanted = self._wanted_with(one, alone, other, before)
        found = []
        for edit in self._edits(one, wanted, alone) if wanted is not None else ():
            first = self._edited(one, edit)
            overrides = {**before, **_overrides(first)}
            rest = [each for each in failed if _touches(each, other)]
            left = self._wanted(other, rest, overrides)
            if left is None:
                continue
            second = self._edited(other, self._edits(other, left, rest)[0])
            overrides.update(_overrides(second))
            if self._all_hold(overrides, failed):
                base = fixed.edits if fixed else ()
                cost = (fixed.cost if fixed else Decimal(0)) + first.cost + second.cost
                found.append(Explanation((*base, *first.edits, *second.edits), cost))
        return found

    def _wanted_with(
        self, variable: _Variable, failed: Sequence[Equation], other: _Variable, overrides: Overrides
    ) -> Interval | None:
        """As `_wanted`, without the settled relations that the other variable may put right again."""
        unknown = frozenset(variable)
        wanted: Interval | None = None
        settled = [each for each in self._settled_outside(variable) if not _touches(each, other)]
        for equation in (*failed, *settled):
            solution = solve(equation, unknown, overrides)
            if solution is not None:
                wanted = solution if wanted is None else wanted.meet(solution)
                if wanted is None:
                    return None
        return wanted

    def _by_three(self, failed: Sequence[Equation], variables: Sequence[_Variable]) -> tuple[list[Explanation], bool]:
        """One assumed slip that repairs some relation, then two more for the rest."""
        found: list[Explanation] = []
        for variable in variables[: MOST_SUSPECTS // 2]:
            own = [each for each in failed if _touches(each, variable)]
            rest = [each for each in failed if not _touches(each, variable)]
            wanted = self._wanted(variable, own)
            if wanted is None or not rest:
                continue
            first = self._edited(variable, self._edits(variable, wanted, own)[0])
            pairs, _ = self._by_two(rest, [each for each in variables if each != variable], first)
            found.extend(pairs)
        return found, not found and len(variables) > MOST_SUSPECTS


def _fits(
    figure: Figure, place: str, relations: Iterable[int], wanted: Mapping[tuple[str, int], Interval | None]
) -> bool:
    """True when a figure in the place of another would put the other's relations right."""
    intervals = (wanted[place, number] for number in relations)
    return all(interval is None or figure.interval.meets(interval) for interval in intervals)


def _settles(equation: Equation) -> bool:
    """Relations among zeros settle nothing, nor do rates that may have another denominator."""
    return any(term.figure.value for term in equation.terms if term.id) and not (equation.soft and equation.denominator)


def _cheapest(explanations: Sequence[Explanation]) -> Decimal:
    return min((each.cost for each in explanations), default=Decimal("Infinity"))


def _touches(equation: Equation, variable: _Variable) -> bool:
    return any(term.id in variable for term in equation.terms)


def _overrides(explanation: Explanation | None) -> dict[str, tuple[Decimal, Decimal]]:
    return {edit.figure.id: (edit.value, edit.step) for edit in explanation.edits} if explanation else {}


def _distinct(explanations: Sequence[Explanation]) -> list[Explanation]:
    """Each set of figures once, by its cheapest explanation."""
    found: dict[frozenset[str], Explanation] = {}
    for each in explanations:
        found.setdefault(frozenset(each.figures), each)
    return list(found.values())


def _connected(failed: Sequence[Evaluation], suspects: Mapping[int, Sequence[_Variable]]) -> list[list[Evaluation]]:
    """Failed relations joined by a common suspect; relations without suspects by a common figure."""
    parent = list(range(len(failed)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    owner: dict[str, int] = {}
    for index, evaluation in enumerate(failed):
        variables = suspects[id(evaluation)] or [(each,) for each in evaluation.equation.ids if each]
        for each in {member for variable in variables for member in variable}:
            parent[root(index)] = root(owner.setdefault(each, index))
    groups: dict[int, list[Evaluation]] = defaultdict(list)
    for index, evaluation in enumerate(failed):
        groups[root(index)].append(evaluation)
    return list(groups.values())
