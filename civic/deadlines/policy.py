"""Who may change deadlines; the view, the service and the template ask the same function."""

from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused


def can_change(actor: Actor) -> Decision:
    """Whether the actor may change a deadline or note that a jurist checked it."""
    if not may(actor, Action.MANAGE_DEADLINES):
        return refused(_("Only council staff and administrators change deadlines."))
    return ALLOWED
