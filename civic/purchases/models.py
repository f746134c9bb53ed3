"""What is stored about public purchases, their amendments and earlier editions, and from which amount they are published."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from civic.imports.models import Imported
from civic.places.models import Department
from civic.purchases.rules import CATEGORIES, PROCEDURES
from civic.tracker.models import Delivery

Money = Numeric(14, 2)
_PROCEDURES = ", ".join(f"'{one}'" for one in PROCEDURES)
_CATEGORIES = ", ".join(f"'{one}'" for one in CATEGORIES)


class Purchase(Imported, Base):
    """Something the city buys. Amounts are None when not known; `amount` is one whose VAT the source leaves open."""

    __tablename__ = "purchase"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint(f"procedure IN ({_PROCEDURES})", name="procedure_known"),
        CheckConstraint(f"categories <@ ARRAY[{_CATEGORIES}]::varchar[]", name="categories_known"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint("char_length(currency) = 3", name="currency_iso"),
        CheckConstraint(
            "coalesce(amount, 0) >= 0 AND coalesce(amount_net, 0) >= 0 AND coalesce(amount_gross, 0) >= 0",
            name="amounts_not_negative",
        ),
        CheckConstraint(
            "amount_gross IS NULL OR amount_net IS NULL OR amount_gross >= amount_net", name="vat_added"
        ),
        Index("ix_purchase_published", "year", "id", postgresql_where="published"),
        Index("ix_purchase_published_id", "id", postgresql_where="published"),
        Index(
            "ix_purchase_published_department", "department_id", "year", "id", postgresql_where="published"
        ),
        Index("ix_purchase_published_procedure", "procedure", "year", "id", postgresql_where="published"),
        Index("ix_purchase_year", "year", "id"),
        Index("ix_purchase_changed_at", "changed_at", "id"),
        Index("ix_purchase_search", "search_vector", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    procedure: Mapped[str] = mapped_column(default="unknown")
    categories: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    amount_net: Mapped[Decimal | None] = mapped_column(Money)
    amount_gross: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(default="RON")
    year: Mapped[int]
    signed_on: Mapped[date | None] = mapped_column(Date)
    supplier: Mapped[str] = mapped_column(default="")
    #: the supplier's registration code
    supplier_code: Mapped[str] = mapped_column(default="")
    contract_number: Mapped[str] = mapped_column(default="")
    #: the part of the city hall that buys, in the source's words
    buyer: Mapped[str] = mapped_column(default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    #: what it is bought for, in the source's words
    project: Mapped[str] = mapped_column(default="")
    field: Mapped[str] = mapped_column(default="")
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    published: Mapped[bool] = mapped_column(default=True)
    #: whether what it says now never stood in public: no edition is kept of that
    never_shown: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    department: Mapped[Department | None] = relationship()
    delivery: Mapped[Delivery | None] = relationship()
    amendments: Mapped[list["PurchaseAmendment"]] = relationship(
        order_by="PurchaseAmendment.signed_on, PurchaseAmendment.id", cascade="all, delete-orphan"
    )
    editions: Mapped[list["PurchaseEdition"]] = relationship(order_by="PurchaseEdition.number", viewonly=True)


class PurchaseAmendment(Base):
    """A change of a contract: the amount after it, when it says one, and why."""

    __tablename__ = "purchase_amendment"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("amount_after IS NULL OR amount_after >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id", ondelete="CASCADE"), index=True)
    signed_on: Mapped[date] = mapped_column(Date)
    amount_after: Mapped[Decimal | None] = mapped_column(Money)
    reason: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PurchaseEdition(Base):
    """What stood in public about a purchase until a change. Rows are inserted and never touched again.

    `release` is the open contracting release that said it, as it was written; empty where the one before says the same.
    """

    __tablename__ = "purchase_edition"
    __table_args__ = (
        UniqueConstraint("purchase_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("number > 1 OR release <> ''", name="first_with_release"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    number: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True)
    release: Mapped[str]
    superseded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PurchaseThreshold(Base):
    """From which amount (lei) purchases are published, since a day, on what basis."""

    __tablename__ = "purchase_threshold"
    __table_args__ = (
        UniqueConstraint("since"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("basis <> ''", name="basis_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Money)
    basis: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
