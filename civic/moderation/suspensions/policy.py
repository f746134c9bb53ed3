"""Who may suspend whom; views, services and templates ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.moderation.suspensions import rules
from civic.moderation.suspensions.labels import REFUSALS
from civic.moderation.suspensions.models import Suspension
from civic.moderation.suspensions.rules import Life, Why
from civic.policy import ALLOWED, Action, Decision, may, refused


def life_of(one: Suspension) -> Life:
    """A suspension in plain values."""
    return Life(
        account=one.account_id,
        proposed_by=one.proposed_by_id,
        confirm_until=one.confirm_until,
        state=rules.State(one.state),
        decided_by=one.decided_by_id,
        ends_at=one.ends_at,
        lifted_at=one.lifted_at,
    )


def is_running(one: Suspension, now: datetime) -> bool:
    """Whether it keeps somebody from publishing now."""
    return rules.is_running(life_of(one), now)


def _said(why: Why | None) -> Decision:
    return ALLOWED if why is None else refused(REFUSALS[why])


def can_suspend(actor: Actor) -> Decision:
    """Whether the actor takes part in suspending at all."""
    if may(actor, Action.SUSPEND):
        return ALLOWED
    return refused(_l("Only moderators and council staff suspend. You can read everything."))


def can_propose(
    actor: Actor, account_id: int | None, *, grounded: bool, waiting: bool, running: bool
) -> Decision:
    """Whether the actor may propose to suspend the author of a hidden text."""
    return can_suspend(actor) and _said(
        rules.why_not_propose(account_id, actor.id, grounded=grounded, waiting=waiting, running=running)
    )


def can_settle(actor: Actor, one: Suspension, now: datetime) -> Decision:
    """Whether the actor is the second person, who confirms or declines."""
    return can_suspend(actor) and _said(rules.why_not_settle(life_of(one), actor.id, now))


def can_withdraw(actor: Actor, one: Suspension) -> Decision:
    """Whether the actor may take their own proposal back."""
    return can_suspend(actor) and _said(rules.why_not_withdraw(life_of(one), actor.id))


def can_lift(actor: Actor, one: Suspension, now: datetime) -> Decision:
    """Whether the actor may end it early."""
    return can_suspend(actor) and _said(rules.why_not_lift(life_of(one), actor.id, now))
