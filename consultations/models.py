"""What is stored about a consultation: its file, its clock, where it was announced, how long it was extended."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.deadlines.models import DeadlineVersion
from civic.dimensions import DIMENSIONS
from civic.extensions import Base
from civic.files.models import StoredFile
from civic.places.models import Department, Neighbourhood
from civic.tags import Tagged
from consultations.rules import CHANNELS, DOCUMENT_KINDS, KINDS, OUTCOMES


def _names(values: object) -> str:
    return ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]


class Consultation(Tagged, Base):
    """One question the city puts to its residents, under the clock of its kind.

    Where it stands is computed from its moments (`rules.state_of`), never stored. `opens_at` to `closes_at` is
    when contributions are received; `earliest_close_at` is what the law asks for, taken at the announcement.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_names(KINDS)})", name="kind_known"),
        CheckConstraint(f"dimension IN ({_names(DIMENSIONS)})", name="dimension_known"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint(
            "(announced_at IS NULL) = (opens_at IS NULL) AND (announced_at IS NULL) = (earliest_close_at IS NULL)",
            name="announced_whole",
        ),
        CheckConstraint("announced_at IS NULL OR closes_on IS NOT NULL", name="announced_until"),
        CheckConstraint("(closes_at IS NULL) = (announced_at IS NULL)", name="end_from_announcement"),
        CheckConstraint("opens_at >= announced_at", name="opens_after_announcement"),
        # The one promise of the clock: never shorter than its rule, whoever writes the row.
        CheckConstraint("closes_at >= earliest_close_at", name="long_enough"),
        CheckConstraint("earliest_close_at > opens_at", name="earliest_after_opening"),
        CheckConstraint(
            "report_published_at IS NULL OR report_published_at >= closes_at", name="report_after_close"
        ),
        CheckConstraint(f"outcome IN ('', {_names(OUTCOMES)})", name="outcome_known"),
        CheckConstraint("(outcome = '') = (outcome_at IS NULL)", name="outcome_whole"),
        CheckConstraint(
            "outcome IN ('', 'withdrawn') OR report_published_at IS NOT NULL", name="outcome_after_report"
        ),
        CheckConstraint("outcome IN ('', 'adopted') OR outcome_reason <> ''", name="outcome_reasoned"),
        CheckConstraint("outcome = '' OR announced_at IS NOT NULL", name="outcome_of_announced"),
        CheckConstraint(
            "outcome <> 'adopted' OR adopt_from IS NULL OR urgent_reason <> '' OR outcome_at >= adopt_from",
            name="not_adopted_early",
        ),
        Index("ix_consultation_search", "search_vector", postgresql_using="gin"),
        Index("ix_consultation_closes_at", "closes_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    #: what it is about and what changes, for a reader who is no lawyer; Markdown
    summary: Mapped[str] = mapped_column(default="")
    #: the dimension of local governance it belongs to
    dimension: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    #: name and function of who answers for the relation with civil society, as published
    responsible: Mapped[str] = mapped_column(default="")
    #: where recommendations are received besides this page: postal address, e-mail, counter
    send_to: Mapped[str] = mapped_column(default="")
    #: why the act cannot wait for the thirty days, shown to everyone; empty when it can
    urgent_reason: Mapped[str] = mapped_column(default="")
    #: the last day, as planned before the announcement
    closes_on: Mapped[date | None] = mapped_column(Date)
    announced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    opens_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    earliest_close_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: from when the act may be adopted; None where the kind has no such wait
    adopt_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: until when contributions are to be answered, moved with the end
    answers_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    report_published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: why the report was published with contributions still unanswered; public
    early_reason: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    outcome_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome_reason: Mapped[str] = mapped_column(default="")
    #: the act it ended in: "HCL 123/2026"
    act_number: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: raised with every change: the form of somebody who saw an older one is refused
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    department: Mapped[Department] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()


class ConsultationClock(Base):
    """The rule a consultation was given at its announcement. Changing the rule touches no running one."""

    __tablename__ = "consultation_clock"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("deadline_version.id"))

    version: Mapped[DeadlineVersion] = relationship(lazy="joined", innerjoin=True)


class Document(Base):
    """One document of a consultation's file, in all its versions."""

    __tablename__ = "consultation_document"
    __table_args__ = (
        UniqueConstraint("consultation_id", "title"),
        CheckConstraint(f"kind IN ({_names(DOCUMENT_KINDS)})", name="kind_known"),
        CheckConstraint("title <> ''", name="title_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    title: Mapped[str]

    versions: Mapped[list["DocumentVersion"]] = relationship(
        order_by="DocumentVersion.number.desc()", lazy="selectin", cascade="all, delete-orphan"
    )


class DocumentVersion(Base):
    """A document as it was from one day on. Never changed, never removed once the consultation is announced."""

    __tablename__ = "consultation_document_version"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("number = 1 OR note <> ''", name="change_told"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("consultation_document.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    #: what is different from the version before
    note: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: None until the consultation is announced
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class Announcement(Base):
    """Where and when a consultation was announced, with the proof: a scan, or what this site showed."""

    __tablename__ = "consultation_announcement"
    __table_args__ = (
        CheckConstraint(f"channel IN ({_names(CHANNELS)})", name="channel_known"),
        CheckConstraint("octet_length(sha256) = 32", name="proof_hashed"),
        CheckConstraint("channel = 'site' OR place <> ''", name="place_given"),
        CheckConstraint("(channel = 'site') = (text <> '')", name="site_text_kept"),
        CheckConstraint("channel = 'site' OR file_id IS NOT NULL", name="proof_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str]
    #: the newspaper, the notice board, who asked to be told
    place: Mapped[str] = mapped_column(default="")
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the announcement as this site showed it, for the channel `site`
    text: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    #: of the file, or of the text in UTF-8
    sha256: Mapped[bytes]
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="joined")


class Extension(Base):
    """A later end, and why. There is no earlier one."""

    __tablename__ = "consultation_extension"
    __table_args__ = (
        CheckConstraint("new_closes_at > old_closes_at", name="later"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    old_closes_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    new_closes_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
