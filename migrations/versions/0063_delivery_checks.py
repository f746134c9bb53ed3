"""Residents check what is done and the department answers; stages have a history, photos say what they show."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0067"
branch_labels = None
depends_on = None


STATUSES = (
    "in_evaluation", "in_clarification", "in_preparation", "contract_signed", "in_design", "in_procurement",
    "in_execution", "in_reception", "received", "halted", "awaiting_funds", "completed", "other", "cancelled",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "delivery_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('in_evaluation', 'in_clarification', 'in_preparation', 'contract_signed', 'in_design', 'in_procurement', 'in_execution', 'in_reception', 'received', 'halted', 'awaiting_funds', 'completed', 'other', 'cancelled')",
            name=op.f("ck_delivery_stage_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_stage_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_stage")),
    )
    op.create_index(
        "ix_delivery_stage_delivery", "delivery_stage", ["delivery_id", "since", "id"], unique=False
    )
    op.create_table(
        "dispute_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("new_end", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'reopened') = (new_end IS NOT NULL)",
            name=op.f("ck_dispute_answer_new_end_if_reopened"),
        ),
        sa.CheckConstraint(
            "outcome IN ('kept', 'reopened', 'explained')", name=op.f("ck_dispute_answer_outcome_known")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_dispute_answer_text_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_dispute_answer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_dispute_answer_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_answer")),
    )
    op.create_index(op.f("ix_dispute_answer_delivery_id"), "dispute_answer", ["delivery_id"], unique=False)
    op.create_table(
        "delivery_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("done OR text <> ''", name=op.f("ck_delivery_check_dispute_says_why")),
        sa.CheckConstraint(
            "state IN ('visible', 'held', 'hidden')", name=op.f("ck_delivery_check_state_known")
        ),
        sa.CheckConstraint(
            "(due_at IS NULL) = (deadline_id IS NULL)", name=op.f("ck_delivery_check_deadline_whole")
        ),
        sa.CheckConstraint(
            "NOT done OR (answer_id IS NULL AND due_at IS NULL)",
            name=op.f("ck_delivery_check_answer_to_disputes"),
        ),
        sa.CheckConstraint("char_length(text) <= 2000", name=op.f("ck_delivery_check_text_length")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_delivery_check_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["dispute_answer.id"], name=op.f("fk_delivery_check_answer_id_dispute_answer")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadline_version.id"],
            name=op.f("fk_delivery_check_deadline_id_deadline_version"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_check_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_delivery_check_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_check")),
        sa.UniqueConstraint(
            "delivery_id",
            "account_id",
            "completed_at",
            name=op.f("uq_delivery_check_delivery_id_account_id_completed_at"),
        ),
        sa.UniqueConstraint("file_id", name=op.f("uq_delivery_check_file_id")),
    )
    op.create_index("ix_delivery_check_account_id", "delivery_check", ["account_id"], unique=False)
    op.create_index(op.f("ix_delivery_check_answer_id"), "delivery_check", ["answer_id"], unique=False)
    op.create_index(
        "ix_delivery_check_delivery", "delivery_check", ["delivery_id", "said_at", "id"], unique=False
    )
    op.create_index(
        "ix_delivery_check_due",
        "delivery_check",
        ["due_at"],
        unique=False,
        postgresql_where="NOT done AND state = 'visible' AND answer_id IS NULL",
    )
    op.create_table(
        "delivery_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_delivery_document_title_given")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_document_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_delivery_document_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_document")),
        sa.UniqueConstraint("file_id", name=op.f("uq_delivery_document_file_id")),
    )
    op.create_index(
        op.f("ix_delivery_document_delivery_id"), "delivery_document", ["delivery_id"], unique=False
    )
    op.add_column("delivery_photo", sa.Column("stage", sa.String(), server_default="", nullable=False))
    op.create_check_constraint(
        op.f("ck_delivery_photo_stage_known"), "delivery_photo", "stage IN ('', 'before', 'during', 'after')"
    )
    # What the public history tells; of a work that never changed its stage, the one it has.
    told = "SELECT subject_id, substr(event, 10), at FROM timeline_event JOIN delivery ON delivery.id = subject_id"
    op.execute(
        sa.text(
            "INSERT INTO delivery_stage (delivery_id, status, since)"
            f" {told} WHERE subject_kind = 'delivery' AND event LIKE 'delivery.%' AND substr(event, 10) = ANY(:known)"
        ).bindparams(known=list(STATUSES))
    )
    op.execute(
        "INSERT INTO delivery_stage (delivery_id, status, since) SELECT id, status, created_at FROM delivery"
        " WHERE NOT EXISTS (SELECT FROM delivery_stage WHERE delivery_id = delivery.id)"
    )
    op.execute(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES ('delivery.dispute_answer', 1, 30, 'calendar', 'house', 'regulilor proprii ale primăriei',"
        " 'the city hall''s own rules', now(), '', '')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_delivery_photo_stage_known"), "delivery_photo")
    op.drop_column("delivery_photo", "stage")
    op.drop_index(op.f("ix_delivery_document_delivery_id"), table_name="delivery_document")
    op.drop_table("delivery_document")
    op.drop_index(
        "ix_delivery_check_due",
        table_name="delivery_check",
        postgresql_where="NOT done AND state = 'visible' AND answer_id IS NULL",
    )
    op.drop_index("ix_delivery_check_delivery", table_name="delivery_check")
    op.drop_index(op.f("ix_delivery_check_answer_id"), table_name="delivery_check")
    op.drop_index("ix_delivery_check_account_id", table_name="delivery_check")
    op.drop_table("delivery_check")
    op.drop_index(op.f("ix_dispute_answer_delivery_id"), table_name="dispute_answer")
    op.drop_table("dispute_answer")
    op.drop_index("ix_delivery_stage_delivery", table_name="delivery_stage")
    op.drop_table("delivery_stage")
