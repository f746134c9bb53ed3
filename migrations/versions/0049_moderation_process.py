"""Moderation by catalogue and by clocks of hours: cases are claimed, told when late, undone exactly."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

HOUSE = ("house", "regulilor proprii ale primăriei", "the city hall's own rules")

#: key, hours: the first version of two deadlines, the second of two others
FIRST = (("moderation.urgent", 4), ("moderation.links", 24))
NEXT = (("moderation.new", 48), ("moderation.reported", 48))

#: Reasons as they were called, and as the catalogue calls them.
RENAMED = (("offensive", "personal_attack"), ("discrimination", "hate"), ("illegal", "unlawful"))

#: Whose text an open or a decided case is about.
AUTHORS = (
    ("proposal", "SELECT id, author_id FROM proposal"),
    ("comment", "SELECT id, author_id FROM proposal_comment"),
    ("contribution", "SELECT id, account_id AS author_id FROM contribution"),
    ("annotation", "SELECT id, author_id FROM draft_annotation"),
    ("organisation", "SELECT id, keeper_id AS author_id FROM organisation"),
)

UNITS = "ck_deadline_version_unit_known"
DECISIONS = "ck_moderation_case_decision_known"
OLD_DECISIONS = "decision IN ('publish', 'request_changes', 'hide', 'redirect', 'dismiss', 'withdrawn')"
NEW_DECISIONS = (
    "decision IN ('publish', 'request_changes', 'hide', 'redact', 'redirect', 'dismiss', 'withdrawn')"
)


def upgrade() -> None:
    op.add_column("moderation_case", sa.Column("author_id", sa.Integer(), nullable=True))
    op.add_column("moderation_case", sa.Column("text_sha256", sa.LargeBinary(), nullable=True))
    op.add_column("moderation_case", sa.Column("claimed_by_id", sa.Integer(), nullable=True))
    op.add_column("moderation_case", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("moderation_case", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("moderation_case", sa.Column("changed", sa.LargeBinary(), nullable=True))
    op.add_column("moderation_case", sa.Column("batch", sa.String(), nullable=True))
    op.add_column("moderation_case", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("moderation_case", sa.Column("undone_by_id", sa.Integer(), nullable=True))
    op.add_column(
        "moderation_case", sa.Column("undone_reason", sa.String(), server_default="", nullable=False)
    )
    op.add_column("moderation_case", sa.Column("again_of_id", sa.Integer(), nullable=True))
    op.create_index("ix_moderation_case_author_id", "moderation_case", ["author_id", "id"], unique=False)
    op.create_index(
        "ix_moderation_case_batch",
        "moderation_case",
        ["batch"],
        unique=False,
        postgresql_where="batch IS NOT NULL",
    )
    op.create_index(
        "ix_moderation_case_same",
        "moderation_case",
        ["text_sha256"],
        unique=False,
        postgresql_where="decided_at IS NULL",
    )
    op.create_foreign_key(
        op.f("fk_moderation_case_again_of_id_moderation_case"),
        "moderation_case",
        "moderation_case",
        ["again_of_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_moderation_case_undone_by_id_account"),
        "moderation_case",
        "account",
        ["undone_by_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_moderation_case_claimed_by_id_account"),
        "moderation_case",
        "account",
        ["claimed_by_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_moderation_case_author_id_account"), "moderation_case", "account", ["author_id"], ["id"]
    )
    op.alter_column("moderation_case", "undone_reason", server_default=None)
    op.create_check_constraint(
        op.f("ck_moderation_case_claim_whole"),
        "moderation_case",
        "(claimed_by_id IS NULL) = (claimed_until IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_moderation_case_undone_whole"),
        "moderation_case",
        "(undone_at IS NULL) = (undone_reason = '') AND (undone_at IS NULL OR decided_at IS NOT NULL)",
    )
    op.drop_constraint(op.f(DECISIONS), "moderation_case", type_="check")
    op.create_check_constraint(op.f(DECISIONS), "moderation_case", NEW_DECISIONS)
    for kind, authors in AUTHORS:
        op.execute(
            f"UPDATE moderation_case c SET author_id = a.author_id FROM ({authors}) a"
            f" WHERE c.subject_kind = '{kind}' AND c.subject_id = a.id"
        )
    for table, column in (
        ("moderation_case", "reason_code"),
        ("content_report", "reason_code"),
        ("questionnaire_hidden", "why"),
    ):
        for old, new in RENAMED:
            op.execute(f"UPDATE {table} SET {column} = '{new}' WHERE {column} = '{old}'")
    op.drop_constraint(op.f(UNITS), "deadline_version", type_="check")
    op.create_check_constraint(op.f(UNITS), "deadline_version", "unit IN ('working', 'calendar', 'hours')")
    values = (
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, :number, :hours, 'hours', :basis, :ro, :en, now(), '', '')"
    )
    insert = sa.text("INSERT INTO deadline_version" + values)
    basis, ro, en = HOUSE
    for key, hours in FIRST:
        op.execute(insert.bindparams(key=key, number=1, hours=hours, basis=basis, ro=ro, en=en))
    # What a city has changed stays as it changed it.
    connection = op.get_bind()
    for key, hours in NEXT:
        last = connection.execute(
            sa.text("SELECT max(number) FROM deadline_version WHERE key = :key"), {"key": key}
        ).scalar()
        if last == 1:
            op.execute(insert.bindparams(key=key, number=2, hours=hours, basis=basis, ro=ro, en=en))


def downgrade() -> None:
    op.execute("DELETE FROM deadline_version WHERE unit = 'hours'")
    op.drop_constraint(op.f(UNITS), "deadline_version", type_="check")
    op.create_check_constraint(op.f(UNITS), "deadline_version", "unit IN ('working', 'calendar')")
    op.drop_constraint(op.f(DECISIONS), "moderation_case", type_="check")
    op.create_check_constraint(op.f(DECISIONS), "moderation_case", OLD_DECISIONS)
    op.drop_constraint(op.f("ck_moderation_case_undone_whole"), "moderation_case", type_="check")
    op.drop_constraint(op.f("ck_moderation_case_claim_whole"), "moderation_case", type_="check")
    op.drop_constraint(op.f("fk_moderation_case_author_id_account"), "moderation_case", type_="foreignkey")
    op.drop_constraint(
        op.f("fk_moderation_case_claimed_by_id_account"), "moderation_case", type_="foreignkey"
    )
    op.drop_constraint(op.f("fk_moderation_case_undone_by_id_account"), "moderation_case", type_="foreignkey")
    op.drop_constraint(
        op.f("fk_moderation_case_again_of_id_moderation_case"), "moderation_case", type_="foreignkey"
    )
    op.drop_index(
        "ix_moderation_case_same", table_name="moderation_case", postgresql_where="decided_at IS NULL"
    )
    op.drop_index(
        "ix_moderation_case_batch", table_name="moderation_case", postgresql_where="batch IS NOT NULL"
    )
    op.drop_index("ix_moderation_case_author_id", table_name="moderation_case")
    op.drop_column("moderation_case", "again_of_id")
    op.drop_column("moderation_case", "undone_reason")
    op.drop_column("moderation_case", "undone_by_id")
    op.drop_column("moderation_case", "undone_at")
    op.drop_column("moderation_case", "batch")
    op.drop_column("moderation_case", "changed")
    op.drop_column("moderation_case", "escalated_at")
    op.drop_column("moderation_case", "claimed_until")
    op.drop_column("moderation_case", "claimed_by_id")
    op.drop_column("moderation_case", "text_sha256")
    op.drop_column("moderation_case", "author_id")
