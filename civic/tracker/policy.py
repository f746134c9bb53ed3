"""Who may change a delivery."""

from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused


def can_manage(actor: Actor) -> Decision:
    """The council's staff; everybody else reads."""
    if may(actor, Action.MANAGE_DELIVERIES):
        return ALLOWED
    return refused(_("Only the city hall's staff may change this."))
