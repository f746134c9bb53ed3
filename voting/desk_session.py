"""A resident's private vote on a clerk's device, and the lock that stands there before and after it.

The session's signed cookie holds it, and no table does. Opening and ending raise the clerk's session epoch, so that
no cookie of before works: neither the clerk's own during the vote, nor the resident's after it, whoever kept a copy.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import g, session
from flask_babel import lazy_gettext as _

from civic import audit
from civic.accounts import queries
from civic.accounts.models import Account
from civic.actor import Actor
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.policy import ALLOWED, Action, Decision, may, refused
from civic.rounds.models import Round
from civic.unit_of_work import ask
from civic.wire import Statement
from voting import policy, roll_queries, round_queries
from voting.policy import Gate

#: How long the device is the resident's, and when they are warned that it ends.
LENGTH = timedelta(minutes=15)
WARNING = timedelta(minutes=2)

_DESK, _LOCK = "desk", "desk_lock"

_STANDS = Statement(
    "SELECT 1 FROM account c, account r WHERE c.id = %(clerk)s::bigint AND c.session_epoch = %(epoch)s::bigint"
    " AND c.disabled_at IS NULL AND r.id = %(account)s::bigint AND r.person_id = %(person)s::bigint"
    " AND r.disabled_at IS NULL AND r.deleted_at IS NULL"
)


@dataclass(frozen=True)
class DeskSession:
    """Whose vote the device is for, in which round, until when, and which clerk handed it over."""

    clerk_id: int
    epoch: int
    account_id: int
    person_id: int
    round_id: int
    slug: str
    until: datetime
    stay: bool

    def stands(self, now: datetime) -> bool:
        """Whether it goes on: in its time, not ended, and neither account suspended. Asks, and writes nothing."""
        values = {
            "clerk": self.clerk_id,
            "epoch": self.epoch,
            "account": self.account_id,
            "person": self.person_id,
        }
        return now < self.until and ask(_STANDS, values) is not None

    @property
    def voter(self) -> Actor:
        """The resident, with the rights of a voter and no other."""
        return Actor(self.account_id, "", self.person_id, True)

    def seconds(self, now: datetime) -> int:
        """How many seconds are left."""
        return max(1, int((self.until - now).total_seconds()))


@dataclass(frozen=True)
class Lock:
    """A device that waits for its clerk; `round_id` is that of the vote that ended, `stay` the clerk's own wish."""

    clerk_id: int
    round_id: int
    stay: bool
    timed_out: bool


def held() -> DeskSession | None:
    """The vote that the browser's cookie holds, whether or not it still stands."""
    values = session.get(_DESK)
    if values is None:
        return None
    *numbers, slug, until, stay = values
    clerk, epoch, account, person, round_id = numbers
    ends = datetime.fromtimestamp(until, UTC)
    return DeskSession(clerk, epoch, account, person, round_id, slug, ends, stay)


def lock_here() -> Lock | None:
    """The lock of this browser, if there is one."""
    values = session.get(_LOCK)
    return None if values is None else Lock(*values)


def current() -> DeskSession | None:
    """The vote this request belongs to."""
    found: DeskSession | None = g.get("desk")
    return found


def is_desk_screen() -> bool:
    """Whether this browser is a voting place or locked, and shows nobody's menus."""
    return _DESK in session or _LOCK in session


def seconds_left(now: datetime) -> int | None:
    """How long what the resident chose may be kept in the browser; None outside a desk's vote."""
    desk = current()
    return None if desk is None else desk.seconds(now)


def can_open(actor: Actor, account: Account) -> Decision:
    """Whether the clerk may hand this device to the account's resident."""
    if not may(actor, Action.VERIFY_RESIDENTS):
        return refused(_("Only desk clerks open a vote at the desk."))
    if actor.id == account.id or (actor.person_id is not None and actor.person_id == account.person_id):
        return refused(_("Nobody opens a vote at the desk for themselves: ask a colleague."))
    if account.deleted_at is not None:
        return refused(_("This account was deleted."))
    if not account.is_active:
        return refused(
            _("This account is suspended: its resident cannot vote until an administrator lets them in.")
        )
    if account.person_id is None:
        return refused(_("Verify the resident first; only then can they vote."))
    return ALLOWED


def can_vote(account: Account, round_: Round, now: datetime) -> Decision:
    """Whether the resident may vote in the round now, with the reason as the clerk reads it."""
    voter = Actor(account.id, "", account.person_id, True)
    found = roll_queries.find_voter(round_.id, account.person_id) if account.person_id is not None else None
    passage = policy.voter_gate(round_, round_queries.plan_of(round_), voter, found, now)
    if passage:
        return ALLOWED
    if passage.gate is Gate.STRUCK:
        return refused(
            _("This person's right to vote was suspended. Council staff say why and how to contest it.")
        )
    if passage.gate in (Gate.NOT_ON_ROLL, Gate.WAITING):
        return refused(
            _(
                "This person is not on the list of participants. What they are told: %(reason)s",
                reason=passage.reason,
            )
        )
    return refused(passage.reason)


def begin(actor: Actor, account: Account, round_: Round, now: datetime) -> DeskSession:
    """Hand the device to the resident: the clerk's sessions end, the vote's begins. Flushes.

    Raises NotAllowed with the reason, Conflict when the clerk's own session ended meanwhile.
    """
    assert actor.id is not None
    for decision in (can_open(actor, account), can_vote(account, round_, now)):
        if not decision:
            raise NotAllowed(decision.reason)
    assert account.person_id is not None
    clerk = queries.lock_account(actor.id)
    if session.get("_user_id") != clerk.get_id():
        raise Conflict(_("This was already pressed, or you were signed out meanwhile."))
    clerk.session_epoch += 1
    # No word of whose vote it is: beside a row of the box written minutes later it would say whose leaf that is.
    audit.record(actor, "desk_session.opened", "account", clerk.id, now, {"round_id": round_.id})
    db.session.flush()
    until = (now + LENGTH).replace(microsecond=0)
    desk = DeskSession(
        clerk.id,
        clerk.session_epoch,
        account.id,
        account.person_id,
        round_.id,
        round_.slug,
        until,
        session.permanent,
    )
    session.clear()
    session.permanent = False
    # A form of another session is good for nothing in this one.
    session["id"] = secrets.token_hex(16)
    session[_DESK] = [
        desk.clerk_id, desk.epoch, desk.account_id, desk.person_id, desk.round_id, desk.slug,
        int(until.timestamp()), desk.stay,
    ]  # fmt: skip
    return desk


def put_lock(desk: DeskSession, *, timed_out: bool) -> Lock:
    """Lock the browser: of the resident's session nothing is left in it."""
    session.clear()
    session.permanent = False
    lock = Lock(desk.clerk_id, desk.round_id, desk.stay, timed_out)
    session[_LOCK] = [lock.clerk_id, lock.round_id, lock.stay, lock.timed_out]
    g.pop("desk", None)
    return lock


def forget() -> None:
    """Leave the locked device to whoever signs in next."""
    session.clear()


def invalidate(clerk_id: int) -> Account:
    """Let no cookie of the vote, nor of before it, work any more. Flushes."""
    clerk = queries.lock_account(clerk_id)
    clerk.session_epoch += 1
    db.session.flush()
    return clerk


def record_end(clerk: Account, round_id: int, now: datetime) -> None:
    """Note that the clerk took the device back. It says nothing of a person, and nothing of a ballot."""
    actor: Any = clerk.as_actor()
    audit.record(actor, "desk_session.closed", "account", clerk.id, now, {"round_id": round_id})
