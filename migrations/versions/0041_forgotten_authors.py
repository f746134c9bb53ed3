"""Links to receipts are stored no more, and who deletes an account may take the name out of the register."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "contribution"
SHOWN = "'full', 'initials'"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("old_token_sha256", sa.LargeBinary(), nullable=True))
    # The links were 192 random bits each: whoever has one still opens it, nobody finds one from its hash.
    op.execute("UPDATE contribution SET old_token_sha256 = sha256(convert_to(token, 'UTF8'))")
    op.create_unique_constraint(op.f("uq_contribution_old_token_sha256"), TABLE, ["old_token_sha256"])
    op.drop_constraint(op.f("uq_contribution_token"), TABLE, type_="unique")
    op.drop_column(TABLE, "token")
    _show(f"{SHOWN}, 'deleted'")


def _show(known: str) -> None:
    op.drop_constraint(op.f("ck_contribution_shown_as_known"), TABLE)
    op.create_check_constraint(op.f("ck_contribution_shown_as_known"), TABLE, f"shown_as IN ({known})")


def downgrade() -> None:
    op.execute("UPDATE contribution SET shown_as = 'full' WHERE shown_as = 'deleted'")
    _show(SHOWN)
    op.add_column(TABLE, sa.Column("token", sa.String(), nullable=True))
    op.execute("UPDATE contribution SET token = gen_random_uuid()::text || id")
    op.alter_column(TABLE, "token", nullable=False)
    op.create_unique_constraint(op.f("uq_contribution_token"), TABLE, ["token"])
    op.drop_constraint(op.f("uq_contribution_old_token_sha256"), TABLE, type_="unique")
    op.drop_column(TABLE, "old_token_sha256")
