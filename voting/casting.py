"""Casting a ballot: one transaction on a connection of its own, which writes to the box and the log alone.

No session, audit record, outbox or timeline is touched, because a second table written in the same
transaction would say whose ballot it was. Every retry is safe: the leaf is the same, and a leaf is
inserted once. `docs/ballots.md` tells the whole story.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from civic import clock
from civic.errors import Conflict, DomainError, Invalid, NotAllowed
from voting import rules
from voting.ballot_text import tracking_code, void_leaf
from voting.keys import RoundKeys, seal
from voting.plan import FrozenRound
from voting.rules import VoterLine

logger = logging.getLogger(__name__)

#: First key of the advisory locks on rounds: shared by casts, exclusive for the close.
ROUND_LOCK = 7301003
TRIES = 3


class NotConfirmed(DomainError):
    """The database did not say whether the ballot was kept. Trying again is safe."""

    status = 503


class Outcome(StrEnum):
    """What became of a cast."""

    CAST = "cast"
    REPLACED = "replaced"  # an earlier ballot of the same voter no longer counts
    REPEATED = "repeated"  # the same form again: the same receipt
    SUPERSEDED = "superseded"  # the same form again, after a newer ballot


@dataclass(frozen=True)
class Receipt:
    """What a voter is given: the leaf of their ballot and what it did."""

    leaf: bytes
    outcome: Outcome

    @property
    def code(self) -> str:
        """The tracking code."""
        return tracking_code(self.leaf)


@dataclass(frozen=True)
class Cast:
    """Everything a cast needs, computed before any lock is taken."""

    plan: FrozenRound
    voter_id: int
    nym: bytes
    choices: Mapping[str, Decimal]
    leaf: bytes
    sealed: bytes
    channel: str = "online"

    @property
    def values(self) -> dict[str, Any]:
        """The statements' parameters."""
        return {
            "round": self.plan.round_id,
            "voter": self.voter_id,
            "nym": self.nym,
            "lock": int.from_bytes(self.nym[:8], "big", signed=True),
            "leaf": self.leaf,
            "sealed": self.sealed,
            "channel": self.channel,
        }


_LOCK_ROUND = text(f"SELECT pg_advisory_xact_lock_shared({ROUND_LOCK}, :round)")
_LOCK_NYM = text("SELECT pg_advisory_xact_lock(:lock)")
#: All that is read under the locks, in one statement: it sees what was committed before they were given.
_STATE = text(
    "SELECT clock_timestamp(), r.fingerprint, r.closed_at IS NOT NULL, e.voter_id IS NOT NULL, e.area_id,"
    " e.pots, EXISTS (SELECT 1 FROM roll_strike s WHERE s.round_id = r.id AND s.voter_id = :voter),"
    " b.leaf, b.channel FROM round r"
    " LEFT JOIN roll_entry e ON e.round_id = r.id AND e.voter_id = :voter"
    " LEFT JOIN ballot_box b ON b.round_id = :round AND b.nym = :nym WHERE r.id = :round"
)
_INSERT_LEAF = text(
    "INSERT INTO cast_log (round_id, leaf, kind, sealed) VALUES (:round, :leaf, 'ballot', :sealed)"
    " ON CONFLICT DO NOTHING"
)
_INSERT_BOX = text(
    "INSERT INTO ballot_box (round_id, nym, leaf, channel, revision) VALUES (:round, :nym, :leaf, :channel, 1)"
)
_REPLACE_BOX = text(
    "UPDATE ballot_box SET leaf = :leaf, channel = :channel, revision = revision + 1"
    " WHERE round_id = :round AND nym = :nym AND leaf = :old"
)
_INSERT_VOID = text(
    "INSERT INTO cast_log (round_id, leaf, kind, target) VALUES (:round, :void, 'void', :old)"
)
_WAS_VOIDED = text("SELECT 1 FROM cast_log WHERE round_id = :round AND target = :leaf")
_WAIT_FOR_STANDBY = text("SELECT pg_logical_emit_message(true, 'receipt', '')")


def prepare(
    plan: FrozenRound,
    keys: RoundKeys,
    voter_id: int,
    choices: Mapping[str, Decimal],
    form_id: bytes,
    channel: str = "online",
) -> Cast:
    """The ballot as it will be stored: canonical, hashed, sealed. The same form gives the same leaf.

    Raises Invalid for choices that are no ballot of this round at all.
    """
    if any(code not in plan.projects for code in choices):
        raise Invalid(_("The ballot names a project that is not in this round."))
    ballot = plan.ballot(choices, keys.nonce(form_id))
    try:
        canonical = ballot.render()
    except ValueError as error:
        raise Invalid(_("These choices do not make a ballot. Check them and try again.")) from error
    sealed = seal(plan.box_public_key, canonical, plan.padding)
    return Cast(
        plan, voter_id, keys.nym(plan.round_id, voter_id), dict(choices), ballot.leaf, sealed, channel
    )


def cast(engine: Engine, ballot: Cast) -> Receipt:
    """Cast and commit. When the commit's outcome is unknown, look the leaf up and try again.

    Raises a DomainError with a sentence for the voter when the ballot is refused, NotConfirmed when the
    database stayed silent.
    """
    for attempt in range(TRIES):
        try:
            with engine.connect() as connection:
                return cast_on(connection, ballot, again=attempt > 0)
        except DBAPIError as error:
            if attempt + 1 == TRIES:
                raise NotConfirmed(_NOT_CONFIRMED) from error
            logger.warning("a cast is tried again: %s", type(error.orig).__name__)
    raise NotConfirmed(_NOT_CONFIRMED)


_NOT_CONFIRMED = _(
    "Your ballot is not confirmed yet: the server did not answer in time. "
    "Press the button again; a ballot is kept once, however often it is sent."
)


def cast_on(connection: Connection, ballot: Cast, *, again: bool = False) -> Receipt:
    """The transaction, on a connection that has none open. The import uses it with one connection for all."""
    values = ballot.values
    try:
        connection.execute(_LOCK_ROUND, values)
        connection.execute(_LOCK_NYM, values)
        if again:
            # With a synchronous standby only a commit that writes something waits for it.
            connection.execute(_WAIT_FOR_STANDBY)
        state = State(*connection.execute(_STATE, values).one())
        _check(ballot, state)
        receipt = _store(connection, ballot, values, state)
        connection.commit()
    except BaseException:
        if not connection.invalidated:
            connection.rollback()
        raise
    return receipt


class State(NamedTuple):
    """What the database says under the locks."""

    at: datetime
    fingerprint: str | None
    closed: bool
    on_roll: bool
    area_id: int | None
    pots: list[int] | None
    struck: bool
    leaf: bytes | None
    channel: str | None


def _check(ballot: Cast, state: State) -> None:
    """Round open, voter on the roll, ballot valid: read after the locks, so that it holds until the commit."""
    refuse_unless_open(ballot.plan, state.fingerprint, state.closed, clock.shifted(state.at))
    if not state.on_roll:
        raise NotAllowed(_("You are not on the list of participants of this round."))
    if state.struck:
        raise NotAllowed(
            _(
                "Your right to vote in this round was suspended. The desk can tell you why and how to contest it."
            )
        )
    voter = VoterLine(state.area_id, frozenset(state.pots or ()))
    problems = rules.ballot_problems(ballot.plan, voter, ballot.choices, allow_blank=ballot.plan.recorded)
    if problems:
        raise Invalid(problems[0].sentence)


def refuse_unless_open(plan: FrozenRound, fingerprint: str | None, closed: bool, now: datetime) -> None:
    """Raise with the sentence that tells why no ballot is taken at `now`."""
    if fingerprint != plan.fingerprint:
        raise Conflict(_("The vote is being prepared. Try again in a few minutes."))
    if rules.is_open(plan, closed, now):
        return
    if not closed and now < plan.opens_at:
        raise Conflict(_("The vote has not begun yet."))
    raise Conflict(_("The vote has ended; no further ballot can be cast."))


def _store(connection: Connection, ballot: Cast, values: dict[str, Any], state: State) -> Receipt:
    old = None if state.leaf is None else bytes(state.leaf)
    if not connection.execute(_INSERT_LEAF, values).rowcount:
        if old == ballot.leaf:
            return Receipt(ballot.leaf, Outcome.REPEATED)
        if not connection.scalar(_WAS_VOIDED, values):
            # The leaf is in somebody else's name: a form id was used twice, which no page does.
            raise Conflict(_("This form cannot be used. Open the review page again and cast from there."))
        return Receipt(ballot.leaf, Outcome.SUPERSEDED)
    if old is None:
        connection.execute(_INSERT_BOX, values)
        return Receipt(ballot.leaf, Outcome.CAST)
    if state.channel == "paper":
        raise Conflict(
            _("You were handed a paper ballot. Bring it back to the desk unused to vote online instead.")
        )
    changed = connection.execute(_REPLACE_BOX, values | {"old": old}).rowcount
    if changed != 1:
        raise Conflict(_("Your ballot changed in another window. Look at it again, then cast it."))
    void = void_leaf(ballot.plan.fingerprint, old)
    connection.execute(_INSERT_VOID, values | {"void": void, "old": old})
    return Receipt(ballot.leaf, Outcome.REPLACED)
