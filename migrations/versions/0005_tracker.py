"""Deliveries: what became of what was decided, with steps, news and photos."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("objective", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("budget", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("budget_basis", sa.String(), nullable=False),
        sa.Column("spent", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("funding_source", sa.String(), nullable=False),
        sa.Column("council_decision", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("planned_end", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("origin_kind", sa.String(), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('in_evaluation', 'in_clarification', 'in_preparation', 'contract_signed', 'in_design', 'in_procurement', 'in_execution', 'in_reception', 'received', 'halted', 'awaiting_funds', 'completed', 'other', 'cancelled')",
            name=op.f("ck_delivery_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('cancelled', 'halted', 'other') OR status_reason <> ''",
            name=op.f("ck_delivery_reason_given"),
        ),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_delivery_point_whole")),
        sa.CheckConstraint(
            "(origin_kind IS NULL) = (origin_id IS NULL)", name=op.f("ck_delivery_origin_whole")
        ),
        sa.CheckConstraint("budget IS NULL OR budget >= 0", name=op.f("ck_delivery_budget_not_negative")),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_delivery_currency_iso")),
        sa.CheckConstraint(
            "done_on IS NULL OR started_on IS NULL OR done_on >= started_on",
            name=op.f("ck_delivery_done_after_start"),
        ),
        sa.CheckConstraint(
            "latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
            name=op.f("ck_delivery_point_on_earth"),
        ),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_delivery_parent_another")),
        sa.CheckConstraint(
            "planned_end IS NULL OR started_on IS NULL OR planned_end >= started_on",
            name=op.f("ck_delivery_end_after_start"),
        ),
        sa.CheckConstraint("spent IS NULL OR spent >= 0", name=op.f("ck_delivery_spent_not_negative")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_delivery_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_delivery_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_delivery_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["delivery.id"], name=op.f("fk_delivery_parent_id_delivery")),
        sa.ForeignKeyConstraint(
            ["same_as_id"], ["delivery.id"], name=op.f("fk_delivery_same_as_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("import_key", name=op.f("uq_delivery_import_key")),
        sa.UniqueConstraint("origin_kind", "origin_id", name=op.f("uq_delivery_origin_kind_origin_id")),
    )
    op.create_index(op.f("ix_delivery_category_id"), "delivery", ["category_id"], unique=False)
    op.create_index("ix_delivery_changed_at", "delivery", ["changed_at", "id"], unique=False)
    op.create_index(op.f("ix_delivery_department_id"), "delivery", ["department_id"], unique=False)
    op.create_index(op.f("ix_delivery_neighbourhood_id"), "delivery", ["neighbourhood_id"], unique=False)
    op.create_index(op.f("ix_delivery_parent_id"), "delivery", ["parent_id"], unique=False)
    op.create_index("ix_delivery_search", "delivery", ["search_vector"], unique=False, postgresql_using="gin")
    op.create_index(op.f("ix_delivery_status"), "delivery", ["status"], unique=False)
    op.create_table(
        "delivery_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_update_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_update")),
    )
    op.create_index(op.f("ix_delivery_update_delivery_id"), "delivery_update", ["delivery_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("replanned_on", sa.Date(), nullable=True),
        sa.Column("replan_reason", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "replanned_on IS NULL OR replan_reason <> ''", name=op.f("ck_milestone_replan_reasoned")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_milestone_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index(op.f("ix_milestone_delivery_id"), "milestone", ["delivery_id"], unique=False)
    op.create_table(
        "delivery_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_delivery_photo_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["delivery_update.id"],
            name=op.f("fk_delivery_photo_update_id_delivery_update"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_photo")),
        sa.UniqueConstraint("file_id", name=op.f("uq_delivery_photo_file_id")),
    )
    op.create_index(op.f("ix_delivery_photo_update_id"), "delivery_photo", ["update_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_delivery_photo_update_id"), table_name="delivery_photo")
    op.drop_table("delivery_photo")
    op.drop_index(op.f("ix_milestone_delivery_id"), table_name="milestone")
    op.drop_table("milestone")
    op.drop_index(op.f("ix_delivery_update_delivery_id"), table_name="delivery_update")
    op.drop_table("delivery_update")
    op.drop_index(op.f("ix_delivery_status"), table_name="delivery")
    op.drop_index("ix_delivery_search", table_name="delivery", postgresql_using="gin")
    op.drop_index(op.f("ix_delivery_parent_id"), table_name="delivery")
    op.drop_index(op.f("ix_delivery_neighbourhood_id"), table_name="delivery")
    op.drop_index(op.f("ix_delivery_department_id"), table_name="delivery")
    op.drop_index("ix_delivery_changed_at", table_name="delivery")
    op.drop_index(op.f("ix_delivery_category_id"), table_name="delivery")
    op.drop_table("delivery")
