"""Who may do what to a proposal; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.format import lazy_ngettext
from civic.policy import ALLOWED, Action, Decision, can_publish, may, refused
from proposals.models import Proposal
from proposals.rules import (
    BY_EVENT,
    EDITABLE,
    MAX_DRAFTS,
    Event,
    State,
    is_public,
    submissions_left,
)


def is_author(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor wrote the proposal."""
    return actor.id is not None and proposal.author_id == actor.id


def can_see(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may know the proposal exists: the public, its author, and who moderates.

    A draft is its author's alone.
    """
    if is_author(actor, proposal) or is_public(proposal.state, proposal.published_at is not None):
        return True
    return proposal.state != State.DRAFT and may(actor, Action.VIEW_MODERATION)


def can_start(actor: Actor, drafts: int = 0) -> Decision:
    """Whether the actor may begin a proposal."""
    if not actor.is_authenticated:
        return refused(_("Sign in to propose something, so that we can write to you about it."))
    if not actor.email_confirmed:
        return refused(_("Confirm your e-mail address first: we write to you at every step."))
    if drafts >= MAX_DRAFTS:
        return refused(_("You have many drafts. Finish or delete one before you begin another."))
    return can_publish(actor)


def can_edit(actor: Actor, proposal: Proposal) -> Decision:
    """Whether the actor may change the text."""
    if not is_author(actor, proposal):
        return refused(_("Only its author can change a proposal."))
    if proposal.state not in EDITABLE:
        return refused(_("This proposal has been submitted. What is public does not change unseen."))
    return ALLOWED


def can_submit(actor: Actor, proposal: Proposal, *, proven: bool, submitted_last_day: int) -> Decision:
    """Whether the actor may send the proposal now."""
    decision = can_edit(actor, proposal)
    if not decision:
        return decision
    if not actor.email_confirmed:
        return refused(_("Confirm your e-mail address first: we write to you at every step."))
    left = submissions_left(proven, submitted_last_day)
    if proposal.state == State.DRAFT and left == 0:
        return refused(
            lazy_ngettext(
                "You have submitted %(num)s proposal today, which is the limit for your account. "
                "Your draft is kept: send it tomorrow.",
                "You have submitted %(num)s proposals today, which is the limit for your account. "
                "Your draft is kept: send it tomorrow.",
                submitted_last_day,
            )
        )
    return can_publish(actor)


def can_withdraw(actor: Actor, proposal: Proposal) -> Decision:
    """Whether the actor may take the proposal back."""
    if not is_author(actor, proposal):
        return refused(_("Only its author can withdraw a proposal."))
    if proposal.state not in BY_EVENT[Event.WITHDRAW].sources:
        return refused(_("The proposal can no longer be withdrawn."))
    return ALLOWED


def can_comment(actor: Actor, proposal: Proposal) -> Decision:
    """Whether the actor may comment on the proposal."""
    if not is_public(proposal.state, False):
        return refused(_("Comments are open while the proposal is public."))
    if not actor.is_authenticated:
        return refused(_("Sign in to comment."))
    if not actor.email_confirmed:
        return refused(_("Confirm your e-mail address first, so that we know where to answer you."))
    return can_publish(actor)


def can_restore_comment(actor: Actor, author_id: int | None) -> Decision:
    """Whether the actor may make a hidden comment public again: a moderator who did not write it."""
    if not may(actor, Action.MODERATE):
        return refused(_("Only moderators decide here. You can read everything."))
    if actor.id == author_id:
        return refused(_("You wrote this yourself, so another moderator has to decide."))
    return ALLOWED


def can_appeal(
    actor: Actor, proposal: Proposal, phases: frozenset[str], appeals: int, now: datetime
) -> Decision:
    """Whether the actor may contest the rejection now: its author, in time, and once."""
    if not is_author(actor, proposal):
        return refused(_("Only its author can contest the rejection of a proposal."))
    if proposal.state != State.REJECTED:
        return refused(_("Only a rejected proposal can be contested."))
    if appeals:
        return refused(_("An appeal was already decided. The decision is final here; a court can review it."))
    if proposal.round_id is not None:
        if "appeals" not in phases:
            return refused(_("A rejection is contested in the edition's appeals phase."))
    elif proposal.appeal_until is None or now >= proposal.appeal_until:
        return refused(_("The time for contesting this rejection has passed."))
    return ALLOWED
