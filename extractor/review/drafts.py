"""What a person has done to a task and not saved: kept in the database, so that a reload or a crash loses nothing.

Every edit can be undone and done again until the task is settled.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from extractor.review.actors import Actor
from extractor.review.edits import MOST_EDITS, Edit, EditRefused, edits_from_json, edits_to_json
from extractor.storage.reviewing import DraftRow
from extractor.storage.types import now


@dataclass(frozen=True)
class Draft:
    """`edits` count, `undone` can be done again; `basis` is the state of the document that they were made on."""

    edits: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()
    basis: int | None = None


class Step(StrEnum):
    """What can be done to a draft without a new edit."""

    STAY = "stay"  # only check it again
    UNDO = "undo"
    REDO = "redo"
    CLEAR = "clear"  # undo all


def draft_of(session: Session, actor: Actor, task_id: int) -> Draft:
    """A person's draft of a task, empty when there is none."""
    row = session.get(DraftRow, (task_id, actor.name))
    if row is None:
        return Draft()
    edits = edits_from_json(row.edits)
    return Draft(edits[: row.position], edits[row.position :], row.basis if edits else None)


def stepped(draft: Draft, step: Step, added: tuple[Edit, ...] = ()) -> Draft:
    """The draft after a step. New edits take the place of those that were undone. Raises EditRefused for too many."""
    if added:
        edits = (*draft.edits, *added)
        if len(edits) > MOST_EDITS:
            raise EditRefused(f"一个任务最多 {MOST_EDITS} 处修改 (a task takes at most {MOST_EDITS} edits)")
        return Draft(edits, (), draft.basis)
    match step:
        case Step.UNDO if draft.edits:
            return Draft(draft.edits[:-1], (draft.edits[-1], *draft.undone), draft.basis)
        case Step.REDO if draft.undone:
            return Draft((*draft.edits, draft.undone[0]), draft.undone[1:], draft.basis)
        case Step.CLEAR:
            return Draft((), (*draft.edits, *draft.undone), draft.basis)
        case _:
            return draft


def keep(session: Session, actor: Actor, task_id: int, draft: Draft, basis: int) -> None:
    """Write a draft down; `basis` is the state of the document on which it was checked just now."""
    row = session.get(DraftRow, (task_id, actor.name))
    if row is None:
        row = DraftRow(task_id=task_id, actor=actor.name)
        session.add(row)
    row.edits = edits_to_json((*draft.edits, *draft.undone))
    row.position = len(draft.edits)
    row.basis = basis if draft.basis is None else draft.basis
    row.saved_at = now()
