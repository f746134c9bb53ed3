"""What is stored about people. An account signs in; a person is one verified human being."""

from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.verifying.methods import proof_of
from civic.actor import Actor, Role
from civic.extensions import Base

ROLE_NAMES = ", ".join(f"'{role}'" for role in Role)


class Person(Base):
    """A human being the city has checked. One per identity hash; outlives accounts until contests end.

    `identity_hash` is a keyed hash of the personal number (or country + document number); the number
    itself is never stored. None only for people of an imported election, who have no identity here.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("identity_hash"),
        CheckConstraint(
            "method IN ('desk', 'letter', 'declaration', 'roeid', 'recorded')", name="method_known"
        ),
        CheckConstraint("method = 'recorded' OR identity_hash IS NOT NULL", name="identity_required"),
        CheckConstraint("method = 'recorded' OR birth_date IS NOT NULL", name="birth_date_required"),
        CheckConstraint("confirmed_by IN ('sms', 'email')", name="confirmed_by_known"),
        CheckConstraint(
            "(method = 'declaration') = (confirmed_by IS NOT NULL)", name="confirmed_by_for_declarations"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_hash: Mapped[bytes | None]
    birth_date: Mapped[date | None] = mapped_column(Date)
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    #: why the person belongs to the area: domicile, residence, work or study
    area_basis: Mapped[str] = mapped_column(default="domicile")
    method: Mapped[str]
    #: what carried the code of a declaration
    confirmed_by: Mapped[str | None]
    verified_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", use_alter=True))
    #: when the account behind the person was deleted; the identity is erased once no contest needs it
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def proof(self) -> str:
        """The way the city learned who this is, in one word of `verifying.methods`."""
        return proof_of(self.method, self.confirmed_by)


class Account(Base):
    """A way to sign in. The password is an argon2id hash; the address is confirmed by a link."""

    __tablename__ = "account"
    __table_args__ = (
        Index("uq_account_email", "email", unique=True),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint(
            "deleted_at IS NULL OR (disabled_at IS NOT NULL AND person_id IS NULL)", name="deleted_is_empty"
        ),
        UniqueConstraint("person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str] = mapped_column()
    display_name: Mapped[str]
    locale: Mapped[str] = mapped_column(default="ro")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    email_confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: set when its owner deleted it: the row stays, anonymous, because texts and records point at it
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: raised when the password changes or "sign out everywhere" is pressed: older sessions end
    session_epoch: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: the neighbourhood somebody says they live in, before any verification; only to show what is near
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    #: until when it may not publish texts; kept by the suspensions, with which it changes
    suspended_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    grants: Mapped[list["RoleGrant"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", foreign_keys="RoleGrant.account_id"
    )

    # What Flask-Login asks.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in."""
        return self.disabled_at is None

    @property
    def public_name(self) -> str:
        """The name shown beside what the account wrote, in the reader's language once it is deleted."""
        return gettext("deleted account") if self.deleted_at else self.display_name

    def get_id(self) -> str:
        """What the session remembers: the id and the epoch, so that raising the epoch signs everyone out."""
        return f"{self.id}.{self.session_epoch}"

    def as_actor(self) -> Actor:
        """The plain value handed to policies and services."""
        return Actor(
            id=self.id,
            display_name=self.display_name,
            person_id=self.person_id,
            email_confirmed=self.email_confirmed_at is not None,
            roles=frozenset(Role(grant.role) for grant in self.grants),
            departments=frozenset(grant.department_id for grant in self.grants if grant.department_id),
            neighbourhood_id=self.neighbourhood_id,
        )


class RoleGrant(Base):
    """A role given to an account; an evaluator's is for one department."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "department_id", postgresql_nulls_not_distinct=True),
        CheckConstraint(f"role IN ({ROLE_NAMES})", name="role_known"),
        CheckConstraint(
            "(role = 'evaluator') = (department_id IS NOT NULL)", name="department_for_evaluators"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class SignInFailure(Base):
    """A failed sign-in, counted per address, per known browser and per network. `key` is a keyed hash of either."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
