"""A project points at a proposal that exists; programmes lose a mark that nothing enforced."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("programme", "vulnerable_only")
    op.create_index("ix_project_proposal_id", "project", ["proposal_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_project_proposal_id_proposal"), "project", "proposal", ["proposal_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_project_proposal_id_proposal"), "project", type_="foreignkey")
    op.drop_index("ix_project_proposal_id", table_name="project")
    op.add_column(
        "programme",
        sa.Column(
            "vulnerable_only",
            sa.BOOLEAN(),
            server_default=sa.text("false"),
            autoincrement=False,
            nullable=False,
        ),
    )
