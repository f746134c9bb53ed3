"""A registry of organisations: what the city hall verified of them, who speaks for them, who is invited."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

FORMS = (
    "legal_form IN ('association', 'foundation', 'federation', 'trade_union', 'employers', 'initiative_group', "
    "'authority')"
)
NUMBERS = (
    "CASE legal_form WHEN 'initiative_group' THEN registration_number = '' AND tax_code = '' "
    "WHEN 'authority' THEN tax_code <> '' ELSE registration_number <> '' END"
)
MINORITIES = (
    "minority IN ('albanian', 'armenian', 'bulgarian', 'czech', 'croatian', 'greek', 'jewish', 'german', 'italian', "
    "'macedonian', 'hungarian', 'polish', 'roma', 'lipovan', 'ruthenian', 'serbian', 'slovak', 'tatar', 'turkish', "
    "'ukrainian', 'other')"
)
KEEPER = "fk_organisation_keeper"


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("legal_form", sa.String(), nullable=False),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("tax_code", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("public_email", sa.String(), nullable=False),
        sa.Column("public_phone", sa.String(), nullable=False),
        sa.Column("minority", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keeper_id", sa.Integer(), nullable=True),
        sa.Column("keeper_role", sa.String(), nullable=False),
        sa.Column("deserted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(state IN ('verified', 'suspended')) = (verified_at IS NOT NULL)",
            name=op.f("ck_organisation_verified_when"),
        ),
        sa.CheckConstraint(
            NUMBERS,
            name=op.f("ck_organisation_numbers_fit_form"),
        ),
        sa.CheckConstraint("keeper_role = 'administrator'", name=op.f("ck_organisation_keeper_administers")),
        sa.CheckConstraint(
            FORMS,
            name=op.f("ck_organisation_legal_form_known"),
        ),
        sa.CheckConstraint(
            MINORITIES,
            name=op.f("ck_organisation_minority_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'verified', 'refused', 'suspended')",
            name=op.f("ck_organisation_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'suspended') OR state_reason <> ''",
            name=op.f("ck_organisation_reason_given"),
        ),
        sa.CheckConstraint("tax_code ~ '^[0-9]{0,10}$'", name=op.f("ck_organisation_tax_code_digits")),
        sa.CheckConstraint(
            "website = '' OR website ~* '^https?://'", name=op.f("ck_organisation_website_http")
        ),
        sa.CheckConstraint(
            "(keeper_id IS NULL) = (deserted_at IS NOT NULL)", name=op.f("ck_organisation_kept_or_deserted")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["account.id"], name=op.f("fk_organisation_registered_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(
        op.f("ix_organisation_registered_by_id"), "organisation", ["registered_by_id"], unique=False
    )
    op.create_index(
        "ix_organisation_search", "organisation", ["search_vector"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_organisation_state_name", "organisation", ["state", "sort_key", "id"], unique=False)
    op.create_index(
        "uq_organisation_tax_code",
        "organisation",
        ["tax_code"],
        unique=True,
        postgresql_where="tax_code <> '' AND state IN ('verified', 'suspended')",
    )
    op.create_table(
        "organisation_area",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_organisation_area_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_area_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "neighbourhood_id", name=op.f("pk_organisation_area")),
    )
    op.create_index(
        op.f("ix_organisation_area_neighbourhood_id"), "organisation_area", ["neighbourhood_id"], unique=False
    )
    op.create_table(
        "organisation_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("legal_form", sa.String(), nullable=False),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("tax_code", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            NUMBERS,
            name=op.f("ck_organisation_check_numbers_fit_form"),
        ),
        sa.CheckConstraint(
            FORMS,
            name=op.f("ck_organisation_check_legal_form_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('verified', 'refused', 'withdrawn')",
            name=op.f("ck_organisation_check_outcome_known"),
        ),
        sa.CheckConstraint(
            "outcome IS DISTINCT FROM 'refused' OR reason <> ''",
            name=op.f("ck_organisation_check_refusal_has_reason"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_organisation_check_decision_whole")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["deadline_version.id"],
            name=op.f("fk_organisation_check_deadline_id_deadline_version"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_organisation_check_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["account.id"], name=op.f("fk_organisation_check_filed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_check_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_check")),
    )
    op.create_index(
        "ix_organisation_check_due",
        "organisation_check",
        ["due_at"],
        unique=False,
        postgresql_where="outcome IS NULL",
    )
    op.create_index(
        op.f("ix_organisation_check_organisation_id"), "organisation_check", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_organisation_check_open",
        "organisation_check",
        ["organisation_id"],
        unique=True,
        postgresql_where="outcome IS NULL",
    )
    op.create_table(
        "organisation_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("address_mark", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'spokesperson')", name=op.f("ck_organisation_invitation_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["account.id"], name=op.f("fk_organisation_invitation_invited_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_invitation_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_invitation")),
        sa.UniqueConstraint(
            "organisation_id",
            "address_mark",
            name=op.f("uq_organisation_invitation_organisation_id_address_mark"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_organisation_invitation_token_hash")),
    )
    op.create_index(
        "ix_organisation_invitation_address_mark", "organisation_invitation", ["address_mark"], unique=False
    )
    op.create_index(
        "ix_organisation_invitation_expires_at", "organisation_invitation", ["expires_at"], unique=False
    )
    op.create_table(
        "organisation_member",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'spokesperson')", name=op.f("ck_organisation_member_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_organisation_member_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_member_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "account_id", name=op.f("pk_organisation_member")),
        sa.UniqueConstraint(
            "organisation_id",
            "account_id",
            "role",
            name=op.f("uq_organisation_member_organisation_id_account_id_role"),
        ),
    )
    op.create_index(
        op.f("ix_organisation_member_account_id"), "organisation_member", ["account_id"], unique=False
    )
    # The cycle organisation → member → organisation is closed once both exist.
    op.create_foreign_key(
        op.f(KEEPER),
        "organisation",
        "organisation_member",
        ["id", "keeper_id", "keeper_role"],
        ["organisation_id", "account_id", "role"],
    )
    op.execute(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES ('organisation.verify', 1, 10, 'working', 'house', 'regulilor proprii ale primăriei',"
        " 'the city hall''s own rules', now(), '', '')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f(KEEPER), "organisation", type_="foreignkey")
    for table in ("invitation", "member", "check", "area"):
        op.drop_table(f"organisation_{table}")
    op.drop_table("organisation")
    op.execute("DELETE FROM deadline_version WHERE key = 'organisation.verify'")
