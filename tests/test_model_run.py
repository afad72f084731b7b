"""Files read with a model, from paths to outcomes, and the command line over it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from simulated import TEXT, server_of, settings_of, varied

from extractor.outputs.render import Wanted
from extractor.reading.llm import Mode
from extractor.running_model import ModelRun

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four readable files, one that is none."""
    made = tmp_path / "files"
    made.mkdir()
    for number, disclosure in enumerate(varied(4)):
        (made / f"{number}.txt").write_text(disclosure.loaded.text, encoding="utf-8")
    (made / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    return made


def test_every_file_has_an_outcome(folder: Path, tmp_path: Path) -> None:
    with server_of(*varied(4)) as server:
        run = ModelRun(settings_of(server, tmp_path))
        outcomes = {o.path.name: o for o in run.extract(sorted(folder.iterdir()), 2, Wanted(report=True), Mode.LLM)}
        assert server.counts.requests == 8
    assert set(outcomes) == {"0.txt", "1.txt", "2.txt", "3.txt", "broken.pdf"}
    assert outcomes["broken.pdf"].rendered is None
    assert outcomes["broken.pdf"].reason
    assert all(o.rendered and o.rendered.report for name, o in outcomes.items() if name.endswith("txt"))
    assert "8 requests (0 repeated)" in run.account()


def test_files_that_the_budget_leaves_over_say_so(folder: Path, tmp_path: Path) -> None:
    with server_of(*varied(4)) as server:
        settings = settings_of(server, tmp_path, budget_tokens=3000, concurrency=1)
        outcomes = list(ModelRun(settings).extract(sorted(folder.glob("*.txt")), 1, Wanted(), Mode.LLM))
        left = [o for o in outcomes if o.rendered is None]
        assert len(outcomes) == 4
        assert left
        assert all("run again to go on" in (o.reason or "") for o in left)
        again = list(
            ModelRun(settings_of(server, tmp_path)).extract(sorted(folder.glob("*.txt")), 1, Wanted(), Mode.LLM)
        )
        assert all(o.rendered is not None for o in again)
        assert server.counts.requests == 8


def _gouji(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = "import sys; from evals.main import main; sys.argv[0] = 'gouji'; main()"
    bare = {name: value for name, value in os.environ.items() if not name.startswith("GOUJI_")}
    return subprocess.run(
        [sys.executable, "-c", command, *map(str, arguments)],
        cwd=ROOT,
        env={**bare, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_line_reads_with_a_model(folder: Path, tmp_path: Path) -> None:
    with server_of(*varied(4)) as server:
        done = _gouji(
            "extract",
            folder / "0.txt",
            "--reader=llm",
            f"--out={tmp_path / 'out'}",
            GOUJI_BASE_URL=server.base_url,
            GOUJI_MODEL="simulated",
            GOUJI_API_KEY="sk-4711",
            GOUJI_CACHE_FILE=str(tmp_path / "answers.sqlite"),
        )
    assert done.returncode == 0, done.stderr
    assert "2 requests" in " ".join(done.stdout.split())
    (written,) = (tmp_path / "out" / "documents").glob("*.json")
    provenance = json.loads(written.read_text(encoding="utf-8"))["provenance"]
    assert (provenance["reader"], provenance["model"]) == ("llm", "simulated")
    assert set(provenance["prompts"]) == {"budget", "operations"}
    assert provenance["tokens"]["input"] > 1000
    assert all(b"4711" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_without_a_model_the_command_line_says_what_to_set(folder: Path, tmp_path: Path) -> None:
    done = _gouji("extract", folder / "0.txt", "--reader=llm", f"--out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert "GOUJI_BASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_prompts_are_listed_shown_and_compared(tmp_path: Path) -> None:
    assert "operations" in _gouji("prompts", "list").stdout
    shown = _gouji("prompts", "show", "budget").stdout
    assert "BT收支总额" in shown
    other = tmp_path / "prompts"
    other.mkdir()
    for path in (ROOT / "prompts").glob("*.md"):
        (other / path.name).write_text(path.read_text(encoding="utf-8").replace("照抄", "抄写"), encoding="utf-8")
    compared = _gouji("prompts", "diff", other)
    assert compared.returncode == 0, compared.stderr
    assert "+值：" in compared.stdout
    missing = _gouji("prompts", "show", "nonsense")
    assert missing.returncode == 2
    assert "budget" in missing.stderr


def test_simulate_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    wrong = _gouji("simulate", tmp_path / "missing.txt")
    assert wrong.returncode != 0
    assert "Traceback" not in wrong.stderr
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    wrong = _gouji("simulate", tmp_path / "a.txt", "--slip", "swop=1")
    assert wrong.returncode == 2
    assert "swap" in wrong.stderr
