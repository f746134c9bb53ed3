"""The department that is written to about a promised measure."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

ENTRY, MEASURE = "report_entry", "report_measure"


def upgrade() -> None:
    op.add_column(ENTRY, sa.Column("told_department_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_report_entry_told_department_id_department"),
        ENTRY,
        "department",
        ["told_department_id"],
        ["id"],
    )
    op.add_column(MEASURE, sa.Column("department_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_report_measure_department_id_department"), MEASURE, "department", ["department_id"], ["id"]
    )
    op.create_index(op.f("ix_report_measure_department_id"), MEASURE, ["department_id"])
    op.execute(
        "UPDATE report_measure SET department_id = report_entry.department_id FROM report_entry "
        "WHERE report_entry.report_id = report_measure.report_id "
        "AND report_entry.indicator_id = report_measure.indicator_id"
    )


def downgrade() -> None:
    op.drop_column(MEASURE, "department_id")
    op.drop_column(ENTRY, "told_department_id")
