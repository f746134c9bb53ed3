"""Citizens' draft decisions with their signatures, the electors they are counted against, and the deadlines they go by."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

#: key, days, unit, basis, source in Romanian and in English. The law sets no days: these are the city hall's own.
HOUSE = ("house", "regulilor proprii ale primăriei", "the city hall's own rules")
FIRST = (
    ("initiative.form", 10, "working", *HOUSE),
    ("initiative.collect", 90, "calendar", *HOUSE),
    ("initiative.deposit", 30, "calendar", *HOUSE),
    ("initiative.verify", 15, "working", *HOUSE),
    ("initiative.keep", 30, "calendar", *HOUSE),
)

BEFORE = "kind IN ('draft_decision', 'budget', 'plan', 'survey', 'ideas')"
AFTER = "kind IN ('draft_decision', 'citizens_draft', 'budget', 'plan', 'survey', 'ideas')"


def upgrade() -> None:
    op.create_table(
        "initiative_electors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("electors", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("source <> ''", name=op.f("ck_initiative_electors_source_given")),
        sa.CheckConstraint(
            "electors BETWEEN 1 AND 20000000", name=op.f("ck_initiative_electors_electors_plausible")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_initiative_electors_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_initiative_electors_neighbourhood_id_neighbourhood"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_electors")),
    )
    op.create_index(
        op.f("ix_initiative_electors_neighbourhood_id"),
        "initiative_electors",
        ["neighbourhood_id"],
        unique=False,
    )
    op.create_table(
        "initiative_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("source_ro", sa.String(), nullable=False),
        sa.Column("source_en", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(verified_on IS NULL) = (verified_by = '')", name=op.f("ck_initiative_share_mark_whole")
        ),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_initiative_share_change_reasoned")),
        sa.CheckConstraint(
            "source_ro <> '' AND source_en <> ''", name=op.f("ck_initiative_share_source_given")
        ),
        sa.CheckConstraint(
            "percent > 0 AND percent <= 100", name=op.f("ck_initiative_share_percent_plausible")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_initiative_share_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_share")),
        sa.UniqueConstraint("number", name=op.f("uq_initiative_share_number")),
    )
    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("initiators", sa.String(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_reason", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deposit_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collect_version_id", sa.Integer(), nullable=True),
        sa.Column("electors_id", sa.Integer(), nullable=True),
        sa.Column("share_id", sa.Integer(), nullable=True),
        sa.Column("required", sa.Integer(), nullable=True),
        sa.Column("deposited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verify_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample_seed", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("outcome_reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_total", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(deposited_at IS NULL) = (verify_due_at IS NULL) AND (deposited_at IS NULL) = (sample_seed = '')",
            name=op.f("ck_initiative_deposited_whole"),
        ),
        sa.CheckConstraint(
            "(outcome = '') = (decided_at IS NULL) AND (outcome = '') = (valid_total IS NULL) AND (outcome = '') = (outcome_reason = '')",
            name=op.f("ck_initiative_outcome_whole"),
        ),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (returned_reason = '')", name=op.f("ck_initiative_returned_reasoned")
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL AND published_at IS NULL) OR (text <> '' AND reasons <> '' AND initiators <> '')",
            name=op.f("ck_initiative_submitted_whole"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_initiative_withdrawn_reasoned")
        ),
        sa.CheckConstraint(
            "outcome <> 'accepted' OR (valid_total >= required AND consultation_id IS NOT NULL)",
            name=op.f("ck_initiative_accepted_with_enough"),
        ),
        sa.CheckConstraint(
            "outcome = '' OR deposited_at IS NOT NULL", name=op.f("ck_initiative_outcome_of_deposited")
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'accepted', 'refused')", name=op.f("ck_initiative_outcome_known")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_initiative_title_given")),
        sa.CheckConstraint(
            "(published_at IS NULL) = (closes_at IS NULL) AND (published_at IS NULL) = (deposit_until IS NULL) AND (published_at IS NULL) = (electors_id IS NULL) AND (published_at IS NULL) = (share_id IS NULL) AND (published_at IS NULL) = (required IS NULL)",
            name=op.f("ck_initiative_published_whole"),
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (form_due_at IS NULL)", name=op.f("ck_initiative_form_clock_runs")
        ),
        sa.CheckConstraint(
            "closes_at > published_at AND deposit_until > closes_at",
            name=op.f("ck_initiative_moments_in_order"),
        ),
        sa.CheckConstraint(
            "deposited_at IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_initiative_deposited_of_published"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR submitted_at IS NOT NULL",
            name=op.f("ck_initiative_published_after_check"),
        ),
        sa.CheckConstraint("required >= 1", name=op.f("ck_initiative_required_counted")),
        sa.CheckConstraint(
            "returned_at IS NULL OR submitted_at IS NULL", name=op.f("ck_initiative_returned_or_submitted")
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR deposited_at IS NULL",
            name=op.f("ck_initiative_withdrawn_before_deposit"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_initiative_author_id_account")),
        sa.ForeignKeyConstraint(
            ["collect_version_id"],
            ["deadline_version.id"],
            name=op.f("fk_initiative_collect_version_id_deadline_version"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_initiative_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["electors_id"],
            ["initiative_electors.id"],
            name=op.f("fk_initiative_electors_id_initiative_electors"),
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_initiative_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_initiative_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["share_id"], ["initiative_share.id"], name=op.f("fk_initiative_share_id_initiative_share")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_initiative_consultation_id")),
    )
    op.create_index(op.f("ix_initiative_author_id"), "initiative", ["author_id"], unique=False)
    op.create_index("ix_initiative_closes_at", "initiative", ["closes_at", "id"], unique=False)
    op.create_index(op.f("ix_initiative_neighbourhood_id"), "initiative", ["neighbourhood_id"], unique=False)
    op.create_index(op.f("ix_initiative_organisation_id"), "initiative", ["organisation_id"], unique=False)
    op.create_table(
        "initiative_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("struck", sa.Integer(), nullable=False),
        sa.Column("struck_reason", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(struck = 0) = (struck_reason = '')", name=op.f("ck_initiative_sheet_struck_reasoned")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_initiative_sheet_number_from_one")),
        sa.CheckConstraint(
            "valid >= 0 AND struck >= 0 AND valid + struck >= 1",
            name=op.f("ck_initiative_sheet_lines_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_initiative_sheet_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_initiative_sheet_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_initiative_sheet_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_sheet")),
        sa.UniqueConstraint("initiative_id", "number", name=op.f("uq_initiative_sheet_initiative_id_number")),
    )
    op.create_table(
        "initiative_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("signer_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(), nullable=False),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason = '')", name=op.f("ck_initiative_signature_struck_reasoned")
        ),
        sa.CheckConstraint(
            "octet_length(signer_mark) = 32", name=op.f("ck_initiative_signature_mark_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_initiative_signature_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["struck_by_id"], ["account.id"], name=op.f("fk_initiative_signature_struck_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_signature")),
        sa.UniqueConstraint(
            "initiative_id", "signer_mark", name="uq_initiative_signature_initiative_id_signer_mark"
        ),
    )
    op.drop_constraint(op.f("ck_consultation_kind_known"), "consultation", type_="check")
    op.create_check_constraint(op.f("ck_consultation_kind_known"), "consultation", AFTER)
    share = sa.text(
        "INSERT INTO initiative_share (number, percent, source_ro, source_en, since, reason, verified_by)"
        " VALUES (1, 5, :ro, :en, now(), '', '')"
    )
    op.execute(
        share.bindparams(
            ro="Codului administrativ (OUG nr. 57/2019), art. 247",
            en="the Administrative Code (OUG 57/2019), art. 247",
        )
    )
    first = sa.text(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, 1, :days, :unit, :basis, :ro, :en, now(), '', '')"
    )
    for key, days, unit, basis, ro, en in FIRST:
        op.execute(first.bindparams(key=key, days=days, unit=unit, basis=basis, ro=ro, en=en))


def downgrade() -> None:
    op.drop_constraint(op.f("ck_consultation_kind_known"), "consultation", type_="check")
    op.create_check_constraint(op.f("ck_consultation_kind_known"), "consultation", BEFORE)
    op.drop_table("initiative_signature")
    op.drop_table("initiative_sheet")
    op.drop_index(op.f("ix_initiative_organisation_id"), table_name="initiative")
    op.drop_index(op.f("ix_initiative_neighbourhood_id"), table_name="initiative")
    op.drop_index("ix_initiative_closes_at", table_name="initiative")
    op.drop_index(op.f("ix_initiative_author_id"), table_name="initiative")
    op.drop_table("initiative")
    op.drop_table("initiative_share")
    op.drop_index(op.f("ix_initiative_electors_neighbourhood_id"), table_name="initiative_electors")
    op.drop_table("initiative_electors")
    op.execute("DELETE FROM deadline_version WHERE key LIKE 'initiative.%'")
