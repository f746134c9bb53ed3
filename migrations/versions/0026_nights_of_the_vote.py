"""While a vote is open its log is signed every night; messages exist that leave no trace once they are sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leaf_batch",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.CheckConstraint("batch >= 1", name=op.f("ck_leaf_batch_batch_positive")),
        sa.CheckConstraint("octet_length(leaf) = 32", name=op.f("ck_leaf_batch_leaf_whole")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_leaf_batch_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "leaf", name="pk_leaf_batch"),
        comment="Which night's batch a leaf went into while voting was open.",
    )
    op.create_table(
        "vote_night",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("(batch IS NULL) = (size IS NULL)", name=op.f("ck_vote_night_batch_has_size")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_vote_night_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "night", "last", name=op.f("pk_vote_night")),
    )
    op.create_table(
        "witness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("address <> ''", name=op.f("ck_witness_address_given")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_witness_name_given")),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_witness_added_by_id_account")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_witness_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_witness")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_witness_round_id_name")),
    )
    op.add_column("closed_leaf", sa.Column("batch", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "outbox_message", sa.Column("leaves_no_trace", sa.Boolean(), server_default="false", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("outbox_message", "leaves_no_trace")
    op.drop_column("closed_leaf", "batch")
    op.drop_table("witness")
    op.drop_table("vote_night")
    op.drop_table("leaf_batch")
