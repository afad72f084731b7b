"""What a reader of a document saw and no task covers: a task of its own, for the queue."""

import hashlib
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.actors import Actor, note
from extractor.review.desk import Desk
from extractor.review.indexed import index_of
from extractor.review.settling import WrongStep, task_values
from extractor.storage.models import DocumentRow, TaskRow
from extractor.storage.repository import NotStored, current
from extractor.storage.tasks import Task, TaskKind
from schemas.extraction import Extraction

LONGEST_REASON = 500

_DOUBT = 1.0
"""A person saw something: that weighs as much as a section that could not be read."""


def report(
    session: Session, desk: Desk, actor: Actor, document: str, reason: str, quantity: str | None = None
) -> TaskRow:
    """Make a task of something in a document, named by its id or its file's name; `quantity` is the figure in question.

    Raises NotStored where there is no such document or figure, and WrongStep when the words are missing, the name
    is that of several documents, or the same was reported before.
    """
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise WrongStep(
            f"请用 1 到 {LONGEST_REASON} 字说明问题 (say in 1 to {LONGEST_REASON} characters what is wrong)"
        )
    row = _document(session, document)
    # whoever stores a new reading of the document waits for its row: the task belongs to the reading that counts
    session.execute(sa.update(DocumentRow).where(DocumentRow.id == row.id).values(name=DocumentRow.name))
    extraction_id = current(session, row.id)
    task = _task(desk.extraction(session, extraction_id), words, quantity)
    about = (TaskRow.extraction_id == extraction_id, TaskRow.kind == task.kind, TaskRow.subject == task.subject)
    before = session.scalars(sa.select(TaskRow.id).where(*about)).first()
    if before is not None:
        raise WrongStep(f"这一处已报告过，见任务 {before} (this was reported before: see task {before})")
    made = TaskRow(**task_values(row, extraction_id, task))
    session.add(made)
    session.flush()
    note(session, actor, "report", made.id, row.id)
    return made


def _document(session: Session, name: str) -> DocumentRow:
    wanted = name.strip()
    query = sa.select(DocumentRow).where(sa.or_(DocumentRow.id == wanted, DocumentRow.name == wanted))
    found = session.scalars(query.limit(2)).all()
    if not found:
        raise NotStored(f"{wanted}: 库中没有这份文件 (the database holds no such document)")
    if len(found) > 1:
        raise WrongStep(f"{wanted}: 有多份文件同名，请用文件编号 (several documents have this name; give the number)")
    return found[0]


def _task(extraction: Extraction, words: str, quantity: str | None) -> Task:
    if quantity is None:
        subject = "s" + hashlib.sha256(words.encode()).hexdigest()[:15]
        return Task(TaskKind.MANUAL, subject, words, words, _DOUBT)
    figure = index_of(extraction).quantities.get(quantity)
    if figure is None:
        raise NotStored(f"{quantity}: 文件中没有这个数字 (the document has no such figure)")
    holder = index_of(extraction).holders.get(quantity)
    return Task(
        TaskKind.MANUAL,
        quantity,
        words,
        words,
        _DOUBT,
        abs(figure.yuan or Decimal(0)),
        record_type=holder.type if holder else None,
    )
