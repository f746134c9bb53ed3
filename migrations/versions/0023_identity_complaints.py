"""Identity complaints are cases with a deadline, an outcome and a reason; one open at a time for an account."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("clerk_id", sa.Integer(), nullable=True),
        sa.Column("contact", sa.String(), server_default="", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("document_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_by_id", sa.Integer(), nullable=True),
        sa.Column("void_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "account_id IS NOT NULL OR (clerk_id IS NOT NULL AND contact <> '')",
            name=op.f("ck_identity_complaint_filer_known"),
        ),
        sa.CheckConstraint(
            "kind <> 'ballot_not_mine' OR person_id IS NOT NULL",
            name=op.f("ck_identity_complaint_ballot_has_person"),
        ),
        sa.CheckConstraint(
            "kind IN ('ballot_not_mine', 'identity_used', 'other')",
            name=op.f("ck_identity_complaint_kind_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('vote_again', 'void', 'restored', 'dismissed')",
            name=op.f("ck_identity_complaint_outcome_known"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR reason <> ''", name=op.f("ck_identity_complaint_decided_with_reason")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_identity_complaint_text_given")),
        sa.CheckConstraint(
            "(document_at IS NULL) = (document_by_id IS NULL)",
            name=op.f("ck_identity_complaint_document_whole"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_identity_complaint_decided_with_outcome"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_identity_complaint_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id IS DISTINCT FROM account_id"
            " AND decided_by_id IS DISTINCT FROM clerk_id AND decided_by_id IS DISTINCT FROM document_by_id)",
            name=op.f("ck_identity_complaint_decided_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_identity_complaint_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["account.id"], name=op.f("fk_identity_complaint_clerk_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadline_version.id"],
            name=op.f("fk_identity_complaint_deadline_id_deadline_version"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_identity_complaint_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["document_by_id"], ["account.id"], name=op.f("fk_identity_complaint_document_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_identity_complaint_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_identity_complaint_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["void_asked_by_id"], ["account.id"], name=op.f("fk_identity_complaint_void_asked_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_complaint")),
    )
    op.create_index(
        op.f("ix_identity_complaint_account_id"), "identity_complaint", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_identity_complaint_person_id"), "identity_complaint", ["person_id"], unique=False
    )
    op.create_index("ix_identity_complaint_round_id", "identity_complaint", ["round_id", "id"], unique=False)
    op.create_index(
        "uq_identity_complaint_open_account",
        "identity_complaint",
        ["round_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index(
        "uq_identity_complaint_open_person",
        "identity_complaint",
        ["round_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL AND account_id IS NULL"),
    )
    op.execute(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES ('complaint.answer', 1, 3, 'working', 'house', 'regulilor proprii ale primăriei',"
        " 'the city hall''s own rules', now(), '', '')"
    )


def downgrade() -> None:
    op.drop_index(
        "uq_identity_complaint_open_person",
        table_name="identity_complaint",
        postgresql_where=sa.text("decided_at IS NULL AND account_id IS NULL"),
    )
    op.drop_index(
        "uq_identity_complaint_open_account",
        table_name="identity_complaint",
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_index("ix_identity_complaint_round_id", table_name="identity_complaint")
    op.drop_index(op.f("ix_identity_complaint_person_id"), table_name="identity_complaint")
    op.drop_index(op.f("ix_identity_complaint_account_id"), table_name="identity_complaint")
    op.drop_table("identity_complaint")
    op.execute("DELETE FROM deadline_version WHERE key = 'complaint.answer'")
