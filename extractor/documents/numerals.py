"""Printed numbers: half- and full-width digits, thousands separators, Chinese numerals."""

import re
from decimal import Decimal, InvalidOperation

_HALF_WIDTH = dict(zip("０１２３４５６７８９．％－﹣−", "0123456789.%---", strict=True))
_FULL_WIDTH = re.compile(f"[{''.join(_HALF_WIDTH)}]")

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
"""A printed number in text that `half_width` has been applied to."""

CHINESE_NUMBER = r"[一二三四五六七八九十百千两](?:零?[一二三四五六七八九十百千两])*"

_CHINESE_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def half_width(text: str) -> str:
    """The text with full-width digits, points, signs and percent signs as half-width ones, same length."""
    if text.isascii():
        return text
    return _FULL_WIDTH.sub(lambda match: _HALF_WIDTH[match.group()], text)  # a tenth of the time of str.translate


def decimal_of(printed: str) -> Decimal | None:
    """The value of a printed number; None where it is none. Exact: trailing zeros are kept."""
    try:
        return Decimal(half_width(printed).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None


def decimals_of(printed: str) -> int:
    """How many digits a printed number shows behind its point."""
    _, _, fraction = half_width(printed).partition(".")
    return len(fraction)


def chinese_decimal(printed: str) -> Decimal | None:
    """The value of a Chinese numeral (三十三 → 33, 两 → 2, 百 → 100); None where it is none."""
    total = section = digit = 0
    for character in printed:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        elif character in ("万", "亿"):
            total = (total + section + digit) * _CHINESE_UNITS[character]
            section = digit = 0
        elif character in _CHINESE_UNITS:
            section += (digit or 1) * _CHINESE_UNITS[character]
            digit = 0
        else:
            return None
    return Decimal(total + section + digit) if printed else None
