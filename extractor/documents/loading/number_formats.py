"""How a spreadsheet prints a stored number: the part of its number formats that tables of money use.

Sections for negative numbers and zero, digits and decimals, thousands separators, scaling by thousands, percent signs,
quoted and escaped words, dates. Formats with fractions or exponents are printed as plain numbers.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | [_*]. | \[\$(?P<currency>[^\]-]*)[^\]]*\] | \[[^\]]*\]
    | (?P<digits>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_DATE_TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|\[[^\]]*\]|(y+|m+|d+|h+|s+|aaa+)|([^;@])', re.IGNORECASE)
_GENERAL = re.compile(r"^(?:general|g/通用格式|@)?$", re.IGNORECASE)
_UNUSUAL = re.compile(r"[0#?]E[+-]|[0#?]\s*/\s*[0#?\d]", re.IGNORECASE)

SIGNIFICANT = 15
"""Spreadsheets compute with binary fractions and show at most this many digits of them."""

GENERAL_SIGNIFICANT = 10
"""The format without a format shows so many digits of a fraction."""


def exact(stored: float | int) -> Decimal:
    """The number that a spreadsheet means by a binary fraction: 0.30000000000000004 is 0.3."""
    return Decimal(stored) if isinstance(stored, int) else Decimal(f"{stored:.{SIGNIFICANT}g}")


def shown(number: Decimal, code: str) -> str:
    """A number as a format prints it, rounded half up; "" where the format prints nothing."""
    if not number.is_finite():
        return str(number)
    if _GENERAL.match(code) or _UNUSUAL.search(code):
        return _general(number)
    sections = _sections(code)
    section, value = sections[0], number
    if len(sections) > 1 and number < 0:
        section, value = sections[1], -number
    elif len(sections) > 2 and number == 0:
        section = sections[2]
    if _GENERAL.match(section.strip()):
        return _general(value) if section.strip() else ""
    return _filled(section, value)


def _general(number: Decimal) -> str:
    if number != number.to_integral_value():
        number = Decimal(f"{number:.{GENERAL_SIGNIFICANT}g}").normalize()
    return f"{number:f}" if number != number.to_integral_value() else f"{number.to_integral_value():f}"


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a format between semicolons that are not quoted."""
    return tuple(re.findall(r'((?:"[^"]*"|[\\!_*].|\[[^\]]*\]|[^;"])*)(?:;|$)', code)[: code.count(";") + 1])


@lru_cache(maxsize=256)
def _tokens(section: str) -> tuple[tuple[str, str], ...]:
    """Kind and text of the signs of a section; words are literals."""
    found = []
    for match in _TOKEN.finditer(section):
        kind = match.lastgroup
        if kind is not None:
            literal = kind in ("quoted", "escaped", "currency", "other")
            found.append(("literal" if literal else kind, match[kind] or ""))
    return tuple(found)


def _filled(section: str, number: Decimal) -> str:
    """A section's signs with the digits of the number in their places."""
    tokens = _tokens(section)
    places = [index for index, (kind, _) in enumerate(tokens) if kind == "digits"]
    if not places:
        return "".join(text for kind, text in tokens if kind in ("literal", "percent")).strip()
    point = next((index for index, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    whole, fraction = [p for p in places if p < point], [p for p in places if p > point]
    thousands = any(kind == "comma" and places[0] < index < places[-1] for index, (kind, _) in enumerate(tokens))
    scale = sum(1 for index, (kind, _) in enumerate(tokens) if kind == "comma" and index > places[-1])
    percents = sum(1 for kind, _ in tokens if kind == "percent")
    value = number.scaleb(2 * percents - 3 * scale)
    value = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits, _, decimals = f"{abs(value):f}".partition(".")
    filling = _whole_part(tokens, whole, digits, thousands) | _fraction(tokens, fraction, decimals)
    if not any(filling.get(index) for index in fraction) and tokens[fraction[0] if fraction else 0][1] == "#":
        point = len(tokens)  # 1.# prints no point without a digit behind it
    parts = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "digits":
            parts.append(filling[index])
        elif kind in ("literal", "percent") or (kind == "point" and index == point):
            parts.append(text)
    printed = "".join(parts).strip()
    return f"-{printed}" if value < 0 else printed


def _whole_part(
    tokens: Sequence[tuple[str, str]], places: Sequence[int], digits: str, thousands: bool
) -> dict[int, str]:
    """Digits before the point by the place that prints them, from the right; the first place prints all that are
    left over. `0` prints a digit always, `#` and `?` only where there is one."""
    digits = digits.lstrip("0")
    filling = {}
    count = 0
    for index in reversed(places):
        last = index == places[0]
        taken, digits = (digits, "") if last else (digits[-1:], digits[:-1])
        if not taken and tokens[index][1] == "0":
            taken = "0"
        text = ""
        for digit in reversed(taken):
            text = digit + ("," if thousands and count and count % 3 == 0 else "") + text
            count += 1
        filling[index] = text
    return filling


def _fraction(tokens: Sequence[tuple[str, str]], places: Sequence[int], decimals: str) -> dict[int, str]:
    """Digits behind the point by the place that prints them, without the zeros that only `#` would print."""
    filling = dict(zip(places, decimals, strict=True))
    for index in reversed(places):
        if tokens[index][1] == "0" or filling[index] != "0":
            break
        filling[index] = ""
    return filling


def shown_date(moment: datetime | date | time, code: str) -> str:
    """A date or time as a format prints it."""
    if isinstance(moment, time):
        return moment.isoformat("minutes")
    if _GENERAL.match(code):
        return moment.date().isoformat() if isinstance(moment, datetime) else moment.isoformat()
    parts = []
    hours = False
    for quoted, escaped, letters, other in _DATE_TOKEN.findall(_sections(code)[0]):
        kind = letters[:1].lower()
        if kind in ("h", "s"):
            hours = True
        parts.append(_date_part(moment, kind, len(letters), hours) if letters else quoted or escaped or other)
        if kind == "d" or kind == "y":
            hours = False
    return "".join(parts).strip()


def _date_part(moment: datetime | date, kind: str, length: int, hours: bool) -> str:
    clock = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    if kind == "y":
        return f"{clock.year:04d}" if length > 2 else f"{clock.year % 100:02d}"
    if kind == "a":
        return "一二三四五六日"[clock.weekday()]
    number = {"m": clock.minute if hours else clock.month, "d": clock.day, "h": clock.hour, "s": clock.second}[kind]
    return f"{number:02d}" if length > 1 else str(number)
