"""Authors contest decisions about their texts; suspensions take two people; moderation is told by month."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

HOUSE = ("house", "regulilor proprii ale primăriei", "the city hall's own rules")

#: key, days, unit, basis, source in Romanian and in English
FIRST = (
    ("moderation.appeal.file", 14, "calendar", *HOUSE),
    ("moderation.appeal.decide", 7, "calendar", *HOUSE),
    ("suspension.confirm", 2, "working", *HOUSE),
)


def upgrade() -> None:
    op.create_table(
        "moderation_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("EXTRACT(day FROM month) = 1", name=op.f("ck_moderation_month_month_begins")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_moderation_month")),
    )
    op.create_table(
        "moderation_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("appeal_until > decided_at", name=op.f("ck_moderation_statement_time_to_appeal")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_moderation_statement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_statement_case_id_moderation_case")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadline_version.id"],
            name=op.f("fk_moderation_statement_deadline_id_deadline_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_statement")),
        sa.UniqueConstraint("case_id", name=op.f("uq_moderation_statement_case_id")),
    )
    op.create_index(
        "ix_moderation_statement_account_id",
        "moderation_statement",
        ["account_id", "decided_at"],
        unique=False,
    )
    op.create_table(
        "suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_reason = '') AND (lifted_at IS NULL OR state = 'confirmed')",
            name=op.f("ck_suspension_lifted_with_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (ends_at IS NOT NULL AND appeal_until IS NOT NULL AND deadline_id IS NOT NULL)",
            name=op.f("ck_suspension_confirmed_has_end"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_suspension_decision_whole")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_suspension_reasoned")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_suspension_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR decision_reason <> ''", name=op.f("ck_suspension_declined_with_reason")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'declined', 'withdrawn', 'lapsed')",
            name=op.f("ck_suspension_state_known"),
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 90", name=op.f("ck_suspension_days_plausible")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> proposed_by_id AND decided_by_id <> account_id)",
            name=op.f("ck_suspension_two_people"),
        ),
        sa.CheckConstraint("ends_at > decided_at", name=op.f("ck_suspension_ends_after_beginning")),
        sa.CheckConstraint("proposed_by_id <> account_id", name=op.f("ck_suspension_not_oneself")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_suspension_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_suspension_case_id_moderation_case")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline_version.id"], name=op.f("fk_suspension_deadline_id_deadline_version")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_suspension_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["account.id"], name=op.f("fk_suspension_lifted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_suspension_proposed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index("ix_suspension_account_id", "suspension", ["account_id", "id"], unique=False)
    op.create_index("ix_suspension_case_id", "suspension", ["case_id"], unique=False)
    op.create_index(
        "uq_suspension_waiting",
        "suspension",
        ["account_id"],
        unique=True,
        postgresql_where="state = 'proposed'",
    )
    op.create_table(
        "moderation_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("suspension_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("first_decider_id", sa.Integer(), nullable=False),
        sa.Column("second_decider_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_moderation_appeal_decision_whole")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'rejected', 'withdrawn', 'settled')",
            name=op.f("ck_moderation_appeal_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('upheld', 'rejected') OR (decided_by_id IS NOT NULL AND reason <> '')",
            name=op.f("ck_moderation_appeal_decision_reasoned"),
        ),
        sa.CheckConstraint("char_length(text) <= 3000", name=op.f("ck_moderation_appeal_text_length")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> first_decider_id AND decided_by_id IS DISTINCT FROM second_decider_id AND decided_by_id IS DISTINCT FROM account_id)",
            name=op.f("ck_moderation_appeal_another_person_decides"),
        ),
        sa.CheckConstraint("due_at > filed_at", name=op.f("ck_moderation_appeal_time_to_decide")),
        sa.CheckConstraint(
            "num_nonnulls(statement_id, suspension_id) = 1",
            name=op.f("ck_moderation_appeal_against_one_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_moderation_appeal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadline_version.id"],
            name=op.f("fk_moderation_appeal_deadline_id_deadline_version"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_moderation_appeal_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["first_decider_id"], ["account.id"], name=op.f("fk_moderation_appeal_first_decider_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["second_decider_id"], ["account.id"], name=op.f("fk_moderation_appeal_second_decider_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["moderation_statement.id"],
            name=op.f("fk_moderation_appeal_statement_id_moderation_statement"),
        ),
        sa.ForeignKeyConstraint(
            ["suspension_id"], ["suspension.id"], name=op.f("fk_moderation_appeal_suspension_id_suspension")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_appeal")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_moderation_appeal_statement_id")),
        sa.UniqueConstraint("suspension_id", name=op.f("uq_moderation_appeal_suspension_id")),
    )
    op.create_index("ix_moderation_appeal_account_id", "moderation_appeal", ["account_id"], unique=False)
    op.create_index(
        "ix_moderation_appeal_due",
        "moderation_appeal",
        ["due_at"],
        unique=False,
        postgresql_where="state = 'open'",
    )
    op.add_column("account", sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True))
    first = sa.text(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, 1, :days, :unit, :basis, :ro, :en, now(), '', '')"
    )
    for key, days, unit, basis, ro, en in FIRST:
        op.execute(first.bindparams(key=key, days=days, unit=unit, basis=basis, ro=ro, en=en))


def downgrade() -> None:
    op.drop_column("account", "suspended_until")
    op.drop_index(
        "ix_moderation_appeal_due", table_name="moderation_appeal", postgresql_where="state = 'open'"
    )
    op.drop_index("ix_moderation_appeal_account_id", table_name="moderation_appeal")
    op.drop_table("moderation_appeal")
    op.drop_index("uq_suspension_waiting", table_name="suspension", postgresql_where="state = 'proposed'")
    op.drop_index("ix_suspension_case_id", table_name="suspension")
    op.drop_index("ix_suspension_account_id", table_name="suspension")
    op.drop_table("suspension")
    op.drop_index("ix_moderation_statement_account_id", table_name="moderation_statement")
    op.drop_table("moderation_statement")
    op.drop_table("moderation_month")
    op.execute(
        "DELETE FROM deadline_version WHERE key IN ('moderation.appeal.file', 'moderation.appeal.decide', 'suspension.confirm')"
    )
