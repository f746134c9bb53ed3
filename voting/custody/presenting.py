"""Presenting keys, each holder alone: in the rehearsal over dummy ballots, and at the close over the box.

Whoever presents opens the outer lock of what is wrapped for them and each of the others; what is inside, still sealed
to the other, waits in the database. Whoever presents later opens that. Both orders are wrapped, so any two suffice in
any order. A private key is in memory during its own request and nowhere else.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic import audit, timeline
from civic.actor import Actor
from civic.config import Settings
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.rounds.models import Round
from civic.text import clean_text
from voting import keys as box_keys
from voting.custody import holders, queries, wrapping
from voting.custody.models import (
    Custody,
    CustodyHandover,
    CustodyKey,
    CustodyLayer,
    CustodyPair,
    CustodyPresentation,
    CustodyWrap,
)
from voting.custody.state import PAIRS, state_of
from voting.custody.wrapping import HOLDERS, RECOVERY, DoesNotOpen

#: How many dummy ballots a rehearsal opens, and how long each is sealed.
DUMMIES = 3
DUMMY_LENGTH = box_keys.PADDING_STEP
LONGEST_REASON = 1000


def handover_key(settings: Settings, round_id: int) -> bytes:
    """What seals the box's secret between the second presentation and the worker that opens the ballots."""
    return box_keys.derive(settings.master_key, f"handover of the ballot box of round {round_id}")


def store_wraps(round_id: int, purpose: str, wrapped: dict[tuple[int, int], bytes]) -> None:
    """Keep what is sealed for each order of two places."""
    db.session.add_all(
        CustodyWrap(round_id=round_id, purpose=purpose, first=first, second=second, wrapped=sealed)
        for (first, second), sealed in wrapped.items()
    )
    db.session.flush()


def _peel(round_id: int, purpose: str, place: int, private: bytes) -> dict[int, bytes]:
    """Leave for every other place what only it can open; return the secret by who left it for us before."""
    mark = wrapping.label(purpose, round_id)
    try:
        mine = {
            second: wrapping.open_layer(private, sealed)
            for (first, second), sealed in queries.list_wraps(round_id, purpose).items()
            if first == place
        }
        found = {
            first: wrapping.open_last(private, sealed, mark)
            for (first, second), sealed in queries.list_layers(round_id, purpose).items()
            if second == place
        }
    except DoesNotOpen as error:
        raise Invalid(
            _("What was wrapped for this key does not open. Nothing was changed; tell whoever runs the site.")
        ) from error
    rows = [
        {"round_id": round_id, "purpose": purpose, "first": place, "second": second, "sealed": sealed}
        for second, sealed in mine.items()
    ]
    if rows:
        db.session.execute(insert(CustodyLayer).on_conflict_do_nothing(), rows)
    return found


# --- the rehearsal ----------------------------------------------------------------------------------------


def _begin(round_id: int, custody: Custody) -> None:
    """A box of its own with dummy ballots, wrapped for the three as the box of the vote will be."""
    keys = queries.list_keys(round_id)
    publics = {place: bytes(keys[place].public_key or b"") for place in HOLDERS}
    secret, public = wrapping.generate()
    texts = [f"dummy ballot {number} {secrets.token_hex(16)}" for number in range(1, DUMMIES + 1)]
    custody.rehearsal = [
        [
            box_keys.seal(public, text, DUMMY_LENGTH).hex(),
            hashlib.sha256(text.encode()).hexdigest(),
        ]
        for text in texts
    ]  # fmt: skip
    store_wraps(
        round_id,
        "rehearsal",
        wrapping.wrap(secret, wrapping.label("rehearsal", round_id), publics),
    )


def _opens_dummies(secret: bytes, ballots: list[Any]) -> bool:
    opener = box_keys.BoxOpener(secret)
    try:
        return all(
            hashlib.sha256(opener.open(bytes.fromhex(sealed)).encode()).hexdigest() == digest
            for sealed, digest in ballots
        )
    except ValueError:
        return False


def rehearse(actor: Actor, round_: Round, text: str, now: datetime) -> list[int]:
    """A holder presents their key over the dummy ballots. Returns the places with whom they opened them now.

    Raises Conflict while a key is missing or once voting opened, Invalid for a wrong file.
    """
    holders.lock_before_opening(round_)
    key = holders.own_key(actor, round_.id)
    state = state_of(round_)
    if not state.keys_ready or state.custody is None:
        raise Conflict(_("The rehearsal begins when all three holders have made and shown their keys."))
    private = holders.read_key(round_, key, text)
    if state.custody.rehearsal is None:
        _begin(round_.id, state.custody)
    passed = []
    for other, secret in _peel(round_.id, "rehearsal", key.place, private).items():
        if not _opens_dummies(secret, state.custody.rehearsal or []):
            raise Invalid(_("The dummy ballots did not come out as they were. Tell whoever runs the site."))
        first, second = sorted((other, key.place))
        pair = insert(CustodyPair).values(round_id=round_.id, first=first, second=second, at=now)
        if db.session.scalar(pair.on_conflict_do_nothing().returning(CustodyPair.first)) is not None:
            passed.append(other)
            audit.record(
                actor, "custody.pair_rehearsed", "round", round_.id, now, {"places": [first, second]}
            )
    if len(queries.list_pairs(round_.id)) == len(PAIRS) and state.custody.rehearsed_at is None:
        state.custody.rehearsed_at = now
        audit.record(actor, "custody.rehearsed", "round", round_.id, now)
        if round_.published_at is not None:
            timeline.add("round", round_.id, "custody.rehearsed", now, role="system")
    db.session.flush()
    return passed


# --- the close --------------------------------------------------------------------------------------------


def _ready_to_open(round_: Round) -> None:
    """Take the lock that opening takes, and refuse out of time: content and link never exist together."""
    if queries.find_custody(round_.id, lock=True) is None:
        raise Conflict(_("The key of this ballot box is kept by the server."))
    steps = queries.steps_done(round_.id)
    if "keys_destroyed" not in steps:
        raise Conflict(
            _(
                "It is too early: keys are presented after the vote, once the link between people and ballots is gone."
            )
        )
    if not queries.is_asked_for(round_.id):
        raise Conflict(_("It is too early: two people of the city hall first set the opening going."))
    if "opened" in steps or queries.find_handover(round_.id) is not None:
        raise Conflict(_("Two keys were presented already: the box is being opened, yours is not needed."))


def present(actor: Actor, round_: Round, text: str, now: datetime) -> bool:
    """A holder presents their key after the vote. True when it was the second and the box can be opened.

    Raises Conflict out of time or for the same key twice, NotAllowed for anybody else, Invalid for a wrong file.
    """
    key = holders.own_key(actor, round_.id)
    _ready_to_open(round_)
    return _present(actor, round_, key, text, now)


def present_recovery(actor: Actor, round_: Round, text: str, reason: str, now: datetime) -> bool:
    """The copy from the safe takes the place of one holder, with a reason that everybody reads."""
    holders.refuse_holder(actor, round_.id)
    _ready_to_open(round_)
    key = queries.list_keys(round_.id).get(RECOVERY)
    words = clean_text(reason)
    if key is None:
        raise Conflict(_("There is no recovery copy."))
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(_("Write why the recovery copy is needed: everybody will read it."))
    done = _present(actor, round_, key, text, now)
    timeline.add(
        "round", round_.id, "custody.recovery_presented", now, role=timeline.role_of(actor), reason=words
    )
    return done


def _present(actor: Actor, round_: Round, key: CustodyKey, text: str, now: datetime) -> bool:
    if key.place in queries.list_presentations(round_.id):
        raise Conflict(
            _("This key was presented already. The other holder presents theirs on their own device.")
        )
    private = holders.read_key(round_, key, text)
    found = _peel(round_.id, "box", key.place, private)
    assert actor.id is not None
    db.session.add(CustodyPresentation(round_id=round_.id, place=key.place, account_id=actor.id, at=now))
    db.session.flush()
    audit.record(actor, "custody.presented", "round", round_.id, now, {"place": key.place})
    if not found:
        return False
    first, secret = next(iter(sorted(found.items())))
    if wrapping.public_of(secret) != round_.box_public_key:
        raise Invalid(
            _("What the two keys opened is not the key of this ballot box. Tell whoever runs the site.")
        )
    settings: Settings = current_app.config["SETTINGS"]
    sealed = wrapping.seal_handover(handover_key(settings, round_.id), secret)
    db.session.add(CustodyHandover(round_id=round_.id, first=first, second=key.place, sealed=sealed, at=now))
    db.session.flush()
    return True
