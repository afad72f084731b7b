"""The tables of the official classification, and questions about single entries.

Years are years in which a name is known to have been official. `None` means that no earlier (later) limit is known, so it never
speaks against a document. Between two names of one code there may be a gap: the year of the change is not known, and no entry is
said to be in force then.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from importlib import resources

from extractor.classification.names import name_key


class Level(IntEnum):
    """A level of the functional classification; the value is the number of digits of its codes."""

    CLASS = 3  # 类
    SECTION = 5  # 款
    ITEM = 7  # 项


class EconomicKind(StrEnum):
    """The two economic classifications in use side by side since 2018."""

    DEPARTMENT = "department"  # 部门预算支出经济分类, codes 3xx
    GOVERNMENT = "government"  # 政府预算支出经济分类, codes 5xx


class EconomicGroup(StrEnum):
    """The groups in which disclosures sum up basic expenditure."""

    WAGES = "wages"  # 301 工资福利支出
    GOODS_SERVICES = "goods_services"  # 302 商品和服务支出
    INDIVIDUALS = "individuals"  # 303 对个人和家庭的补助
    CAPITAL = "capital"  # 309 and 310 资本性支出


_GROUPS = {
    "301": EconomicGroup.WAGES,
    "302": EconomicGroup.GOODS_SERVICES,
    "303": EconomicGroup.INDIVIDUALS,
    "309": EconomicGroup.CAPITAL,
    "310": EconomicGroup.CAPITAL,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One official name of one code, with the years in which it is known to have been in force (None: no limit known)."""

    code: str
    name: str
    valid_from: int | None = None
    valid_to: int | None = None
    note: str = ""

    @property
    def parent_code(self) -> str:
        """The code one level up; empty for a class."""
        return self.code[:-2] if len(self.code) > Level.CLASS else ""

    def in_force(self, year: int | None) -> bool:
        """Whether nothing known speaks against this name in `year`; always true when no year is asked for."""
        if year is None:
            return True
        return (self.valid_from is None or self.valid_from <= year) and (self.valid_to is None or year <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A department code and the government code it falls under, for one kind of unit.

    `unit` is "administrative" (机关), "institution" (事业单位) or "any". Source: the correspondence table of the 2018 reform.
    """

    department: str
    government: str
    unit: str


def _rows(table: str) -> Iterator[dict[str, str]]:
    with resources.files(__package__).joinpath(table).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _entry(row: dict[str, str]) -> Entry:
    def year(column: str) -> int | None:
        return int(row[column]) if row[column] else None

    return Entry(row["code"], row["name"], year("valid_from"), year("valid_to"), row["note"])


@cache
def _by_code() -> dict[str, tuple[Entry, ...]]:
    return _grouped((entry.code, entry) for entry in map(_entry, _rows("functional.csv")))


@cache
def _by_name() -> dict[str, tuple[Entry, ...]]:
    return _grouped((name_key(entry.name), entry) for entries in _by_code().values() for entry in entries)


@cache
def _by_parent() -> dict[str, tuple[Entry, ...]]:
    return _grouped((entry.parent_code, entry) for entries in _by_code().values() for entry in entries)


@cache
def _economic(kind: EconomicKind) -> dict[str, tuple[Entry, ...]]:
    """Entries of one kind, by code and also by name key: the two never collide, codes are digits."""
    entries = [_entry(row) for row in _rows("economic.csv") if row["kind"] == kind]
    return _grouped([(entry.code, entry) for entry in entries] + [(name_key(entry.name), entry) for entry in entries])


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> dict[str, tuple[Entry, ...]]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for key, entry in pairs:
        groups[key].append(entry)
    return {key: tuple(entries) for key, entries in groups.items()}


def _current(entries: Iterable[Entry], year: int | None) -> list[Entry]:
    """The entries in force in `year`; without a year those without a known end, or all when every one has ended."""
    known = list(entries)
    if year is not None:
        return [entry for entry in known if entry.in_force(year)]
    return [entry for entry in known if entry.valid_to is None] or known


def names_of(code: str) -> tuple[Entry, ...]:
    """All official names of a functional code, oldest first; empty when the code is not in the data."""
    return _by_code().get(code, ())


def functional(code: str, year: int | None = None) -> Entry | None:
    """The official entry of a functional code (3, 5 or 7 digits), the newest without a year.

    None: the code is not in the data, or no name is known for that year. Never evidence that the code does not exist.
    """
    current = _current(names_of(code), year)
    return current[-1] if current else None


def lookup(name: str, level: Level, within: str | None = None, year: int | None = None) -> tuple[Entry, ...]:
    """Every entry of a level printed with this name (compared as `name_key`), under the class or section code `within` if given."""
    return tuple(
        entry
        for entry in _by_name().get(name_key(name), ())
        if len(entry.code) == level and (within is None or entry.code.startswith(within)) and entry.in_force(year)
    )


def class_codes(name: str) -> set[str]:
    """The codes of the classes printed with this name, or with it and 支出 behind (农林水, 农林水支出)."""
    return {entry.code for each in (name, f"{name}支出") for entry in lookup(each, Level.CLASS)}


def is_functional_name(name: str) -> bool:
    """True for a name of the functional classification, at whatever level."""
    return any(lookup(name, level) for level in Level)


def children(code: str) -> tuple[Entry, ...]:
    """All entries one level below a class or section, of all years; the classes for an empty code."""
    return _by_parent().get(code, ())


def printed_path(text: str) -> tuple[str, ...]:
    """The names of a class, a section below it and an item below that, where `text` is nothing but these names one behind the
    other (住房保障支出住房改革支出住房公积金); class and section alone will do. () where it is not."""
    return next((names for entry, names in _paths(text, "") if len(entry.code) > Level.CLASS), ())


def _paths(text: str, above: str) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """Every way to part `text` into names of entries that stand below one another, the first of them below `above`."""
    for entry in children(above):
        if text == entry.name:
            yield entry, (text,)
        elif text.startswith(entry.name):
            rest = text[len(entry.name) :]
            yield from ((last, (entry.name, *names)) for last, names in _paths(rest, entry.code))


def path_of(code: str, year: int | None = None) -> tuple[Entry, ...]:
    """Class, section and item down to `code`; empty when one of them is not known (for that year)."""
    entries = [functional(code[:level], year) for level in Level if level <= len(code)]
    known = tuple(entry for entry in entries if entry is not None)
    return known if len(known) == len(entries) and known[-1].code == code else ()


def _economic_current(code_or_name: str, kind: EconomicKind, year: int | None) -> list[Entry]:
    text = code_or_name.strip()
    return _current(_economic(kind).get(text if text.isdecimal() else name_key(text), ()), year)


def economic(code_or_name: str, kind: EconomicKind = EconomicKind.DEPARTMENT, year: int | None = None) -> Entry | None:
    """The economic entry of a code or of a printed name; None when unknown, or when the name stands for several codes that year.

    Without a year the classification of today answers: 住房公积金 is 30113, though it was 30311 until 2017.
    """
    current = _economic_current(code_or_name, kind, year)
    return current[-1] if len({entry.code for entry in current}) == 1 else None


def economic_items(kind: EconomicKind = EconomicKind.DEPARTMENT) -> tuple[Entry, ...]:
    """Every entry of one economic classification, of all years."""
    return tuple({entry: None for entries in _economic(kind).values() for entry in entries})


def group_of(code_or_name: str, year: int | None = None) -> EconomicGroup | None:
    """The group of a department economic code or name; None when it has none or several (资本金注入, 其他支出 …)."""
    groups = {_GROUPS.get(e.code[:3]) for e in _economic_current(code_or_name, EconomicKind.DEPARTMENT, year)}
    return groups.pop() if len(groups) == 1 else None


@cache
def _correspondences() -> dict[str, tuple[Correspondence, ...]]:
    table: defaultdict[str, list[Correspondence]] = defaultdict(list)
    for row in _rows("economic_map.csv"):
        table[row["department"]].append(Correspondence(row["department"], row["government"], row["unit"]))
    return {code: tuple(found) for code, found in table.items()}


def government_codes(department_code: str) -> tuple[Correspondence, ...]:
    """The government codes a department economic code can fall under; empty when no fixed correspondence is known."""
    return _correspondences().get(department_code, ())
