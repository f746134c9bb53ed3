"""Who may take part in the analysis and decide appeals; views, services and templates ask the same functions."""

from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.policy import ALLOWED, Action, Decision, may, refused
from proposals.evaluation.models import Appeal, Evaluation
from proposals.models import Proposal
from proposals.rules import State


def sees_everything(actor: Actor) -> bool:
    """Whether the actor oversees all departments' analyses; an evaluator sees their own department's."""
    return may(actor, Action.MANAGE_PROPOSALS) or may(actor, Action.VIEW_AUDIT)


def can_read(actor: Actor, evaluation: Evaluation) -> bool:
    """Whether the actor may open a department's part before it is published."""
    return sees_everything(actor) or evaluation.department_id in actor.departments


def can_answer(actor: Actor, evaluation: Evaluation) -> Decision:
    """Whether the actor may write the department's answer now. Needs the evaluation's proposal loaded."""
    if not may(actor, Action.EVALUATE) or evaluation.department_id not in actor.departments:
        return refused(_("Only the evaluators of this department answer here."))
    if actor.id is not None and evaluation.proposal.author_id == actor.id:
        return refused(_("You wrote this proposal, so a colleague has to analyse it."))
    if evaluation.proposal.state != State.IN_ANALYSIS:
        return refused(_("The analysis of this proposal is over."))
    if evaluation.answered_at is not None:
        return refused(_("Your department has answered. What is recorded does not change unseen."))
    return ALLOWED


def can_take(actor: Actor, proposal: Proposal) -> Decision:
    """Whether the actor may hand the proposal to the departments."""
    if not may(actor, Action.MANAGE_PROPOSALS):
        return refused(_("Only council staff take proposals into analysis."))
    if proposal.author_id is not None and proposal.author_id == actor.id:
        return refused(_("You wrote this proposal, so a colleague has to take it into analysis."))
    return ALLOWED


def can_decide(actor: Actor, appeal: Appeal, evaluated: bool) -> Decision:
    """Whether the actor may decide the appeal: on the board, and with no part in what is contested."""
    if not may(actor, Action.DECIDE_APPEALS):
        return refused(_("Only the appeals board decides here."))
    if appeal.filed_by_id == actor.id:
        return refused(_("You filed this appeal, so others decide it."))
    if evaluated:
        return refused(_("You took part in the analysis, so others decide this appeal."))
    if appeal.decided_at is not None:
        return refused(_("This appeal has been decided."))
    return ALLOWED
