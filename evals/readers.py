"""The readers that can be measured, by name."""

import asyncio
from collections.abc import Sequence

from evals.answers import Answer, read_answer
from evals.collection import Fixture
from evals.runs import Answers, RunError
from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.pipeline import extract
from schemas.base import GoujiError
from schemas.extraction import Extraction


def rules_answers() -> Answers:
    """The rules reader over each document as it is asked for."""
    return lambda fixture: as_answer(extract(fixture.document))


def model_answers(reader: str, fixtures: Sequence[Fixture]) -> Answers:
    """The configured model over all documents at once: `reader` is llm, cascade or consensus.

    Raises ConfigurationError where no model is configured, and what the model path raises when it is refused.
    """
    answers = asyncio.run(_ask(reader, fixtures))

    def answer(fixture: Fixture) -> Answer:
        found = answers[fixture.name]
        if isinstance(found, GoujiError):
            raise found
        return found

    return answer


async def _ask(reader: str, fixtures: Sequence[Fixture]) -> dict[str, Answer | GoujiError]:
    from extractor.pipeline_model import extract_with_model
    from extractor.reading.llm import Mode
    from extractor.settings import load_settings, require_model

    settings = load_settings()
    require_model(settings)
    answers: dict[str, Answer | GoujiError] = {}
    disclosures, names = [], {}
    for fixture in fixtures:
        try:
            disclosure = prepare(load(fixture.document))
        except GoujiError as error:
            answers[fixture.name] = error
            continue
        disclosures.append(disclosure)
        names[disclosure.loaded.id] = fixture.name
    async for extraction in extract_with_model(disclosures, settings, Mode(reader)):
        answers[names[extraction.document.id]] = as_answer(extraction)
    for name in names.values():
        answers.setdefault(name, RunError(f"{name}: 没有读出结果 (the model run did not come to this document)"))
    return answers


def as_answer(extraction: Extraction) -> Answer:
    """An extraction as it would be read back from its file."""
    return read_answer(extraction.to_json(indent=None), extraction.document.name)
