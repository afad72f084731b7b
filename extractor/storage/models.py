"""The tables of documents and their results. Those of jobs are in `extractor.storage.work`.

Text offsets, quantities, records and checks are in the extraction's body; rows name them by their ids (`q12`,
`r7`, `f3`), which mean something only together with their extraction.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from extractor.storage.types import BigKey, Moment, now, yuan

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


NEVER_REUSED = {"sqlite_autoincrement": True}
"""Keys of deleted rows are not given again: logs and the engine's workflows may still name them."""


class Base(DeclarativeBase):
    """Root of all tables."""

    metadata = MetaData(naming_convention=_NAMING)


class DocumentRow(Base):
    """A file, known by its bytes. Department, kind and year are those of its current extraction.

    `address` is where its bytes were last read from; `stored` is true when they are also in the file store
    under their SHA-256. `region` comes from whoever submitted the file.
    """

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigKey)
    pages: Mapped[int | None]
    address: Mapped[str] = mapped_column(Text)
    stored: Mapped[bool] = mapped_column(default=False)
    department: Mapped[str | None] = mapped_column(Text, index=True)
    region: Mapped[str | None] = mapped_column(Text, index=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    fiscal_year: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class TextRow(Base):
    """The text of a document as loaded, compressed: what all offsets refer to, also when the file is gone."""

    __tablename__ = "texts"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[bytes] = mapped_column(LargeBinary)


class ExtractionRow(Base):
    """One version of a document's results. One version of each document is current.

    `fingerprint` stands for reader, model, prompts, settings and program version: the same document with the
    same fingerprint is not read again. `base_id` is set on a version that people settled: the reading it comes
    from. `proven` counts, of the `checked` records of the narrative, those whose every figure is proven.
    """

    __tablename__ = "extractions"
    __table_args__ = (
        UniqueConstraint("document_id", "fingerprint"),
        Index(
            "one_current_extraction",
            "document_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    base_id: Mapped[int | None] = mapped_column(ForeignKey("extractions.id", ondelete="CASCADE"), index=True)
    is_current: Mapped[bool]
    complete: Mapped[bool]
    reader: Mapped[str] = mapped_column(String(40))
    model: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Moment)
    sections: Mapped[int]
    quantities: Mapped[int]
    unclaimed: Mapped[int]
    records: Mapped[int]
    checked: Mapped[int]
    proven: Mapped[int]
    checks: Mapped[int]
    violated: Mapped[int]
    findings: Mapped[int]


class BodyRow(Base):
    """The whole extraction, as compressed JSON."""

    __tablename__ = "bodies"

    extraction_id: Mapped[int] = mapped_column(ForeignKey("extractions.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Subject(StrEnum):
    """What a tally counts."""

    RECORD = "record"  # kind: record type; outcome: status
    CHECK = "check"  # kind: family; outcome: outcome
    SECTION = "section"  # kind: passage kind; outcome: outcome
    QUANTITY = "quantity"  # kind: quantity kind; outcome: role


class TallyRow(Base):
    """How many records, checks, sections or quantities of a kind came out how, in one extraction."""

    __tablename__ = "tallies"

    extraction_id: Mapped[int] = mapped_column(ForeignKey("extractions.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]


class SectionRow(Base):
    """A section whose reading failed or needs a person."""

    __tablename__ = "sections"

    extraction_id: Mapped[int] = mapped_column(ForeignKey("extractions.id", ondelete="CASCADE"), primary_key=True)
    section: Mapped[str] = mapped_column(String(20), primary_key=True)
    path: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(String(40))
    page: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str | None] = mapped_column(Text)


class FindingRow(Base):
    """A finding, to be searched across documents; its evidence is in the body."""

    __tablename__ = "findings"

    extraction_id: Mapped[int] = mapped_column(ForeignKey("extractions.id", ondelete="CASCADE"), primary_key=True)
    finding: Mapped[str] = mapped_column(String(20), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    family: Mapped[str | None] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text)
    message_en: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None]
    suspect: Mapped[str | None] = mapped_column(String(20))
    suggested: Mapped[str | None] = mapped_column(String(60))
    amount_at_stake: Mapped[Decimal | None] = mapped_column(yuan())

    __table_args__ = (Index("ix_findings_gravity", "kind", amount_at_stake.desc()),)


class TaskStatus(StrEnum):
    """Where a review task stands."""

    OPEN = "open"
    SECOND = "second"  # one person has settled it; another one does so without seeing how
    DISPUTE = "dispute"  # the two differ: a lead decides
    SETTLED = "settled"
    SKIPPED = "skipped"
    SUPERSEDED = "superseded"  # a newer extraction of the document took its place


class TaskRow(Base):
    """Something a person should settle.

    `subject` is the id, within the extraction, of the finding, record or section it is about. The queue is
    ordered by `priority` = doubt × amount at stake × checks that settling it clears, then by id. Who holds a
    task has a lease until `leased_until`; every save compares `version` and counts it up. What filters need of
    the document is repeated here: a million tasks are filtered without a join.
    """

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    extraction_id: Mapped[int] = mapped_column(ForeignKey("extractions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(20))
    record_type: Mapped[str | None] = mapped_column(String(40))
    family: Mapped[str | None] = mapped_column(String(20))
    cause: Mapped[str | None] = mapped_column(String(20))
    signature: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    doubt: Mapped[float] = mapped_column(Float)
    amount: Mapped[Decimal] = mapped_column(yuan())
    checks: Mapped[int]
    priority: Mapped[float] = mapped_column(Float)
    department: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    document_kind: Mapped[str | None] = mapped_column(String(20))
    fiscal_year: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default=TaskStatus.OPEN)
    leased_by: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[str | None] = mapped_column(String(60))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    verdict: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    __table_args__ = (
        UniqueConstraint("extraction_id", "kind", "subject"),
        Index("ix_tasks_queue", "status", priority.desc(), "id"),
        Index("ix_tasks_document", "document_id", "status", priority.desc()),
        Index("ix_tasks_department", "department", "status", priority.desc()),
        Index("ix_tasks_region", "region", "status", priority.desc()),
        Index("ix_tasks_fiscal_year", "fiscal_year", "status", priority.desc()),
        Index("ix_tasks_kind", "kind", "status", priority.desc()),
        Index("ix_tasks_record_type", "record_type", "status", priority.desc()),
        Index("ix_tasks_leased_by", "leased_by", "leased_until"),
        Index("ix_tasks_verdict", "verdict", "id"),
        Index("ix_tasks_settled_by", "settled_by"),
        NEVER_REUSED,
    )


class VerdictRow(Base):
    """Who did what to which task, and when. Rows are only ever added; they outlive task and document.

    `extraction_id` is the reading, not the settled version. `before` and `after` are JSON: the records that were
    touched, and what was made of them by which edits. `round` is 1 for the first decision on a task, 2 for the
    blind second one, 3 for the lead's. `seconds` is how long the person had the task open.
    """

    __tablename__ = "verdicts"
    __table_args__ = (Index("ix_verdicts_extraction_id", "extraction_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    task_id: Mapped[int] = mapped_column(BigKey, index=True)
    document_id: Mapped[str] = mapped_column(String(16), index=True)
    extraction_id: Mapped[int] = mapped_column(BigKey)
    actor: Mapped[str] = mapped_column(String(60), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    action: Mapped[str] = mapped_column(String(20))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    seconds: Mapped[float | None]
