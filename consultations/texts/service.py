"""Registering texts and putting them under themes. The system proposes, people decide. Commands flush."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from civic import audit, tasks
from civic.actor import Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.policy import enforce
from consultations.contributions import answering, policy
from consultations.contributions import queries as register
from consultations.contributions.models import Answer
from consultations.contributions.rules import AnswerState
from consultations.questionnaires.models import Questionnaire
from consultations.texts import queries, rules
from consultations.texts.models import SurveyText
from consultations.texts.queries import Filters

#: Sets of answers read at once.
BATCH = 2_000
#: Keys that one form sends at most, and that an audit record names.
MOST_CHOSEN = 200


def register_batch(questionnaire: Questionnaire, items: list[str], after: bytes) -> bytes | None:
    """Register the texts of the next sets of answers; the number of the last set, None when there was none.

    Done twice it is done once. Rows stand in the order of random numbers.
    """
    rows = queries.stream_words(questionnaire.id, items, after, BATCH)
    values = [
        _row(questionnaire, row.id, item, said)
        for row in rows
        for item, said in zip(items, row[1:], strict=True)
        if said is not None
    ]
    if values:
        db.session.execute(insert(SurveyText).on_conflict_do_nothing(), values)
    return rows[-1].id if rows else None


def _row(questionnaire: Questionnaire, response: bytes, item: str, said: str) -> dict[str, Any]:
    words = rules.folded(said)
    return {
        "key": rules.key_of(response, item),
        "consultation_id": questionnaire.consultation_id,
        "questionnaire_id": questionnaire.id,
        "item": item,
        "response": response,
        "folded_sha256": rules.fingerprint(words or rules.key_of(response, item)),
        "search_text": words,
    }


@dataclass(frozen=True)
class Moved:
    """How many texts came under a theme, and how many stay with the theme they were answered with."""

    moved: int
    stayed: int


def put(
    actor: Actor,
    consultation_id: int,
    theme_id: int | None,
    chosen: Collection[str] | Filters,
    now: datetime,
) -> Moved:
    """Put texts, chosen one by one or everything a list found, under a theme or under none.

    One that was answered with its theme stays there; Conflict when that is all. Those who asked are told when the
    theme is answered already.
    """
    one = register.lock_consultation(consultation_id)
    enforce(policy.can_answer(actor, one))
    # Whoever signs waits: what comes under a theme is told with its answer, before or after.
    answer = lock_answer(consultation_id, theme_id)
    done = move(consultation_id, theme_id, _wanted(consultation_id, chosen))
    if done.stayed and not done.moved:
        raise Conflict(_("These texts were answered with their theme and stay there."))
    if done.moved:
        details = {"theme": theme_id, "texts": done.moved, **about(chosen)}
        audit.record(actor, "questionnaire.texts_grouped", "consultation", consultation_id, now, details)
        if answer is not None and answer.state == AnswerState.PUBLISHED:
            answering.tell(actor, answer, now)
    return done


def lock_answer(consultation_id: int, theme_id: int | None) -> Answer | None:
    """The answer to a theme, locked until the end of the transaction; None for none. Raises NotFound without the theme."""
    if theme_id is None:
        return None
    return register.find_living(register.get_theme(consultation_id, theme_id), lock=True)


def move(consultation_id: int, theme_id: int | None, wanted: list[ColumnElement[bool]]) -> Moved:
    """Move texts to a theme, except those answered with theirs. The caller has locked the consultation."""
    answered = queries.answered_themes(consultation_id)
    elsewhere = SurveyText.theme_id.is_distinct_from(theme_id)
    fixed = SurveyText.theme_id.in_(answered)
    stayed = db.session.scalar(
        select(func.count()).select_from(SurveyText).where(*wanted, elsewhere, fixed)
    ) or 0  # fmt: skip
    moved = db.session.execute(
        update(SurveyText)
        .where(*wanted, elsewhere, or_(SurveyText.theme_id.is_(None), ~fixed))
        .values(theme_id=theme_id)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    return Moved(moved, stayed)


def _wanted(consultation_id: int, chosen: Collection[str] | Filters) -> list[ColumnElement[bool]]:
    if isinstance(chosen, Filters):
        return queries.narrowed(consultation_id, chosen)
    return [SurveyText.consultation_id == consultation_id, SurveyText.key.in_(list(chosen)[:MOST_CHOSEN])]


def about(chosen: Collection[str] | Filters) -> dict[str, Any]:
    """What an audit record says was chosen."""
    if isinstance(chosen, Filters):
        return {
            "found_by": {name: value for name, value in asdict(chosen).items() if value not in ("", None)}
        }
    return {"keys": sorted(chosen)[:MOST_CHOSEN]}


def ask_for_groups(actor: Actor, consultation_id: int, now: datetime) -> tasks.Task:
    """Ask the worker to compare the texts under no theme; the comparison under way when there is one."""
    one = register.lock_consultation(consultation_id)
    enforce(policy.can_answer(actor, one))
    last = queries.find_comparison(consultation_id)
    if last is not None and last.waits:
        return last
    if queries.find_putting(consultation_id) is not None:
        raise Conflict(_("Texts are being put under a theme just now. Compare them when this is done."))
    return tasks.enqueue(actor, queries.COMPARE, {"consultation": consultation_id}, now)
