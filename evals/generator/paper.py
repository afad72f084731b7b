"""A disclosure being written: its text, where each figure stands in it, and the records that say what it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

Label = tuple[str, dict[str, Any]]
"""A record type and its fields; quantity fields hold the keys of printed figures."""


@dataclass(frozen=True)
class Printed:
    """One figure as it stands in the text: its key, its number and unit, and the offset of the number."""

    key: str
    number: str
    unit: str
    start: int = 0

    @property
    def text(self) -> str:
        """The figure with its unit."""
        return self.number + self.unit

    @property
    def value(self) -> Decimal:
        """The printed number."""
        return Decimal(self.number)


@dataclass
class Paper:
    """Pieces of text and figures in order. Pieces are literal strings; figures are known by their keys."""

    pieces: list[str | Printed] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def write(self, *pieces: str | Printed) -> None:
        """Append text and figures."""
        self.pieces.extend(pieces)

    def line(self, *pieces: str | Printed) -> None:
        """Append a line."""
        self.write(*pieces, "\n")

    def record(self, record_type: str, **fields: Any) -> None:
        """Say what some printed figures are; figures may be given as such."""
        self.labels.append((record_type, {name: _keys(value) for name, value in fields.items() if value is not None}))

    def replaced(self, changes: dict[str, Printed]) -> "Paper":
        """The paper with some figures printed otherwise."""
        pieces = [changes.get(each.key, each) if isinstance(each, Printed) else each for each in self.pieces]
        return Paper(pieces, list(self.labels))

    @property
    def figures(self) -> dict[str, Printed]:
        """Every printed figure by its key, with its place."""
        found: dict[str, Printed] = {}
        position = 0
        for piece in self.pieces:
            if isinstance(piece, Printed):
                found[piece.key] = replace(piece, start=position)
                position += len(piece.text)
            else:
                position += len(piece)
        return found

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text if isinstance(piece, Printed) else piece for piece in self.pieces)


def _keys(value: Any) -> Any:
    if isinstance(value, Printed):
        return value.key
    if isinstance(value, dict):
        return {name: _keys(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_keys(each) for each in value]
    return value


def decimal_text(value: Decimal, decimals: int, drop_zeros: bool = False) -> str:
    """A number rounded half up; `drop_zeros` as many offices print it (412 for 412.00)."""
    text = f"{value.quantize(Decimal(1).scaleb(-decimals), rounding='ROUND_HALF_UP'):f}"
    if drop_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def joined(pieces: Iterable[list[str | Printed]], mark: str) -> list[str | Printed]:
    """Pieces with a mark between them."""
    result: list[str | Printed] = []
    for position, each in enumerate(pieces):
        if position:
            result.append(mark)
        result.extend(each)
    return result
