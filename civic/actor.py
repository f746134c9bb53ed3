"""Who is acting: the plain value that views pass to policies and services."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account may be entrusted with besides being a resident."""

    MODERATOR = "moderator"
    EVALUATOR = "evaluator"
    STAFF = "staff"
    CLERK = "clerk"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Trace:
    """From where somebody writes, as keyed hashes that change every day: today's first, then yesterday's."""

    devices: tuple[bytes, ...] = ()
    networks: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Actor:
    """An account at one moment, without its secrets.

    `id` is the account; `person_id` the verified human being behind it (None until verified), the one
    that rolls and ballots know. `departments` are those whose analyses an evaluator may write.
    """

    id: int | None
    display_name: str = ""
    person_id: int | None = None
    email_confirmed: bool = False
    roles: frozenset[Role] = frozenset()
    departments: frozenset[int] = field(default_factory=frozenset)
    neighbourhood_id: int | None = None
    #: set for what is sent by a request; nothing of who acts depends on it
    trace: Trace | None = field(default=None, compare=False, repr=False)
    #: until when a suspension that runs now keeps them from publishing texts; None while none does
    suspended_until: datetime | None = None

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""
        return self.id is not None

    @property
    def is_verified(self) -> bool:
        """Whether the city has checked who this is and where they live."""
        return self.person_id is not None

    def has_role(self, *roles: Role | str) -> bool:
        """Whether the account holds any of the roles."""
        return any(Role(role) in self.roles for role in roles)


ANONYMOUS = Actor(id=None)

#: The platform itself: what jobs and phases do by the clock. It has no account.
SYSTEM = Actor(id=None, display_name="Civic")
