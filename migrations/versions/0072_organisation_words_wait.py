"""What organisations write about themselves can wait for a moderator beside what is public."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("held_description", sa.String(), nullable=True))
    op.add_column("organisation", sa.Column("held_website", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_organisation_held_whole"),
        "organisation",
        "(held_description IS NULL) = (held_website IS NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_organisation_held_whole"), "organisation", type_="check")
    op.drop_column("organisation", "held_website")
    op.drop_column("organisation", "held_description")
