"""Where the figures of a `source.md` stand in the text that a loader makes of the built file.

The two texts say the same, but a page break puts a running head into a paragraph and a loader may set tables
otherwise. So they are aligned character by character, white space aside, and every figure must come out whole.
"""

from difflib import SequenceMatcher

from evals.fixtures.markup import parse, plain_text
from evals.labels import LabelError, PlacedFigure


def place_figures(source: str, text: str) -> dict[str, PlacedFigure]:
    """Every figure of a marked source, placed in the loaded text. Raises LabelError where one is not found."""
    plain, places = plain_text(source)
    running = "".join(parse(source).running.split())
    plain_at, text_at = _visible(plain), _visible(_without_running_heads(text, running))
    wanted, printed = "".join(plain[i] for i in plain_at), "".join(text[i] for i in text_at)
    squeezed = {offset: index for index, offset in enumerate(plain_at)}
    aligned: dict[int, int] = {}
    for block in SequenceMatcher(None, wanted, printed).get_matching_blocks():
        aligned.update(zip(range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True))
    figures = {}
    for name, (start, end) in places.items():
        inside = [aligned.get(squeezed[at]) for at in range(start, end) if at in squeezed]
        first = inside[0]
        if first is None or inside != list(range(first, first + len(inside))):
            raise LabelError(f"{name} {plain[start:end]!r} does not stand in the built file as it does in source.md")
        figures[name] = PlacedFigure(
            start=text_at[first],
            end=text_at[first + len(inside) - 1] + 1,
            raw="".join(plain[start:end].split()),
        )
    return figures


def _without_running_heads(text: str, running: str) -> str:
    """The text with its running heads blanked: a title that they repeat would be found in the wrong place."""
    pages = text.split("\f")
    for number, page in enumerate(pages[1:], 1):
        first, line_end, rest = page.partition("\n")
        if running and "".join(first.split()) == running:
            pages[number] = " " * len(first) + line_end + rest
    return "\f".join(pages)


def _visible(text: str) -> list[int]:
    return [index for index, character in enumerate(text) if not character.isspace()]
