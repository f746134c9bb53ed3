"""Which of the initiators' lines is the author's."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("initiative", sa.Column("own_line", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("initiative", "own_line")
