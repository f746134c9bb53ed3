"""A message keeps the address that stops such messages, for the mail program's own button."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("stop_url", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox_message", "stop_url")
