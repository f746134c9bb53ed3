"""Council meetings and workshops: agenda, documents, minutes; and how early each is announced."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

#: key, days, unit, basis, source in Romanian and in English
FIRST = (
    (
        "meeting.notice.ordinary", 5, "calendar",
        "law", "Codului administrativ (OUG nr. 57/2019), art. 134", "the Administrative Code (OUG 57/2019), art. 134",
    ),
    (
        "meeting.notice.extraordinary", 3, "calendar",
        "law", "Codului administrativ (OUG nr. 57/2019), art. 134", "the Administrative Code (OUG 57/2019), art. 134",
    ),
    ("meeting.notice.open", 3, "calendar", "law", "Legii nr. 52/2003, art. 8", "Law 52/2003, art. 8"),
    (
        "meeting.minutes", 10, "calendar",
        "house", "regulilor proprii ale primăriei", "the city hall's own rules",
    ),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("urgent_reason", sa.String(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_version_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.String(), nullable=False),
        sa.Column("minutes_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_version_id", sa.Integer(), nullable=True),
        sa.Column("minutes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_text", sa.String(), nullable=False),
        sa.Column("minutes_file_id", sa.Integer(), nullable=True),
        sa.Column("recording", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_reason = '')", name=op.f("ck_meeting_cancelled_reasoned")
        ),
        sa.CheckConstraint(
            "(minutes_at IS NULL) = (minutes_text = '' AND minutes_file_id IS NULL)",
            name=op.f("ck_meeting_minutes_whole"),
        ),
        sa.CheckConstraint(
            "announced_at IS NULL OR place <> '' OR link <> ''", name=op.f("ck_meeting_somewhere")
        ),
        sa.CheckConstraint(
            "kind <> 'council_urgent' OR urgent_reason <> ''", name=op.f("ck_meeting_urgent_reasoned")
        ),
        sa.CheckConstraint(
            "kind IN ('council', 'council_extraordinary', 'council_urgent', 'committee', 'workshop', 'assembly')",
            name=op.f("ck_meeting_kind_known"),
        ),
        sa.CheckConstraint("link = '' OR link ~* '^https?://'", name=op.f("ck_meeting_link_http")),
        sa.CheckConstraint(
            "recording = '' OR recording ~* '^https?://'", name=op.f("ck_meeting_recording_http")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_meeting_title_given")),
        sa.CheckConstraint(
            "(announced_at IS NULL) = (minutes_due_at IS NULL)", name=op.f("ck_meeting_minutes_clock")
        ),
        sa.CheckConstraint(
            "announced_at IS NULL OR starts_at > announced_at", name=op.f("ck_meeting_announced_before")
        ),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR announced_at IS NOT NULL", name=op.f("ck_meeting_cancelled_of_announced")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_ends_after_start")),
        sa.CheckConstraint(
            "minutes_at IS NULL OR (announced_at IS NOT NULL AND cancelled_at IS NULL AND minutes_at >= starts_at)",
            name=op.f("ck_meeting_minutes_of_held"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_meeting_account_id_account")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_meeting_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["minutes_file_id"], ["stored_file.id"], name=op.f("fk_meeting_minutes_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["minutes_version_id"],
            ["deadline_version.id"],
            name=op.f("fk_meeting_minutes_version_id_deadline_version"),
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_meeting_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(
            ["notice_version_id"],
            ["deadline_version.id"],
            name=op.f("fk_meeting_notice_version_id_deadline_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_consultation_id"), "meeting", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_meeting_neighbourhood_id"), "meeting", ["neighbourhood_id"], unique=False)
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at", "id"], unique=False)
    op.create_table(
        "meeting_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_meeting_document_title_given")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_meeting_document_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_meeting_document_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_document")),
        sa.UniqueConstraint("meeting_id", "title", name=op.f("uq_meeting_document_meeting_id_title")),
    )
    op.create_table(
        "meeting_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_meeting_item_title_given")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_meeting_item_position_from_one")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_meeting_item_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_meeting_item_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_item")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_meeting_item_meeting_id_position")),
    )
    op.create_index(
        op.f("ix_meeting_item_consultation_id"), "meeting_item", ["consultation_id"], unique=False
    )
    first = sa.text(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, 1, :days, :unit, :basis, :ro, :en, now(), '', '')"
    )
    for key, days, unit, basis, ro, en in FIRST:
        op.execute(first.bindparams(key=key, days=days, unit=unit, basis=basis, ro=ro, en=en))


def downgrade() -> None:
    op.drop_index(op.f("ix_meeting_item_consultation_id"), table_name="meeting_item")
    op.drop_table("meeting_item")
    op.drop_table("meeting_document")
    op.drop_index("ix_meeting_starts_at", table_name="meeting")
    op.drop_index(op.f("ix_meeting_neighbourhood_id"), table_name="meeting")
    op.drop_index(op.f("ix_meeting_consultation_id"), table_name="meeting")
    op.drop_table("meeting")
    op.execute("DELETE FROM deadline_version WHERE key LIKE 'meeting.%'")
