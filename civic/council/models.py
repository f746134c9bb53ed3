"""What is stored about the council: who was elected, when it met, who was there, how each one voted."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.council.rules import CHOICES, KINDS, MAJORITIES, PRESENCES, QUESTION_KINDS, RECORDED
from civic.decisions.models import CouncilDecision
from civic.dimensions import DIMENSIONS
from civic.extensions import Base
from civic.imports.models import Imported

_HTTP = "= '' OR {0} ~* '^https?://'"


def _names(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


class CouncilMember(Imported, Base):
    """An elected member in a mandate. Somebody elected again has another one; what ended stays."""

    __tablename__ = "council_member"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("NOT independent OR party = ''", name="independent_of_party"),
        Index("ix_council_member_sort_key", "sort_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sort_key: Mapped[str]
    party: Mapped[str] = mapped_column(default="")
    independent: Mapped[bool] = mapped_column(default=False)
    commission: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CouncilSitting(Imported, Base):
    """A meeting of the council as its records tell it: when, convened how, who was there.

    Its announcement, documents and minutes are a meeting of `consultations.meetings` when it was announced here:
    `origin` names it. What a table brings in was never announced here and has the source's addresses instead.
    """

    __tablename__ = "council_sitting"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        UniqueConstraint("origin_kind", "origin_id"),
        CheckConstraint(f"kind IN ({_names(KINDS)})", name="kind_known"),
        CheckConstraint("(origin_kind IS NULL) = (origin_id IS NULL)", name="origin_whole"),
        CheckConstraint("in_office > 0", name="in_office_positive"),
        CheckConstraint("minutes_address " + _HTTP.format("minutes_address"), name="minutes_http"),
        CheckConstraint("recording " + _HTTP.format("recording"), name="recording_http"),
        Index("ix_council_sitting_held_on", "held_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    held_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(default="")
    #: the mayor's order by which it was convened
    convening: Mapped[str] = mapped_column(default="")
    #: how many councillors were in office, as the records state; None: as many as had a mandate that day
    in_office: Mapped[int | None]
    minutes_address: Mapped[str] = mapped_column(default="")
    recording: Mapped[str] = mapped_column(default="")
    #: who was there, in the source's words
    named: Mapped[str] = mapped_column(default="", server_default="")
    #: names of the source that are no member's on that day
    unmatched: Mapped[str] = mapped_column(default="", server_default="")
    origin_kind: Mapped[str | None]
    origin_id: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CouncilVote(Imported, Base):
    """A point of the agenda and the vote on it. Of a secret vote there are totals alone, and no name can be stored."""

    __tablename__ = "council_vote"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        UniqueConstraint("id", "secret"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint(f"majority IN ({_names(MAJORITIES)})", name="majority_known"),
        CheckConstraint(f"dimension IN ({_names(DIMENSIONS)})", name="dimension_known"),
        CheckConstraint(
            "stated_for >= 0 AND stated_against >= 0 AND stated_abstained >= 0 AND stated_not_voting >= 0",
            name="stated_not_negative",
        ),
        CheckConstraint("NOT secret OR named = ''", name="secret_nameless"),
        Index("ix_council_vote_sitting", "sitting_id", "position", "id"),
        Index("ix_council_vote_decision", "decision_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("council_sitting.id", ondelete="CASCADE"))
    #: the number of its meeting in the source
    sitting_key: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    #: who gave a report or an opinion on it
    reports: Mapped[str] = mapped_column(default="", server_default="")
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("council_decision.id", ondelete="SET NULL"))
    #: how the source writes the decision it led to: 12/2026
    decision_key: Mapped[str] = mapped_column(default="", server_default="")
    dimension: Mapped[str | None]
    secret: Mapped[bool] = mapped_column(default=False)
    majority: Mapped[str] = mapped_column(default="simple")
    stated_for: Mapped[int | None]
    stated_against: Mapped[int | None]
    stated_abstained: Mapped[int | None]
    stated_not_voting: Mapped[int | None]
    #: how each one voted and who signed the draft, in the source's words
    named: Mapped[str] = mapped_column(default="", server_default="")
    signed: Mapped[str] = mapped_column(default="", server_default="")
    unmatched: Mapped[str] = mapped_column(default="", server_default="")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    sitting: Mapped[CouncilSitting | None] = relationship(lazy="joined")
    decision: Mapped[CouncilDecision | None] = relationship(lazy="joined")

    @property
    def stated(self) -> dict[str, int | None]:
        """The totals that the source states."""
        return {
            "for": self.stated_for, "against": self.stated_against, "abstained": self.stated_abstained,
            "not_voting": self.stated_not_voting,
        }  # fmt: skip


class VoteCast(Base):
    """How one member voted. The key over (vote, secret) keeps names out of secret votes."""

    __tablename__ = "council_vote_cast"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vote_id", "secret"], ["council_vote.id", "council_vote.secret"], ondelete="CASCADE"
        ),
        CheckConstraint("NOT secret", name="never_secret"),
        CheckConstraint(f"choice IN ({_names(CHOICES)})", name="choice_known"),
        Index("ix_council_vote_cast_member", "member_id", "choice"),
    )

    vote_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("council_member.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    choice: Mapped[str]


class Signing(Base):
    """A member who signed the draft of a point of the agenda."""

    __tablename__ = "council_signing"

    vote_id: Mapped[int] = mapped_column(
        ForeignKey("council_vote.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("council_member.id"), primary_key=True, autoincrement=False, index=True
    )


class Attendance(Base):
    """Whether a member was at a meeting."""

    __tablename__ = "council_attendance"
    __table_args__ = (CheckConstraint(f"presence IN ({_names(PRESENCES)})", name="presence_known"),)

    sitting_id: Mapped[int] = mapped_column(
        ForeignKey("council_sitting.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("council_member.id"), primary_key=True, autoincrement=False, index=True
    )
    presence: Mapped[str]


class CouncilQuestion(Base):
    """A question or an interpellation of a member, and the answer once there is one."""

    __tablename__ = "council_question"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_names(QUESTION_KINDS)})", name="kind_known"),
        CheckConstraint("asked <> ''", name="asked_given"),
        CheckConstraint("(answered_on IS NULL) = (answer = '')", name="answer_whole"),
        CheckConstraint("answered_on >= asked_on", name="answered_after"),
        Index("ix_council_question_member", "member_id", "asked_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    kind: Mapped[str]
    asked_on: Mapped[date] = mapped_column(Date)
    asked: Mapped[str]
    answered_on: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(default="")


class CouncilCorrection(Base):
    """One thing that the records said otherwise before: from what to what, when and why. Rows are only ever added.

    Of a vote `vote_id` is set, of a meeting `sitting_id`, of a mandate neither. How a member voted is kept with the key
    over (vote, secret), as in `council_vote_cast`: no former name stands beside a secret vote either.
    """

    __tablename__ = "council_correction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vote_id", "secret"],
            ["council_vote.id", "council_vote.secret"],
            name="fk_council_correction_never_of_a_secret_vote",
        ),
        CheckConstraint("NOT secret", name="never_secret"),
        CheckConstraint("(what = 'choice') = (secret IS NOT NULL)", name="choice_of_open_vote"),
        CheckConstraint(f"what IN ({_names(RECORDED)})", name="what_known"),
        CheckConstraint("former <> present", name="something_changed"),
        CheckConstraint("num_nonnulls(sitting_id, vote_id) < 2", name="of_one_record"),
        CheckConstraint(
            "member_id IS NOT NULL OR num_nonnulls(sitting_id, vote_id) = 1", name="of_some_record"
        ),
        CheckConstraint(
            "what NOT IN ('choice', 'presence', 'signing') OR member_id IS NOT NULL", name="marks_somebody"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("council_sitting.id"), index=True)
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("council_vote.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("council_member.id"), index=True)
    secret: Mapped[bool | None]
    #: what was written otherwise, a code of `rules.RECORDED`
    what: Mapped[str]
    #: as it was and as it is, codes and ISO days; empty where nothing was written
    former: Mapped[str]
    present: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    #: in which role; "system" for a table that was brought in
    role: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
