"""Who may take part in a debate, write in it, and judge; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor, Role
from civic.format import deadline
from civic.policy import ALLOWED, Action, Decision, can_publish, may, refused
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.arguing.rules import ARGUMENT, NOTE
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import State, state_of

#: Who speaks for the city hall whenever they speak.
_OFFICIALS = (Role.STAFF, Role.EVALUATOR, Role.CLERK, Role.ADMINISTRATOR)


def is_official(actor: Actor) -> bool:
    """Whether the actor speaks with a badge, a function and a department, and judges nothing."""
    return actor.has_role(*_OFFICIALS)


def can_take_part(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may say where they stand, judge and vote in a debate now."""
    if state_of(one, now) != State.OPEN:
        if one.closes_at is not None and now >= one.closes_at:
            return refused(_l("Arguments were received until %(moment)s.", moment=deadline(one.closes_at)))
        return refused(_l("This debate is not open."))
    if not actor.is_authenticated:
        return refused(_l("Sign in to argue."))
    if not actor.email_confirmed:
        return refused(_l("Confirm your e-mail address first."))
    return ALLOWED


def can_write(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may write in a debate now."""
    decision = can_take_part(actor, one, now)
    if decision and one.locked_reason:
        return refused(
            _l("A moderator takes no new texts for now. Reasons: %(reason)s", reason=one.locked_reason)
        )
    return decision and can_publish(actor)


def can_say_stance(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may say where they stand."""
    if is_official(actor):
        return refused(_l("You speak for the city hall: where you stand is not counted."))
    return can_take_part(actor, one, now)


def can_judge(actor: Actor, post: AgoraPost, one: AgoraDebate, own: bool, now: datetime) -> Decision:
    """Whether the actor may say whether an argument convinces them."""
    if post.kind != ARGUMENT or post.side == NOTE or post.state != "visible":
        return refused(_l("Only public arguments are judged."))
    if post.merged_into_id is not None:
        return refused(_l("It was merged with an argument that says the same: judge that one."))
    if is_official(actor):
        return refused(_l("You speak for the city hall: your judgement is not counted."))
    if own:
        return refused(_l("You wrote it: others say whether it convinces them."))
    return can_take_part(actor, one, now)


def can_reply(actor: Actor, post: AgoraPost, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may answer an argument."""
    if post.kind != ARGUMENT or post.state != "visible":
        return refused(_l("Only public arguments are answered."))
    if post.merged_into_id is not None:
        return refused(_l("It was merged with an argument that says the same: answer that one."))
    return can_write(actor, one, now)


def can_read_post(actor: Actor, post: AgoraPost, author_id: int | None) -> bool:
    """Whether a post of a debate the actor may read is theirs to read: what waits is its author's and moderators'."""
    own = actor.id is not None and author_id == actor.id
    return post.state != "held" or own or may(actor, Action.VIEW_MODERATION)
