"""`gouji check` as scripts and people meet it: real processes, sentences, exit statuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.checkcommand import Level, counts
from schemas.checks import Cause, Finding, FindingKind

SUM_OFF = """2023年度某县水利局部门决算
一、支出决算情况说明
2023年度本年支出合计5267.44万元，其中：基本支出1556.65万元，占支出合计的29.55%；项目支出3710.79万元，占支出合计的80.45%。
"""
CLEAN = SUM_OFF.replace("80.45%", "70.45%")
DOUBLED = CLEAN.replace("其中：基本", "其中：，基本")


def _run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "extractor", "check", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "COLUMNS": "80"},
        timeout=120,
    )


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_wrong_share_is_said_with_both_sides_and_fails_the_check(tmp_path: Path) -> None:
    done = _run(_file(tmp_path, "错.txt", SUM_OFF))
    assert done.returncode == 1
    assert "80.45%" in done.stdout
    assert "应为70.45%" in done.stdout, "a sentence is not broken over lines"
    assert "1 份文件，1 处发现" in done.stdout


def test_a_clean_document_passes_and_is_named(tmp_path: Path) -> None:
    done = _run(_file(tmp_path, "好.txt", CLEAN))
    assert (done.returncode, done.stderr) == (0, "")
    assert "好.txt  没有发现" in done.stdout


def test_documents_come_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    texts = [
        SUM_OFF,
        CLEAN,
        SUM_OFF.replace("某县", "某市"),
        CLEAN.replace("某县", "某市"),
        SUM_OFF.replace("某县", "某区"),
    ]
    paths = [_file(tmp_path, f"{number}.txt", text) for number, text in enumerate(texts)]
    done = _run(*reversed(paths), "--jobs", "2")
    places = [done.stdout.index(path.name) for path in reversed(paths)]
    assert places == sorted(places)


def test_wording_fails_only_a_check_that_asks_for_it(tmp_path: Path) -> None:
    path = _file(tmp_path, "标点.txt", DOUBLED)
    assert _run(path).returncode == 0
    assert _run(path, "--fail-on", "misrounded").returncode == 0
    asked = _run(path, "--fail-on", "wording", "--english")
    assert asked.returncode == 1
    assert "wording" in asked.stdout
    assert "处发现" not in asked.stdout


def test_json_is_one_object_a_line_with_the_contracts_names(tmp_path: Path) -> None:
    path, broken = _file(tmp_path, "错.txt", SUM_OFF), _file(tmp_path, "空.txt", "")
    done = _run(path, broken, "--json")
    assert done.returncode == 1
    found, failed = (json.loads(line) for line in done.stdout.splitlines())
    assert (found["path"], found["kind"], found["suggested"]) == (str(path), "error", "70.45")
    assert {"document", "document_id", "message", "message_en", "evidence", "spans", "checks"} <= set(found)
    assert failed["path"] == str(broken)
    assert failed["reason"]


def test_what_cannot_be_read_fails_the_check_but_costs_no_other_file(tmp_path: Path) -> None:
    done = _run(_file(tmp_path, "坏.pdf", "%PDF-1.7 broken"), _file(tmp_path, "好.txt", CLEAN), "--fail-on", "never")
    assert done.returncode == 1
    assert "坏.pdf" in done.stderr
    assert "没有发现" in done.stdout
    assert "1 份无法读取" in done.stdout
    nothing = _run(tmp_path / "nothing.txt")
    assert nothing.returncode == 1
    assert "nothing.txt" in nothing.stderr


@pytest.mark.parametrize("arguments", [[], ["x.txt", "--fail-on", "everything"], ["x.txt", "--nonsense"]])
def test_a_wrong_call_is_status_2_without_a_traceback(arguments: list[str]) -> None:
    done = _run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("kind", "cause", "fails_from"),
    [
        (FindingKind.ERROR, Cause.DOCUMENT, Level.ERROR),
        (FindingKind.ERROR, Cause.UNKNOWN, Level.ERROR),
        (FindingKind.ERROR, Cause.READING, Level.COVERAGE),
        (FindingKind.MISROUNDED, Cause.DOCUMENT, Level.MISROUNDED),
        (FindingKind.WORDING, Cause.DOCUMENT, Level.WORDING),
        (FindingKind.STRUCTURE, Cause.DOCUMENT, Level.STRUCTURE),
        (FindingKind.COVERAGE, Cause.READING, Level.COVERAGE),
    ],
)
def test_each_level_includes_those_before_it(kind: FindingKind, cause: Cause, fails_from: Level) -> None:
    finding = Finding(id="f1", kind=kind, cause=cause, message="…", message_en="…")
    levels = list(Level)[:-1]
    first = levels.index(fails_from)
    assert [counts(finding, level) for level in levels] == [place >= first for place in range(len(levels))]
    assert not counts(finding, Level.NEVER)
