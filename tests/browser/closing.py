"""Two people close a vote on the screen, each in a browser of their own: the steps every walk takes."""

from flask import Flask
from playwright.sync_api import Page, expect

from civic import clock
from civic.extensions import db
from tests.browser.conftest import Visitor
from tests.factories import TEST_PASSWORD
from tests.integration.voting.ceremonykit import run_worker
from voting.ceremony.rules import BACKUPS, STAGES

NOTE = "Copiile din 1-14 mai de pe serverul 2; le distruge ADP până pe 1 iunie."


def sign_in(visitor: Visitor, email: str) -> Page:
    """Come in through the form."""
    page = visitor.open("/sign-in")
    page.fill("#email", email)
    page.fill("#password", TEST_PASSWORD)
    press(page, "main form.form button[type=submit]")
    return page


def press(page: Page, selector: str) -> None:
    """Press a button, agree when the page asks, and wait for the page it leads to."""
    asks = page.locator(selector).first.get_attribute("data-confirm")
    with page.expect_navigation():
        page.locator(selector).first.click()
        if asks and page.evaluate("document.querySelector('dialog.confirm') !== null"):
            page.click("dialog.confirm .govuk-button--warning")


def close_by_two(app: Flask, round_id: int, one: Visitor, two: Visitor, second: str, backup_day: str) -> None:
    """Every stage from the first word to the worker's last step. Both are signed in; `second` is the address of
    the one who confirms. The ballots are counted with both at the same screen."""
    road = f"/staff/rounds/{round_id}/vote/ceremony"
    one.open(f"/staff/rounds/{round_id}/vote")
    press(one.page, f"a[href='{road}']")
    for stage in STAGES:
        if stage.name == BACKUPS:
            one.page.fill("#note", NOTE)
            one.page.fill("#taken_on", backup_day)
            one.page.check("#copies")
        press(one.page, f"form[action$='/{stage.name}/begin'] button[type=submit]")
        one.look(f"ceremony-{stage.number}-begun")
        if stage.name == "count":  # once on the same screen, the second standing beside the first
            one.page.fill("#email", second)
            one.page.fill("#password", TEST_PASSWORD)
            press(one.page, "form[action$='/confirm-here'] button[type=submit]")
        else:
            two.open(road)
            two.look(f"ceremony-{stage.number}-second")
            press(two.page, f"form[action$='/{stage.name}/confirm'] button[type=submit]")
        if stage.name != BACKUPS:
            one.open(road)
            expect(one.page.locator(".job--running")).to_be_visible()
            one.look(f"ceremony-{stage.number}-running")
            with app.app_context():
                waited = run_worker()
                db.session.remove()
            assert waited == 1, f"{stage.name}: the worker found {waited} tasks"
        one.open(road)
    one.look("ceremony-done")
    assert one.page.locator(".ceremony__people").count() == len(STAGES)


def backup_day_now() -> str:
    """A day a backup may have been taken on: today, as it is typed."""
    return f"{clock.city_date(clock.now()):%d.%m.%Y}"
