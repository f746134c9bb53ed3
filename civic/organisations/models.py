"""What is stored about organisations: the organisation, its verifications, where it works, who speaks for it."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.deadlines.models import DeadlineVersion
from civic.extensions import Base
from civic.organisations.rules import MINORITIES, LegalForm, Outcome, Role, State
from civic.places.models import Neighbourhood

_STATES = ", ".join(f"'{one}'" for one in State)
_FORMS = ", ".join(f"'{one}'" for one in LegalForm)
_ROLES = ", ".join(f"'{one}'" for one in Role)
_OUTCOMES = ", ".join(f"'{one}'" for one in Outcome)
_MINORITIES = ", ".join(f"'{one}'" for one in MINORITIES)
#: A group of initiative has no legal personality and so no number; an authority has a tax code, all others are in a
#: register.
_NUMBERS = (
    "CASE legal_form WHEN 'initiative_group' THEN registration_number = '' AND tax_code = '' "
    "WHEN 'authority' THEN tax_code <> '' ELSE registration_number <> '' END"
)


class Organisation(Base):
    """An association, a foundation, a federation, a union, a group of initiative or another public authority.

    The values are those the city hall has verified; a change of the name, the form or the numbers waits in an
    `OrganisationCheck` until it is verified too. `keeper_id` is one of its administrators: as long as it is set,
    the database keeps that member and that role, so that the last administrator can neither leave nor be removed.
    Only the erasure of the last member's account leaves an organisation to nobody (`deserted_at`).
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(f"legal_form IN ({_FORMS})", name="legal_form_known"),
        CheckConstraint(f"minority IN ({_MINORITIES})", name="minority_known"),
        CheckConstraint(_NUMBERS, name="numbers_fit_form"),
        CheckConstraint("tax_code ~ '^[0-9]{0,10}$'", name="tax_code_digits"),
        CheckConstraint("state NOT IN ('refused', 'suspended') OR state_reason <> ''", name="reason_given"),
        CheckConstraint(
            "(state IN ('verified', 'suspended')) = (verified_at IS NOT NULL)", name="verified_when"
        ),
        CheckConstraint("website = '' OR website ~* '^https?://'", name="website_http"),
        CheckConstraint("(held_description IS NULL) = (held_website IS NULL)", name="held_whole"),
        CheckConstraint("(keeper_id IS NULL) = (deserted_at IS NOT NULL)", name="kept_or_deserted"),
        CheckConstraint("keeper_role = 'administrator'", name="keeper_administers"),
        ForeignKeyConstraint(
            ["id", "keeper_id", "keeper_role"],
            [
                "organisation_member.organisation_id",
                "organisation_member.account_id",
                "organisation_member.role",
            ],
            name="fk_organisation_keeper",
            use_alter=True,
        ),
        # Two may claim a number; only one of them can be verified with it.
        Index(
            "uq_organisation_tax_code",
            "tax_code",
            unique=True,
            postgresql_where="tax_code <> '' AND state IN ('verified', 'suspended')",
        ),
        Index("ix_organisation_search", "search_vector", postgresql_using="gin"),
        Index("ix_organisation_state_name", "state", "sort_key", "id"),
    )

    # Said, because a column with a foreign key is given no numbers by itself.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str]
    sort_key: Mapped[str]
    legal_form: Mapped[str]
    #: its number in the register of associations and foundations, or in that of unions
    registration_number: Mapped[str] = mapped_column(default="")
    #: the digits of its tax code
    tax_code: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    #: what it wants to say there instead, while a moderator has not read it; None where nothing waits
    held_description: Mapped[str | None]
    held_website: Mapped[str | None]
    #: the e-mail and telephone for the city hall, sealed; None once they were erased
    contact: Mapped[bytes | None]
    public_email: Mapped[str] = mapped_column(default="")
    public_phone: Mapped[str] = mapped_column(default="")
    #: what its administrators say of it themselves; nobody else sets it and no history of it is kept
    minority: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=State.WAITING)
    state_reason: Mapped[str] = mapped_column(default="")
    state_since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    #: when it was verified first
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    keeper_id: Mapped[int | None]
    keeper_role: Mapped[str] = mapped_column(default=Role.ADMINISTRATOR)
    deserted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: raised with every change of its values: the form of somebody who saw an older one is refused
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    #: none of them: the whole city
    areas: Mapped[list[Neighbourhood]] = relationship(
        secondary="organisation_area", order_by=Neighbourhood.sort_key, lazy="raise_on_sql"
    )


class OrganisationArea(Base):
    """A neighbourhood in which an organisation works."""

    __tablename__ = "organisation_area"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    neighbourhood_id: Mapped[int] = mapped_column(
        ForeignKey("neighbourhood.id"), primary_key=True, index=True
    )


class OrganisationCheck(Base):
    """Values that the city hall is asked to verify, by when, and what it answered. One open at a time."""

    __tablename__ = "organisation_check"
    __table_args__ = (
        CheckConstraint(f"legal_form IN ({_FORMS})", name="legal_form_known"),
        CheckConstraint(_NUMBERS, name="numbers_fit_form"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decision_whole"),
        CheckConstraint("outcome IS DISTINCT FROM 'refused' OR reason <> ''", name="refusal_has_reason"),
        Index(
            "uq_organisation_check_open", "organisation_id", unique=True, postgresql_where="outcome IS NULL"
        ),
        Index("ix_organisation_check_due", "due_at", postgresql_where="outcome IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    legal_form: Mapped[str]
    registration_number: Mapped[str] = mapped_column(default="")
    tax_code: Mapped[str] = mapped_column(default="")
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline_version.id"))
    outcome: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: None when a newer one took its place
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    deadline: Mapped[DeadlineVersion] = relationship(lazy="raise_on_sql")


class OrganisationMember(Base):
    """Somebody who speaks for an organisation, in one role. Their name is public by their own consent alone."""

    __tablename__ = "organisation_member"
    __table_args__ = (
        # The whole row is what an organisation's keeper points at: neither it nor its role can go while it does.
        UniqueConstraint("organisation_id", "account_id", "role"),
        CheckConstraint(f"role IN ({_ROLES})", name="role_known"),
    )

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    role: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    shown: Mapped[bool] = mapped_column(default=False)


class OrganisationInvitation(Base):
    """A link sent to an address, for one role, once. The address is sealed and goes with the row."""

    __tablename__ = "organisation_invitation"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        # A second invitation of the same address takes the place of the first.
        UniqueConstraint("organisation_id", "address_mark"),
        CheckConstraint(f"role IN ({_ROLES})", name="role_known"),
        Index("ix_organisation_invitation_expires_at", "expires_at"),
        Index("ix_organisation_invitation_address_mark", "address_mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    role: Mapped[str]
    sealed_address: Mapped[bytes]
    address_mark: Mapped[bytes]
    token_hash: Mapped[bytes]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
