"""Errors made on purpose end somewhere, and what escapes is named."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from evals.collection import bundled
from evals.simulation.slips import Slip
from evals.strains import Fate, read_stress
from evals.stress import stress
from extractor.reading.llm import Mode

SMALL = [each for each in bundled() if each.name == "hospital_budget"]


def test_the_command_accounts_for_every_error(gouji_eval: Callable[..., Result], tmp_path: Path) -> None:
    wanted = ["--rates", "0.2", "--kinds", "unknown_id,enum", "--reader", "llm", "--jobs", "1", "--out", tmp_path]
    done = gouji_eval("stress", SMALL[0].name, *wanted)
    assert done.exit_code == 0, done.output
    kept = read_stress(tmp_path)
    assert {(each.slip, each.rate) for each in kept.strains} == {("all", 0.2), ("unknown_id", 0.2), ("enum", 0.2)}
    for each in kept.strains:
        assert each.made > 0
        assert sum(each.fates.values()) == each.made
        assert len(each.escaped) == each.fates.get(Fate.SILENT, 0)
    unknown = next(each for each in kept.strains if each.slip == "unknown_id")
    assert unknown.fates.get(Fate.SILENT, 0) == 0  # what resolves nowhere never stays
    assert unknown.fates.get(Fate.REPAIRED, 0) == 0  # it is refused before any check sees it
    mixed = next(each for each in kept.strains if each.slip == "all")
    assert sum(sum(fates.values()) for fates in mixed.by_kind.values()) == mixed.made
    assert (tmp_path / "stress.md").read_text(encoding="utf-8") in done.output


def test_without_errors_nothing_is_silent() -> None:
    [strain] = stress(SMALL, [0.0], list(Slip), Mode.CASCADE, each_alone=False).strains
    assert (strain.made, strain.silent_figures) == (0, 0)
    assert strain.accepted > 0


def test_wrong_kinds_are_refused_with_what_there_is(gouji_eval: Callable[..., Result]) -> None:
    done = gouji_eval("stress", "--kinds", "typo")
    assert done.exit_code == 2
    assert "neighbour" in done.output
