"""Doubled punctuation and words, stray symbols, quotes that do not pair, characters of another script."""

import re
from collections.abc import Iterator

from extractor.checking.book import Book
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.wording.places import around, around_loaded
from extractor.checking.wording.traditional import TRADITIONAL
from schemas.checks import Family, Outcome

DOUBLED = Rule("punctuation.doubled", Family.STRUCTURE, "标点不重复", "no doubled punctuation")
WORD = Rule("punctuation.word", Family.STRUCTURE, "没有叠字", "no doubled word")
STRAY = Rule("punctuation.stray", Family.DIRECTION, "没有多余符号", "no stray symbol before a figure")
QUOTES = Rule("punctuation.quotes", Family.STRUCTURE, "引号成对", "quotes come in pairs")
SCRIPT = Rule("punctuation.script", Family.STRUCTURE, "没有混入繁体字", "one script throughout")

_DOUBLED = re.compile(r"[。；，、：]{2,}|[,;]{2,}")
_HARMLESS = re.compile(r"^(?:、、+|：：)$")
_WORD = re.compile(r"的的(?!确|士)")
_STRAY = re.compile(r"(?:增长|下降|增加|减少)[/\\|]\s?\d[\d.]*(?:%|万元|元)?")
_QUOTE = re.compile("[“”]")
_TITLE = re.compile(r"《[^《》\n]{0,80}》")
MOST_SHOWN = 5
RARE_SHARE = 0.002
"""A text with more traditional characters than this is written in them."""


def punctuation(book: Book) -> Iterator[Claim]:
    """Every judgement on punctuation and single characters."""
    yield from _doubled(book)
    yield from _words(book)
    yield from _stray(book)
    yield from _quotes(book)
    yield from _script(book)


def _doubled(book: Book) -> Iterator[Claim]:
    text = book.disclosure.unwrapped.text
    found = [match for match in _DOUBLED.finditer(text) if not _HARMLESS.match(match.group())]
    if found:
        marks = "、".join(dict.fromkeys(f"“{match.group()}”" for match in found))
        yield Claim(
            DOUBLED,
            Outcome.VIOLATED,
            f"标点重复：{marks}，共{len(found)}处。",
            f"punctuation is doubled in {len(found)} place(s).",
            tuple(around(book.disclosure, *match.span(), 16, 0) for match in found[:MOST_SHOWN]),
        )


def _words(book: Book) -> Iterator[Claim]:
    for match in _WORD.finditer(book.disclosure.loaded.text):
        yield Claim(
            WORD,
            Outcome.VIOLATED,
            "叠字“的的”。",
            "the word 的 is doubled.",
            (around_loaded(book.disclosure, *match.span()),),
        )


def _stray(book: Book) -> Iterator[Claim]:
    for match in _STRAY.finditer(book.disclosure.unwrapped.text):
        yield Claim(
            STRAY,
            Outcome.VIOLATED,
            f"“{match.group()}”中有多余符号。",
            f"a stray symbol in {match.group()}.",
            (around(book.disclosure, *match.span()),),
        )


def _quotes(book: Book) -> Iterator[Claim]:
    """An odd quote inside 《》, and a closing quote that nothing opened in its section."""
    text = book.disclosure.unwrapped.text
    titles = [match for match in _TITLE.finditer(text) if match.group().count("“") != match.group().count("”")]
    for match in titles:
        yield _odd_quote(book, match.start(), match.end(), 4)
    inside = {place for match in titles for place in range(*match.span())}
    for node in book.disclosure.sections:
        position = _unopened(text, node.start, node.own_end, inside)
        if position is not None:
            yield _odd_quote(book, position, position + 1, 30)


def _odd_quote(book: Book, start: int, end: int, before: int) -> Claim:
    return Claim(
        QUOTES,
        Outcome.VIOLATED,
        "引号不成对。",
        "a quote without its counterpart.",
        (around(book.disclosure, start, end, before, 4),),
    )


def _unopened(text: str, start: int, end: int, skipped: set[int]) -> int | None:
    """The first closing quote of a stretch that was not opened; None where opening quotes are unclosed too,
    for then some quotes were merely typed the wrong way round."""
    depth, found = 0, None
    for match in _QUOTE.finditer(text, start, end):
        if match.start() in skipped:
            continue
        if match.group() == "“":
            depth += 1
        elif depth:
            depth -= 1
        elif found is None:
            found = match.start()
    return found if depth == 0 else None


def _script(book: Book) -> Iterator[Claim]:
    text = book.disclosure.unwrapped.text
    found = list(re.finditer(f"[{TRADITIONAL}]+", text))
    if found and sum(len(match.group()) for match in found) <= max(1, RARE_SHARE * len(text)):
        words = "、".join(dict.fromkeys(f"“{match.group()}”" for match in found))
        yield Claim(
            SCRIPT,
            Outcome.VIOLATED,
            f"简体文档中混入繁体字：{words}。",
            f"traditional characters in a simplified text: {words}.",
            tuple(around(book.disclosure, *match.span()) for match in found[:MOST_SHOWN]),
        )
