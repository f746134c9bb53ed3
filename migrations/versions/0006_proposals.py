"""Proposals, comments, the departments' analysis, appeals and moderation; the first reasons for rejection."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


REASONS = [
    (
        "not_competence",
        "Nu este competența primăriei",
        "Not a municipal competence",
        "Legea dă această sarcină altei autorități, iar primăria nu o poate finanța.",
        "The law gives this task to another authority, so the city hall may not fund it.",
    ),
    (
        "land",
        "Terenul nu este public sau este în litigiu",
        "Land not public or in litigation",
        "Se poate construi numai pe teren al cărui drept de proprietate sau administrare îl are orașul, fără proces.",
        "Building is possible only on land the city owns or administers, free of litigation.",
    ),
    (
        "private_interest",
        "Scop comercial, politic sau doar pentru un grup",
        "Commercial, political or for one group only",
        "Proiectul trebuie să fie deschis tuturor locuitorilor, fără câștig pentru o firmă, un partid sau un grup închis.",
        "A project must be open to all residents, with no gain for a company, a party or a closed group.",
    ),
    (
        "over_cap",
        "Depășește valoarea maximă",
        "Over the cap",
        "Costul estimat de direcții trece de valoarea maximă a ediției.",
        "The cost estimated by the departments is above the round's cap.",
    ),
    (
        "running_costs",
        "Costuri de întreținere prea mari",
        "Running costs too high",
        "Întreținerea pe cinci ani ar costa mai mult decât poate susține bugetul local.",
        "Five years of upkeep would cost more than the local budget can bear.",
    ),
    (
        "conflicts_plan",
        "Contravine unui plan existent",
        "Conflicts with an existing plan",
        "Pe acel loc este deja aprobat un plan urbanistic sau un alt proiect.",
        "A zoning plan or another project is already approved for that place.",
    ),
    (
        "vague_location",
        "Locul nu este destul de precis",
        "Location too vague",
        "Direcțiile nu au putut afla unde s-ar construi.",
        "The departments could not tell where it would be built.",
    ),
    (
        "already_covered",
        "Există deja într-un alt program",
        "Already covered by another programme",
        "Primăria are deja acest proiect într-un program cu finanțare.",
        "The city hall already has this project in a funded programme.",
    ),
    (
        "not_legal",
        "Nu respectă legea",
        "Not legal",
        "Nu poate fi autorizat sau finanțat după regulile în vigoare.",
        "It cannot be permitted or funded under the rules in force.",
    ),
    (
        "content",
        "Date personale sau conținut ofensator",
        "Personal data or offensive content",
        "Textul conține date despre persoane sau un limbaj care nu poate fi publicat.",
        "The text holds data about people or language that cannot be published.",
    ),
]


def upgrade() -> None:
    op.create_table(
        "rejection_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_ro", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("explanation_ro", sa.String(), nullable=False),
        sa.Column("explanation_en", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejection_reason")),
        sa.UniqueConstraint("code", name=op.f("uq_rejection_reason_code")),
    )
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('publish', 'request_changes', 'hide', 'redirect', 'dismiss', 'withdrawn')",
            name=op.f("ck_moderation_case_decision_known"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('publish', 'dismiss', 'withdrawn') OR reason <> ''",
            name=op.f("ck_moderation_case_refusal_has_reason"),
        ),
        sa.CheckConstraint("why IN ('new', 'reported')", name=op.f("ck_moderation_case_why_known")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_moderation_case_decision_whole")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_moderation_case_decided_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
    )
    op.create_index(
        "ix_moderation_case_due",
        "moderation_case",
        ["due_at"],
        unique=False,
        postgresql_where="decided_at IS NULL",
    )
    op.create_index(
        "ix_moderation_case_subject", "moderation_case", ["subject_kind", "subject_id"], unique=False
    )
    op.create_index(
        "uq_moderation_case_open",
        "moderation_case",
        ["subject_kind", "subject_id"],
        unique=True,
        postgresql_where="decided_at IS NULL",
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_label", sa.String(), nullable=False),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("idea", sa.String(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("cost_text", sa.String(), nullable=False),
        sa.Column("estimated_cost", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("official_cost", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("editor", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_proposal_submitted_has_time")
        ),
        sa.CheckConstraint(
            "state IN ('changes_requested', 'draft') OR (char_length(title) <= 120 AND char_length(problem) <= 5000 AND char_length(idea) <= 5000)",
            name=op.f("ck_proposal_within_limits"),
        ),
        sa.CheckConstraint(
            "state IN ('changes_requested', 'draft') OR (title <> '' AND problem <> '' AND idea <> '' AND neighbourhood_id IS NOT NULL AND category_id IS NOT NULL)",
            name=op.f("ck_proposal_complete_once_submitted"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'changes_requested', 'published', 'in_analysis', 'eligible', 'rejected', 'contested', 'admitted', 'winner', 'reserve', 'not_funded', 'hidden', 'redirected', 'withdrawn')",
            name=op.f("ck_proposal_state_known"),
        ),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_proposal_point_whole")),
        sa.CheckConstraint(
            "estimated_cost IS NULL OR estimated_cost > 0", name=op.f("ck_proposal_cost_positive")
        ),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
            name=op.f("ck_proposal_point_on_earth"),
        ),
        sa.CheckConstraint(
            "official_cost IS NULL OR official_cost > 0", name=op.f("ck_proposal_official_cost_positive")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_proposal_author_id_account")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_proposal_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_proposal_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposal_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("import_key", name=op.f("uq_proposal_import_key")),
    )
    op.create_index("ix_proposal_author_id", "proposal", ["author_id"], unique=False)
    op.create_index("ix_proposal_list", "proposal", ["state", "published_at", "id"], unique=False)
    op.create_index("ix_proposal_neighbourhood_id", "proposal", ["neighbourhood_id"], unique=False)
    op.create_index("ix_proposal_round_id", "proposal", ["round_id", "state"], unique=False)
    op.create_index("ix_proposal_search", "proposal", ["search_vector"], unique=False, postgresql_using="gin")
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (reason = '')",
            name=op.f("ck_appeal_decision_whole"),
        ),
        sa.CheckConstraint("outcome IN ('upheld', 'dismissed')", name=op.f("ck_appeal_outcome_known")),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 5000", name=op.f("ck_appeal_text_length")),
        sa.CheckConstraint("decided_by_id <> filed_by_id", name=op.f("ck_appeal_not_decided_by_its_author")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_appeal_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["account.id"], name=op.f("fk_appeal_filed_by_id_account")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_appeal_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index("ix_appeal_proposal_id", "appeal", ["proposal_id"], unique=False)
    op.create_index(
        "uq_appeal_open", "appeal", ["proposal_id"], unique=True, postgresql_where="decided_at IS NULL"
    )
    op.create_table(
        "content_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["moderation_case.id"],
            name=op.f("fk_content_report_case_id_moderation_case"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["account.id"], name=op.f("fk_content_report_reporter_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_report")),
        sa.UniqueConstraint("case_id", "reporter_id", name=op.f("uq_content_report_case_id_reporter_id")),
    )
    op.create_index(op.f("ix_content_report_reporter_id"), "content_report", ["reporter_id"], unique=False)
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evaluator_id", sa.Integer(), nullable=True),
        sa.Column("legal_verdict", sa.String(), nullable=True),
        sa.Column("legal_text", sa.String(), nullable=False),
        sa.Column("technical_verdict", sa.String(), nullable=True),
        sa.Column("technical_text", sa.String(), nullable=False),
        sa.Column("cost_verdict", sa.String(), nullable=True),
        sa.Column("cost_text", sa.String(), nullable=False),
        sa.Column("land_verdict", sa.String(), nullable=True),
        sa.Column("land_text", sa.String(), nullable=False),
        sa.Column("running_cost_verdict", sa.String(), nullable=True),
        sa.Column("running_cost_text", sa.String(), nullable=False),
        sa.Column("official_estimate", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "cost_verdict IN ('ok', 'problem', 'not_applicable')",
            name=op.f("ck_evaluation_cost_verdict_known"),
        ),
        sa.CheckConstraint(
            "land_verdict IN ('ok', 'problem', 'not_applicable')",
            name=op.f("ck_evaluation_land_verdict_known"),
        ),
        sa.CheckConstraint(
            "legal_verdict IN ('ok', 'problem', 'not_applicable')",
            name=op.f("ck_evaluation_legal_verdict_known"),
        ),
        sa.CheckConstraint("result IN ('eligible', 'rejected')", name=op.f("ck_evaluation_result_known")),
        sa.CheckConstraint(
            "running_cost_verdict IN ('ok', 'problem', 'not_applicable')",
            name=op.f("ck_evaluation_running_cost_verdict_known"),
        ),
        sa.CheckConstraint(
            "technical_verdict IN ('ok', 'problem', 'not_applicable')",
            name=op.f("ck_evaluation_technical_verdict_known"),
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (answered_at IS NULL) AND (result IS NULL) = (evaluator_id IS NULL)",
            name=op.f("ck_evaluation_answer_whole"),
        ),
        sa.CheckConstraint(
            "official_estimate IS NULL OR official_estimate > 0", name=op.f("ck_evaluation_estimate_positive")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_evaluation_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["account.id"], name=op.f("fk_evaluation_evaluator_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_evaluation_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint(
            "proposal_id", "department_id", name=op.f("uq_evaluation_proposal_id_department_id")
        ),
    )
    op.create_index(
        "ix_evaluation_department_id", "evaluation", ["department_id", "answered_at"], unique=False
    )
    op.create_table(
        "proposal_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("parent_depth", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('visible', 'held', 'hidden')", name=op.f("ck_proposal_comment_state_known")
        ),
        sa.CheckConstraint(
            "(parent_id IS NULL AND depth = 0 AND parent_depth IS NULL) OR (parent_id IS NOT NULL AND depth = 1 AND parent_depth = 0)",
            name=op.f("ck_proposal_comment_one_level_of_replies"),
        ),
        sa.CheckConstraint(
            "char_length(body) BETWEEN 1 AND 3000", name=op.f("ck_proposal_comment_body_length")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_proposal_comment_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "proposal_id", "parent_depth"],
            ["proposal_comment.id", "proposal_comment.proposal_id", "proposal_comment.depth"],
            name="fk_proposal_comment_parent",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_comment_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_comment")),
        sa.UniqueConstraint("author_id", "form_key", name=op.f("uq_proposal_comment_author_id_form_key")),
        sa.UniqueConstraint(
            "id", "proposal_id", "depth", name=op.f("uq_proposal_comment_id_proposal_id_depth")
        ),
    )
    op.create_index(
        "ix_proposal_comment_author_id", "proposal_comment", ["author_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_proposal_comment_thread",
        "proposal_comment",
        ["proposal_id", "parent_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "proposal_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('image', 'document')", name=op.f("ck_proposal_file_kind_known")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_proposal_file_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_file_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_file")),
        sa.UniqueConstraint("proposal_id", "file_id", name=op.f("uq_proposal_file_proposal_id_file_id")),
    )
    op.create_index("ix_proposal_file_file_id", "proposal_file", ["file_id"], unique=False)
    op.create_table(
        "redirection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("registration_number <> ''", name=op.f("ck_redirection_numbered")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_redirection_case_id_moderation_case")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_redirection_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redirection")),
        sa.UniqueConstraint("case_id", name=op.f("uq_redirection_case_id")),
    )
    op.create_index("ix_redirection_subject", "redirection", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "evaluation_reason",
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluation.id"],
            name=op.f("fk_evaluation_reason_evaluation_id_evaluation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"],
            ["rejection_reason.id"],
            name=op.f("fk_evaluation_reason_reason_id_rejection_reason"),
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "reason_id", name=op.f("pk_evaluation_reason")),
    )
    columns = ("code", "name_ro", "name_en", "explanation_ro", "explanation_en")
    op.bulk_insert(
        sa.table(
            "rejection_reason",
            *(sa.column(name, sa.String) for name in columns),
            sa.column("active", sa.Boolean),
            sa.column("position", sa.Integer),
        ),
        [
            {**dict(zip(columns, row, strict=True)), "active": True, "position": position}
            for position, row in enumerate(REASONS)
        ],
    )


def downgrade() -> None:
    op.drop_table("evaluation_reason")
    op.drop_index("ix_redirection_subject", table_name="redirection")
    op.drop_table("redirection")
    op.drop_index("ix_proposal_file_file_id", table_name="proposal_file")
    op.drop_table("proposal_file")
    op.drop_index("ix_proposal_comment_thread", table_name="proposal_comment")
    op.drop_index("ix_proposal_comment_author_id", table_name="proposal_comment")
    op.drop_table("proposal_comment")
    op.drop_index("ix_evaluation_department_id", table_name="evaluation")
    op.drop_table("evaluation")
    op.drop_index(op.f("ix_content_report_reporter_id"), table_name="content_report")
    op.drop_table("content_report")
    op.drop_index("uq_appeal_open", table_name="appeal", postgresql_where="decided_at IS NULL")
    op.drop_index("ix_appeal_proposal_id", table_name="appeal")
    op.drop_table("appeal")
    op.drop_index("ix_proposal_search", table_name="proposal", postgresql_using="gin")
    op.drop_index("ix_proposal_round_id", table_name="proposal")
    op.drop_index("ix_proposal_neighbourhood_id", table_name="proposal")
    op.drop_index("ix_proposal_list", table_name="proposal")
    op.drop_index("ix_proposal_author_id", table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(
        "uq_moderation_case_open", table_name="moderation_case", postgresql_where="decided_at IS NULL"
    )
    op.drop_index("ix_moderation_case_subject", table_name="moderation_case")
    op.drop_index(
        "ix_moderation_case_due", table_name="moderation_case", postgresql_where="decided_at IS NULL"
    )
    op.drop_table("moderation_case")
    op.drop_table("rejection_reason")
