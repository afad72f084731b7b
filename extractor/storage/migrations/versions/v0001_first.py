"""Documents and their results, review tasks, jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "documents",
    "texts",
    "extractions",
    "bodies",
    "tallies",
    "sections",
    "findings",
    "tasks",
    "verdicts",
    "jobs",
    "items",
    "workers",
)


def upgrade() -> None:
    """Make the tables."""
    _documents()
    _results()
    _review()
    _jobs()


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", _BIG, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("stored", sa.Boolean(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_created_at", "documents", ["created_at"])
    op.create_index("ix_documents_department", "documents", ["department"])
    op.create_index("ix_documents_fiscal_year", "documents", ["fiscal_year"])
    op.create_index("ix_documents_region", "documents", ["region"])
    op.create_table(
        "texts",
        sa.Column("document_id", sa.String(16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_texts_document_id_documents", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name="pk_texts"),
    )


def _results() -> None:
    op.create_table(
        "extractions",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("document_id", sa.String(16), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("base_id", _BIG, nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("model", sa.String(200), nullable=True),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("sections", sa.Integer(), nullable=False),
        sa.Column("quantities", sa.Integer(), nullable=False),
        sa.Column("unclaimed", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("proven", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("violated", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_id"], ["extractions.id"], name="fk_extractions_base_id_extractions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_extractions_document_id_documents", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_extractions"),
        sa.UniqueConstraint("document_id", "fingerprint", name="uq_extractions_document_id_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_extractions_base_id", "extractions", ["base_id"])
    op.create_index(
        "one_current_extraction",
        "extractions",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "bodies",
        sa.Column("extraction_id", _BIG, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name="fk_bodies_extraction_id_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extraction_id", name="pk_bodies"),
    )
    op.create_table(
        "tallies",
        sa.Column("extraction_id", _BIG, nullable=False),
        sa.Column("subject", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name="fk_tallies_extraction_id_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extraction_id", "subject", "kind", "outcome", name="pk_tallies"),
    )
    op.create_table(
        "sections",
        sa.Column("extraction_id", _BIG, nullable=False),
        sa.Column("section", sa.String(20), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name="fk_sections_extraction_id_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extraction_id", "section", name="pk_sections"),
    )
    op.create_index("ix_sections_outcome", "sections", ["outcome"])
    op.create_table(
        "findings",
        sa.Column("extraction_id", _BIG, nullable=False),
        sa.Column("finding", sa.String(20), nullable=False),
        sa.Column("document_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("family", sa.String(20), nullable=True),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("suspect", sa.String(20), nullable=True),
        sa.Column("suggested", sa.String(60), nullable=True),
        sa.Column("amount_at_stake", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_findings_document_id_documents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name="fk_findings_extraction_id_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extraction_id", "finding", name="pk_findings"),
    )
    op.create_index("ix_findings_document_id", "findings", ["document_id"])
    op.create_index("ix_findings_gravity", "findings", ["kind", sa.literal_column("amount_at_stake DESC")])


def _review() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("document_id", sa.String(16), nullable=False),
        sa.Column("extraction_id", _BIG, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("record_type", sa.String(40), nullable=True),
        sa.Column("family", sa.String(20), nullable=True),
        sa.Column("cause", sa.String(20), nullable=True),
        sa.Column("signature", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Float(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("document_kind", sa.String(20), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("leased_by", sa.String(60), nullable=True),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("settled_by", sa.String(60), nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("verdict", sa.String(20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_tasks_document_id_documents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name="fk_tasks_extraction_id_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.UniqueConstraint("extraction_id", "kind", "subject", name="uq_tasks_extraction_id_kind_subject"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_department", "tasks", ["department", "status", sa.literal_column("priority DESC")])
    op.create_index("ix_tasks_document", "tasks", ["document_id", "status", sa.literal_column("priority DESC")])
    op.create_index("ix_tasks_extraction_id", "tasks", ["extraction_id"])
    op.create_index("ix_tasks_fiscal_year", "tasks", ["fiscal_year", "status", sa.literal_column("priority DESC")])
    op.create_index("ix_tasks_kind", "tasks", ["kind", "status", sa.literal_column("priority DESC")])
    op.create_index("ix_tasks_leased_by", "tasks", ["leased_by", "leased_until"])
    op.create_index("ix_tasks_queue", "tasks", ["status", sa.literal_column("priority DESC"), "id"])
    op.create_index("ix_tasks_record_type", "tasks", ["record_type", "status", sa.literal_column("priority DESC")])
    op.create_index("ix_tasks_region", "tasks", ["region", "status", sa.literal_column("priority DESC")])
    op.create_index("ix_tasks_signature", "tasks", ["signature"])
    op.create_table(
        "verdicts",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("task_id", _BIG, nullable=False),
        sa.Column("document_id", sa.String(16), nullable=False),
        sa.Column("extraction_id", _BIG, nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_actor", "verdicts", ["actor"])
    op.create_index("ix_verdicts_document_id", "verdicts", ["document_id"])
    op.create_index("ix_verdicts_made_at", "verdicts", ["made_at"])
    op.create_index("ix_verdicts_task_id", "verdicts", ["task_id"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("name", name="uq_jobs_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "items",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("job_id", _BIG, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("revision", sa.String(100), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.String(16), nullable=True),
        sa.Column("extraction_id", _BIG, nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sections", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["extraction_id"], ["extractions.id"], name="fk_items_extraction_id_extractions", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_items_job_id_jobs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("job_id", "key", name="uq_items_job_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_items_document_id", "items", ["document_id"])
    op.create_index("ix_items_extraction_id", "items", ["extraction_id"])
    op.create_index("ix_items_state", "items", ["job_id", "state", "id"])
    op.create_index("ix_items_finished", "items", ["job_id", "finished_at"])
    op.create_table(
        "workers",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("concurrency", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("beats", _BIG, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )
    op.create_index("ix_workers_state", "workers", ["state"])
