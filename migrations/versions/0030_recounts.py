"""A contest of the results can have the ballots counted again; what that came to is kept beside it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contest_recount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("code_version", sa.String(), server_default="", nullable=False),
        sa.Column("seconds", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('same', 'differs', 'failed')", name=op.f("ck_contest_recount_outcome_known")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'failed' OR code_version <> ''",
            name=op.f("ck_contest_recount_version_given"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (finished_at IS NULL)", name=op.f("ck_contest_recount_finished_with_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_contest_recount_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["result_contest.id"],
            name=op.f("fk_contest_recount_contest_id_result_contest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_contest_recount_task_id_task"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_recount")),
    )
    op.create_index("ix_contest_recount_contest_id", "contest_recount", ["contest_id", "id"], unique=False)
    op.create_index(
        "uq_contest_recount_running",
        "contest_recount",
        ["contest_id"],
        unique=True,
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_contest_recount_running",
        table_name="contest_recount",
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.drop_index("ix_contest_recount_contest_id", table_name="contest_recount")
    op.drop_table("contest_recount")
