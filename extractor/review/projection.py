"""What a correction means for the other tasks of a document: some have become pointless, new ones come up.

Findings are numbered anew by every check. So a task is told by what it is about: the kind of relation and its
figures, whose ids never change.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.storage.models import TaskRow, TaskStatus
from extractor.storage.tasks import Task, TaskKind, tasks_of
from schemas.checks import Finding, FindingKind
from schemas.extraction import Extraction

ALIKE = 0.5
"""A finding is the same as before when at least this share of the figures of both is common: the correction of one
figure may join another relation to its root, or take one away."""

_PROJECTED = (TaskKind.FINDING, TaskKind.RECORD, TaskKind.COVERAGE)


@dataclass(frozen=True)
class Projection:
    """The tasks that became pointless, those that came back, and those that are new."""

    cleared: tuple[int, ...] = ()
    restored: tuple[int, ...] = ()
    added: tuple[Task, ...] = ()


def project(rows: Sequence[TaskRow], reading: Extraction, now: Extraction, cleared: Iterable[int]) -> Projection:
    """Compare the tasks of a reading with what a corrected version of it leaves to be settled.

    `cleared` are the tasks that are cleared at present.
    """
    left = [task for task in tasks_of(now) if task.kind in _PROJECTED]
    names = {subject_of(task.kind, task.subject, now): task for task in left}
    gone, back, known = [], [], set[str]()
    cleared = set(cleared)
    for row in rows:
        if row.kind not in _PROJECTED:
            continue
        name = _name_now(row, reading, now, names)
        if name is not None:
            known.add(name)
        if name is None and row.status in (TaskStatus.OPEN, TaskStatus.SKIPPED):
            gone.append(row.id)
        elif name is not None and row.id in cleared:
            back.append(row.id)
    added = tuple(_renamed(task, name) for name, task in names.items() if name not in known)
    return Projection(tuple(gone), tuple(back), added)


def finding_now(row: TaskRow, reading: Extraction, now: Extraction) -> Finding | None:
    """The finding that a task is about, as it is by now; None when it is gone or the task is about none."""
    if row.kind != TaskKind.FINDING:
        return None
    names = {subject_of(TaskKind.FINDING, each.id, now): each for each in now.findings}
    name = _name_now(row, reading, now, names)
    return names.get(name) if name else None


def subject_of(kind: str, subject: str, extraction: Extraction) -> str:
    """A name for what a task is about that outlives a new check: it fits into the column `subject`."""
    finding = _finding(extraction, subject) if kind == TaskKind.FINDING else None
    words = _said_of(finding, extraction) if finding is not None else f"{kind}/{subject}"
    return "n" + hashlib.sha256(words.encode()).hexdigest()[:15]


def _said_of(finding: Finding, extraction: Extraction) -> str:
    if finding.kind is FindingKind.COVERAGE:
        sections = {each.id: each.section for each in extraction.quantities}
        return f"{TaskKind.COVERAGE}/{sections.get(finding.quantities[0]) if finding.quantities else ''}"
    figures = sorted(finding.quantities) or [finding.message]
    return f"{finding.kind}/{finding.family}/{figures}"


def _finding(extraction: Extraction, name: str) -> Finding | None:
    return next((each for each in extraction.findings if each.id == name), None)


def _name_now(row: TaskRow, reading: Extraction, now: Extraction, names: Iterable[str]) -> str | None:
    """The name under which what a task is about is found in the corrected version; None when it is not."""
    own = row.subject if row.subject.startswith("n") else subject_of(row.kind, row.subject, reading)
    if own in names:
        return own
    before = _finding(reading, row.subject) if row.kind == TaskKind.FINDING else None
    alike = [
        (_common(before, each), each.id)
        for each in now.findings
        if before is not None and (each.kind, each.family) == (before.kind, before.family)
    ]
    best = max(alike, default=(0.0, ""))
    return subject_of(TaskKind.FINDING, best[1], now) if best[0] >= ALIKE else None


def _common(one: Finding, other: Finding) -> float:
    both = set(one.quantities) | set(other.quantities)
    return len(set(one.quantities) & set(other.quantities)) / len(both) if both else 0.0


def _renamed(task: Task, name: str) -> Task:
    """A new task about a finding, named so that it is found again."""
    if task.kind is not TaskKind.FINDING:
        return task
    return Task(**{**task.__dict__, "subject": name})
