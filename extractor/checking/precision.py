"""How many decimals a printed figure really has: the document's own convention.

These documents drop trailing zeros: 412万元 beside 411.91万元 means 412.00. Read literally, as half a unit of
the last printed digit, such a figure hides real errors. So the usual number of decimals is told from the
figures of one kind and unit, table by table, and a figure with fewer decimals is given that many.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from extractor.documents.disclosure import Disclosure
from schemas.quantities import Quantity, QuantityKind, Role

USUAL_SHARE = Decimal("0.25")
"""The usual decimals are the most that this share of the fractional figures print: dropping zeros only lowers them."""

ENOUGH_FIGURES = 3
"""Fewer fractional figures than this tell no convention."""

Group = tuple[int | None, QuantityKind, str | None]
"""Where figures stand (the number of a table, None for the narrative), their kind and their unit."""

Form = tuple[Group, int]
"""How a figure is printed: its group and its decimals. A document has a few dozen for thousands of figures."""

_TABLE, _PERCENT, _COUNT = Role.TABLE, QuantityKind.PERCENT, QuantityKind.COUNT  # naming a member is slow


@dataclass(frozen=True)
class Convention:
    """The usual decimals of every group of figures, and how each quantity with a value is printed, by its id."""

    usual: dict[Group, int]
    forms: dict[str, Form] = field(default_factory=dict)

    def decimals(self, quantity: Quantity) -> int:
        """The decimals that a figure stands for.

        A percentage is taken as printed (authors round rates as they like), but for 0 % and 100 %, which come
        out exactly where they are true. So is an amount in 亿元, which restates another one in round figures.
        """
        if quantity.kind is _COUNT or quantity.unit == "亿元":
            return quantity.decimals
        if quantity.kind is _PERCENT and quantity.value not in (0, 100):
            return quantity.decimals
        (place, _, _), _ = self.forms[quantity.id]
        return max(quantity.decimals, self.usual.get((place, quantity.kind, quantity.unit), 0))

    def step(self, quantity: Quantity) -> Decimal:
        """The unit of the last digit that a figure stands for, in its printed unit."""
        return unit_of_digit(self.decimals(quantity))


@cache
def unit_of_digit(decimals: int) -> Decimal:
    """One unit of the last of so many decimals: 0.01 for two."""
    return Decimal(1).scaleb(-decimals)


def convention_of(disclosure: Disclosure) -> Convention:
    """The precision convention of a document."""
    at = disclosure.by_place.get
    tables = {
        quantity.id: number
        for number, table in enumerate(disclosure.tables)
        for row in table.rows
        for cell in row.cells
        if (quantity := at((cell.start, cell.end))) is not None and quantity.role is _TABLE
    }
    forms = {
        quantity.id: ((tables.get(quantity.id), quantity.kind, quantity.unit), quantity.decimals)
        for quantity in disclosure.quantities
        if quantity.value is not None
    }
    groups: dict[Group, Counter[int]] = {}
    for (group, decimals), times in Counter(forms.values()).items():
        if decimals:
            groups.setdefault(group, Counter())[decimals] = times
    return Convention({group: _usual(counts) for group, counts in groups.items()}, forms)


def _usual(counts: Counter[int]) -> int:
    total = counts.total()
    if total < ENOUGH_FIGURES:
        return 0
    return max((each for each, times in counts.items() if times >= USUAL_SHARE * total), default=0)
