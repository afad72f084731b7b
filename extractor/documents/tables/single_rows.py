"""The rows of a table with one group of columns, from printed lines.

A row's words may stand in the lines before its figures and, where the figures are centred beside broken words,
in the line behind them.
"""

from collections.abc import Sequence
from itertools import pairwise

from extractor.documents.lines import display_width
from extractor.documents.tables.heads import Block
from extractor.documents.tables.headwords import Role, is_total
from extractor.documents.tables.labels import LabelCell, is_code, pinned_role, starts_cell
from extractor.documents.tables.rows import (
    RawRow,
    Widths,
    cell_of,
    goes_on,
    is_word,
    is_year,
    looks_like_code,
    prints_decimals,
)
from extractor.documents.tables.tokens import Token

_CODES = (Role.CODE, Role.UNIT_CODE, Role.PROJECT_CODE, Role.ORDINAL)


def single_rows(lines: Sequence[Sequence[Token]], block: Block) -> list[RawRow]:
    """The rows that the lines of a table's body print, those without figures included."""
    return _Reader(lines, block).read()


class _Reader:
    """Goes through the lines once; `pending` are words whose row is not known yet."""

    def __init__(self, lines: Sequence[Sequence[Token]], block: Block) -> None:
        self._lines = lines
        self._block = block
        self._widths = Widths.of(lines)
        self._decimals = prints_decimals(lines)
        words = [label for label in block.leading if label.role not in _CODES]
        self._columns = max(1, len(words))
        self._whole = {token.text for line in lines for token, _ in pairwise(line)}
        beside = [any(map(is_word, line)) for line in lines if any(token.figure is not None for token in line)]
        self._beside = 2 * sum(beside) > len(beside)
        self._rows: list[RawRow] = []
        self._pending: list[tuple[LabelCell, int]] = []

    def read(self) -> list[RawRow]:
        for number, tokens in enumerate(self._lines):
            labels, figures, notes = self._parts(tokens)
            if labels and not figures:
                self._pending.extend((cell, number) for cell in self._cells(labels))
            elif figures:
                cells = self._claim(self._cells(labels), number)
                row = RawRow(cells, tuple(figures), 0, number)
                row.notes = [cell_of([token]) for token in notes]
                self._rows.append(row)
        self._flush(self._pending, len(self._lines))
        return self._rows

    def _parts(self, tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token], Sequence[Token]]:
        """The labels of a line, its figures, and words behind the figures."""
        words = [index for index, token in enumerate(tokens) if is_word(token)]
        if not words:
            lead = self._leading_codes(tokens)
            return tokens[:lead], tokens[lead:], ()
        last = words[-1]
        if any(token.figure is not None for token in tokens[last + 1 :]):
            return tokens[: last + 1], tokens[last + 1 :], ()
        ends = last
        while ends > words[0] and is_word(tokens[ends]):
            ends -= 1
        begins = ends
        while begins > words[0] and not is_word(tokens[begins]):
            begins -= 1
        if any(token.figure is not None for token in tokens[begins + 1 : ends + 1]):
            return tokens[: begins + 1], tokens[begins + 1 : ends + 1], tokens[ends + 1 :]
        return [token for token in tokens if not token.dash], (), ()

    def _leading_codes(self, tokens: Sequence[Token]) -> int:
        """How many tokens of a line without words are codes or a year rather than figures."""
        wanted, first = len(self._block.figures), tokens[0]
        if all(looks_like_code(token) or (index and token.text.isdecimal()) for index, token in enumerate(tokens)):
            suits = self._block.has(*_CODES) or self._decimals
            if suits and len(tokens) <= 3 and (len(tokens) != wanted or self._decimals):
                return len(tokens)
        if self._pending:
            return 0
        if is_year(first) and any(label.heading.startswith("年") for label in self._block.labels):
            return 1
        coded = looks_like_code(first) and self._block.has(*_CODES)
        if coded and (self._decimals or len(tokens) == wanted + 1):
            return 1
        return int(first.text.isdecimal() and bool(wanted) and len(tokens) == wanted + 1)

    def _cells(self, tokens: Sequence[Token]) -> list[LabelCell]:
        """Codes before the words, then the words: one cell, or one each where there are several columns for them."""
        first = next((index for index, token in enumerate(tokens) if is_word(token)), len(tokens))
        codes = [token for token in tokens[:first] if token.figure is not None and not self._is_number(token)]
        cells = [cell_of(codes)] if codes else []
        words = [token for token in tokens[first:] if not token.dash]
        if self._columns > 1:
            return cells + [cell_of([token]) for token in words]
        return cells + ([cell_of(words)] if words else [])

    def _is_number(self, token: Token) -> bool:
        """True for a row number in a 序号 column."""
        return self._block.has(Role.ORDINAL) and len(token.text) <= 3

    def _claim(self, own: list[LabelCell], number: int) -> list[LabelCell]:
        """The label cells of the row whose figures have come: its own and those pending that belong to it."""
        pending, self._pending = self._pending, []
        pieces = [*pending, *((cell, number) for cell in own)]
        if self._columns > 1:
            if own and is_total(own[0].text) and len(pending) % self._columns == 0:  # rows that print no figures
                self._flush(pending, number)
                return own
            cells = self._merged(pieces)
            kept = self._last_row(cells)
            self._rows.extend(RawRow([cell], (), 0, number - 1) for cell in cells[: len(cells) - kept])
            return cells[len(cells) - kept :]
        start = len(pending)
        if own and is_code(own[0].text) and len(own) == 1 and not pending:
            return own
        if self._beside and not own and start > 1 and not starts_cell(pending[-1][0].text):
            start -= 2  # figures stand beside names, but for the rest of a broken one
        while start > 0 and self._belongs(pieces, start):
            start -= 1
        start = min(start, self._own_code(pending, own))
        self._flush(pending[:start], pending[start - 1][1] + 1 if start else number)
        return self._merged(pieces[start:])

    def _own_code(self, pending: Sequence[tuple[LabelCell, int]], own: Sequence[LabelCell]) -> int:
        """Where the code of a row stands in the lines before, whose own line has none: only totals have no code."""
        if not self._block.has(Role.CODE) or (own and starts_cell(own[0].text)):
            return len(pending)
        codes = [index for index, (cell, _) in enumerate(pending) if is_code(cell.text)]
        return codes[-1] if codes else len(pending)

    def _last_row(self, cells: Sequence[LabelCell]) -> int:
        """How many of the cells make up the last row: no more than there are columns, and one of each code."""
        words = kept = 0
        seen: set[Role] = set()
        for cell in reversed(cells):
            role = pinned_role(cell.text)
            words += not is_code(cell.text)
            if words > self._columns or role in seen:
                break
            seen |= {role} if role else set()
            kept += 1
        return kept

    def _belongs(self, pieces: Sequence[tuple[LabelCell, int]], at: int) -> bool:
        """Does the pending piece before `at` belong to the row that starts at `at`?"""
        before = pieces[at - 1][0]
        if at == len(pieces):
            return True
        after = pieces[at][0]
        return is_code(before.text) or goes_on(before, after.text, self._widths)

    def _merged(self, pieces: Sequence[tuple[LabelCell, int]]) -> list[LabelCell]:
        """Cells put together again that the layout broke over lines."""
        merged: list[LabelCell] = []
        line = -1
        for cell, number in pieces:
            if merged and number > line and self._same_cell(merged[-1], cell):
                merged[-1] = merged[-1].joined(cell)
            else:
                merged.append(cell)
            line = number
        return merged

    def _same_cell(self, before: LabelCell, after: LabelCell) -> bool:
        if is_code(before.text) or starts_cell(after.text):
            return False
        if self._columns == 1:
            return True
        if before.text in self._whole:
            return False
        first, last = before.pieces[0], before.pieces[-1]
        width = {piece: display_width(text) for piece, text in zip(before.pieces, _pieces(before), strict=True)}
        return len(before.pieces) == 1 or width[last] >= width[first] - 2

    def _flush(self, pieces: Sequence[tuple[LabelCell, int]], number: int) -> None:
        """Words that belong to no row behind them: the rest of the row before, or rows without figures."""
        for cell, line in pieces:
            row = self._rows[-1] if self._rows else None
            if (
                row is not None
                and row.cells
                and line == row.line + 1
                and goes_on(row.cells[-1], cell.text, self._widths)
            ):
                row.cells[-1] = row.cells[-1].joined(cell)
                row.line = line
            else:
                self._rows.append(RawRow([cell], (), 0, line))


def _pieces(cell: LabelCell) -> list[str]:
    """The words of every piece of a cell."""
    found, at = [], 0
    for start, end in cell.pieces:
        found.append(cell.text[at : at + end - start])
        at += end - start
    return found
