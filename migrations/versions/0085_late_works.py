"""Works that are late are found by the day they were to end."""

from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_delivery_planned_end", "delivery", ["planned_end", "id", "status"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_delivery_planned_end", table_name="delivery")
