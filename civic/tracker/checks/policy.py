"""Who may say whether a delivery is done, and who answers; the view, the service and the template ask the same."""

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused
from civic.tracker.checks import rules
from civic.tracker.models import Delivery


def can_check(actor: Actor, delivery: Delivery, said: bool) -> Decision:
    """A verified resident, once for each completion. `said`: whether they have spoken about this one already."""
    if not rules.can_be_checked(delivery.status):
        return refused(_l("It is not said to be done yet: there is nothing to confirm."))
    if not actor.is_authenticated:
        return refused(_l("Sign in to say whether it is done."))
    if not actor.is_verified:
        return refused(
            _l("Only residents whom the city hall has verified can say this. Verify your account.")
        )
    if said:
        return refused(_l("You have already said what you saw. Thank you."))
    return ALLOWED


def can_answer(actor: Actor, delivery: Delivery) -> Decision:
    """Council staff, and the evaluators of the department in charge."""
    if may(actor, Action.MANAGE_DELIVERIES):
        return ALLOWED
    if may(actor, Action.ANSWER_DISPUTES) and delivery.department_id in actor.departments:
        return ALLOWED
    return refused(_l("The department in charge and council staff answer here; your account is neither."))
