"""Naming the witnesses of a round, before voting opens. Names go into the frozen plan; addresses are never shown."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.policy import ALLOWED, Action, Decision, enforce, may, refused
from civic.rounds.models import Round
from civic.text import clean_line
from voting.nightly.models import Witness


def can_name(actor: Actor, round_: Round) -> Decision:
    """Whether the actor may name or remove witnesses of the round."""
    if not may(actor, Action.MANAGE_ROUNDS):
        return refused(_("Only council staff name the witnesses of a vote."))
    if round_.kind != "city":
        return refused(_("A recorded election has no witnesses."))
    if round_.frozen_at is not None:
        return refused(_("The plan is frozen: the witnesses stay as they were named before voting opened."))
    return ALLOWED


def name_witness(actor: Actor, round_: Round, name: str, address: str, now: datetime) -> Witness:
    """Add a witness. Raises Conflict for a name that is there."""
    enforce(can_name(actor, round_))
    made = Witness(
        round_id=round_.id, name=clean_line(name), address=address, added_at=now, added_by_id=actor.id
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Conflict(_("There is a witness of this name.")) from error
    audit.record(actor, "witness.named", "round", round_.id, now, {"witness": made.id})
    return made


def remove_witness(actor: Actor, round_: Round, witness: Witness, now: datetime) -> None:
    """Take a witness off the list."""
    enforce(can_name(actor, round_))
    audit.record(actor, "witness.removed", "round", round_.id, now, {"witness": witness.id})
    db.session.delete(witness)
    db.session.flush()
