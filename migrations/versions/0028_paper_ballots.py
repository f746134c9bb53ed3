"""People vote on paper: printed runs, batches, what two people keyed, samples; a function that lifts paper marks alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


#: The application may delete nothing from the box. This runs as the owner and removes a mark, never a ballot.
LIFT = """
CREATE FUNCTION lift_paper_mark(of_round integer, of_nym bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM public.ballot_box WHERE round_id = of_round AND nym = of_nym AND channel = 'paper'
        AND substring(leaf FROM 1 FOR 16) = 'civic-paper-mark'::bytea
$$
"""


def upgrade() -> None:
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shut_by_id", sa.Integer(), nullable=True),
        sa.Column("shut_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marks", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("spoilt", sa.Integer(), nullable=True),
        sa.Column("not_returned", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.String(), server_default="", nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("blank", sa.Integer(), nullable=True),
        sa.Column("rejected", sa.Integer(), nullable=True),
        sa.CheckConstraint("label <> ''", name=op.f("ck_paper_batch_label_given")),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (counted IS NULL)", name=op.f("ck_paper_batch_accepted_with_ballots")
        ),
        sa.CheckConstraint(
            "(returned IS NULL) = (spoilt IS NULL) AND (returned IS NULL) = (not_returned IS NULL)",
            name=op.f("ck_paper_batch_counts_whole"),
        ),
        sa.CheckConstraint(
            "(shut_at IS NULL) = (marks IS NULL)", name=op.f("ck_paper_batch_shut_with_marks")
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR coalesce(returned + spoilt + not_returned = marks"
            " AND returned = counted + blank + rejected, false)",
            name=op.f("ck_paper_batch_accepted_reconciled"),
        ),
        sa.CheckConstraint(
            "returned >= 0 AND spoilt >= 0 AND not_returned >= 0",
            name=op.f("ck_paper_batch_counts_not_negative"),
        ),
        sa.CheckConstraint(
            "shut_at IS NOT NULL OR returned IS NULL", name=op.f("ck_paper_batch_counted_after_shut")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["account.id"], name=op.f("fk_paper_batch_accepted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_paper_batch_opened_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_batch_round_id_round")),
        sa.ForeignKeyConstraint(
            ["shut_by_id"], ["account.id"], name=op.f("fk_paper_batch_shut_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("round_id", "label", name=op.f("uq_paper_batch_round_id_label")),
    )
    op.create_table(
        "paper_desk_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("handed", sa.Integer(), nullable=False),
        sa.Column("taken_back", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "handed >= 0 AND taken_back >= 0 AND refused >= 0",
            name=op.f("ck_paper_desk_count_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_paper_desk_count_account_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_desk_count_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "account_id", "day", name=op.f("pk_paper_desk_count")),
    )
    op.create_table(
        "paper_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("first_serial", sa.Integer(), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.CheckConstraint("language IN ('ro', 'en')", name=op.f("ck_paper_run_language_known")),
        sa.CheckConstraint("(key IS NULL) = (size IS NULL)", name=op.f("ck_paper_run_file_whole")),
        sa.CheckConstraint("cardinality(codes) > 0", name=op.f("ck_paper_run_projects_given")),
        sa.CheckConstraint(
            "first_serial >= 1 AND last_serial >= first_serial", name=op.f("ck_paper_run_serials_rise")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_paper_run_made_by_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_run_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_run")),
        sa.UniqueConstraint("round_id", "first_serial", name=op.f("uq_paper_run_round_id_first_serial")),
    )
    op.create_table(
        "paper_ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("first_entry", sa.LargeBinary(), nullable=True),
        sa.Column("first_by_id", sa.Integer(), nullable=True),
        sa.Column("second_entry", sa.LargeBinary(), nullable=True),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("final", sa.LargeBinary(), nullable=True),
        sa.Column("third_by_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.CheckConstraint(
            "verdict IN ('counted', 'blank', 'rejected')", name=op.f("ck_paper_ballot_verdict_known")
        ),
        sa.CheckConstraint("first_by_id <> second_by_id", name=op.f("ck_paper_ballot_keyed_by_two")),
        sa.CheckConstraint(
            "second_by_id IS NULL OR first_by_id IS NOT NULL",
            name=op.f("ck_paper_ballot_first_before_second"),
        ),
        sa.CheckConstraint(
            "third_by_id <> first_by_id AND third_by_id <> second_by_id",
            name=op.f("ck_paper_ballot_third_is_another"),
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR (first_entry IS NULL AND second_entry IS NULL AND final IS NULL)",
            name=op.f("ck_paper_ballot_entries_forgotten"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_ballot_batch_id_paper_batch")
        ),
        sa.ForeignKeyConstraint(
            ["first_by_id"], ["account.id"], name=op.f("fk_paper_ballot_first_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_ballot_round_id_round")),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["account.id"], name=op.f("fk_paper_ballot_second_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["third_by_id"], ["account.id"], name=op.f("fk_paper_ballot_third_by_id_account")
        ),
        sa.PrimaryKeyConstraint("round_id", "serial", name=op.f("pk_paper_ballot")),
    )
    op.create_index("ix_paper_ballot_batch_id", "paper_ballot", ["batch_id"], unique=False)
    op.create_table(
        "paper_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("dice", sa.String(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("serials", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared_by_id", sa.Integer(), nullable=True),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("different", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.CheckConstraint("dice ~ '^[1-6]{20,100}$'", name=op.f("ck_paper_sample_dice_thrown")),
        sa.CheckConstraint(
            "(compared_at IS NULL) = (different IS NULL)", name=op.f("ck_paper_sample_compared_whole")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_sample_batch_id_paper_batch")
        ),
        sa.ForeignKeyConstraint(
            ["compared_by_id"], ["account.id"], name=op.f("fk_paper_sample_compared_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["account.id"], name=op.f("fk_paper_sample_drawn_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sample")),
        sa.UniqueConstraint("batch_id", "dice", name=op.f("uq_paper_sample_batch_id_dice")),
    )
    op.create_index(
        "uq_paper_sample_waiting",
        "paper_sample",
        ["batch_id"],
        unique=True,
        postgresql_where="compared_at IS NULL",
    )
    op.execute(LIFT)
    op.execute("REVOKE ALL ON FUNCTION lift_paper_mark(integer, bytea) FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION lift_paper_mark(integer, bytea)")
    op.drop_index(
        "uq_paper_sample_waiting", table_name="paper_sample", postgresql_where="compared_at IS NULL"
    )
    op.drop_table("paper_sample")
    op.drop_index("ix_paper_ballot_batch_id", table_name="paper_ballot")
    op.drop_table("paper_ballot")
    op.drop_table("paper_run")
    op.drop_table("paper_desk_count")
    op.drop_table("paper_batch")
