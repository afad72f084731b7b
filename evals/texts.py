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


def same_text(one: str, other: str) -> bool:
    """True when two texts are the same but for punctuation, or nearly so (`SAME`)."""
    return same_words(plain(one), plain(other))


def same_words(one: str, other: str) -> bool:
    """As `same_text`, for texts that are plain already."""
    if not one or not other:
        return False
    if one == other:
        return True
    most = (len(one) + len(other)) * SAME / 2  # matching characters that are needed
    return min(len(one), len(other)) >= most and _similar(one, other, most)


@lru_cache(maxsize=200_000)
def _similar(one: str, other: str, most: float) -> bool:
    return _in_common(one, other) >= most and SequenceMatcher(None, one, other).ratio() >= SAME


def _in_common(one: str, other: str) -> int:
    """An upper bound of the characters that match: those that both hold, wherever they stand."""
    return sum(min(one.count(character), other.count(character)) for character in set(one))


def same_listed_words(label: str, answer: str) -> bool:
    """As `same_words`, for listed texts that the label may cut short."""
    return same_words(label, answer) or (len(label) >= SHORTENED and answer.startswith(label))
