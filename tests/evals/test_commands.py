"""`gouji eval …` as a user meets it: real processes, stored files, exit statuses."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.collection import bundled
from evals.simulation.model import SimulatedModel
from evals.simulation.server import SimulatedServer
from evals.simulation.truth import Library
from evals.strains import Fate, read_stress
from evals.truth import labelled_records
from extractor.documents.disclosure import prepare
from extractor.documents.loading import load

ROOT = Path(__file__).resolve().parents[2]
NAME = "shanghai_final"


def _run(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from evals.main import main; main()", "eval", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **environment},
        timeout=240,
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stored run of the rules reader over one fixture."""
    folder = tmp_path_factory.mktemp("run")
    done = _run("run", NAME, "--out", folder, "--write-baseline", folder / "baseline.json")
    assert done.returncode == 0, done.stderr
    return folder


def test_a_run_is_kept_as_data_and_as_reports(measured: Path) -> None:
    stored = json.loads((measured / "run.json").read_text(encoding="utf-8"))
    assert stored["reader"] == "rules"
    assert [document["name"] for document in stored["documents"]] == [NAME]
    page = (measured / "report.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert (measured / "report.md").read_text(encoding="utf-8").startswith("# ")


def test_a_run_holds_its_own_baseline(measured: Path, tmp_path: Path) -> None:
    done = _run("run", NAME, "--out", tmp_path, "--baseline", measured / "baseline.json")
    assert done.returncode in (0, 3), done.stdout + done.stderr  # one document may be too few to say


def test_two_runs_side_by_side(measured: Path, tmp_path: Path) -> None:
    done = _run("compare", measured, measured, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    report = _run("report", measured, measured, "--out", tmp_path)
    assert report.returncode == 0, report.stderr
    assert "Leaderboard" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def perfect_model() -> Iterator[str]:
    """A server whose model answers from the labels of one fixture."""
    [fixture] = [each for each in bundled() if each.name == NAME]
    disclosure = prepare(load(fixture.document))
    library = Library()
    library.add(disclosure, labelled_records(fixture.labels, disclosure))
    with SimulatedServer(SimulatedModel(library)) as server:
        yield server.base_url


def test_a_model_is_measured_over_http(perfect_model: str, tmp_path: Path) -> None:
    settings = {"GOUJI_BASE_URL": perfect_model, "GOUJI_MODEL": "simulated", "XDG_CACHE_HOME": str(tmp_path)}
    done = _run("run", NAME, "--reader", "llm", "--out", tmp_path, **settings)
    assert done.returncode == 0, done.stderr
    stored = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (stored["reader"], stored["model"]) == ("llm", "simulated")
    assert stored["summary"]["cost"]["requests"] > 0
    assert stored["summary"]["roles"]["f1"] > 0.99


def test_a_model_that_is_not_configured_is_said(tmp_path: Path) -> None:
    done = _run("run", NAME, "--reader", "llm", "--out", tmp_path, GOUJI_BASE_URL="", GOUJI_MODEL="")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "GOUJI_" in done.stderr


def test_errors_made_on_purpose_are_accounted_for(tmp_path: Path) -> None:
    done = _run(
        "stress", NAME, "--rates", "0.2", "--kinds", "unknown_id,neighbour", "--reader", "llm", "--out", tmp_path
    )
    assert done.returncode == 0, done.stderr
    stress = read_stress(tmp_path)
    assert {(each.slip, each.rate) for each in stress.strains} == {
        ("all", 0.2),
        ("unknown_id", 0.2),
        ("neighbour", 0.2),
    }
    for each in stress.strains:
        assert each.made > 0
        assert sum(each.fates.values()) == each.made
    unknown = next(each for each in stress.strains if each.slip == "unknown_id")
    assert unknown.fates.get(Fate.SILENT, 0) == 0  # what resolves nowhere never stays
    assert unknown.fates.get(Fate.REPAIRED, 0) == 0  # it is refused before any check sees it


def test_a_template_of_labels_accounts_for_every_figure(tmp_path: Path) -> None:
    [fixture] = [each for each in bundled() if each.name == NAME]
    done = _run("label", "export", fixture.document, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    labels = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    marked = (tmp_path / "marked.txt").read_text(encoding="utf-8")
    assert all(f"⟦{name} " in marked for name in labels["figures"])
    assert _run("label", "export", fixture.document, "--out", tmp_path).returncode == 2  # labels are never written over


def test_unsettled_extractions_are_no_labels(tmp_path: Path) -> None:
    from extractor.pipeline import extract

    file = tmp_path / "a.txt"
    file.write_text("2023年度某局部门决算\n一、“三公”经费支出情况\n某种说法里有一个数3.7乘以二。\n", encoding="utf-8")
    extraction = extract(file)
    (tmp_path / "a.json").write_text(extraction.to_json(), encoding="utf-8")
    done = _run("label", "import", tmp_path / "a.json", "--out", tmp_path / "labels")
    assert done.returncode == 1
    assert "unclaimed" in done.stdout
