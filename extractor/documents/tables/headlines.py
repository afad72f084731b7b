"""Where the header of a table printed as lines ends, and where it is printed again."""

import re
from collections import Counter
from collections.abc import Sequence

from extractor.documents.tables.headwords import is_headword, is_total, sort_of, starts_headword
from extractor.documents.tables.labels import code_and_name, is_code
from extractor.documents.tables.rows import is_year
from extractor.documents.tables.tokens import Token

Tokens = Sequence[Token]

CLASS_COLUMNS = ("类", "款", "项")
"""The three columns of a functional code where each level has its own."""

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
    while end > named + 1 and not _reads_as_head(printed[end - 1], printed[max(0, end - 4) : end - 1]):
        end -= 1
    return end


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
    if _ROW_START.match(first) or code_and_name(first) or (is_code(first) and not is_year(tokens[0])):
        return True
    return any(token.figure is not None for token in tokens)


def _reads_as_head(tokens: Tokens, before: Sequence[Tokens]) -> bool:
    """True for a line of headings, or of the rest of headings that the lines before began."""
    known = [is_headword(token.text) for token in tokens]
    if len(tokens) > 1 and any(known):
        return True
    earlier = [token.text for line in before for token in line]
    return all(
        whole or starts_headword(token.text) or any(_completes(start, token.text) for start in earlier)
        for whole, token in zip(known, tokens, strict=True)
    )


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
