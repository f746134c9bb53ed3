"""Who enters and corrects decisions."""

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.decisions import rules
from civic.decisions.models import CouncilDecision
from civic.policy import ALLOWED, Action, Decision, may, refused


def can_manage(actor: Actor) -> Decision:
    """Whether the actor keeps the register of decisions."""
    if may(actor, Action.MANAGE_COUNCIL):
        return ALLOWED
    return refused(_l("Only council staff enter decisions."))


def can_move(decision: CouncilDecision, state: str) -> Decision:
    """Whether a decision may go from where it stands to this state."""
    if state in rules.STEPS[decision.state]:
        return ALLOWED
    return refused(_l("It cannot go there from where it stands. Reload the page."))
