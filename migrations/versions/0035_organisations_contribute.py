"""A contribution says in which organisation's name its author was shown to speak."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contribution", sa.Column("organisation_id", sa.Integer(), nullable=True))
    op.create_index(
        op.f("ix_contribution_organisation_id"), "contribution", ["organisation_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_contribution_organisation_id_organisation"),
        "contribution",
        "organisation",
        ["organisation_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_contribution_organisation_told"),
        "contribution",
        "organisation_id IS NULL OR by_organisation",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_contribution_organisation_told"), "contribution", type_="check")
    op.drop_constraint(
        op.f("fk_contribution_organisation_id_organisation"), "contribution", type_="foreignkey"
    )
    op.drop_index(op.f("ix_contribution_organisation_id"), table_name="contribution")
    op.drop_column("contribution", "organisation_id")
