"""Where every task of a reading stands, told from the log of verdicts alone.

accept, correct, document    a decision: the first, the blind second one, the lead's
skip                         set aside, with a note
undo                         the last act of the same person is taken back
reopen                       everything decided so far is taken back
clear, restore               another verdict made the task pointless, or brought it back
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.review.edits import Edit, edits_from_json
from extractor.review.evaluating import Correction
from extractor.storage.models import TaskStatus, VerdictRow
from schemas.settlement import Decision

DECISIONS = frozenset(Decision)
SKIP, UNDO, REOPEN, CLEAR, RESTORE = "skip", "undo", "reopen", "clear", "restore"

CLEARED = "cleared"
"""The verdict of a task that another verdict made pointless."""

ADJUDICATION = 3
"""The round of the lead's decision."""


@dataclass
class Standing:
    """One task's acts that stand, oldest first, and whether another verdict cleared it."""

    acts: list[VerdictRow] = field(default_factory=list)
    cleared: bool = False

    @property
    def decisions(self) -> list[VerdictRow]:
        """The decisions that stand."""
        return [act for act in self.acts if act.action in DECISIONS]

    def status(self, doubled: bool) -> TaskStatus:
        """Where the task stands; `doubled` says that two people settle it."""
        decisions = self.decisions
        if self.acts and self.acts[-1].action == SKIP:
            return TaskStatus.SKIPPED
        if self.cleared:
            return TaskStatus.SETTLED
        if not decisions:
            return TaskStatus.OPEN
        if decisions[-1].round == ADJUDICATION or not (doubled or len(decisions) > 1):
            return TaskStatus.SETTLED
        if len(decisions) == 1:
            return TaskStatus.SECOND
        return TaskStatus.SETTLED if agree(decisions[0], decisions[1]) else TaskStatus.DISPUTE

    def deciding(self, doubled: bool) -> VerdictRow | None:
        """The decision that counts; None while there is none."""
        if self.cleared or self.status(doubled) is not TaskStatus.SETTLED:
            return None
        return self.decisions[-1]

    def add(self, row: VerdictRow) -> None:
        """Take the next line of the log into account."""
        if row.action in DECISIONS or row.action == SKIP:
            if self.acts and self.acts[-1].action == SKIP:
                self.acts.pop()
            self.acts.append(row)
        elif row.action == UNDO and self.acts:
            self.acts.pop()
        elif row.action == REOPEN:
            self.acts.clear()
            self.cleared = False
        elif row.action in (CLEAR, RESTORE):
            self.cleared = row.action == CLEAR


def standings(rows: Iterable[VerdictRow]) -> dict[int, Standing]:
    """The standing of every task that the log speaks of, by its number; rows in their order."""
    found: dict[int, Standing] = {}
    for row in rows:
        found.setdefault(row.task_id, Standing()).add(row)
    return found


def log_of(session: Session, extraction_id: int) -> list[VerdictRow]:
    """Everything decided about a reading, oldest first."""
    query = sa.select(VerdictRow).where(VerdictRow.extraction_id == extraction_id).order_by(VerdictRow.id)
    return list(session.scalars(query))


def basis_of(rows: Sequence[VerdictRow]) -> int:
    """The number of the last verdict: who knows it knows the state of the document."""
    return rows[-1].id if rows else 0


def said(row: VerdictRow) -> dict[str, Any]:
    """What a decision made: `edits`, `records` as they became, `suggested`, `finding`."""
    found: dict[str, Any] = json.loads(row.after or "{}")
    return found


def edits_of(row: VerdictRow) -> tuple[Edit, ...]:
    """The edits of a decision."""
    return edits_from_json(json.dumps(said(row).get("edits", [])))


def correction(row: VerdictRow) -> Correction:
    """A decision as a correction of the reading."""
    return Correction(prefix_of(row.task_id), edits_of(row), row.task_id, row.actor, row.made_at)


def prefix_of(task_id: int) -> str:
    """What records that a task's edits add are called by: they keep their names through every replay."""
    return f"v{task_id}"


def agree(one: VerdictRow, other: VerdictRow) -> bool:
    """Whether two people, blind to each other, decided the same: the same verdict, the same records made."""
    return one.action == other.action and _made(one) == _made(other)


def _made(row: VerdictRow) -> list[str]:
    """What a decision made, in an order of its own: two people's edits may add the same record by other names."""
    made = said(row)
    records = made.get("records", {})
    lines = [f"{'' if name.startswith('v') else name}: {_plain(record)}" for name, record in records.items()]
    return sorted([*lines, _plain(made.get("contexts", {}))])


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
