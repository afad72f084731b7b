"""Inside one table: a total is the sum of its parts, along the rows and down the columns.

Which columns and rows are parts of which is told by headings, codes and groups; a structure is believed
only if most rows (or columns) that can show it bear it out, so that a misread table accuses nobody.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extractor.checking.book import Book
from extractor.checking.equations import Equation, Rule, Term, holds, point_sum
from extractor.checking.sheets import Sheet, SheetKind, SheetRow
from schemas.checks import Family

ACROSS = Rule("table.across", Family.TABLE, "行内合计等于各栏之和", "a row's total is the sum of its columns")
DOWN = Rule("table.down", Family.TABLE, "上级科目等于下级科目之和", "a heading is the sum of its lines")
TOTAL = Rule("table.total", Family.TABLE, "合计行等于各行之和", "the total row is the sum of the rows")
BALANCE = Rule("table.balance", Family.TABLE, "总计等于本年合计加结转结余", "the grand total balances")
FLOW = Rule(
    "table.flow", Family.TABLE, "年初结转＋本年收入＝本年支出＋年末结转", "opening + income = spending + closing"
)

_TOTAL_HEADING = re.compile(r"合计|总计|小计|总额|总数|^本年(?:收入|支出)$")
_AMONG = re.compile(r"^其中")
BORNE_OUT = 0.7
"""The share of rows (columns) that must bear out a structure."""
SHOWN_ENOUGH = 2
UNLESS = "表的结构不能确定"


def inside(book: Book) -> Iterator[Equation]:
    """Every relation inside single tables."""
    for sheet in book.sheets:
        if sheet.kind is SheetKind.PERFORMANCE:
            continue
        across = list(_across(sheet))
        yield from (each.equation for each in across) if _is_known(sheet) else _believed(across, sheet)
        yield from _believed(_down(sheet), sheet)
        yield from _believed(_groups(sheet), sheet)
        yield from _overview(sheet)
        yield from _basic(sheet)
        yield from _flow(sheet)


class Claimed(NamedTuple):
    """An equation with the structure that it is an instance of."""

    structure: tuple[object, ...]
    equation: Equation


def _believed(claims: Iterable[Claimed], sheet: Sheet | None = None) -> Iterator[Equation]:
    """The equations, soft where their structure is not borne out.

    So is one whose gap the sheet prints: a line was read into another place.
    """
    by_structure: dict[tuple[object, ...], list[Equation]] = defaultdict(list)
    for claim in claims:
        by_structure[claim.structure].append(claim.equation)
    for equations in by_structure.values():
        telling = [each for each in equations if each.tells]
        held = sum(holds(each) is True for each in telling)
        believed = held >= SHOWN_ENOUGH and held >= BORNE_OUT * len(telling)
        for each in equations:
            yield each if believed and not _gap_is_printed(each, sheet) else each.softened(UNLESS)


def _gap_is_printed(equation: Equation, sheet: Sheet | None) -> bool:
    if equation.adds_up:
        return False
    gap = equation.target.value - point_sum(equation.numerator)
    return bool(gap) and sheet is not None and abs(gap) in sheet.amounts


_OFFICIAL_PARTS = (
    re.compile(r"三公|合计"),
    re.compile("出国"),
    re.compile("接待"),
    re.compile("购置"),
    re.compile("运行"),
)


def _is_known(sheet: Sheet) -> bool:
    """True for a “三公” table whose columns are the official ones: its few rows need not vouch for their structure."""
    headings = ["/".join(column) for column in sheet.columns]
    if sheet.kind is not SheetKind.OFFICIAL or len(headings) > len(_OFFICIAL_PARTS) + 1:
        return False
    return all(any(part.search(heading) for heading in headings) for part in _OFFICIAL_PARTS)


def _across(sheet: Sheet) -> Iterator[Claimed]:
    """Every heading against the headings below it: 本年支出/小计 = 本年支出/基本支出 + 本年支出/项目支出."""
    rows = [(row, {cell.column: cell.term for cell in row.cells}) for row in sheet.rows]
    for total, parts in _column_groups(sheet.columns):
        structure = (total, *parts)
        for row, terms in rows:
            found = tuple([terms[part] for part in parts if part in terms])
            if found and total in terms:
                yield Claimed(structure, Equation(ACROSS, terms[total], found, records=(row.record,)))


Column = tuple[str, ...]


def _column_groups(columns: Sequence[Column]) -> Iterator[tuple[Column, list[Column]]]:
    """(total column, its parts) of every level of headings."""
    prefixes = {column[:depth] for column in columns for depth in range(len(column))}
    for prefix in sorted(prefixes, key=lambda each: (len(each), columns.index(_first(columns, each)))):
        members = [column for column in columns if column[: len(prefix)] == prefix and len(column) > len(prefix)]
        children = list(dict.fromkeys(column[: len(prefix) + 1] for column in members))
        totals = [child for child in children if child in columns and _TOTAL_HEADING.search(child[-1])]
        if len(totals) != 1 or len(children) < 2:
            continue
        parts = [part for child in children if child != totals[0] for part in _value_columns(columns, child)]
        yield totals[0], [part for part in parts if not _AMONG.match(part[len(prefix)])] or parts


def _first(columns: Sequence[Column], prefix: Column) -> Column:
    return next(column for column in columns if column[: len(prefix)] == prefix)


def _value_columns(columns: Sequence[Column], child: Column) -> list[Column]:
    """The columns that hold a heading's value: itself, or the total below it, or else all that stand below it."""
    if child in columns:
        return [child]
    below = [column for column in columns if column[: len(child)] == child]
    totals = [column for column in below if _TOTAL_HEADING.search(column[-1])]
    return totals[:1] or below


def _down(sheet: Sheet) -> Iterator[Claimed]:
    """Codes: 208 = Σ 208xx, 20805 = Σ 20805xx, the total row = Σ classes (or of the lowest lines)."""
    coded = [row for row in sheet.rows if row.code]
    if len({row.code for row in coded}) != len(coded):
        coded = []  # one list for each unit: no single hierarchy
    children: dict[str, list[SheetRow]] = defaultdict(list)
    codes = {row.code for row in coded if row.code}
    for row in coded:
        parent = _parent_code(row.code or "", codes)
        children[parent].append(row)
    by_code = {row.code: row for row in coded}
    for parent, rows in children.items():
        if parent:
            yield from _column_sums(sheet, DOWN, by_code[parent], rows, (DOWN.code,))
    totals = [row for row in sheet.rows if row.is_total and not row.code]
    lowest = children.get("") or leaves([row for row in sheet.rows if row.code])
    if len(totals) == 1 and lowest and _is_plain(sheet):
        yield from _column_sums(sheet, TOTAL, totals[0], lowest, (TOTAL.code,))


def leaves(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """The rows whose code no other row goes into more detail of: in order, a longer code follows its beginning."""
    codes = sorted({row.code for row in rows if row.code})
    upper = {code for code, after in pairwise(codes) if after.startswith(code)}
    return [row for row in rows if row.code not in upper]


def _parent_code(code: str, codes: set[str]) -> str:
    """The nearest code above that the table prints; empty for none."""
    while len(code) > 3:
        code = code[:-2]
        if code in codes:
            return code
    return ""


def _is_plain(sheet: Sheet) -> bool:
    """True for tables that list lines under one total row (not the two-sided overviews)."""
    return sheet.kind not in (SheetKind.OVERVIEW, SheetKind.FISCAL_OVERVIEW, SheetKind.OFFICIAL)


def _column_sums(
    sheet: Sheet, rule: Rule, whole: SheetRow, parts: Sequence[SheetRow], structure: tuple[object, ...]
) -> Iterator[Claimed]:
    records = tuple(dict.fromkeys((whole.record, *(part.record for part in parts))))
    by_column: dict[Column, list[Term]] = defaultdict(list)
    for part in parts:
        for cell in part.cells:
            by_column[cell.column].append(cell.term)
    for cell in whole.cells:
        found = [term for term in by_column[cell.column] if term.id != cell.term.id]
        if found:
            yield Claimed((*structure, cell.column), Equation(rule, cell.term, tuple(found), records=records))


def _groups(sheet: Sheet) -> Iterator[Claimed]:
    """Lines under a named line: 工资福利支出 = Σ its items; 政府采购合计 = 货物 + 工程 + 服务.

    Then the total row against the lines that stand under no other.
    """
    by_path: dict[str, list[SheetRow]] = defaultdict(list)
    for row in sheet.rows:
        if row.path and not row.printed.name.strip().startswith("其中"):
            by_path[row.path].append(row)
    named: dict[str, list[SheetRow]] = defaultdict(list)
    for row in sheet.rows:
        named[re.sub(r"\s", "", row.printed.name)].append(row)
    heads: list[SheetRow] = []
    for path, rows in by_path.items():
        owners = named.get(re.sub(r"\s", "", path), [])
        if len(owners) == 1 and not any(row.code for row in rows):
            heads.append(owners[0])
            yield from _named_sums(owners[0], rows)
    totals = [row for row in sheet.rows if row.is_total]
    if len(totals) == 1 and heads and sheet.kind is SheetKind.BASIC:
        top = [head for head in heads if not head.path]
        yield from _named_sums(totals[0], top)
    elif len(totals) == 1 and _is_plain(sheet) and not any(row.code for row in sheet.rows):
        lines = [row for row in sheet.rows if row is not totals[0] and not row.path]
        if lines:
            yield from _named_sums(totals[0], lines)


def _named_sums(whole: SheetRow, parts: Sequence[SheetRow]) -> Iterator[Claimed]:
    """A group's single value column may carry another heading than its head's: every figure counts."""
    records = tuple(dict.fromkeys((whole.record, *(part.record for part in parts))))
    for cell in whole.cells:
        found = [
            other.term
            for part in parts
            for other in part.cells
            if other.column == cell.column or (len(whole.cells) == 1 and len(part.cells) == 1)
        ]
        if found:
            yield Claimed(("groups",), Equation(DOWN, cell.term, tuple(found), records=records))


_BASIC_GROUPS = (
    (re.compile(r"^人员经费(?:合计)?$"), re.compile(r"^(?:工资福利支出|对个人和家庭的?补助(?:支出)?)$")),
    (
        re.compile(r"^(?:日常)?公用经费(?:合计)?$"),
        re.compile(
            r"^(?:商品和服务支出|债务利息及费用支出|资本性支出(?:（基本建设）)?|对企业补助(?:（基本建设）)?|其他支出)$"
        ),
    ),
)


def _basic(sheet: Sheet) -> Iterator[Equation]:
    """人员经费 = 工资福利 + 对个人和家庭的补助; 公用经费 = 商品和服务 + 资本性 + …"""
    if sheet.kind is not SheetKind.BASIC:
        return
    for head, parts in _BASIC_GROUPS:
        heads = [row for row in sheet.rows if head.match(row.name) and len(row.cells) == 1]
        below = [row for row in sheet.rows if parts.match(row.name) and len(row.cells) == 1]
        if len(heads) == 1 and below:
            records = tuple(dict.fromkeys((heads[0].record, *(row.record for row in below))))
            terms = tuple(row.cells[0].term for row in below)
            yield Equation(DOWN, heads[0].cells[0].term, terms, records=records, soft=True, unless=UNLESS)


_REVENUE_END = re.compile(r"^本年收入(?:合计|小计)?$|^本年收入$")
_EXPENDITURE_END = re.compile(r"^本年支出(?:合计|小计)?$|^本年支出$")
_GRAND = re.compile(r"^(?:(?:收入|支出)?总计|(?:收入|支出)总计)$")
_CARRIED = re.compile(r"结转|结余|使用非财政拨款|用事业基金|上年")
_OPENING = re.compile(r"年初|上年|使用非财政")
_CLOSING = re.compile(r"年末|年终|结余分配|结转下年")
_ITEM_NUMBER = re.compile(r"^[一二三四五六七八九十]{1,3}[、.．]")


def _overview(sheet: Sheet) -> Iterator[Equation]:
    """The two sides of an overview: numbered lines make 本年…合计, with what is carried over the grand total."""
    if sheet.kind not in (SheetKind.OVERVIEW, SheetKind.FISCAL_OVERVIEW):
        return
    for column in sheet.columns:
        if _is_ambiguous(sheet, column):
            continue
        rows = [(row, cell.term) for row in sheet.rows for cell in row.cells if cell.column == column]
        for equation in (*_side(rows, _REVENUE_END, _CLOSING), *_side(rows, _EXPENDITURE_END, _OPENING)):
            yield equation.softened(UNLESS) if _gap_is_printed(equation, sheet) else equation
    yield from _sides_agree(sheet)


def _is_ambiguous(sheet: Sheet, column: Column) -> bool:
    """True where several columns are called so (金额 on both sides, or a heading that cannot be told)."""
    printed = sheet.printed.columns
    return printed.count("/".join(column)) > 1 or (not any(column) and len(printed) > 1)


def _side(
    rows: Sequence[tuple[SheetRow, Term]], end: "re.Pattern[str]", foreign: "re.Pattern[str]"
) -> Iterator[Equation]:
    """One side of an overview; lines that only the other side has (`foreign`) say that the two were read as one."""
    names = [row.name for row, _ in rows]
    ends = [place for place, name in enumerate(names) if end.match(name)]
    if len(ends) != 1:
        return
    at = ends[0]
    total_row, total = rows[at]
    lines = [pair for pair in rows[:at] if _ITEM_NUMBER.match(pair[0].printed.name)]
    if lines:
        records = tuple(dict.fromkeys((total_row.record, *(row.record for row, _ in lines))))
        parts = tuple(term for _, term in lines)
        yield Equation(TOTAL, total, parts, records=records, soft=len(lines) < max(at, 2), unless=UNLESS)
    grand = [pair for pair in rows[at + 1 :] if _GRAND.match(pair[0].name)]
    if grand:
        below = rows[at + 1 : rows.index(grand[0])]
        carried = [pair for pair in below if _is_carried(pair[0])]
        records = tuple(dict.fromkeys((grand[0][0].record, total_row.record)))
        parts = (total, *(term for _, term in carried))
        equation = Equation(BALANCE, grand[0][1], parts, records=records)
        plain = bool(carried) and len(carried) == len(below) and not any(foreign.search(row.name) for row, _ in below)
        yield equation if plain or holds(equation) else equation.softened("结转结余的构成不能确定")


def _is_carried(row: SheetRow) -> bool:
    return bool(_CARRIED.search(row.name)) and not row.path and not _GRAND.match(row.name)


def _sides_agree(sheet: Sheet) -> Iterator[Equation]:
    """收入总计 = 支出总计, column by column of the same figure (预算数, 决算数)."""
    grand: dict[str, list[tuple[SheetRow, Term, Column]]] = defaultdict(list)
    for row in sheet.rows:
        if _GRAND.match(row.name):
            for cell in row.cells:
                grand[cell.column[-1] if cell.column else ""].append((row, cell.term, cell.column))
    for found in grand.values():
        if len(found) == 2 and found[0][2] != found[1][2]:
            (one, target, _), (other, source, _) = found
            yield Equation(BALANCE, target, (source,), records=(one.record, other.record))


_FLOW = (
    (re.compile(r"年初.*结转|上年结转"), 1),
    (re.compile(r"^本年收入"), 1),
    (re.compile(r"^本年支出"), -1),
    (re.compile(r"年末.*结转"), 0),
)


def _flow(sheet: Sheet) -> Iterator[Equation]:
    """年初结转 + 本年收入 - 本年支出 = 年末结转, row by row."""
    chosen: list[Column] = []
    for pattern, _ in _FLOW:
        group = [column for column in sheet.columns if column and pattern.search(column[0])]
        totals = [column for column in group if len(column) == 1 or _TOTAL_HEADING.search(column[-1])]
        if len(totals) != 1:
            return
        chosen.append(totals[0])
    claims: list[Claimed] = []
    for row in sheet.rows:
        terms = {cell.column: cell.term for cell in row.cells}
        if all(column in terms for column in chosen):
            opening, income, spending, closing = (terms[column] for column in chosen)
            minus = Term(spending.figure, spending.label, -spending.sign)
            equation = Equation(FLOW, closing, (opening, income, minus), records=(row.record,))
            claims.append(Claimed((FLOW.code,), equation))
    yield from _believed(claims)
