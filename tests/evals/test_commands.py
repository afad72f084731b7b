"""`gouji eval …` as a user meets it: stored files, exit statuses, and sentences where something is wrong."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from evals.collection import Fixture, bundled
from evals.labels import Labels
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.truth import Library
from evals.truth import labelled_records
from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.pipeline import extract

ROOT = Path(__file__).resolve().parents[2]
NAME = "shanghai_final"
Eval = Callable[..., Result]


@pytest.fixture(scope="module")
def fixture() -> Fixture:
    return next(each for each in bundled() if each.name == NAME)


@pytest.fixture(scope="module")
def measured(gouji_eval: Eval, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stored run of the rules reader over one fixture."""
    folder = tmp_path_factory.mktemp("run")
    done = gouji_eval("run", NAME, "--out", folder, "--name", "rules today")
    assert done.exit_code == 0, done.output
    return folder


def test_it_runs_as_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evals.main", "eval", "check", "nothing"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert done.returncode == 2
    assert NAME in done.stderr  # what there is instead
    assert "Traceback" not in done.stderr


def test_bundled_labels_are_sound(gouji_eval: Eval) -> None:
    done = gouji_eval("check")
    assert done.exit_code == 0, done.output
    assert done.output.count("0 个问题 problems") == len(bundled())


def test_unsound_labels_are_named(gouji_eval: Eval, fixture: Fixture, tmp_path: Path) -> None:
    for file in fixture.document.parent.iterdir():
        shutil.copy(file, tmp_path)
    path = tmp_path / "labels.json"
    labels = json.loads(path.read_text(encoding="utf-8"))
    labels["records"][0]["fields"]["department"] = "不在文中的部门"
    name, _ = labels["context"].popitem()
    path.write_text(json.dumps(labels, ensure_ascii=False), encoding="utf-8")
    done = gouji_eval("check", "--labels", tmp_path)
    assert done.exit_code == 1
    assert "不在文中的部门" in done.output
    assert f"{name} " in done.output


def test_two_labellings_are_compared(gouji_eval: Eval, fixture: Fixture, tmp_path: Path) -> None:
    labels = json.loads(fixture.label_file.read_text(encoding="utf-8"))
    totals = [each for each in labels["records"] if each["type"] == "OperatingExpense"]
    totals[0]["type"] = "PurchasedServices"
    totals[0]["fields"].pop("changes", None)
    other = tmp_path / "labels.json"
    figures = {name: each.model_dump() for name, each in fixture.labels.figures.items()}
    other.write_text(json.dumps({**labels, "figures": figures}, ensure_ascii=False), encoding="utf-8")
    done = gouji_eval("check", NAME, "--against", other)
    assert done.exit_code == 0, done.output
    assert "OperatingExpense.amount ≠ PurchasedServices.amount" in done.output


def test_a_run_is_kept_as_data_and_as_reports(measured: Path) -> None:
    stored = json.loads((measured / "run.json").read_text(encoding="utf-8"))
    assert (stored["name"], stored["reader"]) == ("rules today", "rules")
    assert [document["name"] for document in stored["documents"]] == [NAME]
    assert (measured / "report.md").read_text(encoding="utf-8").startswith("# rules today")
    assert (measured / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_saved_extractions_score_as_the_reader_does(
    gouji_eval: Eval, fixture: Fixture, measured: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "saved" / "documents"
    folder.mkdir(parents=True)
    (folder / f"{fixture.sha256[:16]}.json").write_text(extract(fixture.document).to_json(), encoding="utf-8")
    done = gouji_eval("run", NAME, "--saved", folder.parent, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    saved, live = (json.loads((each / "run.json").read_text(encoding="utf-8")) for each in (tmp_path, measured))
    assert saved["documents"][0]["misses"] == live["documents"][0]["misses"]


def test_a_document_without_a_saved_extraction_counts_as_missed(gouji_eval: Eval, tmp_path: Path) -> None:
    done = gouji_eval("run", NAME, "--saved", tmp_path, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "no saved extraction" in done.output
    stored = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert stored["summary"]["roles"]["recall"] == 0


def test_two_runs_side_by_side(gouji_eval: Eval, measured: Path, tmp_path: Path) -> None:
    done = gouji_eval("compare", measured, measured, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["measures"]["roles"]["difference"] == 0
    report = gouji_eval("report", measured, measured, "--out", tmp_path)
    assert report.exit_code == 0, report.output
    assert "Leaderboard" in (tmp_path / "report.html").read_text(encoding="utf-8")
    board = gouji_eval("leaderboard", measured.parent)
    assert board.exit_code == 0, board.output
    assert "rules today" in board.output


@pytest.mark.parametrize("command", ["report", "leaderboard"])
def test_a_folder_without_runs_is_said(command: str, gouji_eval: Eval, tmp_path: Path) -> None:
    done = gouji_eval(command, tmp_path)
    assert done.exit_code == 2
    assert "no run.json" in done.output


@pytest.fixture
def perfect_model(fixture: Fixture) -> Iterator[str]:
    """A server whose model answers from the labels of one fixture."""
    disclosure = prepare(load(fixture.document))
    library = Library()
    library.add(disclosure, labelled_records(fixture.labels, disclosure))
    with SimulatedServer(SimulatedModel(library)) as server:
        yield server.base_url


def test_a_model_is_measured_over_http(gouji_eval: Eval, perfect_model: str, tmp_path: Path) -> None:
    settings = {"GOUJI_BASE_URL": perfect_model, "GOUJI_MODEL": "simulated", "XDG_CACHE_HOME": str(tmp_path)}
    done = gouji_eval("run", NAME, "--reader", "llm", "--out", tmp_path, **settings)
    assert done.exit_code == 0, done.output
    stored = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (stored["reader"], stored["model"]) == ("llm", "simulated")
    assert stored["summary"]["cost"]["requests"] > 0
    assert stored["summary"]["roles"]["f1"] > 0.99


def test_a_model_that_is_not_configured_is_said(gouji_eval: Eval, tmp_path: Path) -> None:
    done = gouji_eval("run", NAME, "--reader", "llm", "--out", tmp_path, GOUJI_BASE_URL="", GOUJI_MODEL="")
    assert done.exit_code == 2
    assert "GOUJI_" in done.output


def test_a_template_of_labels_accounts_for_every_figure(gouji_eval: Eval, fixture: Fixture, tmp_path: Path) -> None:
    done = gouji_eval("label", "export", fixture.document, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    labels = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    marked = (tmp_path / "marked.txt").read_text(encoding="utf-8")
    assert all(f"⟦{name} " in marked for name in labels["figures"])
    again = gouji_eval("label", "export", fixture.document, "--out", tmp_path)
    assert again.exit_code == 2  # labels are never written over


def test_texts_are_read_from_their_places_wherever_they_stand() -> None:
    labels = Labels.model_validate(
        {
            "records": [
                {"type": "Duty", "fields": {"content": {"at": [0, 2]}}},
                {"type": "BudgetTotal", "fields": {"unknown": ["words"], "changes": [{"reason": {"at": [3, 5]}}]}},
            ],
            "defects": [{"id": "d1", "status": "wording", "family": "x", "quotes": [{"at": [1, 3]}]}],
        }
    )
    read = labels.with_text("甲乙丙丁戊")
    assert [record.fields.get("content") for record in read.records] == ["甲乙", None]
    assert read.records[1].fields["changes"] == [{"reason": "丁戊"}]
    assert read.defects[0].words == ("乙丙",)
    assert read.with_text("") is read
