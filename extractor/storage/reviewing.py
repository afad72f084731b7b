"""The tables of review work under way, and of who saw and did what. Tasks and verdicts are in `models`."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from extractor.storage.models import NEVER_REUSED, Base
from extractor.storage.types import BigKey, Moment, now


class DraftRow(Base):
    """What a person has done to a task and not saved yet.

    `edits` is a JSON list, of which the first `position` count: those behind it were undone and can be done
    again. `basis` is the last verdict on the document that the person's view of it knew.
    """

    __tablename__ = "drafts"

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    actor: Mapped[str] = mapped_column(String(60), primary_key=True)
    edits: Mapped[str] = mapped_column(Text, default="[]")
    position: Mapped[int] = mapped_column(default=0)
    basis: Mapped[int] = mapped_column(BigKey, default=0)
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)


class CommentRow(Base):
    """A remark on a task, for the others."""

    __tablename__ = "comments"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    actor: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    text: Mapped[str] = mapped_column(Text)


class EventRow(Base):
    """Who saw or did what, and when. Rows are only ever added; they outlive task, document and account.

    `channel` is `web`, `api` or `cli`; `detail` is JSON and never holds a password, token or session.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_actor", "actor", "id"),
        Index("ix_events_task_id", "task_id", "id"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    actor: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(40))
    task_id: Mapped[int | None] = mapped_column(BigKey)
    document_id: Mapped[str | None] = mapped_column(String(16))
    detail: Mapped[str | None] = mapped_column(Text)


class AnswerRow(Base):
    """What a request with an idempotency key was answered: the same request again gets the same answer."""

    __tablename__ = "answers"

    actor: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class UploadRow(Base):
    """A file that came in through the server; its bytes are in the file store under their SHA-256."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigKey)
    region: Mapped[str | None] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
