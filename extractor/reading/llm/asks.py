"""From sections to requests: what is sent, and what its numbers stand for.

Quantities are numbered within the request (⟦3 12.5万元⟧), which costs two characters less a figure than their
ids and tells the model nothing of the rest of the document. What code already knows to be context (years,
thresholds, numbering) is left unmarked, except dates and counted time where records may hold them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.reading.reader import Passage
from extractor.reading.routing import SectionKind
from prompts.loader import SHIPPED, Dates, Prompt, prompt_for
from schemas.quantities import ContextKind, Quantity, QuantityKind

LISTS = frozenset({SectionKind.DUTIES, SectionKind.GLOSSARY})
"""Sections that are lists of words: rules read them, a model only where the rules find nothing."""


@dataclass(frozen=True)
class Part:
    """A stretch of a passage that is sent whole: `start`/`end` are offsets in the passage's text."""

    passage: Passage
    start: int
    end: int
    quantities: tuple[Quantity, ...]

    @property
    def length(self) -> int:
        """Characters of text."""
        return self.end - self.start


@dataclass(frozen=True)
class Ask:
    """One request: a prompt, the parts of sections it is asked of, and the quantity behind every number."""

    prompt: Prompt
    parts: tuple[Part, ...]
    user: str
    ids: Mapping[str, str]

    @property
    def system(self) -> str:
        """The stable beginning of the request."""
        return self.prompt.system

    @property
    def characters(self) -> int:
        """What the request sends: prompt and text."""
        return len(self.system) + len(self.user)


def numbered(passage: Passage, prompt: Prompt) -> list[Quantity]:
    """The quantities of a passage that a model is asked about."""
    heading = len(passage.section.heading.text) if passage.section.heading else 0
    return [
        quantity
        for quantity in passage.quantities
        if quantity.context is None
        or (
            prompt.dates is not Dates.CONTEXT
            and (quantity.kind is QuantityKind.DATE or _is_counted_time(quantity))
            and passage.spans[quantity.id][0] >= heading
        )
    ]


def _is_counted_time(quantity: Quantity) -> bool:
    """10个月, which may be the target of months in which something is reached."""
    return quantity.context is ContextKind.PERIOD and quantity.kind is QuantityKind.COUNT


def worth_asking(passage: Passage, prompts: Path = SHIPPED) -> bool:
    """True when a passage holds a quantity that may be a fact."""
    prompt = prompt_for(passage.kind, prompts)
    found = numbered(passage, prompt)
    return bool(found) and (prompt.dates is Dates.FACTS or any(quantity.context is None for quantity in found))


def asks_of(
    passages: Iterable[Passage],
    limit: int,
    prompts: Path = SHIPPED,
    only: Mapping[str, Sequence[tuple[int, int]]] | None = None,
) -> list[Ask]:
    """The requests for some passages of one document: small sections of one family share a request.

    `limit` bounds the characters of text in a request; a longer section is cut between paragraphs, and only a
    paragraph that is longer by itself exceeds it. `only` gives the stretches to send of sections of which not
    all is asked, by section id.
    """
    done: list[list[Part]] = []
    filling: dict[str, list[Part]] = {}
    for passage in passages:
        prompt = prompt_for(passage.kind, prompts)
        spans = (only or {}).get(passage.id, [(0, len(passage.text))])
        for part in _parts(passage, numbered(passage, prompt), limit, spans):
            bundle = filling.get(prompt.id)
            if bundle is None or sum(each.length for each in bundle) + part.length > limit:
                bundle = filling[prompt.id] = []
                done.append(bundle)
            bundle.append(part)
    return [ask_for(bundle, prompt_for(bundle[0].passage.kind, prompts)) for bundle in done]


def ask_for(parts: Sequence[Part], prompt: Prompt) -> Ask:
    """One request for some parts: a line `#n` with the titles above each, then its text with numbered figures."""
    ids: dict[str, str] = {}
    lines: list[str] = []
    above: set[str] = set()
    for number, part in enumerate(parts, 1):
        path = part.passage.section.path if part.start else part.passage.section.path[:-1]
        titles = [title for title in path if title not in above]
        above.update(part.passage.section.path)
        lines.append(f"#{number} {'/'.join(titles)}".rstrip())
        lines.append(marked(part.passage, part.start, part.end, part.quantities, ids))
    return Ask(prompt, tuple(parts), "\n".join(lines), ids)


def marked(passage: Passage, start: int, end: int, quantities: Iterable[Quantity], ids: dict[str, str]) -> str:
    """A stretch of a passage with its figures marked; numbers go on from those in `ids`, which is added to.

    Brackets that the document prints itself are shown as others, so that it cannot number figures.
    """
    text = passage.text.replace("⟦", "[").replace("⟧", "]")
    pieces: list[str] = []
    position = start
    for quantity in quantities:
        from_, to = passage.spans[quantity.id]
        number = str(len(ids) + 1)
        ids[number] = quantity.id
        pieces.append(f"{text[position:from_]}⟦{number} {text[from_:to]}⟧")
        position = to
    pieces.append(text[position:end])
    return "".join(pieces).strip("\n")


def _parts(
    passage: Passage, quantities: Sequence[Quantity], limit: int, spans: Sequence[tuple[int, int]]
) -> Iterator[Part]:
    """The stretches of a passage, cut between paragraphs; those without a figure to ask about are left out,
    except of lists."""
    for first, last in spans:
        for start, end in _cut(passage.text, first, last, limit):
            inside = tuple(quantity for quantity in quantities if start <= passage.spans[quantity.id][0] < end)
            if inside or passage.kind in LISTS:
                yield Part(passage, start, end, inside)


def _cut(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    """A stretch in pieces of whole paragraphs, as long as the limit allows."""
    while end - start > limit:
        cut = text.rfind("\n", start, start + limit) + 1
        if cut <= start:  # one paragraph beyond the limit
            cut = text.find("\n", start, end) + 1 or end
        if cut >= end:
            break
        yield start, cut
        start = cut
    yield start, end
