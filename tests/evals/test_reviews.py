"""Settled reviews become labels: what people decided is in them, and what they left open keeps them out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reviewing import ADA, add_people, put, wrong
from typer.testing import Result

from evals.labels import LabelError, read_labels
from evals.reviews import settled_labels
from extractor.pipeline import extract
from extractor.review.desk import Desk
from extractor.review.queue import claim
from extractor.review.settings import ReviewSettings
from extractor.review.settling import Act, act
from extractor.storage.database import open_database
from extractor.storage.repository import load_extraction, settled
from extractor.storage.tasks import TaskKind
from schemas.extraction import Extraction
from schemas.settlement import Decision

PRINTED = "1010.00"


@pytest.fixture
def disclosure(tmp_path: Path) -> Path:
    """A final account in which one total is misprinted."""
    return wrong(tmp_path / "files", printed=PRINTED)


@pytest.fixture
def reviewed(disclosure: Path, tmp_path: Path) -> Extraction:
    """What stands after a reviewer confirmed every finding and accepted every record in the queue."""
    database = open_database(tmp_path / "review.sqlite")
    add_people(database)
    number = put(database, disclosure)
    desk = Desk(database, ReviewSettings(cache=tmp_path / "cache", second_share=0, review_children=1))
    try:
        while True:
            with database.transaction() as session:
                task = claim(session, ADA, desk.settings)
            if task is None:
                break
            decision = Decision.DOCUMENT if task.kind == TaskKind.FINDING else Decision.ACCEPT
            act(desk, ADA, Act(task.id, task.version, decision))
        with database.transaction() as session:
            return load_extraction(session, settled(session, number))
    finally:
        desk.close()


def test_a_settled_review_measures_readers(
    gouji_eval: Callable[..., Result], reviewed: Extraction, disclosure: Path, tmp_path: Path
) -> None:
    lines = tmp_path / "extractions.jsonl"  # as the review server exports them
    lines.write_text(reviewed.to_json(indent=None) + "\n", encoding="utf-8")
    labels = tmp_path / "labels"
    done = gouji_eval("label", "import", lines, "--out", labels, "--region", "某省")
    assert done.exit_code == 0, done.output
    [file] = labels.glob("*.json")
    [slip] = read_labels(file).defects
    assert (slip.printed, slip.should_be) == (f"{PRINTED}万元", "1050.00")
    assert "ada" in read_labels(file).notes[0]
    chosen = ("--labels", labels, "--documents", disclosure.parent)
    assert "0 个问题" in gouji_eval("check", *chosen).output
    scored = gouji_eval("run", *chosen, "--out", tmp_path / "run")
    assert scored.exit_code == 0, scored.output
    assert "1.0000 / 1.0000 / 1.0000" in scored.output


def test_what_nobody_looked_at_is_said(reviewed: Extraction) -> None:
    decided = sum(record.settled is not None for record in reviewed.records)
    assert settled_labels(reviewed).notes[0].startswith(f"{decided} of {len(reviewed.records)} records were decided")


def test_open_findings_keep_labels_out(disclosure: Path) -> None:
    with pytest.raises(LabelError, match="findings are open"):
        settled_labels(extract(disclosure))


def test_figures_without_a_place_keep_labels_out(gouji_eval: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("2023年度某局部门决算\n一、“三公”经费支出情况\n某种说法里有一个数3.7乘以二。\n", encoding="utf-8")
    saved = tmp_path / "a.json"
    saved.write_text(extract(file).to_json(), encoding="utf-8")
    done = gouji_eval("label", "import", saved, "--out", tmp_path / "labels")
    assert done.exit_code == 1
    assert "unclaimed" in done.output
    assert not (tmp_path / "labels").exists()


def test_other_files_are_no_reviews(gouji_eval: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    done = gouji_eval("label", "import", tmp_path, "--out", tmp_path / "labels")
    assert done.exit_code == 1
    assert "not an extraction" in done.output
