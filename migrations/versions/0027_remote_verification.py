"""Residents may declare who they are and confirm it by a code; a round says which such ways it accepts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sms_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_message")),
        sa.UniqueConstraint("key", name=op.f("uq_sms_message_key")),
    )
    op.create_index(
        "ix_sms_message_due",
        "sms_message",
        ["due_at"],
        unique=False,
        postgresql_where="sent_at IS NULL AND given_up_at IS NULL",
    )
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_version", sa.Integer(), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.Column("area_basis", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_mark", sa.LargeBinary(), nullable=True),
        sa.Column("sms_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(method = 'declaration') = (channel IS NOT NULL) AND channel IN ('sms', 'email')",
            name=op.f("ck_declaration_channel_of_declarations"),
        ),
        sa.CheckConstraint("method IN ('declaration', 'letter')", name=op.f("ck_declaration_method_known")),
        sa.CheckConstraint(
            "(code_hash IS NULL) = (code_until IS NULL)", name=op.f("ck_declaration_code_ends")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (birth_date IS NOT NULL)",
            name=op.f("ck_declaration_birth_until_confirmed"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (identity_hash IS NOT NULL)",
            name=op.f("ck_declaration_hash_until_confirmed"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (person_id IS NULL)", name=op.f("ck_declaration_person_when_confirmed")
        ),
        sa.CheckConstraint(
            "code_hash IS NULL OR confirmed_at IS NULL", name=op.f("ck_declaration_code_used_once")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_declaration_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_declaration_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_declaration_person_id_person")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_declaration_round_id_round"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sms_id"],
            ["sms_message.id"],
            name=op.f("fk_declaration_sms_id_sms_message"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index("ix_declaration_person_id", "declaration", ["person_id"], unique=False)
    op.create_index("ix_declaration_phone_mark", "declaration", ["phone_mark"], unique=False)
    op.create_index(
        "uq_declaration_waiting",
        "declaration",
        ["account_id", "method"],
        unique=True,
        postgresql_where="confirmed_at IS NULL",
    )
    op.add_column("person", sa.Column("confirmed_by", sa.String(), nullable=True))
    op.execute("UPDATE person SET confirmed_by = 'email' WHERE method = 'declaration'")
    op.create_check_constraint(
        op.f("ck_person_confirmed_by_known"), "person", "confirmed_by IN ('sms', 'email')"
    )
    op.create_check_constraint(
        op.f("ck_person_confirmed_by_for_declarations"),
        "person",
        "(method = 'declaration') = (confirmed_by IS NOT NULL)",
    )
    op.add_column(
        "round",
        sa.Column("remote_verification", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_round_remote_verification_known"),
        "round",
        "remote_verification <@ ARRAY['letter', 'declaration_sms', 'declaration_email']::varchar[]",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_round_remote_verification_known"), "round", type_="check")
    op.drop_constraint(op.f("ck_person_confirmed_by_for_declarations"), "person", type_="check")
    op.drop_constraint(op.f("ck_person_confirmed_by_known"), "person", type_="check")
    op.drop_column("round", "remote_verification")
    op.drop_column("person", "confirmed_by")
    op.drop_index("uq_declaration_waiting", table_name="declaration", postgresql_where="confirmed_at IS NULL")
    op.drop_index("ix_declaration_phone_mark", table_name="declaration")
    op.drop_index("ix_declaration_person_id", table_name="declaration")
    op.drop_table("declaration")
    op.drop_index(
        "ix_sms_message_due",
        table_name="sms_message",
        postgresql_where="sent_at IS NULL AND given_up_at IS NULL",
    )
    op.drop_table("sms_message")
