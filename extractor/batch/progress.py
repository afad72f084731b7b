"""How far jobs are: counted from their items, never from the engine's books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from extractor.batch.reading import ReadingOptions
from extractor.errors import ConfigurationError
from extractor.settings import ModelSettings
from extractor.storage.types import Fixed, now
from extractor.storage.work import ItemRow, ItemState, JobRow, JobState, WorkerRow, WorkerState

RATE_OVER = timedelta(minutes=2)
"""The rate is that of the files finished in this time, so that it follows what is going on."""


@dataclass(frozen=True)
class Progress:
    """One job: files by state, and what reading them took. `incomplete` are done with sections missing.

    `rate` is files a second of late, `seconds_left` what is left at that rate; None while nothing moves.
    """

    job: str
    reader: str
    state: str
    created_at: datetime
    waiting: int
    done: int
    failed: int
    cancelled: int
    incomplete: int
    sections: int
    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    money: Decimal | None
    seconds: float
    rate: float | None
    seconds_left: float | None
    workers: int
    trouble: str | None

    @property
    def documents(self) -> int:
        """All files of the job."""
        return self.waiting + self.done + self.failed + self.cancelled

    @property
    def finished(self) -> bool:
        """True when nothing waits any more."""
        return self.waiting == 0


def job_named(session: Session, name: str) -> int:
    """The key of a job. Raises ConfigurationError that names the newest jobs there are."""
    found = session.execute(sa.select(JobRow.id).where(JobRow.name == name)).scalar()
    if found is not None:
        return found
    names = session.scalars(sa.select(JobRow.name).order_by(JobRow.id.desc()).limit(10)).all()
    there = "、".join(names) or "–"
    raise ConfigurationError(f"{name}: 没有这个任务，现有 (there is no such job; there are): {there}")


def progress_of(session: Session, job_id: int) -> Progress:
    """How far one job is."""
    job = session.get_one(JobRow, job_id)
    rows = session.execute(
        sa.select(
            ItemRow.state,
            sa.func.count().label("files"),
            sa.func.sum(sa.case((ItemRow.complete.is_(False), 1), else_=0)).label("incomplete"),
            sa.func.sum(ItemRow.sections).label("sections"),
            sa.func.sum(ItemRow.requests).label("requests"),
            sa.func.sum(ItemRow.input_tokens).label("input_tokens"),
            sa.func.sum(ItemRow.cached_tokens).label("cached_tokens"),
            sa.func.sum(ItemRow.output_tokens).label("output_tokens"),
            sa.func.sum(ItemRow.money).cast(Fixed(8)).label("money"),
            sa.func.sum(ItemRow.seconds).label("seconds"),
        )
        .where(ItemRow.job_id == job_id)
        .group_by(ItemRow.state)
    ).all()
    files = {row.state: row.files for row in rows}
    moneys = [row.money for row in rows if row.money is not None]
    waiting = files.get(ItemState.WAITING, 0)
    rate = _rate(session, job_id) if waiting else None
    return Progress(
        job=job.name,
        reader=ReadingOptions.model_validate_json(job.options).reader,
        state=job.state if waiting or job.state != JobState.OPEN else "finished",
        created_at=job.created_at,
        waiting=waiting,
        done=files.get(ItemState.DONE, 0),
        failed=files.get(ItemState.FAILED, 0),
        cancelled=files.get(ItemState.CANCELLED, 0),
        incomplete=sum(int(row.incomplete) for row in rows),
        sections=sum(int(row.sections) for row in rows),
        requests=sum(int(row.requests) for row in rows),
        input_tokens=sum(int(row.input_tokens) for row in rows),
        cached_tokens=sum(int(row.cached_tokens) for row in rows),
        output_tokens=sum(int(row.output_tokens) for row in rows),
        money=sum(moneys, Decimal(0)) if moneys else None,
        seconds=sum(float(row.seconds) for row in rows),
        rate=rate,
        seconds_left=waiting / rate if rate else None,
        workers=_workers(session),
        trouble=_trouble(session) if waiting else None,
    )


def _rate(session: Session, job_id: int) -> float | None:
    """Files a second over the last minutes; over less where the work began or went on since."""
    since = now() - RATE_OVER
    recent = sa.select(ItemRow.finished_at).where(ItemRow.job_id == job_id, ItemRow.finished_at > since).subquery()
    count, first, last = session.execute(
        sa.select(sa.func.count(), sa.func.min(recent.c.finished_at), sa.func.max(recent.c.finished_at))
    ).one()
    if count < 2 or first == last:
        return None
    return (int(count) - 1) / float((last - first).total_seconds())


def _workers(session: Session) -> int:
    return session.execute(sa.select(sa.func.count()).where(*_at_work())).scalar_one()


def _trouble(session: Session) -> str | None:
    """What keeps a worker from going on, where something does."""
    return session.execute(sa.select(WorkerRow.trouble).where(*_at_work(), WorkerRow.trouble.is_not(None))).scalar()


def _at_work() -> tuple[sa.ColumnElement[bool], ...]:
    return WorkerRow.state == WorkerState.ALIVE, WorkerRow.seen_at > now() - timedelta(minutes=1)


def budget_reached(session: Session, job_id: int, settings: ModelSettings) -> str | None:
    """Why a job may spend no more, None while it may (GOUJI_BUDGET_TOKENS, GOUJI_BUDGET_MONEY)."""
    if settings.budget_tokens is None and settings.budget_money is None:
        return None
    tokens, money = session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(ItemRow.input_tokens + ItemRow.output_tokens), 0),
            sa.func.sum(ItemRow.money).cast(Fixed(8)),
        ).where(ItemRow.job_id == job_id)
    ).one()
    if settings.budget_tokens is not None and tokens >= settings.budget_tokens:
        return f"{tokens} of {settings.budget_tokens} tokens are used"
    if settings.budget_money is not None and money is not None and money >= settings.budget_money:
        return f"{money} of {settings.budget_money} are used"
    return None


@dataclass(frozen=True)
class JobLine:
    """One job in a list: files waiting, done, failed and cancelled."""

    job: str
    reader: str
    state: str
    created_at: datetime
    waiting: int
    done: int
    failed: int
    cancelled: int


def list_jobs(session: Session) -> Iterator[JobLine]:
    """All jobs, newest first."""
    counts = sa.select(ItemRow.job_id, ItemRow.state, sa.func.count()).group_by(ItemRow.job_id, ItemRow.state)
    files = {(job, state): count for job, state, count in session.execute(counts)}
    for job in session.scalars(sa.select(JobRow).order_by(JobRow.id.desc())):
        waiting = files.get((job.id, ItemState.WAITING), 0)
        yield JobLine(
            job.name,
            job.reader,
            job.state if waiting or job.state != JobState.OPEN else "finished",
            job.created_at,
            waiting,
            files.get((job.id, ItemState.DONE), 0),
            files.get((job.id, ItemState.FAILED), 0),
            files.get((job.id, ItemState.CANCELLED), 0),
        )


def list_files(
    session: Session, job_id: int, state: ItemState | None, after: int = 0, limit: int = 50
) -> list[ItemRow]:
    """A page of a job's files in the order they were entered; `after` is the id of the last one seen."""
    files = sa.select(ItemRow).where(ItemRow.job_id == job_id, ItemRow.id > after).order_by(ItemRow.id).limit(limit)
    return list(session.scalars(files if state is None else files.where(ItemRow.state == state)))
