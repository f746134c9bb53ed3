"""What the council's records said before they were corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

RECORDED = (
    "'choice', 'presence', 'signing', 'stated_for', 'stated_against', 'stated_abstained', 'stated_not_voting', "
    "'kind', 'held_on', 'place', 'convening', 'in_office', 'minutes_address', 'recording', "
    "'title', 'reports', 'decision', 'dimension', 'secret', 'majority', "
    "'name', 'party', 'independent', 'commission', 'starts_on', 'ends_on'"
)
TABLE = "council_correction"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("former", sa.String(), nullable=False),
        sa.Column("present", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT secret", name=op.f("ck_council_correction_never_secret")),
        sa.CheckConstraint(
            "(what = 'choice') = (secret IS NOT NULL)", name=op.f("ck_council_correction_choice_of_open_vote")
        ),
        sa.CheckConstraint(f"what IN ({RECORDED})", name=op.f("ck_council_correction_what_known")),
        sa.CheckConstraint("former <> present", name=op.f("ck_council_correction_something_changed")),
        sa.CheckConstraint(
            "num_nonnulls(sitting_id, vote_id) < 2", name=op.f("ck_council_correction_of_one_record")
        ),
        sa.CheckConstraint(
            "member_id IS NOT NULL OR num_nonnulls(sitting_id, vote_id) = 1",
            name=op.f("ck_council_correction_of_some_record"),
        ),
        sa.CheckConstraint(
            "what NOT IN ('choice', 'presence', 'signing') OR member_id IS NOT NULL",
            name=op.f("ck_council_correction_marks_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["vote_id", "secret"],
            ["council_vote.id", "council_vote.secret"],
            name="fk_council_correction_never_of_a_secret_vote",
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["council_sitting.id"],
            name=op.f("fk_council_correction_sitting_id_council_sitting"),
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["council_vote.id"], name=op.f("fk_council_correction_vote_id_council_vote")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_correction_member_id_council_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_correction")),
    )
    for column in ("sitting_id", "vote_id", "member_id"):
        op.create_index(op.f(f"ix_council_correction_{column}"), TABLE, [column])


def downgrade() -> None:
    op.drop_table(TABLE)
