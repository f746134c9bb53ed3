"""Who may send, answer, sign, review and hide; the view, the service and the template ask the same functions."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor, Role
from civic.format import moment, opening
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations.contributions import rules
from consultations.contributions.models import Answer, Contribution, Review
from consultations.contributions.rules import AnswerState
from consultations.models import Consultation
from consultations.rules import State, state_of


def can_send(one: Consultation, now: datetime) -> Decision:
    """Whether a contribution is received now: from the opening until the report, after the end as late."""
    state = state_of(one, now)
    if state in (State.OPEN, State.ANSWERING):
        return ALLOWED
    if state == State.DRAFT:
        return refused(_l("This consultation has not been announced yet."))
    if state == State.ANNOUNCED and one.opens_at is not None:
        return refused(_l("Contributions are received from %(moment)s.", moment=opening(one.opens_at)))
    ended = one.report_published_at or one.outcome_at
    if ended is not None:
        return refused(
            _l("Contributions were received until the report of %(moment)s.", moment=moment(ended))
            if one.report_published_at
            else _l("This consultation has ended.")
        )
    return refused(_l("This consultation has ended."))


def can_enter(actor: Actor) -> Decision:
    """Whether the actor enters letters and papers into the register."""
    if may(actor, Action.REGISTER_CONTRIBUTIONS):
        return ALLOWED
    return refused(_l("Only the desk and council staff enter letters into the register."))


def can_answer(actor: Actor, one: Consultation) -> Decision:
    """Whether the actor writes answers here: council staff, and the department in charge."""
    if may(actor, Action.MANAGE_CONSULTATIONS):
        return ALLOWED
    if may(actor, Action.ANSWER_CONTRIBUTIONS) and one.department_id in actor.departments:
        return ALLOWED
    return refused(_l("The department in charge and council staff answer here; your account is neither."))


def can_manage(actor: Actor) -> Decision:
    """Whether the actor signs, hides and decides about late ones at all."""
    if may(actor, Action.MANAGE_CONSULTATIONS):
        return ALLOWED
    return refused(_l("Only council staff sign answers and decide about the register."))


def can_sign(actor: Actor, answer: Answer) -> Decision:
    """Four eyes: council staff, and never who wrote the words."""
    decision = can_manage(actor)
    if not decision:
        return decision
    if answer.state != AnswerState.SUBMITTED:
        return refused(_l("It has not been sent to the signature."))
    if not rules.may_sign(rules.Hands(answer.drafted_by_id), actor.id):
        return refused(_l("You wrote this answer: another person signs it."))
    return ALLOWED


def can_decide_review(actor: Actor, review: Review) -> Decision:
    """Somebody of the council staff who neither wrote nor signed the answer."""
    decision = can_manage(actor)
    if not decision:
        return decision
    if review.decided_at is not None:
        return refused(_l("This has been decided already."))
    if not rules.may_review(rules.Hands(review.drafted_by_id, review.signed_by_id), actor.id):
        return refused(_l("You wrote or signed this answer: another person looks at it again."))
    return ALLOWED


def can_ask_review(
    entry: Contribution, answer: Answer | None, review: Review | None, now: datetime
) -> Decision:
    """Whether the author may still say that the answer misses the point. Who the author is, the view knows."""
    if review is not None:
        return refused(_l("You have already asked for this once."))
    if answer is None or answer.published_at is None:
        return refused(_l("It has not been answered yet."))
    if now >= answer.published_at + rules.REVIEW_WITHIN:
        return refused(_l("This could be said within 30 days of the answer; they are over."))
    return ALLOWED


def sees_whole(actor: Actor, one: Consultation) -> bool:
    """Whether the actor reads what is hidden from everyone: those who answer here, and the desk that enters letters."""
    return bool(can_answer(actor, one)) or bool(can_enter(actor))


def sees_contacts(actor: Actor) -> bool:
    """Whether the actor needs to know where answers go."""
    return actor.has_role(Role.STAFF, Role.CLERK)
