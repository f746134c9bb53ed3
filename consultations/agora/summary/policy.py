"""Who writes the summary of a debate and who may object to it."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.format import deadline
from civic.policy import ALLOWED, Decision, refused
from consultations.agora.arguing.policy import is_official
from consultations.agora.models import AgoraDebate
from consultations.agora.policy import can_manage
from consultations.agora.rules import Step, is_possible, takes_objections


def can_write(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may write the summary now: once published it stays as it is."""
    decision = can_manage(actor)
    if decision and one.summary_at is not None:
        return refused(_l("The summary is published: it cannot change any more."))
    if decision and not is_possible(Step.SUMMARISE, one, now):
        return refused(_l("A debate is summarised once its arguments have ended."))
    return decision


def can_object(actor: Actor, one: AgoraDebate, objected: bool, now: datetime) -> Decision:
    """Whether the actor may say that the summary is wrong."""
    if not takes_objections(one, now):
        if one.objections_until is not None:
            return refused(_l("One could object until %(moment)s.", moment=deadline(one.objections_until)))
        return refused(_l("There is no summary to object to."))
    if is_official(actor):
        return refused(_l("You speak for the city hall, which wrote the summary."))
    if not actor.is_authenticated:
        return refused(_l("Sign in to object."))
    if not actor.email_confirmed:
        return refused(_l("Confirm your e-mail address first."))
    if objected:
        return refused(_l("You have objected already."))
    return ALLOWED
