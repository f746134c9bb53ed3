"""Events carry what they are about, so that the stream of all of them can be narrowed; parts of it are followed.

The facets of rows from before are filled in by the job `activity.place`, a thousand at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns, their indexes, and the table of what is followed."""
    op.create_table(
        "activity_stream",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("dimension", sa.String(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["neighbourhood.id"],
            name=op.f("fk_activity_stream_area_id_neighbourhood"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_activity_stream_department_id_department"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_stream")),
        sa.UniqueConstraint(
            "kind",
            "area_id",
            "dimension",
            "department_id",
            name="uq_activity_stream_choice",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.add_column("timeline_event", sa.Column("area_id", sa.Integer(), nullable=True))
    op.add_column("timeline_event", sa.Column("dimension", sa.String(), nullable=True))
    op.add_column("timeline_event", sa.Column("department_id", sa.Integer(), nullable=True))
    op.add_column(
        "timeline_event", sa.Column("placed", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index("ix_timeline_event_kind", "timeline_event", ["subject_kind", "id"], unique=False)
    op.create_index("ix_timeline_event_stream", "timeline_event", ["subject_kind", "at", "id"], unique=False)
    op.create_index(
        "ix_timeline_event_stream_area",
        "timeline_event",
        ["subject_kind", "area_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("area_id IS NOT NULL"),
    )
    op.create_index(
        "ix_timeline_event_stream_area_department",
        "timeline_event",
        ["subject_kind", "area_id", "department_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("area_id IS NOT NULL AND department_id IS NOT NULL"),
    )
    op.create_index(
        "ix_timeline_event_stream_area_dimension",
        "timeline_event",
        ["subject_kind", "area_id", "dimension", "at", "id"],
        unique=False,
        postgresql_where=sa.text("area_id IS NOT NULL AND dimension IS NOT NULL"),
    )
    op.create_index(
        "ix_timeline_event_stream_area_dimension_department",
        "timeline_event",
        ["subject_kind", "area_id", "dimension", "department_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text(
            "area_id IS NOT NULL AND dimension IS NOT NULL AND department_id IS NOT NULL"
        ),
    )
    op.create_index(
        "ix_timeline_event_stream_department",
        "timeline_event",
        ["subject_kind", "department_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_index(
        "ix_timeline_event_stream_dimension",
        "timeline_event",
        ["subject_kind", "dimension", "at", "id"],
        unique=False,
        postgresql_where=sa.text("dimension IS NOT NULL"),
    )
    op.create_index(
        "ix_timeline_event_stream_dimension_department",
        "timeline_event",
        ["subject_kind", "dimension", "department_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("dimension IS NOT NULL AND department_id IS NOT NULL"),
    )
    op.create_index(
        "ix_timeline_event_unplaced",
        "timeline_event",
        ["id"],
        unique=False,
        postgresql_where=sa.text("NOT placed"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(
        "ix_timeline_event_unplaced", table_name="timeline_event", postgresql_where=sa.text("NOT placed")
    )
    op.drop_index(
        "ix_timeline_event_stream_dimension_department",
        table_name="timeline_event",
        postgresql_where=sa.text("dimension IS NOT NULL AND department_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_timeline_event_stream_dimension",
        table_name="timeline_event",
        postgresql_where=sa.text("dimension IS NOT NULL"),
    )
    op.drop_index(
        "ix_timeline_event_stream_department",
        table_name="timeline_event",
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_timeline_event_stream_area_dimension_department",
        table_name="timeline_event",
        postgresql_where=sa.text(
            "area_id IS NOT NULL AND dimension IS NOT NULL AND department_id IS NOT NULL"
        ),
    )
    op.drop_index(
        "ix_timeline_event_stream_area_dimension",
        table_name="timeline_event",
        postgresql_where=sa.text("area_id IS NOT NULL AND dimension IS NOT NULL"),
    )
    op.drop_index(
        "ix_timeline_event_stream_area_department",
        table_name="timeline_event",
        postgresql_where=sa.text("area_id IS NOT NULL AND department_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_timeline_event_stream_area",
        table_name="timeline_event",
        postgresql_where=sa.text("area_id IS NOT NULL"),
    )
    op.drop_index("ix_timeline_event_stream", table_name="timeline_event")
    op.drop_index("ix_timeline_event_kind", table_name="timeline_event")
    op.drop_column("timeline_event", "placed")
    op.drop_column("timeline_event", "department_id")
    op.drop_column("timeline_event", "dimension")
    op.drop_column("timeline_event", "area_id")
    op.drop_table("activity_stream")
