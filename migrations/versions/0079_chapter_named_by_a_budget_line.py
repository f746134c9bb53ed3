"""A line of an institution's budget may name the chapter it belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("budget_line", sa.Column("chapter_name", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("budget_line", "chapter_name")
