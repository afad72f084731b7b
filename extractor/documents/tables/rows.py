"""Rows under way: label cells and figures as printed, before figures are given their columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.documents.lines import display_width
from extractor.documents.tables.labels import LabelCell, starts_cell
from extractor.documents.tables.tokens import Token

WIDE = 0.8
"""A label whose line the layout broke is at least this wide, measured by the widest label of its table."""

NARROWEST = 8
"""No column of labels is narrower than this."""

SHORTEST_NAME = 4
"""Names of budget items have at least this many characters; broken ends of names are often shorter."""

_INSIDE_NAME = re.compile(r"[和及与的、）)]")
"""What no name begins with."""

_ENDS_NAME = re.compile(r"(?:支出|费用?|收入|经费|补助|补贴|资金|拨款|缴费|结余|结转)$")


@dataclass
class RawRow:
    """A printed row: its label cells, its figures in printed order (dashes for printed blanks), the block of columns
    that it stands in (None where that cannot be told) and the printed line that its figures stand in."""

    cells: list[LabelCell]
    figures: tuple[Token, ...] = ()
    block: int | None = 0
    line: int = 0
    notes: list[LabelCell] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where the row starts in the loaded text."""
        return min([cell.start for cell in self.cells] + [token.start for token in self.figures[:1]], default=0)

    @property
    def end(self) -> int:
        """Where the row ends in the loaded text."""
        return max([cell.end for cell in self.cells] + [token.end for token in self.figures[-1:]], default=0)


@dataclass(frozen=True)
class Widths:
    """How wide the labels of a table are, which tells a broken label from a whole one."""

    widest: int

    @classmethod
    def of(cls, lines: Sequence[Sequence[Token]]) -> "Widths":
        """Measured over all words of a table's body."""
        return cls(max((display_width(t.text) for line in lines for t in line if is_word(t)), default=0))

    def full(self, text: str) -> bool:
        """True for words that fill their column, so that the layout may have broken them."""
        return display_width(text) >= max(WIDE * self.widest, NARROWEST)


def is_word(token: Token) -> bool:
    """True for a token that is neither a figure nor a dash."""
    return token.figure is None and not token.dash


def cell_of(tokens: Sequence[Token]) -> LabelCell:
    """One label cell of adjoining tokens."""
    return LabelCell(
        "".join(token.text for token in tokens), tuple((t.start, t.end) for t in tokens), tokens[0].gap if tokens else 0
    )


def looks_like_code(token: Token) -> bool:
    """True for an integer that may be a classification code."""
    return token.text.isdecimal() and (len(token.text) in (3, 5, 7) or len(token.text) >= 9)


def is_year(token: Token) -> bool:
    """True for a bare year."""
    return bool(re.fullmatch(r"(?:19|20)\d\d", token.text))


def prints_decimals(lines: Sequence[Sequence[Token]]) -> bool:
    """True when the figures of a table are printed with decimals as a rule, so that integers are suspect."""
    figures = [token.text for line in lines for token in line if token.figure is not None]
    return sum("." in text for text in figures) > 0.3 * len(figures)


def goes_on(before: LabelCell, after: str, widths: Widths) -> bool:
    """Is a label that starts a printed line the rest of the one that ended the line before?

    A name that ends as names end, with words behind it that make a name by themselves, is whole.
    """
    if _INSIDE_NAME.match(after):
        return True
    if starts_cell(after) or not widths.full(before.text):
        return False
    return not (_ENDS_NAME.search(before.text) and len(after) >= SHORTEST_NAME)
