"""Who keeps the council's records."""

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused


def can_keep(actor: Actor) -> Decision:
    """Whether the actor writes down who was elected, when the council met and how each one voted."""
    if may(actor, Action.MANAGE_COUNCIL):
        return ALLOWED
    return refused(_l("Only council staff keep the records of the council."))
