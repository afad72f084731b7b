"""The gate: may a change go in? It passes, it is a regression, or there is not enough evidence to tell."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import IntEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evals.compare import SIGNIFICANT, Comparison, Paired, compare
from evals.runs import Run, RunError
from evals.scores import DocumentScore
from evals.sheets import field_paths
from evals.summary import summarise
from schemas.base import Model
from schemas.catalogue import RECORD_TYPES

MARGIN = 0.005
"""How much F1 may fall before it is called a loss: half a point."""


class GateStatus(IntEnum):
    """The exit status of a gated run."""

    PASSED = 0
    REGRESSION = 1
    NOT_ENOUGH_EVIDENCE = 3


class Baseline(Model):
    """What a run is held against. A field of `must_hold` (`BudgetTotal.amount`, or a whole type) fails the gate by
    itself with its first new error."""

    must_hold: tuple[str, ...] = ()
    margin: float = MARGIN
    run: Run


class GateResult(Model):
    """The verdict with its reasons, in words."""

    status: GateStatus
    reasons: tuple[str, ...]
    comparison: Comparison


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises RunError."""
    try:
        kept = json.loads(path.read_bytes())
        run = {**kept["run"], "summary": _summary(kept["run"])}
        return Baseline.model_validate({**kept, "run": run})
    except OSError as error:
        raise RunError(f"{path}: 读不了基线 (the baseline cannot be read): {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        what = f"{error.error_count()} errors" if isinstance(error, ValidationError) else repr(error)
        raise RunError(f"{path}: 不是基线 (not a baseline; write one with --write-baseline): {what}") from None


def write_baseline(run: Run, path: Path, must_hold: Sequence[str] = ()) -> None:
    """Keep a run as the baseline. Raises RunError for a must-hold field that there is not.

    It is kept without words of the documents, times and sums, a document a line: so differences are small and can be
    read. Without `must_hold`, those of the baseline that is written over stay.
    """
    held = tuple(must_hold) or (read_baseline(path).must_hold if path.exists() else ())
    _require_fields(held)
    run_without = run.model_dump(mode="json", exclude={"documents", "summary", "seconds"})
    words = {"misses": {"__all__": {"before", "printed", "after"}}}
    lines = [
        json.dumps(document, ensure_ascii=False)
        for each in run.documents
        if (document := each.model_dump(mode="json", exclude={"cost": True, **words}, exclude_defaults=True))
    ]
    head = json.dumps({"must_hold": held, "margin": MARGIN, "run": run_without}, ensure_ascii=False)
    documents = ",\n  ".join(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{head[:-2]}, "seconds": 0, "documents": [\n  {documents}\n]}}}}\n', encoding="utf-8")


def _summary(run: dict[str, object]) -> dict[str, object]:
    documents = TypeAdapter(tuple[DocumentScore, ...]).validate_python(run["documents"])
    threshold = run["threshold"]
    return summarise(documents, None if threshold is None else Decimal(str(threshold))).model_dump()


def _require_fields(names: Iterable[str]) -> None:
    for name in names:
        record_type, _, field = name.partition(".")
        if record_type not in RECORD_TYPES or (field and field not in field_paths(record_type)):
            raise RunError(
                f"{name}: 没有这个字段 (there is no such field; give a record type, or TYPE.FIELD as in reports)"
            )


def gate(run: Run, baseline: Baseline) -> GateResult:
    """Hold a run against a baseline."""
    comparison = compare(baseline.run, run)
    broken = [*_must_hold(comparison, baseline.must_hold), *_silent(run, baseline.run), *_missing(run, baseline.run)]
    losses = [_loss(name, paired) for name, paired in comparison.measures.items() if _is_loss(paired)]
    if broken or losses:
        return GateResult(status=GateStatus.REGRESSION, reasons=(*broken, *losses), comparison=comparison)
    doubts = [
        _doubt(name, paired, baseline.margin)
        for name, paired in comparison.measures.items()
        if not _holds(paired, baseline.margin)
    ]
    if doubts:
        return GateResult(status=GateStatus.NOT_ENOUGH_EVIDENCE, reasons=tuple(doubts), comparison=comparison)
    return GateResult(
        status=GateStatus.PASSED,
        reasons=("没有退步。 No measure is worse than the baseline.",),
        comparison=comparison,
    )


def _must_hold(comparison: Comparison, names: Sequence[str]) -> Iterable[str]:
    for change in comparison.worse:
        if change.type in names or f"{change.type}.{change.field}" in names:
            yield (
                f"{change.document}: 必须保持的字段 {change.type}.{change.field} 读错了：应为 {change.labelled}，"
                f"读作 {change.answered} (a must-hold field is {change.outcome.value})"
            )


def _silent(run: Run, baseline: Run) -> Iterable[str]:
    before = baseline.summary.risk.silent if baseline.summary.risk else 0
    after = run.summary.risk.silent if run.summary.risk else 0
    if after > before:
        yield f"静默错误由 {before} 个增至 {after} 个 (more wrong figures would go through without a person)"


def _missing(run: Run, baseline: Run) -> Iterable[str]:
    scored = {document.name for document in run.documents if document.failure is None}
    for document in baseline.documents:
        if document.failure is None and document.name not in scored:
            yield f"{document.name}: 基线中有，这次没有读出 (in the baseline, but not read now)"


def _is_loss(paired: Paired) -> bool:
    """Worse beyond chance: by the bootstrap over documents or by the sign-flip test."""
    high = paired.interval.high
    return paired.difference < 0 and (paired.p < SIGNIFICANT or (high is not None and high < 0))


def _holds(paired: Paired, margin: float) -> bool:
    """Not worse by more than the margin, as far as the documents can show."""
    low = paired.interval.low
    return paired.identical or (low is not None and low >= -margin)


def _loss(name: str, paired: Paired) -> str:
    worst = sorted(paired.by_document.items(), key=lambda item: item[1])[:3]
    named = "、".join(f"{document} {difference:+.4f}" for document, difference in worst if difference < 0)
    return (
        f"{name}: F1 由 {_shown(paired.before)} 降至 {_shown(paired.after)}，p = {paired.p:.3f}：{named}"
        " (worse beyond chance)"
    )


def _doubt(name: str, paired: Paired, margin: float) -> str:
    low = paired.interval.low
    return (
        f"{name}: F1 由 {_shown(paired.before)} 变为 {_shown(paired.after)}，"
        f"差的下限 {'–' if low is None else f'{low:+.4f}'} 低于允许的 {-margin:+.4f}"
        " (the documents cannot show that it is not worse; look at the changes, then write a new baseline)"
    )


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
