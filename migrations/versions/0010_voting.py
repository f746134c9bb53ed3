"""Projects, the roll, the ballot box and the cast log (partitioned by round), and results; what is frozen stays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None

FREEZE_PROJECTS = """
CREATE FUNCTION project_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
            RAISE EXCEPTION 'the projects of a round do not change once voting opened'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_project_frozen', TABLE = 'project';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$
"""

FREEZE_PLAN = """
CREATE FUNCTION round_plan_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.frozen_at, NEW.frozen, NEW.fingerprint, NEW.tie_seed, NEW.box_public_key, NEW.publication_mode)
       IS DISTINCT FROM
       (OLD.frozen_at, OLD.frozen, OLD.fingerprint, OLD.tie_seed, OLD.box_public_key, OLD.publication_mode)
    THEN
        RAISE EXCEPTION 'the plan of a round does not change once voting opened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_round_plan_frozen', TABLE = 'round';
    END IF;
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "ballot_box",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("nym", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'desk', 'paper')", name=op.f("ck_ballot_box_channel_known")
        ),
        sa.CheckConstraint(
            "octet_length(nym) = 32 AND octet_length(leaf) = 32", name=op.f("ck_ballot_box_hashes_whole")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_ballot_box_revision_positive")),
        sa.PrimaryKeyConstraint("round_id", "nym", name="pk_ballot_box"),
        sa.UniqueConstraint("round_id", "leaf", name="uq_ballot_box_round_id_leaf"),
        postgresql_partition_by="LIST (round_id)",
    )
    op.create_table(
        "cast_log",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'ballot') = (sealed IS NOT NULL)", name=op.f("ck_cast_log_ballot_is_sealed")
        ),
        sa.CheckConstraint(
            "(kind = 'void') = (target IS NOT NULL)", name=op.f("ck_cast_log_void_has_target")
        ),
        sa.CheckConstraint("kind IN ('ballot', 'void')", name=op.f("ck_cast_log_kind_known")),
        sa.CheckConstraint("octet_length(leaf) = 32", name=op.f("ck_cast_log_leaf_whole")),
        sa.PrimaryKeyConstraint("round_id", "leaf", name="pk_cast_log"),
        sa.UniqueConstraint("round_id", "target", name="uq_cast_log_round_id_target"),
        postgresql_partition_by="LIST (round_id)",
    )
    op.create_table(
        "closed_leaf",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'ballot') = (sealed IS NOT NULL)", name=op.f("ck_closed_leaf_live_is_sealed")
        ),
        sa.CheckConstraint("kind IN ('ballot', 'replaced', 'void')", name=op.f("ck_closed_leaf_kind_known")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_closed_leaf_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "leaf", name="pk_closed_leaf"),
        comment="What the close copied out of the cast log, in leaf order: the published list, and live ciphertexts.",
    )
    op.create_table(
        "opened_ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opened_ballot_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "leaf", name="pk_opened_ballot"),
        comment="The ballots as text, opened after the key that linked them to people was destroyed.",
    )
    op.create_table(
        "participation",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('online', 'desk', 'paper')", name=op.f("ck_participation_channel_known")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_participation_round_id_round")),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_participation_voter_id_person")),
        sa.PrimaryKeyConstraint("round_id", "voter_id", name=op.f("pk_participation")),
    )
    op.create_table(
        "roll_entry",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("pots", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["neighbourhood.id"], name=op.f("fk_roll_entry_area_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_roll_entry_round_id_round")),
        sa.ForeignKeyConstraint(["voter_id"], ["person.id"], name=op.f("fk_roll_entry_voter_id_person")),
        sa.PrimaryKeyConstraint("round_id", "voter_id", name=op.f("pk_roll_entry")),
    )
    op.create_index("ix_roll_entry_voter_id", "roll_entry", ["voter_id"], unique=False)
    op.create_table(
        "round_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("input_hash", sa.String(), nullable=False),
        sa.Column("code_version", sa.String(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_result_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_result")),
        sa.UniqueConstraint("round_id", name=op.f("uq_round_result_round_id")),
    )
    op.create_table(
        "ceremony_step",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("actor_a_id", sa.Integer(), nullable=True),
        sa.Column("actor_b_id", sa.Integer(), nullable=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_a_id"], ["account.id"], name=op.f("fk_ceremony_step_actor_a_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["actor_b_id"], ["account.id"], name=op.f("fk_ceremony_step_actor_b_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ceremony_step_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "step", name=op.f("pk_ceremony_step")),
    )
    op.create_table(
        "roll_strike",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_roll_strike_reason_given")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_roll_strike_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "voter_id"],
            ["roll_entry.round_id", "roll_entry.voter_id"],
            name=op.f("fk_roll_strike_round_id_voter_id_roll_entry"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_strike")),
        sa.UniqueConstraint("round_id", "voter_id", name=op.f("uq_roll_strike_round_id_voter_id")),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("pot_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "char_length(code) BETWEEN 1 AND 64 AND code !~ '[[:cntrl:],]'",
            name=op.f("ck_project_code_plain"),
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_project_title_given")),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_project_point_complete")
        ),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_project_cost_not_negative")),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
            name=op.f("ck_project_point_on_earth"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_project_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["ballot_group.id"], name=op.f("fk_project_group_id_ballot_group")
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["stored_file.id"], name=op.f("fk_project_image_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_project_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(["pot_id"], ["pot.id"], name=op.f("fk_project_pot_id_pot")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_project_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_project_round_id_code")),
        sa.UniqueConstraint("round_id", "proposal_id", name=op.f("uq_project_round_id_proposal_id")),
    )
    op.create_index("ix_project_group_id", "project", ["group_id"], unique=False)
    op.create_index("ix_project_pot_id", "project", ["pot_id"], unique=False)
    op.create_table(
        "project_outcome",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("pot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("score", sa.Numeric(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("remaining", sa.Numeric(), nullable=True),
        sa.Column("paid_at_most", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(standing = 'winner') = (step IS NOT NULL)", name=op.f("ck_project_outcome_winner_has_step")
        ),
        sa.CheckConstraint(
            "standing IN ('winner', 'reserve', 'not_selected')",
            name=op.f("ck_project_outcome_standing_known"),
        ),
        sa.ForeignKeyConstraint(["pot_id"], ["pot.id"], name=op.f("fk_project_outcome_pot_id_pot")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_outcome_project_id_project")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_project_outcome_round_id_round")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_outcome")),
    )
    op.create_index("ix_project_outcome_round_id", "project_outcome", ["round_id"], unique=False)
    op.execute(FREEZE_PROJECTS)
    op.execute(
        "CREATE TRIGGER project_stays_frozen BEFORE INSERT OR UPDATE OR DELETE ON project "
        "FOR EACH ROW EXECUTE FUNCTION project_stays_frozen()"
    )
    op.execute(FREEZE_PLAN)
    op.execute(
        "CREATE TRIGGER round_plan_stays_frozen BEFORE UPDATE ON round "
        "FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION round_plan_stays_frozen()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER round_plan_stays_frozen ON round")
    op.execute("DROP FUNCTION round_plan_stays_frozen()")
    op.execute("DROP TRIGGER project_stays_frozen ON project")
    op.execute("DROP FUNCTION project_stays_frozen()")
    op.drop_index("ix_project_outcome_round_id", table_name="project_outcome")
    op.drop_table("project_outcome")
    op.drop_index("ix_project_pot_id", table_name="project")
    op.drop_index("ix_project_group_id", table_name="project")
    op.drop_table("project")
    op.drop_table("roll_strike")
    op.drop_table("ceremony_step")
    op.drop_table("round_result")
    op.drop_index("ix_roll_entry_voter_id", table_name="roll_entry")
    op.drop_table("roll_entry")
    op.drop_table("participation")
    op.drop_table("opened_ballot")
    op.drop_table("closed_leaf")
    op.drop_table("cast_log")
    op.drop_table("ballot_box")
