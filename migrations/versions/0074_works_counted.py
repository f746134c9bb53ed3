"""Works are counted by stage in an index alone, whatever the list is narrowed to."""

from alembic import op

revision = "0074"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_delivery_facets",
        "delivery",
        ["status", "neighbourhood_id", "category_id", "department_id", "planned_end"],
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_delivery_facets", table_name="delivery")
