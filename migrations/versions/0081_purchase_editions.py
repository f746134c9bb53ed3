"""What stood in public about a purchase before it was changed is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchase_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_purchase_edition_number_positive")),
        sa.CheckConstraint(
            "number > 1 OR release <> ''", name=op.f("ck_purchase_edition_first_with_release")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_edition_purchase_id_purchase")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_edition")),
        sa.UniqueConstraint("purchase_id", "number", name=op.f("uq_purchase_edition_purchase_id_number")),
    )
    op.add_column(
        "purchase", sa.Column("never_shown", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    # Of what stands below the threshold now, nobody knows whether it ever stood in public: nothing is told of it.
    op.execute("UPDATE purchase SET never_shown = true WHERE NOT published")


def downgrade() -> None:
    op.drop_column("purchase", "never_shown")
    op.drop_table("purchase_edition")
