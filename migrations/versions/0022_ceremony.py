"""Two people close a vote: their word on each stage, and both names in every step of the minutes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ceremony_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("same_screen", sa.Boolean(), nullable=False),
        sa.Column("names", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_saying", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "stage IN ('close', 'unlink', 'backups', 'count', 'publish')",
            name=op.f("ck_ceremony_stage_stage_known"),
        ),
        sa.CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_ceremony_stage_confirmed_complete"),
        ),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by IS NULL)", name=op.f("ck_ceremony_stage_stopped_with_reason")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR cardinality(names) = 2",
            name=op.f("ck_ceremony_stage_confirmed_by_names"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_ceremony_stage_confirmed_stays")
        ),
        sa.CheckConstraint("confirmed_by_id <> proposed_by_id", name=op.f("ck_ceremony_stage_two_people")),
        sa.CheckConstraint(
            "finished_at IS NULL OR confirmed_at IS NOT NULL",
            name=op.f("ck_ceremony_stage_finished_after_two"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_ceremony_stage_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_ceremony_stage_proposed_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ceremony_stage_round_id_round")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_ceremony_stage_withdrawn_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_stage")),
    )
    op.create_index(
        "uq_ceremony_stage_live",
        "ceremony_stage",
        ["round_id", "stage"],
        unique=True,
        postgresql_where="withdrawn_at IS NULL",
    )
    op.add_column(
        "ceremony_step",
        sa.Column("names", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("ceremony_step", "names")
    op.drop_index(
        "uq_ceremony_stage_live", table_name="ceremony_stage", postgresql_where="withdrawn_at IS NULL"
    )
    op.drop_table("ceremony_stage")
