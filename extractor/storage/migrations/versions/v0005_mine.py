"""Tasks by who settled them: the list of one's own tasks."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """One index."""
    op.create_index("ix_tasks_settled_by", "tasks", ["settled_by"])


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_tasks_settled_by", "tasks")
