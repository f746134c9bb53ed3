"""The key of a ballot box can be kept by three holders: their public keys, and what is sealed to two of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FREEZE_KEYS = """
CREATE FUNCTION custody_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted integer;
    frozen timestamptz;
BEGIN
    wanted := CASE WHEN TG_OP = 'INSERT' THEN NEW.round_id ELSE OLD.round_id END;
    -- Waits for a transaction that is freezing the round just now.
    SELECT frozen_at INTO frozen FROM round WHERE id = wanted FOR SHARE;
    IF frozen IS NOT NULL THEN
        RAISE EXCEPTION 'the keys of a ballot box do not change once voting opened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_custody_key_frozen', TABLE = 'custody_key';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "custody",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rehearsal", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("rehearsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('server', 'holders')", name=op.f("ck_custody_kind_known")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_custody_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_custody")),
    )
    op.create_table(
        "custody_handover",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first <> second", name=op.f("ck_custody_handover_two_places")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["custody.round_id"],
            name=op.f("fk_custody_handover_round_id_custody"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_custody_handover")),
    )
    op.create_table(
        "custody_key",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kept", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "place <> 4 OR confirmed_at IS NULL OR kept <> ''", name=op.f("ck_custody_key_recovery_kept")
        ),
        sa.CheckConstraint(
            "place = 4 OR (name <> '' AND title <> '')", name=op.f("ck_custody_key_holder_named")
        ),
        sa.CheckConstraint(
            "(public_key IS NULL) = (made_at IS NULL)", name=op.f("ck_custody_key_made_with_key")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR made_at IS NOT NULL", name=op.f("ck_custody_key_confirmed_after_made")
        ),
        sa.CheckConstraint("octet_length(public_key) = 32", name=op.f("ck_custody_key_key_whole")),
        sa.CheckConstraint("place BETWEEN 1 AND 4", name=op.f("ck_custody_key_place_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_custody_key_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["custody.round_id"],
            name=op.f("fk_custody_key_round_id_custody"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_custody_key")),
        sa.UniqueConstraint("public_key", name="uq_custody_key_public_key"),
        sa.UniqueConstraint("round_id", "account_id", name="uq_custody_key_one_each"),
    )
    op.create_index(op.f("ix_custody_key_account_id"), "custody_key", ["account_id"], unique=False)
    op.create_table(
        "custody_layer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("purpose IN ('rehearsal', 'box')", name=op.f("ck_custody_layer_purpose_known")),
        sa.CheckConstraint("first <> second", name=op.f("ck_custody_layer_two_places")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["custody.round_id"],
            name=op.f("fk_custody_layer_round_id_custody"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "purpose", "first", "second", name=op.f("pk_custody_layer")),
    )
    op.create_table(
        "custody_pair",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "first BETWEEN 1 AND 2 AND second BETWEEN 2 AND 3 AND first < second",
            name=op.f("ck_custody_pair_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["custody.round_id"],
            name=op.f("fk_custody_pair_round_id_custody"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "first", "second", name=op.f("pk_custody_pair")),
    )
    op.create_table(
        "custody_presentation",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_custody_presentation_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["custody.round_id"], name=op.f("fk_custody_presentation_round_id_custody")
        ),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_custody_presentation")),
    )
    op.create_table(
        "custody_wrap",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("purpose IN ('rehearsal', 'box')", name=op.f("ck_custody_wrap_purpose_known")),
        sa.CheckConstraint("first <> second", name=op.f("ck_custody_wrap_two_places")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["custody.round_id"],
            name=op.f("fk_custody_wrap_round_id_custody"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "purpose", "first", "second", name=op.f("pk_custody_wrap")),
    )
    op.execute(FREEZE_KEYS)
    op.execute(
        "CREATE TRIGGER custody_stays_frozen BEFORE INSERT OR UPDATE OR DELETE ON custody_key "
        "FOR EACH ROW EXECUTE FUNCTION custody_stays_frozen()"
    )
    op.execute(
        "CREATE TRIGGER custody_kind_stays_frozen BEFORE UPDATE OF kind ON custody "
        "FOR EACH ROW EXECUTE FUNCTION custody_stays_frozen()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER custody_kind_stays_frozen ON custody")
    op.execute("DROP TRIGGER custody_stays_frozen ON custody_key")
    op.execute("DROP FUNCTION custody_stays_frozen()")
    op.drop_table("custody_wrap")
    op.drop_table("custody_presentation")
    op.drop_table("custody_pair")
    op.drop_table("custody_layer")
    op.drop_index(op.f("ix_custody_key_account_id"), table_name="custody_key")
    op.drop_table("custody_key")
    op.drop_table("custody_handover")
    op.drop_table("custody")
