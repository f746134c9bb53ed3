"""The money of a delivery: revisions of its budget, payments by day, what was contracted, who answers for it."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("revised_on", sa.Date(), nullable=False),
        sa.Column("amount_before", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("amount_after", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("decision_text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decision_id IS NOT NULL OR decision_text <> ''", name=op.f("ck_budget_revision_decision_given")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_budget_revision_reason_given")),
        sa.CheckConstraint(
            "amount_after >= 0 AND coalesce(amount_before, 0) >= 0",
            name=op.f("ck_budget_revision_amounts_not_negative"),
        ),
        sa.CheckConstraint(
            "amount_before IS DISTINCT FROM amount_after", name=op.f("ck_budget_revision_amount_changed")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["council_decision.id"],
            name=op.f("fk_budget_revision_decision_id_council_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_budget_revision_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_revision")),
    )
    op.create_index(op.f("ix_budget_revision_decision_id"), "budget_revision", ["decision_id"], unique=False)
    op.create_index(
        "ix_budget_revision_delivery", "budget_revision", ["delivery_id", "revised_on", "id"], unique=False
    )
    op.create_table(
        "delivery_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount > 0 OR reason <> ''", name=op.f("ck_delivery_payment_recovery_reasoned")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_delivery_payment_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_delivery_payment_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_payment")),
    )
    op.create_index(
        "ix_delivery_payment_delivery", "delivery_payment", ["delivery_id", "paid_on", "id"], unique=False
    )
    op.add_column("delivery", sa.Column("contracted", sa.Numeric(precision=14, scale=2), nullable=True))
    op.add_column("delivery", sa.Column("responsible", sa.String(), server_default="", nullable=False))
    op.create_check_constraint(
        op.f("ck_delivery_contracted_not_negative"), "delivery", "contracted IS NULL OR contracted >= 0"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_delivery_contracted_not_negative"), "delivery")
    op.drop_column("delivery", "responsible")
    op.drop_column("delivery", "contracted")
    op.drop_index("ix_delivery_payment_delivery", table_name="delivery_payment")
    op.drop_table("delivery_payment")
    op.drop_index("ix_budget_revision_delivery", table_name="budget_revision")
    op.drop_index(op.f("ix_budget_revision_decision_id"), table_name="budget_revision")
    op.drop_table("budget_revision")
