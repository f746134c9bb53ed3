"""A file that was looked over says how many rows of its source it no longer names."""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("data_import", sa.Column("absent", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("data_import", "absent")
