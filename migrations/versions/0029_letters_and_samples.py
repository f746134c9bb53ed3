"""Letters with codes are printed in batches; a random sample of declarations is checked by clerks."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (sent_by_id IS NULL)", name=op.f("ck_letter_batch_sent_by_somebody")
        ),
        sa.CheckConstraint("letters > 0", name=op.f("ck_letter_batch_letters_positive")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_letter_batch_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["account.id"], name=op.f("fk_letter_batch_sent_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
    )
    op.add_column("declaration", sa.Column("batch_id", sa.Integer(), nullable=True))
    op.add_column("declaration", sa.Column("sealed_code", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_declaration_batch_id_letter_batch"), "declaration", "letter_batch", ["batch_id"], ["id"]
    )
    op.create_index(op.f("ix_declaration_batch_id"), "declaration", ["batch_id"], unique=False)
    op.create_table(
        "declaration_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("seed <> ''", name=op.f("ck_declaration_sample_seed_given")),
        sa.CheckConstraint("size BETWEEN 1 AND population", name=op.f("ck_declaration_sample_size_possible")),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["account.id"], name=op.f("fk_declaration_sample_drawn_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_declaration_sample_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_sample")),
        sa.UniqueConstraint("round_id", name=op.f("uq_declaration_sample_round_id")),
    )
    op.create_table(
        "sample_case",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_sample_case_decided_with_outcome")
        ),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'not_found', 'false')", name=op.f("ck_sample_case_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_sample_case_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["declaration_sample.id"],
            name=op.f("fk_sample_case_sample_id_declaration_sample"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_sample_case_voter_id_person")),
        sa.PrimaryKeyConstraint("sample_id", "voter_id", name=op.f("pk_sample_case")),
        sa.UniqueConstraint("sample_id", "position", name=op.f("uq_sample_case_sample_id_position")),
    )


def downgrade() -> None:
    op.drop_table("sample_case")
    op.drop_table("declaration_sample")
    op.drop_index(op.f("ix_declaration_batch_id"), table_name="declaration")
    op.drop_constraint(op.f("fk_declaration_batch_id_letter_batch"), "declaration", type_="foreignkey")
    op.drop_column("declaration", "sealed_code")
    op.drop_column("declaration", "batch_id")
    op.drop_table("letter_batch")
