"""Which columns the figures of a row can stand in, when blank cells leave no trace in the printed line.

A row with as many figures as there are columns fills them in order. A shorter row keeps the order, and its totals
must be the sums of their parts within rounding: the header's tree says what adds up to what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import combinations
from math import comb

from extractor.documents.tables.headwords import Sort, is_total, sort_of
from extractor.documents.tables.tokens import Token

MOST_OPTIONS = 5_000
"""More ways than this to spread a row's figures over the columns are not looked through."""

ENOUGH = 3
"""So many full rows can tell that a header was misread; one or two may be the document's own error."""

MOST_FIGURES = 8
"""Rows with more figures than this are placed only when they fill all columns."""

Option = tuple[int, ...]
"""The column of every figure of a row."""

_ADDITIVE = {
    *(Sort.FISCAL, Sort.SOURCE, Sort.FUNDS, Sort.INCOME, Sort.CARRYOVER, Sort.CARRIED_FUNDS, Sort.CARRIED, Sort.OUTLAY),
    *(Sort.BASIC, Sort.PROJECTS, Sort.EXPENDITURE, Sort.BASIC_PART, Sort.OFFICIAL, Sort.VEHICLE, Sort.VEHICLE_PART),
    *(
        Sort.RUNNING,
        Sort.RUNNING_PART,
        Sort.ASSET,
        Sort.FIXED_ASSET,
        Sort.FIXED_ASSET_PART,
        Sort.CARS,
        Sort.CAR,
        Sort.REST,
    ),
}


@dataclass(frozen=True)
class Formula:
    """One column is the sum of others."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """What the columns of a block have to do with each other.

    `within` names for a column the total that it is a part of but does not make up (其中).
    """

    headings: tuple[str, ...]
    formulas: tuple[Formula, ...]
    within: tuple[tuple[int, int], ...] = ()


@lru_cache(maxsize=512)
def layout_of(headings: tuple[str, ...]) -> Layout:
    """Read from full headings what adds up to what."""
    formulas: list[Formula] = []
    within: list[tuple[int, int]] = []
    _gather([(tuple(heading.split("/")), index) for index, heading in enumerate(headings)], formulas, within)
    return Layout(headings, tuple(formulas), tuple(within))


_Column = tuple[tuple[str, ...], int]


def _gather(columns: Sequence[_Column], formulas: list[Formula], within: list[tuple[int, int]]) -> tuple[int, ...]:
    """Collect the formulas of a group of columns; the columns that make up the group's value."""
    groups: dict[str, list[_Column]] = {}
    for path, index in columns:
        groups.setdefault(path[0], []).append((path[1:], index))
    values: dict[str, tuple[int, ...]] = {}
    for name, members in groups.items():
        whole = len(members) == 1 and not members[0][0]
        values[name] = (members[0][1],) if whole else _gather([m for m in members if m[0]], formulas, within)
    totals = [name for name in groups if is_total(name) and len(values[name]) == 1]
    parts = [name for name in groups if name not in totals]
    if len(totals) == 1:
        total = values[totals[0]][0]
        aside = [name for name in parts if sort_of(name) in (Sort.OF_WHICH, Sort.PROJECT_PART)]
        added = [name for name in parts if name not in aside]
        if not added and aside and all(sort_of(name) is Sort.OF_WHICH for name in aside):
            added, aside = aside, []
        if added and all(sort_of(name) in _ADDITIVE or sort_of(name) is Sort.OF_WHICH for name in added):
            formulas.append(Formula(total, tuple(i for name in added for i in values[name])))
        within.extend((index, total) for name in aside for index in values[name])
        return (total,)
    if len(groups) == 1 and len(totals) == 0:
        return next(iter(values.values()))
    return tuple(index for name in parts for index in values[name])


def options_for(figures: Sequence[Token], layout: Layout) -> tuple[Option, ...]:
    """Every way to place a row's figures, dashes left out: one where it is known, none where nothing fits."""
    values = [(index, token.figure) for index, token in enumerate(figures) if token.figure is not None]
    width = len(layout.headings)
    if len(figures) == width:
        return (tuple(index for index, _ in values),)
    count = len(values)
    if count == width:
        return (tuple(range(width)),)
    if not 0 < count < width or count > MOST_FIGURES or comb(width, count) > MOST_OPTIONS:
        return ()
    if not layout.formulas:
        return ()
    return _fitting(layout, count, _sums(scaled([value for _, value in values if value is not None])))


def likeliest(
    readings: Sequence[tuple[str, ...]], alike: int, rows: Sequence[Sequence[Token]]
) -> tuple[tuple[str, ...], bool]:
    """Of several readings of a header the one whose sums the full rows bear out; the first where they don't tell. It is
    not certain (False) where the `alike` next ones are as likely, or where the rows contradict it."""
    full = [
        scaled([token.figure for token in row if token.figure is not None])
        for row in rows
        if sum(token.figure is not None for token in row) == len(readings[0])
    ]

    def borne_out(reading: tuple[str, ...]) -> int:
        held = [_holds(formula, row) for formula in layout_of(reading).formulas for row in full]
        return sum(held) - 3 * (len(held) - sum(held))

    found = max(readings, key=borne_out)
    rivals = [reading for reading in readings[: alike + 1] if borne_out(reading) == borne_out(found)]
    unique = found not in rivals or len(rivals) == 1
    return found, unique and (len(full) < ENOUGH or not _contradicted(found, full))


def _contradicted(reading: tuple[str, ...], rows: Sequence[Sequence[int]]) -> bool:
    """True where most sums that the headings promise do not hold: then they are not those of the columns."""
    held = [_holds(formula, row) for formula in layout_of(reading).formulas for row in rows]
    return 2 * sum(held) < len(held)


def _holds(formula: Formula, row: Sequence[int]) -> bool:
    return abs(row[formula.total] - sum(row[part] for part in formula.parts)) <= (len(formula.parts) + 1) // 2


def scaled(values: Sequence[Decimal]) -> tuple[int, ...]:
    """Figures as whole numbers of the smallest printed unit among them."""
    places = max((-int(value.as_tuple().exponent) for value in values), default=0)
    return tuple(int(value.scaleb(max(places, 0))) for value in values)


_Sums = tuple[frozenset[int], ...]


@lru_cache(maxsize=8192)
def _sums(values: tuple[int, ...]) -> _Sums:
    """For every figure, and last for nought, the sets of figures (as bit masks) that add up to it within rounding."""
    masks = [(0, 0, 0)]
    for bit, value in enumerate(values):
        masks += [(mask | 1 << bit, total + value, size + 1) for mask, total, size in masks]
    return tuple(
        frozenset(mask for mask, total, size in masks if abs(total - target) <= (size + 1) // 2 * (size > 1))
        for target in (*values, 0)
    )


@cache
def _combinations(width: int, count: int) -> tuple[Option, ...]:
    return tuple(combinations(range(width), count))


@lru_cache(maxsize=8192)
def _fitting(layout: Layout, count: int, sums: _Sums) -> tuple[Option, ...]:
    return tuple(option for option in _combinations(len(layout.headings), count) if _fits(option, layout, sums))


def _fits(option: Option, layout: Layout, sums: _Sums) -> bool:
    at = {column: figure for figure, column in enumerate(option)}
    for formula in layout.formulas:
        mask = 0
        for part in formula.parts:
            if part in at:
                mask |= 1 << at[part]
        total = at.get(formula.total)
        if total is None:
            if mask and mask not in sums[-1]:
                return False
        elif mask not in sums[total] or mask == 1 << total:
            return False
    return all(whole in at for part, whole in layout.within if part in at)


def common(options: Sequence[Option], count: int) -> tuple[int | None, ...]:
    """The columns that all options agree on, None where they differ or there are none."""
    if not options:
        return (None,) * count
    return tuple(each[0] if len(set(each)) == 1 else None for each in zip(*options, strict=True))


def narrowed(options: Iterable[Option], unused: frozenset[int]) -> tuple[Option, ...]:
    """The options that leave the given columns blank."""
    return tuple(option for option in options if not unused.intersection(option))
