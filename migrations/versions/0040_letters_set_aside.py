"""Letters on which the program broke are set aside for staff; what was begun of the mailbox is noted."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "contribution_letter"
STATES = "'unassigned', 'registered', 'refused', 'set_aside'"


def upgrade() -> None:
    op.create_table(
        "contribution_letter_attempt",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_contribution_letter_attempt_tried")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_contribution_letter_attempt")),
    )
    _bind(
        f"{STATES}, 'failed', 'again'", "'refused', 'set_aside', 'failed'", "'unassigned', 'failed', 'again'"
    )


def _bind(states: str, reasoned: str, waiting: str) -> None:
    op.drop_constraint(op.f("ck_contribution_letter_state_known"), TABLE)
    op.create_check_constraint(op.f("ck_contribution_letter_state_known"), TABLE, f"state IN ({states})")
    op.drop_constraint(op.f("ck_contribution_letter_reason_given"), TABLE)
    op.create_check_constraint(
        op.f("ck_contribution_letter_reason_given"), TABLE, f"state NOT IN ({reasoned}) OR reason <> ''"
    )
    op.drop_index("ix_contribution_letter_waiting", table_name=TABLE)
    op.create_index(
        "ix_contribution_letter_waiting", TABLE, ["id"], postgresql_where=sa.text(f"state IN ({waiting})")
    )


def downgrade() -> None:
    _bind(STATES, "'refused', 'set_aside'", "'unassigned'")
    op.drop_table("contribution_letter_attempt")
