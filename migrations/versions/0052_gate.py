"""What was written lately, by its hashes, and when each space is moderated: the gate before what residents publish."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gate_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mode IN ('before', 'newcomers', 'after')", name=op.f("ck_gate_setting_mode_known")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_gate_setting_reason_given")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_gate_setting_number_from_one")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_gate_setting_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_setting")),
        sa.UniqueConstraint("space", "number", name=op.f("uq_gate_setting_space_number")),
    )
    op.create_table(
        "gate_text",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("trust", sa.String(), nullable=False),
        sa.Column("held_for", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sketch", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("links", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=True),
        sa.Column("network", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "held_for IN ('', 'space', 'newcomer', 'link', 'disguise', 'copy', 'burst', 'gap', 'account', 'device', 'network')",
            name=op.f("ck_gate_text_held_for_known"),
        ),
        sa.CheckConstraint(
            "trust IN ('new', 'settled', 'proven', 'entrusted')", name=op.f("ck_gate_text_trust_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_gate_text_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_text")),
        sa.UniqueConstraint("subject_kind", "subject_id", name=op.f("uq_gate_text_subject_kind_subject_id")),
    )
    op.create_index("ix_gate_text_account_id", "gate_text", ["account_id", "at"], unique=False)
    op.create_index("ix_gate_text_at", "gate_text", ["at"], unique=False)
    op.create_index(
        "ix_gate_text_device", "gate_text", ["device"], unique=False, postgresql_where="device IS NOT NULL"
    )
    op.create_index("ix_gate_text_keys", "gate_text", ["keys"], unique=False, postgresql_using="gin")
    op.create_index("ix_gate_text_links", "gate_text", ["links"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_gate_text_network", "gate_text", ["network"], unique=False, postgresql_where="network IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_gate_text_network", table_name="gate_text", postgresql_where="network IS NOT NULL")
    op.drop_index("ix_gate_text_links", table_name="gate_text", postgresql_using="gin")
    op.drop_index("ix_gate_text_keys", table_name="gate_text", postgresql_using="gin")
    op.drop_index("ix_gate_text_device", table_name="gate_text", postgresql_where="device IS NOT NULL")
    op.drop_index("ix_gate_text_at", table_name="gate_text")
    op.drop_index("ix_gate_text_account_id", table_name="gate_text")
    op.drop_table("gate_text")
    op.drop_table("gate_setting")
