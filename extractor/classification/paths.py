"""Is 类、款、项 as printed an official path? Answers are cautious: what the data do not hold is never called wrong.

An item named alike under several sections (行政运行, 事业运行, 信息化建设 …) can only be checked through its section, and an item is
called misplaced only when its name stands under one single section and the printed section is itself a name the data know.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extractor.classification.entries import Entry, Level, children, functional, lookup, names_of, path_of
from extractor.classification.names import name_key, name_skeleton


class PathStatus(StrEnum):
    """What is to be said of a printed name, or of a whole path (its gravest part)."""

    OK = "ok"
    UNKNOWN = "unknown"  # not in the data: no statement
    RENAMED = "renamed"  # the name of another year; the official one of the asked year is given
    NAME_DIFFERS = "name_differs"  # 支出, 缴费 or a connecting word left out or added
    WRONG_PARENT = "wrong_parent"  # stands under another section (or class) only
    WRONG_CODE = "wrong_code"  # `check_code`: the name of another code


# UNKNOWN ranks lowest: it is the absence of a statement and must not hide one about another part.
_GRAVITY = [
    PathStatus.UNKNOWN,
    PathStatus.OK,
    PathStatus.RENAMED,
    PathStatus.NAME_DIFFERS,
    PathStatus.WRONG_PARENT,
    PathStatus.WRONG_CODE,
]


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """One printed name and its verdict. `official` is the entry it stands for (None only when unknown)."""

    level: Level
    printed: str
    status: PathStatus
    official: Entry | None = None

    @property
    def only_lacks_suffix(self) -> bool:
        """Whether nothing but a closing 支出 is missing, which many offices do throughout (一般公共服务（类）)."""
        return (
            self.status is PathStatus.NAME_DIFFERS
            and self.official is not None
            and name_key(self.official.name) == name_key(self.printed) + "支出"
        )


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """The verdicts on class, section and item, those that were printed, in this order."""

    parts: tuple[PartVerdict, ...]
    year: int | None = None

    @property
    def status(self) -> PathStatus:
        """The gravest status of the parts; OK only when every part is, UNKNOWN when nothing can be said."""
        statuses = {part.status for part in self.parts}
        if statuses <= {PathStatus.OK, PathStatus.UNKNOWN}:
            return PathStatus.OK if statuses == {PathStatus.OK} else PathStatus.UNKNOWN
        return max(statuses, key=_GRAVITY.index)

    @property
    def official_path(self) -> tuple[Entry, ...]:
        """Class, section and item as they should read, down to the lowest part known; empty when none is."""
        known = [part.official.code for part in self.parts if part.official is not None]
        if not known:
            return ()
        lowest = max(known, key=len)
        return path_of(lowest, self.year) or path_of(lowest)


@lru_cache(maxsize=4096)  # departments share their paths: 55 µs each, which 5,000 amounts make 5 ms
def check_path(
    class_name: str | None, section_name: str | None, item_name: str | None, year: int | None = None
) -> PathVerdict:
    """Check a printed path against the classification of a fiscal year; without a year, against all years at once.

    A part that is None was not printed and is not checked. Names may carry （类）, spaces, full-width brackets or their code.
    """
    parts: list[PartVerdict] = []
    classes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    if class_name is not None:
        part = _match(class_name, Level.CLASS, children(""), year) or _unknown(class_name, Level.CLASS)
        classes = (part.official.code,) if part.official else ()
        parts.append(part)
    if section_name is not None:
        part = _check_section(section_name, classes, year)
        if part.official is not None:
            # Sections share a name over classes (地震事务 in 220 and 224): without a known class each stays possible.
            twins = () if classes else lookup(part.official.name, Level.SECTION)
            sections = tuple({part.official.code, *(entry.code for entry in twins)})
        parts.append(part)
    if item_name is not None:
        if section_name is None:
            parts.append(_check_loose_item(item_name, classes, year))
        else:
            parts.append(_check_item(item_name, section_name, sections, year))
    return PathVerdict(tuple(parts), year)


def check_code(code: str, printed_name: str, year: int | None = None) -> PartVerdict:
    """Check the name printed beside a functional code.

    WRONG_CODE only when the printed name is the official name of another code, so that an office's own project names, which
    many tables print beside the code, are not accused. Raises ValueError when the code has not 3, 5 or 7 digits.
    """
    if not code.isdecimal() or len(code) not in set(Level):
        raise ValueError(f"functional code {code!r}: expected 3, 5 or 7 digits")
    level = Level(len(code))
    entries = names_of(code)
    part = _match(printed_name, level, entries, year)
    if part is not None:
        return part
    official = functional(code, year) or functional(code)
    if official is not None and _is_known_name(printed_name):
        return PartVerdict(level, printed_name, PathStatus.WRONG_CODE, official)
    return _unknown(printed_name, level)


def _check_section(printed: str, classes: tuple[str, ...], year: int | None) -> PartVerdict:
    candidates = [e for code in classes for e in children(code)] if classes else lookup(printed, Level.SECTION)
    return (
        _match(printed, Level.SECTION, candidates, year)
        or _misplaced(printed, Level.SECTION, year)
        or _unknown(printed, Level.SECTION)
    )


def _check_item(printed: str, section_name: str, sections: tuple[str, ...], year: int | None) -> PartVerdict:
    part = _match(printed, Level.ITEM, [e for code in sections for e in children(code)], year)
    if part is None and (sections or _is_known_name(section_name)):
        part = _misplaced(printed, Level.ITEM, year)
    return part or _unknown(printed, Level.ITEM)


def _check_loose_item(printed: str, classes: tuple[str, ...], year: int | None) -> PartVerdict:
    """An item printed without its section: only a name that stands under one section says which item is meant."""
    found = [e for e in lookup(printed, Level.ITEM) if not classes or e.code.startswith(classes)]
    if len({entry.parent_code for entry in found}) != 1:
        return _unknown(printed, Level.ITEM)
    return _match(printed, Level.ITEM, found, year) or _unknown(printed, Level.ITEM)


def _misplaced(printed: str, level: Level, year: int | None) -> PartVerdict | None:
    """WRONG_PARENT when the name stands under one single parent in all years, and does so in `year`."""
    elsewhere = lookup(printed, level)
    current = [entry for entry in elsewhere if entry.in_force(year)]
    if current and len({entry.parent_code for entry in elsewhere}) == 1:
        return PartVerdict(level, printed, PathStatus.WRONG_PARENT, current[-1])
    return None


def _unknown(printed: str, level: Level) -> PartVerdict:
    return PartVerdict(level, printed, PathStatus.UNKNOWN)


def _match(printed: str, level: Level, candidates: Iterable[Entry], year: int | None) -> PartVerdict | None:
    """OK, RENAMED or NAME_DIFFERS when the name belongs to one of the candidates, else None."""
    pool, key = list(candidates), name_key(printed)
    same = [entry for entry in pool if name_key(entry.name) == key]
    if same:
        entry = next((e for e in same if e.in_force(year)), same[-1])
        now = functional(entry.code, year)
        renamed = not entry.in_force(year) and now is not None
        return PartVerdict(level, printed, PathStatus.RENAMED if renamed else PathStatus.OK, now if renamed else entry)
    alike = [entry for entry in pool if name_skeleton(entry.name) == name_skeleton(printed)]
    current = [entry for entry in alike if entry.in_force(year)] or alike
    if current and len({entry.name for entry in current}) == 1:
        return PartVerdict(level, printed, PathStatus.NAME_DIFFERS, current[-1])
    return None


def _is_known_name(printed: str) -> bool:
    return any(lookup(printed, level) for level in Level)
