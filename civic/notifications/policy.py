"""Who may follow; the view, the service and the button ask the same function."""

from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.policy import ALLOWED, Decision, refused


def can_follow(actor: Actor) -> Decision:
    """Whoever has an account whose address is known to be theirs. Stopping is always possible."""
    if not actor.is_authenticated:
        return refused(_("Sign in to follow: we need to know where to write to you."))
    if not actor.email_confirmed:
        return refused(_("Confirm your e-mail address first, so that we know where to write to you."))
    return ALLOWED
