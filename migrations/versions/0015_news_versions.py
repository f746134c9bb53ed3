"""News keep what they said before, as pages do; what stands now becomes the first version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["news_id"], ["news_item.id"], name=op.f("fk_news_version_news_id_news_item"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_version")),
        sa.UniqueConstraint("news_id", "number", name=op.f("uq_news_version_news_id_number")),
    )
    op.execute(
        "INSERT INTO news_version (news_id, number, texts, at, account_id)"
        " SELECT id, 1, texts, changed_at, account_id FROM news_item"
    )


def downgrade() -> None:
    op.drop_table("news_version")
