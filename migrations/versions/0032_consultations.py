"""Consultations: the file, the clock, the register of announcements; days off besides the public holidays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


HOUSE = ("house", "regulilor proprii ale primăriei", "the city hall's own rules")

#: key, days, unit, basis, source in Romanian and in English
FIRST = (
    (
        "consultation.draft.wait", 30, "working",
        "law", "Legii nr. 52/2003, art. 7 alin. (1) și (2)", "Law 52/2003, art. 7(1) and (2)",
    ),
    (
        "consultation.draft.recommendations", 10, "calendar",
        "law", "Legii nr. 52/2003, art. 7 alin. (4)", "Law 52/2003, art. 7(4)",
    ),
    (
        "consultation.budget.objections", 15, "calendar",
        "law", "Legii nr. 273/2006, art. 39", "Law 273/2006, art. 39",
    ),
    ("consultation.plan.window", 30, "calendar", *HOUSE),
    ("consultation.survey.window", 7, "calendar", *HOUSE),
    ("consultation.ideas.window", 14, "calendar", *HOUSE),
    ("consultation.answer", 30, "calendar", *HOUSE),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "bridge_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_bridge_day_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bridge_day_account_id_account")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_bridge_day")),
    )
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("send_to", sa.String(), nullable=False),
        sa.Column("about_minority", sa.Boolean(), nullable=False),
        sa.Column("about_vulnerable", sa.Boolean(), nullable=False),
        sa.Column("urgent_reason", sa.String(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earliest_close_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopt_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("early_reason", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_reason", sa.String(), nullable=False),
        sa.Column("act_number", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(outcome = '') = (outcome_at IS NULL)", name=op.f("ck_consultation_outcome_whole")
        ),
        sa.CheckConstraint(
            "dimension IN ('budgeting', 'contracting', 'decision_making', 'policy', 'services')",
            name=op.f("ck_consultation_dimension_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('draft_decision', 'budget', 'plan', 'survey', 'ideas')",
            name=op.f("ck_consultation_kind_known"),
        ),
        sa.CheckConstraint(
            "outcome <> 'adopted' OR adopt_from IS NULL OR urgent_reason <> '' OR outcome_at >= adopt_from",
            name=op.f("ck_consultation_not_adopted_early"),
        ),
        sa.CheckConstraint(
            "outcome = '' OR announced_at IS NOT NULL", name=op.f("ck_consultation_outcome_of_announced")
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'adopted') OR outcome_reason <> ''",
            name=op.f("ck_consultation_outcome_reasoned"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'adopted', 'rejected', 'withdrawn')", name=op.f("ck_consultation_outcome_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'withdrawn') OR report_published_at IS NOT NULL",
            name=op.f("ck_consultation_outcome_after_report"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_consultation_title_given")),
        sa.CheckConstraint(
            "(announced_at IS NULL) = (opens_at IS NULL) AND (announced_at IS NULL) = (earliest_close_at IS NULL)",
            name=op.f("ck_consultation_announced_whole"),
        ),
        sa.CheckConstraint(
            "(closes_at IS NULL) = (announced_at IS NULL)", name=op.f("ck_consultation_end_from_announcement")
        ),
        sa.CheckConstraint(
            "announced_at IS NULL OR closes_on IS NOT NULL", name=op.f("ck_consultation_announced_until")
        ),
        sa.CheckConstraint("closes_at >= earliest_close_at", name=op.f("ck_consultation_long_enough")),
        sa.CheckConstraint(
            "earliest_close_at > opens_at", name=op.f("ck_consultation_earliest_after_opening")
        ),
        sa.CheckConstraint("opens_at >= announced_at", name=op.f("ck_consultation_opens_after_announcement")),
        sa.CheckConstraint(
            "report_published_at IS NULL OR report_published_at >= closes_at",
            name=op.f("ck_consultation_report_after_close"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_consultation_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_consultation_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_consultation_neighbourhood_id_neighbourhood"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index("ix_consultation_closes_at", "consultation", ["closes_at", "id"], unique=False)
    op.create_index(op.f("ix_consultation_department_id"), "consultation", ["department_id"], unique=False)
    op.create_index(
        op.f("ix_consultation_neighbourhood_id"), "consultation", ["neighbourhood_id"], unique=False
    )
    op.create_index(
        "ix_consultation_search", "consultation", ["search_vector"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "consultation_announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(channel = 'site') = (text <> '')", name=op.f("ck_consultation_announcement_site_text_kept")
        ),
        sa.CheckConstraint(
            "channel = 'site' OR file_id IS NOT NULL", name=op.f("ck_consultation_announcement_proof_given")
        ),
        sa.CheckConstraint(
            "channel = 'site' OR place <> ''", name=op.f("ck_consultation_announcement_place_given")
        ),
        sa.CheckConstraint(
            "channel IN ('site', 'premises', 'media', 'on_request', 'official_gazette')",
            name=op.f("ck_consultation_announcement_channel_known"),
        ),
        sa.CheckConstraint(
            "octet_length(sha256) = 32", name=op.f("ck_consultation_announcement_proof_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_consultation_announcement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_announcement_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_consultation_announcement_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_announcement")),
    )
    op.create_index(
        op.f("ix_consultation_announcement_consultation_id"),
        "consultation_announcement",
        ["consultation_id"],
        unique=False,
    )
    op.create_table(
        "consultation_clock",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_clock_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["deadline_version.id"],
            name=op.f("fk_consultation_clock_version_id_deadline_version"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", "key", name=op.f("pk_consultation_clock")),
    )
    op.create_table(
        "consultation_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('draft', 'justification', 'study', 'report', 'endorsement', 'budget', 'minutes', 'adopted_act', 'other')",
            name=op.f("ck_consultation_document_kind_known"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_consultation_document_title_given")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_document_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_document")),
        sa.UniqueConstraint(
            "consultation_id", "title", name=op.f("uq_consultation_document_consultation_id_title")
        ),
    )
    op.create_index(
        op.f("ix_consultation_document_consultation_id"),
        "consultation_document",
        ["consultation_id"],
        unique=False,
    )
    op.create_table(
        "consultation_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("old_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_consultation_extension_reason_given")),
        sa.CheckConstraint("new_closes_at > old_closes_at", name=op.f("ck_consultation_extension_later")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_consultation_extension_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_extension_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_extension")),
    )
    op.create_index(
        op.f("ix_consultation_extension_consultation_id"),
        "consultation_extension",
        ["consultation_id"],
        unique=False,
    )
    op.create_table(
        "consultation_document_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "number = 1 OR note <> ''", name=op.f("ck_consultation_document_version_change_told")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_consultation_document_version_number_from_one")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["consultation_document.id"],
            name=op.f("fk_consultation_document_version_document_id_consultation_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_consultation_document_version_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_document_version")),
        sa.UniqueConstraint(
            "document_id", "number", name=op.f("uq_consultation_document_version_document_id_number")
        ),
    )
    op.create_index(
        op.f("ix_consultation_document_version_document_id"),
        "consultation_document_version",
        ["document_id"],
        unique=False,
    )
    first = sa.text(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, 1, :days, :unit, :basis, :ro, :en, now(), '', '')"
    )
    for key, days, unit, basis, ro, en in FIRST:
        op.execute(first.bindparams(key=key, days=days, unit=unit, basis=basis, ro=ro, en=en))


def downgrade() -> None:
    op.execute("DELETE FROM deadline_version WHERE key LIKE 'consultation.%'")
    op.drop_index(
        op.f("ix_consultation_document_version_document_id"), table_name="consultation_document_version"
    )
    op.drop_table("consultation_document_version")
    op.drop_index(op.f("ix_consultation_extension_consultation_id"), table_name="consultation_extension")
    op.drop_table("consultation_extension")
    op.drop_index(op.f("ix_consultation_document_consultation_id"), table_name="consultation_document")
    op.drop_table("consultation_document")
    op.drop_table("consultation_clock")
    op.drop_index(
        op.f("ix_consultation_announcement_consultation_id"), table_name="consultation_announcement"
    )
    op.drop_table("consultation_announcement")
    op.drop_index("ix_consultation_search", table_name="consultation", postgresql_using="gin")
    op.drop_index(op.f("ix_consultation_neighbourhood_id"), table_name="consultation")
    op.drop_index(op.f("ix_consultation_department_id"), table_name="consultation")
    op.drop_index("ix_consultation_closes_at", table_name="consultation")
    op.drop_table("consultation")
    op.drop_table("bridge_day")
