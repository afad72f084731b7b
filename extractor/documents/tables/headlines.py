"""Where the header of a table printed as lines ends, and where it is printed again."""

import re
from collections import Counter
from collections.abc import Sequence

from extractor.documents.tables.headwords import (
    Role,
    Sort,
    is_headword,
    is_total,
    normal,
    role_of,
    sort_of,
    starts_headword,
)
from extractor.documents.tables.labels import code_and_name, is_code
from extractor.documents.tables.rows import is_year
from extractor.documents.tables.tokens import Token

Tokens = Sequence[Token]

CLASS_COLUMNS = ("类", "款", "项")
"""The three columns of a functional code where each level has its own."""

_YEARS = {"年度", "年份", "预算年度", "实施年度"}
LONGEST_ITEM = 3
"""Over so many lines the name of an item is broken at most."""

_AMOUNTS = {Sort.AMOUNT, Sort.CHANGE, Sort.CHANGE_PART, Sort.SHARE}
_ITEMS = {
    *(Sort.OFFICIAL, Sort.VEHICLE, Sort.VEHICLE_PART, Sort.RUNNING, Sort.BASIC, Sort.PROJECTS, Sort.BASIC_PART),
    *(Sort.EXPENDITURE, Sort.SOURCE, Sort.FISCAL),
}
"""What rows name as well as columns."""

_ROW_START = re.compile(r"[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十]+[)）]|\d{1,2}[、．]")


def opens_section(tokens: Tokens) -> bool:
    """True for a line of headings, as stands above the rows below it."""
    if len(tokens) < 3 or any(token.figure is not None for token in tokens) or _ROW_START.match(tokens[0].text):
        return False
    known = [is_headword(token.text) for token in tokens]
    return sum(known) >= 3 and sum(known) >= 0.6 * len(tokens)


def leading_heads(printed: Sequence[Tokens]) -> int:
    """How many lines at the top are headings and nothing else."""
    index = 0
    while index < len(printed) and _reads_as_head(printed[index], printed[max(0, index - 3) : index]):
        index += 1
    return index


def head_end(printed: Sequence[Tokens]) -> int:
    """The first line of the body."""
    end = next((i for i, tokens in enumerate(printed) if is_column_numbers(tokens) or _opens_row(tokens)), len(printed))
    named = next((i for i, tokens in enumerate(printed[:end]) if any(sort_of(t.text) for t in tokens)), end)
    while end > named + 1 and (end == len(printed) and len(printed[-1]) == 1 and is_total(printed[-1][0].text)):
        end -= 1
    while end > named + 1 and (
        not _reads_as_head(printed[end - 1], printed[max(0, end - 4) : end - 1]) or _ends_nothing(printed, end)
    ):
        end -= 1
    return end


def _ends_nothing(printed: Sequence[Tokens], end: int) -> bool:
    """True where the last word above the rows only begins a heading, which then nothing ends: the rest of a name."""
    word = printed[end - 1][0].text
    earlier = [token.text for tokens in printed[max(0, end - 4) : end - 1] for token in tokens]
    return len(printed[end - 1]) == 1 and not is_headword(word) and not any(_completes(each, word) for each in earlier)


def items_below(head: Sequence[Tokens]) -> int:
    """How many lines at the end of a header name items without figures, where its columns are nothing but amounts of
    several years or stages: the first rows of the table (因公出国（境）费 below 项目 预算数 决算数)."""
    items = 0
    while size := _item_above(head[: len(head) - items]):
        items += size
    above = [token.text for tokens in head[: len(head) - items] for token in tokens]
    sorts = {sort_of(text) for text in above if role_of(text) is None}
    return items if sorts <= _AMOUNTS and any(role_of(text) is Role.NAME for text in above) else 0


def _item_above(lines: Sequence[Tokens]) -> int:
    """Of how many lines the last item consists, all of them below the first line; 0 where the lines end with no item."""
    for size in range(1, min(LONGEST_ITEM, len(lines) - 1) + 1):
        name = lines[len(lines) - size :]
        if all(len(tokens) == 1 for tokens in name) and sort_of("".join(t[0].text for t in name)) in _ITEMS:
            return size
    return 0


def without_row_numbers(head: Sequence[Tokens], body: Sequence[Tokens]) -> list[Tokens]:
    """The body without the row numbers that a column 行次 prints behind the words."""
    at = [next((i for i, t in enumerate(tokens) if i and t.figure is not None), 0) for tokens in body]
    numbered = [bool(i) and tokens[i].text.isdecimal() for i, tokens in zip(at, body, strict=True)]
    if not any(token.text == "行次" for tokens in head for token in tokens) or sum(numbered) < sum(map(bool, at)):
        return list(body)
    return [[*tokens[:i], *tokens[i + 1 :]] if i else tokens for i, tokens in zip(at, body, strict=True)]


def with_years_as_words(head: Sequence[Tokens], body: Sequence[Tokens]) -> list[Tokens]:
    """The body with the years of a column 年度 as the labels that they are."""
    if not any(normal(token.text) in _YEARS for tokens in head for token in tokens):
        return list(body)
    return [[token._replace(figure=None) if is_year(token) else token for token in tokens] for tokens in body]


def is_column_numbers(tokens: Tokens) -> bool:
    """A row of column numbers: 栏次 1 2 3."""
    first = next((token.text for token in tokens if token.text not in CLASS_COLUMNS), "")
    if first.startswith("栏次"):
        return True
    numbers = [token.text for token in tokens if not token.dash]
    return len(numbers) >= 3 and numbers[0] == "1" and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _opens_row(tokens: Tokens) -> bool:
    first = tokens[0].text
    words = [token.text for token in tokens]
    if words[:3] == list(CLASS_COLUMNS) and (len(words) == 4 or any(token.figure is not None for token in tokens)):
        return True
    if any(map(_ROW_START.match, words)) or code_and_name(first) or (is_code(first) and not is_year(tokens[0])):
        return True
    return any(token.figure is not None for token in tokens)


def _reads_as_head(tokens: Tokens, before: Sequence[Tokens]) -> bool:
    """True for a line of headings, or of the rest of headings that the lines before began."""
    known = [is_headword(token.text) for token in tokens]
    if len(tokens) > 1 and any(known) and not before:
        return True
    earlier = [token.text for line in before for token in line]
    fits = [
        whole or starts_headword(token.text) or any(_completes(start, token.text) for start in earlier)
        for whole, token in zip(known, tokens, strict=True)
    ]
    return all(fits) or (len(tokens) > 1 and any(known) and 2 * sum(fits) >= len(fits))


def _completes(start: str, rest: str) -> bool:
    return is_headword(start + rest) or starts_headword(start + rest)


def without_repeated_heads(head: Sequence[Tokens], body: Sequence[Tokens]) -> list[Tokens]:
    """The body without the header lines that each page prints again."""
    if not head:
        return list(body)
    known = Counter(text_of_line(tokens) for tokens in head)
    first = text_of_line(head[0])
    kept: list[Tokens] = []
    inside = False
    for tokens in body:
        if inside:
            inside = text_of_line(tokens) in known
        else:
            inside = tokens[0].text == head[0][0].text and text_of_line(tokens) == first
        if not inside and not is_column_numbers(tokens):
            kept.append(tokens)
    return kept


def text_of_line(tokens: Tokens) -> str:
    return " ".join(token.text for token in tokens)
