"""Who decides when a space is moderated."""

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused


def can_change(actor: Actor) -> Decision:
    """Whether the actor may say when a space is moderated: council staff and administrators."""
    if may(actor, Action.SET_MODERATION):
        return ALLOWED
    return refused(_l("Only council staff and administrators change this. You can read it."))
