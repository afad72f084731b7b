"""Printed subject names, brought to one form so that they can be compared with official ones."""

import re
import unicodedata
from functools import lru_cache

_QUOTES = re.compile("[“”‘’\"'「」『』]")
# What is left of a list number (1、 or （3）), and a code printed before the name (2080501-行政单位离退休)
_LEADING = re.compile(r"^[、.,;:)]*(?:\d{3,7}[-—–_.、:]?)?")
# （类）, and the （208类） or （2080505） that some offices print
_TRAILING_LEVEL = re.compile(r"\((?:\d{2,7})?[类款项]?\)$")
# From about 2016 to 2018 the fund sections read 「…及对应专项债务收入安排的支出」; the short form names the same section.
_DEBT_INSERT = "及对应专项债务收入"
# What offices most often leave out or add without meaning another subject.
_FILLERS = re.compile("支出|缴费|[的和与及、]")


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """The form in which two names count as the same: no white space or quotes, half-width brackets, no code, no （类）（款）（项）."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    text = _TRAILING_LEVEL.sub("", _LEADING.sub("", _QUOTES.sub("", text)))
    return text.replace(_DEBT_INSERT, "")


def name_skeleton(name: str) -> str:
    """The key without 支出, 缴费 and connecting words: equal skeletons under one parent are one subject, misprinted."""
    return _FILLERS.sub("", name_key(name))
