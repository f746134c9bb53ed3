"""One night of an open vote: the new ballots' leaves appended to the log, its root signed and mailed to the witnesses.

All in one transaction of the owner, so that a night is done whole or not at all; `vote_night` says that it is done.
The application can read what is written here and change none of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as insert_unless

from civic import clock
from civic.config import Settings
from civic.rounds.models import Round
from voting import checkpoints
from voting.ballot_text import merkle_root
from voting.casting import ROUND_LOCK
from voting.models import checkpoint
from voting.nightly.models import VoteNight, leaf_batch
from voting.nightly.rules import batch_of, in_order
from voting.paper import queries as paper

#: First key of the advisory lock on a round's night: one job does it, another waits and finds it done.
NIGHT_LOCK = 7301009


@dataclass(frozen=True)
class Night:
    """What a night's work needs. `last` is the night after voting ended.

    Then nobody waits for another batch, unless sheets of paper are still to be accepted: these are left to the
    close's batch, and as many wait for it as for any other.
    """

    settings: Settings
    round_id: int
    date: date
    last: bool
    now: datetime
    lot: Random


class Row(NamedTuple):
    """A leaf of the log with its batch, or a row of the box that is no leaf; `nym` where it is a voter's ballot."""

    leaf: bytes
    logged: bool
    batch: int | None
    nym: bytes | None
    channel: str | None


class Batch(NamedTuple):
    """A batch that was made: its number, its leaves, and the size and signed note of its checkpoint."""

    number: int
    leaves: Sequence[bytes]
    size: int
    note: str


class LogChanged(RuntimeError):
    """The log is not the one that was signed before."""


#: Done in the night's transaction after its batch was made, or in a night without one.
Also = Callable[[Connection, Night, Sequence[Row], Batch | None], dict[str, Any]]


def do_night(connection: Connection, night: Night, also: Also) -> Batch | None:
    """Do the night's work unless it is done; `also` gives the figures that are kept. The caller commits.

    Casts go on meanwhile: the round's lock is only shared. It makes the close wait. The last night's is exclusive, so
    that a ballot taken in the last second and still under way is among those of the last batch, and not alone.
    """
    values, shared = {"id": night.round_id}, "" if night.last else "_shared"
    connection.execute(text(f"SELECT pg_advisory_xact_lock{shared}({ROUND_LOCK}, :id)"), values)
    connection.execute(text(f"SELECT pg_advisory_xact_lock({NIGHT_LOCK}, :id)"), values)
    if is_done(connection, night) or (night.last and _is_taking_ballots(connection, night)):
        return None
    final = night.last and not paper.has_unaccepted(connection, night.round_id)
    rows = read_rows(connection, night.round_id)
    batch = _append(connection, night, rows, final)
    figures = also(connection, night, rows, batch)
    connection.execute(
        insert(VoteNight).values(
            round_id=night.round_id,
            night=night.date,
            last=night.last,
            batch=batch.number if batch else None,
            size=batch.size if batch else None,
            figures=figures,
        )
    )
    return batch


def is_done(connection: Connection, night: Night) -> bool:
    """Whether the night's work is done, or that after the last one."""
    mine = VoteNight.last if night.last else VoteNight.last | (VoteNight.night == night.date)
    return bool(
        connection.scalar(select(func.count()).where(VoteNight.round_id == night.round_id).where(mine))
    )


def _is_taking_ballots(connection: Connection, night: Night) -> bool:
    """Whether a cast would still be in time by the clock that casts are measured with, the database's."""
    at, ends = connection.execute(
        select(func.clock_timestamp(), Round.frozen["voting"]["closes_at"].as_string()).where(
            Round.id == night.round_id
        )
    ).one()
    return clock.shifted(at) < datetime.fromisoformat(ends)


def read_rows(connection: Connection, round_id: int) -> list[Row]:
    """The log with its batches and the box, in one statement: as they were at one moment."""
    found = connection.execute(
        text(
            "SELECT leaf, l.kind IS NOT NULL, n.batch, b.nym, b.channel"
            " FROM (SELECT leaf, kind FROM cast_log WHERE round_id = :id) l"
            " FULL JOIN (SELECT leaf, nym, channel FROM ballot_box WHERE round_id = :id) b USING (leaf)"
            " LEFT JOIN (SELECT leaf, batch FROM leaf_batch WHERE round_id = :id) n USING (leaf)"
        ),
        {"id": round_id},
    )
    return [
        Row(bytes(leaf), logged, batch, None if nym is None else bytes(nym), channel)
        for leaf, logged, batch, nym, channel in found
    ]


def _append(connection: Connection, night: Night, rows: Sequence[Row], final: bool) -> Batch | None:
    """Make the next batch, and sign the log as it is then. Raises LogChanged where its beginning is another now."""
    new = [row for row in rows if row.logged and row.batch is None]
    leaves = batch_of(
        [row.leaf for row in new if row.nym is not None],
        [row.leaf for row in new if row.nym is None],
        final,
        night.lot,
    )
    if not leaves:
        return None
    before = [(row.batch, row.leaf) for row in rows if row.logged and row.batch is not None]
    if broken := list_broken(connection, night.round_id, in_order(before)):
        raise LogChanged(f"the log is not the one whose checkpoints of {broken} leaves were signed before")
    number = max((batch for batch, _leaf in before), default=0) + 1
    # In the order of the hashes and in one transaction: the rows' order and xmin tell the batch alone.
    connection.execute(
        insert(leaf_batch),
        [{"round_id": night.round_id, "leaf": leaf, "batch": number} for leaf in leaves],
    )
    ordered = in_order([*before, *((number, leaf) for leaf in leaves)])
    note = sign_leaves(connection, night.settings, night.round_id, ordered)
    return Batch(number, leaves, len(ordered), note)


def sign_leaves(connection: Connection, settings: Settings, round_id: int, ordered: list[bytes]) -> str:
    """Keep the signed checkpoint over the log's leaves in their order; the same again for the same leaves."""
    slug = connection.scalar(text("SELECT slug FROM round WHERE id = :id"), {"id": round_id})
    root = merkle_root(ordered)
    note = checkpoints.sign(
        checkpoints.log_key(settings), checkpoints.origin_of(settings, str(slug)), len(ordered), root
    )
    statement = insert_unless(checkpoint).values(
        round_id=round_id, size=len(ordered), root=root, signed_note=note
    )
    connection.execute(statement.on_conflict_do_nothing())
    return note


def list_broken(connection: Connection, round_id: int, ordered: list[bytes]) -> list[int]:
    """The sizes of the checkpoints signed while voting was open whose root these leaves do not have."""
    signed = connection.execute(
        select(checkpoint.c.size, checkpoint.c.root).where(checkpoint.c.round_id == round_id)
    ).all()
    return [
        size for size, root in signed if size > len(ordered) or merkle_root(ordered[:size]) != bytes(root)
    ]
