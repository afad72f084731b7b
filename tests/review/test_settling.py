"""Decisions: what they write, who may make them, and that everything can be taken back."""

from dataclasses import replace
from pathlib import Path

import pytest
from reviewing import ADA, BEN, LEA, add_people, put, wrong

from extractor.review.actors import Actor, NotAllowed
from extractor.review.cards import change, open_card, proposals
from extractor.review.confirmed import all_confirmed, as_csv
from extractor.review.desk import Desk
from extractor.review.drafts import Step
from extractor.review.edits import Delete, EditRefused, Put
from extractor.review.progress import progress
from extractor.review.queue import Filters, Held, claim, find, take, tasks
from extractor.review.reporting import report
from extractor.review.settings import ReviewSettings
from extractor.review.settling import Act, Conflict, Saved, WrongStep, act
from extractor.review.together import settle_alike
from extractor.storage.database import Database
from extractor.storage.models import TaskRow, TaskStatus
from extractor.storage.repository import load_extraction, settled
from schemas.extraction import Extraction
from schemas.fields import pointers
from schemas.settlement import Decision


def claimed(desk: Desk, actor: Actor = ADA, filters: Filters | None = None) -> TaskRow:
    with desk.database.transaction() as session:
        row = claim(session, actor, desk.settings, filters)
    assert row is not None
    return row


def row_of(desk: Desk, task_id: int) -> TaskRow:
    with desk.database.transaction() as session:
        return find(session, task_id)


def now_of(desk: Desk, task: TaskRow) -> Extraction:
    with desk.database.transaction() as session:
        return load_extraction(session, settled(session, task.extraction_id))


def decide(desk: Desk, actor: Actor, task: TaskRow, action: str, **more: object) -> Saved:
    return act(desk, actor, replace(Act(task.id, row_of(desk, task.id).version, action), **more))  # type: ignore[arg-type]


def test_a_confirmed_finding_is_shared_with_who_said_so(desk: Desk) -> None:
    task = claimed(desk)
    saved = decide(desk, ADA, task, Decision.DOCUMENT, note="盖章版也如此")
    assert saved.status == TaskStatus.SETTLED
    with desk.database.transaction() as session:
        (row,) = all_confirmed(session)
        lines = list(as_csv([row]))
    assert (row.printed, row.suggested, row.by, row.note) == ("1010.00万元", "1050.00", "ada", "盖章版也如此")
    assert "1010.00万元" in lines[1]
    (finding,) = [each for each in now_of(desk, task).findings if each.settled]
    assert finding.settled is not None
    assert finding.settled.by == "ada"


def test_what_a_person_reported_becomes_a_finding_once_confirmed(desk: Desk) -> None:
    document = claimed(desk).document_id
    figure = next(each for each in now_of(desk, claimed(desk)).quantities if each.raw == "1010.00万元")
    with desk.database.transaction() as session:
        reported = report(session, desk, BEN, document, "与盖章版不符", figure.id).id
        take(session, ADA, desk.settings, reported)
    decide(desk, ADA, row_of(desk, reported), Decision.DOCUMENT, suggested="1050.00")
    (finding,) = [each for each in now_of(desk, row_of(desk, reported)).findings if each.settled]
    assert (finding.message, finding.suspect, finding.suggested) == ("与盖章版不符", figure.id, "1050.00")
    assert (finding.cause, finding.spans) == ("document", ((figure.start, figure.end),))


def test_a_correction_replaces_the_reading_in_exports_and_keeps_what_was_read(desk: Desk) -> None:
    task = claimed(desk)
    found = len(now_of(desk, task).findings)
    best = proposals(desk, ADA, task.id)[0]
    live = change(desk, ADA, task.id, added=best.edits)
    assert live.settles
    assert not live.breaks
    decide(desk, ADA, task, Decision.CORRECT, edits=live.edits, basis=live.basis)
    after = now_of(desk, task)
    assert len(after.findings) < found
    changed = [each for each in after.records if each.settled and each.settled.decision is Decision.CORRECT]
    assert changed
    assert all(each.settled and each.settled.was for each in changed)


def test_undo_puts_everything_back(desk: Desk) -> None:
    task = claimed(desk)
    before = now_of(desk, task)
    edits = proposals(desk, ADA, task.id)[0].edits
    decide(desk, ADA, task, Decision.CORRECT, edits=edits)
    assert now_of(desk, task) != before
    saved = decide(desk, ADA, task, "undo")
    assert saved.status == TaskStatus.OPEN
    assert now_of(desk, task) == before


def test_only_ones_own_last_step_can_be_undone_and_a_lead_reopens(desk: Desk) -> None:
    task = claimed(desk)
    decide(desk, ADA, task, Decision.ACCEPT)
    with pytest.raises(NotAllowed):
        decide(desk, BEN, task, "undo")
    with pytest.raises(NotAllowed):
        decide(desk, BEN, task, "reopen")
    assert decide(desk, LEA, task, "reopen").status == TaskStatus.OPEN


def test_a_draft_is_undone_redone_and_survives(desk: Desk) -> None:
    task = claimed(desk)
    record = open_card(desk, ADA, task.id).card.records[0]
    live = change(desk, ADA, task.id, added=(Delete(op="delete", record=record.id),))
    assert record.id not in {each.id for each in live.records}
    live = change(desk, ADA, task.id, Step.UNDO)
    assert record.id in {each.id for each in live.records}
    assert live.undone == 1
    live = change(desk, ADA, task.id, Step.REDO)
    assert record.id not in {each.id for each in live.records}
    card = open_card(desk, ADA, task.id).card
    assert (card.edits, card.undone) == (1, 0)
    assert open_card(desk, BEN, task.id).card.edits == 0


def test_an_edit_that_cannot_be_done_leaves_the_draft_as_it_was(desk: Desk) -> None:
    task = claimed(desk)
    record = open_card(desk, ADA, task.id).card.records[0]
    with pytest.raises(EditRefused, match="没有数字"):
        change(desk, ADA, task.id, added=(Put(op="put", record=record.id, path="amount", value="q999"),))
    assert open_card(desk, ADA, task.id).card.edits == 0


def test_no_save_overwrites_another(desk: Desk) -> None:
    task = claimed(desk)
    with desk.database.transaction() as session, pytest.raises(Held):
        take(session, BEN, desk.settings, task.id)
    with pytest.raises(Conflict):
        act(desk, BEN, Act(task.id, task.version, Decision.ACCEPT))
    act(desk, ADA, Act(task.id, task.version, Decision.ACCEPT))
    with pytest.raises(Conflict):
        act(desk, ADA, Act(task.id, task.version, Decision.DOCUMENT))
    with pytest.raises(WrongStep):
        act(desk, ADA, Act(task.id, task.version + 1, Decision.DOCUMENT))


def test_a_skip_says_why(desk: Desk) -> None:
    task = claimed(desk)
    with pytest.raises(WrongStep):
        decide(desk, ADA, task, "skip")
    assert decide(desk, ADA, task, "skip", note="要问财务").status == TaskStatus.SKIPPED


def test_what_is_alike_is_settled_together(desk: Desk) -> None:
    task = claimed(desk)
    done = settle_alike(desk, ADA, task.id, Decision.DOCUMENT)
    assert len(done.settled) >= 2
    assert not done.passed
    assert not done.left
    assert all(row_of(desk, each).verdict == Decision.DOCUMENT for each in done.settled)


@pytest.fixture
def doubled(tmp_path: Path, database: Database) -> Desk:
    """A desk at which every task is settled by two people."""
    add_people(database)
    put(database, wrong(tmp_path / "files"))
    return Desk(database, ReviewSettings(cache=tmp_path / "cache", second_share=1, review_children=1))


def test_second_decisions_are_blind_and_disputes_a_leads(doubled: Desk) -> None:
    task = claimed(doubled)
    assert decide(doubled, ADA, task, Decision.ACCEPT, note="无误").status == TaskStatus.SECOND
    with doubled.database.transaction() as session:
        assert claim(session, ADA, doubled.settings) is None, "nobody confirms their own decision"
    assert claimed(doubled, BEN).id == task.id
    card = open_card(doubled, BEN, task.id).card
    assert not card.history
    assert card.task.settled_by is None
    assert card.task.verdict is None
    assert decide(doubled, BEN, task, Decision.DOCUMENT).status == TaskStatus.DISPUTE
    with pytest.raises(NotAllowed):
        decide(doubled, BEN, task, Decision.DOCUMENT)
    assert claimed(doubled, LEA).id == task.id
    assert len(open_card(doubled, LEA, task.id).card.history) == 2
    assert decide(doubled, LEA, task, Decision.DOCUMENT).status == TaskStatus.SETTLED
    with doubled.database.transaction() as session:
        agreement = progress(session).agreement
    assert (agreement.count, agreement.of) == (0, 1)
    doubled.close()


def test_the_queue_is_in_order_and_pages_join(desk: Desk) -> None:
    from extractor.review.queue import Position

    with desk.database.transaction() as session:
        whole = tasks(session, Filters())
        first = tasks(session, Filters(), limit=1)
        rest = tasks(session, Filters(), Position(first[-1].priority, first[-1].id))
    assert [each.id for each in first + rest] == [each.id for each in whole]
    assert [each.priority for each in whole] == sorted((each.priority for each in whole), reverse=True)


def test_every_figure_of_a_card_points_at_its_place(desk: Desk) -> None:
    task = claimed(desk)
    opened = open_card(desk, ADA, task.id)
    quantities = {each.id: each for each in opened.extraction.quantities}
    for record in opened.card.records:
        held = dict(pointers(next(each for each in opened.extraction.records if each.id == record.id).fields))
        for each in record.fields:
            if each.path in held:
                start, end = each.place or (0, 0)
                printed = "".join(opened.text[start:end].split())
                assert printed == quantities[held[each.path]].raw == each.value
