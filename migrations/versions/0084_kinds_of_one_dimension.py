"""What happened to a kind of thing that is all of one dimension of local governance says so, from before too."""

from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

DIMENSIONS = {
    "budgeting": ("proposal", "round"),
    "services": ("delivery",),
    "decision_making": ("council_member", "council_sitting"),
}


def upgrade() -> None:
    """Fill them in."""
    for dimension, kinds in DIMENSIONS.items():
        names = ", ".join(f"'{kind}'" for kind in kinds)
        op.execute(f"UPDATE timeline_event SET dimension = '{dimension}' WHERE subject_kind IN ({names})")


def downgrade() -> None:
    """Nothing is undone: the column is a copy that nobody reads in the schema before."""
