"""The readers that can be measured, by name."""

from evals.answers import Answer, read_answer
from evals.runs import Answers
from extractor.pipeline import extract
from schemas.extraction import Extraction


def rules_answers() -> Answers:
    """The rules reader over each document as it is asked for."""
    return lambda fixture: as_answer(extract(fixture.document))


def as_answer(extraction: Extraction) -> Answer:
    """An extraction as it would be read back from its file."""
    return read_answer(extraction.to_json(indent=None), extraction.document.name)
