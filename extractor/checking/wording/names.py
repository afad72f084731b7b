"""Which names are official ones."""

from functools import cache

from extractor.classification import EconomicKind, economic_items, is_functional_name, name_key


@cache
def economic_names() -> frozenset[str]:
    """Every name of the economic classification, for departments and for governments."""
    return frozenset(entry.name for kind in EconomicKind for entry in economic_items(kind))


@cache
def is_official_name(name: str) -> bool:
    """True for a name of the functional or the economic classification, at whatever level."""
    return is_functional_name(name) or name_key(name) in {name_key(each) for each in economic_names()}
