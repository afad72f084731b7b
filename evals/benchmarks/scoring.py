"""How fast saved extractions are scored: `python -m evals.benchmarks.scoring [DOCUMENTS]`.

The bundled disclosures are read once by the rules; then each copy gets digits of its own, so that no cached figure
helps, and goes through everything that `gouji eval run --saved` does but the disk: parsing the JSON, scoring, and
at the end the summary with its intervals. One core; the goal is 10,000 documents in 60 s.
"""

import os
import sys
import time
from collections.abc import Iterator
from random import Random

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


def main(documents: int = 10_000) -> float:
    """Score so many documents; prints and returns the seconds for 10,000."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    copies = _copies(documents)
    spent = made = 0.0
    scores: list[DocumentScore] = []
    started = time.process_time()
    while True:
        making = time.process_time()
        copy = next(copies, None)
        made += time.process_time() - making
        if copy is None:
            break
        name, labels, data = copy
        with without_collection():
            scores.append(score(name, labels, read_answer(data, name), threshold=ACCEPTED))
    summarising = time.process_time()
    summarise(scores, ACCEPTED)
    ended = time.process_time()
    spent = (ended - started - made) * 10_000 / documents
    print(
        f"{documents} documents: {spent:.1f} s for 10,000 (goal {GOAL:.0f} s), of which the summary"
        f" {(ended - summarising) * 10_000 / documents:.1f} s"
    )
    return spent


def _copies(documents: int) -> Iterator[tuple[str, Labels, bytes]]:
    random = Random(1)
    base = [(each.name, each.labels, extract(each.document).to_json(indent=None)) for each in bundled()]
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
