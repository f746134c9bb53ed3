"""Public debates: who asked, when and where, who speaks, the minutes; and the deadlines they go by."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

#: key, days, unit, basis, source in Romanian and in English
FIRST = (
    (
        "consultation.debate.announce", 5, "working",
        "house", "regulilor proprii ale primăriei", "the city hall's own rules",
    ),
    (
        "consultation.debate.notice", 3, "working",
        "house", "regulilor proprii ale primăriei", "the city hall's own rules",
    ),
    (
        "consultation.debate.minutes", 10, "calendar",
        "law", "Legii nr. 52/2003, art. 7 alin. (10) lit. d)", "Law 52/2003, art. 7(10)(d)",
    ),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "debate_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announce_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_debate_request_text_given")),
        sa.CheckConstraint("announce_by > requested_at", name=op.f("ck_debate_request_clock_runs")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_debate_request_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_debate_request_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_debate_request_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["deadline_version.id"],
            name=op.f("fk_debate_request_version_id_deadline_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debate_request")),
        sa.UniqueConstraint(
            "consultation_id",
            "organisation_id",
            name=op.f("uq_debate_request_consultation_id_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_debate_request_organisation_id"), "debate_request", ["organisation_id"], unique=False
    )
    op.create_table(
        "debate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("minutes_each", sa.Integer(), nullable=False),
        sa.Column("sign_up_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attendance", sa.Integer(), nullable=True),
        sa.Column("minutes_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_version_id", sa.Integer(), nullable=True),
        sa.Column("minutes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_text", sa.String(), nullable=False),
        sa.Column("minutes_document_id", sa.Integer(), nullable=True),
        sa.Column("recording", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_reason = '')", name=op.f("ck_debate_cancelled_reasoned")
        ),
        sa.CheckConstraint(
            "(minutes_at IS NULL) = (minutes_text = '' AND minutes_document_id IS NULL)",
            name=op.f("ck_debate_minutes_whole"),
        ),
        sa.CheckConstraint("link = '' OR link ~* '^https?://'", name=op.f("ck_debate_link_http")),
        sa.CheckConstraint("place <> '' OR link <> ''", name=op.f("ck_debate_somewhere")),
        sa.CheckConstraint(
            "recording = '' OR recording ~* '^https?://'", name=op.f("ck_debate_recording_http")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (attendance IS NULL) AND (ended_at IS NULL) = (minutes_due_at IS NULL) AND (ended_at IS NULL) = (minutes_version_id IS NULL)",
            name=op.f("ck_debate_held_whole"),
        ),
        sa.CheckConstraint("attendance >= 0", name=op.f("ck_debate_attendance_counted")),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR ended_at IS NULL", name=op.f("ck_debate_held_or_cancelled")
        ),
        sa.CheckConstraint("ended_at >= starts_at", name=op.f("ck_debate_ended_after_start")),
        sa.CheckConstraint(
            "minutes_at IS NULL OR ended_at IS NOT NULL", name=op.f("ck_debate_minutes_of_held")
        ),
        sa.CheckConstraint("minutes_each BETWEEN 1 AND 60", name=op.f("ck_debate_speaking_time")),
        sa.CheckConstraint(
            "sign_up_until <= starts_at AND starts_at > announced_at", name=op.f("ck_debate_moments_in_order")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_debate_account_id_account")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_debate_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["minutes_document_id"],
            ["consultation_document.id"],
            name=op.f("fk_debate_minutes_document_id_consultation_document"),
        ),
        sa.ForeignKeyConstraint(
            ["minutes_version_id"],
            ["deadline_version.id"],
            name=op.f("fk_debate_minutes_version_id_deadline_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debate")),
    )
    op.create_index("ix_debate_consultation_id", "debate", ["consultation_id", "starts_at"], unique=False)
    op.create_index(
        "uq_debate_consultation_id",
        "debate",
        ["consultation_id"],
        unique=True,
        postgresql_where="cancelled_at IS NULL AND ended_at IS NULL",
    )
    op.create_table(
        "debate_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("old_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_place", sa.String(), nullable=False),
        sa.Column("old_link", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_debate_move_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_debate_move_account_id_account")
        ),
        sa.ForeignKeyConstraint(["debate_id"], ["debate.id"], name=op.f("fk_debate_move_debate_id_debate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debate_move")),
    )
    op.create_index(op.f("ix_debate_move_debate_id"), "debate_move", ["debate_id"], unique=False)
    op.create_table(
        "debate_speaker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "contribution_id IS NULL OR note <> ''", name=op.f("ck_debate_speaker_registered_note")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_debate_speaker_name_given")),
        sa.CheckConstraint("note = '' OR state = 'spoken'", name=op.f("ck_debate_speaker_note_of_spoken")),
        sa.CheckConstraint(
            "state IN ('waiting', 'spoken', 'absent', 'withdrawn')",
            name=op.f("ck_debate_speaker_state_known"),
        ),
        sa.CheckConstraint(
            "account_id IS NOT NULL OR entered_by_id IS NOT NULL", name=op.f("ck_debate_speaker_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_debate_speaker_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_debate_speaker_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["debate.id"], name=op.f("fk_debate_speaker_debate_id_debate")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_debate_speaker_entered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_debate_speaker_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debate_speaker")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_debate_speaker_contribution_id")),
        sa.UniqueConstraint(
            "debate_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_debate_speaker_debate_id_position"),
        ),
    )
    op.create_index(op.f("ix_debate_speaker_account_id"), "debate_speaker", ["account_id"], unique=False)
    op.create_index(
        "uq_debate_speaker_account_id",
        "debate_speaker",
        ["debate_id", "account_id"],
        unique=True,
        postgresql_where="state <> 'withdrawn'",
    )
    first = sa.text(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, 1, :days, :unit, :basis, :ro, :en, now(), '', '')"
    )
    for key, days, unit, basis, ro, en in FIRST:
        op.execute(first.bindparams(key=key, days=days, unit=unit, basis=basis, ro=ro, en=en))


def downgrade() -> None:
    op.execute("DELETE FROM deadline_version WHERE key LIKE 'consultation.debate.%'")
    op.drop_index(
        "uq_debate_speaker_account_id", table_name="debate_speaker", postgresql_where="state <> 'withdrawn'"
    )
    op.drop_index(op.f("ix_debate_speaker_account_id"), table_name="debate_speaker")
    op.drop_table("debate_speaker")
    op.drop_index(op.f("ix_debate_move_debate_id"), table_name="debate_move")
    op.drop_table("debate_move")
    op.drop_index(
        "uq_debate_consultation_id",
        table_name="debate",
        postgresql_where="cancelled_at IS NULL AND ended_at IS NULL",
    )
    op.drop_index("ix_debate_consultation_id", table_name="debate")
    op.drop_table("debate")
    op.drop_index(op.f("ix_debate_request_organisation_id"), table_name="debate_request")
    op.drop_table("debate_request")
