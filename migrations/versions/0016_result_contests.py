"""Results can be contested until the council adopts them; every contest gets a reasoned, public answer."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_result_contest_text_given")),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'dismissed')", name=op.f("ck_result_contest_outcome_known")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_result_contest_decided_with_outcome")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR reason <> ''", name=op.f("ck_result_contest_decided_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_result_contest_round_id_round"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["account.id"], name=op.f("fk_result_contest_filed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_result_contest_decided_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_contest")),
        sa.UniqueConstraint("round_id", "filed_by_id", name=op.f("uq_result_contest_round_id_filed_by_id")),
    )
    op.create_index(op.f("ix_result_contest_filed_by_id"), "result_contest", ["filed_by_id"])


def downgrade() -> None:
    op.drop_table("result_contest")
