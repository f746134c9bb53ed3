"""What is stored about the carrying out of what was decided: deliveries, milestones, updates, photos."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from civic.files.models import StoredFile
from civic.imports.models import Imported
from civic.places.models import Category, Department, Neighbourhood
from civic.tracker.rules import NEEDS_REASON, STATUSES

Money = Numeric(14, 2)
_STATUS_NAMES = ", ".join(f"'{status}'" for status in STATUSES)
_REASONED = ", ".join(f"'{status}'" for status in sorted(NEEDS_REASON))


class Delivery(Imported, Base):
    """Something the city carries out: a winning project, or a work of the investment programme.

    `budget`, `contracted` and `spent` are None when no document states them. Whether it is late is computed, never stored.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("origin_kind", "origin_id"),
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint("own_share IS NULL OR own_share >= 0", name="own_share_not_negative"),
        CheckConstraint(f"status IN ({_STATUS_NAMES})", name="status_known"),
        CheckConstraint(f"status NOT IN ({_REASONED}) OR status_reason <> ''", name="reason_given"),
        CheckConstraint("(origin_kind IS NULL) = (origin_id IS NULL)", name="origin_whole"),
        CheckConstraint("budget IS NULL OR budget >= 0", name="budget_not_negative"),
        CheckConstraint("spent IS NULL OR spent >= 0", name="spent_not_negative"),
        CheckConstraint("contracted IS NULL OR contracted >= 0", name="contracted_not_negative"),
        CheckConstraint("char_length(currency) = 3", name="currency_iso"),
        CheckConstraint(
            "planned_end IS NULL OR started_on IS NULL OR planned_end >= started_on", name="end_after_start"
        ),
        CheckConstraint(
            "done_on IS NULL OR started_on IS NULL OR done_on >= started_on", name="done_after_start"
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_whole"),
        CheckConstraint(
            "latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
            name="point_on_earth",
        ),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="parent_another"),
        Index("ix_delivery_search", "search_vector", postgresql_using="gin"),
        Index("ix_delivery_changed_at", "changed_at", "id"),
        # What is late, the latest first.
        Index("ix_delivery_planned_end", "planned_end", "id", "status"),
        # What the list is narrowed by: whatever was chosen, works are counted by stage in the index alone.
        Index(
            "ix_delivery_facets", "status", "neighbourhood_id", "category_id", "department_id", "planned_end"
        ),
        # The order of the list, with everything it is narrowed by: a far page is counted off in the index alone.
        Index(
            "ix_delivery_list",
            text("(origin_id IS NULL)"),
            text("changed_at DESC"),
            text("(status = 'other')"),
            text("(budget IS NULL)"),
            "id",
            postgresql_include=[
                "origin_id",
                "status",
                "budget",
                "neighbourhood_id",
                "category_id",
                "department_id",
                "planned_end",
            ],
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    objective: Mapped[str] = mapped_column(default="")
    #: by what one will see that the objective was reached
    indicator: Mapped[str] = mapped_column(default="")
    budget: Mapped[Decimal | None] = mapped_column(Money)
    #: what the amount is: "valoare maximă eligibilă, fără TVA"; amounts of different bases do not add up
    budget_basis: Mapped[str] = mapped_column(default="")
    #: the city's own part of a budget that several share; no amount beside it
    own_share: Mapped[Decimal | None] = mapped_column(Money)
    #: for how much contracts were signed, as documents state it
    contracted: Mapped[Decimal | None] = mapped_column(Money)
    spent: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(default="RON")
    funding_source: Mapped[str] = mapped_column(default="")
    council_decision: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    #: the function in the department that answers for it, by name: "Șef serviciu Investiții"
    responsible: Mapped[str] = mapped_column(default="", server_default="")
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    status: Mapped[str] = mapped_column(default="in_preparation", index=True)
    #: why it stands there, or the stage in the words of the document it comes from
    status_reason: Mapped[str] = mapped_column(default="")
    status_since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_on: Mapped[date | None] = mapped_column(Date)
    planned_end: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    origin_kind: Mapped[str | None]
    origin_id: Mapped[int | None]
    #: the numbers in its source of the project it is a part of, and of the row that lists it once more
    parent_key: Mapped[str] = mapped_column(default="", server_default="")
    same_as_key: Mapped[str] = mapped_column(default="", server_default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: raised with every change: the form of somebody who saw an older one is refused
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    department: Mapped[Department | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    category: Mapped[Category | None] = relationship()


class Milestone(Base):
    """A step of a delivery with its date, its new date and why, and when it was reached."""

    __tablename__ = "milestone"
    __table_args__ = (CheckConstraint("replanned_on IS NULL OR replan_reason <> ''", name="replan_reasoned"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    planned_on: Mapped[date] = mapped_column(Date)
    replanned_on: Mapped[date | None] = mapped_column(Date)
    replan_reason: Mapped[str] = mapped_column(default="")
    done_on: Mapped[date | None] = mapped_column(Date)

    @property
    def due_on(self) -> date:
        """The date that counts now."""
        return self.replanned_on or self.planned_on


class DeliveryUpdate(Base):
    """Something told about a delivery between two stages, in the role of who told it."""

    __tablename__ = "delivery_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    text: Mapped[str]
    role: Mapped[str]
    account_id: Mapped[int | None]

    photos: Mapped[list["DeliveryPhoto"]] = relationship(
        order_by="DeliveryPhoto.id", lazy="selectin", cascade="all, delete-orphan"
    )


class DeliveryPhoto(Base):
    """A photo of an update."""

    __tablename__ = "delivery_photo"
    __table_args__ = (
        UniqueConstraint("file_id"),
        CheckConstraint("stage IN ('', 'before', 'during', 'after')", name="stage_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("delivery_update.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))

    #: what it shows the work to be: "before", "during" or "after"; empty where nobody said
    stage: Mapped[str] = mapped_column(default="", server_default="")

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class DeliveryDocument(Base):
    """A document of a delivery: the contract, the project, the reception report."""

    __tablename__ = "delivery_document"
    __table_args__ = (UniqueConstraint("file_id"), CheckConstraint("title <> ''", name="title_given"))

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    title: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None]

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class DeliveryStage(Base):
    """Since when a delivery stood at a stage: its history, for figures over time."""

    __tablename__ = "delivery_stage"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUS_NAMES})", name="status_known"),
        Index("ix_delivery_stage_delivery", "delivery_id", "since", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    status: Mapped[str]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
