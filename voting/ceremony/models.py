"""What is stored about the two people's word on a stage of the close. The steps themselves are in `ceremony_step`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base
from voting.ceremony.rules import STAGES

_STAGE_NAMES = ", ".join(f"'{stage.name}'" for stage in STAGES)


class StageWord(Base):
    """One person began a stage of a round's close; a second confirmed, or it was withdrawn or expired.

    A stage has one word that is not withdrawn at most. What ran after the second word is told by `ceremony_step`.
    """

    __tablename__ = "ceremony_stage"
    __table_args__ = (
        CheckConstraint(f"stage IN ({_STAGE_NAMES})", name="stage_known"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_complete"),
        CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="confirmed_stays"),
        CheckConstraint("confirmed_at IS NULL OR cardinality(names) = 2", name="confirmed_by_names"),
        CheckConstraint("finished_at IS NULL OR confirmed_at IS NOT NULL", name="finished_after_two"),
        CheckConstraint("(stopped_at IS NULL) = (stopped_by IS NULL)", name="stopped_with_reason"),
        Index(
            "uq_ceremony_stage_live", "round_id", "stage", unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    stage: Mapped[str]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: what was written with the proposal, for the second person to read and for the minutes
    given: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: whether the second person confirmed on the first one's screen, with address and password
    same_screen: Mapped[bool] = mapped_column(default=False)
    #: what the two were called then
    names: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: None when it expired
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: why the work stopped for people to look at it, by its code, and what the step said
    stopped_by: Mapped[str | None]
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_saying: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
