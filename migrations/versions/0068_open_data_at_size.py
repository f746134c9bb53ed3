"""Lists of works and purchases, and their open data, are read off indexes at any size; what has points is written as a map."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0069"
branch_labels = None
depends_on = None


def _known(endings: str) -> None:
    op.drop_constraint(op.f("ck_open_data_file_ending_known"), "open_data_file", type_="check")
    op.create_check_constraint(
        op.f("ck_open_data_file_ending_known"), "open_data_file", f"ending IN ({endings})"
    )


def upgrade() -> None:
    """Make the indexes, and let files be maps."""
    _known("'csv', 'jsonl', 'geojson'")
    op.create_index(
        "ix_delivery_list",
        "delivery",
        [
            sa.text("(origin_id IS NULL)"),
            sa.text("changed_at DESC"),
            sa.text("(status = 'other')"),
            sa.text("(budget IS NULL)"),
            "id",
        ],
        postgresql_include=[
            "origin_id",
            "status",
            "budget",
            "neighbourhood_id",
            "category_id",
            "department_id",
            "planned_end",
        ],
    )
    published = sa.text("published")
    op.create_index("ix_purchase_published_id", "purchase", ["id"], postgresql_where=published)
    op.create_index(
        "ix_purchase_published_department",
        "purchase",
        ["department_id", "year", "id"],
        postgresql_where=published,
    )
    op.create_index(
        "ix_purchase_published_procedure", "purchase", ["procedure", "year", "id"], postgresql_where=published
    )
    op.create_index("ix_purchase_year", "purchase", ["year", "id"])
    op.create_index("ix_purchase_changed_at", "purchase", ["changed_at", "id"])


def downgrade() -> None:
    """Drop them."""
    op.execute("DELETE FROM open_data_file WHERE ending = 'geojson'")
    _known("'csv', 'jsonl'")
    for name in ("changed_at", "year", "published_procedure", "published_department", "published_id"):
        op.drop_index(f"ix_purchase_{name}", table_name="purchase")
    op.drop_index("ix_delivery_list", table_name="delivery")
