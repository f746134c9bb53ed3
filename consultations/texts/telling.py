"""Whoever asked, when they sent their answers, is written the answer to the theme of what they wrote."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from civic import sealing
from civic.extensions import db
from civic.notifications import compose
from civic.notifications.service import tell_account
from civic.unit_of_work import unit_of_work
from consultations.contributions import queries as register
from consultations.contributions.labels import OUTCOMES
from consultations.contributions.models import Answer
from consultations.contributions.rules import AnswerState, Outcome
from consultations.questionnaires.answering import FOLLOWING
from consultations.questionnaires.models import Questionnaire
from consultations.texts import queries

BATCH = 200
Sentence = Callable[[], str]


def tell_followers(answer_id: int, state: str, now: datetime) -> int:
    """Write to those who asked to be told what becomes of a theme's answer; each once, resumable. How many."""
    told, after = 0, b""
    while True:
        with unit_of_work():
            answer = register.get_answer(answer_id)
            if answer.theme_id is None or answer.state != state:
                return told
            rows = queries.list_followers(answer.theme_id, after, BATCH)
            for response, sealed, questionnaire_id in rows:
                told += _tell(answer, sealed, db.session.get_one(Questionnaire, questionnaire_id), now)
                after = response
        if len(rows) < BATCH:
            return told


def _tell(answer: Answer, sealed: bytes, one: Questionnaire, now: datetime) -> int:
    account_id = int(sealing.unseal(FOLLOWING, sealed)["account"])
    place = compose.address_of(
        "survey_texts.answers", consultation_id=one.consultation_id, questionnaire_id=one.id
    )
    # The key names the answer and the account, never the set of answers.
    key = f"text-answer:{answer.id}:{answer.state}:{account_id}"
    subject, body = _withdrawn(answer, one, place) if answer.state == AnswerState.WITHDRAWN else _answered(answer, one, place)  # fmt: skip
    tell_account(account_id, subject, body, now, key)
    return 1


def _answered(answer: Answer, one: Questionnaire, place: str) -> tuple[Sentence, Sentence]:
    def body() -> str:
        words = [
            _("What you wrote in the questionnaire “%(title)s” was answered, together with what others wrote "
              "about the same:", title=one.title),
            str(OUTCOMES[Outcome(answer.outcome)]),
            answer.reason,
            _("Where it changed something: %(place)s", place=answer.place) if answer.place else "",
            answer.link,
            answer.author_function,
            place,
        ]  # fmt: skip
        return "\n\n".join(word for word in words if word)

    return lambda: _("The answer to what you wrote: %(title)s", title=one.title), body


def _withdrawn(answer: Answer, one: Questionnaire, place: str) -> tuple[Sentence, Sentence]:
    def body() -> str:
        return "\n\n".join(
            (
                _("The answer to what you wrote in the questionnaire “%(title)s” was withdrawn.", title=one.title),
                _("The reason: %(reason)s", reason=answer.withdrawn_reason),
                _("You get another answer. The withdrawn one stays on the page, struck through."),
                place,
            )
        )  # fmt: skip

    return lambda: _("Answer withdrawn: %(title)s", title=one.title), body
