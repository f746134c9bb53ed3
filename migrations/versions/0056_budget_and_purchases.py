"""The budget, public purchases and volumes of services; works know which source their numbers are of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_chapter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("approved", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("revised", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("executed", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('expenditure', 'revenue')", name=op.f("ck_budget_chapter_kind_known")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_budget_chapter_name_given")),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_budget_chapter_currency_iso")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_budget_chapter_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_chapter")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_budget_chapter_source_id_import_key")),
    )
    op.create_index("ix_budget_chapter_year", "budget_chapter", ["year", "kind", "id"], unique=False)
    op.create_table(
        "service_volume",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_service_volume_kind_given")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_service_volume_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_service_volume_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_service_volume_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_volume")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_service_volume_source_id_import_key")),
    )
    op.create_index(
        op.f("ix_service_volume_department_id"), "service_volume", ["department_id"], unique=False
    )
    op.create_index("ix_service_volume_year", "service_volume", ["year", "department", "id"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("chapter_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("derived", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("approved", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("revised", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("executed", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("institution <> ''", name=op.f("ck_budget_line_institution_given")),
        sa.CheckConstraint("level IN ('total', 'title', 'item')", name=op.f("ck_budget_line_level_known")),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_budget_line_currency_iso")),
        sa.ForeignKeyConstraint(
            ["chapter_id"],
            ["budget_chapter.id"],
            name=op.f("fk_budget_line_chapter_id_budget_chapter"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_budget_line_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_budget_line_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_budget_line_source_id_import_key")),
    )
    op.create_index(op.f("ix_budget_line_chapter_id"), "budget_line", ["chapter_id"], unique=False)
    op.create_index(op.f("ix_budget_line_department_id"), "budget_line", ["department_id"], unique=False)
    op.create_index("ix_budget_line_institution", "budget_line", ["year", "institution", "id"], unique=False)
    op.create_table(
        "purchase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("amount_net", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("amount_gross", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("supplier_code", sa.String(), nullable=False),
        sa.Column("contract_number", sa.String(), nullable=False),
        sa.Column("buyer", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
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
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "categories <@ ARRAY['goods', 'services', 'works']::varchar[]",
            name=op.f("ck_purchase_categories_known"),
        ),
        sa.CheckConstraint(
            "procedure IN ('open', 'restricted', 'negotiated', 'competitive_dialogue', 'simplified', 'direct', 'framework', 'other', 'unknown')",
            name=op.f("ck_purchase_procedure_known"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_purchase_title_given")),
        sa.CheckConstraint(
            "amount_gross IS NULL OR amount_net IS NULL OR amount_gross >= amount_net",
            name=op.f("ck_purchase_vat_added"),
        ),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_purchase_currency_iso")),
        sa.CheckConstraint(
            "coalesce(amount, 0) >= 0 AND coalesce(amount_net, 0) >= 0 AND coalesce(amount_gross, 0) >= 0",
            name=op.f("ck_purchase_amounts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_purchase_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_purchase_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_purchase_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_purchase_source_id_import_key")),
    )
    op.create_index(op.f("ix_purchase_delivery_id"), "purchase", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_purchase_department_id"), "purchase", ["department_id"], unique=False)
    op.create_index(
        "ix_purchase_published", "purchase", ["year", "id"], unique=False, postgresql_where="published"
    )
    op.create_index("ix_purchase_search", "purchase", ["search_vector"], unique=False, postgresql_using="gin")
    op.create_table(
        "budget_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("chapter_id", sa.Integer(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('approved', 'revised')", name=op.f("ck_budget_decision_role_known")),
        sa.CheckConstraint(
            "chapter_id IS NULL OR line_id IS NULL", name=op.f("ck_budget_decision_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["chapter_id"],
            ["budget_chapter.id"],
            name=op.f("fk_budget_decision_chapter_id_budget_chapter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["council_decision.id"],
            name=op.f("fk_budget_decision_decision_id_council_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["budget_line.id"],
            name=op.f("fk_budget_decision_line_id_budget_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_decision")),
        sa.UniqueConstraint(
            "year",
            "chapter_id",
            "line_id",
            "decision_id",
            "role",
            name=op.f("uq_budget_decision_year_chapter_id_line_id_decision_id_role"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_budget_decision_decision_id"), "budget_decision", ["decision_id"], unique=False)
    op.create_table(
        "purchase_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("amount_after", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_purchase_amendment_reason_given")),
        sa.CheckConstraint(
            "amount_after IS NULL OR amount_after >= 0",
            name=op.f("ck_purchase_amendment_amount_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"],
            ["purchase.id"],
            name=op.f("fk_purchase_amendment_purchase_id_purchase"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_amendment")),
    )
    op.create_index(
        op.f("ix_purchase_amendment_purchase_id"), "purchase_amendment", ["purchase_id"], unique=False
    )
    op.create_table(
        "purchase_threshold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("basis <> ''", name=op.f("ck_purchase_threshold_basis_given")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_purchase_threshold_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_purchase_threshold_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_threshold")),
        sa.UniqueConstraint("since", name=op.f("uq_purchase_threshold_since")),
    )
    op.add_column("delivery", sa.Column("own_share", sa.Numeric(precision=14, scale=2), nullable=True))
    op.add_column("delivery", sa.Column("parent_key", sa.String(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("same_as_key", sa.String(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("source_id", sa.Integer(), nullable=True))
    op.add_column("delivery", sa.Column("note", sa.String(), server_default="", nullable=False))
    op.create_check_constraint(
        op.f("ck_delivery_own_share_not_negative"), "delivery", "own_share IS NULL OR own_share >= 0"
    )
    op.drop_constraint(op.f("uq_delivery_import_key"), "delivery", type_="unique")
    op.execute(
        "INSERT INTO import_source (dataset, name, mapping, created_at) SELECT 'deliveries', 'Raport anterior', '{}', "
        "now() WHERE EXISTS (SELECT 1 FROM delivery WHERE import_key IS NOT NULL)"
    )
    op.execute(
        "UPDATE delivery SET source_id = (SELECT id FROM import_source WHERE dataset = 'deliveries' "
        "AND name = 'Raport anterior') WHERE import_key IS NOT NULL"
    )
    op.create_unique_constraint(
        op.f("uq_delivery_source_id_import_key"), "delivery", ["source_id", "import_key"]
    )
    op.create_foreign_key(
        op.f("fk_delivery_source_id_import_source"), "delivery", "import_source", ["source_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_delivery_source_id_import_source"), "delivery", type_="foreignkey")
    op.drop_constraint(op.f("uq_delivery_source_id_import_key"), "delivery", type_="unique")
    op.create_unique_constraint(
        op.f("uq_delivery_import_key"), "delivery", ["import_key"], postgresql_nulls_not_distinct=False
    )
    op.drop_constraint(op.f("ck_delivery_own_share_not_negative"), "delivery", type_="check")
    op.drop_column("delivery", "note")
    op.drop_column("delivery", "source_id")
    op.drop_column("delivery", "same_as_key")
    op.drop_column("delivery", "parent_key")
    op.drop_column("delivery", "own_share")
    op.drop_table("purchase_threshold")
    op.drop_index(op.f("ix_purchase_amendment_purchase_id"), table_name="purchase_amendment")
    op.drop_table("purchase_amendment")
    op.drop_index(op.f("ix_budget_decision_decision_id"), table_name="budget_decision")
    op.drop_table("budget_decision")
    op.drop_index("ix_purchase_search", table_name="purchase", postgresql_using="gin")
    op.drop_index("ix_purchase_published", table_name="purchase", postgresql_where="published")
    op.drop_index(op.f("ix_purchase_department_id"), table_name="purchase")
    op.drop_index(op.f("ix_purchase_delivery_id"), table_name="purchase")
    op.drop_table("purchase")
    op.drop_index("ix_budget_line_institution", table_name="budget_line")
    op.drop_index(op.f("ix_budget_line_department_id"), table_name="budget_line")
    op.drop_index(op.f("ix_budget_line_chapter_id"), table_name="budget_line")
    op.drop_table("budget_line")
    op.drop_index("ix_service_volume_year", table_name="service_volume")
    op.drop_index(op.f("ix_service_volume_department_id"), table_name="service_volume")
    op.drop_table("service_volume")
    op.drop_index("ix_budget_chapter_year", table_name="budget_chapter")
    op.drop_table("budget_chapter")
