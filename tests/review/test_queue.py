"""Who gets which task: no two people the same one, none left out, the audit mixed in."""

import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from reviewing import ADA, BEN, add_people, put, wrong

from extractor.review.actors import Actor, Channel
from extractor.review.desk import Desk
from extractor.review.queue import Filters, Held, beat, claim, find, release, take, tasks, whys
from extractor.review.settings import ReviewSettings
from extractor.review.settling import Act, act
from extractor.storage.database import Database
from extractor.storage.models import TaskRow, TaskStatus, VerdictRow
from extractor.storage.people import Role, UserRow
from extractor.storage.tasks import TaskKind
from extractor.storage.types import now
from schemas.settlement import Decision


@pytest.fixture
def busy(tmp_path: Path, database: Database) -> Desk:
    """A desk on either kind of database with a dozen documents and people without number."""
    add_people(database)
    for number in range(12):
        put(database, wrong(tmp_path / "files", f"第{number + 1}局", printed=f"10{number + 20}.00"))
    return Desk(database, ReviewSettings(cache=tmp_path / "cache", second_share=0, review_children=1, audit_share=0))


def test_many_reviewers_settle_every_task_once(busy: Desk) -> None:
    people = [Actor(f"reviewer {number}", Role.REVIEWER, Channel.API) for number in range(6)]
    with busy.database.transaction() as session:
        session.add_all(UserRow(name=each.name, role=each.role) for each in people)
    errors: list[BaseException] = []

    def work(actor: Actor) -> None:
        try:
            while True:
                with busy.database.writing() as session:
                    row = claim(session, actor, busy.settings)
                if row is None:
                    return
                act(busy, actor, Act(row.id, row.version, Decision.ACCEPT))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with busy.database.transaction() as session:
        decided = Counter(session.scalars(sa.select(VerdictRow.task_id).where(VerdictRow.action == Decision.ACCEPT)))
        left = tasks(session, Filters(status=TaskStatus.OPEN), limit=500)
    assert set(decided.values()) == {1}
    assert not [row for row in left if row.kind != TaskKind.AUDIT]
    busy.close()


def test_a_lease_lapses_unless_it_is_renewed(desk: Desk) -> None:
    with desk.database.transaction() as session:
        mine = claim(session, ADA, desk.settings)
        assert mine is not None
        assert beat(session, ADA, desk.settings, mine.id)
        assert not beat(session, BEN, desk.settings, mine.id)
        with pytest.raises(Held):
            take(session, BEN, desk.settings, mine.id)
    with desk.database.transaction() as session:
        find(session, mine.id).leased_until = now()
    with desk.database.transaction() as session:
        assert take(session, BEN, desk.settings, mine.id).leased_by == BEN.name
        assert not beat(session, ADA, desk.settings, mine.id)


def test_the_gravest_comes_first_and_a_held_task_is_passed_over(desk: Desk) -> None:
    with desk.database.transaction() as session:
        order = [row.id for row in tasks(session, Filters(status=TaskStatus.OPEN)) if row.kind != TaskKind.AUDIT]
        first, second = claim(session, ADA, desk.settings), claim(session, BEN, desk.settings)
    assert first is not None
    assert second is not None
    assert [first.id, second.id] == order[:2]
    with desk.database.transaction() as session:
        release(session, ADA, first.id)
        again = claim(session, BEN, desk.settings)
    assert again is not None
    assert again.id == second.id, "what a person holds comes first"


def test_the_audit_is_mixed_in(desk: Desk) -> None:
    settings = desk.settings.model_copy(update={"audit_every": 2, "audit_share": 0.03})
    with desk.database.transaction() as session:
        example = tasks(session, Filters(), limit=1)[0]
        values = {
            column.name: getattr(example, column.name) for column in TaskRow.__table__.columns if column.name != "id"
        }
        audit = {"kind": TaskKind.AUDIT, "subject": "r2", "priority": -0.01, "leased_by": None, "leased_until": None}
        session.execute(sa.insert(TaskRow).values(values | audit))
    kinds = []
    for _ in range(3):
        with desk.database.transaction() as session:
            row = claim(session, ADA, settings)
        assert row is not None
        kinds.append(row.kind)
        act(desk, ADA, Act(row.id, row.version, Decision.ACCEPT))
    assert kinds[1] == TaskKind.AUDIT


def test_second_reviews_are_drawn_by_seed(desk: Desk) -> None:
    from extractor.review.queue import is_doubled

    half = desk.settings.model_copy(update={"second_share": 0.5})
    with desk.database.transaction() as session:
        task = find(session, 1)
    rows = [TaskRow(document_id=task.document_id, kind=task.kind, subject=f"f{number}") for number in range(400)]
    drawn = [is_doubled(half, row) for row in rows]
    assert drawn == [is_doubled(half, row) for row in rows]
    assert 150 < sum(drawn) < 250
    assert drawn != [is_doubled(half.model_copy(update={"seed": "other"}), row) for row in rows]
    assert not any(is_doubled(half.model_copy(update={"single_user": "me"}), row) for row in rows)


def test_reasons_are_counted(desk: Desk) -> None:
    with desk.database.transaction() as session:
        counted = whys(session, Filters())
        listed = Counter(row.signature for row in tasks(session, Filters(status=TaskStatus.OPEN), limit=500))
    assert {each.signature: each.count for each in counted} == dict(listed)
    assert counted == sorted(counted, key=lambda each: (-each.count, -each.priority))


def test_filters_narrow_the_list(desk: Desk) -> None:
    with desk.database.transaction() as session:
        every = tasks(session, Filters(), limit=500)
        one = every[0]
        for name in ("kind", "department", "region", "fiscal_year", "document_id", "signature", "family"):
            value = getattr(one, name)
            found = tasks(session, replace(Filters(), **{name: value}), limit=500)
            assert {row.id for row in found} == {row.id for row in every if getattr(row, name) == value}
        assert not tasks(session, Filters(department="没有这个部门"))


def test_ones_own_tasks_are_those_held_and_settled(desk: Desk) -> None:
    with desk.database.transaction() as session:
        first = claim(session, ADA, desk.settings)
    assert first is not None
    act(desk, ADA, Act(first.id, first.version, Decision.ACCEPT))
    with desk.database.transaction() as session:
        second, other = claim(session, ADA, desk.settings), claim(session, BEN, desk.settings)
        assert second is not None
        assert other is not None
        mine = tasks(session, Filters(mine=ADA.name))
    assert {row.id for row in mine} == {first.id, second.id}
