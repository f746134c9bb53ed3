"""The files made of a report, by language and format, with the hash of each."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("format IN ('pdf', 'xlsx')", name=op.f("ck_report_file_format_known")),
        sa.CheckConstraint("num_nonnulls(consultation_id, year) = 1", name=op.f("ck_report_file_of_one")),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_report_file_hashed")),
        sa.CheckConstraint("size > 0", name=op.f("ck_report_file_size_positive")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_report_file_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
    )
    op.create_index(
        "uq_report_file_consultation",
        "report_file",
        ["consultation_id", "language", "format"],
        unique=True,
        postgresql_where="consultation_id IS NOT NULL",
    )
    op.create_index(
        "uq_report_file_year",
        "report_file",
        ["year", "language", "format"],
        unique=True,
        postgresql_where="year IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_index("uq_report_file_year", table_name="report_file", postgresql_where="year IS NOT NULL")
    op.drop_index(
        "uq_report_file_consultation",
        table_name="report_file",
        postgresql_where="consultation_id IS NOT NULL",
    )
    op.drop_table("report_file")
