"""Hiding one text alone: what somebody wrote in words, with personal data or hate in it. Commands flush.

The answer it came with stays counted. The words are sealed and taken out of what is stored with the answers, so that
no page and no file can show them; in their place stands why, which everybody reads.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import text, update

from civic import audit, sealing
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.moderation.rules import REASONS
from civic.policy import enforce
from civic.text import clean_text
from consultations.questionnaires import policy
from consultations.questionnaires.answering import LOCK
from consultations.questionnaires.models import Hidden, Questionnaire, Response
from consultations.texts import queries, rules
from consultations.texts.models import SurveyText

SEAL = "questionnaire hidden text"
MAX_REASON = 1_000


def original_of(hidden: Hidden) -> str:
    """The words as they were written, for those who may hide and show."""
    return str(sealing.unseal(SEAL, hidden.sealed)["words"])


def hide(actor: Actor, one: Questionnaire, key: str, why: str, reason: str, now: datetime) -> None:
    """Put why in the place of what was written. Raises Invalid, Conflict or NotFound."""
    enforce(policy.can_hide_texts(actor))
    words = clean_text(reason)[:MAX_REASON]
    if why not in REASONS:
        raise Invalid(_("Choose one of the options."))
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    response, item, name = _locked(one, key)
    answer = response.answers[item]
    if answer.get("hidden"):
        raise Conflict(_("This text is hidden already."))
    db.session.add(
        Hidden(
            questionnaire_id=one.id,
            response=response.id,
            item=item,
            sealed=sealing.seal(SEAL, {"words": answer[name]}),
            why=why,
            reason=words,
            hidden_at=now,
            account_id=actor.id,
        )
    )
    _replace(response, item, {**answer, name: "", "hidden": why})
    _index(key, "")
    db.session.flush()
    audit.record(actor, "questionnaire.text_hidden", "questionnaire", one.id, now, {"text": key, "why": why})


def show(actor: Actor, one: Questionnaire, key: str, now: datetime) -> None:
    """Show a hidden text again as it was written. Raises Conflict or NotFound."""
    enforce(policy.can_hide_texts(actor))
    response, item, name = _locked(one, key)
    kept = db.session.get(Hidden, (one.id, response.id, item))
    if kept is None:
        raise Conflict(_("This text is not hidden."))
    words = original_of(kept)
    shown = {part: value for part, value in response.answers[item].items() if part != "hidden"}
    _replace(response, item, {**shown, name: words})
    _index(key, words)
    db.session.delete(kept)
    db.session.flush()
    audit.record(actor, "questionnaire.text_shown", "questionnaire", one.id, now, {"text": key})


def _locked(one: Questionnaire, key: str) -> tuple[Response, str, str]:
    """The set of answers, the item and the field of a text; the job that lets answers through waits."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock, :one)"), {"lock": LOCK, "one": one.id})
    return queries.get_written(one.id, key)


def _replace(response: Response, item: str, answer: dict[str, Any]) -> None:
    response.answers = {**response.answers, item: answer}


def _index(key: str, words: str) -> None:
    """What a text is found and compared by: nothing while it is hidden."""
    folded = rules.folded(words)
    values = {"search_text": folded, "folded_sha256": rules.fingerprint(folded or key), "likeness": None}
    db.session.execute(update(SurveyText).where(SurveyText.key == key).values(**values))
