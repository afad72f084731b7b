"""The rows of a table whose columns stand twice or more side by side: 收入 | 支出, 科目名称 决算数 ×3.

A printed line holds one row of each group that has not ended yet. Which group a lone row stands in is told by its
code or its words, and left open where neither says.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from extractor.documents.numbering import marker_of
from extractor.documents.tables.group_sums import settle_by_groups
from extractor.documents.tables.heads import Block
from extractor.documents.tables.headwords import Role
from extractor.documents.tables.labels import LabelCell, is_code, starts_cell
from extractor.documents.tables.rows import (
    RawRow,
    Widths,
    cell_of,
    goes_on,
    is_word,
    looks_like_code,
    prints_decimals,
)
from extractor.documents.tables.tokens import Token

_INCOME = re.compile(r"收入|拨款$|(?:上年|年初|上年度).*(?:结转|结余)|弥补|^(?:使用|动用)")
_OUTLAY = re.compile(r"支出|年末|年终|下年|^结余分配|^(?:转入|缴入|提取)")
_UNNUMBERED = re.compile(r"结余|结转|分配|差额|合计|总计|基金|其中")

NUMBERED = 0.4
"""Where this share of a table's words begins with a number, words without one go on with the row before."""


def block_rows(lines: Sequence[Sequence[Token]], blocks: Sequence[Block]) -> list[RawRow]:
    """The rows that the lines of a table's body print, those without figures included, each with its block."""
    reader = _Reader(lines, blocks)
    rows = reader.read()
    _settle(rows, blocks)
    return rows


class _Reader:
    def __init__(self, lines: Sequence[Sequence[Token]], blocks: Sequence[Block]) -> None:
        self._lines = lines
        self._blocks = blocks
        self._coded = any(block.has(Role.CODE) for block in blocks)
        self._ordinal = any(block.ordinal for block in blocks)
        self._ordered = blocks[0].has(Role.ORDINAL)
        self._decimals = prints_decimals(lines)
        self._widths = Widths.of(lines)
        self._numbered = _numbers_first_list(
            [[token.text for token in line if is_word(token)] for line in lines], len(blocks)
        )
        self._rows: list[RawRow] = []

    def read(self) -> list[RawRow]:
        for number, tokens in enumerate(self._lines):
            entries = self._entries(tokens, number)
            if entries and self._continues(entries[0], number):
                self._rows[-1].cells += entries[0].cells
                self._rows[-1].cells = _words_joined(self._rows[-1].cells)
                self._rows[-1].figures = entries[0].figures
                self._rows[-1].line = number
                entries = [self._rows.pop(), *entries[1:]]
            if len(entries) == len(self._blocks):
                for index, entry in enumerate(entries):
                    entry.block = index
            self._rows.extend(entry for entry in entries if entry.cells or entry.figures)
        return self._rows

    def _continues(self, first: RawRow, number: int) -> bool:
        """Does the first entry of a line give the row before, still without figures, its rest? A word by itself does
        whose figures stand in a line by themselves, for only broken names do not stand in one line with theirs."""
        if not self._rows or self._rows[-1].figures:
            return False
        if not first.cells:
            return bool(first.figures)
        before, after = self._rows[-1].cells[-1], first.cells[0].text
        if starts_cell(after):
            return False
        following = self._lines[number + 1 : number + 2]
        alone = len(self._lines[number]) == 1 and self._rows[-1].line == number - 1
        if alone and following and following[0][0].figure is not None and not self._is_code(following[0][0], None):
            return True
        if self._numbered and marker_of(before.text) and not _UNNUMBERED.search(after):
            return True
        return is_code(before.text) or goes_on(before, after, self._widths)

    def _entries(self, tokens: Sequence[Token], number: int) -> list[RawRow]:
        """The labels of a line, each with the figures behind it."""
        entries: list[RawRow] = []
        ordinal_due = False
        for index, token in enumerate(tokens):
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            entry = entries[-1] if entries else None
            if is_word(token):
                if entry is not None and entry.cells and not entry.figures and is_code(entry.cells[-1].text):
                    entry.cells.append(cell_of([token]))
                else:
                    entries.append(RawRow([cell_of([token])], (), None, number))
                ordinal_due = self._ordinal
            elif self._is_code(token, after):
                entries.append(RawRow([cell_of([token])], (), None, number))
            elif ordinal_due and token.text.isdecimal() and len(token.text) <= 3:
                ordinal_due = False
            elif entry is None and self._ordered and token.text.isdecimal() and after is not None and is_word(after):
                continue
            elif entry is None and self._ordinal and token.text.isdecimal() and after is not None and is_word(after):
                entries.append(RawRow([], (), None, number))  # the number of a row whose left half is blank
            elif entry is None:
                entries.append(RawRow([], (token,), None, number))
            else:
                entry.figures += (token,)
        return entries

    def _is_code(self, token: Token, after: Token | None) -> bool:
        """A code opens a row: an integer of a code's length with words behind it."""
        return self._coded and looks_like_code(token) and (after is None or is_word(after)) and token.figure is not None


def _numbers_first_list(words: Sequence[Sequence[str]], blocks: int) -> bool:
    """Are the names of the list on the left numbered? Where the numbers only grow, one list has them all: the one that
    opens the lines that hold a name of each."""
    markers = [[marker_of(text) for text in line] for line in words]
    found = [marker for line in markers for marker in line if marker is not None]
    if len(found) <= NUMBERED * sum(map(len, words)):
        return False
    top = min(marker.level for marker in found)
    numbers = [marker.number or 0 for marker in found if marker.level == top]
    grows = all(before < after for before, after in pairwise(numbers))
    return not grows or any(line[0] is not None for line in markers if len(line) >= blocks)


def _words_joined(cells: Sequence[LabelCell]) -> list[LabelCell]:
    joined: list[LabelCell] = []
    for cell in cells:
        if joined and not is_code(joined[-1].text):
            joined[-1] = joined[-1].joined(cell)
        else:
            joined.append(cell)
    return joined


def _settle(rows: Sequence[RawRow], blocks: Sequence[Block]) -> None:
    """Give rows that do not fill their line the block that their code or their words name."""
    seen: dict[str, set[int]] = {}
    for row in rows:
        if row.block is not None:
            for key in _classes(row):
                seen.setdefault(key, set()).add(row.block)
    sides = _are_sides(blocks) or (len(blocks) == 2 and _has_sides(rows))
    numbered = _numbered_block(rows, len(blocks))
    for row in rows:
        if row.block is None:
            known = {block for key in _classes(row) for block in seen.get(key, ())}
            row.block = next(iter(known)) if len(known) == 1 else _by_words(row, blocks, sides)
            if row.block is None and numbered is not None and row.cells and marker_of(row.cells[-1].text):
                row.block = numbered
    if all(len(block.figures) == 1 for block in blocks):
        settle_by_groups(rows, len(blocks))


def _numbered_block(rows: Sequence[RawRow], blocks: int) -> int | None:
    """The one list whose names are numbered; None where several are, or none is."""
    numbered: dict[int, bool] = {}
    for row in rows:
        if row.block is not None and row.cells:
            numbered[row.block] = numbered.get(row.block, False) or marker_of(row.cells[-1].text) is not None
    found = [block for block, here in numbered.items() if here]
    return found[0] if len(found) == 1 and len(numbered) == blocks else None


def _are_sides(blocks: Sequence[Block]) -> bool:
    """True for blocks titled 收入 and 支出, the latter perhaps more than once."""
    titles = ("收入", *["支出"] * (len(blocks) - 1))
    return all(
        block.figures and "/" in block.figures[0] and block.figures[0].startswith(title)
        for block, title in zip(blocks, titles, strict=True)
    )


def _classes(row: RawRow) -> list[str]:
    """The classes of a row's codes, which stand in one group of columns."""
    return [cell.text[:3] for cell in row.cells if is_code(cell.text)]


def _has_sides(rows: Sequence[RawRow]) -> bool:
    """True for a table of receipts on the left and expenditure on the right."""
    words = [(row.block, row.cells[-1].text) for row in rows if row.block is not None and row.cells]
    left = [bool(_OUTLAY.search(text)) for block, text in words if block == 0]
    right = [bool(_OUTLAY.search(text)) for block, text in words if block == 1]
    return bool(left) and bool(right) and sum(left) < 0.3 * len(left) and sum(right) > 0.5 * len(right)


def _by_words(row: RawRow, blocks: Sequence[Block], sides: bool) -> int | None:
    fitting = [index for index, block in enumerate(blocks) if len(row.figures) <= len(block.figures)]
    if len(fitting) == 1 and row.figures:
        return fitting[0]
    code = row.cells[0].text if row.cells else ""
    if len(blocks) == 2 and is_code(code) and blocks[0].figures[0].startswith("人员经费/"):
        return int(not code.startswith(("301", "303")))
    if not sides or not row.cells:
        return None
    words = row.cells[-1].text
    if _OUTLAY.search(words):
        return 1 if len(blocks) == 2 else None
    return 0 if _INCOME.search(words) else None
