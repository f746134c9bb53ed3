"""Who may add statements and vote on them; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Decision, refused
from consultations.agora.arguing.policy import can_take_part, can_write, is_official
from consultations.agora.models import AgoraDebate
from consultations.agora.statements.rules import MOST, MOST_EACH


def can_vote(actor: Actor, one: AgoraDebate, now: datetime) -> Decision:
    """Whether the actor may say whether they agree with statements now."""
    if not one.with_statements:
        return refused(_l("This debate has no statements to vote on."))
    if is_official(actor):
        return refused(_l("You speak for the city hall: your vote is not counted."))
    return can_take_part(actor, one, now)


def can_add(actor: Actor, one: AgoraDebate, own: int, total: int, now: datetime) -> Decision:
    """Whether the actor may add a statement: there are only as many as people can vote on."""
    if not one.with_statements:
        return refused(_l("This debate has no statements to vote on."))
    decision = can_write(actor, one, now)
    if not decision:
        return decision
    if own >= MOST_EACH:
        return refused(_l("You have added as many statements as one person can here."))
    if total >= MOST:
        return refused(_l("There are as many statements here as people can vote on."))
    return ALLOWED
