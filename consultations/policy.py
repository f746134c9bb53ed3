"""Who may do what to a consultation; the view, the service and the template ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.format import deadline, opening
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations.models import Consultation
from consultations.rules import ENDED, State, state_of


def can_read(actor: Actor, one: Consultation) -> Decision:
    """A draft is the city hall's own; what was announced is everyone's."""
    if one.announced_at is not None or may(actor, Action.VIEW_CONSULTATIONS):
        return ALLOWED
    return refused(_l("This consultation has not been announced yet."))


def can_manage(actor: Actor) -> Decision:
    """Whether the actor writes, announces and ends consultations at all."""
    if may(actor, Action.MANAGE_CONSULTATIONS):
        return ALLOWED
    return refused(_l("Only council staff prepare and lead consultations."))


def can_edit(actor: Actor, one: Consultation) -> Decision:
    """Whether its words may still be changed: once announced, they are what was announced."""
    decision = can_manage(actor)
    if not decision:
        return decision
    if one.announced_at is not None:
        return refused(_l("It has been announced: what people were told cannot change any more."))
    return ALLOWED


def can_contribute(one: Consultation, now: datetime) -> Decision:
    """Whether contributions made on this site are received at the moment. Who makes them is asked elsewhere."""
    state = state_of(one, now)
    if state == State.OPEN:
        return ALLOWED
    if state == State.DRAFT:
        return refused(_l("This consultation has not been announced yet."))
    if state == State.ANNOUNCED and one.opens_at is not None:
        return refused(_l("Contributions are received from %(moment)s.", moment=opening(one.opens_at)))
    if state == State.ANSWERING and one.closes_at is not None:
        return refused(_l("Contributions were received until %(moment)s.", moment=deadline(one.closes_at)))
    return refused(_l("This consultation has ended."))


def has_ended(one: Consultation, now: datetime) -> bool:
    """Whether nothing more is decided about it."""
    return state_of(one, now) in ENDED
