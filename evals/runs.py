"""A run: one reader over labelled documents, scored and kept as JSON."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pydantic import Field, ValidationError

from evals.answers import Answer, Identity, Origin, read_answer
from evals.collection import Fixture
from evals.labels import LabelError
from evals.scores import DocumentScore
from evals.scoring import score
from evals.summary import Summary, summarise
from extractor.version import VERSION
from schemas.base import GoujiError, Model

Answers = Callable[[Fixture], Answer]
"""Gives the extraction of a fixture's document; raises GoujiError where there is none."""


class RunError(GoujiError):
    """A stored run cannot be read, or two runs cannot be compared."""


class Run(Model):
    """One reader over labelled documents. This JSON is the truth that all reports are drawn from."""

    name: str
    reader: str
    model: str | None = None
    prompts: dict[str, str] = Field(default_factory=dict)
    version: str = VERSION
    created_at: datetime
    seconds: float
    threshold: Decimal | None = None
    documents: tuple[DocumentScore, ...]
    summary: Summary

    def write(self, path: Path) -> None:
        """Write the run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")


def read_run(path: Path) -> Run:
    """Read a stored run (`run.json`, or the folder that holds one). Raises RunError."""
    file = path / "run.json" if path.is_dir() else path
    try:
        return Run.model_validate_json(file.read_bytes())
    except OSError as error:
        raise RunError(f"{file}: 读不了 (cannot be read): {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise RunError(
            f"{file}: 不是评测结果 (not a stored run): {'.'.join(map(str, first['loc']))}: {first['msg']}"
        ) from None


def stored_runs(paths: Sequence[Path]) -> list[Run]:
    """The runs at some paths: files, folders that hold one, or folders with runs below. Raises RunError."""
    files = [file for path in paths for file in (sorted(path.rglob("run.json")) if path.is_dir() else [path])]
    if not files:
        raise RunError(f"{', '.join(map(str, paths))}: 没有找到 run.json (no run.json in it or below)")
    return [read_run(file) for file in files]


def measure(
    name: str,
    fixtures: Sequence[Fixture],
    answers: Answers,
    threshold: Decimal | None = None,
    with_text: bool = True,
) -> Run:
    """Ask for every fixture's extraction and score it; a document that fails is scored as all missed."""
    started = time.perf_counter()
    documents: list[DocumentScore] = []
    origin = Origin(name)
    for each in fixtures:
        fixture = replace(each)  # its text and labels, half a megabyte a document, are gone after its score
        with without_collection():
            asked = time.perf_counter()
            try:
                answer = answers(fixture)
            except LabelError:
                raise
            except GoujiError as error:
                documents.append(all_missed(fixture, str(error)))
                continue
            spent = time.perf_counter() - asked
            origin = answer.provenance
            scored = score(fixture.name, fixture.labels, answer, fixture.text if with_text else None, threshold)
            cost = scored.cost if scored.cost.seconds else scored.cost.model_copy(update={"seconds": round(spent, 3)})
            documents.append(scored.model_copy(update={"cost": cost}))
    with without_collection():
        summary = summarise(documents, threshold)
    return Run(
        name=name,
        reader=origin.reader,
        model=origin.model,
        prompts=origin.prompts,
        created_at=datetime.now(UTC),
        seconds=round(time.perf_counter() - started, 3),
        threshold=threshold,
        documents=tuple(documents),
        summary=summary,
    )


@contextmanager
def without_collection() -> Iterator[None]:
    """Scoring makes many small objects and no cycles; looking for cycles among them took 30 % of its time, and among the
    scores of 10,000 documents a fifth of that of their summary."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def all_missed(fixture: Fixture, reason: str) -> DocumentScore:
    """The score of a document that could not be read."""
    empty = Answer(Identity(fixture.sha256[:16]), [], [])
    scored = score(fixture.name, fixture.labels, empty)
    return scored.model_copy(update={"failure": reason, "misses": ()})


def saved_answers(folder: Path) -> Answers:
    """Extractions that `gouji extract --out FOLDER` wrote, found by document id."""
    documents = folder / "documents" if (folder / "documents").is_dir() else folder

    def answer(fixture: Fixture) -> Answer:
        path = documents / f"{fixture.sha256[:16]}.json"
        try:
            return read_answer(path.read_bytes(), str(path))
        except OSError:
            raise RunError(
                f"{fixture.name}: {path} 不存在 (there is no saved extraction of this document: another version"
                " of the file, or another output folder?)"
            ) from None

    return answer
