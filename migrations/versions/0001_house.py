"""The house: accounts, places, rounds, files, the records and the queues."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_record")),
    )
    op.create_index("ix_audit_record_at", "audit_record", ["at"], unique=False)
    op.create_index("ix_audit_record_subject", "audit_record", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name_ro", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("icon", sa.String(), nullable=False),
        sa.Column("tint", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("slug", name=op.f("uq_department_slug")),
    )
    op.create_table(
        "neighbourhood",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("shape", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
            name=op.f("ck_neighbourhood_point_on_earth"),
        ),
        sa.CheckConstraint(
            "population IS NULL OR population >= 0", name=op.f("ck_neighbourhood_population_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood")),
        sa.UniqueConstraint("slug", name=op.f("uq_neighbourhood_slug")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dedup_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_message_dedup_key")),
    )
    op.create_index(
        "ix_outbox_message_due",
        "outbox_message",
        ["due_at"],
        unique=False,
        postgresql_where="sent_at IS NULL AND given_up_at IS NULL",
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_key_at", "sign_in_failure", ["key", "at"], unique=False)
    op.create_table(
        "subject_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_kind", sa.String(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_kind", sa.String(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_link")),
        sa.UniqueConstraint(
            "from_kind",
            "from_id",
            "to_kind",
            "to_id",
            name=op.f("uq_subject_link_from_kind_from_id_to_kind_to_id"),
        ),
    )
    op.create_index(op.f("ix_subject_link_from_id"), "subject_link", ["from_id"], unique=False)
    op.create_index(op.f("ix_subject_link_to_id"), "subject_link", ["to_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_task_state_known")
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_task_progress_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        "ix_task_waiting",
        "task",
        ["created_at"],
        unique=False,
        postgresql_where="state IN ('queued', 'running')",
    )
    op.create_table(
        "timeline_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_event")),
    )
    op.create_index(
        "ix_timeline_event_subject",
        "timeline_event",
        ["subject_kind", "subject_id", "at", "id"],
        unique=False,
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_heartbeat")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("area_basis", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "method = 'recorded' OR birth_date IS NOT NULL", name=op.f("ck_person_birth_date_required")
        ),
        sa.CheckConstraint(
            "method = 'recorded' OR identity_hash IS NOT NULL", name=op.f("ck_person_identity_required")
        ),
        sa.CheckConstraint(
            "method IN ('desk', 'letter', 'declaration', 'roeid', 'recorded')",
            name=op.f("ck_person_method_known"),
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_person_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["account.id"], name=op.f("fk_person_verified_by_id_account"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("identity_hash", name=op.f("uq_person_identity_hash")),
    )
    op.create_index(op.f("ix_person_neighbourhood_id"), "person", ["neighbourhood_id"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.Column("regulation_decision", sa.String(), nullable=False),
        sa.Column("regulation_date", sa.Date(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("area_basis", sa.String(), nullable=False),
        sa.Column("late_registration", sa.Boolean(), nullable=False),
        sa.Column("min_cost", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("max_cost", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("counting_rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("publication_mode", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("roll_fingerprint", sa.String(), nullable=True),
        sa.Column("tie_seed", sa.String(), nullable=True),
        sa.Column("box_public_key", sa.LargeBinary(), nullable=True),
        sa.Column("box_secret_wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(adopted_at IS NULL) = (adopted_by = '')", name=op.f("ck_round_adopted_cites_decision")
        ),
        sa.CheckConstraint(
            "area_basis IN ('domicile', 'residence', 'work', 'study', 'any', 'free')",
            name=op.f("ck_round_area_basis_known"),
        ),
        sa.CheckConstraint("kind IN ('city', 'recorded')", name=op.f("ck_round_kind_known")),
        sa.CheckConstraint(
            "publication_mode IN ('inclusion_only', 'open')", name=op.f("ck_round_publication_mode_known")
        ),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (fingerprint IS NULL)", name=op.f("ck_round_frozen_with_fingerprint")
        ),
        sa.CheckConstraint(
            "adopted_at IS NULL OR results_at IS NOT NULL", name=op.f("ck_round_adopted_after_results")
        ),
        sa.CheckConstraint("char_length(currency) = 3", name=op.f("ck_round_currency_iso")),
        sa.CheckConstraint(
            "closed_at IS NULL OR frozen_at IS NOT NULL", name=op.f("ck_round_closed_after_frozen")
        ),
        sa.CheckConstraint(
            "max_age IS NULL OR max_age >= coalesce(min_age, 0)", name=op.f("ck_round_age_range")
        ),
        sa.CheckConstraint(
            "min_age IS NULL OR min_age BETWEEN 0 AND 120", name=op.f("ck_round_min_age_plausible")
        ),
        sa.CheckConstraint(
            "results_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_round_results_after_closed")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_round_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("slug", name=op.f("uq_round_slug")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_account_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    op.create_index("uq_account_email", "account", ["email"], unique=True)
    op.create_table(
        "ballot_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("ballot_kind", sa.String(), nullable=False),
        sa.Column("min_choices", sa.Integer(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=True),
        sa.Column("max_cost", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("points_total", sa.Integer(), nullable=True),
        sa.Column("points_each", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ballot_kind = 'knapsack') = (max_cost IS NOT NULL)",
            name=op.f("ck_ballot_group_knapsack_has_cost"),
        ),
        sa.CheckConstraint(
            "(ballot_kind = 'points') = (points_total IS NOT NULL)",
            name=op.f("ck_ballot_group_points_have_total"),
        ),
        sa.CheckConstraint(
            "ballot_kind <> 'choose_one' OR max_choices = 1", name=op.f("ck_ballot_group_choose_one_is_one")
        ),
        sa.CheckConstraint(
            "ballot_kind IN ('approval', 'knapsack', 'points', 'choose_one', 'ordinal')",
            name=op.f("ck_ballot_group_ballot_kind_known"),
        ),
        sa.CheckConstraint(
            "max_choices IS NULL OR max_choices >= greatest(min_choices, 1)",
            name=op.f("ck_ballot_group_choices_range"),
        ),
        sa.CheckConstraint(
            "max_cost IS NULL OR max_cost > 0", name=op.f("ck_ballot_group_max_cost_positive")
        ),
        sa.CheckConstraint("min_choices >= 0", name=op.f("ck_ballot_group_min_choices_not_negative")),
        sa.CheckConstraint(
            "points_each IS NULL OR points_each BETWEEN 1 AND points_total",
            name=op.f("ck_ballot_group_points_each_range"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_ballot_group_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_ballot_group_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_ballot_group_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_group")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_ballot_group_round_id_name")),
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('information', 'submission', 'analysis', 'appeals', 'voting', 'validation', 'results')",
            name=op.f("ck_phase_kind_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_phase_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_phase_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("round_id", "kind", name=op.f("uq_phase_round_id_kind")),
    )
    op.create_table(
        "pot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pot_amount_positive")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_pot_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_pot_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pot")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_pot_round_id_name")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(role = 'evaluator') = (department_id IS NOT NULL)",
            name=op.f("ck_role_grant_department_for_evaluators"),
        ),
        sa.CheckConstraint(
            "role IN ('moderator', 'evaluator', 'staff', 'clerk', 'auditor', 'administrator')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_role_grant_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["account.id"], name=op.f("fk_role_grant_granted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "account_id",
            "role",
            "department_id",
            name=op.f("uq_role_grant_account_id_role_department_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_size_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_stored_file_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
    )
    op.create_table(
        "round_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('regulation', 'impact_study', 'improvement_list', 'priority_domains', 'minutes', 'other')",
            name=op.f("ck_round_document_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_round_document_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_document_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_document")),
    )
    op.create_index(op.f("ix_round_document_round_id"), "round_document", ["round_id"], unique=False)
    # The cycle person → account → person is closed once both exist.
    op.create_foreign_key(
        op.f("fk_person_verified_by_id_account"), "person", "account", ["verified_by_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_person_verified_by_id_account"), "person", type_="foreignkey")
    op.drop_index(op.f("ix_round_document_round_id"), table_name="round_document")
    op.drop_table("round_document")
    op.drop_table("stored_file")
    op.drop_table("role_grant")
    op.drop_table("pot")
    op.drop_table("phase")
    op.drop_table("ballot_group")
    op.drop_index("uq_account_email", table_name="account")
    op.drop_table("account")
    op.drop_table("round")
    op.drop_index(op.f("ix_person_neighbourhood_id"), table_name="person")
    op.drop_table("person")
    op.drop_table("worker_heartbeat")
    op.drop_index("ix_timeline_event_subject", table_name="timeline_event")
    op.drop_table("timeline_event")
    op.drop_index("ix_task_waiting", table_name="task", postgresql_where="state IN ('queued', 'running')")
    op.drop_table("task")
    op.drop_index(op.f("ix_subject_link_to_id"), table_name="subject_link")
    op.drop_index(op.f("ix_subject_link_from_id"), table_name="subject_link")
    op.drop_table("subject_link")
    op.drop_index("ix_sign_in_failure_key_at", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_table("programme")
    op.drop_index(
        "ix_outbox_message_due",
        table_name="outbox_message",
        postgresql_where="sent_at IS NULL AND given_up_at IS NULL",
    )
    op.drop_table("outbox_message")
    op.drop_table("neighbourhood")
    op.drop_table("department")
    op.drop_table("category")
    op.drop_index("ix_audit_record_subject", table_name="audit_record")
    op.drop_index("ix_audit_record_at", table_name="audit_record")
    op.drop_table("audit_record")
