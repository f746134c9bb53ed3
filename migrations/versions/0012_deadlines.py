"""Deadlines become versions in a table; cases keep the one they were given. Values as they were in the code."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


HOUSE = ("house", "regulilor proprii ale primăriei", "the city hall's own rules")

#: key, days, unit, basis, source in Romanian and in English
FIRST = (
    ("moderation.new", 2, "working", *HOUSE),
    ("moderation.reported", 1, "working", *HOUSE),
    ("analysis.answer", 10, "working", *HOUSE),
    ("appeal.file", 7, "calendar", *HOUSE),
    ("appeal.decide", 5, "working", *HOUSE),
    ("accessibility.answer", 30, "calendar", *HOUSE),
    (
        "petition.answer", 30, "calendar", "law",
        "Ordonanței Guvernului nr. 27/2002", "Government Ordinance 27/2002",
    ),
    ("information.answer", 10, "calendar", "law", "Legii nr. 544/2001, art. 7", "Law 544/2001, art. 7"),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "deadline_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("source_ro", sa.String(), nullable=False),
        sa.Column("source_en", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(verified_on IS NULL) = (verified_by = '') AND (verified_on IS NOT NULL OR verified_account_id IS NULL)",
            name=op.f("ck_deadline_version_mark_whole"),
        ),
        sa.CheckConstraint("basis IN ('law', 'house')", name=op.f("ck_deadline_version_basis_known")),
        sa.CheckConstraint(
            "source_ro <> '' AND source_en <> ''", name=op.f("ck_deadline_version_source_given")
        ),
        sa.CheckConstraint("unit IN ('working', 'calendar')", name=op.f("ck_deadline_version_unit_known")),
        sa.CheckConstraint("days BETWEEN 1 AND 400", name=op.f("ck_deadline_version_days_plausible")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_deadline_version_number_from_one")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_deadline_version_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["verified_account_id"],
            ["account.id"],
            name=op.f("fk_deadline_version_verified_account_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_version")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_deadline_version_key_number")),
    )
    first = sa.text(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, 1, :days, :unit, :basis, :ro, :en, now(), '', '')"
    )
    for key, days, unit, basis, ro, en in FIRST:
        op.execute(first.bindparams(key=key, days=days, unit=unit, basis=basis, ro=ro, en=en))
    op.add_column("appeal", sa.Column("deadline_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_appeal_deadline_id_deadline_version"), "appeal", "deadline_version", ["deadline_id"], ["id"]
    )
    op.add_column("evaluation", sa.Column("deadline_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_evaluation_deadline_id_deadline_version"),
        "evaluation",
        "deadline_version",
        ["deadline_id"],
        ["id"],
    )
    op.add_column("moderation_case", sa.Column("deadline_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_moderation_case_deadline_id_deadline_version"),
        "moderation_case",
        "deadline_version",
        ["deadline_id"],
        ["id"],
    )
    op.add_column("proposal", sa.Column("appeal_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE proposal SET appeal_until = state_since + interval '7 days'"
        " WHERE state = 'rejected' AND round_id IS NULL"
    )


def downgrade() -> None:
    op.drop_column("proposal", "appeal_until")
    op.drop_constraint(
        op.f("fk_moderation_case_deadline_id_deadline_version"), "moderation_case", type_="foreignkey"
    )
    op.drop_column("moderation_case", "deadline_id")
    op.drop_constraint(op.f("fk_evaluation_deadline_id_deadline_version"), "evaluation", type_="foreignkey")
    op.drop_column("evaluation", "deadline_id")
    op.drop_constraint(op.f("fk_appeal_deadline_id_deadline_version"), "appeal", type_="foreignkey")
    op.drop_column("appeal", "deadline_id")
    op.drop_table("deadline_version")
