"""The files of the open data that the worker writes every night."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_data_file",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ending IN ('csv', 'jsonl')", name=op.f("ck_open_data_file_ending_known")),
        sa.CheckConstraint("char_length(sha256) = 64", name=op.f("ck_open_data_file_sha256_whole")),
        sa.CheckConstraint("items >= 0 AND size >= 0", name=op.f("ck_open_data_file_counts_not_negative")),
        sa.PrimaryKeyConstraint("name", "ending", name=op.f("pk_open_data_file")),
    )


def downgrade() -> None:
    op.drop_table("open_data_file")
