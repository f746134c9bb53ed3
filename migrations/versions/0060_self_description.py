"""People may say their age band and gender, for counts of ten or more."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "self_description",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "age_band IN ('16-24', '25-34', '35-44', '45-54', '55-64', '65+')",
            name=op.f("ck_self_description_age_band_known"),
        ),
        sa.CheckConstraint(
            "gender IN ('woman', 'man', 'another')", name=op.f("ck_self_description_gender_known")
        ),
        sa.CheckConstraint(
            "age_band IS NOT NULL OR gender IS NOT NULL", name=op.f("ck_self_description_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_self_description_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_self_description")),
    )


def downgrade() -> None:
    op.drop_table("self_description")
