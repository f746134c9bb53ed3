"""The council: elected members, meetings, votes by name, attendance, drafts signed, questions."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("independent", sa.Boolean(), nullable=False),
        sa.Column("commission", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "NOT independent OR party = ''", name=op.f("ck_council_member_independent_of_party")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_council_member_name_given")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_council_member_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_council_member_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_council_member_source_id_import_key")),
    )
    op.create_index("ix_council_member_sort_key", "council_member", ["sort_key", "id"], unique=False)
    op.create_table(
        "council_sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("convening", sa.String(), nullable=False),
        sa.Column("in_office", sa.Integer(), nullable=True),
        sa.Column("minutes_address", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("named", sa.String(), server_default="", nullable=False),
        sa.Column("unmatched", sa.String(), server_default="", nullable=False),
        sa.Column("origin_kind", sa.String(), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('ordinary', 'extraordinary', 'urgent')", name=op.f("ck_council_sitting_kind_known")
        ),
        sa.CheckConstraint(
            "minutes_address = '' OR minutes_address ~* '^https?://'",
            name=op.f("ck_council_sitting_minutes_http"),
        ),
        sa.CheckConstraint(
            "recording = '' OR recording ~* '^https?://'", name=op.f("ck_council_sitting_recording_http")
        ),
        sa.CheckConstraint(
            "(origin_kind IS NULL) = (origin_id IS NULL)", name=op.f("ck_council_sitting_origin_whole")
        ),
        sa.CheckConstraint("in_office > 0", name=op.f("ck_council_sitting_in_office_positive")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_council_sitting_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_sitting")),
        sa.UniqueConstraint(
            "origin_kind", "origin_id", name=op.f("uq_council_sitting_origin_kind_origin_id")
        ),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_council_sitting_source_id_import_key")),
    )
    op.create_index("ix_council_sitting_held_on", "council_sitting", ["held_on", "id"], unique=False)
    op.create_table(
        "council_attendance",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.CheckConstraint(
            "presence IN ('present', 'absent', 'excused')", name=op.f("ck_council_attendance_presence_known")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_attendance_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["council_sitting.id"],
            name=op.f("fk_council_attendance_sitting_id_council_sitting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sitting_id", "member_id", name=op.f("pk_council_attendance")),
    )
    op.create_index(
        op.f("ix_council_attendance_member_id"), "council_attendance", ["member_id"], unique=False
    )
    op.create_table(
        "council_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answer = '')", name=op.f("ck_council_question_answer_whole")
        ),
        sa.CheckConstraint("asked <> ''", name=op.f("ck_council_question_asked_given")),
        sa.CheckConstraint(
            "kind IN ('question', 'interpellation')", name=op.f("ck_council_question_kind_known")
        ),
        sa.CheckConstraint("answered_on >= asked_on", name=op.f("ck_council_question_answered_after")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_question_member_id_council_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_question")),
    )
    op.create_index(
        "ix_council_question_member", "council_question", ["member_id", "asked_on", "id"], unique=False
    )
    op.create_table(
        "council_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("sitting_key", sa.String(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reports", sa.String(), server_default="", nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("decision_key", sa.String(), server_default="", nullable=False),
        sa.Column("dimension", sa.String(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("majority", sa.String(), nullable=False),
        sa.Column("stated_for", sa.Integer(), nullable=True),
        sa.Column("stated_against", sa.Integer(), nullable=True),
        sa.Column("stated_abstained", sa.Integer(), nullable=True),
        sa.Column("stated_not_voting", sa.Integer(), nullable=True),
        sa.Column("named", sa.String(), server_default="", nullable=False),
        sa.Column("signed", sa.String(), server_default="", nullable=False),
        sa.Column("unmatched", sa.String(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("NOT secret OR named = ''", name=op.f("ck_council_vote_secret_nameless")),
        sa.CheckConstraint(
            "dimension IN ('budgeting', 'contracting', 'decision_making', 'policy', 'services')",
            name=op.f("ck_council_vote_dimension_known"),
        ),
        sa.CheckConstraint(
            "majority IN ('simple', 'absolute', 'two_thirds')", name=op.f("ck_council_vote_majority_known")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_council_vote_title_given")),
        sa.CheckConstraint(
            "stated_for >= 0 AND stated_against >= 0 AND stated_abstained >= 0 AND stated_not_voting >= 0",
            name=op.f("ck_council_vote_stated_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["council_decision.id"],
            name=op.f("fk_council_vote_decision_id_council_decision"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["council_sitting.id"],
            name=op.f("fk_council_vote_sitting_id_council_sitting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_council_vote_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_vote")),
        sa.UniqueConstraint("id", "secret", name=op.f("uq_council_vote_id_secret")),
        sa.UniqueConstraint("source_id", "import_key", name=op.f("uq_council_vote_source_id_import_key")),
    )
    op.create_index("ix_council_vote_decision", "council_vote", ["decision_id"], unique=False)
    op.create_index("ix_council_vote_sitting", "council_vote", ["sitting_id", "position", "id"], unique=False)
    op.create_table(
        "council_signing",
        sa.Column("vote_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_signing_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"],
            ["council_vote.id"],
            name=op.f("fk_council_signing_vote_id_council_vote"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("vote_id", "member_id", name=op.f("pk_council_signing")),
    )
    op.create_index(op.f("ix_council_signing_member_id"), "council_signing", ["member_id"], unique=False)
    op.create_table(
        "council_vote_cast",
        sa.Column("vote_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.CheckConstraint(
            "choice IN ('for', 'against', 'abstained', 'not_voting', 'absent')",
            name=op.f("ck_council_vote_cast_choice_known"),
        ),
        sa.CheckConstraint("NOT secret", name=op.f("ck_council_vote_cast_never_secret")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_vote_cast_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id", "secret"],
            ["council_vote.id", "council_vote.secret"],
            name=op.f("fk_council_vote_cast_vote_id_secret_council_vote"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("vote_id", "member_id", name=op.f("pk_council_vote_cast")),
    )
    op.create_index("ix_council_vote_cast_member", "council_vote_cast", ["member_id", "choice"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_council_vote_cast_member", table_name="council_vote_cast")
    op.drop_table("council_vote_cast")
    op.drop_index(op.f("ix_council_signing_member_id"), table_name="council_signing")
    op.drop_table("council_signing")
    op.drop_index("ix_council_vote_sitting", table_name="council_vote")
    op.drop_index("ix_council_vote_decision", table_name="council_vote")
    op.drop_table("council_vote")
    op.drop_index("ix_council_question_member", table_name="council_question")
    op.drop_table("council_question")
    op.drop_index(op.f("ix_council_attendance_member_id"), table_name="council_attendance")
    op.drop_table("council_attendance")
    op.drop_index("ix_council_sitting_held_on", table_name="council_sitting")
    op.drop_table("council_sitting")
    op.drop_index("ix_council_member_sort_key", table_name="council_member")
    op.drop_table("council_member")
