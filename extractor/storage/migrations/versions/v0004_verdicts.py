"""Tasks by their verdict: the list of confirmed findings is read in pages."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """One index."""
    op.create_index("ix_tasks_verdict", "tasks", ["verdict", "id"])


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_tasks_verdict", "tasks")
