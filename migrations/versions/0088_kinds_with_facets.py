"""Events of a kind are narrowed by neighbourhood, dimension and department in the index they are listed by."""

from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_timeline_event_kind", "timeline_event"


def upgrade() -> None:
    """Make the index anew, with what events are narrowed by."""
    op.drop_index(NAME, table_name=TABLE)
    columns = ["subject_kind", "id", "area_id", "dimension", "department_id"]
    op.create_index(NAME, TABLE, columns, unique=False)


def downgrade() -> None:
    """As it was."""
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["subject_kind", "id"], unique=False)
