"""Who may write beside a draft's text, and who prepares it; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, can_publish, may, refused
from consultations.drafting.models import Annotation
from consultations.models import Consultation
from consultations.policy import can_contribute, can_manage, has_ended


def can_annotate(actor: Actor, one: Consultation, now: datetime) -> Decision:
    """Whether the actor may write beside the text now."""
    decision = can_contribute(one, now)
    if not decision:
        return decision
    if not actor.is_authenticated:
        return refused(_l("Sign in to write beside the text, so that the answer reaches you."))
    if not actor.email_confirmed:
        return refused(_l("Confirm your e-mail address first, so that the answer reaches you."))
    return can_publish(actor)


def can_take_side(actor: Actor, annotation: Annotation, one: Consultation, now: datetime) -> Decision:
    """Whether the actor may say that they agree or do not."""
    if annotation.state != "visible":
        return refused(_l("This remark is not public."))
    decision = can_contribute(one, now)
    if not decision:
        return decision
    if not actor.is_authenticated:
        return refused(_l("Sign in to say whether you agree."))
    if not actor.email_confirmed:
        return refused(_l("Confirm your e-mail address first."))
    if annotation.author_id == actor.id:
        return refused(_l("You wrote it: others say whether they agree."))
    return ALLOWED


def can_prepare(actor: Actor, one: Consultation, now: datetime) -> Decision:
    """Whether the actor may bring in and publish the text."""
    decision = can_manage(actor)
    if decision and has_ended(one, now):
        return refused(_l("This consultation has ended: its text stays as it is."))
    return decision


def can_judge_place(actor: Actor, annotation: Annotation) -> Decision:
    """Whether the actor may say if the place found for a remark is the right one: who wrote it, and staff."""
    if (actor.id is not None and actor.id == annotation.author_id) or can_manage(actor):
        return ALLOWED
    return refused(_l("Only its author and the council staff say whether this is the place."))


def can_restore(actor: Actor, annotation: Annotation) -> Decision:
    """Whether the actor may make a hidden remark public again: a moderator, and never its author."""
    if not may(actor, Action.MODERATE):
        return refused(_l("Only moderators make a hidden text public again."))
    if actor.id is not None and actor.id == annotation.author_id:
        return refused(_l("You wrote it: another moderator decides."))
    return ALLOWED
