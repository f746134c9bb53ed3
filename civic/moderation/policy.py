"""Who may moderate and report what."""

from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.moderation.rules import REPORTS_A_DAY
from civic.moderation.subjects import Subject
from civic.policy import ALLOWED, Action, Decision, may, refused


def may_moderate(actor: Actor) -> Decision:
    """Whether the actor decides cases at all."""
    if not may(actor, Action.MODERATE):
        return refused(_("Only moderators decide here. You can read everything."))
    return ALLOWED


def can_decide(actor: Actor, subject: Subject) -> Decision:
    """Whether the actor may decide about the subject: a moderator, and not about what they wrote."""
    allowed = may_moderate(actor)
    if not allowed:
        return allowed
    if subject.author_id is not None and subject.author_id == actor.id:
        return refused(_("You wrote this yourself, so another moderator has to decide."))
    return ALLOWED


def can_report(actor: Actor, subject: Subject, reported_last_day: int) -> Decision:
    """Whether the actor may report the subject to the moderators."""
    if not actor.email_confirmed:
        return refused(_("Confirm your e-mail address first, so that we know where to answer you."))
    if subject.author_id == actor.id:
        return refused(_("This is your own text. You can withdraw it instead of reporting it."))
    if reported_last_day >= REPORTS_A_DAY:
        return refused(
            _("You have reported a lot today. The moderators look at those first; come back tomorrow.")
        )
    return ALLOWED
