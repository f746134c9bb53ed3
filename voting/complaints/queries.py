"""Every question asked about identity complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, text

from civic.errors import NotFound
from civic.extensions import db
from civic.rounds.models import Phase, Round
from voting.complaints.models import IdentityComplaint
from voting.complaints.rules import UPHELD
from voting.round_queries import results_are_settled

PER_PAGE = 25


@dataclass(frozen=True)
class Figures:
    """What the public is told: numbers alone."""

    filed: int
    upheld: int
    dismissed: int

    def as_json(self) -> dict[str, int]:
        """As minutes and files hold them."""
        return {"filed": self.filed, "upheld": self.upheld, "dismissed": self.dismissed}


def get_complaint(complaint_id: int, round_id: int | None = None, *, lock: bool = False) -> IdentityComplaint:
    """The complaint, of that round when one is given, or NotFound. Locked, it is read anew."""
    statement = select(IdentityComplaint).where(IdentityComplaint.id == complaint_id)
    if round_id is not None:
        statement = statement.where(IdentityComplaint.round_id == round_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_own(round_id: int, account_id: int | None) -> Sequence[IdentityComplaint]:
    """What an account complained of in a round, the latest first."""
    if account_id is None:
        return []
    return db.session.scalars(
        select(IdentityComplaint)
        .where(IdentityComplaint.round_id == round_id, IdentityComplaint.account_id == account_id)
        .order_by(IdentityComplaint.id.desc())
    ).all()


def list_open_of(account_id: int) -> Sequence[IdentityComplaint]:
    """The complaints of an account that wait for a decision, in all rounds."""
    return db.session.scalars(
        select(IdentityComplaint)
        .where(IdentityComplaint.account_id == account_id, IdentityComplaint.decided_at.is_(None))
        .order_by(IdentityComplaint.id)
    ).all()


def list_complaints(round_id: int, page: int) -> tuple[Sequence[IdentityComplaint], int]:
    """A page of a round's complaints: those that wait first, each part the oldest first; and how many there are."""
    total = db.session.scalar(
        select(func.count()).select_from(IdentityComplaint).where(IdentityComplaint.round_id == round_id)
    )
    found = db.session.scalars(
        select(IdentityComplaint)
        .where(IdentityComplaint.round_id == round_id)
        .order_by(IdentityComplaint.decided_at.is_not(None), IdentityComplaint.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return found, total or 0


def count_open(round_id: int) -> int:
    """How many complaints of a round wait for a decision."""
    waiting = select(func.count()).where(
        IdentityComplaint.round_id == round_id, IdentityComplaint.decided_at.is_(None)
    )
    return db.session.scalar(waiting) or 0


def lock_with_contact(now: datetime, before: datetime, limit: int) -> Sequence[IdentityComplaint]:
    """Decided complaints that still have a contact although the results cannot be contested, or decided `before`."""
    settled = select(Round.id).where(results_are_settled(now))
    return db.session.scalars(
        select(IdentityComplaint)
        .where(
            IdentityComplaint.contact != "",
            IdentityComplaint.decided_at.is_not(None),
            or_(IdentityComplaint.round_id.in_(settled), IdentityComplaint.decided_at <= before),
        )
        .order_by(IdentityComplaint.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def list_waiting() -> Sequence[tuple[int, str, int, datetime]]:
    """Rounds with complaints that wait: (id, name, how many, when the first is due)."""
    rows = db.session.execute(
        select(Round.id, Round.name, func.count(), func.min(IdentityComplaint.due_at))
        .join(IdentityComplaint, IdentityComplaint.round_id == Round.id)
        .where(IdentityComplaint.decided_at.is_(None))
        .group_by(Round.id, Round.name)
        .order_by(func.min(IdentityComplaint.due_at))
    ).all()
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def list_rounds_in_vote(now: datetime) -> Sequence[Round]:
    """Published city rounds whose vote has begun and whose close has not, the latest first."""
    return db.session.scalars(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.published_at.is_not(None),
            Round.frozen_at.is_not(None),
            Round.closed_at.is_(None),
            Phase.kind == "voting",
            Phase.starts_at <= now,
        )
        .order_by(Phase.starts_at.desc(), Round.id.desc())
    ).all()


_FIGURES = text(
    "SELECT count(*), count(*) FILTER (WHERE outcome = ANY(:upheld)),"
    " count(*) FILTER (WHERE outcome = 'dismissed') FROM identity_complaint WHERE round_id = :id"
)


def figures_on(connection: Connection, round_id: int) -> Figures:
    """The numbers of a round as a step of the close sees them, on its own connection."""
    row = connection.execute(_FIGURES, {"id": round_id, "upheld": [str(one) for one in UPHELD]}).one()
    return Figures(*row)
