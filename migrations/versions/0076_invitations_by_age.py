"""Invitations to a debate are for an area, for an age that people said they are of, or for both."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0071"
branch_labels = None
depends_on = None

_BANDS = "age_band IN ('16-24', '25-34', '35-44', '45-54', '55-64', '65+')"


def upgrade() -> None:
    op.add_column("agora_invitation", sa.Column("age_band", sa.String(), nullable=True))
    op.alter_column("agora_invitation", "neighbourhood_id", nullable=True)
    op.drop_constraint("uq_agora_invitation_debate_id_neighbourhood_id", "agora_invitation", type_="unique")
    op.create_unique_constraint(
        "uq_agora_invitation_segment",
        "agora_invitation",
        ["debate_id", "neighbourhood_id", "age_band"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_check_constraint(op.f("ck_agora_invitation_age_band_known"), "agora_invitation", _BANDS)
    op.create_check_constraint(
        op.f("ck_agora_invitation_of_a_segment"),
        "agora_invitation",
        "num_nonnulls(neighbourhood_id, age_band) > 0",
    )


def downgrade() -> None:
    op.execute("DELETE FROM agora_invitation WHERE age_band IS NOT NULL")
    op.drop_constraint(op.f("ck_agora_invitation_of_a_segment"), "agora_invitation", type_="check")
    op.drop_constraint(op.f("ck_agora_invitation_age_band_known"), "agora_invitation", type_="check")
    op.drop_constraint("uq_agora_invitation_segment", "agora_invitation", type_="unique")
    op.create_unique_constraint(
        "uq_agora_invitation_debate_id_neighbourhood_id",
        "agora_invitation",
        ["debate_id", "neighbourhood_id"],
    )
    op.alter_column("agora_invitation", "neighbourhood_id", nullable=False)
    op.drop_column("agora_invitation", "age_band")
