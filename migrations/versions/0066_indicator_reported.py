"""The result that the source of a project's indicator reports."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("indicator", sa.Column("reported", sa.Numeric(precision=18, scale=4), nullable=True))


def downgrade() -> None:
    op.drop_column("indicator", "reported")
