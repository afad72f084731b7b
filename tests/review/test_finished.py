"""Settled reviews become labels for the evals by one command."""

from pathlib import Path

from reviewing import ADA
from typer.testing import CliRunner

from evals.labelcommands import app
from evals.labels import read_labels
from extractor.review.cards import proposals
from extractor.review.desk import Desk
from extractor.review.finished import finished
from extractor.review.queue import PENDING, Filters, claim, tasks
from extractor.review.settling import Act, act
from extractor.storage.tasks import TaskKind
from schemas.fields import pointers
from schemas.settlement import Decision


def settle_document(desk: Desk, document_id: str) -> None:
    """Correct the first thing, accept the rest."""
    while True:
        with desk.database.transaction() as session:
            left = tasks(session, Filters(document_id=document_id))
            if not [row for row in left if row.status in PENDING and row.kind != TaskKind.AUDIT]:
                return
            row = claim(session, ADA, desk.settings, Filters(document_id=document_id))
        assert row is not None
        offered = proposals(desk, ADA, row.id)
        if offered:
            act(desk, ADA, Act(row.id, row.version, Decision.CORRECT, offered[0].edits))
        else:
            act(desk, ADA, Act(row.id, row.version, Decision.ACCEPT))


def test_a_finished_document_becomes_labels_as_people_left_it(desk: Desk, tmp_path: Path) -> None:
    with desk.database.transaction() as session:
        assert not list(finished(session))
        document_id = tasks(session, Filters())[0].document_id
    settle_document(desk, document_id)
    with desk.database.transaction() as session:
        (done,) = finished(session)
    ran = CliRunner().invoke(app, ["review", str(desk.database.file), "--out", str(tmp_path / "labels")])
    assert ran.exit_code == 0, ran.output
    (file,) = (tmp_path / "labels").glob("*.json")
    labels = read_labels(file)
    assert labels.document.sha256 == done.extraction.document.sha256
    corrected = next(each for each in done.extraction.records if each.settled and each.settled.was)
    held = {quantity for _, quantity in pointers(corrected.fields)}
    assert any(held and held <= set(_pointed(record.fields)) for record in labels.records)


def _pointed(fields: object) -> list[str]:
    if isinstance(fields, dict):
        return (
            [str(fields["quantity"])]
            if "quantity" in fields
            else [q for each in fields.values() for q in _pointed(each)]
        )
    if isinstance(fields, list | tuple):
        return [quantity for each in fields for quantity in _pointed(each)]
    return []
