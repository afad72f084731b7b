"""Names that are one character off a well-known one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHORTEST_NAME = 6
"""Shorter names differ from each other by one character too often."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A stretch of a text that differs from a known name in one character."""

    start: int
    end: int
    printed: str
    meant: str


def near_misses(text: str, names: Iterable[str], shortest: int = SHORTEST_NAME, tail: int = 1) -> Iterator[NearMiss]:
    """Every stretch one substituted character away from a name, but for its first and its last `tail` ones.

    Names that differ at an end are other names, or the beginning of the next word.

    Half of such a stretch is printed right, so only places that hold one half of a name are looked at.
    """
    known = {name for name in names if len(name) >= shortest}
    seen: set[int] = set()
    for name in sorted(known, key=lambda each: (-len(each), each)):
        middle = len(name) // 2
        for half, shift in ((name[:middle], 0), (name[middle:], middle)):
            position = text.find(half)
            while position >= 0:
                start = position - shift
                printed = text[start : start + len(name)] if start >= 0 else ""
                if printed not in known and start not in seen and _is_near(printed, name, tail):
                    seen.add(start)
                    yield NearMiss(start, start + len(name), printed, name)
                position = text.find(half, position + 1)


def _is_near(printed: str, name: str, tail: int) -> bool:
    if len(printed) != len(name):
        return False
    differing = [place for place, (one, other) in enumerate(zip(printed, name, strict=True)) if one != other]
    if len(differing) != 1 or not 0 < differing[0] < len(name) - tail or printed.startswith("其中"):
        return False
    return all("\u4e00" <= each[differing[0]] <= "\u9fff" for each in (printed, name))
