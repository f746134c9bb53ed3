"""Debates of the agora, and the deadlines they go by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

#: key, days; all of them are the city hall's own rules
FIRST = (
    ("agora.seconding", 30),
    ("agora.arguing", 30),
    ("agora.answer", 60),
    ("agora.archive", 90),
    ("agora.objections", 7),
)


def upgrade() -> None:
    op.create_table(
        "agora_debate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("stances_first", sa.Boolean(), nullable=False),
        sa.Column("with_statements", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_needed", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("obliged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_version_id", sa.Integer(), nullable=True),
        sa.Column("summary_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objections_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_what", sa.String(), nullable=False),
        sa.Column("answer_department_id", sa.Integer(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stances_kept", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_reason", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer_what = '') AND (answered_at IS NULL) = (answer_department_id IS NULL)",
            name=op.f("ck_agora_debate_answer_whole"),
        ),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_reason = '')", name=op.f("ck_agora_debate_hidden_reasoned")
        ),
        sa.CheckConstraint(
            "(origin = 'organisation') = (organisation_id IS NOT NULL)",
            name=op.f("ck_agora_debate_organisation_named"),
        ),
        sa.CheckConstraint(
            "(subject_kind = '') = (subject_id IS NULL)", name=op.f("ck_agora_debate_subject_whole")
        ),
        sa.CheckConstraint(
            "dimension IN ('budgeting', 'contracting', 'decision_making', 'policy', 'services')",
            name=op.f("ck_agora_debate_dimension_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('resident', 'organisation', 'city')", name=op.f("ck_agora_debate_origin_known")
        ),
        sa.CheckConstraint("submitted_at IS NULL OR why <> ''", name=op.f("ck_agora_debate_why_given")),
        sa.CheckConstraint(
            "(obliged_at IS NULL) = (answer_due_at IS NULL) AND (obliged_at IS NULL) = (answer_version_id IS NULL)",
            name=op.f("ck_agora_debate_obligation_whole"),
        ),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (closes_at IS NULL) AND (opened_at IS NULL) = (seconds_until IS NULL) AND (opened_at IS NULL) = (seconds_needed IS NULL)",
            name=op.f("ck_agora_debate_opened_whole"),
        ),
        sa.CheckConstraint(
            "(summary_at IS NULL) = (objections_until IS NULL)", name=op.f("ck_agora_debate_summary_whole")
        ),
        sa.CheckConstraint(
            "answer_due_at IS NULL OR closes_at <= answer_due_at",
            name=op.f("ck_agora_debate_ends_before_answer"),
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR (objections_until IS NOT NULL AND answered_at >= objections_until)",
            name=op.f("ck_agora_debate_answered_after_summary"),
        ),
        sa.CheckConstraint(
            "archived_at IS NULL OR answered_at IS NOT NULL OR obliged_at IS NULL",
            name=op.f("ck_agora_debate_owed_answer_in_sight"),
        ),
        sa.CheckConstraint(
            "archived_at IS NULL OR closes_at <= archived_at", name=op.f("ck_agora_debate_archived_after_end")
        ),
        sa.CheckConstraint(
            "char_length(question) BETWEEN 1 AND 200", name=op.f("ck_agora_debate_question_length")
        ),
        sa.CheckConstraint("char_length(why) <= 2000", name=op.f("ck_agora_debate_why_length")),
        sa.CheckConstraint(
            "objections_until > summary_at", name=op.f("ck_agora_debate_objections_take_time")
        ),
        sa.CheckConstraint(
            "obliged_at >= opened_at AND obliged_at < seconds_until",
            name=op.f("ck_agora_debate_obliged_in_time"),
        ),
        sa.CheckConstraint("opened_at >= submitted_at", name=op.f("ck_agora_debate_opened_after_submission")),
        sa.CheckConstraint(
            "opened_at IS NULL OR submitted_at IS NOT NULL", name=op.f("ck_agora_debate_opened_was_submitted")
        ),
        sa.CheckConstraint("seconds_needed >= 1", name=op.f("ck_agora_debate_seconds_counted")),
        sa.CheckConstraint(
            "seconds_until > opened_at AND closes_at >= seconds_until",
            name=op.f("ck_agora_debate_ends_after_seconding"),
        ),
        sa.CheckConstraint("summary_at >= closes_at", name=op.f("ck_agora_debate_summary_after_end")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agora_debate_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["answer_department_id"],
            ["department.id"],
            name=op.f("fk_agora_debate_answer_department_id_department"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_version_id"],
            ["deadline_version.id"],
            name=op.f("fk_agora_debate_answer_version_id_deadline_version"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_agora_debate_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_agora_debate_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agora_debate_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_debate")),
    )
    op.create_index("ix_agora_debate_account_id", "agora_debate", ["account_id", "created_at"], unique=False)
    op.create_index("ix_agora_debate_closes_at", "agora_debate", ["closes_at", "id"], unique=False)
    op.create_index(
        op.f("ix_agora_debate_neighbourhood_id"), "agora_debate", ["neighbourhood_id"], unique=False
    )
    op.create_index(
        op.f("ix_agora_debate_organisation_id"), "agora_debate", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_agora_debate_search", "agora_debate", ["search_vector"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_agora_debate_subject", "agora_debate", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "agora_opinions",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("refused", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_agora_opinions_fingerprint_whole")),
        sa.CheckConstraint(
            "people >= 0 AND votes >= 0 AND statements >= 0", name=op.f("ck_agora_opinions_counts_plausible")
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_opinions_debate_id_agora_debate")
        ),
        sa.PrimaryKeyConstraint("debate_id", name=op.f("pk_agora_opinions")),
    )
    op.create_table(
        "agora_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("pseudonym_folded", sa.String(), nullable=True),
        sa.Column("stance", sa.Integer(), nullable=True),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(pseudonym = '') = (pseudonym_folded IS NULL)", name=op.f("ck_agora_participant_pseudonym_whole")
        ),
        sa.CheckConstraint(
            "char_length(pseudonym) <= 40", name=op.f("ck_agora_participant_pseudonym_length")
        ),
        sa.CheckConstraint("stance IN (-1, 0, 1)", name=op.f("ck_agora_participant_stance_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agora_participant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_participant_debate_id_agora_debate")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_agora_participant_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_participant")),
        sa.UniqueConstraint(
            "debate_id", "account_id", name=op.f("uq_agora_participant_debate_id_account_id")
        ),
        sa.UniqueConstraint(
            "debate_id", "pseudonym_folded", name=op.f("uq_agora_participant_debate_id_pseudonym_folded")
        ),
        sa.UniqueConstraint("id", "debate_id", name=op.f("uq_agora_participant_id_debate_id")),
    )
    op.create_index("ix_agora_participant_account_id", "agora_participant", ["account_id"], unique=False)
    op.create_table(
        "agora_second",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["debate_id"],
            ["agora_debate.id"],
            name=op.f("fk_agora_second_debate_id_agora_debate"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agora_second_person_id_person")),
        sa.PrimaryKeyConstraint("debate_id", "person_id", name=op.f("pk_agora_second")),
    )
    op.create_index(op.f("ix_agora_second_person_id"), "agora_second", ["person_id"], unique=False)
    op.create_table(
        "agora_sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "section IN ('agreed', 'divisive', 'minority', 'open')",
            name=op.f("ck_agora_sentence_section_known"),
        ),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 500", name=op.f("ck_agora_sentence_text_length")),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_sentence_debate_id_agora_debate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_sentence")),
        sa.UniqueConstraint("id", "debate_id", name=op.f("uq_agora_sentence_id_debate_id")),
    )
    op.create_index("ix_agora_sentence_debate_id", "agora_sentence", ["debate_id", "id"], unique=False)
    op.create_table(
        "agora_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hidden_reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'hidden') = (hidden_reason <> '')", name=op.f("ck_agora_objection_hidden_reasoned")
        ),
        sa.CheckConstraint(
            "state IN ('visible', 'held', 'hidden')", name=op.f("ck_agora_objection_state_known")
        ),
        sa.CheckConstraint(
            "char_length(text) BETWEEN 1 AND 500", name=op.f("ck_agora_objection_text_length")
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_objection_debate_id_agora_debate")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_objection_participant",
        ),
        sa.ForeignKeyConstraint(
            ["sentence_id", "debate_id"],
            ["agora_sentence.id", "agora_sentence.debate_id"],
            name="fk_agora_objection_sentence",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_objection")),
        sa.UniqueConstraint(
            "debate_id", "participant_id", name=op.f("uq_agora_objection_debate_id_participant_id")
        ),
    )
    op.create_table(
        "agora_place",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("group", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_opinions.debate_id"], name=op.f("fk_agora_place_debate_id_agora_opinions")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["agora_participant.id"],
            name=op.f("fk_agora_place_participant_id_agora_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_agora_place")),
    )
    op.create_index(op.f("ix_agora_place_debate_id"), "agora_place", ["debate_id"], unique=False)
    op.create_table(
        "agora_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("parent_kind", sa.String(), nullable=True),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hidden_reason", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_yes", sa.Integer(), nullable=False),
        sa.Column("for_seen", sa.Integer(), nullable=False),
        sa.Column("against_yes", sa.Integer(), nullable=False),
        sa.Column("against_seen", sa.Integer(), nullable=False),
        sa.Column("other_yes", sa.Integer(), nullable=False),
        sa.Column("other_seen", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("stems", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, stems)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(state = 'hidden') = (hidden_reason <> '')", name=op.f("ck_agora_post_hidden_reasoned")
        ),
        sa.CheckConstraint(
            "(function = '') = (department_id IS NULL)", name=op.f("ck_agora_post_official_whole")
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'argument' THEN side IN ('for', 'against', 'consider', 'note') ELSE side = '' END",
            name=op.f("ck_agora_post_side_of_argument"),
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'position' THEN parent_id IS NULL WHEN 'argument' THEN parent_id IS NULL OR parent_kind = 'position' ELSE parent_id IS NOT NULL AND parent_kind = 'argument' END",
            name=op.f("ck_agora_post_one_level_deep"),
        ),
        sa.CheckConstraint(
            "char_length(body) BETWEEN 1 AND CASE kind WHEN 'position' THEN 200 ELSE 500 END",
            name=op.f("ck_agora_post_one_point"),
        ),
        sa.CheckConstraint(
            "kind IN ('position', 'argument', 'reply')", name=op.f("ck_agora_post_kind_known")
        ),
        sa.CheckConstraint("side <> 'note' OR function <> ''", name=op.f("ck_agora_post_note_of_official")),
        sa.CheckConstraint("source = '' OR source ~* '^https?://'", name=op.f("ck_agora_post_source_http")),
        sa.CheckConstraint("state IN ('visible', 'held', 'hidden')", name=op.f("ck_agora_post_state_known")),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (parent_kind IS NULL)", name=op.f("ck_agora_post_parent_whole")
        ),
        sa.CheckConstraint(
            "for_yes BETWEEN 0 AND for_seen AND against_yes BETWEEN 0 AND against_seen AND other_yes BETWEEN 0 AND other_seen AND unknown >= 0",
            name=op.f("ck_agora_post_counts_plausible"),
        ),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_post_debate_id_agora_debate")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_agora_post_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "debate_id", "parent_kind"],
            ["agora_post.id", "agora_post.debate_id", "agora_post.kind"],
            name="fk_agora_post_parent",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_post_participant",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_post")),
        sa.UniqueConstraint("id", "debate_id", "kind", name=op.f("uq_agora_post_id_debate_id_kind")),
        sa.UniqueConstraint("participant_id", "form_key", name=op.f("uq_agora_post_participant_id_form_key")),
    )
    op.create_index("ix_agora_post_parent_id", "agora_post", ["parent_id", "created_at"], unique=False)
    op.create_index(
        "ix_agora_post_participant_id", "agora_post", ["participant_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_agora_post_search", "agora_post", ["search_vector"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_agora_post_thread",
        "agora_post",
        ["debate_id", "kind", "parent_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "agora_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hidden_reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "(state = 'hidden') = (hidden_reason <> '')", name=op.f("ck_agora_statement_hidden_reasoned")
        ),
        sa.CheckConstraint(
            "state IN ('visible', 'held', 'hidden')", name=op.f("ck_agora_statement_state_known")
        ),
        sa.CheckConstraint(
            "char_length(text) BETWEEN 1 AND 140", name=op.f("ck_agora_statement_text_length")
        ),
        sa.CheckConstraint("weight > 0", name=op.f("ck_agora_statement_weight_positive")),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["agora_debate.id"], name=op.f("fk_agora_statement_debate_id_agora_debate")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_statement_participant",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agora_statement")),
        sa.UniqueConstraint("debate_id", "folded", name=op.f("uq_agora_statement_debate_id_folded")),
        sa.UniqueConstraint("id", "debate_id", name=op.f("uq_agora_statement_id_debate_id")),
    )
    op.create_index("ix_agora_statement_participant_id", "agora_statement", ["participant_id"], unique=False)
    op.create_table(
        "agora_citation",
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("post_kind", sa.String(), nullable=False),
        sa.CheckConstraint("post_kind = 'argument'", name=op.f("ck_agora_citation_cites_argument")),
        sa.ForeignKeyConstraint(
            ["post_id", "debate_id", "post_kind"],
            ["agora_post.id", "agora_post.debate_id", "agora_post.kind"],
            name="fk_agora_citation_post",
        ),
        sa.ForeignKeyConstraint(
            ["sentence_id", "debate_id"],
            ["agora_sentence.id", "agora_sentence.debate_id"],
            name="fk_agora_citation_sentence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sentence_id", "post_id", name=op.f("pk_agora_citation")),
    )
    op.create_index("ix_agora_citation_post_id", "agora_citation", ["post_id"], unique=False)
    op.create_table(
        "agora_judgement",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("stance", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stance IN (-1, 0, 1)", name=op.f("ck_agora_judgement_stance_known")),
        sa.CheckConstraint("value IN (-1, 0, 1)", name=op.f("ck_agora_judgement_value_known")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["agora_participant.id"],
            name=op.f("fk_agora_judgement_participant_id_agora_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["agora_post.id"], name=op.f("fk_agora_judgement_post_id_agora_post")
        ),
        sa.PrimaryKeyConstraint("post_id", "participant_id", name=op.f("pk_agora_judgement")),
    )
    op.create_index("ix_agora_judgement_participant_id", "agora_judgement", ["participant_id"], unique=False)
    op.create_index(
        "ix_agora_judgement_waiting", "agora_judgement", ["at"], unique=False, postgresql_where="NOT counted"
    )
    op.create_table(
        "agora_vote",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value IN (-1, 0, 1)", name=op.f("ck_agora_vote_value_known")),
        sa.ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_vote_participant",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id", "debate_id"],
            ["agora_statement.id", "agora_statement.debate_id"],
            name="fk_agora_vote_statement",
        ),
        sa.PrimaryKeyConstraint("participant_id", "statement_id", name=op.f("pk_agora_vote")),
    )
    op.create_index("ix_agora_vote_debate_id", "agora_vote", ["debate_id", "at"], unique=False)
    first = sa.text(
        "INSERT INTO deadline_version"
        " (key, number, days, unit, basis, source_ro, source_en, since, reason, verified_by)"
        " VALUES (:key, 1, :days, 'calendar', 'house', 'regulilor proprii ale primăriei',"
        " 'the city hall''s own rules', now(), '', '')"
    )
    for key, days in FIRST:
        op.execute(first.bindparams(key=key, days=days))


def downgrade() -> None:
    op.execute("DELETE FROM deadline_version WHERE key LIKE 'agora.%'")
    op.drop_index("ix_agora_vote_debate_id", table_name="agora_vote")
    op.drop_table("agora_vote")
    op.drop_index("ix_agora_judgement_waiting", table_name="agora_judgement", postgresql_where="NOT counted")
    op.drop_index("ix_agora_judgement_participant_id", table_name="agora_judgement")
    op.drop_table("agora_judgement")
    op.drop_index("ix_agora_citation_post_id", table_name="agora_citation")
    op.drop_table("agora_citation")
    op.drop_index("ix_agora_statement_participant_id", table_name="agora_statement")
    op.drop_table("agora_statement")
    op.drop_index("ix_agora_post_thread", table_name="agora_post")
    op.drop_index("ix_agora_post_search", table_name="agora_post", postgresql_using="gin")
    op.drop_index("ix_agora_post_participant_id", table_name="agora_post")
    op.drop_index("ix_agora_post_parent_id", table_name="agora_post")
    op.drop_table("agora_post")
    op.drop_index(op.f("ix_agora_place_debate_id"), table_name="agora_place")
    op.drop_table("agora_place")
    op.drop_table("agora_objection")
    op.drop_index("ix_agora_sentence_debate_id", table_name="agora_sentence")
    op.drop_table("agora_sentence")
    op.drop_index(op.f("ix_agora_second_person_id"), table_name="agora_second")
    op.drop_table("agora_second")
    op.drop_index("ix_agora_participant_account_id", table_name="agora_participant")
    op.drop_table("agora_participant")
    op.drop_table("agora_opinions")
    op.drop_index("ix_agora_debate_subject", table_name="agora_debate")
    op.drop_index("ix_agora_debate_search", table_name="agora_debate", postgresql_using="gin")
    op.drop_index(op.f("ix_agora_debate_organisation_id"), table_name="agora_debate")
    op.drop_index(op.f("ix_agora_debate_neighbourhood_id"), table_name="agora_debate")
    op.drop_index("ix_agora_debate_closes_at", table_name="agora_debate")
    op.drop_index("ix_agora_debate_account_id", table_name="agora_debate")
    op.drop_table("agora_debate")
