"""A round may hold questions instead of projects, for some neighbourhoods alone; what the council decided, in words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

#: What a ballot asks and whom is frozen with its round, as its projects are.
FREEZE_QUESTIONS = """
CREATE FUNCTION question_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted integer;
    frozen timestamptz;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.round_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.round_id END
    ] LOOP
        CONTINUE WHEN wanted IS NULL;
        -- Waits for a transaction that is freezing the round just now.
        SELECT frozen_at INTO frozen FROM round WHERE id = wanted FOR SHARE;
        IF frozen IS NOT NULL THEN
            RAISE EXCEPTION 'what a ballot asks does not change once voting opened'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_question_frozen', TABLE = TG_TABLE_NAME;
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$
"""

KEEP_CONTENT = """
CREATE FUNCTION round_content_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what residents vote on does not change once a round exists'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_round_content_stays', TABLE = 'round';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("arguments_for", sa.String(), nullable=False),
        sa.Column("arguments_against", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("options", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=True),
        sa.Column("may_abstain", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'several') = (max_choices IS NOT NULL) AND coalesce(max_choices, 2) BETWEEN 2 AND greatest(cardinality(options), 2)",
            name=op.f("ck_question_max_choices_range"),
        ),
        sa.CheckConstraint(
            "cardinality(options) = 0 AND kind = 'yes_no' OR cardinality(options) BETWEEN 2 AND 12 AND kind <> 'yes_no'",
            name=op.f("ck_question_options_fit_kind"),
        ),
        sa.CheckConstraint("kind IN ('yes_no', 'one', 'several')", name=op.f("ck_question_kind_known")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_question_text_given")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_question_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_round_id"), "question", ["round_id"], unique=False)
    op.create_table(
        "round_area",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_round_area_neighbourhood_id_neighbourhood"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_area_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "neighbourhood_id", name="pk_round_area"),
        comment="The neighbourhoods whose residents alone are asked; a round without any is for the whole city.",
    )
    op.create_index(op.f("ix_round_area_neighbourhood_id"), "round_area", ["neighbourhood_id"], unique=False)
    op.add_column("round", sa.Column("content", sa.String(), server_default="projects", nullable=False))
    op.create_check_constraint(
        op.f("ck_round_content_known"), "round", "content IN ('projects', 'questions')"
    )
    op.add_column("round", sa.Column("adopted_text", sa.String(), server_default="", nullable=False))
    op.add_column("round", sa.Column("adopted_url", sa.String(), server_default="", nullable=False))
    op.execute(FREEZE_QUESTIONS)
    for table in ("question", "round_area"):
        op.execute(
            f"CREATE TRIGGER question_stays_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION question_stays_frozen()"
        )
    op.execute(KEEP_CONTENT)
    op.execute(
        "CREATE TRIGGER round_content_stays BEFORE UPDATE OF content ON round "
        "FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content) EXECUTE FUNCTION round_content_stays()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER round_content_stays ON round")
    op.execute("DROP FUNCTION round_content_stays()")
    for table in ("question", "round_area"):
        op.execute(f"DROP TRIGGER question_stays_frozen ON {table}")
    op.execute("DROP FUNCTION question_stays_frozen()")
    op.drop_column("round", "adopted_url")
    op.drop_column("round", "adopted_text")
    op.drop_constraint(op.f("ck_round_content_known"), "round", type_="check")
    op.drop_column("round", "content")
    op.drop_index(op.f("ix_round_area_neighbourhood_id"), table_name="round_area")
    op.drop_table("round_area")
    op.drop_index(op.f("ix_question_round_id"), table_name="question")
    op.drop_table("question")
