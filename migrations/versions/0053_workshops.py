"""Workshops of debates, and the place in a debate under which their notes stand."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agora_workshop",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agora_workshop_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"],
            ["agora_debate.id"],
            name=op.f("fk_agora_workshop_debate_id_agora_debate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agora_workshop_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("debate_id", "meeting_id", name=op.f("pk_agora_workshop")),
    )
    op.create_index(op.f("ix_agora_workshop_meeting_id"), "agora_workshop", ["meeting_id"], unique=False)
    op.add_column("agora_participant", sa.Column("meeting_id", sa.Integer(), nullable=True))
    op.create_index("ix_agora_participant_meeting_id", "agora_participant", ["meeting_id"], unique=False)
    op.create_unique_constraint(
        op.f("uq_agora_participant_debate_id_meeting_id"), "agora_participant", ["debate_id", "meeting_id"]
    )
    op.create_foreign_key(
        op.f("fk_agora_participant_meeting_id_meeting"),
        "agora_participant",
        "meeting",
        ["meeting_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_agora_participant_workshop_is_nobody"),
        "agora_participant",
        "meeting_id IS NULL OR (account_id IS NULL AND stance IS NULL AND pseudonym = '' AND function = '')",
    )


def downgrade() -> None:
    op.drop_column("agora_participant", "meeting_id")
    op.drop_table("agora_workshop")
