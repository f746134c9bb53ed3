"""What is stored so that a debate lasts: when somebody was last there, and which areas were invited."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.accounts.describing.rules import AGE_BANDS
from civic.extensions import Base

_BANDS = ", ".join(f"'{band}'" for band in AGE_BANDS)


class AgoraVisit(Base):
    """When somebody who follows a debate or takes part in it was last there. Deleted when it is archived.

    What a mere reader reads is nobody's to know: they have no row.
    """

    __tablename__ = "agora_visit"
    __table_args__ = (
        CheckConstraint("since <= at", name="since_before"),
        Index("ix_agora_visit_account_id", "account_id"),
    )

    debate_id: Mapped[int] = mapped_column(
        ForeignKey("agora_debate.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    #: the end of the visit before this one: what came since is new
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AgoraInvitation(Base):
    """One invitation to a debate for those who follow an area, for those who said they are of an age, or for both.

    One a debate and segment, told in batches; without an area it is for who follows any.

    `cursor` is the last follow already told: it moves in the transaction that queues the messages.
    """

    __tablename__ = "agora_invitation"
    __table_args__ = (
        UniqueConstraint(
            "debate_id",
            "neighbourhood_id",
            "age_band",
            name="uq_agora_invitation_segment",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(f"age_band IN ({_BANDS})", name="age_band_known"),
        CheckConstraint("num_nonnulls(neighbourhood_id, age_band) > 0", name="of_a_segment"),
        CheckConstraint("cursor >= 0", name="cursor_not_negative"),
        Index("ix_agora_invitation_unfinished", "id", postgresql_where="finished_at IS NULL"),
        Index("ix_agora_invitation_neighbourhood_id", "neighbourhood_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"))
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    age_band: Mapped[str | None]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    cursor: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
