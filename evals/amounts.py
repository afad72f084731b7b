"""What a printed figure is worth, read from the print alone."""

import re
from decimal import Decimal
from functools import lru_cache

import msgspec

_UNIT = r"[^\d年月.,，．]*"
_PLAIN = re.compile(rf"(-?\d+(?:\.\d+)?)({_UNIT})")
_ANY = re.compile(r"[-－−]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?")
_HALF = str.maketrans("０１２３４５６７８９．－−", "0123456789.--", ",，")
_FACTORS = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}


class Amount(msgspec.Struct, gc=False):
    """What a printed figure says: its number, its unit as printed, and yuan where it is money."""

    number: Decimal
    unit: str
    yuan: Decimal | None


@lru_cache(maxsize=1_000)
def is_unit(text: str) -> bool:
    """True when what stands behind a number is its unit, or nothing: no more digits, and no date."""
    return re.fullmatch(_UNIT, text) is not None


def factor_of(unit: str) -> Decimal | None:
    """How many yuan a unit of money is; None for other units."""
    return _FACTORS.get(unit)


@lru_cache(maxsize=50_000)
def amount_of(raw: str) -> Amount | None:
    """The amount that a figure prints; None for dates and Chinese numerals, which are compared as printed.

    Written apart from the extractor: labels are read with their own eyes.
    """
    plain = _PLAIN.fullmatch(raw)
    if plain is not None:
        digits, unit = plain.groups()
    else:
        found = _ANY.search(raw)
        if found is None or "年" in raw or "月" in raw:
            return None
        digits, unit = found[0].translate(_HALF), raw[found.end() :]
    unit = unit.replace("％", "%")
    number = Decimal(digits)
    factor = _FACTORS.get(unit)
    return Amount(number, unit, None if factor is None else number * factor)


def equal_amounts(one: Amount, other: Amount) -> bool:
    """Money is equal as a Decimal in yuan, at the precision printed and without tolerance; other figures by number."""
    if one.yuan is not None and other.yuan is not None:
        return one.yuan == other.yuan
    if (one.yuan is None) != (other.yuan is None) and one.unit and other.unit:
        return False
    return one.number == other.number
