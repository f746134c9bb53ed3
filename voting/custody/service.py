"""What opening and closing a vote ask of the custody: make the box's key, say what is missing, give the key back.

Nothing else of the product looks into the custody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, delete, text

from civic import audit, timeline
from civic.actor import SYSTEM
from civic.clock import city_date
from civic.config import Settings
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.rounds.models import Round
from voting import keys as box_keys
from voting.custody import letters, presenting, queries, wrapping
from voting.custody.models import CustodyWrap
from voting.custody.state import state_of
from voting.custody.wrapping import RECOVERY, DoesNotOpen


class HoldersAwaited(Conflict):
    """The ballots cannot be opened until two keys are presented. A Conflict: the worker asks again by itself."""


@dataclass(frozen=True)
class BoxKey:
    """The secret key of a box, for as long as the ballots are being opened, and what the minutes say of it."""

    secret: bytes = field(repr=False)
    minutes: dict[str, Any] | None = None


def opening_problems(round_: Round) -> Sequence[Any]:
    """What the custody still needs before voting can open, in sentences; empty when nothing."""
    return state_of(round_).problems()


def leaving_obstacle(account_id: int, now: datetime) -> Any | None:
    """Why a holder does not delete their account yet, and what they do first; None for anybody else."""
    found = queries.find_round_needing(account_id, now)
    if found is None:
        return None
    if found.frozen_at is None:
        return _(
            "You have made a key of the ballot box of %(round)s. Ask the city hall to name somebody else in your place "
            "first; then you can delete your account.",
            round=found.name,
        )
    return _(
        "You hold a key of the ballot box of %(round)s, and it can be presented from this account alone. You can delete "
        "the account once the ballots are opened.",
        round=found.name,
    )


def make_box(settings: Settings, round_: Round) -> tuple[bytes, bytes | None]:
    """A new box: its public key and, where the server keeps it, the secret one wrapped by the master key.

    With three holders the secret is wrapped for every order of two of them and of the recovery copy, and is nowhere
    else. Called once, in the transaction that freezes the plan.
    """
    state = state_of(round_)
    if not state.by_holders:
        return box_keys.make_box_key(settings, round_.id)
    # Asked by whoever opens a vote before; a box wrapped for fewer than all of them must not come to be.
    for problem in state.problems():
        raise Invalid(problem)
    secret, public = wrapping.generate()
    publics = {place: bytes(key.public_key or b"") for place, key in state.keys.items()}
    presenting.store_wraps(round_.id, "box", wrapping.wrap(secret, wrapping.label("box", round_.id), publics))
    return public, None


def plan_facts(round_: Round) -> dict[str, Any]:
    """What the frozen plan says of the custody: who keeps the key, and the holders' public keys."""
    state = state_of(round_)
    if not state.by_holders:
        return {"custody": "server"}
    return {
        "custody": "holders",
        "holders": [
            {
                "place": one.place,
                "name": one.name,
                "title": one.title,
                "public_key": (one.public_key or b"").hex(),
            }
            for one in state.holders
        ],
        "recovery": {
            "kept": state.kept,
            "public_key": (state.recovery.public_key or b"").hex() if state.recovery else "",
        },
    }


def awaited(round_: Round) -> Any | None:
    """Why the ballots of a closed round cannot be opened yet, or None."""
    return state_of(round_).waits_for()


def take_box_key(settings: Settings, connection: Connection, round_id: int) -> BoxKey:
    """The secret key of the box, for the transaction that opens the ballots and records step `opened`.

    What two holders handed over, and everything else that was there for a moment, is erased in that transaction.
    Raises HoldersAwaited when two keys were not presented.
    """
    values = {"id": round_id}
    # Whoever presents a key takes the same lock and sees that the box is open.
    kind = connection.scalar(text("SELECT kind FROM custody WHERE round_id = :id FOR UPDATE"), values)
    if kind != "holders":
        wrapped = connection.scalar(text("SELECT box_secret_wrapped FROM round WHERE id = :id"), values)
        return BoxKey(box_keys.unwrap_box_key(settings, round_id, bytes(wrapped)))
    row = connection.execute(
        text("SELECT first, second, sealed FROM custody_handover WHERE round_id = :id"), values
    ).first()
    if row is None:
        raise HoldersAwaited(_("The ballots wait for two of the three holders of the key."))
    try:
        key = presenting.handover_key(settings, round_id)
        secret = wrapping.open_handover(key, bytes(row[2]))
    except DoesNotOpen as error:
        raise Invalid(
            _("What the holders handed over does not open: the master key is not the one it was sealed with.")
        ) from error
    connection.execute(text("DELETE FROM custody_handover WHERE round_id = :id"), values)
    connection.execute(text("DELETE FROM custody_layer WHERE round_id = :id"), values)
    names = {
        place: {"name": name, "title": title}
        for place, name, title in connection.execute(
            text("SELECT place, name, title FROM custody_key WHERE round_id = :id"), values
        )
    }
    presented = [
        {"place": place, "recovery": True} if place == RECOVERY else {"place": place, **names[place]}
        for place in (row[0], row[1])
    ]
    return BoxKey(secret, {"custody": "holders", "presented": presented})


def destroy(round_: Round, now: datetime) -> None:
    """The appeals period is over: nothing that opens the box is kept any longer. Public, and said to the holders."""
    state = state_of(round_)
    round_.box_secret_wrapped = None
    db.session.execute(delete(CustodyWrap).where(CustodyWrap.round_id == round_.id))
    db.session.flush()
    audit.record(SYSTEM, "custody.key_destroyed", "round", round_.id, now)
    timeline.add("round", round_.id, "custody.key_destroyed", now, role="system")
    for holder in state.holders:
        letters.over(round_, holder, now)


def remind(round_: Round, now: datetime) -> int:
    """Tell holders who still have something to do that the vote cannot open without it. Once a day before the vote
    and once when it should have opened; returns how many have."""
    state = state_of(round_)
    starts = next(phase.starts_at for phase in round_.phases if phase.kind == "voting")
    days = max(0, (city_date(starts) - city_date(now)).days)
    waiting = [one for one in state.holders if state.has_to_do(one.place)]
    for holder in waiting:
        letters.remind(round_, holder, starts, days, now)
    return len(waiting)


def call(round_: Round, now: datetime) -> None:
    """Tell the holders, once each, that it is time to present their keys."""
    state = state_of(round_)
    for holder in state.holders if state.awaits_keys else ():
        letters.call(round_, holder, now)
