"""Sheets of paper not entered because their authors had answered; how often answers are begun from one place a day."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire_begun",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("octet_length(mark) = 32", name=op.f("ck_questionnaire_begun_mark_is_one")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_questionnaire_begun")),
    )
    op.create_index(op.f("ix_questionnaire_begun_day"), "questionnaire_begun", ["day"], unique=False)
    op.add_column("questionnaire", sa.Column("paper_twice", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("questionnaire", "paper_twice", server_default=None)


def downgrade() -> None:
    op.drop_column("questionnaire", "paper_twice")
    op.drop_index(op.f("ix_questionnaire_begun_day"), table_name="questionnaire_begun")
    op.drop_table("questionnaire_begun")
