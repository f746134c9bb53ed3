"""The close: the order that keeps the key linking people to ballots and the opened ballots from ever meeting.

Each step is one transaction that also records itself in `ceremony_step`; after a crash the close goes on
with the first step that is not recorded. Custody is the server's: the box key is wrapped by the master
key. A ceremony of two people calls the same steps one by one and signs their hashes.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import JSONB

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
from voting.opening import PARTITIONED, partition_name
from voting.plan import FrozenRound
from voting.roll import roll_facts

logger = logging.getLogger(__name__)

#: Held by the one process that closes a round.
CLOSER_LOCK = 7301004

STEPS = (
    "closed", "participation", "copied", "checkpoint", "dropped", "keys_destroyed", "opened", "counted", "published",
)  # fmt: skip


class BoxMismatch(Exception):
    """A ballot in the box belongs to nobody on the roll: the close stops for people to look at it."""


@dataclass(frozen=True)
class Closing:
    """What every step needs."""

    settings: Settings
    engine: Engine
    round_id: int
    plan: FrozenRound
    now: datetime
    actor: Actor


StepWork = Callable[[Closing, Connection], dict[str, Any]]


def closing_refusal(plan_: FrozenRound | None, now: datetime) -> Any | None:
    """Why a round cannot be closed at `now`, or None."""
    if plan_ is None:
        return _("The vote of this round was never prepared.")
    if not plan_.recorded and now < plan_.validation_ends_at:
        return _("The vote or its validation still runs: closing now would void ballots not yet decided on.")
    return None


def close_round(
    round_id: int, now: datetime, actor: Actor = SYSTEM, engine: Engine | None = None
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
    closing = Closing(settings, owner, round_id, frozen, now, actor)
    done = []
    try:
        with owner.connect() as guard:
            if not guard.scalar(text(f"SELECT pg_try_advisory_lock({CLOSER_LOCK}, :id)"), {"id": round_id}):
                raise Conflict(_("The round is being closed by another process."))
            guard.commit()
            recorded = recorded_steps(owner, round_id)
            for step in STEPS:
                if step not in recorded:
                    run_step(closing, step)
                    done.append(step)
            guard.execute(text(f"SELECT pg_advisory_unlock({CLOSER_LOCK}, :id)"), {"id": round_id})
            guard.commit()
    finally:
        if engine is None:
            owner.dispose()
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
    canonical = json.dumps(details, sort_keys=True, separators=(",", ":"))
    connection.execute(
        text(
            "INSERT INTO ceremony_step (round_id, step, actor_a_id, hash, details, at)"
            " VALUES (:round, :step, :actor, :hash, :details, :at)"
        ).bindparams(_json("details")),
        {
            "round": closing.round_id,
            "step": step,
            "actor": closing.actor.id,
            "hash": hashlib.sha256(canonical.encode()).hexdigest(),
            "details": details,
            "at": closing.now,
        },
    )


def _json(name: str) -> Any:
    from sqlalchemy import bindparam

    return bindparam(name, type_=JSONB)


# --- the steps ------------------------------------------------------------------------------------------


def _close(closing: Closing, connection: Connection) -> dict[str, Any]:
    """Wait for the casts under way, then let no other in."""
    connection.execute(text(f"SELECT pg_advisory_xact_lock({ROUND_LOCK}, :id)"), {"id": closing.round_id})
    connection.execute(
        text("UPDATE round SET closed_at = :now WHERE id = :id AND closed_at IS NULL"),
        {"now": closing.now, "id": closing.round_id},
    )
    box = connection.scalar(
        text("SELECT count(*) FROM ballot_box WHERE round_id = :id"), {"id": closing.round_id}
    )
    facts = roll_facts(connection, closing.round_id)
    return {
        "box": box,
        "roll": facts.people,
        "roll_fingerprint": facts.fingerprint,
        "areas": facts.as_json()["areas"],
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

    Returns how many ballots there were. A person of whom there was none leaves no trace.
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
            text("DELETE FROM ballot_box WHERE round_id = :id AND nym = :nym RETURNING leaf"),
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
    """The leaves in their own order, live ballots with their ciphertext: the order of arrival ends here."""
    connection.execute(
        text(
            "INSERT INTO closed_leaf (round_id, leaf, kind, target, sealed)"
            " SELECT l.round_id, l.leaf,"
            " CASE WHEN l.kind = 'void' THEN 'void' WHEN b.leaf IS NULL THEN 'replaced' ELSE 'ballot' END,"
            " l.target, CASE WHEN b.leaf IS NOT NULL THEN l.sealed END"
            " FROM cast_log l LEFT JOIN ballot_box b ON b.round_id = l.round_id AND b.leaf = l.leaf"
            " WHERE l.round_id = :id ORDER BY l.leaf"
        ),
        {"id": closing.round_id},
    )
    rows = connection.execute(
        text("SELECT leaf, kind FROM closed_leaf WHERE round_id = :id ORDER BY leaf"),
        {"id": closing.round_id},
    ).all()
    kinds = {kind: sum(row[1] == kind for row in rows) for kind in ("ballot", "replaced", "void")}
    box = connection.scalar(
        text("SELECT count(*) FROM ballot_box WHERE round_id = :id"), {"id": closing.round_id}
    )
    if kinds["ballot"] != box or kinds["replaced"] != kinds["void"]:
        raise BoxMismatch("the box and the log do not agree")
    return {**kinds, "root": merkle_root([bytes(row[0]) for row in rows]).hex()}


def _checkpoint(closing: Closing, connection: Connection) -> dict[str, Any]:
    """Sign how many leaves there are and the root over them. The same note however often it is tried."""
    leaves = [
        bytes(leaf)
        for leaf in connection.scalars(
            text("SELECT leaf FROM closed_leaf WHERE round_id = :id ORDER BY leaf"), {"id": closing.round_id}
        )
    ]
    root = merkle_root(leaves)
    copied = connection.scalar(
        text("SELECT details ->> 'root' FROM ceremony_step WHERE round_id = :id AND step = 'copied'"),
        {"id": closing.round_id},
    )
    if copied != root.hex():
        raise BoxMismatch("the leaves are not those that were copied")
    slug = connection.scalar(text("SELECT slug FROM round WHERE id = :id"), {"id": closing.round_id})
    key, origin = checkpoints.log_key(closing.settings), checkpoints.origin_of(closing.settings, str(slug))
    connection.execute(
        text("INSERT INTO checkpoint (round_id, size, root, signed_note) VALUES (:id, :size, :root, :note)"),
        {
            "id": closing.round_id,
            "size": len(leaves),
            "root": root,
            "note": checkpoints.sign(key, origin, len(leaves), root),
        },
    )
    return {
        "origin": origin,
        "size": len(leaves),
        "root": root.hex(),
        "key": checkpoints.pem_of(key.public_key()),
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
        raise BoxMismatch("the key that links people to ballots still exists")
    wrapped = connection.scalar(
        text("SELECT box_secret_wrapped FROM round WHERE id = :id"), {"id": closing.round_id}
    )
    opener = keys.BoxOpener(closing.settings, closing.round_id, bytes(wrapped))
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
    with unit_of_work():
        if step == "counted":
            # Arrays are loaded where something is counted, not in every web process.
            from voting import tallying

            details = tallying.count_round(closing.round_id, closing.plan, closing.now)
        else:
            details = _publish(closing)
        _record(db.session, closing, step, details)
    logger.info("close of round %d: %s", closing.round_id, step)


def _publish(closing: Closing) -> dict[str, Any]:
    round_ = db.session.get_one(Round, closing.round_id, with_for_update=True)
    round_.results_at = closing.now
    result = result_queries.find_result(closing.round_id)
    audit.record(closing.actor, "vote.published", "round", closing.round_id, closing.now)
    timeline.add("round", closing.round_id, "vote.published", closing.now, role="system")
    return {"input": result.input_hash if result else ""}


def close_due(now: datetime) -> int:
    """The job: close every city round whose voting and validation are over, and sign the leaves of those that an
    older version closed without a checkpoint."""
    closed = 0
    waiting = [*round_queries.list_rounds_to_close(now), *round_queries.list_rounds_without_checkpoint()]
    for round_id in waiting:
        round_ = db.session.get(Round, round_id)
        if round_ is None or closing_refusal(round_queries.plan_of(round_), now) is not None:
            continue
        try:
            close_round(round_id, now)
        except Conflict:
            continue
        except BoxMismatch as error:
            logger.error("the close of round %d stopped: %s", round_id, error)
            continue
        closed += 1
    return closed
