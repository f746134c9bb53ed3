"""What is stored about meetings: when and where, the agenda, the documents, the minutes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.deadlines.models import DeadlineVersion
from civic.extensions import Base
from civic.files.models import StoredFile
from civic.places.models import Neighbourhood
from consultations.meetings.rules import KINDS
from consultations.models import Consultation

_KINDS = ", ".join(f"'{one}'" for one in KINDS)
_OF_ACCOUNT = "account.id"


class Meeting(Base):
    """A council meeting, a workshop or an assembly. Where it stands is computed (`rules.state_of`)."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("link = '' OR link ~* '^https?://'", name="link_http"),
        CheckConstraint("recording = '' OR recording ~* '^https?://'", name="recording_http"),
        CheckConstraint("announced_at IS NULL OR place <> '' OR link <> ''", name="somewhere"),
        CheckConstraint("announced_at IS NULL OR starts_at > announced_at", name="announced_before"),
        CheckConstraint("kind <> 'council_urgent' OR urgent_reason <> ''", name="urgent_reasoned"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_reason = '')", name="cancelled_reasoned"),
        CheckConstraint("cancelled_at IS NULL OR announced_at IS NOT NULL", name="cancelled_of_announced"),
        CheckConstraint("(announced_at IS NULL) = (minutes_due_at IS NULL)", name="minutes_clock"),
        CheckConstraint(
            "(minutes_at IS NULL) = (minutes_text = '' AND minutes_file_id IS NULL)", name="minutes_whole"
        ),
        CheckConstraint(
            "minutes_at IS NULL OR (announced_at IS NOT NULL AND cancelled_at IS NULL AND minutes_at >= starts_at)",
            name="minutes_of_held",
        ),
        Index("ix_meeting_starts_at", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    #: what it is for and who may come; Markdown is not read
    summary: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: as planned
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    place: Mapped[str] = mapped_column(default="")
    #: where it can be followed online
    link: Mapped[str] = mapped_column(default="")
    #: why it is convened at once
    urgent_reason: Mapped[str] = mapped_column(default="")
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    #: raised with every change; calendars read it as the sequence of the event
    version: Mapped[int] = mapped_column(default=1)
    announced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: the rule of its notice at the announcement; None where there is none
    notice_version_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_reason: Mapped[str] = mapped_column(default="")
    minutes_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    minutes_version_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    minutes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    minutes_text: Mapped[str] = mapped_column(default="")
    minutes_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    recording: Mapped[str] = mapped_column(default="")

    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="joined")
    consultation: Mapped[Consultation | None] = relationship(lazy="joined")
    notice_version: Mapped[DeadlineVersion | None] = relationship(foreign_keys=[notice_version_id])
    minutes_version: Mapped[DeadlineVersion | None] = relationship(foreign_keys=[minutes_version_id])
    minutes_file: Mapped[StoredFile | None] = relationship(lazy="joined")


class AgendaItem(Base):
    """One point of the agenda, in its place."""

    __tablename__ = "meeting_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str]
    #: the draft it is about, when a consultation was held on it
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)

    consultation: Mapped[Consultation | None] = relationship(lazy="joined")


class MeetingDocument(Base):
    """A document of a meeting; public once the meeting is announced."""

    __tablename__ = "meeting_document"
    __table_args__ = (
        UniqueConstraint("meeting_id", "title"),
        CheckConstraint("title <> ''", name="title_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    title: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
