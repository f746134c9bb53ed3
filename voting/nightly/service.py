"""Naming the witnesses of a round, before voting opens. Names go into the frozen plan; addresses are never shown,
and a wrong one is corrected until the close."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit, outbox
from civic.actor import Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.policy import ALLOWED, Action, Decision, enforce, may, refused
from civic.rounds.models import Round
from civic.text import clean_line
from voting.nightly import letters, links
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


def can_correct(actor: Actor, round_: Round) -> Decision:
    """Whether the actor may correct where checkpoints are sent: also while voting is open, the names stay."""
    if not may(actor, Action.MANAGE_ROUNDS):
        return refused(_("Only council staff correct the address of a witness."))
    if round_.closed_at is not None:
        return refused(_("The vote is closed: no further checkpoint is sent."))
    return ALLOWED


def correct_address(actor: Actor, round_: Round, witness: Witness, address: str, now: datetime) -> None:
    """Send a witness's checkpoints to another address from now on, and tell both: nobody is replaced unseen."""
    enforce(can_correct(actor, round_))
    before = witness.address
    if address == before:
        return
    witness.address = address
    db.session.flush()
    audit.record(actor, "witness.address_corrected", "round", round_.id, now, {"witness": witness.id})
    settings = current_app.config["SETTINGS"]
    page = links.where_checkpoints_are(round_.slug)
    with force_locale(settings.city.languages[0]):
        new = letters.address_letter(witness.name, round_.name, page)
        old = letters.address_left_letter(witness.name, round_.name, page, settings.city.contact_email)
    outbox.post(address, *new, now)
    outbox.post(before, *old, now)


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
