"""Results of documents go in as a whole and come out the same."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from disclosures import disclosure

from extractor.documents.loading import load
from extractor.pipeline import extract
from extractor.storage import repository
from extractor.storage.database import Database
from extractor.storage.models import (
    BodyRow,
    DocumentRow,
    ExtractionRow,
    FindingRow,
    SectionRow,
    TallyRow,
    TaskRow,
    TaskStatus,
)
from extractor.storage.packing import Packed, Source, pack
from schemas.checks import Cause, Family, Finding, FindingKind
from schemas.extraction import Extraction, SectionOutcome

RESULT_TABLES = (ExtractionRow, BodyRow, TallyRow, SectionRow, FindingRow, TaskRow)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return disclosure(tmp_path)


@pytest.fixture
def extraction(path: Path) -> Extraction:
    """A real extraction, with planted findings and a section that failed."""
    plain = extract(path)
    findings = tuple(
        Finding(
            id=f"f{number}",
            kind=FindingKind.ERROR,
            family=Family.SUM,
            message=f"合计与分项相差{number}.00万元",
            message_en=f"the parts differ from the sum by {number}.00",
            checks=("c1",),
            quantities=(plain.quantities[number].id,),
            suspect=plain.quantities[number].id,
            cause=Cause.DOCUMENT,
            amount_at_stake=Decimal(number * 10_000),
        )
        for number in (1, 2)
    )
    sections = (
        *plain.sections[:-1],
        plain.sections[-1].model_copy(update={"outcome": SectionOutcome.FAILED, "reason": "服务器没有回答"}),
    )
    return plain.model_copy(update={"findings": findings, "sections": sections})


def packed(extraction: Extraction, path: Path, fingerprint: str = "a") -> Packed:
    return pack(extraction, load(path).text, Source(str(path), path.stat().st_size, region="某省"), fingerprint)


def count(database: Database, table: type) -> int:
    with database.transaction() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_what_goes_in_comes_out(database: Database, extraction: Extraction, path: Path) -> None:
    with database.transaction() as session:
        stored = repository.store(session, packed(extraction, path))
    with database.transaction() as session:
        document_id = extraction.document.id
        assert repository.current(session, document_id) == stored
        assert repository.load_extraction(session, stored) == extraction
        assert repository.load_text(session, document_id) == path.read_text(encoding="utf-8")
        document = session.get_one(DocumentRow, document_id)
        assert (document.department, document.region) == (extraction.document.department, "某省")
        findings = session.scalars(sa.select(FindingRow).order_by(FindingRow.finding)).all()
        assert [finding.amount_at_stake for finding in findings] == [Decimal(10_000), Decimal(20_000)]
        section = session.scalars(sa.select(SectionRow)).one()
        assert section.reason == "服务器没有回答"
        tallied = session.execute(
            sa.select(sa.func.sum(TallyRow.count)).where(TallyRow.subject == "record")
        ).scalar_one()
        assert tallied == len(extraction.records)


def test_the_same_again_changes_nothing(database: Database, extraction: Extraction, path: Path) -> None:
    with database.transaction() as session:
        first = repository.store(session, packed(extraction, path))
    before = {table: count(database, table) for table in RESULT_TABLES}
    with database.transaction() as session:
        assert repository.find(session, extraction.document.id, "a") == first
        assert repository.store(session, packed(extraction, path)) == first
    assert {table: count(database, table) for table in RESULT_TABLES} == before


def test_a_newer_version_becomes_current_and_the_old_one_stays(
    database: Database, extraction: Extraction, path: Path
) -> None:
    with database.transaction() as session:
        old = repository.store(session, packed(extraction, path, "old"))
        new = repository.store(session, packed(extraction, path, "new"))
    with database.transaction() as session:
        assert repository.current(session, extraction.document.id) == new
        assert repository.load_extraction(session, old) == extraction
        status = {task.extraction_id: task.status for task in session.scalars(sa.select(TaskRow))}
        assert status == {old: TaskStatus.SUPERSEDED, new: TaskStatus.OPEN}
        repository.delete_extraction(session, new)
    with database.transaction() as session:
        assert repository.current(session, extraction.document.id) == old
        assert set(session.scalars(sa.select(TaskRow.status))) == {TaskStatus.OPEN}


def test_an_incomplete_extraction_is_no_answer(database: Database, extraction: Extraction, path: Path) -> None:
    lacking = extraction.model_copy(update={"complete": False})
    with database.transaction() as session:
        repository.store(session, packed(lacking, path))
        assert repository.find(session, extraction.document.id, "a") is None
    before = {table: count(database, table) for table in RESULT_TABLES}
    with database.transaction() as session:
        stored = repository.store(session, packed(extraction, path))
    assert {table: count(database, table) for table in RESULT_TABLES} == before
    with database.transaction() as session:
        assert repository.load_extraction(session, stored).complete


def test_settled_versions_stand_beside_their_reading(database: Database, extraction: Extraction, path: Path) -> None:
    with database.transaction() as session:
        reading = repository.store(session, packed(extraction, path, "reading"))
        assert repository.settled(session, reading) == reading
        corrected = extraction.model_copy(update={"findings": ()})
        for version in ("settled", "settled again"):
            by_people = repository.put_settled(session, packed(corrected, path, version), reading)
            assert repository.settled(session, reading) == by_people
    with database.transaction() as session:
        assert repository.current(session, extraction.document.id) == reading
        assert count(database, ExtractionRow) == 2, "a settled version replaces the one before it"
        assert set(session.scalars(sa.select(TaskRow.extraction_id))) == {reading}
        repository.drop_settled(session, reading)
        assert repository.settled(session, reading) == reading


def test_a_settled_version_never_takes_the_place_of_a_reading(
    database: Database, extraction: Extraction, path: Path
) -> None:
    with database.transaction() as session:
        old = repository.store(session, packed(extraction, path, "old"))
        repository.put_settled(session, packed(extraction, path, "settled"), old)
        new = repository.store(session, packed(extraction, path, "new"))
        repository.delete_extraction(session, new)
        assert repository.current(session, extraction.document.id) == old


def test_what_is_not_there_is_told(database: Database) -> None:
    with database.transaction() as session:
        for ask in (repository.current, repository.load_text):
            with pytest.raises(repository.NotStored, match="库中没有"):
                ask(session, "0" * 16)
        with pytest.raises(repository.NotStored):
            repository.load_extraction(session, 7)


def test_deleting_a_document_leaves_nothing_of_it(database: Database, extraction: Extraction, path: Path) -> None:
    with database.transaction() as session:
        repository.store(session, packed(extraction, path))
        repository.delete_document(session, extraction.document.id)
    assert {count(database, table) for table in RESULT_TABLES} == {0}


def test_tasks_are_ordered_by_what_is_at_stake(database: Database, extraction: Extraction, path: Path) -> None:
    with database.transaction() as session:
        repository.store(session, packed(extraction, path))
    with database.transaction() as session:
        queue = session.scalars(sa.select(TaskRow).order_by(TaskRow.priority.desc(), TaskRow.id)).all()
    assert [(task.kind, task.subject) for task in queue[:2]] == [("finding", "f2"), ("finding", "f1")]
    assert queue[0].signature == queue[1].signature, "the same is said of both, with other figures"
    assert any(task.kind == "section" and task.reason == "服务器没有回答" for task in queue)
    assert {task.region for task in queue} == {"某省"}


def test_two_writers_of_one_document_store_it_once(database: Database, extraction: Extraction, path: Path) -> None:
    ready = threading.Barrier(8)
    stored: list[int] = []

    def write(number: int) -> None:
        ready.wait()
        with database.transaction() as session:
            stored.append(repository.store(session, packed(extraction, path, f"version {number % 2}")))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored) == 8
    assert len(set(stored)) == 2
    assert count(database, ExtractionRow) == count(database, BodyRow) == 2
