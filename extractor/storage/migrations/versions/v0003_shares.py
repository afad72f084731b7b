"""How workers share a model server, and what keeps them from working."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.add_column("workers", sa.Column("trouble", sa.Text(), nullable=True))
    op.create_table(
        "shares",
        sa.Column("worker_id", sa.String(40), nullable=False),
        sa.Column("server", sa.String(64), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_shares_worker_id_workers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("worker_id", "server", name="pk_shares"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("shares")
    op.drop_column("workers", "trouble")
