"""Who may answer a questionnaire, see its results and change it; views, services and templates ask the same."""

from datetime import datetime

from flask_babel import lazy_gettext as _

from civic.actor import Actor
from civic.format import deadline
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations import policy as consultations
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.rules import LEAST, MOST_BEGUN
from consultations.rules import State, state_of


def can_read(actor: Actor, one: Questionnaire) -> Decision:
    """One in preparation is the city hall's own; a published one is as public as its consultation."""
    decision = consultations.can_read(actor, one.consultation)
    if not decision or one.published or may(actor, Action.VIEW_CONSULTATIONS):
        return decision
    return refused(_("This questionnaire is still being prepared."))


def must_sign_in(actor: Actor, one: Questionnaire, now: datetime) -> bool:
    """Whether signing in is what a stranger does first to answer."""
    receives = one.published and bool(consultations.can_contribute(one.consultation, now))
    return receives and one.access != "anyone" and not actor.is_authenticated


def can_answer(actor: Actor, one: Questionnaire, answered: bool, now: datetime) -> Decision:
    """Whether this person's answers are received now."""
    if not one.published:
        return refused(_("This questionnaire is still being prepared."))
    decision = consultations.can_contribute(one.consultation, now)
    if not decision:
        return decision
    if answered:
        return refused(_("You have already answered. Every person answers once."))
    if one.access != "anyone" and not actor.is_authenticated:
        return refused(_("Sign in to answer: every person answers once."))
    if one.access == "email" and not actor.email_confirmed:
        return refused(_("Confirm your e-mail address first: every person answers once."))
    if one.access == "verified" and not actor.is_verified:
        return refused(_("Only residents verified by the city hall answer this questionnaire."))
    return ALLOWED


def can_begin_again(begun: int) -> Decision:
    """Where anybody may answer: whether answers may be begun once more today from this device and network."""
    if begun <= MOST_BEGUN:
        return ALLOWED
    return refused(
        _(
            "Answers were begun %(most)s times today from this device and network. Go on with the code you were "
            "given, come back tomorrow, or answer on paper.",
            most=MOST_BEGUN,
        )
    )


def can_enter_paper(actor: Actor, one: Questionnaire, now: datetime) -> Decision:
    """Whether answers that came on paper may be entered: also after the end, until the report is published."""
    if not may(actor, Action.REGISTER_CONTRIBUTIONS):
        return refused(_("Only the desk and council staff enter answers from paper."))
    if not one.published:
        return refused(_("This questionnaire is still being prepared."))
    state = state_of(one.consultation, now)
    if state in (State.OPEN, State.ANSWERING):
        return ALLOWED
    return consultations.can_contribute(one.consultation, now)


def can_see_results(actor: Actor, one: Questionnaire, answered: bool, now: datetime) -> Decision:
    """Whether the counts may be shown. The city hall sees them no earlier than everybody."""
    decision = can_read(actor, one)
    if not decision:
        return decision
    closes_at = one.consultation.closes_at
    if not one.published or closes_at is None:
        return refused(_("This questionnaire is still being prepared."))
    if now < closes_at:
        if one.results == "closed":
            return refused(
                _(
                    "The results are published after the end of the consultation: %(moment)s.",
                    moment=deadline(closes_at),
                )
            )
        if one.answer_first and not answered:
            return refused(
                _("Answer first: the results are shown to those who have answered, and after the end to all.")
            )
    return enough(one.counted)


def enough(answers: int) -> Decision:
    """Whether so many answers may be shown without telling what somebody said."""
    if answers >= LEAST:
        return ALLOWED
    return refused(
        _(
            "The results appear when there are at least %(least)s answers: fewer would show what somebody said.",
            least=LEAST,
        )
    )


def can_read_texts(actor: Actor, one: Questionnaire, answered: bool, now: datetime) -> Decision:
    """Whether answers in words may be read."""
    decision = can_see_results(actor, one, answered, now)
    if not decision or one.texts_public or may(actor, Action.VIEW_CONSULTATIONS) or can_hide_texts(actor):
        return decision
    return refused(
        _("The answers in words are read by the city hall alone: people may have written names in them.")
    )


def can_hide_texts(actor: Actor) -> Decision:
    """Whether the actor hides words that must not be shown: moderators and council staff."""
    if may(actor, Action.HIDE_SURVEY_TEXTS):
        return ALLOWED
    return refused(_("Only moderators and council staff hide what was written."))


def can_export(actor: Actor, one: Questionnaire, now: datetime) -> Decision:
    """Whether the single sets of answers may be taken out."""
    if not may(actor, Action.MANAGE_CONSULTATIONS):
        return refused(_("Only council staff export the answers."))
    return can_see_results(actor, one, False, now)


def can_edit(actor: Actor, one: Questionnaire) -> Decision:
    """Whether what it asks may still be changed."""
    decision = consultations.can_manage(actor)
    if not decision:
        return decision
    if one.frozen:
        return refused(_("Somebody has answered already: what is asked stays as it was for everybody."))
    return ALLOWED
