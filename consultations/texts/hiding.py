"""Hiding one text alone: what somebody wrote in words, with personal data or hate in it. Commands flush.

The answer it came with stays counted. The words are sealed and taken out of what is stored with the answers, so that
no page and no file can show them; in their place stands why, which everybody reads.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import text, update

from civic import audit, sealing
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.moderation.rules import REASONS
from civic.policy import enforce
from civic.text import clean_text
from consultations.questionnaires import policy
from consultations.questionnaires.answering import LOCK
from consultations.questionnaires.holding import HELD, SEAL, WAITING
from consultations.questionnaires.models import Hidden, Questionnaire, Response
from consultations.texts import queries, rules
from consultations.texts.models import SurveyText

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
    kept = db.session.get(Hidden, (one.id, response.id, item))
    if kept is not None and kept.why in WAITING:
        keep_hidden(kept, why, words, actor, now)
        _record_hidden(actor, one, key, why, now)
        return
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
    _record_hidden(actor, one, key, why, now)


def _record_hidden(actor: Actor, one: Questionnaire, key: str, why: str, now: datetime) -> None:
    db.session.flush()
    audit.record(actor, "questionnaire.text_hidden", "questionnaire", one.id, now, {"text": key, "why": why})


def lock(questionnaire_id: int) -> Questionnaire:
    """A questionnaire whose texts are decided about; the job that lets answers through waits."""
    _wait(questionnaire_id)
    found = db.session.get(Questionnaire, questionnaire_id)
    if found is None:
        raise NotFound
    return found


def keep_hidden(kept: Hidden, why: str, reason: str, actor: Actor, now: datetime) -> None:
    """Put a reason in the place of words that waited."""
    response, item, _name = queries.get_written(kept.questionnaire_id, rules.key_of(kept.response, kept.item))
    kept.why, kept.reason, kept.hidden_at, kept.account_id = why, reason, now, actor.id
    _replace(response, item, {**response.answers[item], "hidden": why})


def reveal(kept: Hidden) -> None:
    """Show words that were sealed, as they were written."""
    key, words = rules.key_of(kept.response, kept.item), original_of(kept)
    response, item, name = queries.get_written(kept.questionnaire_id, key)
    shown = {part: value for part, value in response.answers[item].items() if part != "hidden"}
    _replace(response, item, {**shown, name: words})
    _index(key, words)
    db.session.delete(kept)


def hide_again(one: Questionnaire, key: str, fill: Callable[[Hidden], None]) -> None:
    """Hide words as they were hidden before; `fill` writes how."""
    response, item, name = queries.get_written(one.id, key)
    kept = db.session.get(Hidden, (one.id, response.id, item))
    if kept is None:
        kept = Hidden(questionnaire_id=one.id, response=response.id, item=item)
        db.session.add(kept)
    with db.session.no_autoflush:
        fill(kept)
    marked = HELD if kept.why in WAITING else kept.why
    _replace(response, item, {**response.answers[item], name: "", "hidden": marked})
    _index(key, "")


def show(actor: Actor, one: Questionnaire, key: str, now: datetime) -> None:
    """Show a hidden text again as it was written. Raises Conflict or NotFound."""
    enforce(policy.can_hide_texts(actor))
    response, item, _name = _locked(one, key)
    kept = db.session.get(Hidden, (one.id, response.id, item))
    if kept is None:
        raise Conflict(_("This text is not hidden."))
    reveal(kept)
    db.session.flush()
    audit.record(actor, "questionnaire.text_shown", "questionnaire", one.id, now, {"text": key})


def _locked(one: Questionnaire, key: str) -> tuple[Response, str, str]:
    """The set of answers, the item and the field of a text; the job that lets answers through waits."""
    _wait(one.id)
    return queries.get_written(one.id, key)


def _wait(questionnaire_id: int) -> None:
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:lock, :one)"), {"lock": LOCK, "one": questionnaire_id}
    )


def _replace(response: Response, item: str, answer: dict[str, Any]) -> None:
    response.answers = {**response.answers, item: answer}


def _index(key: str, words: str) -> None:
    """What a text is found and compared by: nothing while it is hidden."""
    folded = rules.folded(words)
    values = {"search_text": folded, "folded_sha256": rules.fingerprint(folded or key), "likeness": None}
    db.session.execute(update(SurveyText).where(SurveyText.key == key).values(**values))
