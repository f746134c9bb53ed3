"""Casting a ballot: one transaction on a connection of its own, which writes to the box and the log alone.

No session, audit record, outbox or timeline is touched, because a second table written in the same
transaction would say whose ballot it was. Every retry is safe: the leaf is the same, and a leaf is
inserted once. `docs/ballots.md` tells the whole story.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import psycopg
from flask_babel import lazy_gettext as _
from psycopg.errors import InvalidSqlStatementName
from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

from civic import clock
from civic.errors import Conflict, DomainError, Invalid, NotAllowed
from civic.wire import Statement, Wire
from voting import rules
from voting.ballot_text import leaf_of, tracking_code, void_leaf
from voting.keys import RoundKeys, seal
from voting.plan import FrozenRound
from voting.rules import VoterLine

logger = logging.getLogger(__name__)

#: First key of the advisory locks on rounds: shared by casts, exclusive for the close.
ROUND_LOCK = 7301003
TRIES = 3
#: A voter is not left waiting longer than about this, whatever the database waits for.
CAST_SECONDS = 5.0


class NotConfirmed(DomainError):
    """The database did not say whether the ballot was kept. Trying again is safe."""

    status = 503


class CommitWarned(psycopg.OperationalError):
    """The server committed with a warning: a cancelled wait for the standby is success only here, not there."""


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


#: Whatever the database's default is: after the locks a statement must see what was committed meanwhile.
_BEGIN = Statement("BEGIN ISOLATION LEVEL READ COMMITTED")
_COMMIT = Statement("COMMIT")
_LOCK_ROUND = Statement(f"SELECT pg_advisory_xact_lock_shared({ROUND_LOCK}, %(round)s::int)")
_LOCK_NYM = Statement("SELECT pg_advisory_xact_lock(%(lock)s::bigint)")
#: All that is read under the locks, in one statement: it sees what was committed before they were given.
_STATE = Statement(
    "SELECT clock_timestamp(), r.fingerprint, r.closed_at IS NOT NULL, e.voter_id IS NOT NULL, e.area_id,"
    " e.pots, EXISTS (SELECT 1 FROM roll_strike s WHERE s.round_id = r.id AND s.voter_id = %(voter)s"
    " AND NOT EXISTS (SELECT 1 FROM roll_lift t WHERE t.strike_id = s.id)),"
    " b.leaf, b.channel FROM round r"
    " LEFT JOIN roll_entry e ON e.round_id = r.id AND e.voter_id = %(voter)s"
    " LEFT JOIN ballot_box b ON b.round_id = %(round)s::int AND b.nym = %(nym)s WHERE r.id = %(round)s::int"
)
_LEAF = (
    "INSERT INTO cast_log (round_id, leaf, kind, sealed)"
    " VALUES (%(round)s::int, %(leaf)s, 'ballot', %(sealed)s) ON CONFLICT DO NOTHING"
)
_INSERT_LEAF = Statement(_LEAF)
#: Leaf and box row of a first ballot: both, or neither when the leaf was there.
_INSERT_BOTH = Statement(
    f"WITH kept AS ({_LEAF} RETURNING leaf)"  # noqa: S608 - constants
    " INSERT INTO ballot_box (round_id, nym, leaf, channel, revision)"
    " SELECT %(round)s::int, %(nym)s::bytea, kept.leaf, %(channel)s::text, 1 FROM kept"
)
#: A first ballot whole, where everything is as the form says that it was: who sends it, the line of the roll, the vote
#: open, nobody struck, nothing in the box. Else no row, and nothing is told of what is different.
_AT_ONCE = Statement(
    "WITH kept AS (INSERT INTO cast_log (round_id, leaf, kind, sealed)"
    " SELECT r.id, %(leaf)s::bytea, 'ballot', %(sealed)s::bytea FROM round r"
    " JOIN roll_entry e ON e.round_id = r.id AND e.voter_id = %(voter)s::int"
    " JOIN account a ON a.id = %(account)s::bigint AND a.session_epoch = %(epoch)s::bigint"
    " AND a.disabled_at IS NULL AND a.person_id = e.voter_id"
    " WHERE r.id = %(round)s::int AND r.fingerprint = %(fingerprint)s AND r.closed_at IS NULL"
    " AND clock_timestamp() >= %(opens)s::timestamptz AND clock_timestamp() < %(closes)s::timestamptz"
    " AND e.area_id IS NOT DISTINCT FROM %(area)s::int"
    " AND e.pots @> %(pots)s::int[] AND e.pots <@ %(pots)s::int[]"
    " AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.account_id = a.id)"
    " AND NOT EXISTS (SELECT 1 FROM roll_strike s WHERE s.round_id = r.id AND s.voter_id = e.voter_id"
    " AND NOT EXISTS (SELECT 1 FROM roll_lift t WHERE t.strike_id = s.id))"
    " AND NOT EXISTS (SELECT 1 FROM ballot_box b WHERE b.round_id = %(round)s::int AND b.nym = %(nym)s)"
    " ON CONFLICT DO NOTHING RETURNING leaf)"
    " INSERT INTO ballot_box (round_id, nym, leaf, channel, revision)"
    " SELECT %(round)s::int, %(nym)s::bytea, kept.leaf, %(channel)s::text, 1 FROM kept"
)
_REPLACE_BOX = Statement(
    "UPDATE ballot_box SET leaf = %(leaf)s, channel = %(channel)s, revision = revision + 1"
    " WHERE round_id = %(round)s::int AND nym = %(nym)s AND leaf = %(old)s"
)
_INSERT_VOID = Statement(
    "INSERT INTO cast_log (round_id, leaf, kind, target) VALUES (%(round)s::int, %(void)s, 'void', %(old)s)"
)
_WAS_VOIDED = Statement("SELECT 1 FROM cast_log WHERE round_id = %(round)s::int AND target = %(leaf)s")
_WAIT_FOR_STANDBY = Statement("SELECT pg_logical_emit_message(true, 'receipt', '')")


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
        plan, voter_id, keys.nym(plan.round_id, voter_id), dict(choices), leaf_of(canonical), sealed, channel
    )


def cast(engine: Engine, ballot: Cast, tried_until: float | None = None) -> Receipt:
    """Cast and commit. When the commit's outcome is unknown, look the leaf up and try again, for `CAST_SECONDS` in all.

    `tried_until`: when the time ends of a try before this one, of which nobody knows what came.
    Raises a DomainError with a sentence for the voter when the ballot is refused, NotConfirmed when the
    database stayed silent.
    """
    give_up_at = tried_until or time.monotonic() + CAST_SECONDS
    for attempt in range(TRIES):
        try:
            with closing(engine.raw_connection()) as pooled:
                again = attempt > 0 or tried_until is not None
                return cast_on(pooled, ballot, again=again, give_up_at=give_up_at)
        except (DBAPIError, psycopg.Error) as error:
            if attempt + 1 == TRIES or time.monotonic() >= give_up_at:
                raise NotConfirmed(_NOT_CONFIRMED) from error
            logger.warning("a cast is tried again: %s", type(getattr(error, "orig", error)).__name__)
    raise NotConfirmed(_NOT_CONFIRMED)


_NOT_CONFIRMED = _(
    "Your ballot is not confirmed yet: the server did not answer in time. "
    "Press the button again; a ballot is kept once, however often it is sent."
)


def cast_on(
    pooled: PoolProxiedConnection, ballot: Cast, *, again: bool = False, give_up_at: float | None = None
) -> Receipt:
    """The transaction, on a connection that has none open. The demo uses it with one connection for all.

    A cast waits for the server twice: for the state under the locks, and for the commit. The server still takes
    one statement after the other: the round's lock, the voter's, and only then the snapshot that `_STATE` reads.
    """
    try:
        return _converse(pooled, ballot, again, give_up_at)
    except InvalidSqlStatementName:  # raised before anything was done
        return _converse(pooled, ballot, again, give_up_at)


def _converse(pooled: PoolProxiedConnection, ballot: Cast, again: bool, give_up_at: float | None) -> Receipt:
    values = ballot.values
    with _heard(pooled, give_up_at) as wire:
        _begin(wire, values)
        if again:
            # With a synchronous standby only a commit that writes something waits for it.
            wire.put(_WAIT_FOR_STANDBY)
        wire.put(_STATE, values)
        row = wire.row(wire.answers()[-1])
        if row is None:
            raise Conflict(_("The vote is being prepared. Try again in a few minutes."))
        state = State(*row)
        _check(ballot, state)
        return _store(wire, ballot, values, state)


@contextmanager
def _heard(pooled: PoolProxiedConnection, give_up_at: float | None) -> Iterator[Wire]:
    """A conversation in which no warning passes unheard: after one, what was committed is not confirmed."""
    driver: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
    warnings: list[str | None] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        # Asked now, not later: the driver lets go of the notice. The untranslated word, in any language.
        if notice.severity_nonlocalized == "WARNING":
            warnings.append(notice.sqlstate)

    driver.add_notice_handler(hear)
    try:
        with Wire(pooled, give_up_at) as wire:
            yield wire
        if warnings:
            raise CommitWarned(f"committed with warning {warnings[0]}")
    finally:
        driver.remove_notice_handler(hear)
        if driver.closed:
            pooled.invalidate()


def _begin(wire: Wire, values: Mapping[str, Any]) -> None:
    wire.put(_BEGIN)
    wire.put(_LOCK_ROUND, values)
    wire.put(_LOCK_NYM, values)


def cast_at_once(
    engine: Engine, ballot: Cast, voter: VoterLine, account: tuple[int, int], give_up_at: float
) -> Receipt | None:
    """Cast and commit a first ballot, waiting for the server once; None when it is none, or not to be taken.

    `voter` is what the roll said when the ballot was looked over, `account` the number and the session epoch of who
    sends it: both are compared under the locks, with all that `cast` checks there. The rules are asked before.
    Whoever is given nothing asks `cast`, which tells why. Raises what a lost database raises.
    """
    plan = ballot.plan
    if rules.ballot_problems(plan, voter, ballot.choices):
        return None
    values = {
        **ballot.values,
        "fingerprint": plan.fingerprint,
        "opens": clock.on_database(plan.opens_at).isoformat(),
        "closes": clock.on_database(plan.closes_at).isoformat(),
        "area": voter.area_id,
        "pots": "{" + ",".join(map(str, voter.pots)) + "}",
        "account": account[0],
        "epoch": account[1],
    }
    with closing(engine.raw_connection()) as pooled, _heard(pooled, give_up_at) as wire:
        _begin(wire, values)
        kept = _commit_with(wire, _AT_ONCE, values)
    return Receipt(ballot.leaf, Outcome.CAST) if kept else None


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


def _store(wire: Wire, ballot: Cast, values: dict[str, Any], state: State) -> Receipt:
    """Write and commit. The receipt exists only once the commit was answered."""
    leaf, old = ballot.leaf, state.leaf
    if old is None:
        # The commit travels with the row: when the leaf was there, it commits nothing.
        return (
            Receipt(leaf, Outcome.CAST)
            if _commit_with(wire, _INSERT_BOTH, values)
            else _found(wire, ballot, values, old)
        )
    if not _changed(wire, _INSERT_LEAF, values):
        return _found(wire, ballot, values, old)
    if state.channel == "paper":
        raise Conflict(
            _("You were handed a paper ballot. Bring it back to the desk unused to vote online instead.")
        )
    values |= {"old": old, "void": void_leaf(ballot.plan.fingerprint, old)}
    if _changed(wire, _REPLACE_BOX, values) != 1:
        raise Conflict(_("Your ballot changed in another window. Look at it again, then cast it."))
    _commit_with(wire, _INSERT_VOID, values)
    return Receipt(leaf, Outcome.REPLACED)


def _found(wire: Wire, ballot: Cast, values: dict[str, Any], old: bytes | None) -> Receipt:
    """The receipt of a leaf that was there, once whoever must hold it does; or the refusal of a foreign form."""
    if not wire.in_transaction:
        wire.put(_BEGIN)
    wire.put(_WAS_VOIDED, values)
    voided = wire.row(wire.answers()[-1]) is not None
    repeated = old == ballot.leaf
    if not repeated and not voided:
        # The leaf is in somebody else's name: a form id was used twice, which no page does.
        raise Conflict(_("This form cannot be used. Open the review page again and cast from there."))
    _commit_with(wire, _WAIT_FOR_STANDBY, values)
    return Receipt(ballot.leaf, Outcome.REPEATED if repeated else Outcome.SUPERSEDED)


def _changed(wire: Wire, statement: Statement, values: dict[str, Any]) -> int:
    """How many rows a statement changed."""
    wire.put(statement, values)
    return wire.answers()[-1].command_tuples or 0


def _commit_with(wire: Wire, statement: Statement, values: dict[str, Any]) -> int:
    """How many rows the last statement of a transaction changed, once its commit was answered."""
    wire.put(statement, values)
    wire.put(_COMMIT)
    *_before, kept, commit = wire.answers()
    if commit.command_status != b"COMMIT":
        raise psycopg.OperationalError("the transaction was not committed")
    return kept.command_tuples or 0
