"""The command line as a user meets it: real processes, real files, exit statuses, words instead of tracebacks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DISCLOSURE = """2023年度某县水利局部门决算
一、收入支出决算总体情况说明
2023年度收、支总计5294.15万元，比上年增加451.03万元，增长9.31%。
二、支出决算情况说明
2023年度本年支出合计5267.44万元，其中：基本支出1556.65万元，占支出合计的29.55%；项目支出3710.79万元，占支出合计的70.45%。
"""


def _run(*arguments: str | Path, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "extractor", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "COLUMNS": "200"},
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "好.txt").write_text(DISCLOSURE, encoding="utf-8")
    return documents


def test_extract_writes_the_contract_and_says_what_it_did(folder: Path, tmp_path: Path) -> None:
    done = _run("extract", folder, "--out", tmp_path / "out", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "好.txt" in done.stdout
    out = tmp_path / "out"
    [document] = (out / "documents").iterdir()
    extraction = json.loads(document.read_text(encoding="utf-8"))
    assert extraction["document"]["department"] == "某县水利局"
    assert {record["type"] for record in extraction["records"]} >= {
        "DisclosureProfile",
        "BudgetTotal",
        "CompositionItem",
    }
    assert all((out / name).exists() for name in ("facts.jsonl", "checks.jsonl", "findings.jsonl", "records"))
    text = DISCLOSURE
    for quantity in extraction["quantities"]:
        assert "".join(text[quantity["start"] : quantity["end"]].split()) == quantity["raw"]


def test_bad_files_cost_no_other_and_are_named(folder: Path, tmp_path: Path) -> None:
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    done = _run("extract", folder, "--out", tmp_path / "out", "--jobs", "2")
    assert done.returncode == 1
    assert len(list((tmp_path / "out" / "documents").iterdir())) == 1
    failures = [
        json.loads(line) for line in (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert {Path(failure["document"]).name for failure in failures} == {"空.txt", "坏.pdf"}
    assert "Traceback" not in done.stderr
    for failure in failures:
        assert failure["reason"]


def test_the_same_bytes_twice_are_taken_once(folder: Path, tmp_path: Path) -> None:
    (folder / "又.txt").write_text(DISCLOSURE, encoding="utf-8")
    done = _run("extract", folder, "--out", tmp_path / "out", "--jobs", "1")
    assert done.returncode == 0
    facts = [json.loads(line) for line in (tmp_path / "out" / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(facts) == len({fact["start"] for fact in facts}) > 5


def test_patterns_and_missing_paths(folder: Path, tmp_path: Path) -> None:
    assert _run("extract", "documents/*.txt", "--out", "out", "--jobs", "1", cwd=tmp_path).returncode == 0
    missing = _run("extract", tmp_path / "nothing.txt", "--out", tmp_path / "out2")
    assert missing.returncode == 1
    assert "nothing.txt" in missing.stderr
    assert not (tmp_path / "out2").exists()


@pytest.mark.parametrize(
    "arguments",
    [["extract"], ["extract", "x.txt", "--format", "word"], ["extract", "x.txt", "--reader", "magic"], ["nonsense"]],
)
def test_a_wrong_call_is_status_2(arguments: list[str]) -> None:
    done = _run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_text_prints_what_offsets_refer_to(folder: Path) -> None:
    assert _run("text", folder / "好.txt").stdout == DISCLOSURE


def test_schema_of_one_and_of_all() -> None:
    assert json.loads(_run("schema", "Procurement").stdout)["title"] == "Procurement"
    assert "Extraction" in json.loads(_run("schema").stdout)
    assert _run("schema", "Nothing").returncode == 2


def test_show_prints_the_document_with_a_legend(folder: Path) -> None:
    done = _run("show", folder / "好.txt")
    assert done.returncode == 0
    assert "5267.44万元" in done.stdout
    assert "未认领" in done.stdout
