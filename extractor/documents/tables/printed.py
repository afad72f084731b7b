"""Tables printed as lines of text: where the header ends, which columns it names, which rows the body prints."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.documents.lines import Line
from extractor.documents.tables.block_rows import block_rows
from extractor.documents.tables.columns import likeliest
from extractor.documents.tables.heads import Block, read_head
from extractor.documents.tables.headwords import is_headword, is_total, role_of, sort_of, starts_headword, unit_of
from extractor.documents.tables.indicators import Project, heads_indicators, indicator_sheet, named_project
from extractor.documents.tables.labels import code_and_name, is_code
from extractor.documents.tables.model import PrintedIndicator, PrintedText
from extractor.documents.tables.rows import RawRow, is_word, is_year
from extractor.documents.tables.single_rows import single_rows
from extractor.documents.tables.tokens import Token, tokens_of

_ROW_START = re.compile(r"[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十]+[)）]|\d{1,2}[、．]")
_CLASS_COLUMNS = ("类", "款", "项")

_Tokens = Sequence[Token]


@dataclass(frozen=True)
class Sheet:
    """A header with the body below it: blocks of columns, the rows as printed, indicators, and the unit that the
    header names."""

    blocks: tuple[Block, ...]
    rows: list[RawRow]
    unit: str | None = None
    indicators: tuple[PrintedIndicator, ...] = ()


def sheets_of(lines: Sequence[Line]) -> list[Sheet]:
    """Read a table's lines (without caption and notes): one sheet, or several where a new header stands in between."""
    printed = [tokens_of(line) for line in lines]
    sheets: list[Sheet] = []
    project: dict[str, PrintedText] = {}
    for section in _sections(printed):
        named = [found for tokens in section if (found := named_project(tokens))]
        project = named[-1] if named else project
        sheets.append(_sheet(section, Project(project)))
    return sheets


def _sections(printed: Sequence[_Tokens]) -> list[list[_Tokens]]:
    """Cut where indicators get a header of their own below other rows, and where the next project is named."""
    sections: list[list[_Tokens]] = [[]]
    head = ""
    for tokens in printed:
        if _heads_indicators(tokens):
            if _text(tokens) != head and _has_content(sections[-1]):
                sections.append([])
            head = _text(tokens)
        elif head and named_project(tokens):
            sections.append([])
            head = ""
        sections[-1].append(tokens)
    return [section for section in sections if section]


def _heads_indicators(tokens: _Tokens) -> bool:
    return heads_indicators([role_of(token.text) for token in tokens])


def _has_content(section: Sequence[_Tokens]) -> bool:
    """True where rows, or the name of a project, stand above a header."""
    return any(named_project(tokens) or any(token.figure is not None for token in tokens) for tokens in section)


def _sheet(printed: Sequence[_Tokens], project: Project) -> Sheet:
    end = _leading_heads(printed)
    indicating = heads_indicators([role_of(token.text) for tokens in printed[:end] for token in tokens])
    end = end if indicating else _head_end(printed)
    head, body = printed[:end], printed[end:]
    ordinals = 0
    if body and _is_column_numbers(body[0]):
        ordinals = sum(1 for token in body[0] if token.figure is not None)
        body = body[1:]
    body = _without_repeated_heads(head, body)
    if body and [token.text for token in body[0][:3]] == list(_CLASS_COLUMNS):
        body[0] = body[0][3:]
    unit = next((unit for tokens in head for token in tokens if (unit := unit_of(token.text, None))), None)
    side_by_side = not indicating and _side_by_side(body)
    wanted = 0 if side_by_side else ordinals or _most_figures(body)
    blocks = read_head(head, 0 if indicating else wanted, bool(ordinals))
    if indicating and len(blocks) == 1:
        found = indicator_sheet(body, blocks[0], project)
        return Sheet(blocks, found.rows, unit, tuple(found.indicators))
    rows = block_rows(body, blocks) if len(blocks) > 1 else single_rows(body, blocks[0])
    return Sheet(tuple(_borne_out(block, number, rows) for number, block in enumerate(blocks)), rows, unit)


def _borne_out(block: Block, number: int, rows: Sequence[RawRow]) -> Block:
    """The block with that reading of its header which its rows bear out."""
    if not block.others:
        return block
    figures = [row.figures for row in rows if row.block == number]
    return replace(block, figures=likeliest((block.figures, *block.others), figures))


def _leading_heads(printed: Sequence[_Tokens]) -> int:
    """How many lines at the top are headings and nothing else."""
    index = 0
    while index < len(printed) and _reads_as_head(printed[index], printed[max(0, index - 3) : index]):
        index += 1
    return index


def _head_end(printed: Sequence[_Tokens]) -> int:
    """The first line of the body."""
    end = next(
        (i for i, tokens in enumerate(printed) if _is_column_numbers(tokens) or _opens_row(tokens)), len(printed)
    )
    named = next((i for i, tokens in enumerate(printed[:end]) if any(sort_of(t.text) for t in tokens)), end)
    while end > named + 1 and (end == len(printed) and len(printed[-1]) == 1 and is_total(printed[-1][0].text)):
        end -= 1
    while end > named + 1 and not _reads_as_head(printed[end - 1], printed[max(0, end - 4) : end - 1]):
        end -= 1
    return end


def _is_column_numbers(tokens: _Tokens) -> bool:
    """A row of column numbers: 栏次 1 2 3."""
    if tokens and tokens[0].text.startswith("栏次"):
        return True
    numbers = [token.text for token in tokens if not token.dash]
    return len(numbers) >= 3 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _opens_row(tokens: _Tokens) -> bool:
    first = tokens[0].text
    if _ROW_START.match(first) or code_and_name(first) or (is_code(first) and not is_year(tokens[0])):
        return True
    return any(token.figure is not None for token in tokens)


def _reads_as_head(tokens: _Tokens, before: Sequence[_Tokens]) -> bool:
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


def _without_repeated_heads(head: Sequence[_Tokens], body: Sequence[_Tokens]) -> list[_Tokens]:
    """The body without the header lines that each page prints again."""
    if not head:
        return list(body)
    known = Counter(_text(tokens) for tokens in head)
    first = _text(head[0])
    kept: list[_Tokens] = []
    inside = False
    for tokens in body:
        text = _text(tokens)
        inside = text in known if inside else text == first
        if not inside and not _is_column_numbers(tokens):
            kept.append(tokens)
    return kept


def _text(tokens: _Tokens) -> str:
    return " ".join(token.text for token in tokens)


def _side_by_side(body: Sequence[_Tokens]) -> bool:
    """True where words follow figures in a good part of the lines."""
    interrupted = with_figures = 0
    for tokens in body:
        figures = [index for index, token in enumerate(tokens) if token.figure is not None]
        if figures:
            with_figures += 1
            first_word = next((index for index, token in enumerate(tokens) if is_word(token)), len(tokens))
            interrupted += any(
                is_word(token) and any(first_word < at < index for at in figures) for index, token in enumerate(tokens)
            )
    return interrupted > 0.15 * with_figures


def _most_figures(body: Sequence[_Tokens]) -> int:
    """The most figures that stand behind the words of one line."""
    most = 0
    for tokens in body:
        last_word = max((index for index, token in enumerate(tokens) if is_word(token)), default=None)
        if last_word is not None:
            most = max(most, sum(1 for token in tokens[last_word + 1 :] if token.figure is not None))
    if most:
        return most
    counts = (sum(1 for token in tokens if token.figure is not None and not is_year(token)) for tokens in body)
    return max(counts, default=0)
