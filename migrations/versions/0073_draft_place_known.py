"""How a remark's place was found is one of the known ways."""

from alembic import op

revision = "0073"
down_revision = "0074"
branch_labels = None
depends_on = None

KNOWN = "how IN ('written', 'exact', 'doubtful', 'moved', 'changed', 'confirmed', 'refused')"


def upgrade() -> None:
    op.create_check_constraint(op.f("ck_draft_annotation_how_known"), "draft_annotation", KNOWN)


def downgrade() -> None:
    # The former code knows no other ways: a place that people confirmed is believed, the others were in doubt.
    op.drop_constraint(op.f("ck_draft_annotation_how_known"), "draft_annotation", type_="check")
    op.execute("UPDATE draft_annotation SET how = 'exact' WHERE how IN ('confirmed', 'refused')")
    op.execute("UPDATE draft_annotation SET how = 'moved' WHERE how = 'doubtful'")
