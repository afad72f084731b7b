"""The source text of a finding: the sentences and table rows that it speaks of, with its figures marked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.documents.disclosure import Disclosure
from extractor.documents.tables import PrintedCell, PrintedRow, PrintedTable
from extractor.outputs.report.arithmetic import Part, Piece
from schemas.checks import Finding
from schemas.quantities import Quantity

BEFORE, AFTER = 60, 40
"""Characters shown around what a finding speaks of."""

LONGEST = 900
"""Characters shown in one piece."""

JOINED = 30
"""Sentences that stand so close together are shown in one piece."""

MOST = 8
"""Places shown of a finding; the rest is counted."""

MOST_CELLS = 8
"""Cells shown of a table row."""

_SENTENCE = re.compile(r"[。；\n]")
_CLAUSE = re.compile(r"[，。；：]")
_SPACES = re.compile(r"[\s\u3000]+")


@dataclass(frozen=True)
class Marks:
    """How the figures of a finding are marked: the part that each plays, and those that are probably wrong."""

    parts: Mapping[str, Part]
    suspects: frozenset[str]

    def piece(self, text: str, quantity_id: str) -> Piece:
        """A figure of the finding as it is shown."""
        return Piece(text, self.parts.get(quantity_id, Part.FIGURE), quantity_id in self.suspects)


@dataclass(frozen=True)
class ShownCell:
    """A cell of a table row: its column's heading, and what it prints."""

    column: str
    piece: Piece


@dataclass(frozen=True)
class Excerpt:
    """One place of the source: where it is (headings or table title, page), and its text or its cells."""

    where: tuple[str, ...]
    page: int | None
    start: int
    pieces: tuple[Piece, ...] = ()
    cells: tuple[ShownCell, ...] = ()


def excerpts_of(disclosure: Disclosure, finding: Finding, marks: Marks) -> list[Excerpt]:
    """Every place of a finding once, in the order of the text."""
    sentences: list[tuple[int, int]] = []
    found: list[Excerpt] = []
    rows: dict[tuple[int, int], None] = {}
    for start, end in finding.spans:
        row = _row_at(disclosure, start)
        if row is not None:
            rows[row[1].start, row[1].end] = None
        elif disclosure.unwrapped.index(start) is not None:
            sentences.append(_sentence(disclosure, start, end))
        else:
            found.append(_as_loaded(disclosure, start, end, finding, marks))
    for start, end in _joined(disclosure.unwrapped.text, sentences):
        found.append(_narrative(disclosure, start, end, finding, marks))
    for start, _ in rows:
        place = _row_at(disclosure, start)
        assert place is not None
        found.append(_row(disclosure, *place, marks))
    return sorted(found, key=lambda each: each.start)


def shown_first(excerpts: Sequence[Excerpt]) -> tuple[list[Excerpt], int]:
    """As many excerpts as a finding shows, those with a suspect among them, and how many are left out."""
    wanted = sorted(excerpts, key=lambda each: not _has_suspect(each))[:MOST]
    return sorted(wanted, key=lambda each: each.start), len(excerpts) - len(wanted)


def _has_suspect(excerpt: Excerpt) -> bool:
    return any(piece.suspect for piece in (*excerpt.pieces, *(cell.piece for cell in excerpt.cells)))


def _row_at(disclosure: Disclosure, offset: int) -> tuple[PrintedTable, PrintedRow] | None:
    for table in disclosure.tables:
        if table.start <= offset < table.end:
            for row in table.rows:
                if row.start <= offset < row.end:
                    return table, row
    return None


def _sentence(disclosure: Disclosure, start: int, end: int) -> tuple[int, int]:
    """A stretch of the loaded text with the words around it, in the unwrapped text."""
    unwrapped = disclosure.unwrapped
    first, last = unwrapped.span(start, end)
    last = min(max(last, first + 1), first + LONGEST)
    paragraph = unwrapped.paragraphs[unwrapped.paragraph_at(first)]
    closing = unwrapped.paragraphs[unwrapped.paragraph_at(last - 1)]
    left = max(paragraph.start, first - BEFORE)
    begins = [match.end() for match in _CLAUSE.finditer(unwrapped.text, left, first)]
    stop = _SENTENCE.search(unwrapped.text, last, min(closing.end, last + AFTER))
    right = stop.end() if stop else min(closing.end, last + AFTER)
    return (begins[0] if begins and left > paragraph.start else left), right


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences of one paragraph that stand close together as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        close = joined and start - joined[-1][1] <= JOINED and end - joined[-1][0] <= LONGEST
        if close and "\n" not in text[joined[-1][1] - 1 : start]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _narrative(disclosure: Disclosure, start: int, end: int, finding: Finding, marks: Marks) -> Excerpt:
    unwrapped = disclosure.unwrapped
    shown = [(*disclosure.spans[each], each) for each in finding.quantities if each in disclosure.spans]
    inside = sorted(each for each in shown if start <= each[0] and each[1] <= end)
    spans = () if finding.quantities else tuple(unwrapped.span(*span) for span in finding.spans)
    pieces = _cut(unwrapped.text, start, end, inside, spans, marks)
    paragraph = unwrapped.paragraphs[unwrapped.paragraph_at(start)]
    if start > paragraph.start:
        pieces = [Piece("…"), *pieces]
    if end < unwrapped.paragraphs[unwrapped.paragraph_at(end - 1)].end:
        pieces = [*pieces, Piece("…")]
    offset = unwrapped.source(start)
    where = disclosure.section_at(start).path[-2:]
    return Excerpt(where, disclosure.loaded.page_at(offset), offset, tuple(pieces))


def _as_loaded(disclosure: Disclosure, start: int, end: int, finding: Finding, marks: Marks) -> Excerpt:
    """What is neither narrative nor a row of a table: its lines as they stand, runs of white space as one space."""
    text = disclosure.loaded.text
    end = min(end, start + LONGEST)
    left = max(text.rfind("\n", 0, start) + 1, start - BEFORE)
    stop = text.find("\n", end)
    right = min(len(text) if stop < 0 else stop, end + AFTER)
    inside = sorted((q.start, q.end, q.id) for q in _figures(disclosure, finding) if left <= q.start and q.end <= right)
    pieces = _cut(text, left, right, inside, () if inside else ((start, end),), marks)
    squeezed = (Piece(_SPACES.sub(" ", each.text), each.part, each.suspect) for each in pieces)
    table = next((each for each in disclosure.tables if each.start <= start < each.end), None)
    return Excerpt((table.title,) if table else (), disclosure.loaded.page_at(start), start, tuple(squeezed))


def _figures(disclosure: Disclosure, finding: Finding) -> list[Quantity]:
    return [disclosure.by_id[each] for each in finding.quantities if each in disclosure.by_id]


def _cut(
    text: str,
    start: int,
    end: int,
    figures: Sequence[tuple[int, int, str]],
    words: Sequence[tuple[int, int]],
    marks: Marks,
) -> list[Piece]:
    """A stretch of text cut at the figures and words that are marked."""
    marked: list[tuple[int, int, Piece]] = [(a, b, marks.piece(text[a:b], each)) for a, b, each in figures]
    for a, b in words:
        first, last = max(a, start), min(b, end)
        if first < last:
            marked.append((first, last, Piece(text[first:last], Part.WORDS)))
    pieces, at = [], start
    for a, b, piece in sorted(marked, key=lambda each: each[:2]):
        if a < at:
            continue
        if a > at:
            pieces.append(Piece(text[at:a]))
        pieces.append(piece)
        at = b
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces


def _row(disclosure: Disclosure, table: PrintedTable, row: PrintedRow, marks: Marks) -> Excerpt:
    cells = [_cell(disclosure, cell, marks) for cell in row.cells]
    name = " ".join(each for each in (row.code, row.name) if each)
    title = table.title + (f"（{table.unit}）" if table.unit else "")
    where = tuple(each for each in (title, row.path) if each)
    named = not name or any(cell.piece.text == row.name for cell in cells)
    shown = tuple(_near_marks(cells)) if named else (ShownCell("", Piece(name)), *_near_marks(cells))
    return Excerpt(where, disclosure.loaded.page_at(row.start), row.start, cells=shown)


def _cell(disclosure: Disclosure, cell: PrintedCell, marks: Marks) -> ShownCell:
    quantity = disclosure.by_place.get((cell.start, cell.end))
    marked = quantity is not None and (quantity.id in marks.parts or quantity.id in marks.suspects)
    piece = marks.piece(cell.text, quantity.id) if quantity is not None and marked else Piece(cell.text)
    return ShownCell(cell.column, piece)


def _near_marks(cells: Sequence[ShownCell]) -> list[ShownCell]:
    """The cells of a row, around the first marked one where there are many."""
    if len(cells) <= MOST_CELLS:
        return list(cells)
    marked = [number for number, cell in enumerate(cells) if cell.piece.part is not None]
    first = max(0, min((marked[0] if marked else 0) - 2, len(cells) - MOST_CELLS))
    kept = {*range(first, first + MOST_CELLS), *marked[:MOST_CELLS]}
    return [cells[number] for number in sorted(kept)]
