"""Judgements of arguments counted by opinion group, and when they were: arguments are ordered by what convinces each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agora_post", sa.Column("by_group", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("agora_opinions", sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_agora_judgement_at", "agora_judgement", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_agora_judgement_at", table_name="agora_judgement")
    op.drop_column("agora_opinions", "judged_at")
    op.drop_column("agora_post", "by_group")
