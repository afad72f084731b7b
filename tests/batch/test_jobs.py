"""Jobs are entered once, whatever happens, and can be steered."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from at_work import states
from disclosures import disclosure

from extractor.batch.engine import Engine
from extractor.batch.files import FileStore
from extractor.batch.inputs import Entry, entries_of
from extractor.batch.jobs import Jobs, queue_of, workflow_of
from extractor.batch.progress import list_files, list_jobs, progress_of
from extractor.batch.reading import ReadingOptions
from extractor.errors import ConfigurationError
from extractor.storage.database import Database
from extractor.storage.work import ItemRow, ItemState, JobRow

RULES = ReadingOptions()
FILES = [Entry(f"/somewhere/{number}.txt", "1") for number in range(25)]


def rounds(database: Database) -> dict[str, int]:
    with database.transaction() as session:
        return {row.address: row.round for row in session.scalars(sa.select(ItemRow))}


def test_the_same_submission_twice_is_one(database: Database, jobs: Jobs) -> None:
    first = jobs.submit("a", FILES, RULES)
    again = jobs.submit("a", [*FILES, Entry("/somewhere/new.txt", "1")], RULES)
    assert (first.named, first.new) == (25, 25)
    assert (again.named, again.new) == (26, 1)
    assert states(database) == {"waiting": 26}


def test_submitting_from_many_sides_at_once_enters_each_file_once(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", FILES[:1], RULES)
    new: list[int] = []
    threads = [threading.Thread(target=lambda: new.append(jobs.submit("a", FILES, RULES).new)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(new) == 24
    assert states(database) == {"waiting": 25}


def test_a_changed_file_is_done_again_once_it_is_done(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", FILES[:2], RULES)
    with database.transaction() as session:
        session.execute(sa.update(ItemRow).values(state=ItemState.DONE))
    changed = jobs.submit("a", [Entry(FILES[0].address, "2"), FILES[1]], RULES)
    assert changed.new == 1
    assert states(database) == {"waiting": 1, "done": 1}
    assert rounds(database) == {FILES[0].address: 2, FILES[1].address: 1}


def test_what_a_crash_left_unhanded_is_handed_over(database: Database, jobs: Jobs, engine: Engine) -> None:
    jobs.submit("a", FILES, RULES)
    job = jobs.id_of("a")
    with database.transaction() as session:
        session.execute(sa.update(ItemRow).values(queued=False))
    assert jobs.hand_over(job) == 25
    assert jobs.hand_over(job) == 0
    with database.transaction() as session:
        item = session.scalars(sa.select(ItemRow)).first()
        assert item is not None
    engine.cancel([workflow_of(job, item.id, 1)])
    assert queue_of(job) in engine.queues()


def test_a_job_reads_in_one_way(jobs: Jobs) -> None:
    jobs.submit("a", FILES, RULES)
    with pytest.raises(ConfigurationError, match="读取方式不同"):
        jobs.submit("a", FILES, ReadingOptions(reader="llm"))


@pytest.mark.parametrize("name", ["", "x" * 121, "line\nbreak"])
def test_names_of_jobs_can_be_shown(jobs: Jobs, name: str) -> None:
    with pytest.raises(ConfigurationError, match="任务名"):
        jobs.submit(name, FILES, RULES)


def test_a_submission_of_nothing_leaves_no_job(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", [], RULES)
    with database.transaction() as session:
        assert list(list_jobs(session)) == []


def test_unknown_jobs_are_told_with_those_there_are(jobs: Jobs) -> None:
    jobs.submit("决算2023", FILES, RULES)
    for act in (jobs.pause, jobs.resume, jobs.cancel, jobs.retry_failed, jobs.delete):
        with pytest.raises(ConfigurationError, match="决算2023"):
            act("nothing")


def test_cancel_and_resume(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", FILES, RULES)
    with database.transaction() as session:
        first = sa.select(sa.func.min(ItemRow.id)).scalar_subquery()
        session.execute(sa.update(ItemRow).where(ItemRow.id == first).values(state=ItemState.DONE))
    assert jobs.cancel("a") == 24
    assert states(database) == {"cancelled": 24, "done": 1}
    jobs.resume("a")
    assert states(database) == {"waiting": 24, "done": 1}
    assert sorted(rounds(database).values()) == [1] + [2] * 24


def test_what_failed_or_is_incomplete_is_tried_again(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", FILES[:3], RULES)
    with database.transaction() as session:
        ids = list(session.scalars(sa.select(ItemRow.id).order_by(ItemRow.id)))
        for item, values in zip(
            ids,
            (
                {"state": ItemState.FAILED, "reason": "damaged"},
                {"state": ItemState.DONE, "complete": False},
                {"state": ItemState.DONE, "complete": True},
            ),
            strict=True,
        ):
            session.execute(sa.update(ItemRow).where(ItemRow.id == item).values(**values))
    assert jobs.retry_failed("a") == 2
    assert states(database) == {"waiting": 2, "done": 1}


def test_delete_leaves_nothing(database: Database, jobs: Jobs, engine: Engine) -> None:
    jobs.submit("a", FILES, RULES)
    jobs.submit("b", FILES[:2], RULES)
    queue = queue_of(jobs.id_of("a"))
    jobs.delete("a")
    assert queue not in engine.queues()
    with database.transaction() as session:
        assert [line.job for line in list_jobs(session)] == ["b"]
    assert states(database) == {"waiting": 2}


def test_a_job_goes_on_when_the_engine_has_lost_its_books(database: Database, jobs: Jobs, engine: Engine) -> None:
    jobs.submit("a", FILES, RULES)
    engine.forget([workflow_of(jobs.id_of("a"), number, 1) for number in range(1, 11)])
    jobs.resume("a")
    engine.cancel([workflow_of(jobs.id_of("a"), number, 1) for number in range(1, 26)])
    assert states(database) == {"waiting": 25}
    assert len(engine.finished("9999-01-01T00:00:00+00:00")) == 25, "the engine knows all of them again"


def test_a_job_of_a_deleted_name_begins_anew(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", FILES, RULES)
    before = jobs.id_of("a")
    jobs.delete("a")
    jobs.submit("a", FILES, RULES)
    assert jobs.id_of("a") != before, "the engine's workflows of the old job are not taken for the new one's"
    assert states(database) == {"waiting": 25}


def test_progress_and_pages_of_files(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", FILES, RULES)
    with database.transaction() as session:
        session.execute(
            sa.update(ItemRow)
            .where(ItemRow.id <= 5)
            .values(state=ItemState.DONE, sections=3, requests=2, complete=True)
        )
        progress = progress_of(session, jobs.id_of("a"))
        assert (progress.documents, progress.done, progress.waiting) == (25, 5, 20)
        assert (progress.sections, progress.requests, progress.money) == (15, 10, None)
        first = list_files(session, jobs.id_of("a"), ItemState.WAITING, limit=12)
        rest = list_files(session, jobs.id_of("a"), ItemState.WAITING, after=first[-1].id, limit=12)
        assert [len(first), len(rest)] == [12, 8]


def test_files_are_copied_for_workers_that_do_not_see_them(database: Database, engine: Engine, tmp_path: Path) -> None:
    store = FileStore(str(tmp_path / "kept"))
    path = disclosure(tmp_path)
    Jobs(database, engine, store).submit("a", entries_of([str(path)]), RULES)
    with database.transaction() as session:
        revision = session.scalars(sa.select(ItemRow.revision)).one()
    assert revision.removeprefix("sha256:") in store


def test_a_job_remembers_how_it_reads(database: Database, jobs: Jobs) -> None:
    jobs.submit("a", FILES, RULES)
    with database.transaction() as session:
        job = session.scalars(sa.select(JobRow)).one()
    assert ReadingOptions.model_validate_json(job.options) == RULES
