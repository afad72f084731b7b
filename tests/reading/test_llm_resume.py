"""What was answered is kept: a second run asks nothing, a killed one only what is unfinished, a failure again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from simulated import TEXT, disclosure_of, read_all, read_one, server_of, settings_of, varied

from evals.simulation.failures import Failure
from evals.simulation.slips import Slip, Slips
from extractor.reading.llm import Mode
from extractor.reading.llm.store import Store
from schemas.extraction import SectionOutcome

DISCLOSURE = disclosure_of()


def test_a_second_run_asks_nothing_and_reads_the_same(tmp_path: Path) -> None:
    with server_of(DISCLOSURE) as server:
        settings = settings_of(server, tmp_path)
        first = read_one(DISCLOSURE, settings)
        asked = server.counts.requests
        second = read_one(DISCLOSURE, settings)
        assert server.counts.requests == asked == 2
    assert second.readings == first.readings
    assert second.cost.requests == second.cost.total_tokens == 0


def test_no_cache_neither_reads_nor_writes(tmp_path: Path) -> None:
    with server_of(DISCLOSURE) as server:
        settings = settings_of(server, tmp_path, cache=False)
        read_one(DISCLOSURE, settings)
        read_one(DISCLOSURE, settings_of(server, tmp_path))
        read_one(DISCLOSURE, settings)
        assert server.counts.requests == 6


def test_another_model_or_prompt_is_another_answer(tmp_path: Path) -> None:
    with server_of(DISCLOSURE) as server:
        read_one(DISCLOSURE, settings_of(server, tmp_path))
        read_one(DISCLOSURE, settings_of(server, tmp_path, model="another"))
        read_one(DISCLOSURE, settings_of(server, tmp_path, temperature=0.7))
        assert server.counts.requests == 6


def test_failures_are_not_kept(tmp_path: Path) -> None:
    settings = None
    with server_of(DISCLOSURE, failures={Failure.MALFORMED: 1.0}) as server:
        settings = settings_of(server, tmp_path, attempts=1)
        failed = read_one(DISCLOSURE, settings)
        assert {r.outcome for r in failed.readings} >= {SectionOutcome.FAILED}
    with server_of(DISCLOSURE) as server:
        reading = read_one(DISCLOSURE, settings_of(server, tmp_path))
        assert server.counts.requests == 2
    assert all(r.outcome is not SectionOutcome.FAILED for r in reading.readings)


def test_an_answer_that_was_refused_is_not_kept_until_it_is_mended(tmp_path: Path) -> None:
    slips = Slips({Slip.UNKNOWN_ID: 0.3}, seed=2)
    with server_of(DISCLOSURE, slips=slips) as server:
        settings = settings_of(server, tmp_path, repair_rounds=0)
        assert any(r.outcome is SectionOutcome.NEEDS_REVIEW for r in read_one(DISCLOSURE, settings).readings)
        asked = server.counts.requests
        read_one(DISCLOSURE, settings)
        assert server.counts.requests > asked


def test_outcomes_of_sections_are_written_down(tmp_path: Path) -> None:
    with server_of(DISCLOSURE) as server:
        settings = settings_of(server, tmp_path)
        reading = read_one(DISCLOSURE, settings)
    store = Store(settings.answers_file)
    outcomes = store.outcomes(DISCLOSURE.loaded.id)
    store.close()
    assert outcomes == {r.section: (r.outcome, r.reason) for r in reading.readings}


def test_a_file_that_another_process_is_setting_up_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "answers.sqlite"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    done = threading.Timer(0.3, lambda: other.execute("commit"))
    done.start()
    Store(file).close()
    done.join()
    other.close()


def test_two_processes_may_share_the_file(tmp_path: Path) -> None:
    texts = varied(6)
    with server_of(*texts) as server:
        runs = [_start(server.base_url, tmp_path, tmp_path / f"out{n}") for n in range(2)]
        assert [run.wait(60) for run in runs] == [0, 0]
        before = server.counts.requests
        read_all(texts, settings_of(server, tmp_path))
        assert server.counts.requests == before


SCRIPT = """
import asyncio, json, sys
from pathlib import Path
from simulated import settings_of, varied
from extractor.pipeline_model import extract_with_model
base_url, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
texts = varied(6)
async def main():
    out.mkdir(exist_ok=True)
    async for extraction in extract_with_model(texts, settings_of(base_url, folder, concurrency=2)):
        (out / extraction.document.name).write_text(extraction.to_json())
asyncio.run(main())
"""


def _start(base_url: str, folder: Path, out: Path) -> "subprocess.Popen[bytes]":
    root = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONPATH": f"{root}:{root / 'tests'}"}
    return subprocess.Popen([sys.executable, "-c", SCRIPT, base_url, str(folder), str(out)], cwd=root, env=env)


@pytest.mark.parametrize("after", [3, 7])
def test_killed_and_started_again_only_what_is_unfinished_is_asked(after: int, tmp_path: Path) -> None:
    texts = varied(6)
    with server_of(*texts, latency=0.15) as server:
        run = _start(server.base_url, tmp_path, tmp_path / "out")
        deadline = time.monotonic() + 60
        while server.counts.requests < after and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(run.pid, signal.SIGKILL)
        run.wait(10)
        killed_at = server.counts.requests
        time.sleep(0.4)
        assert _start(server.base_url, tmp_path, tmp_path / "out").wait(60) == 0
        # 12 requests in all; asked twice are at most two that were on their way, and two that were answered and not read
        assert killed_at < 12
        assert 12 <= server.counts.requests <= 12 + 4
    written = sorted((tmp_path / "out").glob("*.txt"))
    assert len(written) == 6
    for path in written:
        records = json.loads(path.read_text())["records"]
        assert len(records) >= 19
        assert len({record["id"] for record in records}) == len(records)


def test_cascade_keeps_answers_too(tmp_path: Path) -> None:
    odd = disclosure_of(TEXT + "八、其他情况说明\n全年首付款12.30万元已付清，尾款共3笔。\n")
    with server_of(odd) as server:
        settings = settings_of(server, tmp_path)
        first = read_one(odd, settings, Mode.CASCADE)
        asked = server.counts.requests
        assert asked > 0
        assert read_one(odd, settings, Mode.CASCADE).readings == first.readings
        assert server.counts.requests == asked
