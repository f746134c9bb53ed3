"""What is stored about a debate: its question, its moments, who seconds it, what the city hall answered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Date, DateTime, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.deadlines.models import DeadlineVersion
from civic.dimensions import DIMENSIONS
from civic.extensions import Base
from civic.places.models import Department, Neighbourhood
from civic.tags import Tagged
from consultations.agora.rules import MAX_QUESTION, MAX_WHY, ORIGINS

_OF_ACCOUNT = "account.id"
_OF_DEADLINE = "deadline_version.id"


def _names(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class AgoraDebate(Tagged, Base):
    """One question put to everyone. Where it stands is computed from its moments (`rules.state_of`)."""

    __tablename__ = "agora_debate"
    __table_args__ = (
        CheckConstraint(f"char_length(question) BETWEEN 1 AND {MAX_QUESTION}", name="question_length"),
        CheckConstraint(f"char_length(why) <= {MAX_WHY}", name="why_length"),
        CheckConstraint("submitted_at IS NULL OR why <> ''", name="why_given"),
        CheckConstraint(f"dimension IN ({_names(DIMENSIONS)})", name="dimension_known"),
        CheckConstraint(f"origin IN ({_names(ORIGINS)})", name="origin_known"),
        CheckConstraint(
            "(origin = 'organisation') = (organisation_id IS NOT NULL)", name="organisation_named"
        ),
        CheckConstraint("(subject_kind = '') = (subject_id IS NULL)", name="subject_whole"),
        CheckConstraint("opened_at >= submitted_at", name="opened_after_submission"),
        CheckConstraint("opened_at IS NULL OR submitted_at IS NOT NULL", name="opened_was_submitted"),
        CheckConstraint(
            "(opened_at IS NULL) = (closes_at IS NULL) AND (opened_at IS NULL) = (seconds_until IS NULL)"
            " AND (opened_at IS NULL) = (seconds_needed IS NULL)",
            name="opened_whole",
        ),
        # Nobody's days of seconding are taken away by an early end.
        CheckConstraint(
            "seconds_until > opened_at AND closes_at >= seconds_until", name="ends_after_seconding"
        ),
        CheckConstraint("seconds_needed >= 1", name="seconds_counted"),
        CheckConstraint(
            "(obliged_at IS NULL) = (answer_due_at IS NULL) AND (obliged_at IS NULL) = (answer_version_id IS NULL)",
            name="obligation_whole",
        ),
        CheckConstraint("obliged_at >= opened_at AND obliged_at < seconds_until", name="obliged_in_time"),
        CheckConstraint("answer_due_at IS NULL OR closes_at <= answer_due_at", name="ends_before_answer"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer_what = '') AND (answered_at IS NULL) = (answer_department_id IS NULL)",
            name="answer_whole",
        ),
        CheckConstraint("summary_at >= closes_at", name="summary_after_end"),
        CheckConstraint("(summary_at IS NULL) = (objections_until IS NULL)", name="summary_whole"),
        CheckConstraint("objections_until > summary_at", name="objections_take_time"),
        CheckConstraint(
            "answered_at IS NULL OR (objections_until IS NOT NULL AND answered_at >= objections_until)",
            name="answered_after_summary",
        ),
        CheckConstraint("archived_at IS NULL OR closes_at <= archived_at", name="archived_after_end"),
        CheckConstraint(
            "archived_at IS NULL OR answered_at IS NOT NULL OR obliged_at IS NULL",
            name="owed_answer_in_sight",
        ),
        CheckConstraint("(hidden_at IS NULL) = (hidden_reason = '')", name="hidden_reasoned"),
        CheckConstraint("slow_minutes BETWEEN 1 AND 1440", name="slow_for_a_while"),
        Index("ix_agora_debate_search", "search_vector", postgresql_using="gin"),
        Index("ix_agora_debate_closes_at", "closes_at", "id"),
        Index("ix_agora_debate_subject", "subject_kind", "subject_id"),
        Index("ix_agora_debate_account_id", "account_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str]
    #: why it should be debated now
    why: Mapped[str] = mapped_column(default="")
    dimension: Mapped[str]
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    origin: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: what it is about, by `civic.links`; empty for a question of its own
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int | None]
    #: whether people say where they stand before they see where the others do
    stances_first: Mapped[bool] = mapped_column(default=True)
    #: whether people may add short statements and vote on them
    with_statements: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seconds_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: how many oblige the city hall to answer, as it was when the debate was opened
    seconds_needed: Mapped[int | None]
    closes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    obliged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer_version_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_DEADLINE))
    #: when its summary was published, and until when one could object to it; then it stands as it is
    summary_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    objections_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: what will be done (or why nothing), by whom, by when
    answer_what: Mapped[str] = mapped_column(default="")
    answer_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    answer_by: Mapped[date | None] = mapped_column(Date)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey(_OF_ACCOUNT))
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: how many stood where ("1", "0", "-1", "" for who did not say), once the archive has forgotten who
    stances_kept: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    hidden_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    hidden_reason: Mapped[str] = mapped_column(default="")
    #: why a moderator takes no new texts for now; empty while one can write
    locked_reason: Mapped[str] = mapped_column(default="", server_default="")
    #: how many minutes a person waits between two texts; None while nobody has to
    slow_minutes: Mapped[int | None]
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id], lazy="raise_on_sql")
    answer_version: Mapped[DeadlineVersion | None] = relationship()
    answer_department: Mapped[Department | None] = relationship()


class AgoraSecond(Base):
    """One verified person who asks the city hall to answer. One a person, whatever accounts they have had."""

    __tablename__ = "agora_second"

    debate_id: Mapped[int] = mapped_column(
        ForeignKey("agora_debate.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
