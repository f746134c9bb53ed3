"""How far the files of the open data came is kept, so that a worker killed halfway goes on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0078"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "open_data_writing",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_key", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("features", sa.Integer(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("sizes", postgresql.JSONB(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "items >= 0 AND features >= 0 AND last_key >= 0",
            name=op.f("ck_open_data_writing_counts_not_negative"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_open_data_writing")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("open_data_writing")
