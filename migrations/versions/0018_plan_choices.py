"""A city may count its pots as one, settle ties by a draw, and name projects of which only one can win."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exclusive_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_exclusive_set_name_given")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_exclusive_set_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusive_set")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_exclusive_set_round_id_name")),
    )
    op.create_table(
        "tie_draw",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.String()), nullable=False),
        sa.CheckConstraint("minutes <> ''", name=op.f("ck_tie_draw_minutes_given")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_tie_draw_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_tie_draw")),
    )
    op.create_table(
        "exclusive_member",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name=op.f("fk_exclusive_member_project_id_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["exclusive_set.id"],
            name=op.f("fk_exclusive_member_set_id_exclusive_set"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_id", "project_id", name="pk_exclusive_member"),
    )
    op.create_index("ix_exclusive_member_project_id", "exclusive_member", ["project_id"], unique=False)
    op.add_column("round", sa.Column("pot_counting", sa.String(), server_default="separate", nullable=False))
    op.add_column("round", sa.Column("tie_order", sa.String(), server_default="lot", nullable=False))
    op.create_check_constraint(
        op.f("ck_round_pot_counting_known"), "round", "pot_counting IN ('separate', 'combined')"
    )
    op.create_check_constraint(
        op.f("ck_round_tie_order_known"), "round", "tie_order IN ('lot', 'submission', 'draw')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_round_tie_order_known"), "round", type_="check")
    op.drop_constraint(op.f("ck_round_pot_counting_known"), "round", type_="check")
    op.drop_column("round", "tie_order")
    op.drop_column("round", "pot_counting")
    op.drop_index("ix_exclusive_member_project_id", table_name="exclusive_member")
    op.drop_table("exclusive_member")
    op.drop_table("tie_draw")
    op.drop_table("exclusive_set")
