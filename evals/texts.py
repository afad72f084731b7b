"""When two copied texts say the same."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

SAME = 0.85
"""The least similarity (matching characters, both lengths) of two texts that count as the same: where a reason
begins and ends is a matter of taste, what it says is not."""
SHORTENED = 20
"""A label of this many characters or more may be the beginning of a longer text in listed records."""

_MARKS = re.compile(r"[\s，,（()）“”\"'：:。、．.《》]")


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """The text without white space and the punctuation that copies differ in."""
    return _MARKS.sub("", text)


@lru_cache(maxsize=200_000)
def same_text(one: str, other: str) -> bool:
    """True when two texts are the same but for punctuation, or nearly so (`SAME`)."""
    first, second = plain(one), plain(other)
    if not first or not second:
        return False
    if first == second:
        return True
    most = (len(first) + len(second)) * SAME / 2  # matching characters that are needed
    if min(len(first), len(second)) < most or _in_common(first, second) < most:
        return False
    return SequenceMatcher(None, first, second).ratio() >= SAME


def _in_common(one: str, other: str) -> int:
    """An upper bound of the characters that match: those that both hold, wherever they stand."""
    return sum(min(one.count(character), other.count(character)) for character in set(one))


def same_listed(label: str, answer: str) -> bool:
    """As `same_text`, for listed texts that the label may cut short."""
    cut = plain(label)
    return same_text(label, answer) or (len(cut) >= SHORTENED and plain(answer).startswith(cut))
