"""Who may open, read, second and answer debates; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.format import deadline
from civic.policy import ALLOWED, Action, Decision, can_publish, may, refused
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import PUBLIC, State, Step, is_possible, state_of, takes_seconds


def is_author(actor: Actor, one: AgoraDebate) -> bool:
    """Whether the actor is who opened the debate."""
    return actor.id is not None and one.account_id == actor.id


def can_read(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """A draft is its author's; what waits for a moderator or was hidden is theirs and the moderators'."""
    state = state_of(one, now)
    if state in PUBLIC or is_author(actor, one):
        return ALLOWED
    if state in (State.WAITING, State.HIDDEN) and may(actor, Action.VIEW_MODERATION):
        return ALLOWED
    return refused(_l("This debate is not public."))


def can_open(actor: Actor) -> Decision:
    """Whether the actor may open a debate of their own."""
    if not actor.is_authenticated:
        return refused(_l("Sign in to open a debate."))
    if not actor.email_confirmed:
        return refused(
            _l("Confirm your e-mail address first, so that we can tell you what happens with your debate.")
        )
    return can_publish(actor)


def can_edit(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether its words may still be changed: once others read it, they answer what stands there."""
    if not is_author(actor, one):
        return refused(_l("Only its author can change this debate."))
    if state_of(one, now) == State.WAITING:
        return refused(_l("A moderator is reading it. You are told what they decide."))
    if state_of(one, now) != State.DRAFT:
        return refused(
            _l("It is public: people answer the question as it stands, so it cannot change any more.")
        )
    return ALLOWED


def can_second(actor: Actor, one: AgoraDebate, mine: bool, now: datetime) -> Decision:
    """Whether the actor may ask the city hall to answer: a verified resident, once, in time."""
    if not takes_seconds(one, now):
        if one.seconds_until is not None and now >= one.seconds_until:
            return refused(
                _l("One could ask for the answer until %(moment)s.", moment=deadline(one.seconds_until))
            )
        return refused(_l("This debate is closed."))
    if not actor.is_authenticated:
        return refused(_l("Sign in to ask for the city hall's answer."))
    if not actor.is_verified:
        return refused(
            _l("Only residents whom the city hall has verified can oblige it to answer. Verify your account.")
        )
    if mine:
        return refused(_l("You have already asked for the city hall's answer."))
    return ALLOWED


def can_manage(actor: Actor) -> Decision:
    """Whether the actor leads debates for the city hall."""
    if may(actor, Action.MANAGE_CONSULTATIONS):
        return ALLOWED
    return refused(_l("Only council staff lead and answer debates."))


def can_move_end(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the end may be moved now."""
    decision = can_manage(actor)
    if decision and not is_possible(Step.SET_END, one, now):
        return refused(_l("The end of a debate can be moved while it is open."))
    return decision


def can_answer(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the official answer can be given now."""
    decision = can_manage(actor)
    if not decision:
        return decision
    state = state_of(one, now)
    if state == State.OPEN and one.closes_at is not None:
        return refused(
            _l("The answer follows the arguments: they end on %(moment)s.", moment=deadline(one.closes_at))
        )
    if state == State.CLOSING and one.objections_until is not None:
        return refused(
            _l(
                "One can object to the summary until %(moment)s; then comes the answer.",
                moment=deadline(one.objections_until),
            )
        )
    if state == State.CLOSING:
        return refused(_l("First publish the summary of the debate: the answer is to what stands there."))
    if not is_possible(Step.ANSWER, one, now):
        return refused(_l("This debate cannot be answered."))
    return ALLOWED


def can_restore(actor: Actor, author_id: int | None) -> Decision:
    """Whether the actor may make public again what a moderator hid: a moderator, and never its author."""
    if not may(actor, Action.MODERATE):
        return refused(_l("Only moderators make a hidden text public again."))
    if actor.id is not None and actor.id == author_id:
        return refused(_l("You wrote it: another moderator decides."))
    return ALLOWED
