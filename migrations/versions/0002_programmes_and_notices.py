"""Programmes with ages of their own, pots of a programme, and how far telling people about a phase has come."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phase_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("phase_kind", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("after_account_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "occasion IN ('starts', 'ends_soon')", name=op.f("ck_phase_notice_occasion_known")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_phase_notice_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_notice")),
        sa.UniqueConstraint(
            "round_id", "phase_kind", "occasion", name=op.f("uq_phase_notice_round_id_phase_kind_occasion")
        ),
    )
    op.add_column("pot", sa.Column("programme_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_pot_programme_id_programme"), "pot", "programme", ["programme_id"], ["id"])
    op.add_column("programme", sa.Column("audience", sa.String(), server_default="", nullable=False))
    op.add_column("programme", sa.Column("min_age", sa.Integer(), nullable=True))
    op.add_column("programme", sa.Column("max_age", sa.Integer(), nullable=True))
    op.add_column(
        "programme", sa.Column("vulnerable_only", sa.Boolean(), server_default="false", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_programme_min_age_plausible"), "programme", "min_age IS NULL OR min_age BETWEEN 0 AND 120"
    )
    op.create_check_constraint(
        op.f("ck_programme_age_range"), "programme", "max_age IS NULL OR max_age >= coalesce(min_age, 0)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_programme_age_range"), "programme", type_="check")
    op.drop_constraint(op.f("ck_programme_min_age_plausible"), "programme", type_="check")
    op.drop_column("programme", "vulnerable_only")
    op.drop_column("programme", "max_age")
    op.drop_column("programme", "min_age")
    op.drop_column("programme", "audience")
    op.drop_constraint(op.f("fk_pot_programme_id_programme"), "pot", type_="foreignkey")
    op.drop_column("pot", "programme_id")
    op.drop_table("phase_notice")
