"""Who ties workshops to debates and enters what was said there; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Decision, refused
from consultations.agora.models import AgoraDebate
from consultations.agora.policy import can_manage
from consultations.agora.tending.rules import can_be_tended
from consultations.agora.workshops import rules
from consultations.meetings.models import Meeting

_NOT_STAFF = _l("Only council staff tie workshops to debates and enter what was said there.")
_OVER = _l("Workshops and their notes come before the debate is summed up.")


def can_tie(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may tie a workshop to a debate now."""
    if not can_manage(actor):
        return refused(_NOT_STAFF)
    return ALLOWED if can_be_tended(one, now) else refused(_OVER)


def can_note(actor: Actor, one: AgoraDebate, meeting: Meeting, now: datetime) -> Decision:
    """Whether the actor may enter now what was said at a workshop."""
    decision = can_tie(actor, one, now)
    if decision and not rules.takes_notes(meeting, one, now):
        return refused(_l("What is said at a workshop is entered once it has begun."))
    return decision
