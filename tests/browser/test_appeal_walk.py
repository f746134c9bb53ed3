"""An author contests what a moderator hid; another moderator upholds it, and the month's report counts the mistake."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from civic import clock
from civic.extensions import db
from civic.moderation.transparency import service as months
from civic.moderation.transparency.rules import first_of_month, next_month
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.road import send
from tests.browser.test_questions import signed_in
from tests.factories import make_account
from tests.integration.moderation.casekit import hide_comment

WORDS = "Așa îi spunem toți vecinului, și el râde cu noi."


@pytest.fixture
def mid_month(real_app: Flask) -> Iterator[Flask]:
    """The application in the middle of a month: no step of the walk falls into the next one."""
    now = clock.now()
    day = next_month(first_of_month(clock.city_date(now))).replace(day=15)
    clock.travel(clock.city_moment(day, 12) - now)
    yield real_app
    clock.travel(timedelta(0))


def test_an_appeal_is_upheld_by_another_and_the_month_tells_it(
    mid_month: Flask, visitor: Callable[..., Visitor]
) -> None:
    with mid_month.app_context():
        author, first, second = make_account(), make_account("moderator"), make_account("moderator")
        comment, statement = hide_comment(author, first)
        number, place, text = statement.id, f"/proposals/{comment.proposal_id}", comment.body
        emails = [one.email for one in (author, first, second)]

    # The author reads why, and contests it.
    writer = signed_in(visitor(PHONE), emails[0])
    page = writer.open(f"/account/decisions/{number}")
    page.get_by_label("De ce crezi că decizia este greșită").fill(WORDS)
    send(page)
    expect(page.locator("main")).to_contain_text("Alt moderator decide până")
    writer.look("appeal-sent")

    # Whoever decided first finds it, and is told why they do not decide again.
    page = signed_in(visitor(DESK), emails[1]).open("/staff/contested")
    expect(page.locator("main")).to_contain_text("Ai luat parte la decizia contestată")

    # Somebody else upholds it.
    judge = signed_in(visitor(DESK, also=PHONE), emails[2])
    page = judge.open("/staff/contested")
    page.locator("#appeals a").first.click()
    expect(page.locator("main")).to_contain_text(WORDS)
    judge.look("appeal-to-decide")
    page.get_by_role("radio", name="Admite contestația").check()
    page.get_by_label("Motivarea, pentru autor").fill("Nu jignește pe nimeni.")
    send(page)
    expect(page.locator("main")).to_contain_text("Nimic nu așteaptă aici")

    # The text is public again, and the month counts it when it has ended.
    stranger = visitor(PHONE)
    expect(stranger.open(place).locator("main")).to_contain_text(text)
    with mid_month.app_context():
        month = first_of_month(clock.city_date(clock.now()))
        assert months.freeze(month, months.bounds(month)[1] + timedelta(hours=3))
        db.session.commit()
    page = stranger.open(f"/transparency/moderation/{month.year}/{month.month}")
    row = page.locator(".govuk-summary-list__row").filter(has_text="Contestații admise: moderatorul a greșit")
    expect(row.get_by_role("definition")).to_have_text("1")
