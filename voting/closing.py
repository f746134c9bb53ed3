"""The close: the order that keeps the key linking people to ballots and the opened ballots from ever meeting.

Each step is one transaction that also records itself in `ceremony_step`; after a crash the close goes on
with the first step that is not recorded. Where three holders keep the box's key, step `opened` waits for two of
them (`voting/custody/`). A city's round is closed by two people, stage by stage (`voting/ceremony/`); `close_round`
does every step at once and is for recorded elections and for the demo city.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import String

from civic import audit, database, timeline
from civic.actor import SYSTEM, Actor
from civic.config import Settings
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import checkpoints, keys, result_queries, round_queries
from voting.ballot_text import leaf_of, merkle_root, parse, void_leaf
from voting.casting import ROUND_LOCK
from voting.ceremony.rules import BOX_KEY
from voting.complaints import close as complaints
from voting.custody import service as custody
from voting.nightly import batches, publishing
from voting.opening import PARTITIONED, partition_name
from voting.paper import queries as paper
from voting.paper.marks import IS_MARK
from voting.plan import FrozenRound
from voting.roll import roll_facts

logger = logging.getLogger(__name__)

#: Held by the one process that closes a round.
CLOSER_LOCK = 7301004

STEPS = (
    "closed", "participation", "copied", "checkpoint", "dropped", "keys_destroyed", "opened", "counted", "published",
)  # fmt: skip


class Stopped(Exception):
    """Something is not as it must be: the close stops for people to look at it. Nothing of the step was kept."""

    #: What page and minutes know the reason by.
    code = "stopped"


class BoxMismatch(Stopped):
    """A ballot in the box belongs to nobody on the roll, or the box and the log do not agree."""

    code = "box"


class LinkExists(Stopped):
    """The key that links people to ballots is there, when ballots are to be opened."""

    code = "link"


class CountsDiffer(Stopped):
    """The two counts of the same ballots came to different results."""

    code = "counts"


@dataclass(frozen=True)
class Closing:
    """What every step needs."""

    settings: Settings
    engine: Engine
    round_id: int
    plan: FrozenRound
    now: datetime
    actor: Actor
    #: The second of two people, and the names of both as they were when they confirmed.
    second: Actor | None = None
    names: tuple[str, ...] = ()
    #: Whether the ballots are counted by two programs that share no code.
    twice: bool = False


StepWork = Callable[[Closing, Connection], dict[str, Any]]


def closing_refusal(plan_: FrozenRound | None, now: datetime) -> Any | None:
    """Why a round cannot be closed at `now`, or None."""
    if plan_ is None:
        return _("The vote of this round was never prepared.")
    if not plan_.recorded and now < plan_.validation_ends_at:
        return _("The vote or its validation still runs: closing now would void ballots not yet decided on.")
    return complaints.obstacle(plan_.round_id, now) or paper.closing_obstacle(plan_.round_id)


def close_round(
    round_id: int,
    now: datetime,
    actor: Actor = SYSTEM,
    engine: Engine | None = None,
    second: Actor | None = None,
) -> list[str]:
    """Do every step of the close that is not done. Returns the steps done now.

    Raises Invalid when it is too early, Conflict when another process is closing the round.
    """
    settings: Settings = current_app.config["SETTINGS"]
    round_ = db.session.get(Round, round_id, populate_existing=True)
    frozen = round_queries.plan_of(round_) if round_ is not None else None
    refusal = closing_refusal(frozen, now)
    if refusal is not None or frozen is None:
        raise Invalid(refusal)
    db.session.rollback()
    owner = engine or database.owner_engine(settings)
    names = (actor.display_name, second.display_name) if second is not None else ()
    try:
        return run_steps(Closing(settings, owner, round_id, frozen, now, actor, second, names), STEPS)
    finally:
        if engine is None:
            owner.dispose()


@contextmanager
def alone(engine: Engine, round_id: int) -> Iterator[None]:
    """Be the one process that closes the round. Raises Conflict when another is."""
    with engine.connect() as guard:
        if not guard.scalar(text(f"SELECT pg_try_advisory_lock({CLOSER_LOCK}, :id)"), {"id": round_id}):
            raise Conflict(_("The round is being closed by another process."))
        guard.commit()
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a connection that was lost has given the lock back
                guard.execute(text(f"SELECT pg_advisory_unlock({CLOSER_LOCK}, :id)"), {"id": round_id})
                guard.commit()


def run_steps(
    closing: Closing, steps: Sequence[str], tick: Callable[[], datetime] | None = None
) -> list[str]:
    """Do those of the steps that are not done, in their order, alone. Returns them.

    `tick` tells the time of each step; without it all bear the closing's own. Raises Conflict when another process
    closes the round, Stopped when people have to look at something.
    """
    done = []
    with alone(closing.engine, closing.round_id):
        recorded = recorded_steps(closing.engine, closing.round_id)
        for step in steps:
            if step not in recorded:
                run_step(replace(closing, now=tick()) if tick else closing, step)
                done.append(step)
    return done


def recorded_steps(engine: Engine, round_id: int) -> set[str]:
    """The steps that are done."""
    with engine.connect() as connection:
        return set(
            connection.scalars(
                text("SELECT step FROM ceremony_step WHERE round_id = :id"), {"id": round_id}
            ).all()
        )


def run_step(closing: Closing, step: str) -> None:
    """Do one step and record it in the same transaction."""
    if step in ("counted", "published"):
        _run_as_application(closing, step)
        return
    with closing.engine.begin() as connection:
        details = WORK[step](closing, connection)
        _record(connection, closing, step, details)
    logger.info("close of round %d: %s", closing.round_id, step)


def _record(connection: Any, closing: Closing, step: str, details: dict[str, Any]) -> None:
    second = closing.second.id if closing.second is not None else None
    people = (closing.actor.id, second)
    record_step(connection, closing.round_id, step, details, closing.now, people, closing.names)


def record_step(
    connection: Any,
    round_id: int,
    step: str,
    details: dict[str, Any],
    now: datetime,
    people: tuple[int | None, int | None],
    names: Iterable[str] = (),
) -> None:
    """Write into the minutes that a step is done, with the hash of what it left and the people who did it."""
    canonical = json.dumps(details, sort_keys=True, separators=(",", ":"))
    connection.execute(
        text(
            "INSERT INTO ceremony_step (round_id, step, actor_a_id, actor_b_id, names, hash, details, at)"
            " VALUES (:round, :step, :first, :second, :names, :hash, :details, :at)"
        ).bindparams(bindparam("details", type_=JSONB), bindparam("names", type_=ARRAY(String))),
        {
            "round": round_id,
            "step": step,
            "first": people[0],
            "second": people[1],
            "names": list(names),
            "hash": hashlib.sha256(canonical.encode()).hexdigest(),
            "details": details,
            "at": now,
        },
    )


# --- the steps ------------------------------------------------------------------------------------------


def _close(closing: Closing, connection: Connection) -> dict[str, Any]:
    """Wait for the casts under way, then let no other in."""
    connection.execute(text(f"SELECT pg_advisory_xact_lock({ROUND_LOCK}, :id)"), {"id": closing.round_id})
    connection.execute(
        text("UPDATE round SET closed_at = :now WHERE id = :id AND closed_at IS NULL"),
        {"now": closing.now, "id": closing.round_id},
    )
    settled = {} if closing.plan.recorded else {"complaints": complaints.settle(connection, closing.round_id)}
    if not closing.plan.recorded:
        publishing.finish(connection, closing.settings, closing.round_id, closing.now)
    box = connection.scalar(
        text("SELECT count(*) FROM ballot_box WHERE round_id = :id"), {"id": closing.round_id}
    )
    facts = roll_facts(connection, closing.round_id)
    return {
        "box": box,
        "roll": facts.people,
        "roll_fingerprint": facts.fingerprint,
        "areas": facts.as_json()["areas"],
        **settled,
    }


def _participation(closing: Closing, connection: Connection) -> dict[str, Any]:
    """Every row of the box must be somebody on the roll; who voted, in the order of the roll."""
    round_keys = keys.load_round_keys(closing.settings, closing.round_id)
    voided = _void(closing, connection, round_keys)
    box = {
        bytes(nym): channel
        for nym, channel in connection.execute(
            text("SELECT nym, channel FROM ballot_box WHERE round_id = :id"), {"id": closing.round_id}
        )
    }
    rows = []
    for voter_id in connection.scalars(
        text("SELECT voter_id FROM roll_entry WHERE round_id = :id ORDER BY voter_id"),
        {"id": closing.round_id},
    ):
        channel = box.pop(round_keys.nym(closing.round_id, voter_id), None)
        if channel is not None:
            rows.append({"round": closing.round_id, "voter": voter_id, "channel": channel})
    if box:
        raise BoxMismatch(f"{len(box)} ballots in the box belong to nobody on the roll")
    for start in range(0, len(rows), 5000):
        connection.execute(
            text("INSERT INTO participation (round_id, voter_id, channel) VALUES (:round, :voter, :channel)"),
            rows[start : start + 5000],
        )
    return {"participants": len(rows), "voided": voided}


def _void(closing: Closing, connection: Connection, round_keys: keys.RoundKeys) -> int:
    """Carry out what two people decided in validation: the ballot leaves the box and the log says it is void.

    Returns how many ballots there were. A person of whom there was none leaves no trace. Nobody knows which sheet of
    the urn is a person's, so a paper mark stays, and what was on the sheet counts.
    """
    voided = 0
    for voter_id in connection.scalars(
        text(
            "SELECT voter_id FROM roll_strike s WHERE round_id = :id"
            " AND (SELECT count(*) FROM roll_void v WHERE v.strike_id = s.id) >= 2 ORDER BY voter_id"
        ),
        {"id": closing.round_id},
    ).all():
        leaf = connection.scalar(
            text(
                f"DELETE FROM ballot_box WHERE round_id = :id AND nym = :nym AND NOT {IS_MARK} RETURNING leaf"  # noqa: S608 - a constant
            ),
            {"id": closing.round_id, "nym": round_keys.nym(closing.round_id, voter_id)},
        )
        if leaf is not None:
            connection.execute(
                text(
                    "INSERT INTO cast_log (round_id, leaf, kind, target) VALUES (:id, :void, 'void', :leaf)"
                ),
                {
                    "id": closing.round_id,
                    "void": void_leaf(closing.plan.fingerprint, bytes(leaf)),
                    "leaf": bytes(leaf),
                },
            )
            voided += 1
    return voided


def _copy(closing: Closing, connection: Connection) -> dict[str, Any]:
    """The leaves, live ballots with their ciphertext: of the order of arrival nothing is left but the batch."""
    connection.execute(
        text(
            "INSERT INTO closed_leaf (round_id, leaf, kind, target, sealed, batch)"
            " SELECT l.round_id, l.leaf,"
            # A paper ballot has no row in the box, only the mark that some sheet was handed out.
            " CASE WHEN l.kind = 'void' THEN 'void' WHEN v.target IS NULL THEN 'ballot' ELSE 'replaced' END,"
            " l.target, CASE WHEN v.target IS NULL THEN l.sealed END, coalesce(n.batch, 1 + ("
            "  SELECT coalesce(max(batch), 0) FROM leaf_batch WHERE round_id = :id))"
            " FROM cast_log l LEFT JOIN cast_log v ON v.round_id = l.round_id AND v.target = l.leaf"
            " LEFT JOIN leaf_batch n ON n.round_id = l.round_id AND n.leaf = l.leaf"
            " WHERE l.round_id = :id ORDER BY l.leaf"
        ),
        {"id": closing.round_id},
    )
    connection.execute(text("DELETE FROM leaf_batch WHERE round_id = :id"), {"id": closing.round_id})
    rows = connection.execute(
        text("SELECT leaf, kind FROM closed_leaf WHERE round_id = :id ORDER BY batch, leaf"),
        {"id": closing.round_id},
    ).all()
    kinds = {kind: sum(row[1] == kind for row in rows) for kind in ("ballot", "replaced", "void")}
    # Rows of the box whose ballot is live, and rows that are not marks: the same rows.
    live, boxed = connection.execute(
        text(
            "SELECT count(l.leaf), count(*) FROM"  # noqa: S608 - a constant
            f" (SELECT leaf FROM ballot_box WHERE round_id = :id AND NOT {IS_MARK}) b"
            " LEFT JOIN closed_leaf l ON l.round_id = :id AND l.leaf = b.leaf AND l.kind = 'ballot'"
        ),
        {"id": closing.round_id},
    ).one()
    sheets = paper.totals(connection, closing.round_id)
    if live != boxed or kinds["ballot"] != boxed + sheets.ballots or kinds["replaced"] != kinds["void"]:
        raise BoxMismatch("the box and the log do not agree")
    if sheets.ballots > sheets.marks:
        raise BoxMismatch("there are more paper ballots than sheets were handed out")
    leaves = [bytes(row[0]) for row in rows]
    if broken := batches.list_broken(connection, closing.round_id, leaves):
        raise BoxMismatch(f"the log is not the one whose checkpoints of {broken} leaves were signed")
    details: dict[str, Any] = {**kinds, "root": merkle_root(leaves).hex()}
    return {**details, "paper": sheets.as_json()} if sheets.marks or sheets.ballots else details


def _checkpoint(closing: Closing, connection: Connection) -> dict[str, Any]:
    """Sign how many leaves there are and the root over them. The same note however often it is tried."""
    leaves = [
        bytes(leaf)
        for leaf in connection.scalars(
            text("SELECT leaf FROM closed_leaf WHERE round_id = :id ORDER BY batch, leaf"),
            {"id": closing.round_id},
        )
    ]
    root = merkle_root(leaves)
    copied = connection.scalar(
        text("SELECT details ->> 'root' FROM ceremony_step WHERE round_id = :id AND step = 'copied'"),
        {"id": closing.round_id},
    )
    if copied != root.hex():
        raise BoxMismatch("the leaves are not those that were copied")
    note = batches.sign_leaves(connection, closing.settings, closing.round_id, leaves)
    return {
        "origin": note.partition("\n")[0],
        "size": len(leaves),
        "root": root.hex(),
        "key": checkpoints.public_pem(closing.settings),
    }


def _drop(closing: Closing, connection: Connection) -> dict[str, Any]:
    """The box and the log of the round are gone with their row versions; VACUUM would keep those."""
    connection.execute(text("SET LOCAL lock_timeout = '15s'"))
    for table in PARTITIONED:
        connection.execute(text(f"DROP TABLE IF EXISTS {partition_name(table, closing.round_id)}"))
    return {"dropped": [partition_name(table, closing.round_id) for table in PARTITIONED]}


def _destroy_keys(closing: Closing, connection: Connection) -> dict[str, Any]:
    """The key that links people to ballots ends before anything is opened."""
    keys.destroy_round_keys(closing.settings, closing.round_id)
    return {"destroyed": ["pseudonym key", "form key"]}


def _open(closing: Closing, connection: Connection) -> dict[str, Any]:
    """The live ballots as text, in leaf order. What does not open or does not match its leaf is listed."""
    if keys.path_of(closing.settings, closing.round_id).exists():
        raise LinkExists("the key that links people to ballots exists")
    box = custody.take_box_key(closing.settings, connection, closing.round_id)
    if box.minutes is not None:
        _record(connection, closing, BOX_KEY, box.minutes)
    opener = keys.BoxOpener(box.secret)
    texts: list[dict[str, Any]] = []
    rejected: list[dict[str, str]] = []
    for leaf, sealed in connection.execute(
        text("SELECT leaf, sealed FROM closed_leaf WHERE round_id = :id AND kind = 'ballot' ORDER BY leaf"),
        {"id": closing.round_id},
    ):
        try:
            opened = opener.open(bytes(sealed))
            if leaf_of(opened) != bytes(leaf) or parse(opened).fingerprint != closing.plan.fingerprint:
                raise ValueError("the text is not the one of its leaf")
        except ValueError as error:
            rejected.append({"leaf": bytes(leaf).hex(), "reason": str(error)})
        else:
            texts.append({"round": closing.round_id, "leaf": bytes(leaf), "text": opened})
    for start in range(0, len(texts), 5000):
        connection.execute(
            text("INSERT INTO opened_ballot (round_id, leaf, text) VALUES (:round, :leaf, :text)"),
            texts[start : start + 5000],
        )
    return {"opened": len(texts), "rejected": rejected}


WORK: dict[str, StepWork] = {
    "closed": _close,
    "participation": _participation,
    "copied": _copy,
    "checkpoint": _checkpoint,
    "dropped": _drop,
    "keys_destroyed": _destroy_keys,
    "opened": _open,
}


def _run_as_application(closing: Closing, step: str) -> None:
    """Counting and publishing write what pages read; the application's own role may do that."""
    if step == "counted":
        _count(closing)
    else:
        with unit_of_work():
            _record(db.session, closing, step, _publish(closing))
    logger.info("close of round %d: %s", closing.round_id, step)


def _count(closing: Closing) -> None:
    # Arrays are loaded where something is counted, not in every web process.
    from voting import tallying
    from voting.ceremony import second_count

    # The slow count comes first and with no transaction open: the server ends those that rest for a minute.
    again = second_count.count_again(closing.round_id) if closing.twice else None
    with unit_of_work():
        details = tallying.count_round(closing.round_id, closing.plan, closing.now)
        if again is not None:
            details["second"] = second_count.compare(closing.round_id, again)
        _record(db.session, closing, "counted", details)


def _publish(closing: Closing) -> dict[str, Any]:
    round_ = db.session.get_one(Round, closing.round_id, with_for_update=True)
    round_.results_at = closing.now
    result = result_queries.find_result(closing.round_id)
    people = {"second": closing.second.id} if closing.second is not None else {}
    audit.record(closing.actor, "vote.published", "round", closing.round_id, closing.now, people)
    timeline.add("round", closing.round_id, "vote.published", closing.now, role="system")
    return {"input": result.input_hash if result else ""}


def sign_unsigned(now: datetime) -> int:
    """Sign the leaves of rounds that an older version closed without a checkpoint. The job's part of a close."""
    signed = 0
    for round_id in round_queries.list_rounds_without_checkpoint():
        try:
            close_round(round_id, now)
        except Conflict:
            continue
        except Stopped as error:
            logger.error("the leaves of round %d cannot be signed: %s", round_id, error)
            continue
        signed += 1
    return signed
