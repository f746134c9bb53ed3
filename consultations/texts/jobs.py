"""Work that is due: registering texts after the end, comparing them, forgetting who asked to be told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.contributions.rules import CONTACT_KEPT
from consultations.contributions.themes import LIKENESS, alike
from consultations.questionnaires.models import Follower, Questionnaire
from consultations.texts import queries, rules, service
from consultations.texts.models import SurveyText

#: Texts compared between two reports of how far it is.
STEP = 1_000


def work(_now: datetime) -> int:
    """Register the texts of questionnaires that have ended; returns of how many."""
    due = [(one.id, one.counted) for one in queries.list_unregistered()]
    db.session.rollback()
    for number, counted in due:
        register_texts(number, counted)
    return len(due)


def register_texts(questionnaire_id: int, counted: int) -> None:
    """Register every long text of a questionnaire, some thousand sets of answers at a time."""
    after: bytes | None = b""
    while after is not None:
        with unit_of_work():
            one = db.session.get_one(Questionnaire, questionnaire_id)
            items = [item.key for item in one.asked.questions if item.kind == "long_text"]
            after = service.register_batch(one, items, after) if items else None
    with unit_of_work():
        db.session.execute(
            update(Questionnaire).where(Questionnaire.id == questionnaire_id).values(texts_of=counted)
        )


def compare(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The task: propose groups of the texts under no theme in the place of those proposed before."""
    consultation_id = int(params["consultation"])
    found = queries.list_different(consultation_id)
    db.session.rollback()

    def tell(done: int) -> None:
        if done % STEP == 0:
            progress(done, len(found))

    progress(0, len(found))
    groups = rules.similar([(text, times) for _mark, text, times in found], LIKENESS, alike, tell)
    with unit_of_work():
        mine = SurveyText.consultation_id == consultation_id
        db.session.execute(
            update(SurveyText).where(mine, SurveyText.likeness.is_not(None)).values(likeness=None)
        )
        for number, group in enumerate(groups, 1):
            marks = [found[at][0] for at in group]
            db.session.execute(
                update(SurveyText)
                .where(mine, SurveyText.theme_id.is_(None), SurveyText.folded_sha256.in_(marks))
                .values(likeness=number)
            )
    progress(len(found), len(found))
    return {"consultation": consultation_id, "groups": len(groups), "texts": len(found)}


def forget(now: datetime) -> int:
    """Forget who asked to be told, some months after the report; returns of how many questionnaires."""
    count = 0
    for number in queries.list_forgettable(now - CONTACT_KEPT):
        with unit_of_work():
            db.session.execute(delete(Follower).where(Follower.questionnaire_id == number))
        count += 1
    return count
