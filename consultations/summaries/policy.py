"""Who writes a summary, and of what."""

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Decision, refused
from consultations import policy as consultations
from consultations.models import Consultation


def can_write(actor: Actor, one: Consultation) -> Decision:
    """Council staff, once there can be something to summarise."""
    decision = consultations.can_manage(actor)
    if not decision:
        return decision
    if one.announced_at is None:
        return refused(_l("This consultation has not been announced yet."))
    return ALLOWED
