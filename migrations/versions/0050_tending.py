"""What moderators do in debates without hiding anything: each act with its reason, and what it leaves on a text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agora_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("changed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('merge', 'move', 'split', 'fold')) = (post_id IS NOT NULL)",
            name=op.f("ck_agora_act_of_post"),
        ),
        sa.CheckConstraint(
            "(kind IN ('merge', 'split')) = (into_id IS NOT NULL)", name=op.f("ck_agora_act_leads_somewhere")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_reason = '') AND (undone_at IS NULL) = (undone_by_id IS NULL)",
            name=op.f("ck_agora_act_undone_whole"),
        ),
        sa.CheckConstraint(
            "kind IN ('merge', 'move', 'split', 'fold', 'lock', 'slow')", name=op.f("ck_agora_act_kind_known")
        ),
        sa.CheckConstraint("char_length(reason) BETWEEN 1 AND 1000", name=op.f("ck_agora_act_reasoned")),
        sa.CheckConstraint("into_id <> post_id", name=op.f("ck_agora_act_leads_elsewhere")),
        sa.CheckConstraint("undone_at >= at", name=op.f("ck_agora_act_undone_after")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_agora_act_account_id_account")),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_act_debate_id_agora_debate")
        ),
        sa.ForeignKeyConstraint(["into_id"], ["agora_post.id"], name=op.f("fk_agora_act_into_id_agora_post")),
        sa.ForeignKeyConstraint(["post_id"], ["agora_post.id"], name=op.f("fk_agora_act_post_id_agora_post")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["account.id"], name=op.f("fk_agora_act_undone_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_act")),
    )
    op.create_index("ix_agora_act_debate_id", "agora_act", ["debate_id", "at", "id"], unique=False)
    op.create_index("ix_agora_act_into_id", "agora_act", ["into_id"], unique=False)
    op.create_index(
        "uq_agora_act_live_of_debate",
        "agora_act",
        ["debate_id", "kind"],
        unique=True,
        postgresql_where="undone_at IS NULL AND kind IN ('lock', 'slow')",
    )
    op.create_index(
        "uq_agora_act_live_of_post",
        "agora_act",
        ["post_id", "kind"],
        unique=True,
        postgresql_where="undone_at IS NULL AND kind IN ('merge', 'fold')",
    )
    op.add_column("agora_debate", sa.Column("locked_reason", sa.String(), server_default="", nullable=False))
    op.add_column("agora_debate", sa.Column("slow_minutes", sa.Integer(), nullable=True))
    op.add_column("agora_judgement", sa.Column("act_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_agora_judgement_act_id"), "agora_judgement", ["act_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_agora_judgement_act_id_agora_act"), "agora_judgement", "agora_act", ["act_id"], ["id"]
    )
    op.add_column("agora_post", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.add_column("agora_post", sa.Column("folded_reason", sa.String(), server_default="", nullable=False))
    op.create_index(op.f("ix_agora_post_merged_into_id"), "agora_post", ["merged_into_id"], unique=False)
    op.create_foreign_key(
        "fk_agora_post_merged",
        "agora_post",
        "agora_post",
        ["merged_into_id", "debate_id", "kind"],
        ["id", "debate_id", "kind"],
    )
    op.create_check_constraint(op.f("ck_agora_post_merged_elsewhere"), "agora_post", "merged_into_id <> id")
    op.create_check_constraint(
        op.f("ck_agora_debate_slow_for_a_while"), "agora_debate", "slow_minutes BETWEEN 1 AND 1440"
    )


def downgrade() -> None:
    op.drop_column("agora_post", "folded_reason")
    op.drop_column("agora_post", "merged_into_id")
    op.drop_column("agora_judgement", "act_id")
    op.drop_column("agora_debate", "slow_minutes")
    op.drop_column("agora_debate", "locked_reason")
    op.drop_table("agora_act")
