"""Parts of parts in one list: 在职938人，其中行政24人、事业914人 beside 退休246人."""

from collections.abc import Sequence

from extractor.checking.equations import ONE, Equation, Term, holds, point_sum

UNLESS = "所列部分之中另有部分的部分"
FEWEST = 2
"""A part that only one part follows with the same figure is not parted."""


def unnested(equation: Equation) -> Equation:
    """A sum that fails, without the parts that make up the part before them: if they are all its gap, it holds; else
    the list is of several levels, and the sum need not hold."""
    if equation.denominator or equation.scale is not ONE or holds(equation) is not False:
        return equation
    parts = outermost(equation.numerator)
    if len(parts) == len(equation.numerator):
        return equation
    made = Equation(equation.rule, equation.target, parts, records=equation.records)
    return made if holds(made) else equation.softened(UNLESS)


def outermost(parts: Sequence[Term]) -> tuple[Term, ...]:
    """The parts of a list without those right behind a part that they make up."""
    found: list[Term] = []
    position = 0
    while position < len(parts):
        found.append(parts[position])
        position += 1 + _inside(parts[position], parts[position + 1 :])
    return tuple(found)


def _inside(part: Term, behind: Sequence[Term]) -> int:
    """How many of the parts behind a part make it up; 0 for none."""
    for count in range(FEWEST, len(behind) + 1):
        steps = sum(term.figure.step for term in behind[:count])
        gap = abs(point_sum(behind[:count]) - part.value)
        if part.value and gap * 2 <= steps:
            return count
    return 0
