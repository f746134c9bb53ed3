"""What is stored about public debates: who asked for one, when and where it is, who speaks, what came of it."""

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.deadlines.models import DeadlineVersion
from civic.extensions import Base
from consultations.debates.rules import NO_NAME
from consultations.models import Consultation, Document

_OF_ACCOUNT = "account.id"
_OF_CONSULTATION = "consultation.id"


class DebateRequest(Base):
    """An organisation's written request for a debate, which obliges the city hall to hold one. Never withdrawn."""

    __tablename__ = "debate_request"
    __table_args__ = (
        UniqueConstraint("consultation_id", "organisation_id"),
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("announce_by > requested_at", name="clock_runs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(_OF_CONSULTATION))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: who wrote it in the organisation's name
    account_id: Mapped[int] = mapped_column(ForeignKey(_OF_ACCOUNT))
    text: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: until when the debate is to be announced, by the rule in force at the request
    announce_by: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version_id: Mapped[int] = mapped_column(ForeignKey("deadline_version.id"))

    version: Mapped[DeadlineVersion] = relationship(lazy="joined", innerjoin=True)


class Debate(Base):
    """One public debate: announced, then held or cancelled. One at a time for a consultation."""

    __tablename__ = "debate"
    __table_args__ = (
        CheckConstraint("place <> '' OR link <> ''", name="somewhere"),
        CheckConstraint("link = '' OR link ~* '^https?://'", name="link_http"),
        CheckConstraint("recording = '' OR recording ~* '^https?://'", name="recording_http"),
        CheckConstraint("sign_up_until <= starts_at AND starts_at > announced_at", name="moments_in_order"),
        CheckConstraint("minutes_each BETWEEN 1 AND 60", name="speaking_time"),
        CheckConstraint("cancelled_at IS NULL OR ended_at IS NULL", name="held_or_cancelled"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_reason = '')", name="cancelled_reasoned"),
        CheckConstraint(
            "(ended_at IS NULL) = (attendance IS NULL) AND (ended_at IS NULL) = (minutes_due_at IS NULL)"
            " AND (ended_at IS NULL) = (minutes_version_id IS NULL)",
            name="held_whole",
        ),
        CheckConstraint("attendance >= 0", name="attendance_counted"),
        CheckConstraint("ended_at >= starts_at", name="ended_after_start"),
        CheckConstraint("minutes_at IS NULL OR ended_at IS NOT NULL", name="minutes_of_held"),
        CheckConstraint(
            "(minutes_at IS NULL) = (minutes_text = '' AND minutes_document_id IS NULL)", name="minutes_whole"
        ),
        Index(
            "uq_debate_consultation_id",
            "consultation_id",
            unique=True,
            postgresql_where="cancelled_at IS NULL AND ended_at IS NULL",
        ),
        Index("ix_debate_consultation_id", "consultation_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey(_OF_CONSULTATION))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    place: Mapped[str] = mapped_column(default="")
    #: where it can be followed and spoken at online
    link: Mapped[str] = mapped_column(default="")
    #: how long one speaker may speak, in minutes
    minutes_each: Mapped[int]
    sign_up_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attendance: Mapped[int | None]
    minutes_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    minutes_version_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    minutes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    minutes_text: Mapped[str] = mapped_column(default="")
    minutes_document_id: Mapped[int | None] = mapped_column(ForeignKey("consultation_document.id"))
    recording: Mapped[str] = mapped_column(default="")

    consultation: Mapped[Consultation] = relationship(lazy="joined", innerjoin=True)
    minutes_version: Mapped[DeadlineVersion | None] = relationship(lazy="joined")
    minutes_document: Mapped[Document | None] = relationship(lazy="joined")


class DebateMove(Base):
    """Another day or another place, and why everyone was told so."""

    __tablename__ = "debate_move"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("debate.id"), index=True)
    old_starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    old_place: Mapped[str] = mapped_column(default="")
    old_link: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))


class DebateSpeaker(Base):
    """Somebody who asked to speak, in the order of speaking, and what was noted of it."""

    __tablename__ = "debate_speaker"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("state IN ('waiting', 'spoken', 'absent', 'withdrawn')", name="state_known"),
        CheckConstraint("note = '' OR state = 'spoken'", name="note_of_spoken"),
        CheckConstraint("contribution_id IS NULL OR note <> ''", name="registered_note"),
        CheckConstraint("account_id IS NOT NULL OR entered_by_id IS NOT NULL", name="by_somebody"),
        UniqueConstraint("contribution_id"),
        UniqueConstraint("debate_id", "position", deferrable=True, initially="DEFERRED"),
        Index(
            "uq_debate_speaker_account_id",
            "debate_id",
            "account_id",
            unique=True,
            postgresql_where="state <> 'withdrawn'",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("debate.id"))
    position: Mapped[int]
    name: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    signed_up_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(default="waiting")
    note: Mapped[str] = mapped_column(default="")
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))

    @property
    def public_name(self) -> str:
        """The name in the list, in the reader's language once its owner deleted the account and did not keep it."""
        return gettext(NO_NAME) if self.name == NO_NAME else self.name
