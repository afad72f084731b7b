"""The pipeline where a language model reads: many prepared documents at once, or one in a session of many.

Kept apart from `extractor.pipeline`, which needs no model and none of the libraries that ask one.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

from extractor.documents.disclosure import Disclosure
from extractor.pipeline import checked, conclude
from extractor.reading.llm import (
    Disclosures,
    DocumentReading,
    Ledger,
    Mode,
    Session,
    model_session,
    read_disclosures,
    read_document,
)
from extractor.settings import ModelSettings
from extractor.version import VERSION
from schemas.extraction import Extraction, Provenance


async def extract_with_model(
    disclosures: Disclosures, settings: ModelSettings, mode: Mode = Mode.LLM, ledger: Ledger | None = None
) -> AsyncGenerator[Extraction, None]:
    """The extractions of prepared documents that a language model reads, in the order in which they are finished.

    Raises what `extractor.reading.llm` raises: ConfigurationError, BudgetReached.
    """
    async with (
        model_session(settings, checked, ledger) as session,
        aclosing(read_disclosures(disclosures, session, mode)) as documents,
    ):
        async for document in documents:
            yield _concluded(document, session, mode)


async def extract_in_session(session: Session, disclosure: Disclosure, mode: Mode = Mode.LLM) -> Extraction:
    """One prepared document read in a session (`model_session(settings, checked)`) that serves many."""
    return _concluded(await read_document(session, disclosure, mode), session, mode)


def _concluded(document: DocumentReading, session: Session, mode: Mode) -> Extraction:
    provenance = Provenance(
        reader=mode.value,
        model=session.client.model,
        prompts=dict(document.prompts),
        tokens=document.cost.tokens(),
        usage=document.cost.usage(session.settings.price),
        version=VERSION,
        created_at=datetime.now(UTC),
    )
    return conclude(document.disclosure, document.readings, provenance, document.others)
