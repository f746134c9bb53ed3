"""Who may ask for a debate, announce it, speak at it; the view, the service and the template ask the same functions."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.format import moment
from civic.organisations.acting import obliges_debate
from civic.organisations.models import Organisation
from civic.policy import ALLOWED, Decision, refused
from consultations import policy as consultations
from consultations import rules as kinds
from consultations.debates.models import Debate, DebateSpeaker
from consultations.debates.rules import SPOKEN, WAITING, WITHDRAWN
from consultations.models import Consultation
from consultations.rules import State, state_of

ONLY_THESE = _l(
    "Only a legally constituted association or another public authority can oblige the city hall to hold a public "
    "debate (Law 52/2003, art. 7(9)), once the city hall has verified it. You can say what you think by contributing."
)


def can_be_asked(one: Consultation, now: datetime) -> Decision:
    """Whether requests for a debate are received now."""
    if not kinds.KINDS[one.kind].debate:
        return refused(_l("For this kind of consultation nobody can oblige the city hall to hold a debate."))
    return consultations.can_contribute(one, now)


def can_ask(
    actor: Actor, one: Consultation, organisations: Collection[Organisation], now: datetime
) -> Decision:
    """Whether the actor may ask in the name of one of the organisations they speak for."""
    decision = can_be_asked(one, now)
    if not decision:
        return decision
    if not actor.is_authenticated:
        return refused(_l("Sign in as somebody who speaks for the organisation."))
    if not any(obliges_debate(each) for each in organisations):
        return refused(ONLY_THESE)
    return ALLOWED


def can_announce(actor: Actor, one: Consultation, planned: Debate | None, now: datetime) -> Decision:
    """Staff, while the report is not public, one debate at a time; asked for or not."""
    decision = consultations.can_manage(actor)
    if not decision:
        return decision
    if state_of(one, now) not in (State.ANNOUNCED, State.OPEN, State.ANSWERING):
        return refused(_l("A debate is held between the announcement of the consultation and its report."))
    if planned is not None:
        return refused(_l("A debate is announced already. Move it, or cancel it first."))
    return ALLOWED


def can_change(actor: Actor, debate: Debate) -> Decision:
    """Whether it may still be moved or cancelled, and its speakers put in order."""
    decision = consultations.can_manage(actor)
    if not decision:
        return decision
    return still_planned(debate)


def still_planned(debate: Debate) -> Decision:
    """Whether it is neither held nor cancelled."""
    if debate.cancelled_at is not None:
        return refused(_l("This debate was cancelled."))
    if debate.ended_at is not None:
        return refused(_l("This debate has been held."))
    return ALLOWED


def can_hold(actor: Actor, debate: Debate, now: datetime) -> Decision:
    """Whether what happens at it can be noted now."""
    decision = can_change(actor, debate)
    if decision and now < debate.starts_at:
        return refused(_l("It begins on %(moment)s.", moment=moment(debate.starts_at)))
    return decision


def can_sign_up(actor: Actor, debate: Debate, own: DebateSpeaker | None, now: datetime) -> Decision:
    """Whether the actor may put themselves on the list of speakers."""
    decision = still_planned(debate)
    if not decision:
        return decision
    if now >= debate.sign_up_until:
        return refused(
            _l("One could sign up to speak until %(moment)s.", moment=moment(debate.sign_up_until))
        )
    if not actor.is_authenticated:
        return refused(_l("Sign in to put yourself on the list of speakers."))
    if not actor.email_confirmed:
        return refused(_l("Confirm your e-mail address first: we write to you if the debate is moved."))
    if own is not None:
        return refused(_l("You are on the list of speakers already."))
    return ALLOWED


def can_withdraw(debate: Debate, speaker: DebateSpeaker) -> Decision:
    """Whether somebody may leave the list: before they have been heard."""
    decision = still_planned(debate)
    if not decision:
        return decision
    if speaker.state == WITHDRAWN:
        return refused(_l("This was already withdrawn."))
    if speaker.state != WAITING:
        return refused(_l("Whoever has been heard stays on the list."))
    return ALLOWED


def can_register(actor: Actor, debate: Debate, speaker: DebateSpeaker) -> Decision:
    """Whether what somebody said can enter the register of contributions."""
    decision = consultations.can_manage(actor)
    if not decision:
        return decision
    if debate.cancelled_at is not None:
        return refused(_l("This debate was cancelled."))
    if speaker.contribution_id is not None:
        return refused(_l("It is in the register already."))
    if speaker.state != SPOKEN or not speaker.note:
        return refused(_l("First note what was said."))
    return ALLOWED


def can_publish_minutes(actor: Actor, debate: Debate) -> Decision:
    """Whether minutes can be published: of what has been held."""
    decision = consultations.can_manage(actor)
    if not decision:
        return decision
    if debate.ended_at is None:
        return refused(_l("Minutes are published once the debate has been held."))
    return ALLOWED
