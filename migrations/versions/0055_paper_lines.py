"""Lines of paper lists are compared with signatures given here; an initiator who leaves is kept sealed for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "initiative_paper_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("same_signature_id", sa.Integer(), nullable=True),
        sa.Column("same_line_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(same_signature_id, same_line_id) <= 1",
            name=op.f("ck_initiative_paper_line_matched_once"),
        ),
        sa.CheckConstraint("place >= 1", name=op.f("ck_initiative_paper_line_place_from_one")),
        sa.CheckConstraint("same_line_id <> id", name=op.f("ck_initiative_paper_line_not_itself")),
        sa.ForeignKeyConstraint(
            ["same_line_id"],
            ["initiative_paper_line.id"],
            name=op.f("fk_initiative_paper_line_same_line_id_initiative_paper_line"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["same_signature_id"],
            ["initiative_signature.id"],
            name=op.f("fk_initiative_paper_line_same_signature_id_initiative_signature"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["initiative_sheet.id"],
            name=op.f("fk_initiative_paper_line_sheet_id_initiative_sheet"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_paper_line")),
        sa.UniqueConstraint("sheet_id", "place", name=op.f("uq_initiative_paper_line_sheet_id_place")),
    )
    op.create_index(
        op.f("ix_initiative_paper_line_same_line_id"), "initiative_paper_line", ["same_line_id"], unique=False
    )
    op.create_index(
        op.f("ix_initiative_paper_line_same_signature_id"),
        "initiative_paper_line",
        ["same_signature_id"],
        unique=False,
    )
    op.add_column("initiative", sa.Column("initiator_left", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("initiative", "initiator_left")
    op.drop_index(op.f("ix_initiative_paper_line_same_signature_id"), table_name="initiative_paper_line")
    op.drop_index(op.f("ix_initiative_paper_line_same_line_id"), table_name="initiative_paper_line")
    op.drop_table("initiative_paper_line")
