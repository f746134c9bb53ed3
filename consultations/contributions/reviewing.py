""" "I was not answered to the point": asked once by the author, decided by a third person. Commands flush."""

from datetime import datetime

from flask_babel import gettext as _

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_text
from consultations.contributions import answering, policy, queries, rules, telling
from consultations.contributions.models import Review

OUTCOMES = ("kept", "again")


def ask(contribution_id: int, text: str, account_id: int | None, now: datetime) -> Review:
    """Say that the answer misses the point. The caller knows that it is the author who asks."""
    entry = queries.get_contribution(contribution_id, lock=True)
    answer, words = queries.find_answer(entry), clean_text(text)
    decision = policy.can_ask_review(entry, answer, queries.find_review(entry.id), now)
    if not decision:
        raise Conflict(decision.reason)
    if not words:
        raise Invalid(_("Say what was left without an answer."))
    if len(words) > rules.MAX_REASON:
        raise Invalid(_("This text is too long."))
    assert answer is not None
    assert answer.signed_by_id is not None
    review = Review(
        contribution_id=entry.id,
        answer_id=answer.id,
        text=words,
        requested_at=now,
        drafted_by_id=answer.drafted_by_id,
        signed_by_id=answer.signed_by_id,
    )
    db.session.add(review)
    db.session.flush()
    details = {"contribution": entry.id, "answer": answer.id}
    audit.record(
        Actor(id=account_id), "contribution.review_asked", "contribution_review", review.id, now, details
    )
    return review


def decide(actor: Actor, review_id: int, outcome: str, reason: str, now: datetime) -> Review:
    """Keep the answer or have it written again, with a reason that everyone reads."""
    review, words = queries.get_review(review_id, lock=True), clean_text(reason)[: rules.MAX_REASON]
    enforce(policy.can_decide_review(actor, review))
    if outcome not in OUTCOMES:
        raise Invalid(_("Choose one of the options."))
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    entry = queries.get_contribution(review.contribution_id, lock=True)
    review.outcome, review.reason, review.decided_at, review.decided_by_id = outcome, words, now, actor.id
    if outcome == "again":
        answer = queries.get_answer(review.answer_id, lock=True)
        if answer.contribution_id == entry.id and answer.state == rules.AnswerState.PUBLISHED:
            answering.take_back(actor, answer, words, now)
            answering.tell(actor, answer, now)  # it answered others with the same text too
        elif answer.contribution_id != entry.id:
            entry.apart = True  # what serves the others does not serve this one
    db.session.flush()
    details = {"contribution": entry.id, "outcome": outcome}
    audit.record(actor, "contribution.review_decided", "contribution_review", review.id, now, details)
    telling.review_decided(entry, review, now)
    return review
