"""The numbering that starts headings and list items, from 第X部分 down to ①."""

import re
from dataclasses import dataclass
from functools import lru_cache

_CHINESE = "〇零一二三四五六七八九十百"
_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第\s*([{_CHINESE}]+|\d+)\s*(?:部分|章)\s*[、：:．.]?\s*")),
    (1, re.compile(r"附\s*件\s*(\d*|[一二三四五六七八九十]+)\s*[：:、．.]?\s*(?=\D|$|20\d\d)")),
    (2, re.compile(rf"([{_CHINESE}]+)\s*[、．.]\s*")),
    (3, re.compile(rf"[（(]\s*([{_CHINESE}]+)\s*[)）]\s*[、．.]?\s*")),
    (4, re.compile(r"(\d{1,3})\s*(?:[、．]|\.(?!\d))\s*")),
    (4, re.compile(r"(\d{1,2})\.(?=(?:19|20)\d\d\s*年)")),
    (5, re.compile(r"[（(]\s*(\d{1,3})\s*[)）]\s*[、．.]?\s*")),
    (5, re.compile(r"(\d{1,2})\s*[)）]\s*")),
    (6, re.compile(r"([①-⑳])\s*")),
)
_FIRST = re.compile(rf"[第附{_CHINESE}（(\d①-⑳\-·•●■◆]")
_BULLET = re.compile(r"[-·•●■◆]\s+")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0}


@dataclass(frozen=True)
class Marker:
    """The numbering at the start of a paragraph.

    `level` goes from 1 (第一部分) to 6 (①); `number` is None where it is not printed (附件);
    `length` is the number of characters up to the first word.
    """

    level: int
    number: int | None
    text: str
    length: int
    style: int

    def follows(self, before: "Marker") -> bool:
        """True when this is the next number in the same style."""
        return self.style == before.style and self.number is not None and self.number == (before.number or 0) + 1


@lru_cache(maxsize=4096)  # unwrapping, sections and headings ask three to five times for each line
def marker_of(text: str) -> Marker | None:
    """The numbering that a paragraph starts with, None where it starts with none."""
    if not _FIRST.match(text):
        return None
    bullet = _BULLET.match(text)
    shift = bullet.end() if bullet else 0
    for style, (level, pattern) in enumerate(_LEVELS):
        match = pattern.match(text, shift)
        if match:
            printed = text[shift : match.end()].strip()
            return Marker(level, _number(match.group(1)), printed, match.end(), style)
    return None


def _number(printed: str) -> int | None:
    if not printed:
        return None
    if "①" <= printed <= "⑳":
        return ord(printed) - ord("①") + 1
    if printed.isdecimal():
        return int(printed)
    return chinese_integer(printed)


def chinese_integer(printed: str) -> int | None:
    """The value of a Chinese numeral below 10,000 (三十六 → 36, 二〇 → 20); None where it is no numeral."""
    if not printed or any(character not in _DIGITS and character not in "十百千两" for character in printed):
        return None
    if not any(character in "十百千" for character in printed):
        return int("".join(str(_DIGITS[c]) if c != "两" else "2" for c in printed))
    total = digit = 0
    for character in printed:
        if character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = 2 if character == "两" else _DIGITS[character]
    return total + digit
