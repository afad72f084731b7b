"""How fast saved extractions are scored: `python -m evals.benchmarks.scoring [DOCUMENTS]`.

The bundled disclosures are read once by the rules; then each copy gets digits of its own, so that no cached figure
helps, and goes through everything that `gouji eval run --saved` does but the disk: decoding the JSON as `gouji extract`
writes it, scoring, and at the end the summary with its intervals (which grows with the documents by other laws than
they do: measure it with as many as are meant). One core; the goal is 10,000 documents in 60 s.
"""

import os
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from evals.answers import read_answer
from evals.collection import bundled
from evals.labels import Labels, PlacedFigure
from evals.runs import without_collection
from evals.scores import DocumentScore
from evals.scoring import score
from evals.summary import summarise
from extractor.checking.acceptance import ACCEPTED
from extractor.pipeline import extract

GOAL = 60.0
_DIGITS = "123456789"


class Spent(NamedTuple):
    """Seconds of this process for 10,000 documents."""

    decoding: float
    scoring: float
    summary: float

    def __str__(self) -> str:
        stages = ", ".join(f"{name} {each:.1f} s ({each / sum(self):.0%})" for name, each in self._asdict().items())
        return f"{sum(self):.1f} s for 10,000 (goal {GOAL:.0f} s): {stages}"


def main(documents: int = 10_000) -> Spent:
    """Score so many documents; prints and returns what each stage took."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    decoding = scoring = 0.0
    scores: list[DocumentScore] = []
    for name, labels, data in _copies(documents):
        with without_collection():
            begun = time.process_time()
            answer = read_answer(data, name)
            read = time.process_time()
            scores.append(score(name, labels, answer, threshold=ACCEPTED))
            del answer
            ended = time.process_time()
        decoding, scoring = decoding + read - begun, scoring + ended - read
    with without_collection():
        begun = time.process_time()
        summarise(scores, ACCEPTED)
        summary = time.process_time() - begun
    spent = Spent(*(each * 10_000 / documents for each in (decoding, scoring, summary)))
    print(f"{documents} documents: {spent}")
    return spent


def _copies(documents: int) -> Iterator[tuple[str, Labels, bytes]]:
    random = Random(1)
    base = [(each.name, each.labels, extract(each.document).to_json()) for each in bundled()]
    for number in range(documents):
        name, labels, text = base[number % len(base)]
        table = str.maketrans(_DIGITS, "".join(random.sample(_DIGITS, len(_DIGITS))))
        yield f"{name}-{number}", _other_digits(labels, table), _other_figures(text, table)


def _other_digits(labels: Labels, table: dict[int, int]) -> Labels:
    figures = {
        name: PlacedFigure.model_construct(start=each.start, end=each.end, raw=each.raw.translate(table))
        for name, each in labels.figures.items()
    }
    return labels.model_copy(update={"figures": figures})


def _other_figures(text: str, table: dict[int, int]) -> bytes:
    """The JSON with other digits in what is printed and what it is worth; zeros stay, so units stay."""
    pieces = text.split('"')
    for index in range(1, len(pieces) - 2, 2):
        if pieces[index] in ("raw", "value", "yuan"):
            pieces[index + 2] = pieces[index + 2].translate(table)
    return '"'.join(pieces).encode()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
