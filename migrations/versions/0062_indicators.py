"""Indicators: what is measured, what is to be reached, and every value with its history."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("horizon", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("target", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("better", sa.String(), nullable=False),
        sa.Column("computability", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("how_en", sa.String(), nullable=False),
        sa.Column("computation", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("better IN ('up', 'down', '')", name=op.f("ck_indicator_better_known")),
        sa.CheckConstraint(
            "code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'", name=op.f("ck_indicator_code_of_address")
        ),
        sa.CheckConstraint(
            "computability IN ('auto', 'partial', 'manual', 'import')",
            name=op.f("ck_indicator_computability_known"),
        ),
        sa.CheckConstraint("origin = 'platform' OR name <> ''", name=op.f("ck_indicator_name_given")),
        sa.CheckConstraint(
            "origin IN ('platform', 'strategy', 'project')", name=op.f("ck_indicator_origin_known")
        ),
        sa.CheckConstraint("computation <> code", name=op.f("ck_indicator_computed_by_another")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_indicator_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_indicator_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_indicator_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_indicator_source_id_import_key")),
    )
    op.create_index(op.f("ix_indicator_delivery_id"), "indicator", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_indicator_department_id"), "indicator", ["department_id"], unique=False)
    op.create_index("ix_indicator_place", "indicator", ["origin", "strategy", "measure", "id"], unique=False)
    op.create_table(
        "indicator_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_indicator_target_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_indicator_target_indicator_id_indicator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_target")),
    )
    op.create_index(
        "ix_indicator_target_indicator_id", "indicator_target", ["indicator_id", "set_at", "id"], unique=False
    )
    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("period_kind", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("through_day", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("missing", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("target", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("method_version", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(source = 'computed') = (method_version IS NOT NULL)",
            name=op.f("ck_indicator_value_method_of_computed"),
        ),
        sa.CheckConstraint(
            "(value IS NULL) = (missing <> '')", name=op.f("ck_indicator_value_value_or_reason")
        ),
        sa.CheckConstraint(
            "missing IN ('', 'no_data', 'too_few')", name=op.f("ck_indicator_value_missing_known")
        ),
        sa.CheckConstraint(
            "period_kind <> 'year' OR EXTRACT(month FROM first_day) = 1",
            name=op.f("ck_indicator_value_year_begins"),
        ),
        sa.CheckConstraint(
            "period_kind IN ('month', 'year')", name=op.f("ck_indicator_value_period_kind_known")
        ),
        sa.CheckConstraint(
            "source <> 'entered' OR account_id IS NOT NULL",
            name=op.f("ck_indicator_value_entered_by_somebody"),
        ),
        sa.CheckConstraint(
            "source <> 'entered' OR note <> ''", name=op.f("ck_indicator_value_entered_with_note")
        ),
        sa.CheckConstraint(
            "source IN ('computed', 'entered', 'imported')", name=op.f("ck_indicator_value_source_known")
        ),
        sa.CheckConstraint("EXTRACT(day FROM first_day) = 1", name=op.f("ck_indicator_value_month_begins")),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= recorded_at",
            name=op.f("ck_indicator_value_superseded_later"),
        ),
        sa.CheckConstraint("through_day >= first_day", name=op.f("ck_indicator_value_some_days")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_indicator_value_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_indicator_value_indicator_id_indicator"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
    )
    op.create_index(
        "ix_indicator_value_history",
        "indicator_value",
        ["indicator_id", "period_kind", "first_day", "id"],
        unique=False,
    )
    op.create_index(
        "uq_indicator_value_current",
        "indicator_value",
        ["indicator_id", "period_kind", "first_day"],
        unique=True,
        postgresql_where="superseded_at IS NULL",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_indicator_value_current", table_name="indicator_value", postgresql_where="superseded_at IS NULL"
    )
    op.drop_index("ix_indicator_value_history", table_name="indicator_value")
    op.drop_table("indicator_value")
    op.drop_index("ix_indicator_target_indicator_id", table_name="indicator_target")
    op.drop_table("indicator_target")
    op.drop_index("ix_indicator_place", table_name="indicator")
    op.drop_index(op.f("ix_indicator_department_id"), table_name="indicator")
    op.drop_index(op.f("ix_indicator_delivery_id"), table_name="indicator")
    op.drop_table("indicator")
