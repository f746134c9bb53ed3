"""Work that is due: letting answers through, counting them, forgetting drafts and exported files."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete

from civic.clock import city_date
from civic.extensions import db
from civic.files.storage import get_storage
from civic.unit_of_work import unit_of_work
from consultations.questionnaires import answering, counting, holding, queries
from consultations.questionnaires.models import AnswerFile, Begun, Draft

logger = logging.getLogger(__name__)
#: A draft nobody came back to is kept this long, and an exported file this long.
DRAFT_DAYS, EXPORT_DAYS = 30, 7
#: A file put into a draft and never sent stays as long as its draft may.
_MONTH = timedelta(days=DRAFT_DAYS)


def work(now: datetime) -> int:
    """Let through and count wherever something is due; returns for how many questionnaires."""
    done = 0
    for one in queries.list_work(now):
        try:
            with unit_of_work():
                through = answering.let_through(one.id, ended=one.ended)
                questionnaire = queries.lock_questionnaire(one.id)
                if through or one.ended or questionnaire.counted_at is None:
                    counting.count(questionnaire, now)
                    done += 1
        except ValueError:
            # What was sealed with another master key does not open, and holds up no other questionnaire.
            logger.exception("the answers of questionnaire %d could not be let through", one.id)
    return done


def ask_moderators(now: datetime) -> int:
    """Put words that wait before the moderators; returns of how many questionnaires."""
    with unit_of_work():
        return sum(holding.open_case(one, now) for one in queries.list_queued(holding.QUEUED))


def tidy(now: datetime) -> int:
    """Forget drafts nobody came back to and files of old exports; returns how many."""
    gone = 0
    while keys := queries.list_old_drafts(city_date(now) - timedelta(days=DRAFT_DAYS)):
        with unit_of_work():
            db.session.execute(delete(Draft).where(Draft.key.in_(keys)))
        gone += len(keys)
    with unit_of_work():
        db.session.execute(delete(Begun).where(Begun.day < city_date(now)))
    for task in queries.list_old_exports(now - timedelta(days=EXPORT_DAYS)):
        get_storage().delete(task.result["key"])
        with unit_of_work():
            task.result = {}
        gone += 1
    with unit_of_work():
        numbers = queries.list_unsent_files(now - _MONTH)
        if numbers:
            db.session.execute(delete(AnswerFile).where(AnswerFile.file_id.in_(numbers)))
    return gone + len(numbers)
