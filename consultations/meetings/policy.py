"""Who may do what to a meeting; the view, the service and the template ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.format import moment
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations.meetings.models import Meeting
from consultations.meetings.rules import COUNCIL, State, state_of


def can_manage(actor: Actor) -> Decision:
    """Whether the actor announces and leads meetings at all."""
    if may(actor, Action.MANAGE_CONSULTATIONS):
        return ALLOWED
    return refused(_l("Only council staff announce meetings."))


def can_read(actor: Actor, one: Meeting) -> Decision:
    """What was announced is everyone's; before, the city hall's."""
    if one.announced_at is not None or may(actor, Action.VIEW_CONSULTATIONS):
        return ALLOWED
    return refused(_l("This meeting has not been announced."))


def can_edit(actor: Actor, one: Meeting) -> Decision:
    """Whether its words and its day may still be changed without a word to anybody."""
    decision = can_manage(actor)
    if decision and one.announced_at is not None:
        return refused(_l("It has been announced. Move it, with the reason everyone reads."))
    return decision


def can_fill(actor: Actor, one: Meeting, now: datetime) -> Decision:
    """Whether points and documents may be added: until it has been held."""
    decision = can_manage(actor)
    if decision and state_of(one, now) not in (State.DRAFT, State.ANNOUNCED, State.GOING_ON):
        return refused(_l("The agenda and the documents of a meeting that is over stay as they are."))
    return decision


def can_move(actor: Actor, one: Meeting, now: datetime) -> Decision:
    """Whether an announced meeting may be moved or cancelled: before it begins."""
    decision = can_manage(actor)
    if decision and state_of(one, now) != State.ANNOUNCED:
        return refused(_l("Only an announced meeting that has not begun can be moved or cancelled."))
    return decision


def can_record(actor: Actor, one: Meeting, now: datetime) -> Decision:
    """Whether the votes of a meeting can be written down: one of the council that has begun and was not cancelled."""
    decision = can_manage(actor)
    if decision and (one.kind not in COUNCIL or state_of(one, now) not in (State.GOING_ON, State.HELD)):
        return refused(_l("Votes are written down for a meeting of the council that has begun."))
    return decision


def can_publish_minutes(actor: Actor, one: Meeting, now: datetime) -> Decision:
    """Whether minutes can be published: once it has begun, unless it was cancelled."""
    decision = can_manage(actor)
    if not decision:
        return decision
    state = state_of(one, now)
    if state == State.CANCELLED:
        return refused(_l("This meeting was cancelled."))
    if state not in (State.GOING_ON, State.HELD):
        return refused(_l("It begins on %(moment)s.", moment=moment(one.starts_at)))
    if one.minutes_at is not None and one.recording:
        return refused(_l("Its minutes and its recording are public."))
    return ALLOWED
