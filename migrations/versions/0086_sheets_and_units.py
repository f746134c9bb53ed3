"""A file that is brought in says which sheet of a workbook is read, and what its amounts are counted in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("data_import", sa.Column("sheet", sa.String(), server_default="", nullable=False))
    op.add_column(
        "data_import",
        sa.Column("sheets", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
    )
    op.add_column("data_import", sa.Column("unit", sa.Integer(), server_default="1", nullable=False))
    op.create_check_constraint("unit_known", "data_import", "unit IN (1, 1000, 1000000)")


def downgrade() -> None:
    """Drop them."""
    op.drop_constraint(op.f("ck_data_import_unit_known"), "data_import", type_="check")
    for name in ("unit", "sheets", "sheet"):
        op.drop_column("data_import", name)
