"""Who may invite quiet areas, and when; views, services and templates ask the same function."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Decision, refused
from consultations.agora.models import AgoraDebate
from consultations.agora.policy import can_manage
from consultations.agora.rules import State, state_of


def can_invite(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may invite an area to a debate now."""
    decision = can_manage(actor)
    if not decision:
        return refused(_l("Only council staff invite areas to a debate."))
    if state_of(one, now) != State.OPEN:
        return refused(_l("This debate is not open."))
    return ALLOWED
