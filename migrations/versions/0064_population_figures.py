"""Inhabitants by area, age and year, brought in with their source."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "population_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=False),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("inhabitants", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("source_reference", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "age_from >= 0 AND (age_to IS NULL OR age_to >= age_from)",
            name=op.f("ck_population_figure_ages_in_order"),
        ),
        sa.CheckConstraint("inhabitants >= 0", name=op.f("ck_population_figure_inhabitants_not_negative")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_population_figure_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["import_source.id"], name=op.f("fk_population_figure_source_id_import_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_figure")),
        sa.UniqueConstraint(
            "source_id", "import_key", name=op.f("uq_population_figure_source_id_import_key")
        ),
    )
    op.create_index(
        "ix_population_figure_year", "population_figure", ["year", "neighbourhood_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_population_figure_year", table_name="population_figure")
    op.drop_table("population_figure")
