"""Questionnaires after their end, with long texts registered."""

from datetime import datetime, timedelta
from typing import Any

from civic.extensions import db
from consultations.contributions import themes
from consultations.contributions.models import Theme
from consultations.questionnaires.models import Questionnaire
from consultations.texts import jobs, queries, service
from tests.factories import make_resident, save
from tests.integration.consultations.questionnairekit import (
    answer,
    make_questionnaire,
    raw_of,
    work,
)
from tests.integration.consultations.registerkit import staff

TREES, POOL = "Mai mulți copaci pe bulevardul Colentina", "O piscină acoperită pentru copii"


def at(one: Questionnaire, **values: Any) -> dict[str, Any]:
    return {"consultation_id": one.consultation_id, **values}


def say(one: Questionnaire, texts: list[str], now: datetime) -> None:
    """So many residents, each with a long text."""
    for text in texts:
        answer(one, make_resident(), raw_of("o2", i3=[text]), now)


def ended(now: datetime, texts: list[str] | None = None, **settings: Any) -> tuple[Questionnaire, datetime]:
    """A questionnaire after the end, its texts registered; and the moment."""
    one = make_questionnaire(now, **settings)
    say(one, [TREES, TREES.upper(), POOL] if texts is None else texts, now)
    return settle(one)


def settle(one: Questionnaire) -> tuple[Questionnaire, datetime]:
    """After the end: let through, counted, registered."""
    later = one.consultation.closes_at + timedelta(minutes=5)
    work(later)
    jobs.work(later)
    db.session.expire_all()
    return db.session.get_one(Questionnaire, one.id), later


def keys(one: Questionnaire, text: str = "") -> list[str]:
    return [line.key for line in queries.list_lines(one.consultation_id, queries.Filters(text=text)).rows]


def theme(one: Questionnaire, title: str, now: datetime) -> Theme:
    return save(themes.create(staff().as_actor(), one.consultation_id, title, now))


def put(one: Questionnaire, under: Theme | None, chosen: Any, now: datetime) -> service.Moved:
    done = service.put(staff().as_actor(), one.consultation_id, under.id if under else None, chosen, now)
    db.session.commit()
    return done
