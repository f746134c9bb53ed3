"""Questionnaires of consultations: frozen by the first answer, answers apart from who answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

#: The race between a change and the first answer, and between two answers of one person, ends here.
RECEIVE = """
CREATE FUNCTION questionnaire_receives() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked integer;
    is_frozen boolean;
BEGIN
    -- Waits for the job that lets answers through; advisory locks leave nothing on a row.
    PERFORM pg_advisory_xact_lock_shared(730114, NEW.questionnaire_id);
    SELECT version, frozen INTO asked, is_frozen FROM questionnaire
    WHERE id = NEW.questionnaire_id AND published;
    IF FOUND AND NOT is_frozen THEN
        -- The first answer: waits for a change under way, which raises the version, and refuses later ones.
        UPDATE questionnaire SET frozen = true WHERE id = NEW.questionnaire_id AND published
        RETURNING version INTO asked;
    END IF;
    IF NOT FOUND OR asked <> NEW.version THEN
        RAISE EXCEPTION 'these answers are to another version of the questionnaire'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_questionnaire_arrival_version', TABLE = TG_TABLE_NAME;
    END IF;
    PERFORM 1 FROM questionnaire_participation
    WHERE questionnaire_id = NEW.questionnaire_id AND who = NEW.who;
    IF FOUND THEN
        RAISE EXCEPTION 'this person has answered'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'pk_questionnaire_arrival', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$
"""

#: What residents answered, and under which promise, stays what it was.
FREEZE = """
CREATE FUNCTION questionnaire_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a questionnaire asks does not change once somebody answered'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_questionnaire_frozen', TABLE = TG_TABLE_NAME;
END
$$
"""
_KEPT = (
    "consultation_id, title, title_en, intro, intro_en, english, access, keeps_groups, answer_first, results, "
    "definition, version, published, frozen"
)


def upgrade() -> None:
    op.create_table(
        "questionnaire_arrival",
        sa.Column("questionnaire_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(who) = 32", name=op.f("ck_questionnaire_arrival_who_is_a_mark")),
        sa.PrimaryKeyConstraint("questionnaire_id", "who", name=op.f("pk_questionnaire_arrival")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("intro", sa.String(), nullable=False),
        sa.Column("intro_en", sa.String(), nullable=False),
        sa.Column("english", sa.Boolean(), nullable=False),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("keeps_groups", sa.Boolean(), nullable=False),
        sa.Column("answer_first", sa.Boolean(), nullable=False),
        sa.Column("results", sa.String(), nullable=False),
        sa.Column("texts_public", sa.Boolean(), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT english OR title_en <> ''", name=op.f("ck_questionnaire_english_title")),
        sa.CheckConstraint(
            "access = 'verified' OR NOT keeps_groups", name=op.f("ck_questionnaire_groups_of_verified")
        ),
        sa.CheckConstraint(
            "access IN ('anyone', 'email', 'verified')", name=op.f("ck_questionnaire_access_known")
        ),
        sa.CheckConstraint("results IN ('open', 'closed')", name=op.f("ck_questionnaire_results_known")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_questionnaire_title_given")),
        sa.CheckConstraint("published OR NOT frozen", name=op.f("ck_questionnaire_frozen_is_published")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_questionnaire_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
    )
    op.create_index(
        op.f("ix_questionnaire_consultation_id"), "questionnaire", ["consultation_id"], unique=False
    )
    op.create_table(
        "questionnaire_count",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("grouping", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.CheckConstraint(
            "grouping IN ('', 'area', 'age')", name=op.f("ck_questionnaire_count_grouping_known")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_count_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "questionnaire_id", "item", "cell", "grouping", "member", name=op.f("pk_questionnaire_count")
        ),
    )
    op.create_table(
        "questionnaire_draft",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_draft_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_questionnaire_draft")),
    )
    op.create_index(
        "ix_questionnaire_draft_questionnaire_id", "questionnaire_draft", ["questionnaire_id"], unique=False
    )
    op.create_table(
        "questionnaire_file",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_questionnaire_file_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_file_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_questionnaire_file")),
    )
    op.create_index(
        op.f("ix_questionnaire_file_questionnaire_id"),
        "questionnaire_file",
        ["questionnaire_id"],
        unique=False,
    )
    op.create_table(
        "questionnaire_participation",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_participation_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "who", name=op.f("pk_questionnaire_participation")),
    )
    op.create_table(
        "questionnaire_response",
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("age", sa.String(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'paper')", name=op.f("ck_questionnaire_response_channel_known")
        ),
        sa.CheckConstraint("octet_length(id) = 16", name=op.f("ck_questionnaire_response_id_is_random")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_response_questionnaire_id_questionnaire"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "id", name=op.f("pk_questionnaire_response")),
    )
    op.execute(RECEIVE)
    op.execute(
        "CREATE TRIGGER questionnaire_receives BEFORE INSERT ON questionnaire_arrival "
        "FOR EACH ROW EXECUTE FUNCTION questionnaire_receives()"
    )
    op.execute(FREEZE)
    old, new = (", ".join(f"{row}.{name}" for name in _KEPT.split(", ")) for row in ("OLD", "NEW"))
    op.execute(
        "CREATE TRIGGER questionnaire_stays_frozen BEFORE UPDATE ON questionnaire FOR EACH ROW "
        f"WHEN (OLD.frozen AND ROW({old}) IS DISTINCT FROM ROW({new})) EXECUTE FUNCTION questionnaire_stays_frozen()"
    )
    op.execute(
        "CREATE TRIGGER questionnaire_is_kept BEFORE DELETE ON questionnaire FOR EACH ROW "
        "WHEN (OLD.frozen) EXECUTE FUNCTION questionnaire_stays_frozen()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER questionnaire_is_kept ON questionnaire")
    op.execute("DROP TRIGGER questionnaire_stays_frozen ON questionnaire")
    op.execute("DROP FUNCTION questionnaire_stays_frozen()")
    op.execute("DROP TRIGGER questionnaire_receives ON questionnaire_arrival")
    op.execute("DROP FUNCTION questionnaire_receives()")
    op.drop_table("questionnaire_response")
    op.drop_table("questionnaire_participation")
    op.drop_index(op.f("ix_questionnaire_file_questionnaire_id"), table_name="questionnaire_file")
    op.drop_table("questionnaire_file")
    op.drop_index("ix_questionnaire_draft_questionnaire_id", table_name="questionnaire_draft")
    op.drop_table("questionnaire_draft")
    op.drop_table("questionnaire_count")
    op.drop_index(op.f("ix_questionnaire_consultation_id"), table_name="questionnaire")
    op.drop_table("questionnaire")
    op.drop_table("questionnaire_arrival")
