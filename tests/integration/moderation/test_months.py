"""The monthly figures of moderation: counted once a month has ended, never changed, and public."""

from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from civic import clock, jobs
from civic.clock import city_date, city_moment
from civic.extensions import db
from civic.moderation.appeals import service as appeals
from civic.moderation.transparency.models import ModerationMonth
from civic.moderation.transparency.rules import SETTLED_AFTER, first_of_month, next_month
from civic.notifications.compose import addresses
from tests.factories import make_account
from tests.integration.moderation.casekit import hide_comment
from tests.pageclient import PageClient


def contested_month() -> tuple[date, datetime]:
    """A month with two hidden texts, of which one was contested and is back; when its figures are due."""
    now = clock.now()
    month = first_of_month(city_date(now))
    author = make_account("staff")
    _comment, statement = hide_comment(author, make_account("moderator"), now)
    hide_comment(make_account(), make_account("moderator"), now)
    appeal = appeals.appeal_against_text(author.as_actor(), statement.id, "Nu jignește.", now)
    with addresses():
        appeals.decide(make_account("moderator").as_actor(), appeal.id, True, "Așa este.", now)
    db.session.commit()
    return month, city_moment(next_month(month)) + SETTLED_AFTER


def publish(app: Flask, at: datetime) -> None:
    jobs.registry(app)["moderation.publish_month"].run(at)


def address(month: date) -> dict[str, Any]:
    return {"year": month.year, "month": month.month}


def test_a_month_is_told_once_it_has_ended_and_stays(client: PageClient, app: Flask) -> None:
    month, due = contested_month()
    assert "Nicio lună nu a fost publicată" in client.get("moderation_months.index").main_text
    publish(app, clock.now())
    client.get("moderation_months.show", **address(month), expect=404)
    publish(app, due)
    told = db.session.scalar(select(ModerationMonth.figures).where(ModerationMonth.month == month))
    assert told is not None
    assert (told["decisions"], told["by_reason"], told["officials"]) == (2, {"personal_attack": 2}, 1)
    assert (told["appeals_filed"], told["appeals_decided"], told["appeals_upheld"], told["taken_back"]) == (
        1,
        1,
        1,
        1,
    )
    hide_comment(make_account(), make_account("moderator"))
    publish(app, due)
    db.session.expire_all()
    assert db.session.scalars(select(ModerationMonth.figures)).all() == [told]


def test_everybody_reads_it_in_two_languages_and_as_files(client: PageClient, app: Flask) -> None:
    month, due = contested_month()
    publish(app, due)
    page = client.get("moderation_months.show", **address(month))
    assert "Contestații admise: moderatorul a greșit" in page.main_text
    assert "A personal attack" not in page.main_text
    client.get("moderation_months.index")
    table = client.ask("GET", f"/transparency/moderation/{month.year}/{month.month}.csv")
    assert "appeals_upheld" in table.get_data(as_text=True)
    data = client.ask("GET", f"/transparency/moderation/{month.year}/{month.month}.json")
    assert data.get_json()["appeals_upheld"] == 1
    client.speak("en")
    assert "Moderation in figures" in client.get("moderation_months.show", **address(month)).main_text


def test_a_month_that_is_none_is_missing(client: PageClient) -> None:
    for year, month in ((2026, 13), (0, 1), (2026, 99)):
        client.get("moderation_months.show", year=year, month=month, expect=404)
