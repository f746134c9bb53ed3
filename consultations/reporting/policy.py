"""Who may read a report."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations.models import Consultation
from consultations.rules import State, state_of


def can_read(actor: Actor, one: Consultation, now: datetime) -> Decision:
    """Everyone once it is published; before, and from the end of contributions on, those who prepare it."""
    if one.report_published_at is not None:
        return ALLOWED
    if state_of(one, now) == State.ANSWERING and may(actor, Action.VIEW_CONSULTATIONS):
        return ALLOWED
    return refused(_l("The report of this consultation has not been published yet."))
