"""The leaves of a closed round are signed, and its whole publication is packed once for who wants to verify it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("signed_note", sa.String(), nullable=False),
        sa.CheckConstraint("signed_note <> ''", name=op.f("ck_checkpoint_note_given")),
        sa.CheckConstraint("octet_length(root) = 32", name=op.f("ck_checkpoint_root_whole")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_checkpoint_size_not_negative")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_checkpoint_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "size", name="pk_checkpoint"),
        comment="How many leaves a round had and the root over them, signed with the log key.",
    )
    op.create_table(
        "publication_archive",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(sha256) = 64", name=op.f("ck_publication_archive_sha256_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_publication_archive_size_positive")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_publication_archive_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_publication_archive")),
    )


def downgrade() -> None:
    op.drop_table("publication_archive")
    op.drop_table("checkpoint")
