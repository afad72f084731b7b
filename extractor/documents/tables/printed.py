"""Tables printed as lines of text: header, columns and rows of every part of a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.documents.lines import Line
from extractor.documents.tables.block_rows import block_rows
from extractor.documents.tables.columns import likeliest
from extractor.documents.tables.headlines import (
    CLASS_COLUMNS,
    Tokens,
    head_end,
    is_column_numbers,
    items_below,
    leading_heads,
    opens_section,
    text_of_line,
    with_years_as_words,
    without_repeated_heads,
    without_row_numbers,
)
from extractor.documents.tables.heads import Block, read_head
from extractor.documents.tables.headwords import role_of, unit_of
from extractor.documents.tables.indicators import Project, heads_indicators, indicator_sheet, named_project
from extractor.documents.tables.model import PrintedIndicator, PrintedText
from extractor.documents.tables.rows import RawRow, cell_of, is_word, is_year, looks_like_code, prints_decimals
from extractor.documents.tables.single_rows import single_rows
from extractor.documents.tables.tokens import Token, tokens_of

PAGE_NUMBER = re.compile(r"[1-9]\d?|1\d\d")

STACKED = 0.7
"""Where this share of the lines with figures holds one figure only, every cell was exported as a line of its own."""


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
        sheets.append(_form(section) if _is_form(section) else _sheet(section, Project(project)))
    return sheets


def _sections(printed: Sequence[Tokens]) -> list[list[Tokens]]:
    """Cut where a new header stands below other rows, and where the next project is named."""
    sections: list[list[Tokens]] = [[]]
    content = False
    for tokens in printed:
        heading, project = opens_section(tokens), named_project(tokens) is not None
        again = heading and any(text_of_line(tokens) == text_of_line(line) for line in sections[-1])
        if sections[-1] and not again and ((heading and content) or (project and _is_headed(sections[-1]))):
            sections.append([])
            content = False
        content = content or project or any(token.figure is not None for token in tokens)
        sections[-1].append(tokens)
    return [section for section in sections if section]


def _is_headed(section: Sequence[Tokens]) -> bool:
    return any(opens_section(tokens) for tokens in section)


def _is_form(section: Sequence[Tokens]) -> bool:
    """True for the top of a form, which names its project and has no header."""
    return not _is_headed(section) and any(named_project(tokens) for tokens in section)


def _form(section: Sequence[Tokens]) -> Sheet:
    """In a form every figure goes with the words to its left."""
    rows: list[RawRow] = []
    for number, tokens in enumerate(section):
        words: list[Token] = []
        for token in tokens:
            if token.figure is None or not words:
                words.append(token)
            else:
                rows.append(RawRow([cell_of([word]) for word in words[-2:]], (token,), 0, number))
                words = []
    return Sheet((Block((), (), certain=False),), rows)


def _sheet(printed: Sequence[Tokens], project: Project) -> Sheet:
    end = leading_heads(printed)
    indicating = heads_indicators([role_of(token.text) for tokens in printed[:end] for token in tokens])
    end = end if indicating else head_end(printed)
    end -= items_below(printed[:end])
    head, body = printed[:end], printed[end:]
    ordinals = 0
    if body and is_column_numbers(body[0]):
        ordinals = sum(1 for token in body[0] if token.figure is not None)
        body = body[1:]
    body = without_repeated_heads(head, body)
    if body and [token.text for token in body[0][:3]] == list(CLASS_COLUMNS):
        body[0] = body[0][3:]
    unit = next((unit for tokens in head for token in tokens if (unit := unit_of(token.text, None))), None)
    if indicating:
        blocks = read_head(head, 0, False)
        found = indicator_sheet(body, blocks[0], project)
        return Sheet(blocks, found.rows, unit, tuple(found.indicators))
    body = _unstacked(body) if _is_stacked(body) else _without_page_numbers(body)
    body = with_years_as_words(head, body)
    if not _side_by_side(body):
        body = without_row_numbers(head, body)
    wanted = 0 if _side_by_side(body) else ordinals or _most_figures(body)
    blocks = (
        _numbered_head(head, ordinals, _most_figures(body)) if wanted and ordinals else read_head(head, wanted, False)
    )
    rows = block_rows(body, blocks) if len(blocks) > 1 else single_rows(body, blocks[0])
    return Sheet(tuple(_borne_out(block, number, rows) for number, block in enumerate(blocks)), rows, unit)


def _numbered_head(head: Sequence[Tokens], ordinals: int, most: int) -> tuple[Block, ...]:
    """The columns of a table that numbers them: those of figures, or (as Yunnan prints it) those of labels as well,
    which shows where a flat header has just that many columns too many for the fullest row."""
    blocks = read_head(head, ordinals, True)
    labels = len(blocks[0].labels)
    if len(blocks) > 1 or most != ordinals - labels or any("/" in name for name in blocks[0].figures):
        return blocks
    again = read_head(head, most, True)
    return again if again[0].certain else blocks


def _borne_out(block: Block, number: int, rows: Sequence[RawRow]) -> Block:
    """The block with that reading of its header which its rows bear out."""
    figures = [row.figures for row in rows if row.block == number]
    reading, certain = likeliest((block.figures, *block.others), block.alike, figures)
    return replace(block, figures=reading, certain=block.certain and certain)


def _is_stacked(body: Sequence[Tokens]) -> bool:
    with_figures = [tokens for tokens in body if any(token.figure is not None for token in tokens)]
    return len(body) > 5 and sum(len(tokens) == 1 for tokens in with_figures) > STACKED * len(with_figures)


def _unstacked(body: Sequence[Tokens]) -> list[Tokens]:
    """Lines of one cell each put together to rows: codes, words, figures."""
    rows: list[list[Token]] = []
    cells = [token for tokens in body for token in tokens]
    for index, token in enumerate(cells):
        after = cells[index + 1] if index + 1 < len(cells) else None
        is_row_code = looks_like_code(token) and after is not None and is_word(after)
        names_code = is_word(token) and bool(rows) and len(rows[-1]) == 1 and looks_like_code(rows[-1][0])
        if not rows or is_row_code or (is_word(token) and not names_code):
            rows.append([token])
        else:
            rows[-1].append(token)
    return list(rows)


def _without_page_numbers(body: Sequence[Tokens]) -> list[Tokens]:
    """The body without lines that hold one small whole number, where figures are printed with decimals."""
    if not prints_decimals(body):
        return list(body)
    return [tokens for tokens in body if len(tokens) > 1 or not PAGE_NUMBER.fullmatch(tokens[0].text)]


def _side_by_side(body: Sequence[Tokens]) -> bool:
    """True where words follow figures in a good part of the lines."""
    interrupted = with_figures = 0
    for tokens in body:
        figures = [i for i, token in enumerate(tokens) if token.figure is not None and not _precedes_name(tokens, i)]
        if figures:
            with_figures += 1
            first_word = next((index for index, token in enumerate(tokens) if is_word(token)), len(tokens))
            interrupted += any(
                is_word(token) and any(first_word < at < index for at in figures) for index, token in enumerate(tokens)
            )
    return interrupted > 0.15 * with_figures


def _precedes_name(tokens: Tokens, index: int) -> bool:
    """True for the code of 款 or 项 with its name behind it."""
    is_long_code = looks_like_code(tokens[index]) and len(tokens[index].text) > len("208")
    return is_long_code and index + 1 < len(tokens) and is_word(tokens[index + 1])


def _most_figures(body: Sequence[Tokens]) -> int:
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
