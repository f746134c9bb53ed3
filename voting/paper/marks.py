"""Marks: that somebody was handed a sheet. A row of the box with the channel `paper`, and nothing else anywhere.

The row is written on a connection of its own under the locks of a cast, so that a person has a ballot in the box or a
sheet, never both. Its leaf is no ballot's: it says which batch the sheet is of, so that marks can be counted batch by
batch without a second table written beside the box. It never enters the log.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from civic import clock
from civic.errors import Conflict, NotAllowed
from voting.casting import ROUND_LOCK, NotConfirmed, refuse_unless_open
from voting.keys import RoundKeys
from voting.plan import FrozenRound

#: Locks on batches: shared by handing out and taking back, exclusive for the end of both.
BATCH_LOCK = 7301013

#: How the leaf of a mark begins; eight bytes of the batch's number and eight of the pseudonym follow.
PREFIX = b"civic-paper-mark"
#: The same in SQL, of a row of the box. Imported elections and the demo city have ballots of channel `paper` with a
#: leaf in the log as any other: those are no marks.
IS_MARK = "(channel = 'paper' AND substring(leaf FROM 1 FOR 16) = 'civic-paper-mark'::bytea)"

Reader = Connection | scoped_session[Any] | Session


class Marked(StrEnum):
    """What became of it."""

    GIVEN = "given"
    ALREADY = "already"  # the mark was there: pressed twice, or a second sheet is asked for


@dataclass(frozen=True)
class Bearer:
    """Whom a mark is about, as long as the transaction lasts."""

    plan: FrozenRound
    voter_id: int
    nym: bytes

    @classmethod
    def of(cls, plan: FrozenRound, keys: RoundKeys, voter_id: int) -> "Bearer":
        """The person of this round under their pseudonym."""
        return cls(plan, voter_id, keys.nym(plan.round_id, voter_id))

    @property
    def values(self) -> dict[str, Any]:
        """For the statements."""
        return {
            "round": self.plan.round_id,
            "voter": self.voter_id,
            "nym": self.nym,
            "lock": int.from_bytes(self.nym[:8], "big", signed=True),
        }


def mark_leaf(batch_id: int, nym: bytes) -> bytes:
    """What stands in the box in place of a ballot's leaf. The same for the same batch and person."""
    return PREFIX + batch_id.to_bytes(8, "big") + nym[:8]


def batch_of(leaf: bytes) -> int:
    """The batch a mark is of."""
    return int.from_bytes(leaf[16:24], "big")


_STATE = text(
    "SELECT clock_timestamp(), r.fingerprint, r.closed_at IS NOT NULL, e.voter_id IS NOT NULL,"
    " EXISTS (SELECT 1 FROM roll_strike s WHERE s.round_id = r.id AND s.voter_id = :voter"
    " AND NOT EXISTS (SELECT 1 FROM roll_lift t WHERE t.strike_id = s.id)),"
    " b.leaf, b.channel FROM round r"
    " LEFT JOIN roll_entry e ON e.round_id = r.id AND e.voter_id = :voter"
    " LEFT JOIN ballot_box b ON b.round_id = :round AND b.nym = :nym WHERE r.id = :round"
)
_INSERT = text(
    "INSERT INTO ballot_box (round_id, nym, leaf, channel, revision) VALUES (:round, :nym, :leaf, 'paper', 1)"
)


def _locked(connection: Connection, bearer: Bearer) -> Any:
    """The locks of a cast, then what the database says under them."""
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    connection.execute(text("SET LOCAL statement_timeout = '5s'"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({ROUND_LOCK}, :round)"), bearer.values)
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), bearer.values)
    row = connection.execute(_STATE, bearer.values).one()
    refuse_unless_open(bearer.plan, row[1], row[2], clock.shifted(row[0]))
    return row


def _hold_batch(connection: Connection, round_id: int, batch_id: int) -> None:
    """Let nobody end the batch before this transaction has. Raises Conflict when it has ended."""
    connection.execute(
        text(f"SELECT pg_advisory_xact_lock_shared({BATCH_LOCK}, :batch)"), {"batch": batch_id}
    )
    shut = connection.execute(
        text("SELECT shut_at IS NOT NULL FROM paper_batch WHERE id = :batch AND round_id = :round"),
        {"batch": batch_id, "round": round_id},
    ).scalar()
    if shut is None or shut:
        raise Conflict(
            _("The sheets of this batch are being counted: none is handed out or taken back any more.")
        )


def hand_out(engine: Engine, bearer: Bearer, batch_id: int) -> Marked:
    """Mark that the person is given a sheet, and commit. Twice is the same as once.

    Raises a DomainError with the sentence the clerk reads; NotConfirmed when the database did not say whether it
    was kept, after which it may be asked again.
    """
    try:
        with engine.connect() as connection, connection.begin():
            row = _locked(connection, bearer)
            if not row[3]:
                raise NotAllowed(_("This person is not on the list of participants."))
            if row[4]:
                raise NotAllowed(_("This person's right to vote was suspended: no sheet is given."))
            if row[6] == "paper":
                return Marked.ALREADY
            if row[5] is not None:
                raise Conflict(
                    _(
                        "A ballot of this person is in the box already, so no sheet is given. They can vote again "
                        "on the site or on the desk's device, until the end: the last ballot counts."
                    )
                )
            _hold_batch(connection, bearer.plan.round_id, batch_id)
            connection.execute(_INSERT, {**bearer.values, "leaf": mark_leaf(batch_id, bearer.nym)})
        return Marked.GIVEN
    except (DBAPIError, psycopg.Error) as error:
        raise NotConfirmed(
            _("The server did not answer in time. Press again: a sheet is marked once.")
        ) from error


def take_back(engine: Engine, bearer: Bearer) -> None:
    """Lift the mark of a sheet brought back unused, and commit: the person may vote online again.

    Raises Conflict when there is no mark, or when the sheets of its batch are being counted.
    """
    try:
        with engine.connect() as connection, connection.begin():
            row = _locked(connection, bearer)
            if row[5] is None or not bytes(row[5]).startswith(PREFIX):
                raise Conflict(_("No sheet is marked as handed out to this person."))
            _hold_batch(connection, bearer.plan.round_id, batch_of(bytes(row[5])))
            # The application may delete nothing from the box: this function of the owner's lifts marks alone.
            connection.execute(text("SELECT lift_paper_mark(:round, :nym)"), bearer.values)
    except (DBAPIError, psycopg.Error) as error:
        raise NotConfirmed(
            _("The server did not answer in time. Press again: a mark is lifted once.")
        ) from error


def end_handing_out(reader: Reader, batch_id: int) -> None:
    """Wait for who hands out or takes back now; until the transaction ends nobody begins."""
    reader.execute(text(f"SELECT pg_advisory_xact_lock({BATCH_LOCK}, :batch)"), {"batch": batch_id})


def count_marks(reader: Reader, round_id: int) -> dict[int, int]:
    """How many sheets are out, by batch."""
    rows = reader.execute(
        text(
            "SELECT substring(leaf FROM 17 FOR 8), count(*) FROM ballot_box"  # noqa: S608 - a constant
            f" WHERE round_id = :round AND {IS_MARK} GROUP BY 1"
        ),
        {"round": round_id},
    )
    return {int.from_bytes(bytes(batch), "big"): number for batch, number in rows}
