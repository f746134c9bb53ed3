"""Decisions are entered by hand too: text, files, dimension, where they stand and where they are published."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0070"
branch_labels = None
depends_on = None

CHECKS = {
    "state_known": "state IN ('draft', 'published', 'repealed', 'annulled')",
    "end_reasoned": "state NOT IN ('repealed', 'annulled') OR state_reason <> ''",
    "dimension_known": "dimension IN ('budgeting', 'contracting', 'decision_making', 'policy', 'services')",
    "register_known": "register IN ('statute', 'procedures', 'decisions', 'orders', 'financial', 'other')",
    "address_http": "gazette_address = '' OR gazette_address ~* '^https?://'",
    "published_after_adoption": "published_on >= adopted_on",
}
BEFORE, NOW = (
    "kind IN ('amends', 'revises', 'carries_out')",
    "kind IN ('amends', 'revises', 'carries_out', 'repeals')",
)


def _kinds(words: str) -> None:
    op.drop_constraint(op.f("ck_decision_relation_kind_known"), "decision_relation")
    op.create_check_constraint(op.f("ck_decision_relation_kind_known"), "decision_relation", words)


def upgrade() -> None:
    op.create_table(
        "decision_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_decision_file_title_given")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["council_decision.id"],
            name=op.f("fk_decision_file_decision_id_council_decision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_decision_file_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_file")),
        sa.UniqueConstraint("decision_id", "title", name=op.f("uq_decision_file_decision_id_title")),
    )
    op.create_index(op.f("ix_decision_file_file_id"), "decision_file", ["file_id"], unique=False)
    op.add_column(
        "council_decision", sa.Column("state", sa.String(), server_default="published", nullable=False)
    )
    op.add_column(
        "council_decision", sa.Column("state_reason", sa.String(), server_default="", nullable=False)
    )
    op.add_column("council_decision", sa.Column("body", sa.String(), server_default="", nullable=False))
    op.add_column("council_decision", sa.Column("dimension", sa.String(), nullable=True))
    op.add_column("council_decision", sa.Column("register", sa.String(), nullable=True))
    op.add_column("council_decision", sa.Column("published_on", sa.Date(), nullable=True))
    op.add_column(
        "council_decision", sa.Column("gazette_address", sa.String(), server_default="", nullable=False)
    )
    op.add_column("council_decision", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(
        "ix_council_decision_dimension", "council_decision", ["dimension", "year", "id"], unique=False
    )
    op.create_index(
        "uq_council_decision_by_hand",
        "council_decision",
        ["kind", "number", "year", "issuer"],
        unique=True,
        postgresql_where="source_id IS NULL",
    )
    op.add_column(
        "decision_relation",
        sa.Column("by_hand", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    for name, words in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_council_decision_{name}"), "council_decision", words)
    _kinds(NOW)


def downgrade() -> None:
    op.execute("DELETE FROM decision_relation WHERE kind = 'repeals'")
    _kinds(BEFORE)
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_council_decision_{name}"), "council_decision")
    op.drop_column("decision_relation", "by_hand")
    op.drop_index(
        "uq_council_decision_by_hand", table_name="council_decision", postgresql_where="source_id IS NULL"
    )
    op.drop_index("ix_council_decision_dimension", table_name="council_decision")
    op.drop_column("council_decision", "version")
    op.drop_column("council_decision", "gazette_address")
    op.drop_column("council_decision", "published_on")
    op.drop_column("council_decision", "register")
    op.drop_column("council_decision", "dimension")
    op.drop_column("council_decision", "body")
    op.drop_column("council_decision", "state_reason")
    op.drop_column("council_decision", "state")
    op.drop_index(op.f("ix_decision_file_file_id"), table_name="decision_file")
    op.drop_table("decision_file")
