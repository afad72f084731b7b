"""What became of errors made on purpose: the stored outcome of a stress test (see `evals.stress`)."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError

from evals.confidence import upper_bound
from evals.runs import RunError
from evals.scores import Share
from schemas.base import Model


class Fate(StrEnum):
    """What became of an error."""

    REFUSED = "refused"
    REPAIRED = "repaired"
    FLAGGED = "flagged"
    SILENT = "silent"


class Escape(Model):
    """One error that stayed silent: its kind, the document, the record as it should have been (its type, and the figures
    of it that are wrong, as printed)."""

    slip: str
    document: str
    type: str
    figures: tuple[str, ...] = ()


class Strain(Model):
    """One kind of error at one rate, over all repeats. `by_kind` tells the kinds apart where all are made together;
    `silent_figures` are wrong figures among the `accepted` ones that a model without errors gets right."""

    slip: str
    rate: float
    made: int
    fates: dict[Fate, int]
    by_kind: dict[str, dict[Fate, int]] = Field(default_factory=dict)
    accepted: int
    silent_figures: int
    escaped: tuple[Escape, ...] = ()

    def share(self, fate: Fate) -> float | None:
        """The share of the errors that met a fate, None where none was made."""
        return self.fates.get(fate, 0) / self.made if self.made else None

    @property
    def silent_rate(self) -> float | None:
        """Wrong figures among the accepted ones."""
        return self.silent_figures / self.accepted if self.accepted else None

    @property
    def silent_bound(self) -> float | None:
        """The exact one-sided 95 % upper bound of `silent_rate`."""
        return upper_bound(self.silent_figures, self.accepted)

    @property
    def caught(self) -> Share:
        """Errors that were refused, repaired or flagged, of all that were made."""
        return Share(count=self.made - self.fates.get(Fate.SILENT, 0), of=self.made)


class Stress(Model):
    """A stress test. This JSON is the truth that its tables and curves are drawn from."""

    reader: str
    documents: int
    records: int
    seed: int
    repeats: int = 1
    created_at: datetime
    strains: tuple[Strain, ...]

    def write(self, path: Path) -> None:
        """Write the stress test."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")


def read_stress(path: Path) -> Stress:
    """Read a stored stress test. Raises RunError."""
    file = path / "stress.json" if path.is_dir() else path
    try:
        return Stress.model_validate_json(file.read_bytes())
    except OSError as error:
        raise RunError(f"{file}: 读不了 (cannot be read): {error.strerror}") from None
    except ValidationError:
        raise RunError(f"{file}: 不是压力测试结果 (not a stored stress test)") from None
