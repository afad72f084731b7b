"""The gate and the comparison: losses are told from chance, and chance is not called a loss."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from typer.testing import Result

from evals.answers import AnsweredRecord
from evals.collection import bundled
from evals.compare import compare
from evals.gate import Baseline, GateStatus, gate, read_baseline, write_baseline
from evals.outcomes import FieldOutcome
from evals.runs import Run, RunError
from evals.scores import Counts, DocumentScore, Miss, Tally
from evals.summary import summarise
from evals.truth import answer_of

FIELDS = 100


def _run(name: str, misses: list[int], document: str = "d") -> Run:
    """A run over documents with 100 fields each, so many of them missed."""
    documents = []
    for number, missed in enumerate(misses):
        counts = Counts(tp=FIELDS - missed, fn=missed)
        documents.append(
            DocumentScore(
                name=f"{document}{number}",
                document_id=f"{document}{number}",
                roles={"BudgetTotal": {"amount": counts}},
                fields={"BudgetTotal": {"amount": Tally(correct=FIELDS - missed, missed=missed)}},
                misses=tuple(
                    Miss(
                        key=f"q{each}:BudgetTotal.amount",
                        outcome=FieldOutcome.MISSED,
                        type="BudgetTotal",
                        field="amount",
                        before="the words around",
                    )
                    for each in range(missed)
                ),
            )
        )
    return Run(
        name=name,
        reader="made",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=0.0,
        documents=tuple(documents),
        summary=summarise(documents, None),
    )


def test_the_same_run_passes_whatever_its_size() -> None:
    for size in (1, 4, 20):
        run = _run("same", [3] * size)
        assert gate(run, Baseline(run=run)).status is GateStatus.PASSED


def test_a_loss_in_every_document_is_a_regression() -> None:
    result = gate(_run("after", [6] * 10), Baseline(run=_run("before", [1] * 10)))
    assert result.status is GateStatus.REGRESSION
    assert "roles" in result.reasons[0]


def test_a_loss_in_one_document_of_three_cannot_be_judged() -> None:
    result = gate(_run("after", [1, 1, 9]), Baseline(run=_run("before", [1, 1, 1])))
    assert result.status is GateStatus.NOT_ENOUGH_EVIDENCE


def test_a_loss_within_the_margin_passes() -> None:
    before, after = [1] * 20, [1] * 19 + [2]
    assert gate(_run("after", after), Baseline(run=_run("before", before))).status is GateStatus.PASSED


def test_a_gain_passes() -> None:
    assert gate(_run("after", [0] * 10), Baseline(run=_run("before", [4] * 10))).status is GateStatus.PASSED


@pytest.mark.parametrize("held", ["BudgetTotal", "BudgetTotal.amount"])
def test_a_must_hold_field_fails_alone(held: str) -> None:
    before, after = _run("before", [1] * 20), _run("after", [1] * 19 + [2])
    result = gate(after, Baseline(run=before, must_hold=(held,)))
    assert result.status is GateStatus.REGRESSION
    assert "d19" in result.reasons[0]


def test_a_document_that_is_not_read_any_more_is_a_regression() -> None:
    before = _run("before", [1] * 20)
    after = before.model_copy(update={"documents": before.documents[:-1]})
    result = gate(after, Baseline(run=before))
    assert result.status is GateStatus.REGRESSION
    assert "d19" in result.reasons[0]


def test_a_kept_baseline_holds_no_words_of_documents_and_keeps_its_must_hold_fields(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(_run("first", [2]), path, must_hold=("BudgetTotal",))
    write_baseline(_run("second", [1]), path)
    kept = read_baseline(path)
    assert kept.must_hold == ("BudgetTotal",)
    assert kept.run.name == "second"
    assert "the words around" not in path.read_text(encoding="utf-8")


def test_what_got_better_and_worse_is_named() -> None:
    result = compare(_run("before", [2, 0]), _run("after", [0, 1]))
    assert [change.key for change in result.better] == ["q0:BudgetTotal.amount", "q1:BudgetTotal.amount"]
    assert [(change.document, change.key) for change in result.worse] == [("d1", "q0:BudgetTotal.amount")]
    assert result.by_type["BudgetTotal"] > 0


def test_a_few_documents_never_support_a_verdict() -> None:
    result = compare(_run("before", [50] * 3), _run("after", [0] * 3))
    assert "3 份文档" in result.verdict
    assert result.measures["roles"].p >= 0.05


def test_a_difference_in_every_one_of_eight_documents_is_real() -> None:
    result = compare(_run("before", [5] * 8), _run("after", [0, 1] * 4))
    assert result.measures["roles"].p == pytest.approx(2 / 2**8)
    low = result.measures["roles"].interval.low
    assert low is not None
    assert low > 0


def test_documents_of_one_run_only_are_left_out_and_named() -> None:
    before, after = _run("before", [1, 1]), _run("after", [1, 1, 1])
    assert compare(before, after).left_out == ("d2",)
    with pytest.raises(RunError, match="no document in common"):
        compare(before, _run("other", [1], document="x"))


def test_a_must_hold_field_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"BudgetTotal\.amounts"):
        write_baseline(_run("first", [2]), tmp_path / "baseline.json", must_hold=("BudgetTotal.amounts",))


LIGHT = [each for each in bundled() if each.document.suffix != ".pdf"]
"""Fixtures that load fast; enough of them for a verdict."""


def _saved(folder: Path, lost: Mapping[str, tuple[str, int]]) -> Path:
    """Extractions that say what the labels say, but for so many lost records of a type in some documents."""
    for fixture in LIGHT:
        answer = answer_of(fixture.labels)
        record_type, count = lost.get(fixture.name, ("", 0))
        answer.records = _without(answer.records, record_type, count)
        folder.mkdir(exist_ok=True)
        (folder / f"{fixture.sha256[:16]}.json").write_bytes(msgspec.json.encode(answer))
    return folder


def _without(records: list[AnsweredRecord], record_type: str, count: int) -> list[AnsweredRecord]:
    dropped = [each for each in records if each.type == record_type][:count]
    return [each for each in records if not any(each is other for other in dropped)]


def test_the_command_tells_the_verdict_by_its_exit_status(gouji_eval: Callable[..., Result], tmp_path: Path) -> None:
    names = [fixture.name for fixture in LIGHT]
    baseline = tmp_path / "baseline.json"

    def held(name: str, lost: Mapping[str, tuple[str, int]], *more: str | Path) -> int:
        folder = _saved(tmp_path / name, lost)
        done = gouji_eval(
            "run", *names, "--saved", folder, "--out", tmp_path / "out", *(more or ("--baseline", baseline))
        )
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code

    assert held("perfect", {}, "--write-baseline", baseline, "--must-hold", "OperatingExpense.amount") == 0
    assert held("same", {}) == GateStatus.PASSED
    assert held("one", {names[0]: ("FunctionalExpenditure", 9)}) == GateStatus.NOT_ENOUGH_EVIDENCE
    assert held("all", dict.fromkeys(names, ("OfficialExpense", 2))) == GateStatus.REGRESSION
    assert held("must", {names[0]: ("OperatingExpense", 1)}) == GateStatus.REGRESSION
