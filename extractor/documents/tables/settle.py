"""Settle the rows whose columns one line alone leaves open, by the rest of the table and of the document.

Evidence, in this order: the rows below a total add up to it, column by column; the document's own 收支总表 says which
sources it has no money from, and how much there is that is not public money; a code's row in another table says
whether it has basic or project expenditure; the official classification says which economic classes are personnel.
The last two are taken over only where the columns then add up. What stays open stays open: nothing is guessed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.documents.tables.columns import Option, narrowed
from extractor.documents.tables.headwords import Sort, is_total, normal, sort_of
from extractor.documents.tables.placing import Board, Placed, families, settle_total, solve

_SOURCES = (
    *("一般公共预算", "政府性基金", "国有资本经营", "财政专户", "上级补助", "附属单位"),
    *("事业单位经营", "经营收入", "事业收入", "其他收入", "上年结转", "年初结转"),
)
_PUBLIC_MONEY = ("一般公共预算", "政府性基金", "国有资本经营")
_CARRIED_OVER = ("上年结转", "年初结转")
_OTHER_MONEY = "非财政资金"
_BUSINESS = ("事业单位经营", "经营收入")
"""Without receipts of business there is no expenditure of business."""

_RESERVES = re.compile(r"非财政拨款结余|弥补收支差额")
_CLOSING = re.compile(r"年末|年终|下年|分配")
_FUNCTION_CODE = re.compile(r"2\d{2}(?:\d{2}){0,2}")
_PARTS = (Sort.BASIC, Sort.PROJECTS)


def settle(boards: Sequence[Board]) -> None:
    """Narrow the options of every row of a document's tables."""
    if not any(len(row.options) > 1 for board in boards for row in board.rows):
        return
    for board in boards:
        _add_up(board)
    money = _money_of(boards)
    for board in boards:
        _leave_out(board, money)
        _add_up(board)
    projects = _project_codes(boards)
    for board in boards:
        _by_code(board, projects)
        _by_definition(board)
    parts = _parts_by_code(boards)
    for board in boards:
        _by_code(board, parts)


def _add_up(board: Board) -> None:
    """Settle the rows below every settled total by the sums of its columns."""
    for block, layout in enumerate(board.layouts):
        rows = board.of_block(block)
        if any(len(row.options) > 1 for row in rows):
            for family in families(rows, layout):
                solve(family, len(layout.headings))


# where the document's money comes from


@dataclass
class _Money:
    """What 收支总表 says of the document's sources: those without money, and how much of the rest is not public
    money (None where it does not say), in its unit."""

    absent: set[str] = field(default_factory=set)
    other: Decimal | None = None
    unit: str | None = None


def _money_of(boards: Sequence[Board]) -> _Money:
    for board in boards:
        if len(board.blocks) > 1 and "财政拨款" not in board.title:
            left = [row for row in board.rows if row.block == 0]
            if sum(_source_of(row.name) is not None for row in left) >= 2:
                return _money_in(left, board.unit)
    return _Money()


def _money_in(rows: Sequence[Placed], unit: str | None) -> _Money:
    """Read the receipts' side of 收支总表."""
    amounts: dict[str, Decimal] = {}
    reserves = Decimal(0)
    total: Decimal | None = None
    for row in rows:
        amount = max(row.values, default=Decimal(0))
        source = _source_of(row.name)
        if source is not None:
            amounts[source] = max(amounts.get(source, Decimal(0)), amount)
        elif _RESERVES.search(row.name):
            reserves += amount
        elif is_total(row.name) and total is None and row.values:
            total = amount
    money = _Money({source for source, amount in amounts.items() if not amount}, unit=unit)
    received = sum((amount for source, amount in amounts.items() if source not in _CARRIED_OVER), Decimal(0))
    if total is not None and received == total:
        money.absent |= {source for source in _SOURCES if not amounts.get(source) and source not in _CARRIED_OVER}
    money.other = reserves + sum((a for source, a in amounts.items() if source not in _PUBLIC_MONEY), Decimal(0))
    if not any(amount for source, amount in amounts.items() if source not in (*_PUBLIC_MONEY, *_CARRIED_OVER)):
        money.absent.add(_OTHER_MONEY)
    return money


def _source_of(text: str) -> str | None:
    return next((source for source in _SOURCES if source in text), None)


def _leave_out(board: Board, money: _Money) -> None:
    """Leave the columns blank that have no money, or too little for the figure."""
    for block, layout in enumerate(board.layouts):
        unused = frozenset(index for index, name in enumerate(layout.headings) if _is_absent(name, money.absent))
        limited = [_is_paid_otherwise(name) for name in layout.headings]
        if not unused and not any(limited):
            continue
        for row in board.of_block(block):
            if len(row.options) > 1:
                row.restrict(narrowed(row.options, unused))
                if money.other is not None and money.unit == board.unit:
                    row.restrict(option for option in row.options if _affords(option, row, limited, money.other))


def _is_absent(heading: str, absent: set[str]) -> bool:
    for part in heading.split("/"):
        word = normal(part)
        source = _source_of(word)
        if source is None and sort_of(part) in (Sort.CARRYOVER, Sort.CARRIED_FUNDS) and not _CLOSING.search(word):
            source = next((each for each in _CARRIED_OVER if each in absent), None)
        if source is None and sort_of(part) is Sort.SOURCE and "财政" not in word.replace("非财政", ""):
            source = _OTHER_MONEY
        if source in absent or (sort_of(part) is Sort.EXPENDITURE and "经营" in word and absent.issuperset(_BUSINESS)):
            return True
    return False


def _is_paid_otherwise(heading: str) -> bool:
    """Expenditure that accounting rules forbid to pay from public money: 经营支出, 上缴上级支出, 对附属单位补助支出."""
    return any(re.search(r"经营支出|上缴上级支出|对附属单位", part) for part in heading.split("/"))


def _affords(option: Option, row: Placed, limited: Sequence[bool], most: Decimal) -> bool:
    return all(not limited[column] or value <= most for column, value in zip(option, row.values, strict=True))


# what holds where the columns then add up


def _suppose(board: Board, block: int, unused: Callable[[Placed], frozenset[int]]) -> None:
    """Leave the columns blank that `unused` names for the open rows, if every total of the block then adds up."""
    rows = board.of_block(block)
    if all(len(row.options) <= 1 for row in rows):
        return
    kin = families(rows, board.layouts[block])
    if not kin:
        return
    before = [row.options for row in rows]
    for row in rows:
        if len(row.options) > 1:
            row.restrict(narrowed(row.options, unused(row)))
    for family in kin:
        solve(family, len(board.layouts[block].headings))
    for family in reversed(kin):
        settle_total(family)
    if not all(family.adds_up() for family in kin):
        for row, options in zip(rows, before, strict=True):
            row.options = options


def _parts_by_code(boards: Sequence[Board]) -> dict[str, set[Sort]]:
    """Whether the document's settled rows give a code basic expenditure, project expenditure, or both."""
    parts: dict[str, set[Sort]] = {}
    unsure: set[tuple[int, str]] = set()
    found: list[tuple[int, str, set[Sort]]] = []
    for number, board in enumerate(boards):
        for block, layout in enumerate(board.layouts):
            sorts = [_part_of(heading) for heading in layout.headings]
            if set(_PARTS) <= set(sorts):
                for row in board.of_block(block):
                    if row.codes and row.settled:
                        pairs = zip(row.options[0], row.values, strict=True)
                        here = {part for column, value in pairs if value and (part := sorts[column])}
                        found.append((number, row.codes[0], here))
                    elif row.codes:
                        unsure.add((number, row.codes[0]))
    for number, code, here in found:
        if (number, code) not in unsure:
            parts.setdefault(code, set()).update(here)
    return parts


def _project_codes(boards: Sequence[Board]) -> dict[str, set[Sort]]:
    """Codes that the document's list of projects does not have: they are basic expenditure only."""
    listed = {code for board in boards if "项目支出" in board.title for code in _function_codes(board)}
    everywhere = {code for board in boards for code in _function_codes(board)}
    return {code: {Sort.BASIC} for code in everywhere - listed} if listed else {}


def _function_codes(board: Board) -> Iterator[str]:
    return (row.codes[0] for row in board.rows if row.codes and _FUNCTION_CODE.fullmatch(row.codes[0]))


def _part_of(heading: str) -> Sort | None:
    return next((sort for part in heading.split("/") if (sort := sort_of(part)) in _PARTS), None)


def _by_code(board: Board, parts: dict[str, set[Sort]]) -> None:
    """A code that has only basic expenditure elsewhere has only basic expenditure here."""
    for block, layout in enumerate(board.layouts):
        sorts = [_part_of(heading) for heading in layout.headings]

        def unused(row: Placed, sorts: Sequence[Sort | None] = sorts) -> frozenset[int]:
            known = parts.get(row.codes[0]) if row.codes else None
            return frozenset(i for i, part in enumerate(sorts) if known and part is not None and part not in known)

        _suppose(board, block, unused)


def _by_definition(board: Board) -> None:
    """Of the economic classes 301 and 303 are 人员经费, 302 and those behind 303 are 公用经费."""
    for block, layout in enumerate(board.layouts):
        names = [normal(name.split("/")[-1]) for name in layout.headings]
        personnel = frozenset(i for i, name in enumerate(names) if name.startswith("人员"))
        public = frozenset(i for i, name in enumerate(names) if name.endswith("公用经费"))
        if len(personnel) == len(public) == 1:

            def unused(
                row: Placed, personnel: frozenset[int] = personnel, public: frozenset[int] = public
            ) -> frozenset[int]:
                code = row.codes[-1] if row.codes else ""
                if not code.startswith("3"):
                    return frozenset()
                return public if code.startswith(("301", "303")) else personnel

            _suppose(board, block, unused)
