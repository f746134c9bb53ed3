"""A strike from the roll can be lifted with a reason; a person has one open strike at most, and both are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint(
        op.f("uq_roll_strike_round_id_voter_id_id"), "roll_strike", ["round_id", "voter_id", "id"]
    )
    op.create_table(
        "roll_lift",
        sa.Column("strike_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_roll_lift_reason_given")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_roll_lift_account_id_account")),
        sa.ForeignKeyConstraint(
            ["round_id", "voter_id", "strike_id"],
            ["roll_strike.round_id", "roll_strike.voter_id", "roll_strike.id"],
            name="fk_roll_lift_strike",
        ),
        sa.PrimaryKeyConstraint("strike_id", name=op.f("pk_roll_lift")),
        sa.UniqueConstraint(
            "round_id", "voter_id", "strike_id", name=op.f("uq_roll_lift_round_id_voter_id_strike_id")
        ),
    )
    op.add_column("roll_strike", sa.Column("after_id", sa.Integer(), nullable=True))
    op.drop_constraint(op.f("uq_roll_strike_round_id_voter_id"), "roll_strike", type_="unique")
    op.create_unique_constraint(
        "uq_roll_strike_one_open",
        "roll_strike",
        ["round_id", "voter_id", "after_id"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_foreign_key(
        "fk_roll_strike_after_lift",
        "roll_strike",
        "roll_lift",
        ["round_id", "voter_id", "after_id"],
        ["round_id", "voter_id", "strike_id"],
    )


def downgrade() -> None:
    op.drop_constraint("fk_roll_strike_after_lift", "roll_strike", type_="foreignkey")
    # What knows no lifts knows a lifted strike only as an open one.
    op.execute("CREATE TEMPORARY TABLE lifted_strike ON COMMIT DROP AS SELECT strike_id FROM roll_lift")
    op.drop_table("roll_lift")
    op.execute("DELETE FROM roll_strike WHERE id IN (SELECT strike_id FROM lifted_strike)")
    op.drop_constraint("uq_roll_strike_one_open", "roll_strike", type_="unique")
    op.create_unique_constraint(
        op.f("uq_roll_strike_round_id_voter_id"), "roll_strike", ["round_id", "voter_id"]
    )
    op.drop_column("roll_strike", "after_id")
    op.drop_constraint(op.f("uq_roll_strike_round_id_voter_id_id"), "roll_strike", type_="unique")
