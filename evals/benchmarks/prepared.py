"""Documents that are prepared, and read by the rules, in the process that reading processes are forked from.

Importing it does that, for the files named in the environment variable FILES (separated by the system's separator).
"""

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from extractor.checking import Verdict
from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loading import load
from extractor.processes import Outcome
from extractor.reading.llm import Mode, Session, read_document
from extractor.reading.reader import Passage, Reading
from extractor.reading.routing import passages_of
from extractor.reading.rules import RulesReader

FILES = "GOUJI_BENCHMARK_FILES"


class Known:
    """The rules' readings, made beforehand."""

    name = "rules"

    def __init__(self, readings: Mapping[int, Mapping[str, Reading]]) -> None:
        self._readings = readings

    def read(self, disclosure: Disclosure, passage: Passage) -> Reading:
        """What the rules made of a passage."""
        return self._readings.get(id(disclosure), {}).get(passage.id, Reading())


def rules_readings(disclosure: Disclosure) -> dict[str, Reading]:
    """What the rules make of every passage."""
    rules = RulesReader()
    return {passage.id: rules.read(disclosure, passage) for passage in passages_of(disclosure)}


def bare_session(session: Session, readings: Mapping[int, Mapping[str, Reading]]) -> Session:
    """A session that checks nothing and has the rules read nothing anew."""
    return replace(session, check=lambda *_: Verdict(), rules=lambda: Known(readings))


async def read_prepared(session: Session, path: Path) -> Outcome:
    """Read the document whose number is the path; its outcome is the CPU seconds of this process so far."""
    disclosure = DISCLOSURES[int(path.name) % len(DISCLOSURES)]
    await read_document(bare_session(session, READINGS), disclosure, Mode.LLM)
    return Outcome(path, reason=f"{os.getpid()} {time.process_time()}")


DISCLOSURES = [prepare(load(path)) for path in filter(None, os.environ.get(FILES, "").split(os.pathsep))]
READINGS = {id(disclosure): rules_readings(disclosure) for disclosure in DISCLOSURES}
