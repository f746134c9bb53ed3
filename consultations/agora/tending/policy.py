"""Which moderator may put what in order, and when; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.arguing.rules import ARGUMENT, NOTE, REPLY
from consultations.agora.models import AgoraDebate
from consultations.agora.policy import is_author
from consultations.agora.rules import State, state_of
from consultations.agora.tending import rules
from consultations.agora.tending.models import AgoraAct

_NO_MODERATOR = _l("Only moderators put a debate in order.")
_OWN = _l("You wrote it: another moderator decides.")


def can_tend_post(
    actor: Actor, post: AgoraPost, author_id: int | None, one: AgoraDebate, now: datetime
) -> Decision:
    """Whether the actor may merge, move, split or fold a text now; never their own."""
    if not may(actor, Action.MODERATE):
        return refused(_NO_MODERATOR)
    if actor.id is not None and actor.id == author_id:
        return refused(_OWN)
    if post.kind not in (ARGUMENT, REPLY) or post.side == NOTE:
        return refused(_l("Only arguments and the answers to them are put in order."))
    if post.merged_into_id is not None:
        return refused(_l("It was merged with an argument that says the same."))
    if post.state != "visible":
        return refused(_l("Only what everyone can read is put in order."))
    if not rules.can_be_tended(one, now):
        return refused(_l("Arguments are put in order until they are summed up."))
    return ALLOWED


def can_tend_argument(
    actor: Actor, post: AgoraPost, author_id: int | None, one: AgoraDebate, now: datetime
) -> Decision:
    """Whether it may be merged, moved or split: arguments alone."""
    decision = can_tend_post(actor, post, author_id, one, now)
    if decision and post.kind != ARGUMENT:
        return refused(_l("Only arguments are merged, moved and split."))
    return decision


def can_tend_debate(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may slow a debate down or take no new texts in it; never in their own."""
    if not may(actor, Action.MODERATE):
        return refused(_NO_MODERATOR)
    if is_author(actor, one):
        return refused(_l("You opened it: another moderator decides."))
    if state_of(one, now) != State.OPEN:
        return refused(_l("This debate is not open."))
    return ALLOWED


def can_undo(actor: Actor, act: AgoraAct, author_id: int | None, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may undo an act; never one about what they wrote or opened."""
    if not may(actor, Action.MODERATE):
        return refused(_NO_MODERATOR)
    if act.undone_at is not None:
        return refused(_l("It was undone already."))
    if act.post_id is None and is_author(actor, one):
        return refused(_l("You opened it: another moderator decides."))
    if act.post_id is not None and actor.id == author_id:
        return refused(_OWN)
    if not rules.can_be_undone(one, now):
        return refused(_l("This debate is archived or hidden: nothing in it changes any more."))
    return ALLOWED
