"""What the label cells of a row say: its classification code, its name, and the group it stands under."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractor.documents.numbering import marker_of
from extractor.documents.tables.heads import Block, Label
from extractor.documents.tables.headwords import Role, is_total

_CODE_AND_NAME = re.compile(
    r"(?!(?:19|20)\d\d年?[-—－](?:19|20)\d\d年)(?P<code>[0-9A-Z]{1,24})[-—－](?P<name>[^\d\W].*|[“”（(《].*|\d+\D.*)"
)
LONGEST_CODE = 12
_OF_WHICH = re.compile(r"其中[:：]?")
_PINNED: Mapping[str, tuple[Role, re.Pattern[str]]] = {
    "2": (Role.FUNCTION, re.compile(r"2\d{2}(?:\d{2}){0,2}[-—－]")),
    "5": (Role.GOVERNMENT, re.compile(r"5\d{2}(?:\d{2})?[-—－]")),
    "3": (Role.DEPARTMENT, re.compile(r"3\d{2}(?:\d{2})?[-—－]")),
}
"""What a code with its name behind it is of, by its first digit."""

_CODING = (Role.CODE, Role.UNIT_CODE, Role.PROJECT_CODE, Role.FUNCTION, Role.DEPARTMENT, Role.GOVERNMENT)
_NAMING = (Role.PROJECT, Role.NAME, Role.DEPARTMENT, Role.GOVERNMENT, Role.FUNCTION, Role.OTHER, Role.UNIT)
"""Which label cell names the row, the most telling first."""


class LabelCell(NamedTuple):
    """The words of one label cell, in one or more pieces; `pieces` are their stretches of the loaded text."""

    text: str
    pieces: tuple[tuple[int, int], ...]
    indent: int = 0

    @property
    def start(self) -> int:
        """Where its first piece starts."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where its last piece ends."""
        return self.pieces[-1][1]

    def joined(self, other: "LabelCell") -> "LabelCell":
        """This cell with the words of another behind it."""
        return LabelCell(self.text + other.text, self.pieces + other.pieces, self.indent)


@dataclass(frozen=True)
class Description:
    """A row's code, name and group, with the stretches of the loaded text that the words come from."""

    name: str = ""
    code: str | None = None
    path: str | None = None
    places: Mapping[str, tuple[int, int]] | None = None


def code_and_name(text: str) -> tuple[str, str] | None:
    """`2060101-行政运行` in two; None for other words."""
    if not text[:1].isascii():
        return None
    match = _CODE_AND_NAME.fullmatch(text)
    return (match["code"], match["name"]) if match else None


def is_code(text: str) -> bool:
    """True for a classification code by itself."""
    return text.isdecimal() and LONGEST_CODE >= len(text) > 1


def classification_codes(cells: Sequence[LabelCell]) -> tuple[str, ...]:
    """The codes printed before names of the official classification, in order."""
    pinned = [cell.text for cell in cells if pinned_role(cell.text)]
    return tuple(parts[0] for text in pinned if (parts := code_and_name(text)))


def starts_cell(text: str) -> bool:
    """True for words that cannot go on with the cell before: a code, a numbering, a total."""
    return bool(
        is_code(text)
        or code_and_name(text)
        or marker_of(text)
        or is_total(text)
        or _OF_WHICH.match(text)
        or re.match(r"(?:本年|上年|年初|年末|年终|结转|收入|支出)[^，。]{0,8}(?:合计|总计|结余|结转|结余分配)$", text)
    )


def pinned_role(text: str) -> Role | None:
    """The classification that a code with its name is of."""
    role, pattern = _PINNED.get(text[:1], (None, None))
    return role if pattern is not None and pattern.match(text) else None


def assigned(cells: Sequence[LabelCell], labels: Sequence[Label]) -> list[Label | None]:
    """The label column of every cell: told by its code where it has one, in printed order else."""
    found: list[Label | None] = [None] * len(cells)
    free = list(labels)

    def pin(index: int, *roles: Role) -> None:
        label = next((each for role in roles for each in free if each.role is role), None)
        if label is not None:
            found[index] = label
            free.remove(label)

    for index, cell in enumerate(cells):
        role = pinned_role(cell.text)
        if role is not None:
            pin(index, role)
        elif is_code(cell.text):
            pin(index, Role.CODE, Role.UNIT_CODE, Role.PROJECT_CODE, Role.ORDINAL)
        elif index and is_code(cells[index - 1].text) and found[index - 1] is not None:
            pin(index, Role.NAME, Role.PROJECT, Role.UNIT)
    for index in range(len(cells)):
        if found[index] is None and free:
            found[index] = free.pop(0)
    return found


def describe(cells: Sequence[LabelCell], block: Block) -> Description:
    """Code, name and group of a row from its label cells."""
    return described([(cell, role) for cell, role, _ in columned(cells, block)])


def columned(cells: Sequence[LabelCell], block: Block) -> list[tuple[LabelCell, Role, str]]:
    """Every label cell with what its column holds and that column's heading ("" where it is not known)."""
    columns = assigned(cells, block.labels)
    return [
        (cell, column.role, column.heading)
        if column
        else (cell, Role.CODE if is_code(cell.text) and len(cells) > 1 else Role.OTHER, "")
        for cell, column in zip(cells, columns, strict=True)
    ]


def described(cells: Sequence[tuple[LabelCell, Role]]) -> Description:
    """Code, name and group of a row whose cells' meanings are known."""
    codes = [(cell, role) for cell, role in cells if is_code(cell.text) and role in _CODING]
    words = [(cell, role) for cell, role in cells if not is_code(cell.text) or role not in (*_CODING, Role.ORDINAL)]
    named = min(reversed(words), key=lambda each: _rank(each[1]), default=None)
    places: dict[str, tuple[int, int]] = {}
    name, code = "", None
    if named is not None:
        parts = code_and_name(named[0].text)
        code, name = parts if parts else (None, named[0].text)
        if parts:
            _place(places, "code", cut_of(named[0], 0, len(parts[0])))
            _place(places, "name", cut_of(named[0], len(named[0].text) - len(name), len(named[0].text)))
        else:
            _place(places, "name", named[0].pieces)
    if codes and code is None:
        code = "".join(cell.text for cell, _ in codes)
        _place(places, "code", tuple(piece for cell, _ in codes for piece in cell.pieces))
    path = _path([cell for cell, _ in words if named is None or cell is not named[0]], places)
    if code is None and named is not None and named[1] is Role.PROJECT:
        code = _function_code(words, places)
    return Description(name, code, path, places)


def _function_code(words: Sequence[tuple[LabelCell, Role]], places: dict[str, tuple[int, int]]) -> str | None:
    for cell, role in words:
        parts = code_and_name(cell.text) if role is Role.FUNCTION else None
        if parts:
            _place(places, "code", cut_of(cell, 0, len(parts[0])))
            return parts[0]
    return None


def _rank(role: Role) -> int:
    return _NAMING.index(role) if role in _NAMING else len(_NAMING)


def _path(cells: Sequence[LabelCell], places: dict[str, tuple[int, int]]) -> str | None:
    if not cells:
        return None
    if len(cells) == 1:
        _place(places, "path", cells[0].pieces)
    return "/".join(cell.text for cell in cells)


def _place(places: dict[str, tuple[int, int]], field: str, pieces: Sequence[tuple[int, int]]) -> None:
    if pieces:
        places[field] = (pieces[0][0], pieces[-1][1])


def cut_of(cell: LabelCell, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The stretches that characters `start` to `end` of a cell's words come from (words hold no white space)."""
    cut, at = [], 0
    for first, last in cell.pieces:
        length = last - first
        low, high = max(start - at, 0), min(end - at, length)
        if low < high:
            cut.append((first + low, first + high))
        at += length
    return tuple(cut)
