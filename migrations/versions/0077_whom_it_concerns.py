"""Decisions and debates are marked with whom they concern especially, as consultations are."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column(
        "agora_debate",
        sa.Column("about_minority", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "agora_debate",
        sa.Column("about_vulnerable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "council_decision",
        sa.Column("about_minority", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "council_decision",
        sa.Column("about_vulnerable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("council_decision", "about_vulnerable")
    op.drop_column("council_decision", "about_minority")
    op.drop_column("agora_debate", "about_vulnerable")
    op.drop_column("agora_debate", "about_minority")
