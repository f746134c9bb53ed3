"""How satisfied people are: counts, words without names, and who was asked when."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satisfaction_count",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('cast', 'contribution', 'proposal', 'delivery')",
            name=op.f("ck_satisfaction_count_kind_known"),
        ),
        sa.CheckConstraint("EXTRACT(day FROM month) = 1", name=op.f("ck_satisfaction_count_month_begins")),
        sa.CheckConstraint("answers > 0", name=op.f("ck_satisfaction_count_answers_counted")),
        sa.CheckConstraint("step BETWEEN 1 AND 5", name=op.f("ck_satisfaction_count_step_known")),
        sa.PrimaryKeyConstraint("kind", "month", "step", name=op.f("pk_satisfaction_count")),
    )
    op.create_table(
        "satisfaction_question",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('cast', 'contribution', 'proposal', 'delivery') AND kind <> 'cast'",
            name=op.f("ck_satisfaction_question_kind_known"),
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_satisfaction_question")),
    )
    op.create_table(
        "satisfaction_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('cast', 'contribution', 'proposal', 'delivery') AND kind <> 'cast'",
            name=op.f("ck_satisfaction_words_kind_known"),
        ),
        sa.CheckConstraint(
            "words <> '' AND length(words) <= 500", name=op.f("ck_satisfaction_words_words_said")
        ),
        sa.CheckConstraint("EXTRACT(day FROM month) = 1", name=op.f("ck_satisfaction_words_month_begins")),
        sa.CheckConstraint("step BETWEEN 1 AND 5", name=op.f("ck_satisfaction_words_step_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfaction_words")),
    )
    op.create_table(
        "satisfaction_turn",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_satisfaction_turn_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_satisfaction_turn")),
    )


def downgrade() -> None:
    op.drop_table("satisfaction_turn")
    op.drop_table("satisfaction_words")
    op.drop_table("satisfaction_question")
    op.drop_table("satisfaction_count")
