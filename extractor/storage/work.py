"""The tables of batch jobs: what was asked for, what became of every file, and who is at work."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from extractor.storage.models import NEVER_REUSED, Base
from extractor.storage.types import BigKey, Fixed, Moment, now


class JobState(StrEnum):
    """What its owner wants of a job; how far it is follows from its items."""

    OPEN = "open"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class JobRow(Base):
    """A named list of files to be extracted in one way. `options` is the JSON of the reader's options."""

    __tablename__ = "jobs"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    reader: Mapped[str] = mapped_column(String(40))
    options: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = mapped_column(String(10), default=JobState.OPEN)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ItemState(StrEnum):
    """What became of one file of a job."""

    WAITING = "waiting"  # with the engine, or about to be handed to it
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ItemRow(Base):
    """One file of a job.

    `address` is a path or URL, `key` its hash (an address is in a job once), `revision` what told this content
    of the address apart when it was submitted (size and time, or an ETag). `round` counts how often the file
    was handed to the engine anew, `queued` is true once that was done. Tokens, money (`currency` is the
    job's) and `seconds` are what this job spent on the file: nothing when the same extraction was there.
    """

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(Text)
    revision: Mapped[str] = mapped_column(String(100))
    region: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=ItemState.WAITING)
    round: Mapped[int] = mapped_column(default=1)
    queued: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[str | None] = mapped_column(String(16), index=True)
    extraction_id: Mapped[int | None] = mapped_column(ForeignKey("extractions.id", ondelete="SET NULL"), index=True)
    complete: Mapped[bool | None]
    reason: Mapped[str | None] = mapped_column(Text)
    sections: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)
    input_tokens: Mapped[int] = mapped_column(default=0)
    cached_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    money: Mapped[Decimal | None] = mapped_column(Fixed(8))
    seconds: Mapped[float] = mapped_column(default=0.0)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("job_id", "key"),
        Index("ix_items_state", "job_id", "state", "id"),
        Index("ix_items_finished", "job_id", "finished_at"),
        NEVER_REUSED,
    )


class WorkerState(StrEnum):
    """Whether a worker is there."""

    ALIVE = "alive"
    LEFT = "left"  # it handed back what it had not finished
    DEAD = "dead"  # it stopped beating; a living worker hands back what it held


class WorkerRow(Base):
    """One run of a worker process, by its executor id. A worker that is alive counts up `beats` all the time.

    `trouble` says what keeps it from working: a model server that is down, a full disk.
    """

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    concurrency: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=WorkerState.ALIVE, index=True)
    beats: Mapped[int] = mapped_column(BigKey, default=0)
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    trouble: Mapped[str | None] = mapped_column(Text)


class ShareRow(Base):
    """The part of a model server's limits that a worker has: `slots` of its requests at once, and of its rates
    the same part. `server` stands for its address."""

    __tablename__ = "shares"

    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True)
    server: Mapped[str] = mapped_column(String(64), primary_key=True)
    slots: Mapped[int]
