"""Who was last in which debate, which areas were invited, and for which organisation something was said."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agora_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cursor >= 0", name=op.f("ck_agora_invitation_cursor_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agora_invitation_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_invitation_debate_id_agora_debate")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_agora_invitation_neighbourhood_id_neighbourhood"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_invitation")),
        sa.UniqueConstraint(
            "debate_id", "neighbourhood_id", name=op.f("uq_agora_invitation_debate_id_neighbourhood_id")
        ),
    )
    op.create_index(
        "ix_agora_invitation_neighbourhood_id", "agora_invitation", ["neighbourhood_id"], unique=False
    )
    op.create_index(
        "ix_agora_invitation_unfinished",
        "agora_invitation",
        ["id"],
        unique=False,
        postgresql_where="finished_at IS NULL",
    )
    op.create_table(
        "agora_visit",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("since <= at", name=op.f("ck_agora_visit_since_before")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agora_visit_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"],
            ["agora_debate.id"],
            name=op.f("fk_agora_visit_debate_id_agora_debate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("debate_id", "account_id", name=op.f("pk_agora_visit")),
    )
    op.create_index("ix_agora_visit_account_id", "agora_visit", ["account_id"], unique=False)
    op.add_column("agora_post", sa.Column("organisation_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_agora_post_organisation_id"), "agora_post", ["organisation_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_agora_post_organisation_id_organisation"),
        "agora_post",
        "organisation",
        ["organisation_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_agora_post_speaks_for_one"), "agora_post", "organisation_id IS NULL OR function = ''"
    )


def downgrade() -> None:
    op.drop_column("agora_post", "organisation_id")
    op.drop_table("agora_visit")
    op.drop_table("agora_invitation")
