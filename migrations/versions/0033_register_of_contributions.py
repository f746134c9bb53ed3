"""The register of contributions to consultations: entries, themes, answers, reviews, letters on their way in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contribution_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_contribution_theme_title_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contribution_theme_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_contribution_theme_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_theme")),
        sa.UniqueConstraint(
            "consultation_id", "title", name=op.f("uq_contribution_theme_consultation_id_title")
        ),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_contribution_theme_id_consultation_id")),
    )
    op.create_index(
        op.f("ix_contribution_theme_consultation_id"), "contribution_theme", ["consultation_id"], unique=False
    )
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("shown_as", sa.String(), nullable=False),
        sa.Column("by_organisation", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("folded_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("considered", sa.Boolean(), nullable=True),
        sa.Column("considered_reason", sa.String(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_for", sa.String(), nullable=False),
        sa.Column("hidden_reason", sa.String(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_for = '') AND (hidden_at IS NULL) = (hidden_reason = '')",
            name=op.f("ck_contribution_hidden_whole"),
        ),
        sa.CheckConstraint(
            "author_name <> '' OR channel = 'survey'", name=op.f("ck_contribution_author_given")
        ),
        sa.CheckConstraint(
            "body <> '' OR hidden_at IS NOT NULL", name=op.f("ck_contribution_body_unless_hidden")
        ),
        sa.CheckConstraint(
            "channel IN ('form', 'mail', 'post', 'desk', 'annotation', 'survey', 'debate')",
            name=op.f("ck_contribution_channel_known"),
        ),
        sa.CheckConstraint(
            "considered IS NULL OR (late AND considered_reason <> '')",
            name=op.f("ck_contribution_considered_if_late"),
        ),
        sa.CheckConstraint(
            "hidden_for IN ('', 'personal_data', 'offence')", name=op.f("ck_contribution_hidden_for_known")
        ),
        sa.CheckConstraint("shown_as IN ('full', 'initials')", name=op.f("ck_contribution_shown_as_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_contribution_number_from_one")),
        sa.CheckConstraint(
            "octet_length(body_sha256) = 32 AND octet_length(folded_sha256) = 32",
            name=op.f("ck_contribution_hashed"),
        ),
        sa.CheckConstraint(
            "registered_at >= received_at", name=op.f("ck_contribution_received_before_registered")
        ),
        sa.CheckConstraint("same_as_id <> id", name=op.f("ck_contribution_same_as_another")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contribution_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"], ["account.id"], name=op.f("fk_contribution_assigned_to_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_contribution_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["account.id"], name=op.f("fk_contribution_registered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["same_as_id", "consultation_id"],
            ["contribution.id", "contribution.consultation_id"],
            name=op.f("fk_contribution_same_as_id_consultation_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["theme_id", "consultation_id"],
            ["contribution_theme.id", "contribution_theme.consultation_id"],
            name=op.f("fk_contribution_theme_id_consultation_id_contribution_theme"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_contribution_consultation_id_number")),
        sa.UniqueConstraint("form_key", name=op.f("uq_contribution_form_key")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_contribution_id_consultation_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_contribution_reference")),
        sa.UniqueConstraint("token", name=op.f("uq_contribution_token")),
    )
    op.create_index("ix_contribution_account_id", "contribution", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_contribution_assigned_to_id"), "contribution", ["assigned_to_id"], unique=False)
    op.create_index("ix_contribution_list", "contribution", ["consultation_id", "number"], unique=False)
    op.create_index(
        "ix_contribution_same", "contribution", ["consultation_id", "folded_sha256"], unique=False
    )
    op.create_index(op.f("ix_contribution_same_as_id"), "contribution", ["same_as_id"], unique=False)
    op.create_index(
        "ix_contribution_search", "contribution", ["search_vector"], unique=False, postgresql_using="gin"
    )
    op.create_index(op.f("ix_contribution_theme_id"), "contribution", ["theme_id"], unique=False)
    op.create_table(
        "contribution_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("author_function", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.Column("returned_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name=op.f("ck_contribution_answer_withdrawn_whole"),
        ),
        sa.CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (published_at IS NOT NULL) AND (published_at IS NULL) = (signed_by_id IS NULL)",
            name=op.f("ck_contribution_answer_published_whole"),
        ),
        sa.CheckConstraint(
            "link = '' OR link ~* '^https?://'", name=op.f("ck_contribution_answer_link_http")
        ),
        sa.CheckConstraint(
            "outcome = 'adopted' OR reason <> '' OR state = 'draft'",
            name=op.f("ck_contribution_answer_reasoned"),
        ),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'partly', 'not_adopted', 'out_of_scope', 'already_covered')",
            name=op.f("ck_contribution_answer_outcome_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'published', 'withdrawn')",
            name=op.f("ck_contribution_answer_state_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(contribution_id, theme_id) = 1", name=op.f("ck_contribution_answer_to_one")
        ),
        sa.CheckConstraint("signed_by_id <> drafted_by_id", name=op.f("ck_contribution_answer_four_eyes")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_contribution_answer_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_answer_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_contribution_answer_drafted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_contribution_answer_signed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"],
            ["contribution_theme.id"],
            name=op.f("fk_contribution_answer_theme_id_contribution_theme"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_answer")),
    )
    op.create_index(
        "ix_contribution_answer_consultation_id",
        "contribution_answer",
        ["consultation_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contribution_answer_contribution_id"),
        "contribution_answer",
        ["contribution_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contribution_answer_theme_id"), "contribution_answer", ["theme_id"], unique=False
    )
    op.create_index(
        "uq_contribution_answer_contribution_id",
        "contribution_answer",
        ["contribution_id"],
        unique=True,
        postgresql_where="state <> 'withdrawn'",
    )
    op.create_index(
        "uq_contribution_answer_theme_id",
        "contribution_answer",
        ["theme_id"],
        unique=True,
        postgresql_where="state <> 'withdrawn'",
    )
    op.create_table(
        "contribution_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sender_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'registered') = (contribution_id IS NOT NULL)",
            name=op.f("ck_contribution_letter_registered_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('unassigned', 'registered', 'refused', 'set_aside')",
            name=op.f("ck_contribution_letter_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'set_aside') OR reason <> ''",
            name=op.f("ck_contribution_letter_reason_given"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_letter_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_contribution_letter_decided_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_letter")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_contribution_letter_contribution_id")),
        sa.UniqueConstraint("message_mark", name=op.f("uq_contribution_letter_message_mark")),
    )
    op.create_index(
        "ix_contribution_letter_sender", "contribution_letter", ["sender_mark", "answered_at"], unique=False
    )
    op.create_index(
        "ix_contribution_letter_waiting",
        "contribution_letter",
        ["id"],
        unique=False,
        postgresql_where="state = 'unassigned'",
    )
    op.create_table(
        "contribution_pending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_mark", sa.LargeBinary(), nullable=False),
        sa.Column("address_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (contribution_id IS NULL)",
            name=op.f("ck_contribution_pending_confirmed_whole"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR sealed IS NULL",
            name=op.f("ck_contribution_pending_forgotten_when_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_contribution_pending_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_pending_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_pending")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_contribution_pending_contribution_id")),
        sa.UniqueConstraint("token_mark", name=op.f("uq_contribution_pending_token_mark")),
    )
    op.create_index(
        "ix_contribution_pending_address", "contribution_pending", ["address_mark", "sent_at"], unique=False
    )
    op.create_index(
        op.f("ix_contribution_pending_consultation_id"),
        "contribution_pending",
        ["consultation_id"],
        unique=False,
    )
    op.create_table(
        "contribution_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("not_kept", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(file_id IS NULL) = (not_kept <> '')", name=op.f("ck_contribution_attachment_kept_or_not")
        ),
        sa.CheckConstraint(
            "not_kept IN ('', 'too_large', 'not_allowed', 'too_many')",
            name=op.f("ck_contribution_attachment_not_kept_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(contribution_id, letter_id) >= 1", name=op.f("ck_contribution_attachment_belongs")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_attachment_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_contribution_attachment_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["contribution_letter.id"],
            name=op.f("fk_contribution_attachment_letter_id_contribution_letter"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_attachment")),
    )
    op.create_index(
        op.f("ix_contribution_attachment_contribution_id"),
        "contribution_attachment",
        ["contribution_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contribution_attachment_letter_id"), "contribution_attachment", ["letter_id"], unique=False
    )
    op.create_table(
        "contribution_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(outcome = '') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (reason = '')",
            name=op.f("ck_contribution_review_decided_whole"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'kept', 'again')", name=op.f("ck_contribution_review_outcome_known")
        ),
        sa.CheckConstraint(
            "decided_by_id <> drafted_by_id AND decided_by_id <> signed_by_id",
            name=op.f("ck_contribution_review_by_another_person"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["contribution_answer.id"],
            name=op.f("fk_contribution_review_answer_id_contribution_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_review_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_contribution_review_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_contribution_review_drafted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_contribution_review_signed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_review")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_contribution_review_contribution_id")),
    )


def downgrade() -> None:
    op.drop_table("contribution_review")
    op.drop_index(op.f("ix_contribution_attachment_letter_id"), table_name="contribution_attachment")
    op.drop_index(op.f("ix_contribution_attachment_contribution_id"), table_name="contribution_attachment")
    op.drop_table("contribution_attachment")
    op.drop_index(op.f("ix_contribution_pending_consultation_id"), table_name="contribution_pending")
    op.drop_index("ix_contribution_pending_address", table_name="contribution_pending")
    op.drop_table("contribution_pending")
    op.drop_index(
        "ix_contribution_letter_waiting",
        table_name="contribution_letter",
        postgresql_where="state = 'unassigned'",
    )
    op.drop_index("ix_contribution_letter_sender", table_name="contribution_letter")
    op.drop_table("contribution_letter")
    op.drop_index(
        "uq_contribution_answer_theme_id",
        table_name="contribution_answer",
        postgresql_where="state <> 'withdrawn'",
    )
    op.drop_index(
        "uq_contribution_answer_contribution_id",
        table_name="contribution_answer",
        postgresql_where="state <> 'withdrawn'",
    )
    op.drop_index(op.f("ix_contribution_answer_theme_id"), table_name="contribution_answer")
    op.drop_index(op.f("ix_contribution_answer_contribution_id"), table_name="contribution_answer")
    op.drop_index("ix_contribution_answer_consultation_id", table_name="contribution_answer")
    op.drop_table("contribution_answer")
    op.drop_index(op.f("ix_contribution_theme_id"), table_name="contribution")
    op.drop_index("ix_contribution_search", table_name="contribution", postgresql_using="gin")
    op.drop_index(op.f("ix_contribution_same_as_id"), table_name="contribution")
    op.drop_index("ix_contribution_same", table_name="contribution")
    op.drop_index("ix_contribution_list", table_name="contribution")
    op.drop_index(op.f("ix_contribution_assigned_to_id"), table_name="contribution")
    op.drop_index("ix_contribution_account_id", table_name="contribution")
    op.drop_table("contribution")
    op.drop_index(op.f("ix_contribution_theme_consultation_id"), table_name="contribution_theme")
    op.drop_table("contribution_theme")
