"""Long texts of questionnaires, answered by theme; who asked to be told the answer; words that are not shown."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire_follower",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_follower_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "response", name=op.f("pk_questionnaire_follower")),
    )
    op.create_table(
        "questionnaire_hidden",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_questionnaire_hidden_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_questionnaire_hidden_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_hidden_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "response", "item", name=op.f("pk_questionnaire_hidden")),
    )
    op.create_table(
        "questionnaire_text",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("folded_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("likeness", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_questionnaire_text_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_text_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_id", "consultation_id"],
            ["contribution_theme.id", "contribution_theme.consultation_id"],
            name=op.f("fk_questionnaire_text_theme"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_questionnaire_text")),
    )
    op.create_index(
        "ix_questionnaire_text_list", "questionnaire_text", ["consultation_id", "key"], unique=False
    )
    op.create_index(
        op.f("ix_questionnaire_text_questionnaire_id"),
        "questionnaire_text",
        ["questionnaire_id"],
        unique=False,
    )
    op.create_index("ix_questionnaire_text_response", "questionnaire_text", ["response"], unique=False)
    op.create_index(
        "ix_questionnaire_text_same", "questionnaire_text", ["consultation_id", "folded_sha256"], unique=False
    )
    op.create_index(
        "ix_questionnaire_text_theme", "questionnaire_text", ["consultation_id", "theme_id"], unique=False
    )
    op.add_column("questionnaire", sa.Column("texts_of", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("questionnaire", "texts_of", server_default=None)


def downgrade() -> None:
    op.drop_column("questionnaire", "texts_of")
    op.drop_index("ix_questionnaire_text_theme", table_name="questionnaire_text")
    op.drop_index("ix_questionnaire_text_same", table_name="questionnaire_text")
    op.drop_index("ix_questionnaire_text_response", table_name="questionnaire_text")
    op.drop_index(op.f("ix_questionnaire_text_questionnaire_id"), table_name="questionnaire_text")
    op.drop_index("ix_questionnaire_text_list", table_name="questionnaire_text")
    op.drop_table("questionnaire_text")
    op.drop_table("questionnaire_hidden")
    op.drop_table("questionnaire_follower")
