"""Yearly reports: what is typed and what was published. Summaries whose every sentence names its sources."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "yearly_report",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("typed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published = '{}'::jsonb)",
            name=op.f("ck_yearly_report_published_whole"),
        ),
        sa.CheckConstraint(
            "correction = '' OR published_at > first_published_at",
            name=op.f("ck_yearly_report_corrected_after"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (first_published_at IS NULL)",
            name=op.f("ck_yearly_report_first_published_whole"),
        ),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_yearly_report_year_of_this_age")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_yearly_report_account_id_account")
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_yearly_report")),
    )
    op.create_table(
        "consultation_summary",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_consultation_summary_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_summary_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_consultation_summary")),
    )
    op.create_table(
        "consultation_summary_sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("numbers", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("themes", sa.ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_consultation_summary_sentence_text_given")),
        sa.CheckConstraint(
            "cardinality(numbers) + cardinality(themes) > 0",
            name=op.f("ck_consultation_summary_sentence_has_source"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation_summary.consultation_id"],
            name=op.f("fk_consultation_summary_sentence_consultation_id_consultation_summary"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_summary_sentence")),
        sa.UniqueConstraint(
            "consultation_id",
            "position",
            name=op.f("uq_consultation_summary_sentence_consultation_id_position"),
        ),
    )


def downgrade() -> None:
    op.drop_table("consultation_summary_sentence")
    op.drop_table("consultation_summary")
    op.drop_table("yearly_report")
