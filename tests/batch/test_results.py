"""What a job has made comes out of the database whole, once, and in every format."""

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from disclosures import disclosure

from extractor.batch import results
from extractor.batch.inputs import entries_of
from extractor.batch.jobs import Jobs
from extractor.batch.reading import ReadingOptions
from extractor.documents.loading import load
from extractor.pipeline import extract
from extractor.storage import repository
from extractor.storage.database import Database
from extractor.storage.packing import Source, pack
from extractor.storage.work import ItemRow, ItemState


@pytest.fixture
def job(database: Database, jobs: Jobs, tmp_path: Path) -> int:
    """Five files: two of them the same bytes, one that failed, one that still waits."""
    folder = tmp_path / "files"
    paths = [disclosure(folder, total=total) for total in ("1001.00", "1002.00")]
    same = folder / "same.txt"
    same.write_bytes(paths[0].read_bytes())
    for name in ("失败.txt", "等待.txt"):
        (folder / name).write_text("x", encoding="utf-8")
    jobs.submit("a", entries_of([str(folder)]), ReadingOptions())
    for path in (*paths, same):
        packed = pack(extract(path), load(path).text, Source(str(path), path.stat().st_size), "f")
        with database.transaction() as session:
            done = {"state": ItemState.DONE, "extraction_id": repository.store(session, packed), "complete": True}
            session.execute(sa.update(ItemRow).where(ItemRow.address == str(path)).values(**done))
    with database.transaction() as session:
        failed = {"state": ItemState.FAILED, "reason": "文件已损坏"}
        session.execute(sa.update(ItemRow).where(ItemRow.address.endswith("失败.txt")).values(**failed))
    return jobs.id_of("a")


def test_extractions_are_streamed_a_line_each_and_once(database: Database, job: int) -> None:
    target = io.StringIO()
    assert results.stream(database, job, target) == 2
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    assert len({line["document"]["id"] for line in lines}) == 2


def test_every_format_holds_the_same_documents(database: Database, job: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = results.export(database, job, out, results.FORMATS, 1)
    assert (done.documents, done.failed) == (2, 1)
    assert len(list((out / "documents").iterdir())) == 2
    facts = [json.loads(line) for line in (out / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(pq.read_table(out / "records.parquet" / "facts")) == len(facts)
    assert json.loads((out / "failures.jsonl").read_text(encoding="utf-8"))["reason"] == "文件已损坏"
    assert (out / "records" / "BudgetTotal.csv").exists()
    assert (out / "records.xlsx").exists()


def test_what_people_settled_takes_the_place_of_the_reading(database: Database, job: int) -> None:
    with database.transaction() as session:
        reading = session.scalars(sa.select(ItemRow.extraction_id).where(ItemRow.extraction_id.is_not(None))).first()
        assert reading is not None
        extraction = repository.load_extraction(session, reading)
        corrected = extraction.model_copy(update={"records": extraction.records[:1]})
        packed = pack(corrected, "", Source("x", 1), "settled")
        repository.put_settled(session, packed, reading)
    target = io.StringIO()
    results.stream(database, job, target)
    by_document = {line["document"]["id"]: line for line in map(json.loads, target.getvalue().splitlines())}
    assert len(by_document[extraction.document.id]["records"]) == 1


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_many_documents_are_rendered_by_several_processes(
    database: Database, job: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "FEW", 1)
    monkeypatch.setattr(results, "PAGE", 1)
    assert results.export(database, job, tmp_path / "out", ("csv",), 2).documents == 2
    assert [path.name for path in (tmp_path / "out").iterdir()].count("records") == 1
