"""The readers that can be measured, by name."""

from collections.abc import Mapping
from typing import Any

import pydantic_core

from evals.runs import Answers
from extractor.pipeline import extract
from schemas.extraction import Extraction


def rules_answers() -> Answers:
    """The rules reader over each document as it is asked for."""
    return lambda fixture: as_json(extract(fixture.document))


def as_json(extraction: Extraction) -> Mapping[str, Any]:
    """An extraction as the JSON object that would be written."""
    answer: Mapping[str, Any] = pydantic_core.from_json(extraction.to_json(indent=None))
    return answer
