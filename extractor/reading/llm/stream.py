"""Many documents read with a model: one flat queue of requests over all of them.

Every document is a task and every request of it another; the client's gate decides how many are on their way.
No document waits for another one, and no more documents are held than it takes to keep the gate busy.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager

from extractor.documents.disclosure import Disclosure
from extractor.reading.llm.accounting import BudgetReached, Ledger
from extractor.reading.llm.asking import Checker, Session
from extractor.reading.llm.document import DocumentReading, Mode, read_document
from extractor.reading.llm.limits import Gate, Turns
from extractor.reading.llm.store import Store
from extractor.reading.rules import RulesReader
from extractor.settings import ModelSettings

Disclosures = Iterable[Disclosure] | AsyncIterator[Disclosure]


@asynccontextmanager
async def model_session(
    settings: ModelSettings, check: Checker, ledger: Ledger | None = None, gate: Gate | None = None
) -> AsyncGenerator[Session, None]:
    """A model, its limits and its kept answers, for reading documents one by one (`read_document`) or in a stream.

    `check` evaluates the relations of a document as read so far, and decides what is repaired. `ledger` is
    added to, for a caller that shows progress; `gate` holds the limits where they are not the settings' own.

    Raises ConfigurationError when no model is configured or its cache cannot be opened.
    """
    from extractor.reading.llm.transport import ModelClient  # openai alone takes a second to import

    ledger = ledger or Ledger(settings)
    store = Store(settings.answers_file, settings.cache)
    try:
        async with ModelClient(settings, ledger, gate) as client:
            yield Session(settings, client, store, ledger, RulesReader, check, Turns(settings.concurrency))
    finally:
        store.close()


async def read_disclosures(
    disclosures: Disclosures, session: Session, mode: Mode = Mode.LLM
) -> AsyncGenerator[DocumentReading, None]:
    """The readings of documents, in the order in which they are finished.

    At most `settings.concurrency` documents are held at a time.

    Raises ConfigurationError when the server refuses the key or the model, and BudgetReached after the documents
    under way have come out (incomplete where requests were left unsent) and before others are taken up; the same
    call made again goes on from there, because good answers are kept.
    """
    running: set[asyncio.Task[DocumentReading]] = set()
    source = _each(disclosures)
    more = True
    try:
        while more or running:
            while more and len(running) < session.settings.concurrency and not session.ledger.reached:
                disclosure = await anext(source, None)
                more = disclosure is not None
                if disclosure is not None:
                    running.add(asyncio.create_task(read_document(session, disclosure, mode)))
            if not running:
                break
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    if more and await anext(source, None) is not None:
        raise BudgetReached(
            f"预算已用完，其余文件未读，再次运行将从这里继续 (out of budget: {session.ledger.reached}; the other files are unread,"
            " run again to go on)"
        )


async def _each(disclosures: Disclosures) -> AsyncIterator[Disclosure]:
    if isinstance(disclosures, AsyncIterator):
        async for disclosure in disclosures:
            yield disclosure
    else:
        for disclosure in disclosures:
            yield disclosure
