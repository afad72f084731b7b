"""A document as loaded: its text, and where on the page every character stands.

All offsets of gouji are indices into `LoadedDocument.text`, the text that `gouji text PATH` prints.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points, measured from the top left corner of the page."""


@dataclass(frozen=True)
class Page:
    """One page: its number (from 1), its stretch of the text, its size in points."""

    number: int
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Boxes:
    """The box of every character of the text, kept flat: four numbers a character.

    Characters that the loader put in (line ends, indents) have an empty box.
    """

    edges: Sequence[float]

    def around(self, start: int, end: int) -> Box | None:
        """The smallest box that holds the visible characters of a stretch, None where there are none.

        A stretch that runs over a line end yields the box of its first line's part joined with the rest, so
        it is meant for figures and short labels, not for paragraphs.
        """
        left = top = float("inf")
        right = bottom = float("-inf")
        for at in range(start * 4, end * 4, 4):
            x0, y0, x1, y1 = self.edges[at : at + 4]
            if x1 > x0 and y1 > y0:
                left, top = min(left, x0), min(top, y0)
                right, bottom = max(right, x1), max(bottom, y1)
        return (left, top, right, bottom) if right > left else None


class LoadedCell(NamedTuple):
    """One cell of a structured table: its grid place and the stretch of text it holds."""

    row: int
    column: int
    start: int
    end: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True)
class LoadedTable:
    """A table whose cells are known from the file's structure or from ruling lines."""

    start: int
    end: int
    cells: tuple[LoadedCell, ...]
    page: int | None = None


@dataclass(frozen=True)
class LoadedDocument:
    """Everything the file says, as one text with places.

    `tables` are known from the file's structure or from ruling lines; with `all_tables_known` there are no
    others, so that none has to be looked for in the text. `warnings` say what of the file was not read.
    """

    name: str
    media_type: str
    sha256: str
    text: str
    pages: tuple[Page, ...] = ()
    tables: tuple[LoadedTable, ...] = ()
    boxes: Boxes | None = None
    warnings: tuple[str, ...] = ()
    all_tables_known: bool = False
    _page_starts: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_page_starts", tuple(page.start for page in self.pages))

    @property
    def id(self) -> str:
        """First 16 hex digits of the SHA-256 of the file's bytes."""
        return self.sha256[:16]

    def page_at(self, offset: int) -> int | None:
        """The number of the page on which a character stands, None for a file without pages."""
        index = bisect_right(self._page_starts, offset) - 1
        return self.pages[index].number if index >= 0 else None
