"""Files read with a model, from paths to outcomes, and the command line over it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest
from aiohttp import web
from sharing import CRASH, read_or_crash
from simulated import TEXT, OwnServer, server_of, settings_of, varied

from evals.simulation.failures import Failure
from extractor.outputs.render import Wanted
from extractor.processes import Outcome
from extractor.reading.llm import Mode
from extractor.reading.routing import passages_of
from extractor.running_model import ModelRun
from schemas.extraction import Extraction, SectionOutcome
from schemas.fields import pointers

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


def texts_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.txt"))


def facts_of(outcomes: Iterable[Outcome]) -> dict[str, bytes]:
    """What was read, by file; fails where a file has no outcome or two."""
    facts: dict[str, bytes] = {}
    for outcome in outcomes:
        assert outcome.path.name not in facts
        assert outcome.rendered is not None, outcome.reason
        facts[outcome.path.name] = outcome.rendered.facts
    return facts


def test_two_processes_read_the_same_as_one_within_the_limits(folder: Path, tmp_path: Path) -> None:
    read = []
    for jobs in (1, 2):
        with server_of(*varied(4), latency=0.3) as server:
            settings = settings_of(server, tmp_path / str(jobs), concurrency=5)
            run = ModelRun(settings)
            read.append(facts_of(run.extract(texts_of(folder), jobs, Wanted(), Mode.LLM)))
            assert server.counts.requests == run.ledger.total.requests == 8
            assert 3 < server.counts.busiest <= 5
    assert len(read[0]) == 4
    assert read[0] == read[1]


def test_what_a_server_asks_of_one_process_holds_for_all(tmp_path: Path) -> None:
    """Two processes with one connection each; Retry-After is told to one of them once."""
    for number, disclosure in enumerate(varied(12)):
        (tmp_path / f"{number}.txt").write_text(disclosure.loaded.text, encoding="utf-8")
    asked: list[tuple[float, int]] = []
    told: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((time.monotonic(), request.transport.get_extra_info("peername")[1] if request.transport else 0))
        await asyncio.sleep(0.1)
        if not told and len({port for _, port in asked}) == 2:
            told.append(time.monotonic())
            return web.json_response({"error": {"message": "slow down"}}, status=429, headers={"Retry-After": "1.5"})
        return web.json_response({"error": {"message": "no"}}, status=400)

    with OwnServer(answer) as server:
        settings = settings_of(server.base_url, tmp_path / "kept", concurrency=2)
        assert len(list(ModelRun(settings).extract(texts_of(tmp_path), 2, Wanted(), Mode.LLM))) == 12
    since = [(at - told[0], port) for at, port in asked if at > told[0]]
    assert not [after for after, _ in since if 0.4 < after < 1.4]
    assert len({port for after, port in since if after >= 1.4}) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_that_the_budget_leaves_over_say_so(folder: Path, tmp_path: Path, jobs: int) -> None:
    with server_of(*varied(4)) as server:
        settings = settings_of(server, tmp_path, budget_tokens=3000, concurrency=jobs)
        outcomes = list(ModelRun(settings).extract(texts_of(folder), jobs, Wanted(), Mode.LLM))
        left = [o for o in outcomes if o.rendered is None]
        assert len(outcomes) == 4
        assert left
        assert all("run again to go on" in (o.reason or "") for o in left)
        again = ModelRun(settings_of(server, tmp_path)).extract(texts_of(folder), jobs, Wanted(), Mode.LLM)
        assert len(facts_of(again)) == 4
        assert server.counts.requests == 8


def test_a_server_that_refuses_leaves_every_file_unread_with_the_reason(folder: Path, tmp_path: Path) -> None:
    with server_of(*varied(4)) as server:
        settings = settings_of(server.base_url.replace("/v1", "/v2"), tmp_path)
        outcomes = list(ModelRun(settings).extract(texts_of(folder), 2, Wanted(), Mode.LLM))
    assert sorted(o.path for o in outcomes) == texts_of(folder)
    assert all(o.rendered is None and "GOUJI_BASE_URL" in (o.reason or "") for o in outcomes)


def test_a_file_that_crashes_its_process_costs_no_other_and_nothing_twice(folder: Path, tmp_path: Path) -> None:
    (folder / f"{CRASH}.txt").write_text(TEXT, encoding="utf-8")
    with server_of(*varied(4)) as server:
        run = ModelRun(settings_of(server, tmp_path))
        outcomes = {o.path.stem: o for o in run.read_files(texts_of(folder)[::-1], 2, read_or_crash)}
        assert server.counts.requests == run.ledger.total.requests == 8
    assert "crashed the process" in (outcomes.pop(CRASH).reason or "")
    assert len(facts_of(outcomes.values())) == 4


def test_with_every_failure_no_section_is_lost_or_doubled(folder: Path, tmp_path: Path) -> None:
    with server_of(*varied(4), failures=dict.fromkeys(Failure, 0.1), seed=3) as server:
        settings = settings_of(server, tmp_path, timeout=0.5, concurrency=6)
        outcomes = list(ModelRun(settings).extract(texts_of(folder), 2, Wanted(), Mode.LLM))
        assert sum(server.counts.failures.values()) > 3
    assert len(facts_of(outcomes)) == 4
    for outcome in outcomes:
        assert outcome.rendered is not None
        extraction = Extraction.model_validate_json(outcome.rendered.document)
        asked = [each for each in extraction.sections if each.outcome is not None]
        assert len(asked) == len({each.id for each in asked}) == len(read_sections())
        assert all(each.reason for each in asked if each.outcome is SectionOutcome.FAILED)
        pointed = [path for record in extraction.records for path in pointers(record.fields)]
        assert pointed


def read_sections() -> list[str]:
    """The sections of a document of `varied` that are read."""
    return [passage.id for passage in passages_of(varied(1)[0])]


@pytest.mark.parametrize("reader", ["rules", "llm"])
def test_an_interrupted_run_leaves_no_process_behind(folder: Path, tmp_path: Path, reader: str) -> None:
    for number in range(4, 60):
        (folder / f"{number}.txt").write_text(TEXT.replace("58.20", f"{number}.20"), encoding="utf-8")
    with server_of(*varied(4), latency=30) as server:
        environment = {"GOUJI_BASE_URL": server.base_url, "GOUJI_MODEL": "simulated", "XDG_CACHE_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "evals.main", "extract", str(folder), "--jobs=2", f"--reader={reader}"]
        done = subprocess.Popen(
            [*command, f"--out={tmp_path / 'out'}"], cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE
        )
        started, children = time.monotonic(), set[psutil.Process]()
        while time.monotonic() - started < 60 and len(children) < 4:  # the fork server, its helper, two that read
            children |= set(psutil.Process(done.pid).children(recursive=True))
            time.sleep(0.05)
        done.send_signal(signal.SIGINT)
        _, said = done.communicate(timeout=30)
    assert done.returncode == 130, said
    assert b"Traceback" not in said
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    assert not list((tmp_path / "out").iterdir()), "nothing half-written"


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
