"""Visits by service and day, days of two years ago by month."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_count",
        sa.Column("span", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("robots", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "span = 'day' OR EXTRACT(day FROM day) = 1", name=op.f("ck_visit_count_month_begins")
        ),
        sa.CheckConstraint("span IN ('day', 'month')", name=op.f("ck_visit_count_span_known")),
        sa.CheckConstraint(
            "visits >= 0 AND pages >= 0 AND robots >= 0", name=op.f("ck_visit_count_counts_not_negative")
        ),
        sa.PrimaryKeyConstraint("span", "day", "service", name=op.f("pk_visit_count")),
    )


def downgrade() -> None:
    op.drop_table("visit_count")
