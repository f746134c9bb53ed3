"""Deleted accounts stay as anonymous rows, their persons are released; the audit record is read by kind of event."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_account_deleted_is_empty"),
        "account",
        "deleted_at IS NULL OR (disabled_at IS NOT NULL AND person_id IS NULL)",
    )
    op.create_index("ix_audit_record_event", "audit_record", ["event", "id"], unique=False)
    op.add_column("person", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "released_at")
    op.drop_index("ix_audit_record_event", table_name="audit_record")
    op.drop_constraint(op.f("ck_account_deleted_is_empty"), "account", type_="check")
    op.drop_column("account", "deleted_at")
