"""What is stored about the workshops of a debate."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from consultations.meetings.models import Meeting


class AgoraWorkshop(Base):
    """A workshop or an assembly about a debate. What was said there stands in it as said there, by no account."""

    __tablename__ = "agora_workshop"

    debate_id: Mapped[int] = mapped_column(
        ForeignKey("agora_debate.id", ondelete="CASCADE"), primary_key=True
    )
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True, index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
