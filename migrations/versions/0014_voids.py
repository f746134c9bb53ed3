"""Two people may say in validation that a struck person's ballot does not count; the close carries it out."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roll_void",
        sa.Column("strike_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_roll_void_account_id_account")),
        sa.ForeignKeyConstraint(
            ["strike_id"], ["roll_strike.id"], name=op.f("fk_roll_void_strike_id_roll_strike")
        ),
        sa.PrimaryKeyConstraint("strike_id", "account_id", name=op.f("pk_roll_void")),
    )


def downgrade() -> None:
    op.drop_table("roll_void")
