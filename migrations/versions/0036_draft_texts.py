"""The text of drafts in editions and sections, and what people write beside its passages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "published_at IS NULL OR number = 1 OR note <> ''", name=op.f("ck_draft_edition_change_told")
        ),
        sa.CheckConstraint(
            "source IN ('docx', 'markdown', 'text')", name=op.f("ck_draft_edition_source_known")
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (published_at IS NULL)", name=op.f("ck_draft_edition_numbered_when_published")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draft_edition_number_from_one")),
        sa.CheckConstraint(
            "published_at IS NULL OR ready_at IS NOT NULL",
            name=op.f("ck_draft_edition_read_before_published"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_draft_edition_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_draft_edition_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_draft_edition_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edition")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_draft_edition_consultation_id_number")
        ),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_draft_edition_id_consultation_id")),
    )
    op.create_index(
        "uq_draft_edition_prepared",
        "draft_edition",
        ["consultation_id"],
        unique=True,
        postgresql_where="published_at IS NULL",
    )
    op.create_table(
        "draft_section",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('title', 'chapter', 'subsection', 'article', 'paragraph', 'point', 'row')",
            name=op.f("ck_draft_section_kind_known"),
        ),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 8000", name=op.f("ck_draft_section_text_length")),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["draft_edition.id"],
            name=op.f("fk_draft_section_edition_id_draft_edition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", "key", name=op.f("pk_draft_section")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_draft_section_edition_id_position")),
    )
    op.create_table(
        "draft_annotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("replacement", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("made_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("checked_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("disagree", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'replacement' OR (body <> '' AND replacement = '')",
            name=op.f("ck_draft_annotation_says_something"),
        ),
        sa.CheckConstraint("kind IN ('comment', 'replacement')", name=op.f("ck_draft_annotation_kind_known")),
        sa.CheckConstraint("quote <> ''", name=op.f("ck_draft_annotation_quote_given")),
        sa.CheckConstraint(
            "state IN ('visible', 'held', 'hidden')", name=op.f("ck_draft_annotation_state_known")
        ),
        sa.CheckConstraint(
            '"end" > start AND start >= 0', name=op.f("ck_draft_annotation_passage_not_empty")
        ),
        sa.CheckConstraint("char_length(body) <= 3000", name=op.f("ck_draft_annotation_body_length")),
        sa.CheckConstraint(
            "char_length(replacement) <= 3000", name=op.f("ck_draft_annotation_replacement_length")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_draft_annotation_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["checked_id", "consultation_id"],
            ["draft_edition.id", "draft_edition.consultation_id"],
            name="fk_draft_annotation_checked",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_draft_annotation_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_draft_annotation_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id", "key"],
            ["draft_section.edition_id", "draft_section.key"],
            name="fk_draft_annotation_section",
        ),
        sa.ForeignKeyConstraint(
            ["made_id"], ["draft_edition.id"], name=op.f("fk_draft_annotation_made_id_draft_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_annotation")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_draft_annotation_author_id_form_key")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_draft_annotation_contribution_id")),
    )
    op.create_index(
        "ix_draft_annotation_author_id", "draft_annotation", ["author_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_draft_annotation_beside",
        "draft_annotation",
        ["consultation_id", "key"],
        unique=False,
        postgresql_where="state = 'visible' AND edition_id = checked_id",
    )
    op.create_index("ix_draft_annotation_edition_id", "draft_annotation", ["edition_id", "key"], unique=False)
    op.create_index(
        "ix_draft_annotation_section",
        "draft_annotation",
        ["consultation_id", "key", "state", "id"],
        unique=False,
    )
    op.create_index(
        "ix_draft_annotation_unchecked",
        "draft_annotation",
        ["consultation_id", "checked_id", "id"],
        unique=False,
    )
    op.create_table(
        "draft_stance",
        sa.Column("annotation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value IN (1, -1)", name=op.f("ck_draft_stance_value_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_draft_stance_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["annotation_id"],
            ["draft_annotation.id"],
            name=op.f("fk_draft_stance_annotation_id_draft_annotation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("annotation_id", "account_id", name=op.f("pk_draft_stance")),
    )
    op.create_index("ix_draft_stance_account_id", "draft_stance", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_draft_stance_account_id", table_name="draft_stance")
    op.drop_table("draft_stance")
    op.drop_index("ix_draft_annotation_unchecked", table_name="draft_annotation")
    op.drop_index("ix_draft_annotation_section", table_name="draft_annotation")
    op.drop_index("ix_draft_annotation_edition_id", table_name="draft_annotation")
    op.drop_index(
        "ix_draft_annotation_beside",
        table_name="draft_annotation",
        postgresql_where="state = 'visible' AND edition_id = checked_id",
    )
    op.drop_index("ix_draft_annotation_author_id", table_name="draft_annotation")
    op.drop_table("draft_annotation")
    op.drop_table("draft_section")
    op.drop_index(
        "uq_draft_edition_prepared", table_name="draft_edition", postgresql_where="published_at IS NULL"
    )
    op.drop_table("draft_edition")
