"""Commands of the analysis and of appeals. They never commit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.format import number
from civic.places.models import Department
from civic.policy import enforce
from civic.text import clean_line, clean_text
from proposals import policy as proposal_policy
from proposals import queries as proposal_queries
from proposals import rounds
from proposals.evaluation import policy, queries
from proposals.evaluation.models import ASPECTS, VERDICTS, Appeal, Evaluation, RejectionReason
from proposals.models import Proposal
from proposals.rules import MAX_TEXT, Event, Role, analysis_result
from proposals.service import advance


@dataclass(frozen=True)
class Answer:
    """A department's answer as its form holds it: verdicts and remarks by aspect, and the result."""

    result: str
    text: str = ""
    estimate: Decimal | None = None
    reason_codes: tuple[str, ...] = ()
    verdicts: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)


def take_into_analysis(
    actor: Actor, proposal_id: int, department_ids: Iterable[int], now: datetime
) -> Proposal:
    """Hand a published proposal to the departments, each with a deadline."""
    proposal = proposal_queries.lock_proposal(proposal_id)
    enforce(policy.can_take(actor, proposal))
    known = set(db.session.scalars(select(Department.id).where(Department.id.in_(list(set(department_ids))))))
    if not known:
        raise Invalid(_("Choose at least one department."))
    advance(
        actor, proposal, Event.TAKE_INTO_ANALYSIS, Role.STAFF, now, details={"departments": sorted(known)}
    )
    present = {one.department_id for one in queries.list_evaluations(proposal.id)}
    deadline = give("analysis.answer", now)
    for department_id in sorted(known - present):
        db.session.add(
            Evaluation(
                proposal_id=proposal.id,
                department_id=department_id,
                assigned_at=now,
                due_at=deadline.due_at,
                deadline_id=deadline.version.id,
            )
        )
    db.session.flush()
    return proposal


def answer(actor: Actor, evaluation_id: int, given: Answer, now: datetime) -> Evaluation:
    """Record a department's answer; the last one settles the result for the whole proposal.

    One rejection rejects it, with that department's reasons; otherwise it is eligible, at the highest
    official estimate given.
    """
    # The proposal is locked first, so that of two departments answering at once one is the last.
    proposal = proposal_queries.lock_proposal(queries.get_evaluation(evaluation_id).proposal_id)
    evaluation = queries.get_evaluation(evaluation_id)
    enforce(policy.can_answer(actor, evaluation))
    reasons = _reasons(given)
    if given.result == "eligible" and given.estimate is None:
        raise Invalid(_("Write the official estimate: it is what residents vote on."))
    for aspect in ASPECTS:
        verdict = given.verdicts.get(aspect) or None
        if verdict is not None and verdict not in VERDICTS:
            raise Invalid(_("Choose one of the verdicts."))
        setattr(evaluation, f"{aspect}_verdict", verdict)
        setattr(evaluation, f"{aspect}_text", clean_text(given.remarks.get(aspect, ""))[:MAX_TEXT])
    evaluation.official_estimate = given.estimate
    evaluation.text = clean_text(given.text)[:MAX_TEXT]
    evaluation.result, evaluation.answered_at, evaluation.evaluator_id = given.result, now, actor.id
    evaluation.reasons = reasons
    db.session.flush()
    audit.record(
        actor,
        "evaluation.answered",
        "proposal",
        proposal.id,
        now,
        {"evaluation": evaluation.id, "result": given.result, "reasons": [one.code for one in reasons]},
    )
    _settle(actor, proposal, now)
    return evaluation


def _reasons(given: Answer) -> list[RejectionReason]:
    if given.result not in ("eligible", "rejected"):
        raise Invalid(_("Choose the result."))
    if given.result == "eligible":
        return []
    reasons = [one for one in queries.list_reasons() if one.code in given.reason_codes]
    if not reasons:
        raise Invalid(_("A rejection needs at least one reason of the list."))
    if not given.text.strip():
        raise Invalid(_("Explain the rejection: the author and the public read it."))
    return reasons


def _settle(actor: Actor, proposal: Proposal, now: datetime) -> None:
    """Give the proposal its result once every department has answered."""
    parts = queries.list_evaluations(proposal.id)
    result = analysis_result([one.result for one in parts])
    if result is None:
        return
    if result == "eligible":
        proposal.official_cost = max(
            (one.official_estimate for one in parts if one.official_estimate is not None), default=None
        )
        advance(actor, proposal, Event.FIND_ELIGIBLE, Role.EVALUATOR, now)
        return
    said = [
        f"{one.department.name}: {'; '.join(reason.name_ro for reason in one.reasons)}. {one.text}"
        for one in parts
        if one.result == "rejected"
    ]
    advance(actor, proposal, Event.REJECT, Role.EVALUATOR, now, reason="\n\n".join(said))


# --- appeals -----------------------------------------------------------------------------------------------


def file_appeal(actor: Actor, proposal_id: int, text: str, now: datetime) -> Appeal:
    """Contest a rejection: its author, in time, once."""
    proposal = proposal_queries.lock_proposal(proposal_id)
    if not proposal_policy.can_see(actor, proposal):
        raise NotFound
    phases = rounds.phases_now(proposal.round_id, now)
    enforce(proposal_policy.can_appeal(actor, proposal, phases, queries.count_appeals(proposal.id), now))
    text = clean_text(text)
    if not text:
        raise Invalid(_("Say why you think the rejection is wrong."))
    if len(text) > MAX_TEXT:
        raise Invalid(_("An appeal may have at most %(max)s characters.", max=number(MAX_TEXT)))
    assert actor.id is not None
    deadline = give("appeal.decide", now)
    appeal = Appeal(
        proposal_id=proposal.id,
        text=text,
        filed_at=now,
        filed_by_id=actor.id,
        due_at=deadline.due_at,
        deadline_id=deadline.version.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(appeal)
    except IntegrityError as error:
        raise Conflict(_("An appeal against this rejection is already open.")) from error
    advance(actor, proposal, Event.CONTEST, Role.AUTHOR, now, reason=text, details={"appeal": appeal.id})
    return appeal


def decide_appeal(
    actor: Actor, appeal_id: int, outcome: str, reason: str, now: datetime, estimate: Decimal | None = None
) -> Appeal:
    """Uphold or dismiss an appeal, with reasons. Upheld needs an estimate if the departments gave none."""
    proposal = proposal_queries.lock_proposal(queries.get_appeal(appeal_id).proposal_id)
    appeal = queries.get_appeal(appeal_id, lock=True)
    enforce(policy.can_decide(actor, appeal, queries.has_evaluated(actor, proposal.id)))
    reason = clean_text(reason)[:MAX_TEXT]
    if outcome not in ("upheld", "dismissed"):
        raise Invalid(_("Choose the outcome."))
    if not reason:
        raise Invalid(_("Write the reasons: the author and the public read them."))
    if outcome == "upheld":
        known = [
            one.official_estimate for one in queries.list_evaluations(proposal.id) if one.official_estimate
        ]
        proposal.official_cost = estimate or max(known, default=None)
        if proposal.official_cost is None:
            raise Invalid(_("Write the official estimate: it is what residents vote on."))
    appeal.outcome, appeal.reason = outcome, reason
    appeal.decided_at, appeal.decided_by_id = now, actor.id
    db.session.flush()
    event = Event.UPHOLD_APPEAL if outcome == "upheld" else Event.DISMISS_APPEAL
    advance(actor, proposal, event, Role.STAFF, now, reason=reason, details={"appeal": appeal.id})
    return appeal


# --- the catalogue of reasons ------------------------------------------------------------------------------


def add_reason(actor: Actor, now: datetime, **texts: str) -> RejectionReason:
    """Add a reason for rejection in both languages, with what it means."""
    cleaned = {name: clean_line(texts.get(name, ""))[:500] for name in
               ("code", "name_ro", "name_en", "explanation_ro", "explanation_en")}  # fmt: skip
    if queries.find_reason(cleaned["code"]) is not None:
        raise Invalid(_("There is already a reason with this code."))
    reason = RejectionReason(**cleaned, active=True, position=len(queries.list_reasons(active_only=False)))
    db.session.add(reason)
    db.session.flush()
    audit.record(actor, "rejection_reason.added", "rejection_reason", reason.id, now)
    return reason


def switch_reason(actor: Actor, reason_id: int, now: datetime) -> RejectionReason:
    """Stop offering a reason, or offer it again. Answers already given keep it."""
    reason = db.session.get(RejectionReason, reason_id)
    if reason is None:
        raise NotFound
    reason.active = not reason.active
    db.session.flush()
    audit.record(
        actor, "rejection_reason.switched", "rejection_reason", reason.id, now, {"active": reason.active}
    )
    return reason
