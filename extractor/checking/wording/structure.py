"""What the table of contents promises and what is there; empty tables and their notes."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from extractor.checking.book import Book
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.evidence import loaded_stretch, squeezed
from extractor.checking.sheets import Sheet
from extractor.checking.wording.places import around_loaded
from extractor.documents.sections import Promise
from schemas.checks import Family, FindingKind, Outcome

PROMISED = Rule("structure.promised", Family.STRUCTURE, "目录所列部分均已公开", "what is promised is there")
NAMED = Rule("structure.named", Family.TAXONOMY, "表名前后一致", "one name for one table")
EMPTY = Rule("structure.empty", Family.STRUCTURE, "空表附有说明", "an empty table says why")
NOT_EMPTY = Rule("structure.not_empty", Family.STRUCTURE, "注明无数据的表没有数据", "a table said to be empty is empty")

_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十]+(?:部分|章)|[（(]?[一二三四五六七八九十]+[)）]?[、.．]?|附?表\s?\d+[:：、-]?|\d+[.、．]|附件\s?\d*[:：]?)\s*"
)
_IS_TABLE = re.compile(r"表(?:[（(][^（）()]{1,12}[)）])?$")
_NOTE = re.compile(r"无数据|为空|空表|没有|未安排|无此|不涉及|未发生|无.{0,12}(?:收入|支出|预算|拨款|安排)|不存在|无$")
_SAID_EMPTY = re.compile(r"(?:本|此|该)表(?:无数据|为空|是空表|为空表)|故[^。]{0,6}(?:无数据|为空表)")
_YEAR = re.compile(r"20\d\d年度?")
_QUOTE = re.compile(r"[“”\"‘’]")
ALIKE = 0.85
"""Titles as alike as this are one table under two names."""
MOST_ARE_THERE = 0.6
"""Only where so many of the promised tables are printed is a missing one missing, and not in another file."""
FEWEST_TABLES = 3
NOTE_REACH = 160


def structure(book: Book) -> Iterator[Claim]:
    """Every judgement on what is promised and what is there."""
    yield from _promises(book)
    for sheet in book.sheets:
        yield from _notes(book, sheet)


def _key(title: str) -> str:
    bare = re.sub(r"^[-·•●■◆]|\s", "", title.strip())
    for _ in range(2):
        bare = _NUMBERING.sub("", bare)
    return _without_years_and_quotes(bare)


def _without_years_and_quotes(text: str) -> str:
    """Titles are compared without them. One pattern for both took twice as long over a whole text."""
    return _QUOTE.sub("", _YEAR.sub("", text))


def _promises(book: Book) -> Iterator[Claim]:
    tables = [promise for promise in book.disclosure.promises if _IS_TABLE.search(squeezed(promise.title))]
    if len(tables) < FEWEST_TABLES:
        return
    body = _body(book)
    bare = _without_years_and_quotes(squeezed(body))
    printed = [promise for promise in tables if _key(promise.title) in bare]
    if len(printed) < MOST_ARE_THERE * len(tables):
        return
    lines = _table_lines(book, body)
    for promise in tables:
        if promise in printed:
            yield Claim(PROMISED, Outcome.EXACT, f"目录所列“{promise.title}”已公开", f"“{promise.title}” is there")
        else:
            yield _missing(book, promise, lines)


def _body(book: Book) -> str:
    """The loaded text without the table of contents; its offsets are kept."""
    text, promises = book.disclosure.loaded.text, book.disclosure.promises
    behind = max((promise.end for promise in promises), default=0)
    contents = list(text[:behind])
    for promise in promises:
        contents[promise.start : promise.end] = " " * (promise.end - promise.start)
    return "".join(contents) + text[behind:]


def _table_lines(book: Book, body: str) -> list[tuple[int, int, str]]:
    """Lines of the body that read as titles of tables: (start, end, words)."""
    found = []
    for match in re.finditer(r"[^\n]{4,60}", body):
        if "表" not in match.group():  # as in most lines
            continue
        words = squeezed(match.group())
        if _IS_TABLE.search(words) and not re.search(r"[。，；]", words):
            found.append((match.start(), match.end(), words))
    return found


def _missing(book: Book, promise: Promise, lines: Sequence[tuple[int, int, str]]) -> Claim:
    """A table under another name, or none."""
    wanted = _key(promise.title)
    alike = [(SequenceMatcher(None, wanted, _key(words)).ratio(), start, end, words) for start, end, words in lines]
    best = max(alike, default=None)
    place = loaded_stretch(book.disclosure, promise.start, promise.end)
    if best is not None and best[0] >= ALIKE:
        _, start, end, words = best
        return Claim(
            NAMED,
            Outcome.VIOLATED,
            f"表名前后不一：目录为“{promise.title}”，正文为“{words}”。",
            f"the table is called “{promise.title}” in the contents and “{words}” in the text.",
            (place, loaded_stretch(book.disclosure, start, end)),
        )
    return Claim(
        PROMISED,
        Outcome.VIOLATED,
        f"目录列有“{promise.title}”，正文没有这张表；没有数据的表也应公开空表并说明。",
        f"“{promise.title}” is promised and not there.",
        (place,),
        kind=FindingKind.STRUCTURE,
    )


def _notes(book: Book, sheet: Sheet) -> Iterator[Claim]:
    table, text = sheet.printed, book.disclosure.loaded.text
    title = squeezed(table.title)
    if not title or not _IS_TABLE.search(title):
        return
    figures = [cell.term.figure for row in sheet.rows for cell in row.cells]
    inside = text[table.start : table.end]
    if not any(figure.value for figure in figures):
        prints_money = re.search(r"\d\.\d\d", inside) and not figures
        noted = _NOTE.search((table.note or "") + inside + text[table.end : table.end + NOTE_REACH])
        if not prints_money and table.columns:
            yield _note_claim(book, sheet, title, noted is not None)
    elif table.note and _SAID_EMPTY.search(table.note):
        first = next(figure for figure in figures if figure.value)
        yield Claim(
            NOT_EMPTY,
            Outcome.VIOLATED,
            f"“{title}”注明没有数据，但表中有{first.quantity.raw}。",
            f"“{title}” is said to be empty but prints {first.quantity.raw}.",
            (around_loaded(book.disclosure, first.quantity.start, first.quantity.end, 30, 0),),
            kind=FindingKind.STRUCTURE,
            quantities=(first.id,),
        )


def _note_claim(book: Book, sheet: Sheet, title: str, noted: bool) -> Claim:
    table = sheet.printed
    return Claim(
        EMPTY,
        Outcome.EXACT if noted else Outcome.VIOLATED,
        f"“{title}”没有数据，" + ("附有说明" if noted else "也没有说明原因。"),
        f"“{title}” is empty " + ("and says why" if noted else "and does not say why."),
        (around_loaded(book.disclosure, table.start, table.start + 1, 0, 60),),
        kind=FindingKind.STRUCTURE,
    )
