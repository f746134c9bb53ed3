"""Tables from elsewhere come in row by row with a report of each; the council's decisions are the first of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_import_source_name_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_source")),
        sa.UniqueConstraint("dataset", "name", name=op.f("uq_import_source_dataset_name")),
    )
    op.create_table(
        "council_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("citation", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('council', 'general_council', 'order', 'other')",
            name=op.f("ck_council_decision_kind_known"),
        ),
        sa.CheckConstraint("number <> ''", name=op.f("ck_council_decision_number_given")),
        sa.CheckConstraint(
            "adopted_on IS NULL OR EXTRACT(year FROM adopted_on) = year",
            name=op.f("ck_council_decision_day_in_year"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_council_decision_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_decision")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_council_decision_source_id_import_key")),
    )
    op.create_index("ix_council_decision_number", "council_decision", ["number", "year"], unique=False)
    op.create_index(
        "ix_council_decision_search",
        "council_decision",
        ["search_vector"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_council_decision_year", "council_decision", ["year", "id"], unique=False)
    op.create_table(
        "decision_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('amends', 'revises', 'carries_out')", name=op.f("ck_decision_relation_kind_known")
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_decision_relation_of_another")),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["council_decision.id"],
            name=op.f("fk_decision_relation_from_id_council_decision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_id"],
            ["council_decision.id"],
            name=op.f("fk_decision_relation_to_id_council_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_relation")),
        sa.UniqueConstraint("from_id", "to_id", "kind", name=op.f("uq_decision_relation_from_id_to_id_kind")),
    )
    op.create_index(op.f("ix_decision_relation_to_id"), "decision_relation", ["to_id"], unique=False)
    op.create_table(
        "data_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("file_key", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sample", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("without_refused", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.String(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'loaded') = (loaded_at IS NOT NULL)", name=op.f("ck_data_import_loaded_dated")
        ),
        sa.CheckConstraint("format IN ('csv', 'xlsx')", name=op.f("ck_data_import_format_known")),
        sa.CheckConstraint(
            "state IN ('matching', 'checking', 'checked', 'loading', 'loaded', 'stopped', 'discarded')",
            name=op.f("ck_data_import_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_data_import_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_data_import_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_import")),
        sa.UniqueConstraint("file_key", name=op.f("uq_data_import_file_key")),
    )
    op.create_index("ix_data_import_created_at", "data_import", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_data_import_source_id"), "data_import", ["source_id"], unique=False)
    op.create_table(
        "data_import_row",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'refused') = (reasons <> '[]'::jsonb)",
            name=op.f("ck_data_import_row_refused_reasoned"),
        ),
        sa.CheckConstraint(
            "outcome IN ('new', 'changed', 'same', 'refused')", name=op.f("ck_data_import_row_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["data_import.id"],
            name=op.f("fk_data_import_row_import_id_data_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_data_import_row")),
    )
    op.create_index("ix_data_import_row_key", "data_import_row", ["import_id", "key"], unique=False)
    op.create_index(
        "ix_data_import_row_outcome", "data_import_row", ["import_id", "outcome", "number"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_data_import_row_outcome", table_name="data_import_row")
    op.drop_index("ix_data_import_row_key", table_name="data_import_row")
    op.drop_table("data_import_row")
    op.drop_index(op.f("ix_data_import_source_id"), table_name="data_import")
    op.drop_index("ix_data_import_created_at", table_name="data_import")
    op.drop_table("data_import")
    op.drop_index(op.f("ix_decision_relation_to_id"), table_name="decision_relation")
    op.drop_table("decision_relation")
    op.drop_index("ix_council_decision_year", table_name="council_decision")
    op.drop_index("ix_council_decision_search", table_name="council_decision", postgresql_using="gin")
    op.drop_index("ix_council_decision_number", table_name="council_decision")
    op.drop_table("council_decision")
    op.drop_table("import_source")
