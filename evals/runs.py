"""A run: one reader over labelled documents, scored and kept as JSON."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pydantic_core
from pydantic import Field, ValidationError

from evals.collection import Fixture
from evals.labels import LabelError
from evals.scores import DocumentScore
from evals.scoring import score
from evals.summary import Summary, summarise
from extractor.version import VERSION
from schemas.base import GoujiError, Model

Answers = Callable[[Fixture], Mapping[str, Any]]
"""Gives the extraction of a fixture's document as its JSON object; raises GoujiError where there is none."""


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
    provenance: Mapping[str, Any] = {}
    for fixture in fixtures:
        asked = time.perf_counter()
        try:
            answer = answers(fixture)
        except LabelError:
            raise
        except GoujiError as error:
            documents.append(all_missed(fixture, str(error)))
            continue
        spent = time.perf_counter() - asked
        provenance = answer.get("provenance", {})
        scored = score(fixture.name, fixture.labels, answer, fixture.text if with_text else None, threshold)
        cost = scored.cost if scored.cost.seconds else scored.cost.model_copy(update={"seconds": round(spent, 3)})
        documents.append(scored.model_copy(update={"cost": cost}))
    return Run(
        name=name,
        reader=provenance.get("reader", name),
        model=provenance.get("model"),
        prompts=provenance.get("prompts", {}),
        created_at=datetime.now(UTC),
        seconds=round(time.perf_counter() - started, 3),
        threshold=threshold,
        documents=tuple(documents),
        summary=summarise(documents, threshold),
    )


def all_missed(fixture: Fixture, reason: str) -> DocumentScore:
    """The score of a document that could not be read."""
    labels = fixture.labels
    empty: Mapping[str, Any] = {
        "document": {"id": fixture.sha256[:16]},
        "quantities": (),
        "records": (),
        "provenance": {},
    }
    scored = score(fixture.name, labels, empty)
    return scored.model_copy(update={"failure": reason, "misses": ()})


def saved_answers(folder: Path) -> Answers:
    """Extractions that `gouji extract --out FOLDER` wrote, found by document id."""
    documents = folder / "documents" if (folder / "documents").is_dir() else folder

    def answer(fixture: Fixture) -> Mapping[str, Any]:
        path = documents / f"{fixture.sha256[:16]}.json"
        try:
            return as_object(path.read_bytes(), str(path))
        except OSError:
            raise RunError(
                f"{fixture.name}: {path} 不存在 (there is no saved extraction of this document: another version"
                " of the file, or another output folder?)"
            ) from None

    return answer


def as_object(data: bytes, name: str) -> Mapping[str, Any]:
    """The JSON object of an extraction. Raises RunError where it is none."""
    try:
        answer = pydantic_core.from_json(data)
    except ValueError as error:
        raise RunError(f"{name}: 不是 JSON (not JSON): {error}") from None
    if not isinstance(answer, dict) or not {"document", "quantities", "records"} <= set(answer):
        raise RunError(f"{name}: 不是 gouji 的抽取结果 (not an extraction of gouji)")
    return answer
