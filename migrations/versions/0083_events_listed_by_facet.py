"""Events are listed by their number also of one neighbourhood, dimension or department, as open data ask for them."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_timeline_event_list_area": ("area_id", "id", "subject_kind", "dimension", "department_id"),
    "ix_timeline_event_list_dimension": ("dimension", "id", "subject_kind", "department_id"),
    "ix_timeline_event_list_department": ("department_id", "id", "subject_kind"),
}


def upgrade() -> None:
    """Make the indexes, each over the events that have the facet."""
    for name, columns in INDEXES.items():
        op.create_index(
            name,
            "timeline_event",
            list(columns),
            unique=False,
            postgresql_where=sa.text(f"{columns[0]} IS NOT NULL"),
        )


def downgrade() -> None:
    """Drop them."""
    for name in INDEXES:
        op.drop_index(name, table_name="timeline_event")
